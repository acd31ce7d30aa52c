"""How every command reads a table: what was said of its columns and rows, and what it is compared with (待核事项)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.commands.attached import Decorated, attachments, case_files
from allocation.errors import AllocationError, Problem, tried

if TYPE_CHECKING:
    from allocation.case import Batch
    from allocation.commands.requests import ReadingRequest, SharedOptions
    from allocation.run.finding import ModelWithTable
    from allocation.tables.said import Said
    from allocation.tables.table import Table

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


def said(options: SharedOptions) -> Said:
    """What the options --unused and --row say."""
    from allocation.tables.said import said_of

    return said_of(options.unused, options.rows)


def open_material(request: ReadingRequest, problems: list[Problem]) -> ModelWithTable | None:
    """The model with its table and what is compared with it; what is wrong with any joins `problems`.

    None where the model cannot be read.
    """
    from allocation.opening.cases import is_result
    from allocation.run.finding import find_as_far
    from allocation.tables.grid import read_bytes

    model, options = request.model, request.options

    def opened() -> ModelWithTable:
        if request.table is None and is_result(model):
            from allocation.verify.result_case import open_result

            return open_result(Path(model))
        table, sheet = request.table, request.sheet
        return find_as_far(model, table, request.year, problems, sheet, said(options), options.data_year)

    material = tried(problems, opened)
    if material is None:
        for path in options.compared_with:
            tried(problems, read_bytes, path)
        return None
    options.hints.extend(material.table.notes)
    if options.batch:
        material = replace(material, facts=replace(material.facts, batch=options.batch))
    return set_beside(options, material, problems)


def set_beside(
    options: SharedOptions, material: ModelWithTable, problems: list[Problem], *, first: bool = True
) -> ModelWithTable:
    """The same with what was asked for, and what lies at hand and in the folder that is written to, beside its table.

    Last year's figures belong beside the `first` of several years alone: each year after it has the one before.
    """
    from allocation.doubts.doubt import assignments
    from allocation.doubts.gathering import OnRecord, compared

    def table_beside() -> Table:
        return compared(
            material.model,
            material.table,
            recipients=options.recipients or case_files(material.case).get("recipients"),
            last=options.last if first else None,
            crosswalk=options.crosswalk,
            resolve=assignments(options.resolve),
            case=material.case,
            on_record=OnRecord(options.out, material.issue) if options.out and first else None,
        )

    beside = (*attachments(options, material.case), *options.compared_with)
    return replace(material, table=tried(problems, table_beside) or material.table, beside=beside)


def required_material(request: ReadingRequest) -> ModelWithTable:
    """`open_material`. Raises all that is wrong."""
    problems: list[Problem] = []
    material = open_material(request, problems)
    if problems or material is None:
        raise AllocationError(problems)
    return material
