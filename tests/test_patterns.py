"""Patterns that are compiled when they are first asked answer as those of the standard library."""

from __future__ import annotations

import ast
import re

import pytest
from own_code import trees

from allocation.patterns import LatePattern

TEXT = "甲1，乙22，丙"


def test_it_answers_as_a_compiled_one():
    late, compiled = LatePattern(r"([一-龥])(\d+)"), re.compile(r"([一-龥])(\d+)")
    assert late.sub(r"\2", TEXT) == compiled.sub(r"\2", TEXT) == "1，22，丙"
    assert late.findall(TEXT) == compiled.findall(TEXT) and late.split(TEXT) == compiled.split(TEXT)
    assert [each.span() for each in late.finditer(TEXT)] == [each.span() for each in compiled.finditer(TEXT)]
    assert late.match(TEXT) and late.search(TEXT, 3) and late.fullmatch(TEXT) is None
    assert LatePattern("A", re.IGNORECASE).fullmatch("a") and LatePattern(rb"\d").findall(b"a1") == [b"1"]


def test_what_it_says_wrongly_is_told_when_it_is_asked():
    wrong = LatePattern("(")
    with pytest.raises(re.error):
        wrong.search("a")


def compiled_as_read(tree: ast.Module) -> list[int]:
    """Lines where a module compiles a pattern outside of a function."""
    late = {inner for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for inner in ast.walk(node)}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node not in late and ast.unparse(node.func) == "re.compile"
    ]


def test_no_module_compiles_a_pattern_as_it_is_read():
    assert compiled_as_read(ast.parse("import re\nA, B = 1, re.compile('x')")) == [2]
    assert compiled_as_read(ast.parse("def f():\n    return re.compile('x')")) == []
    assert {path: lines for path, tree in trees().items() if (lines := compiled_as_read(tree))} == {}
