"""The options of how a table is read: what is said of columns and rows, what it is compared with (待核事项)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.commands.attached import Decorated
from allocation.errors import AllocationError

if TYPE_CHECKING:
    from allocation.case import Batch

_FILE = click.Path(path_type=Path)
_SHEET = click.option("--sheet")
_UNUSED = click.option("--unused", multiple=True)
_ROW = click.option("--row", "rows", multiple=True)
_RECIPIENTS = click.option("--recipients", type=_FILE)
_LAST = click.option("--last", type=_FILE)
_CROSSWALK = click.option("--crosswalk", type=_FILE)
RESOLVE = click.option("--resolve", multiple=True)


def _as_batch(context: click.Context, parameter: click.Parameter, text: str | None) -> Batch | None:
    from allocation.case import NO_FACTS, with_fact

    if text is None:
        return None
    try:
        return with_fact(NO_FACTS, "batch", text).batch
    except AllocationError as error:
        raise AllocationError([replace(problem, where="--batch") for problem in error.problems]) from None


BATCH = click.option("--batch", callback=_as_batch)


def said_options(command: Decorated) -> Decorated:
    """What a person says of a table's columns and rows."""
    return _UNUSED(_ROW(command))


def reading_options(command: Decorated) -> Decorated:
    """How a table is read: its sheet, what is said of columns and rows, what it is compared with."""
    return _SHEET(said_options(_RECIPIENTS(_LAST(_CROSSWALK(command)))))
