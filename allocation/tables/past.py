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
from allocation.texts import Both
from allocation.texts.vocabulary import Pattern

_PAST = Pattern("table_words.past_year", re.IGNORECASE)
_THIS = Pattern("table_words.this_year", re.IGNORECASE)  # what a label of this year's figures says of the year
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


def wholes(model: Model) -> dict[str, Input]:
    """What the inputs of a list come to, each as an input by the name they share: a table may hold its figures of last
    year (上年落户人数) where those of this year stand by origin alone. None of figures that do not add up.
    """
    parts = {name.partition(".")[0]: entry for name, entry in _given(model).items() if entry.item and entry.adds_up}
    names = {*model.inputs, *model.columns}
    return {
        name: replace(entry, name=name, label=entry.heading, item=None, heading=None, optional=True)
        for name, entry in parts.items()
        if entry.heading and name not in names
    }


def parts_of(model: Model, whole: str) -> list[str]:
    """The inputs that a whole is the sum of, in their order."""
    return [name for name, entry in model.inputs.items() if entry.item and name.partition(".")[0] == whole]


def _current(model: Model) -> dict[str, Input]:
    """The inputs of this year with what those of a list come to, and the award as an input."""
    award = award_input(model)
    return {**_given(model), **wholes(model), **({award.name: award} if award else {})}


def _given(model: Model) -> dict[str, Input]:
    """The inputs of this year; what earlier years of a run give is none."""
    entries: list[Column | Input] = [*model.columns.values(), *model.inputs.values()]
    given = {past for entry in entries for past in entry.before}
    return {name: entry for name, entry in model.inputs.items() if not (entry.text or name in given or _is_past(entry))}


def _is_past(entry: Input) -> bool:
    return _PAST.search(squeeze(entry.label.zh)) is not None


def _meant(headings: Mapping[int, str], inputs: dict[str, Input], model: Model) -> dict[str, PastColumn]:
    words = lexicon(replace(model, inputs={name: _of_any_year(entry) for name, entry in inputs.items()}))
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


def _of_any_year(entry: Input) -> Input:
    """The same under what its label says without the year: 当年落户人数 is 落户人数, as last year's column calls it."""
    return replace(entry, label=_without_year(entry.label), heading=entry.heading and _without_year(entry.heading))


def _without_year(label: Both) -> Both:
    zh, en = (_THIS.sub("", text).strip() for text in (label.zh, label.en))
    return Both(zh or label.zh, en or label.en)


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
