"""The grammar: what it reads, what it refuses, and the spot it underlines."""

from __future__ import annotations

from fractions import Fraction

import pytest

from allocation.errors import AllocationError
from allocation.files.limits import FORMULA_DEPTH, FORMULA_SIGNS, FORMULA_TERMS
from allocation.language import tree
from allocation.language.parse import parse, tidy, underline
from allocation.language.tree import (
    Binary,
    Call,
    Compare,
    If,
    Item,
    Logic,
    Member,
    Name,
    Negative,
    Not,
    Number,
    Power,
    Text,
)

A, B, C, X = Name("a"), Name("b"), Name("c"), Name("x")


def number(text: str) -> Number:
    return Number(Fraction(text))


def refusal(formula: str) -> tuple[str, str]:
    """The message id of a refused formula, and what is underlined of it."""
    with pytest.raises(AllocationError) as caught:
        parse(formula)
    [problem] = caught.value.problems
    assert problem.text("zh") and problem.text("en")
    shown = problem.excerpt.splitlines()
    if not shown:
        return problem.id.removeprefix("language."), ""
    spots = [place for place, sign in enumerate(shown[1]) if sign == "^"]
    place, marked = 0, ""
    for sign in shown[0]:
        width = len(underline(sign, (0, 1)).splitlines()[1])
        marked += sign if place in spots else ""
        place += width
    return problem.id.removeprefix("language."), marked


READ = {
    "a + b * c": Binary("+", A, Binary("*", B, C)),
    "(a + b) * c": Binary("*", Binary("+", A, B), C),
    "a - b - c": Binary("-", Binary("-", A, B), C),
    "a / b / c": Binary("/", Binary("/", A, B), C),
    "a - (b - c)": Binary("-", A, Binary("-", B, C)),
    "-a ** 2": Negative(Power(A, 2)),
    "(-a) ** 2": Power(Negative(A), 2),
    "+a": A,
    "0.1": number("1/10"),
    "1200": number("1200"),
    "0.30000000000000000001": number("0.30000000000000000001"),
    "a < b <= c": Logic("and", (Compare("<", A, B), Compare("<=", B, C))),
    "not a == b": Not(Compare("==", A, B)),
    "a and b or c": Logic("or", (Logic("and", (A, B)), C)),
    "a if b else c": If(B, A, C),
    'a in ("x", "y")': Member(A, ("x", "y")),
    'a not in ("x",)': Member(A, ("x",), True),
    'a in "x"': Member(A, ("x",)),
    'a == "x"': Compare("==", A, Text("x")),
    "a[use]": Item("a", "use"),
    'a["use"]': Item("a", "use"),
    "min(a, b, c)": Call("min", (("x", A), ("x", B), ("x", C))),
    "round(a, 2)": Call("round", (("x", A), ("digits", number("2")))),
    "round(digits = 2, x = a)": Call("round", (("x", A), ("digits", number("2")))),
    "落户人数 * 困难系数": Binary("*", Name("落户人数"), Name("困难系数")),
    "a\n  + b": Binary("+", A, B),
}


@pytest.mark.parametrize("formula", READ)
def test_a_formula_is_read_as_the_tree_it_means(formula):
    assert parse(formula) == READ[formula]


TYPED = {
    "max（a，b）": "max(a,b)",
    "a × b ÷ c": "a * b / c",
    "a − b": "a - b",
    "a ≤ b": "a <= b",
    "a ≥ b": "a >= b",
    "a ≠ b": "a != b",
    "ａ ＋ １２": "a + 12",
    "a == “甲”": 'a == "甲"',
    "a == ‘甲’": "a == '甲'",
    "a　+　b": "a + b",
    "a == “（甲）”": 'a == "(甲)"',
    "a ＞ ２．５": "a > 2.5",
}


@pytest.mark.parametrize("formula", TYPED)
def test_what_a_chinese_keyboard_types_is_read_as_what_it_means(formula):
    assert parse(formula) == parse(TYPED[formula])


