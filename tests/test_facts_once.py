"""A fact that many places ask for stands once: a copy that comes back fails here, beside the place that has it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from wcwidth import wcwidth

from allocation.texts import LANGUAGES
from allocation.texts.widths import sign_widths, text_width

PACKAGE = Path(__file__).parent.parent / "allocation"
TREES = {
    path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(PACKAGE.rglob("*.py"))
}
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
    copies = {file: text for file, tree in TREES.items() for text in spelt(tree) if bracket_by_hand(text)}
    assert copies.pop("workbook/printable.py") == "（"  # where a heading is broken into two lines
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
    return {file for file, tree in TREES.items() if names_in(tree) & set(wanted)}


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
    assert [file for file, tree in TREES.items() if compares_signs(tree)] == []


def test_the_signs_told_without_the_library_are_as_wide_as_it_says():
    signs = [chr(number) for number in range(0x20, 0x10000) if not 0xD800 <= number <= 0xDFFF]
    assert sign_widths("".join(signs)) == [max(0, wcwidth(sign)) for sign in signs]
    assert text_width("县（区）ab") == 10 and text_width("") == 0
    assert text_width("e\u0301\u200b〔2016〕ｱ🙂") == 1 + 8 + 1 + 2  # marks take no place; half-width kana one
