"""What is typed at a terminal is marked in the catalogue, so that the page says where the same is filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from allocation import texts
from allocation.commands.by_name import COMMANDS
from allocation.errors import Problem
from allocation.page.entries import entries
from allocation.page.steps import LEFT_OUT, STEPS
from allocation.texts import AT_TERMINAL, LANGUAGES, Speaker, catalogue, show
from allocation.texts.remedies import OptionWords, option_words, page_names, spoken

AREAS = sorted(path.stem for path in (Path(texts.__file__).parent / "zh").glob("*.toml"))
TYPED = re.compile(rf"(?<![-\w])--[a-z]|\ballocation ({'|'.join(COMMANDS)})\b")
# What only a terminal reads: the help of commands that are typed, what the command that opens the page says.
OF_TERMINALS = {"help.other_language", "help.each_command", "help.more_compare", "help.more_out", "page.port_taken"}


def everything(lang: str) -> Iterator[tuple[str, str]]:
    for area in AREAS:
        yield from ((f"{area}.{key}", text) for key, text in catalogue(lang, area).items())


class OfPage(Speaker):
    reader = "page"

    def __init__(self, lang: str):
        self.lang = lang


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_for_the_page_says_what_is_typed(lang):
    said = {id: spoken(text, OfPage(lang)) for id, text in everything(lang) if id not in OF_TERMINALS}
    assert {id: text for id, text in said.items() if TYPED.search(text) or set(text) & set("⟪⟫¦")} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_for_the_page_asks_a_clerk_to_install(lang):
    """Of notebooks, of the command that opens the page, and of machines that a page never asks the terminal tells."""
    apart = ("notebook.", "python.", "page.no_extra", "sweep.no_distributed")
    told = {id: spoken(text, OfPage(lang)) for id, text in everything(lang) if not id.startswith(apart)}
    assert [id for id, text in told.items() if re.search(r"\bpip\b", text)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_terminal_reads_no_marks(lang):
    assert [id for id, text in everything(lang) if set(spoken(text, AT_TERMINAL[lang])) & set("⟪⟫¦")] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_option_has_on_the_page_the_name_that_its_entry_begins_with(lang):
    for step in STEPS.values():
        for entry in entries(step, OfPage(lang)):
            if entry.key.startswith("--") and entry.key not in LEFT_OUT:
                name = page_names(lang).entry(entry.key, step.key)
                assert name and entry.about.startswith(name), (step.key, entry.key)


def test_an_option_with_its_value_is_typed_or_filled_in():
    several = OptionWords((("--set", "a[b]=1"), ("--out", "")))
    assert show(several, "zh") == '--set "a[b]=1" --out'
    problem = Problem("pools.shares_alone", {"options": several}, "--shares")
    assert '--set "a[b]=1" --out' in problem.text("zh") and problem.text("zh").startswith("--shares: ")
    said = problem.told_by(OfPage("zh"))
    assert said.startswith("“只算份额”: ") and "“改一个参数或数据”（填 a[b]=1）、“输出文件夹”" in said
    both = Problem("pools.shares_alone", {"options": [option_words("--set"), option_words("--out")]})
    assert "“change a parameter or a figure”, “output folder”" in both.told_by(OfPage("en"))


def test_a_file_whose_name_looks_like_an_option_stays_a_file():
    for where in ("--lang=en.csv: A2", "--x.csv", "--out.xlsx: 数据!C7", "表.xlsx: C2"):
        assert Problem("collect.bad_date", {"found": "x"}, where).told_by(OfPage("zh")).startswith(f"{where}: ")
