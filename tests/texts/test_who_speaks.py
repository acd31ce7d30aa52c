"""A language is a field of what renders, given once when it is made; few functions are told one at every call.

The numbers below only grow smaller in all: whoever takes a parameter `lang` away lowers the number of the room, and
whoever moves a function to another room moves it here.
"""

from __future__ import annotations

import ast
from collections import Counter

from own_code import trees

# How many functions of a room take `lang`, but for those that make the object which holds it (`__init__`).
TOLD = {
    # They say a text, or show a value, in a language: that is all they do.
    "texts": 8, "errors.py": 2, "language": 3, "doubts": 5, "record": 5, "case.py": 1, "report": 3, "opening": 1,
    # The language is chosen here: a file is made, or what is typed becomes the screen; these hold it from then on.
    "files": 1, "commands": 1,
    # Studies of several years: a sentence of an evaluation is a template in each language.
    "years": 3, "lab": 6,
    # A word of the catalogue of 0.1, and labels of a sheet as its own language has them.
    "verify": 1, "run": 2, "readings": 5,
    # What an analyst calls takes a language, as docs/notebook.md has it.
    "notebook": 13,
    # Still to be given objects of their own: explanations, parts' sentences, studies.
    "analysis": 26, "parts": 13, "office": 9, "tables": 9, "xlsx": 41,
    "collecting": 3,
}  # fmt: skip


def told(file_trees: dict[str, ast.Module]) -> Counter[str]:
    """By room, the functions with a parameter `lang`."""
    return Counter(
        file.split("/")[0]
        for file, tree in file_trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name != "__init__" and "lang" in _parameters(node)
    )


def _parameters(node: ast.FunctionDef) -> set[str]:
    return {each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}


def test_a_language_is_told_to_no_more_functions_than_are_listed():
    counted = told(trees())
    more = {room: count for room, count in counted.items() if count > TOLD.get(room, 0)}
    assert counted.total() <= sum(TOLD.values()), f"more functions with a parameter `lang` in {more}"
    assert counted.keys() <= TOLD.keys(), "a room of which nothing is said"


def test_a_function_that_is_told_a_language_is_seen_and_one_that_makes_a_speaker_is_not():
    text = "class A:\n    def __init__(self, lang): ...\n    def b(self, *, lang): ...\ndef c(lang='zh'): ...\n"
    assert told({"room/a.py": ast.parse(text)}) == {"room": 2}
