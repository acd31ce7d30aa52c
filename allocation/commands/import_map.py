"""import-map: a mapping read off the receiving system's template; what is not sure is asked, nothing is guessed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.helped import HelpedCommand
from allocation.commands.products import Product, finish
from allocation.commands.requests import gathered
from allocation.commands.screen import Screen
from allocation.commands.shared import MODEL, OUT, version_options
from allocation.errors import AllocationError, Problem, tried
from allocation.files.destination import Destination

if TYPE_CHECKING:
    from allocation.case import Batch
    from allocation.filling.confirming import ColumnSaid
    from allocation.run.run import Run

_FILE = click.Path(path_type=Path)


@dataclass(frozen=True, kw_only=True)
class ImportMapRequest:
    """What `import-map` is asked."""

    received: Path
    model: str
    sheet: str | None
    headings: str | None
    mapping: Path | None
    before: Path | None
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    leave_rows: bool
    to: Destination | None
    year: int | None
    batch: Batch | None
    out: Destination
    screen: Screen


@click.command("import-map", cls=HelpedCommand)
@click.argument("received", type=_FILE)
@MODEL
@click.option("--sheet")
@click.option("--headings")
@click.option("--mapping", type=_FILE)
@click.option("--before", type=_FILE)
@click.option("--column", "columns", multiple=True)
@click.option("--row-figure", "rows", multiple=True)
@click.option("--leave-rows", is_flag=True)
@click.option("--to", type=OUT)
@version_options
@gathered(ImportMapRequest)
def import_map(request: ImportMapRequest) -> int:
    """Read a mapping off the receiving system's template."""
    from allocation.files.given_files import given_bytes
    from allocation.files.whole_files import bytes_writer
    from allocation.filling.confirming import MappingSaid
    from allocation.office.mapping_read import MappingAsked, mapping_read, mapping_tried

    screen, template = request.screen, request.received
    read = mapping_read(MappingAsked(
        template, request.model, request.out.only_folder(), request.year, request.batch, request.sheet or "",
        request.headings or "", request.mapping, request.before,
    ))  # fmt: skip
    target = request.to.file(f"{template.stem}.toml") if request.to else template.with_suffix(".toml")
    run, problems = read.issued.run, list[Problem]()
    columns = dict(said for text in request.columns if (said := tried(problems, _column, run, text)))
    lines = dict(row for text in request.rows if (row := tried(problems, _line, run, text)))
    answers = MappingSaid(target.stem, columns, lines, request.leave_rows)
    beside = template.name if target.parent.resolve() == template.parent.resolve() else ""
    tested = tried(problems, mapping_tried, read, answers, screen, beside)
    there = tested is not None and target.is_file() and given_bytes(target) == tested.text.encode()
    if target.is_file() and not there:
        problems.append(Problem("filling.mapping_there", where=target.as_posix()))
    if problems or tested is None:
        raise AllocationError(problems)

    def show() -> None:
        slots = {"sheet": read.proposal.read.template.sheet.name, "cells": tested.cells}
        screen.tell("filling.mapping_fills", file=template.name, **slots)
        for note in tested.notes:
            screen.tell("cli.note", text=note.told_by(screen))

    write = None if there else bytes_writer(tested.text.encode())
    return finish([Product(target, write, "filling.kept" if there else "filling.mapping_wrote")], screen, show=show)


def _column(run: Run, text: str) -> tuple[str, ColumnSaid]:
    """`E=quota/公顷/4`, `A=code/12`, `C=text:01`, `H=leave`."""
    from allocation.analysis.explain import find_column
    from allocation.filling.confirming import ColumnSaid
    from allocation.filling.proposing import FIGURE, SAID, TEXT

    column, parted, rest = text.partition("=")
    if not parted:
        raise AllocationError(Problem("filling.column_said", {"found": text}, "--column"))
    if rest.startswith(TEXT):
        return column.strip().upper(), ColumnSaid(rest)
    source, unit, decimals, *_ = [*(part.strip() for part in rest.split("/")), "", "", ""]
    if source in SAID:
        return column.strip().upper(), ColumnSaid(source, unit if source == "row" else "", decimals, unit)
    return column.strip().upper(), ColumnSaid(FIGURE + find_column(run, source), unit, decimals)


def _line(run: Run, text: str) -> tuple[str, str]:
    """`道路=roads`."""
    from allocation.analysis.explain import find_column

    said, parted, figure = text.partition("=")
    if not parted:
        raise AllocationError(Problem("filling.column_said", {"found": text}, "--row-figure"))
    return said.strip(), find_column(run, figure.strip())
