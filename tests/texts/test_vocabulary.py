"""What the program recognises: every entry is asked for, every one asked for is there, and every pattern is one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from own_code import PACKAGE, trees

from allocation.texts import LANGUAGES, catalogue, vocabulary
from allocation.texts.vocabulary import RECOGNISED, Pattern, Spellings, pattern_text

AREAS = sorted(path.stem for path in (PACKAGE / "texts" / RECOGNISED).glob("*.toml"))
KEYS = {f"{area}.{key}" for area in AREAS for key in catalogue(RECOGNISED, area)}
NAMED = re.compile("⟨(\\w+)⟩")


def asked() -> Iterator[tuple[str, re.Pattern[str]]]:
    """What each file asks of the vocabulary; a slot of an f-string stands for any word."""
    for file, tree in trees().items():
        strings = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        pieces_of = {id(part) for node in strings for part in node.values}
        for node in (node for node in ast.walk(tree) if id(node) not in pieces_of):
            pieces = node.values if isinstance(node, ast.JoinedStr) else [node]
            texts = [part.value if isinstance(part, ast.Constant) else None for part in pieces]
            first = texts[0] if texts else None
            if isinstance(first, str) and first.partition(".")[0] in AREAS and "." in first:
                yield file, re.compile("".join(r"\w+" if text is None else re.escape(text) for text in texts))


def within() -> set[str]:
    """Entries that another one takes in."""
    return {f"{area}.{name}" for area in AREAS for text in catalogue(RECOGNISED, area).values()
            for name in NAMED.findall(text) if not name.isupper()}  # fmt: skip


def test_every_entry_is_asked_for_and_every_one_asked_for_is_there():
    asking = [*asked()]
    assert [(file, text.pattern) for file, text in asking if not any(map(text.fullmatch, KEYS))] == []
    held = within()
    assert held <= KEYS
    assert sorted(key for key in KEYS - held if not any(text.fullmatch(key) for _, text in asking)) == []


@pytest.mark.parametrize("key", sorted(KEYS))
def test_an_entry_has_words_that_stand_once_and_what_is_taken_in_is_a_pattern(key):
    words = [*Spellings(key)]
    assert all(word == word.strip() and word for word in words) and len(set(words)) == len(words)
    re.compile(pattern_text(key, NAMES="亩"))


def test_no_area_is_called_as_one_of_what_is_said():
    said = {path.stem for lang in LANGUAGES for path in (PACKAGE / "texts" / lang).glob("*.toml")}
    assert AREAS and not said & {*AREAS}


def test_an_entry_is_read_when_it_is_first_asked(monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(
        vocabulary, "catalogue", lambda lang, area: asked.append(area) or {"day": "(?:日|⟨date⟩)", "date": "号"}
    )
    pattern, words = Pattern("form_words.day"), Spellings("form_words.date")
    assert asked == []
    assert pattern.fullmatch("号") and not pattern.fullmatch("月") and [*words] == ["号"] and words.label["en"] == "号"


def test_the_package_takes_the_vocabulary_along():
    assert 'allocation = ["texts/*/*.toml"' in (Path(PACKAGE).parent / "pyproject.toml").read_text(encoding="utf-8")
