"""What one command line has in common: where and in what language it is answered, and what reading its tables told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.screen import Screen
from allocation.texts import LANGUAGES

if TYPE_CHECKING:
    from allocation.errors import Problem

WATCHED = "ALLOCATION_PAGE"  # stands in the environment of a process that the page began
COMMAND, CALL = "command", "call"  # what it says there: a command, or a call of the page that is answered apart


@dataclass(frozen=True)
class Session:
    """`hints` are told where the command stops, lest they be lost where something else is wrong."""

    screen: Screen = field(default_factory=Screen)
    hints: list[Problem] = field(default_factory=list)


def session() -> Session:
    """That of the command that runs; a fresh one where click was not asked by `main`."""
    context = click.get_current_context(silent=True)
    return context.obj if context and isinstance(context.obj, Session) else Session()


def language_typed(words: Sequence[str]) -> str:
    """The last language that a command line names after --lang; Chinese where it names none."""
    named = [after for word, after in zip(words, words[1:], strict=False) if word == "--lang"]
    named += [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    return next((lang for lang in reversed(named) if lang in LANGUAGES), LANGUAGES[0])
