"""The commands by their names: the file of one is read when somebody asks for it, since reading all takes long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import cast

import click

# By the work they are for, in its order: what `allocation --help` lists. Each with the file that holds it.
GROUPS = {
    "work": {"new": "new", "template": "basic", "check": "basic", "run": "basic", "timeline": "timeline"},
    "why": {
        "compare": "compare",
        "scenario": "compare",
        "explain": "explain",
        "decompose": "decompose",
        "margins": "margins",
        "seek": "seek",
        "design": "design",
        "sweep": "sweep",
    },
    "week": {
        "collect": "collect",
        "merge": "merge",
        "confirm": "confirm",
        "cases": "funds",
        "resolve": "resolve",
        "choose": "resolve",
        "export": "resolve",
        "notices": "notices",
        "correct": "correct",
        "import-map": "import_map",
        "fill": "fill",
        "import-check": "fill",
        "funds": "funds",
        "evaluate": "evaluate",
    },
    "proof": {
        "verify": "verify",
        "rerun": "rerun",
        "reconcile": "reconcile",
        "doubts": "doubts",
        "versions": "versions",
        "journal": "versions",
    },
    "models": {"models": "basic"},
    "page": {"page": "page"},
}
FILES = {name: file for group in GROUPS.values() for name, file in group.items()}


class _Commands(Mapping[str, click.Command]):
    """What a group of click asks of its commands."""

    def __getitem__(self, name: str) -> click.Command:
        command: click.Command = getattr(import_module(f"allocation.commands.{FILES[name]}"), name.replace("-", "_"))
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(FILES)

    def __len__(self) -> int:
        return len(FILES)


COMMANDS = cast(MutableMapping[str, click.Command], _Commands())  # what click asks for, though it changes nothing
