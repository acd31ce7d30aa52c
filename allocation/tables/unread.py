"""Columns nobody read while an input has no column: what may be that input is asked about, never passed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from allocation.errors import Problem, nearest
from allocation.language.units import Unit
from allocation.policy.model import Input, Model
from allocation.tables.cells import SourceCell, SourceSheet
from allocation.tables.figures import Measure, Unread, read_number, read_text
from allocation.tables.headings import split_unit, squeezed_key, unit_in, unit_said
from allocation.tables.limits import settle
from allocation.tables.spelling import fold
from allocation.tables.wording import STATEMENT, SUBTOTAL, TOTAL, wording
from allocation.texts import Both, both, bracketed, shortened
from allocation.texts.remedies import option_words
from allocation.texts.vocabulary import Pattern

_NAMED = 8  # columns and inputs in a message
_LOOKED = 300  # rows: enough to see what a column holds
_LIKE, _PART_LIKE = 0.6, 0.75
_LAST_YEAR = Pattern("table_words.last_year")
# What tables carry beside their figures, and what no model asks for.
_ASIDE = Pattern("table_words.carried_beside")


def ask_about_unread(
    sheet: SourceSheet,
    rows: tuple[int, int],
    unread: Mapping[int, str],
    absent: Sequence[Input],
    model: Model,
    problems: list[Problem],
    notes: list[Problem],
) -> None:
    """`rows`: the header's lowest row and the first row of data; `unread`: column → heading; `absent`: optional inputs
    without a column. A heading that resembles one, and figures that could be one, stop with both ways out."""
    last, first = rows
    others: list[int] = []
    could: dict[str, Input] = {}
    for column, heading in unread.items():
        held = _Column(sheet, first, column, heading, model)
        like = max(absent, key=held.likeness, default=None)
        where = sheet.where(last, column)
        if like and held.filled and held.likeness(like) >= 1:
            slots = {"header": heading, "label": like.label, "name": like.name, "counted": _default(like)}
            slots |= right_heading(like, unit_said(heading, model.units))
            problems.append(Problem("tables.near_heading", slots, where))
            continue
        fits = [entry for entry in absent if held.may_be(entry)]
        if fits:
            others.append(column)
            could |= {entry.name: entry for entry in fits}
        else:
            guess = nearest(heading, [entry.label.zh for entry in absent])
            message = "tables.unknown_column_near" if guess else "tables.unknown_column"
            notes.append(Problem(message, {"header": heading, "nearest": guess}, where))
    if others:
        headings = [unread[column] for column in others]
        slots = {
            "labels": shortened([entry.label for entry in could.values()], _NAMED),
            "headers": shortened(headings, _NAMED),
            "options": option_words("--unused", *headings[:_NAMED]),
        }
        problems.append(Problem("tables.unread_beside", slots, sheet.where(last, others[0])))


def right_heading(entry: Input, said: Unit | None = None) -> dict[str, object]:
    """How the input's heading is written, with the unit that the sheet says; where it says none, with the input's own,
    and that unit again: a figure may stand in another one."""
    if said is not None and said.same_kind(entry.unit) and not entry.text:
        return {"right": bracketed(entry.label, said.name), "measured": ""}
    return {"right": bracketed(entry.label, entry.unit.name), "measured": entry.unit.name}


def resembles(heading: str, entry: Input) -> float:
    """1 or more where a heading nearly says an input's name or label; how much it does below that."""
    said = squeezed_key(split_unit(heading)[0])
    labels = [entry.label.zh, entry.label.en, entry.name]
    whole = max(_ratio(said, squeezed_key(label)) for label in labels) / _LIKE
    parts = (heading.split("/")[-1], entry.label.zh.split("/")[-1])
    part = _ratio(*(squeezed_key(split_unit(text)[0]) for text in parts)) / _PART_LIKE
    both_last = bool(_LAST_YEAR.search(fold(heading)) and _LAST_YEAR.search(fold(entry.label.zh)))
    return max(whole, part, float(both_last))


def _ratio(text: str, other: str) -> float:
    if not text or not other:
        return 0.0
    short, long = sorted((text, other), key=len)
    if len(short) > 1 and short in long and 2 * len(short) >= len(long):
        return 1.0
    return SequenceMatcher(None, text, other, autojunk=False).ratio()


def _default(entry: Input) -> Both:
    return both("tables.no_figure") if entry.default is None else Both(str(entry.default), str(entry.default))


class _Column:
    """What an unread column holds."""

    def __init__(self, sheet: SourceSheet, first: int, column: int, heading: str, model: Model):
        cells = (sheet.cell(row, column) for row in range(first, min(len(sheet.rows), first + _LOOKED)))
        self.cells = [cell for cell in cells if not cell.missing and not cell.merged]
        self.heading, self.model = heading, model
        self.filled = bool(self.cells)

    def likeness(self, entry: Input) -> float:
        return resembles(self.heading, entry)

    def unit(self) -> Unit | None:
        return unit_in(split_unit(self.heading.split("/")[-1])[1] or "", self.model.units)

    def may_be(self, entry: Input) -> bool:
        """Whether the heading's unit and every figure would do for the input; remarks, ranks and totals are none."""
        plain = split_unit(self.heading.split("/")[-1])[0]
        if not self.cells or wording(plain) in (STATEMENT, TOTAL, SUBTOTAL) or _ASIDE.fullmatch(fold(plain)):
            return False
        unit = self.unit()
        if entry.text:
            return bool(entry.one_of) and all(self._is_text(cell, entry) for cell in self.cells)
        if unit is not None and not unit.same_kind(entry.unit):
            return False
        measure = Measure(entry, self.model.units, unit)
        return all(self._is_figure(cell, measure) for cell in self.cells)

    def _is_text(self, cell: SourceCell, entry: Input) -> bool:
        try:
            return bool(read_text(cell, entry))
        except Unread:
            return False

    def _is_figure(self, cell: SourceCell, measure: Measure) -> bool:
        try:
            settle(read_number(cell, measure), measure)
        except Unread:
            return False
        return True
