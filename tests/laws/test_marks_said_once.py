"""A mark has one wording: whoever shows it, in a title, a footer, a file's name or a cell, asks the same function."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocation.run.marks import in_title, mark_note, mark_words
from allocation.texts import LANGUAGES, catalogue

KEYS = [key for key in catalogue("zh", "marks") if not key.startswith("note_")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_other_message_says_a_mark_by_itself(lang):
    words = {
        form for key in KEYS for form in (*[word[lang] for word in mark_words([key])], in_title([key])[lang].strip())
    }
    words -= {*[word[lang] for word in mark_words(["doubt"])]}  # 待核 is a state of a doubt as well
    areas = [path.stem for path in (Path("allocation/texts") / lang).glob("*.toml") if path.stem != "marks"]
    again = [
        f"{area}.{key}"
        for area in areas
        for key, text in catalogue(lang, area).items()
        if text.strip() in words and not key.startswith("unfit_")
    ]  # why a pool is not taken from above
    assert again == []
    assert len(words) == 2 * len(KEYS) - 1 and len(areas) > 10


def test_no_code_but_that_of_marks_asks_for_a_marks_text():
    asking = [path.name for path in Path("allocation").rglob("*.py") if '"marks.' in path.read_text(encoding="utf-8")]
    assert asking == ["marks.py"]


@pytest.mark.parametrize("key", KEYS)
def test_every_mark_says_a_sentence_to_a_reader_outside_the_office(key):
    assert all(mark_note(key)[lang] for lang in LANGUAGES)
