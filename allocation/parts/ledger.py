"""数据台账: figures with a history: who reports each, how firmly; where sources differ, which is used and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest, tried
from allocation.language.units import Unit
from allocation.parts.attached import Attached, of_form
from allocation.parts.part import BlankForm, Given, Option, Part
from allocation.policy.model import Input, Model
from allocation.policy.stages import key_of
from allocation.readings.amounts import amount
from allocation.tables import forms
from allocation.tables.cells import SourceCell
from allocation.tables.figures import Measure, Unread, read_number, read_text
from allocation.tables.headings import lexicon, read_heading
from allocation.tables.keys import Figure
from allocation.tables.limits import settle
from allocation.tables.spelling import fold
from allocation.tables.table import Backing, Dispute, Rival, Table
from allocation.tables.vouchers import Voucher, read_voucher
from allocation.texts import LANGUAGES, Both, both, say, shortened
from allocation.texts.vocabulary import Spellings

KIND = "ledger"
STATUSES = {key: both(f"ledger.status_{key}") for key in ("preliminary", "verified", "estimate")}
_FIRMNESS = ("estimate", "preliminary", "verified")
_YES, _NO = Spellings("form_words.yes"), Spellings("form_words.no")
SHOWN = 10  # estimates named in a note
FIELDS = (
    forms.CODES,
    forms.NAMES,
    forms.FormField("input", Spellings("form_words.ledger_input"), required=True),
    forms.FormField("value", Spellings("form_words.ledger_value"), forms.RAW, required=True),
    forms.FormField("source", Spellings("form_words.ledger_source"), required=True),
    forms.FormField("date", Spellings("form_words.date"), forms.DATE),
    forms.FormField("status", Spellings("form_words.ledger_status"), required=True),
    forms.FormField("used", Spellings("form_words.ledger_used")),
    forms.FormField("by", Spellings("form_words.ledger_by"), forms.PROSE),
    forms.FormField("reason", Spellings("form_words.ledger_reason"), forms.PROSE),
    forms.FormField("voucher", Spellings("form_words.ledger_voucher")),
)


@dataclass(frozen=True)
class _Entry:
    rival: Rival
    used: bool
    record: forms.FormRow


def read(source: Given, model: Model, table: Table) -> Attached:
    """The figures of a ledger. Raises every problem: names, values, undecided differences."""
    problems: list[Problem] = []
    form = forms.read_form(source.path, FIELDS, problems, units=model.units, kind=KIND)
    if not form.rows:
        raise AllocationError([*problems, Problem("ledger.none", where=form.file)])
    reader = _LedgerReader(model, table, form.written.get("value"), source.path.parent, problems)
    for record in form.rows:
        reader.take(record)
    whole = {key: entries for key, entries in reader.entries.items() if key not in reader.doubtful}
    chosen = {key: reader.chosen(*key, entries) for key, entries in whole.items()}
    if problems:
        raise AllocationError(forms.in_order(problems))
    values = {name: list(table.values[name]) for name, _ in chosen}
    for (name, row), rival in chosen.items():
        values[name][row] = rival.value
    estimates = tuple(key for key, rival in chosen.items() if rival.status == "estimate")
    return replace(
        of_form(KIND, form),
        figures={name: tuple(figures) for name, figures in values.items()},
        notes=(*form.notes, *_estimated(estimates, model, table, form.file)),
        of_table={
            "cells": {**table.cells, **{key: rival.where for key, rival in chosen.items()}},
            "ledger": chosen,
            "estimates": estimates,
            "disputes": tuple(reader.disputes),
            "vouchers": tuple(reader.vouchers),
        },
    )


def _estimated(estimates: tuple[tuple[str, int], ...], model: Model, table: Table, file: str) -> Iterator[Problem]:
    if estimates:
        figures = shortened([named(model, table, *key) for key in estimates], SHOWN)
        yield Problem("ledger.estimated", {"count": len(estimates), "figures": figures}, file)


def named(model: Model, table: Table, name: str, row: int) -> Both:
    """`义县“常住人口”`."""
    label = model.inputs[name].label
    return both("ledger.figure", county=table.names[row], label=label)


def shown_figure(value: Figure, entry: Input, lang: str) -> str:
    """A figure with its unit; a class as it stands."""
    return amount(value, entry.unit, lang) if value is not None and not isinstance(value, str) else value or "—"


class _LedgerReader:
    """Entries by (input, row), what is wrong with them, and where sources differ.

    `doubtful` are the figures of which an entry is wrong: whether its source differs is not known yet.
    """

    def __init__(self, model: Model, table: Table, written: Unit | None, folder: Path, problems: list[Problem]):
        self.model, self.table, self.words, self.written = model, table, lexicon(model), written
        self.folder, self.problems = folder, problems
        self.doubtful: set[tuple[str, int]] = set()
        self.entries: dict[tuple[str, int], list[_Entry]] = {}
        self.disputes: list[Dispute] = []
        self.vouchers: list[Backing] = []

    def problem(self, message: str, where: str, **slots: object) -> None:
        self.problems.append(Problem(f"ledger.{message}", slots, where))

    def take(self, record: forms.FormRow) -> None:
        """One row of the ledger."""
        before = len(self.problems)
        row = forms.county_row(record, self.table.codes, self.table.names, self.problems)
        name, unit = self._input(record) if record["input"] else ("", None)
        status = key_of(STATUSES, record.text("status"))
        if not status and "status" not in record.faulty:
            self.problem("status", record.where("status"), found=record["status"], known=[*STATUSES.values()])
        used = fold(record.text("used"))
        if used not in ("", *_YES, *_NO):
            self.problem("used", record.where("used"), found=record["used"])
        cell = record.cell("value")
        value = self._value(record, cell, name, unit or self.written) if name and cell else None
        voucher = self._voucher(record)
        if row is None:
            return
        if record.faulty or len(self.problems) > before:
            self.doubtful.add((name, row))
        else:
            source, date, where = record.text("source"), record.text("date"), record.where("value")
            rival = Rival(value, source, date, status, where, voucher.file if voucher else "")
            if voucher:
                self.vouchers.append(Backing(name, row, source, voucher.file, voucher.sha256))
            self.entries.setdefault((name, row), []).append(_Entry(rival, used in _YES, record))

    def _voucher(self, record: forms.FormRow) -> Voucher | None:
        text = record.text("voucher")
        return tried(self.problems, read_voucher, text, self.folder, record.where("voucher")) if text else None

    def _input(self, record: forms.FormRow) -> tuple[str, Unit | None]:
        """The input's name and the unit said with it; no name where there is none such."""
        text = record.text("input")
        heading = read_heading(text.split("\n"), self.words)
        if heading and heading.target in self.model.inputs:
            return heading.target, heading.unit
        columns = self.model.columns.values()
        if fold(text) in {fold(word) for column in columns for word in (column.name, column.label.zh, column.label.en)}:
            self.problem("computed", record.where("input"), name=text)
            return "", None
        known = [word for item in self.model.inputs.values() for word in (item.label.zh, item.label.en, item.name)]
        self.problem("no_input", record.where("input"), name=text, nearest=nearest(text, known) or "—")
        return "", None

    def _value(self, record: forms.FormRow, cell: SourceCell, name: str, unit: Unit | None) -> Figure:
        """Through the same checks as a table's; a problem gives None."""
        entry = self.model.inputs[name]
        if unit is not None and not entry.text and not unit.same_kind(entry.unit):
            slots = {"label": entry.label, "found": unit.name, "wanted": entry.unit.name or "1"}
            self.problems.append(Problem("forms.unit", slots, record.where("value")))
            return None
        measure = Measure(entry, self.model.units, unit)
        try:
            return read_text(cell, entry) if entry.text else settle(read_number(cell, measure), measure)
        except Unread as slip:
            common = {"label": entry.label, "unit": measure.label(), "choices": list(entry.one_of)}
            slip_id = forms.number_slip(slip.id, required=True)
            self.problems.append(Problem(slip_id, common | slip.slots, record.where("value")))
            return None

    def chosen(self, name: str, row: int, entries: list[_Entry]) -> Rival:
        """The value that is used; a dispute where others say otherwise."""
        rivals = [entry.rival for entry in entries]
        of_table = self._table_says(name, row)
        if of_table and of_table.value not in [entry.value for entry in rivals]:
            rivals.append(of_table)
        marked = [place for place, entry in enumerate(entries) if entry.used]
        label = named(self.model, self.table, name, row)
        for place in marked[1:]:
            first = entries[marked[0]].record.where("used")
            self.problem("two_marks", entries[place].record.where("used"), figure=label, other=first)
        differ = len({rival.value for rival in rivals}) > 1
        if differ and not marked:
            said = Both(*("；".join(self._said(rival, name, lang) for rival in rivals) for lang in LANGUAGES))
            self.problem("undecided", entries[0].record.where("used"), figure=label, values=said)
        used = entries[marked[0]] if marked else entries[0]
        if differ and len(marked) == 1:
            for field in FIELDS:
                if field.key in ("by", "reason") and not used.record[field.key]:
                    slots = {"figure": label, "label": field.label}
                    self.problem("needs", used.record.where(field.key), **slots)
            record = used.record
            self.disputes.append(Dispute(name, row, tuple(rivals), marked[0], record.text("by"), record.text("reason")))
        backing = [rival for rival in rivals if rival.value == used.rival.value and rival.source]
        return max(backing, key=lambda rival: (_FIRMNESS.index(rival.status), rival.date))

    def _table_says(self, name: str, row: int) -> Rival | None:
        """What stands in the county table; a column it leaves out says nothing, whatever its default."""
        table = self.table
        value = table.values[name][row]
        if value is None or table.cells and (name, row) not in table.cells:
            return None
        return Rival(value, where=table.where(name, row))

    def _said(self, rival: Rival, name: str, lang: str) -> str:
        value = shown_figure(rival.value, self.model.inputs[name], lang)
        source = rival.source or say(lang, "ledger.the_table")
        return say(lang, "ledger.said", source=source, value=value, where=rival.where)


PART = Part(
    KIND,
    read,
    option=Option("--ledger"),
    form=BlankForm(
        "ledger",
        FIELDS,
        words={"status": [*STATUSES.values()], "used": [both("words.yes")]},
        with_inputs=("input",),
    ),
    sentences={"summary": "ledger.summary"},
)