REFUSED = {
    "": ("empty", ""),
    "   ": ("empty", ""),
    "a.b": ("not_allowed", "a.b"),
    "a.__class__": ("not_allowed", "a.__class__"),
    "().__class__": ("not_allowed", "().__class__"),
    "lambda: a": ("not_allowed", "lambda: a"),
    "[a for a in b]": ("not_allowed", "[a for a in b]"),
    "(a for a in b)": ("not_allowed", "(a for a in b)"),
    "{a: b}": ("not_allowed", "{a: b}"),
    "[a, b]": ("not_allowed", "[a, b]"),
    "(a, b)": ("not_allowed", "(a, b)"),
    "(a := b)": ("not_allowed", "a := b"),
    'f"{a}"': ("not_allowed", 'f"{a}"'),
    "a @ b": ("not_allowed", "a @ b"),
    "a // b": ("not_allowed", "a // b"),
    "a & b": ("not_allowed", "a & b"),
    "~a": ("not_allowed", "~a"),
    "a is b": ("not_allowed", "a is b"),
    "await a": ("not_allowed", "await a"),
    "yield": ("syntax", "y"),
    "import os": ("syntax", "i"),
    "a; b": ("syntax", ";"),
    "a # b": ("syntax", "#"),
    'a == "x\\x41"': ("syntax", "\\"),
    "a b": ("syntax", "b"),
    "a +": ("syntax", "a"),
    "1e5": ("bad_number", "1e5"),
    "1_000": ("bad_number", "1_000"),
    "0x10": ("bad_number", "0x10"),
    ".5": ("bad_number", ".5"),
    "5.": ("bad_number", "5."),
    "5j": ("bad_number", "5j"),
    "True": ("bad_number", "True"),
    "None": ("bad_number", "None"),
    "...": ("bad_number", "..."),
    'b"x"': ("bad_number", 'b"x"'),
    "9" * 31: ("bad_number", "9" * 31),
    "0." + "1" * 31: ("bad_number", "0." + "1" * 31),
    "a ** b": ("bad_exponent", "b"),
    "a ** 10": ("bad_exponent", "10"),
    "a ** -1": ("bad_exponent", "-1"),
    "a ** 0.5": ("bad_exponent", "0.5"),
    "a ** 9 ** 9": ("bad_exponent", "9 ** 9"),
    "a ** True": ("bad_exponent", "True"),
    "a ** 999999999": ("bad_exponent", "999999999"),
    "a * 50%": ("percent_sign", "%"),
    "a % b": ("percent_sign", "a % b"),
    "a * 50% + b": ("percent_sign", "a * 50% + b"),
    "a = b": ("single_equals", "="),
    "1 if a = b else 0": ("single_equals", "="),
    "(a = b) * 2": ("single_equals", "="),
    "a[1]": ("bad_item", "1"),
    "a[b.c]": ("bad_item", "b.c"),
    "a[b:c]": ("bad_item", "b:c"),
    "f(a)[b]": ("not_allowed", "f(a)[b]"),
    "a in b": ("in_needs_texts", "b"),
    "a in (1, 2)": ("in_needs_texts", "(1, 2)"),
    "a in ()": ("in_needs_texts", "()"),
    "eval(a)": ("unknown_function", "eval"),
    "rond(a)": ("unknown_function", "rond"),
    "row_remainder(a)": ("unknown_function", "row_remainder"),
    "a(b)(c)": ("not_allowed", "a(b)(c)"),
    "round(a, 1, 2)": ("too_many_arguments", "2"),
    "round(a, digit = 1)": ("unknown_argument", "digit = 1"),
    "round(a, **b)": ("unknown_argument", "**b"),
    "round(*a)": ("not_allowed", "*a"),
    "min(a, x = b)": ("unknown_argument", "x = b"),
    "round(a, x = b)": ("argument_twice", "x = b"),
    "round()": ("missing_argument", "round()"),
    "share(a)": ("missing_argument", "share(a)"),
    "落户人数 * rond(困难系数)": ("unknown_function", "rond"),
    "落户人数 * 困难系数.值": ("not_allowed", "困难系数.值"),
    "落户人数 困难系数": ("syntax", "困"),
}


@pytest.mark.parametrize("formula", REFUSED)
def test_what_the_grammar_has_not_is_refused_and_underlined(formula):
    assert refusal(formula) == REFUSED[formula]


def test_the_nearest_function_is_suggested():
    with pytest.raises(AllocationError, match="'round'"):
        parse("rond(a)")


def test_carets_stand_below_wide_characters_two_columns_each():
    assert underline("落户 * ab", (5, 7)).splitlines()[1] == " " * 7 + "^^"
    assert underline("落户 * ab", (0, 2)).splitlines()[1] == "^^^^"


def test_spans_count_characters_not_bytes():
    node = parse("落户人数 * round(困难系数, 2)")
    assert node.right.span == (7, 21)
    assert node.right.arg("x").span == (13, 17)


def test_every_node_below_the_root_keeps_a_span_inside_it():
    formula = tidy("a if b > 1 and not c else -min(a ** 2, b[use])")
    for node in parse(formula).walk():
        start, end = node.span
        assert 0 <= start < end <= len(formula)


def test_a_long_formula_is_quoted_only_around_the_spot():
    formula = " + ".join(["long_name"] * 100) + " + a.b + " + " + ".join(["c"] * 10)
    with pytest.raises(AllocationError) as caught:
        parse(formula)
    text, carets = caught.value.problems[0].excerpt.splitlines()
    assert len(text) < 250
    assert text[carets.index("^") : carets.index("^") + 3] == "a.b"


def test_a_bracket_in_a_text_is_no_nesting():
    assert parse('a == "' + "(" * 50 + '"') == Compare("==", A, Text("(" * 50))


LIMITS = {
    "length": ("a" * (FORMULA_SIGNS + 1), "too_long"),
    "brackets": ("(" * (FORMULA_DEPTH + 1) + "a" + ")" * (FORMULA_DEPTH + 1), "too_deep"),
    "many brackets": ("(" * 1900 + "a" + ")" * 1900, "too_deep"),
    "calls": ("abs(" * (FORMULA_DEPTH + 1) + "a" + ")" * (FORMULA_DEPTH + 1), "too_deep"),
    "nots": ("not " * (FORMULA_DEPTH + 5) + "a", "too_deep"),
    "minuses": ("-" * (FORMULA_DEPTH + 5) + "a", "too_deep"),
    "branches": ("a if b else " * (FORMULA_DEPTH + 5) + "c", "too_deep"),
    "terms": ("+".join(["a"] * (FORMULA_TERMS + 1)), "too_many_terms"),
    "very many terms": ("+".join(["a"] * 1900), "too_many_terms"),
    "factors": ("*".join(["a"] * 1900), "too_many_terms"),
}


@pytest.mark.parametrize("name", LIMITS)
def test_no_formula_is_so_large_that_it_stalls_the_program(name):
    formula, message = LIMITS[name]
    assert refusal(formula)[0] == message


def test_thousands_of_signs_are_refused_not_followed():
    assert refusal("-" * 3900 + "a")[0] in ("syntax", "too_deep")


def test_as_many_terms_as_the_limit_allows_are_read():
    node = parse("+".join(["a"] * FORMULA_TERMS))
    assert sum(isinstance(part, tree.Name) for part in node.walk()) == FORMULA_TERMS
