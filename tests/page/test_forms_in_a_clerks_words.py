"""What stands on a form of the week is a clerk's word: no name of the program, no option, no file that only it has."""

from __future__ import annotations

import re

import pytest

from allocation.commands.screen import Screen
from allocation.page.entries import entries
from allocation.page.steps import STEPS
from allocation.texts import LANGUAGES
from allocation.texts.messages import catalogue

PROGRAM = re.compile(
    r"[a-z_\]]+=|(?<![\w-])--[a-z]|[a-z_\]]@|\w@\w|toml|\.json|\bjson\b|outputs|inputs/|\b[a-z]+_[a-z_]+\b"
    r"|\b[a-z]+\[|\ballocation\b(?! form)",
    re.IGNORECASE,
)
NOTES = re.compile(r"必须写|可写多次|必填|\(.*needed.*\)|may be repeated")  # the form marks these itself


def said(lang: str) -> dict[str, str]:
    """Every text of a form: of the steps, their entries and choices, and of the page around them."""
    screen, texts = Screen(lang, reader="page"), {}
    for step in STEPS.values():
        texts[f"{step.key}"] = screen.say(f"help.about_{step.key}")
        for entry in entries(step, screen):
            texts[f"{step.key} {entry.key}"] = " ".join((entry.about, *entry.choices))
    around = {key: re.sub(r"\{\w+\}", "", text) for key, text in catalogue(lang, "page_week").items()}
    return texts | around


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_form_says_a_name_of_the_program(lang):
    texts = said(lang)
    assert len(texts) > 300
    assert {key: text for key, text in texts.items() if PROGRAM.search(text)} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_form_marks_itself_its_labels_do_not_say(lang):
    assert {key: text for key, text in said(lang).items() if " " in key and NOTES.search(text)} == {}


@pytest.mark.parametrize("text", [
    "as in pool=6000", "write --set", "award@黑山县", "a .toml file", "in outputs", "weight[service]", "land_quota",
])  # fmt: skip
def test_a_name_of_the_program_is_recognised(text):
    assert PROGRAM.search(text)
