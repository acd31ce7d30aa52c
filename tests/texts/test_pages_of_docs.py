"""The pages that people are sent to stand in Chinese too, and their commands can be typed as they stand."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from allocation.cli import cli
from allocation.texts import LANGUAGES, catalogue

HOUSE = Path(__file__).parent.parent.parent
DOCS = HOUSE / "docs"
TESTED_ALONE = {"evaluation.md"}  # tests/documents runs both its pages
PAGES = sorted(path.name for path in DOCS.glob("*.md"))
EVERY = [HOUSE / "README.md", HOUSE / "README.en.md", *sorted(DOCS.glob("*.md")), *sorted((DOCS / "zh").glob("*.md"))]
CHINESE = [path for path in EVERY if path.name == "README.md" or path.parent.name == "zh"]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"(?<!!)\[[^]]*\]\(([^)#]+?)(?:#[^)]*)?\)")
SPAN = re.compile(r"`([^`\n]+)`")
OTHER_PROGRAMS = {"--upgrade", "--no-index", "--find-links", "--no-deps", "--version"}


def name(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose(path: Path) -> str:
    return FENCE.sub("", text_of(path))


def options(command: click.Command) -> set[str]:
    return {word for parameter in command.params for word in parameter.opts} | {"--help", "-h"}


def commands(path: Path) -> Iterator[str]:
    """What begins with `allocation`, in blocks and between backticks, as it would be typed."""
    for kind, block in FENCE.findall(text_of(path)):
        if kind != "python":
            lines = [line.removeprefix("$ ") for line in block.splitlines()]
            yield from (line for line in lines if line.startswith("allocation "))
    yield from (span for span in SPAN.findall(prose(path)) if span.startswith("allocation "))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_stands_in_chinese_with_the_same_headings(page):
    def levels(path: Path) -> list[str]:
        return re.findall(r"^(#+) ", FENCE.sub("", text_of(path)), re.M)

    assert levels(DOCS / "zh" / page) == levels(DOCS / page)


def test_the_language_s_page_has_the_same_examples_in_chinese_as_the_tested_ones():
    english, chinese = (re.findall(r"^```.*?^```$", text_of(place / "convention.md"), re.M | re.S)
                        for place in (DOCS, DOCS / "zh"))  # fmt: skip
    assert chinese == english and len(english) > 90


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_every_link_of_a_page_leads_somewhere_and_from_chinese_to_chinese(path):
    for target in LINK.findall(prose(path)):
        if re.match("https?:", target):
            continue
        there = (path.parent / target).resolve()
        assert there.exists(), target
        line = next(line for line in prose(path).splitlines() if f"]({target}" in line)
        if path in CHINESE and there.parent == DOCS:
            assert "English" in line, f"{target}: its Chinese page is docs/zh/{there.name}"


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_every_command_of_a_page_is_one_and_has_the_options_that_are_typed(path):
    for typed in commands(path):
        words = shlex.split(typed, comments=" #" in typed)[1:]
        command: click.Command = cli
        while words and isinstance(command, click.Group) and not words[0].startswith(("-", "…")):
            known = command.commands
            if words[0] in ("COMMAND", "命令"):  # in place of any
                break
            assert words[0] in known, f"{typed}: no command {words[0]}"
            command = known[words.pop(0)]
        named = [word.partition("=")[0] for word in words if re.match("--[a-z]", word)]
        assert [word for word in named if word not in options(command)] == [], typed


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_every_option_that_a_page_names_is_one_of_some_command(path):
    known = {word for command in tree(cli) for word in options(command)}
    spans = [
        span for span in SPAN.findall(prose(path)) if not re.search(r"\.py|python -m benchmarks", span)
    ]  # options of their own
    named = {word for span in spans for word in re.findall(r"(?<![\w-])--[a-z][a-z-]*", span)}
    assert named - known - OTHER_PROGRAMS == set()


def tree(command: click.Command) -> Iterator[click.Command]:
    yield command
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        yield from tree(below)


@pytest.mark.parametrize("path", EVERY, ids=name)
def test_every_command_of_a_page_can_be_typed_on_windows(path):
    """One line, double quotes only, no variable before it; a comma or a sign of the shell stands within quotes."""
    for typed in commands(path):
        assert not typed.endswith("\\") and "'" not in typed.partition(" #")[0].replace("county's", ""), typed
        bare = re.sub(r'"[^"]*"', "", typed.partition(" #")[0])
        assert not re.search(r"[<>&|;]|\d,\d", bare), typed
    for kind, block in FENCE.findall(text_of(path)):
        if kind == "bat":
            assert not re.search(r"\\$|^\w+=|/bin/|'", block, re.M), block


@pytest.mark.parametrize("path", sorted((DOCS / "zh").glob("*.md")), ids=name)
def test_what_a_chinese_page_shows_of_the_program_is_what_the_tested_page_shows(path):
    shown = [block for kind, block in FENCE.findall(text_of(path)) if kind == "console"]
    tested = [block for kind, block in FENCE.findall(text_of(DOCS / path.name)) if kind == "console"]
    assert path.name in TESTED_ALONE or [block for block in shown if block not in tested] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_message_sends_nobody_to_a_page_of_the_other_language(lang):
    areas = sorted(path.stem for path in (HOUSE / "allocation" / "texts" / lang).glob("*.toml"))
    sent = {text for area in areas for text in catalogue(lang, area).values() if "docs/" in text}
    assert all(("docs/zh/" in text) == (lang == "zh") for text in sent)
