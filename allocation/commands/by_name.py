"""The commands by their names: the file of one is read when somebody asks for it, since reading all takes long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import cast

import click

FILES = {
    "run": "basic",
    "check": "basic",
    "template": "basic",
    "models": "basic",
    "new": "new",
    "merge": "merge",
    "funds": "funds",
    "cases": "funds",
    "resolve": "resolve",
    "choose": "resolve",
    "export": "resolve",
    "doubts": "doubts",
    "compare": "compare",
    "scenario": "compare",
    "confirm": "confirm",
    "explain": "explain",
    "decompose": "decompose",
    "margins": "margins",
    "seek": "seek",
    "design": "design",
    "sweep": "sweep",
    "versions": "versions",
    "journal": "versions",
    "correct": "correct",
    "collect": "collect",
    "verify": "verify",
    "timeline": "timeline",
    "evaluate": "evaluate",
    "notices": "notices",
    "reconcile": "reconcile",
    "rerun": "rerun",
}


class _Commands(Mapping[str, click.Command]):
    """What a group of click asks of its commands."""

    def __getitem__(self, name: str) -> click.Command:
        command: click.Command = getattr(import_module(f"allocation.commands.{FILES[name]}"), name)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(FILES)

    def __len__(self) -> int:
        return len(FILES)


COMMANDS = cast(MutableMapping[str, click.Command], _Commands())  # what click asks for, though it changes nothing
