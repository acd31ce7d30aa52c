"""A fact that many places ask for stands once: a copy that comes back fails here, beside the place that has it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fractions import Fraction

import pytest
from own_code import PACKAGE, trees
from wcwidth import wcwidth

from allocation.texts import LANGUAGES
from allocation.texts.decimals import cell_format, decimals_needed, decimals_shown, figure_text, with_decimals
from allocation.texts.spans import in_force, year_span
from allocation.texts.widths import sign_widths, text_width

LABEL_AND_UNIT = re.compile(r"\{(?:label|award|figure|item|heading|input|column)\}⟦?(?:（| \()\{unit\}")


def spelt(tree: ast.AST) -> Iterator[str]:
    """Every text of a file as it is spelt, slots of an f-string as `{}`; docstrings are for programmers."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
            said |= {id(part) for part in node.values}
    yield from (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
    )


def bracket_by_hand(text: str) -> bool:
    return bool(re.search(r"（\{|\}）|^（$| \(\{|^ \($", text))


def test_what_stands_in_brackets_is_put_there_by_one_function():
    """`texts.in_brackets`, and upon it `Units.with_unit` for a label with its unit."""
    assert bracket_by_hand("{}（{}）") and bracket_by_hand("{} ({})") and not bracket_by_hand("IF({}>0,{})")
    copies = {file: text for file, tree in trees().items() for text in spelt(tree) if bracket_by_hand(text)}
    assert copies.pop("xlsx/styles.py") == "（"  # where a heading is broken into two lines
    assert copies.pop("files/wrong_kind.py") in ("{} ({})", "{}… ({})")  # a value as Python shows it, with its type
    assert set(copies) == {"texts/__init__.py"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_message_puts_a_unit_behind_a_label(lang):
    copies = [
        f"{path.name}: {line}"
        for path in sorted((PACKAGE / "texts" / lang).glob("*.toml"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if LABEL_AND_UNIT.search(line)
    ]
    assert copies == []


def names_in(tree: ast.AST) -> set[str]:
    """Every name, attribute and imported name of a file."""
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return names | {alias.name for node in imports for alias in node.names}


def homes(*wanted: str) -> set[str]:
    """The files that use one of these names."""
    return {file for file, tree in trees().items() if names_in(tree) & set(wanted)}


def compares_signs(tree: ast.AST) -> bool:
    """Whether a sign's number is compared with that of the first Chinese ones."""
    return any(
        isinstance(node, ast.Compare) and any(0x2E00 <= number <= 0x3000 for number in numbers(node))
        for node in ast.walk(tree)
    )


def numbers(tree: ast.AST) -> list[int]:
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and type(node.value) is int]


def test_how_wide_a_text_is_stands_in_one_place():
    assert compares_signs(ast.parse("2 if ord(sign) > 0x2E80 else 1"))
    assert homes("east_asian_width", "wcwidth", "wcswidth") == {"texts/widths.py"}
    assert [file for file, tree in trees().items() if compares_signs(tree)] == []


def test_the_signs_told_without_the_library_are_as_wide_as_it_says():
    signs = [chr(number) for number in range(0x20, 0x10000) if not 0xD800 <= number <= 0xDFFF]
    assert sign_widths("".join(signs)) == [max(0, wcwidth(sign)) for sign in signs]
    assert text_width("县（区）ab") == 10 and text_width("") == 0
    assert text_width("e\u0301\u200b〔2016〕ｱ🙂") == 1 + 8 + 1 + 2  # marks take no place; half-width kana one


READS_FORMATS = {"tables/number_formats.py", "tables/xlsx.py"}  # the formats of people's workbooks
NUMBER_FORMAT = re.compile(r"^[#,]*0\.0+%?$|#,##0|^0%$|^\.?0$")


def formats_in(tree: ast.AST) -> Iterator[str]:
    """Number formats that are spelt out, and figures that an f-string writes with separators or as a percentage."""
    yield from (text for text in spelt(tree) if NUMBER_FORMAT.search(text) and text not in ("0", ".0"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            spec = "".join(part.value for part in node.format_spec.values if isinstance(part, ast.Constant))
            yield from [spec] if spec.endswith("%") or "," in spec else []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            yield from [ast.unparse(node)] if {"'0'"} & {ast.unparse(node.left), ast.unparse(node.right)} else []


def counts_decimals(tree: ast.AST) -> bool:
    """Whether powers of ten are tried until a figure is whole."""
    loops = [node for node in ast.walk(tree) if isinstance(node, ast.GeneratorExp)]
    return any("10 **" in ast.unparse(node) and "denominator == 1" in ast.unparse(node) for node in loops)


def test_how_many_decimals_a_figure_needs_and_how_it_looks_with_them_stands_in_one_place():
    assert [*formats_in(ast.parse("f'{x:.2%}', f'{x:,}', '0.00%', '0' * 3"))] == ["0.00%", "'0' * 3", ".2%", ","]
    copies = {file: [*formats_in(tree)] for file, tree in trees().items() if file not in READS_FORMATS}
    assert {file: texts for file, texts in copies.items() if texts and file != "texts/decimals.py"} == {}
    assert counts_decimals(ast.parse("next(n for n in range(7) if (value * 10**n).denominator == 1)"))
    assert [file for file, tree in trees().items() if counts_decimals(tree)] == ["texts/decimals.py"]


@pytest.mark.parametrize(
    ("value", "decimals", "text", "number_format"),
    [
        ("1234.5", 2, "1,234.50", "#,##0.00"),
        ("-0.004", 2, "0.00", "#,##0.00"),
        ("0.125", 2, "0.13", "#,##0.00"),  # a double would say 0.12
        ("-1234567", 0, "-1,234,567", "#,##0"),
    ],
)
def test_a_figure_reads_as_a_cell_of_its_format_shows_it(value, decimals, text, number_format):
    assert with_decimals(Fraction(value), decimals) == text and cell_format(decimals) == number_format


def test_decimals_are_those_that_hold_every_figure_and_a_percentage_shows_two_fewer():
    figures = [Fraction("1.5"), None, "甲", Fraction(3), Fraction("0.25")]
    assert decimals_needed(figures) == 2 and decimals_needed([Fraction(1, 3)]) == 6 and decimals_needed([]) == 0
    assert [decimals_shown(4, percent=True), decimals_shown(1, percent=True), decimals_shown(None)] == [2, 0, 4]
    assert cell_format(decimals_shown(4, percent=True), percent=True) == "0.00%"
    assert (
        figure_text(Fraction("0.5512"), percent=True) == "55.12%" and figure_text(Fraction(3, 2), signed=True) == "+1.5"
    )


def test_a_workbook_to_write_is_opened_in_one_place_and_one_to_read_in_another():
    """`text_out.new_book`: texts stay texts, one date for all, in memory; `verify/reopened.py` for people's books."""
    made = {file for file, tree in trees().items() for call in calls(tree) if call in ("Workbook", "ShellBook")}
    assert made == {"files/text_out.py"} and homes("set_properties") == {"files/text_out.py"}
    assert homes("load_workbook") == {"verify/reopened.py"}


def calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_a_whole_file_gets_its_name_in_one_place():
    asked = {
        file
        for file, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.replace", "os.rename", "os.renames", "os.link")
    }
    assert asked == {"files/file_steps.py"}


def test_what_adds_up_is_concluded_from_a_unit_in_one_place():
    """`Input.adds_up`, `Column.adds_up`, `Model.adds_up`, `CheckedFormula.adds_up`; others ask these."""
    asked = {file for file, tree in trees().items() for node in ast.walk(tree)
             if isinstance(node, ast.Attribute) and ast.unparse(node).endswith("unit.adds")}  # fmt: skip
    assert asked == {"policy/model.py", "years/evaluation/formulas.py"}


def test_from_one_year_to_another_is_spelt_in_one_place():
    texts = {file: [*filter(joins_years, spelt(tree))] for file, tree in trees().items()}
    assert joins_years("{}–{}") and joins_years("{}—{}") and not joins_years("{} — {}")
    assert texts.pop("xlsx/sweep_charts.py") == ["{}–{}"]  # the names of two edges
    assert texts.pop("xlsx/faults.py") == ['"{}!{}–{}"']  # cells
    assert {file for file, found in texts.items() if found} == {"texts/spans.py"}
    assert year_span(2017, 2019, "zh") == "2017—2019" and year_span(2017, 2019, "en") == "2017–2019"
    assert year_span(2017, 2017, "zh") == "2017" and (in_force(2016, None), in_force(None, None)) == ("2016–", "")


def joins_years(text: str) -> bool:
    return bool(re.search(r"\}[–—]\{|^[–—]\{|^ ?– ?$", text))
