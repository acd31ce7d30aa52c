"""Calls of 读出对照表: a receiving system's template as it is read, how it would be filled, and the mapping saved."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypedDict

from allocation.errors import AllocationError, Problem
from allocation.files.text_out import file_name
from allocation.files.whole_files import bytes_writer, place
from allocation.filling.confirming import ColumnSaid, MappingSaid, column_name
from allocation.filling.proposing import TargetColumn
from allocation.language.units import TABLE, Unit, Units
from allocation.office.mapping_read import MappingAsked, MappingRead, MappingTried, mapping_read, mapping_tried
from allocation.page.call import ApiCall, CallAsked, Visit
from allocation.page.names import file_word, model_word
from allocation.report.problems_json import TextOfProblem, told
from allocation.tables.cells import letters
from allocation.xlsx.import_mapping import figures_of


class TemplateAsked(CallAsked):
    """`template` and `model` (a model, a case, or the file of a final version); `sheet` and `headings` (`4-5`) where a
    person says them; `mapping` and `before` of last time, files of the desk."""

    template: str
    model: str
    year: int | None = None
    sheet: str = ""
    headings: str = ""
    mapping: str = ""
    before: str = ""


class ColumnAsked(CallAsked):
    """`source`: leave, code, name, year, line, row, figure:NAME or text:TEXT; empty where the proposal holds."""

    source: str = ""
    unit: str = ""
    decimals: str = ""
    digits: str = ""
    total: str = ""


class MappingConfirmed(TemplateAsked):
    """`columns` by letter, `lines` by text; `strange`: rows that are no unit of the issue stay as they are.
    `skip_zero`: rows without any amount are left out; `files`: text files written beside."""

    title: str
    columns: dict[str, ColumnAsked] = {}
    lines: dict[str, str] = {}
    strange: bool = False
    version: str = ""
    digest: str = ""
    skip_zero: bool = False
    files: list[Literal["utf-8", "gb18030", "dbf"]] = []


class TargetShown(TypedDict):
    """`why` it is proposed so, as a text; `entries` and `near` as pairs of what is chosen and what it is called."""

    column: str
    heading: str
    source: str
    why: str
    units: list[str]
    decimals: str
    digits: str
    total: str
    entries: list[list[str]]
    before: str
    near: list[str]


class TargetLineShown(TypedDict):
    text: str
    figure: str
    near: list[str]


class ProposalShown(TypedDict):
    """`headings`: their rows; `listed`: how the template lists units; `figures`: name, unit and label with its unit
    of each that a column may take; `units`: those that amounts may be in, by the unit of the figure."""

    sheet: str
    headings: str
    listed: str
    columns: list[TargetShown]
    lines: list[TargetLineShown]
    strange: list[str]
    version: str
    digest: str
    skip_zero: bool
    files: list[str]
    figures: list[list[str]]
    units: dict[str, list[list[str]]]
    title: str


class MappingTriedShown(TypedDict):
    """The first rows of the template as it would be filled; `cells`: how many in all."""

    heads: list[str]
    rows: list[list[str]]
    cells: int
    notes: list[TextOfProblem]


class MappingSaved(TypedDict):
    """A file of the desk."""

    name: str


def _read(visit: Visit, asked: TemplateAsked) -> ProposalShown:
    read = _opened(visit, asked)
    proposal, template = read.proposal, read.proposal.read
    model = proposal.run.model
    figures = [name for name in figures_of(model) if not name.startswith("_")]
    units = {model.entry(name).unit.name: model.entry(name).unit for name in figures}
    return {
        "sheet": template.template.sheet.name, "headings": "-".join(dict.fromkeys(
            str(row + 1) for row in (template.rows[0], template.rows[-1]))),
        "listed": visit.say(f"filling.listed_{template.units}"),
        "columns": [_target(visit, read, target) for target in proposal.columns],
        "lines": [{"text": line.text, "figure": line.figure, "near": [*line.near]} for line in proposal.lines],
        "strange": [f"{row + 1} {text}" for row, text in template.strange.items()],
        "version": template.stamps.get("version", ""), "digest": template.stamps.get("digest", ""),
        "skip_zero": bool(proposal.held and proposal.held.skip_zero),
        "files": [*(proposal.held.files if proposal.held else ())],
        "figures": [[name, (entry := model.entry(name)).unit.name,
                     model.units.with_unit(entry.label[visit.lang], entry.unit, visit.lang)] for name in figures],
        "units": {name: _units(visit, model.units, unit) for name, unit in units.items() if unit.dims},
        "title": Path(asked.template).stem,
    }  # fmt: skip


def _units(visit: Visit, units: Units, unit: Unit) -> list[list[str]]:
    """Those of a kind, with what they are called."""
    names = dict.fromkeys([unit.name, *TABLE])
    return [[name, units.label(name, visit.lang)] for name in names if units.parse(name).same_kind(unit)]


def _target(visit: Visit, read: MappingRead, target: TargetColumn) -> TargetShown:
    decimals = "" if target.decimals is None else str(target.decimals)
    listed = read.proposal.read
    held = read.proposal.held.template if read.proposal.held else None
    totals = held.totals if held else {}
    digits = str(listed.digits or "") if target.column == listed.key else ""
    return {
        "column": letters(target.column), "heading": target.heading, "source": target.source,
        "why": visit.say(f"filling.why_{target.why}") if target.why else "", "units": [*target.units],
        "decimals": decimals, "digits": digits, "total": totals.get(column_name(target), ""),
        "entries": [[*entry] for entry in target.entries],
        "before": target.before,
        "near": [*target.near],
    }  # fmt: skip


def _try(visit: Visit, asked: MappingConfirmed) -> MappingTriedShown:
    tried = _tried(visit, asked)
    rows = [[*row] for row in tried.rows]
    return {"heads": [*tried.heads], "rows": rows, "cells": tried.cells, "notes": told(tried.notes, visit)}


def _save(visit: Visit, asked: MappingConfirmed) -> MappingSaved:
    """Beside its template; no file is written over."""
    tried = _tried(visit, asked)
    template = visit.desk.file(asked.template)
    path = template.parent / f"{file_name(asked.title)}.toml"
    name = path.relative_to(visit.desk.folder).as_posix()
    visit.desk.target(name)
    if path.exists():
        raise AllocationError(Problem("filling.mapping_there", where=name))
    place({path: bytes_writer(tried.text.encode())}, claimed=(path,))
    return {"name": name}


def _tried(visit: Visit, asked: MappingConfirmed) -> MappingTried:
    columns = {column: ColumnSaid(**said.model_dump()) for column, said in asked.columns.items()}
    said = MappingSaid(asked.title, columns, asked.lines, asked.strange, asked.version, asked.digest,
                       asked.skip_zero, tuple(asked.files))  # fmt: skip
    return mapping_tried(_opened(visit, asked), said, visit, Path(asked.template).name)


def _opened(visit: Visit, asked: TemplateAsked) -> MappingRead:
    desk = visit.desk
    held, before = (Path(file_word(desk, name)) if name else None for name in (asked.mapping, asked.before))
    template, model = Path(file_word(desk, asked.template)), model_word(desk, asked.model)
    return mapping_read(MappingAsked(
        template, model, Path("outputs"), asked.year, None, asked.sheet, asked.headings, held, before,
    ))  # fmt: skip


CALLS = (
    ApiCall("mapping.read", TemplateAsked, ProposalShown, _read, changes=False),
    ApiCall("mapping.try", MappingConfirmed, MappingTriedShown, _try, changes=False),
    ApiCall("mapping.save", MappingConfirmed, MappingSaved, _save),
)
