"""Last year's figures (上年数) beside this year's in one table: what units and figures are compared with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from allocation.classes import dataclass
from allocation.language.units import Unit
from allocation.policy.model import Column, Input, Model
from allocation.tables.cells import SourceSheet
from allocation.tables.figures import Measure, Unread, read_number
from allocation.tables.headings import lexicon, read_heading
from allocation.tables.keys import Figure
from allocation.tables.limits import settle
from allocation.tables.spelling import squeeze
from allocation.texts.vocabulary import Pattern

_PAST = Pattern("table_words.past_year", re.IGNORECASE)
_ALONE = Pattern("table_words.past_alone")  # what is left of a heading that says no more


@dataclass(frozen=True)
class PastColumn:
    """`entry`: the input, or the award read as one; `unit` is the one that the heading names."""

    entry: Input
    column: int
    header: str
    unit: Unit | None


def award_input(model: Model) -> Input | None:
    """The award as a table of last year may hold it."""
    award = model.columns.get(model.award)  # a form may be read without one
    if award is None or award.kind != "number" or award.shape != "column" or award.name in model.inputs:
        return None
    return Input(award.name, award.label, award.unit, heading=award.heading, item=award.item, optional=True)


def past_columns(unknown: Mapping[int, str], model: Model, read: Iterable[str]) -> dict[str, PastColumn]:
    """By input or award, the columns of `unknown` (column → heading) that say its figures of last year.

    `read`: the inputs that have a column. A heading that may be an input of the model, last year's award, is left to
    be asked about.
    """
    if not any(_PAST.search(squeeze(header)) for header in unknown.values()):
        return {}
    with_award = set(past_inputs(model)) <= {*read}
    inputs = {name: entry for name, entry in _current(model).items() if name != model.award or with_award}
    return _meant(unknown, inputs, model)


def past_inputs(model: Model) -> dict[str, str]:
    """The inputs that hold last year's figures by their label, each with the input or award it speaks of."""
    inputs = {name: entry for name, entry in model.inputs.items() if not entry.text and _is_past(entry)}
    names = dict(enumerate(inputs))
    meant = _meant({at: inputs[name].label.zh for at, name in names.items()}, _current(model), model)
    targets = {names[past.column]: target for target, past in meant.items()}
    return targets | ({model.compare_with: model.award} if model.compare_with else {})


def _current(model: Model) -> dict[str, Input]:
    """The inputs of this year, and the award as an input; what earlier years of a run give is none."""
    entries: list[Column | Input] = [*model.columns.values(), *model.inputs.values()]
    given = {past for entry in entries for past in entry.before}
    inputs = {
        name: entry for name, entry in model.inputs.items() if not (entry.text or name in given or _is_past(entry))
    }
    award = award_input(model)
    return {**inputs, award.name: award} if award else inputs


def _is_past(entry: Input) -> bool:
    return _PAST.search(squeeze(entry.label.zh)) is not None


def _meant(headings: Mapping[int, str], inputs: dict[str, Input], model: Model) -> dict[str, PastColumn]:
    words = lexicon(replace(model, inputs=inputs))
    meant: dict[str, PastColumn] = {}
    for column, header in headings.items():
        text = squeeze(header)
        if not _PAST.search(text):
            continue
        parts = [part for part in _PAST.sub("", text).split("/") if part]
        heading = read_heading(parts, words) if parts else None
        name = heading.target if heading else model.award if _ALONE.fullmatch("/".join(parts)) else ""
        if name in inputs and name not in meant:
            meant[name] = PastColumn(inputs[name], column, header, heading.unit if heading else None)
    return meant


def past_figures(
    sheet: SourceSheet, past: PastColumn, rows: Iterable[int], model: Model, unit: Unit | None
) -> list[Figure]:
    """What the column says of each row; nothing where that is no figure. `unit`: what holds for the whole table."""
    measure = Measure(past.entry, model.units, past.unit or unit)
    return [_figure(sheet, row, past.column, measure) for row in rows]


def _figure(sheet: SourceSheet, row: int, column: int, measure: Measure) -> Fraction | None:
    cell = sheet.cell(row, column)
    try:
        return None if cell.missing else settle(read_number(cell, measure), measure)
    except Unread:
        return None
