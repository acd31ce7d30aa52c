"""Sentences, labels and the words that people's files are recognised by stand in `allocation/texts`, not in the code.

A file that holds Chinese all the same is named here with its reason and with how many literals it has: the count only
shrinks, and a file without any is struck out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from own_code import trees

CHINESE = re.compile("[\u4e00-\u9fff]")
# Why a file holds words of its own, and how many literals at most.
ALLOWED = {
    "language/units.py": ("the model language's own units: name, scale, English and other spellings in one row", 39),
    "record/journal.py": ("heads of the columns of journal.csv, which no version may change", 11),
    "record/from_0_1.py": ("words of records that 0.1 wrote", 5),
    "opening/additions.py": ("how the name of a side file ends", 1),
    "texts/typefaces.py": ("names of typefaces, as Excel and Word ask for them", 7),
    "texts/widths.py": ("ranges of wide signs", 1),
    # Papers: to be moved with the next change of theirs.
    "documents/addressee.py": ("kinds of places and bodies that a letter's addressee is made of", 37),
    "documents/capitals.py": ("figures in capitals: 壹, 拾, 元, 整", 15),
    "documents/notices.py": ("words that keep a source off a letter, kinds of places", 11),
    "documents/placeholders.py": ("placeholders of a notice's template, as bureaus have typed them", 29),
    "documents/titles.py": ("signs between which a title may break", 6),
}


def chinese(tree: ast.AST) -> Iterator[str]:
    """Literals with Chinese; docstrings are for programmers."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield from [node.value] if CHINESE.search(node.value) else []


def test_no_file_holds_more_chinese_than_its_reason_allows():
    held = {file: texts for file, tree in trees().items() if (texts := [*chinese(tree)])}
    assert {file: texts for file, texts in held.items() if file not in ALLOWED} == {}
    more = {file: texts for file, texts in held.items() if len(texts) > ALLOWED[file][1]}
    assert more == {}, "the text belongs into allocation/texts: say(…), both(…), or the vocabulary"


@pytest.mark.parametrize("file", ALLOWED)
def test_the_count_of_a_file_follows_what_it_holds(file):
    """What was moved away does not come back unseen."""
    assert len([*chinese(trees()[file])]) == ALLOWED[file][1], ALLOWED[file][0]


def test_a_literal_is_seen_and_a_docstring_is_not():
    code = 'def f():\n    """合计"""\n    return "合计", f"第{1}行", "total"'
    assert [*chinese(ast.parse(code))] == ["合计", "第", "行"]
