"""What was issued of a fund in a year, by unit and batch: 提前下达 + 正式下达 + 追加 ± 调剂 − 收回.

A correction stands in place of what it corrected. A batch that settles what was paid before counts with what it issues
now: the advance has a column of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from allocation.case import Batch, IssueKey
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.language.units import Units
from allocation.parts.kinds import part_of
from allocation.parts.part import InLetters
from allocation.policy.stages import BATCHES, ISSUED
from allocation.record.record import Record
from allocation.record.versions import PRESENT, Version, issued_record, read_register, state
from allocation.run.marks import mark_words
from allocation.run.run import Run
from allocation.texts import Both, Worded, both, say
from allocation.verify.own_figures import runs_in
from allocation.verify.recomputed import rerun
from allocation.verify.reopened import reopen
from allocation.xlsx.sum_sheet import SummedColumn, SumSheet

ORDER = list(BATCHES)


@dataclass(frozen=True)
class BatchColumn:
    """One batch: what each unit has of it by code, below zero where it is taken back, after its corrections."""

    batch: Batch
    issued: tuple[Version, ...]
    amounts: Mapping[str, Fraction]
    settles: bool

    @property
    def label(self) -> Both:
        """`追加（第2批）`, with how many corrections stand in it."""
        return both("versions.sum_batch", batch=self.batch.label, corrections=len(self.issued) - 1 or "")


@dataclass(frozen=True)
class YearSum:
    """`names` of the units by code, in the order of their codes."""

    model: str
    year: int
    unit: str
    names: Mapping[str, str]
    columns: tuple[BatchColumn, ...]
    notes: tuple[Problem, ...]

    @property
    def marks(self) -> tuple[str, ...]:
        marks = (mark for column in self.columns for version in column.issued for mark in version.marks)
        return tuple(dict.fromkeys(marks))

    def _title(self, lang: str) -> str:
        unit = Units().label(self.unit, lang)
        title = say(lang, "versions.sum_title", model=self.model, year=self.year, unit=unit)
        return " ".join([title, *[word[lang] for word in mark_words(self.marks)]])

    @property
    def sums(self) -> SumSheet:
        """An amount a batch by unit, and their sum."""
        columns = [SummedColumn(column.label, column.amounts) for column in self.columns]
        whole = SummedColumn(both("workbook.total"), {}, tuple(range(len(columns))))
        title, sheet = Worded(self._title), both("versions.sum_sheet")
        return SumSheet(title, sheet, self.names, (*columns, whole), self.notes)


def year_sum(folder: Path, model: str, year: int | None) -> YearSum:
    """Raises AllocationError where nothing was issued, or what is on record of it is lost."""
    register = [version for version in read_register(folder) if version.model == model]
    year = year or max((version.year for version in register), default=None)
    issues = {version.issue for version in register if version.year == year}
    columns: list[BatchColumn] = []
    notes: list[Problem] = []
    names: dict[str, str] = {}
    units: dict[str, Both] = {}
    for issue in sorted(issues, key=lambda issue: (ORDER.index(issue.batch.kind), issue.batch.number)):
        versions = [version for version in register if version.issue == issue]
        issued = tuple(version for version in versions if version.stage in ISSUED)
        if not issued:
            slots = {"batch": issue.batch.label, "last": versions[-1].both}
            notes.append(Problem("versions.sum_open", slots, folder.as_posix()))
            continue
        held = [issued_record(folder, version) for version in issued]
        names |= held[-1].figures.names if held[-1].figures else {}
        units |= dict.fromkeys((version.unit for version in issued), issue.batch.label)
        columns.append(issue_column(folder, issue, issued, held))
    if not columns or year is None:
        raise AllocationError(Problem("versions.sum_none", {"model": model, "year": year or ""}, folder.as_posix()))
    if len(units) > 1:
        raise AllocationError(Problem("versions.sum_units", {"units": [*units]}, folder.as_posix()))
    if any(column.settles for column in columns) and all(column.batch.kind != "advance" for column in columns):
        notes.append(Problem("versions.sum_no_advance", {}, folder.as_posix()))
    return YearSum(model, year, next(iter(units)), dict(sorted(names.items())), tuple(columns), tuple(notes))


def issue_column(folder: Path, issue: IssueKey, issued: tuple[Version, ...], held: list[Record]) -> BatchColumn:
    amounts: dict[str, Fraction] = {}
    for version, record in zip(issued, held, strict=True):
        for code, amount in _handed_out(folder, version, record).items():
            amounts[code] = amounts.get(code, Fraction(0)) + amount
    if issue.batch.kind == "withdrawal":  # written with or without a minus, it is taken back
        amounts = {code: -abs(amount) for code, amount in amounts.items()}
    return BatchColumn(issue.batch, issued, amounts, any(letter.kind == "settlement" for letter in in_letters(held[0])))


def in_letters(record: Record) -> list[InLetters]:
    parts = (part_of(part.kind, part.after) for part in record.parts)
    return [part.letter for part in parts if part and part.letter]


def _handed_out(folder: Path, version: Version, record: Record) -> dict[str, Fraction]:
    """By code what the version hands out itself: the award, or of a settlement or correction what moves by it."""
    if not in_letters(record) and version.stage != "correction":
        awards = record.figures.awards if record.figures else {}
        return {code: Fraction(amount or 0) for code, amount in awards.items()}
    name = next(name for name in version.files if name.endswith(".xlsx"))
    if state(folder, name, version.files[name]) != PRESENT:
        raise AllocationError(Problem("versions.sum_lost", {"version": version.both}, (folder / name).as_posix()))
    book = reopen(folder / name)
    [run] = rerun(book, runs_in(book))
    letter = run.letter
    if letter is None:
        raise AllocationError(Problem("versions.sum_lost", {"version": version.both}, (folder / name).as_posix()))
    about, offset = _figures(run, letter.about), _figures(run, letter.offset)
    return {code: amount - back for code, amount, back in zip(run.table.codes, about, offset, strict=True)}


def _figures(run: Run, name: str) -> list[Fraction]:
    return [Fraction(value or 0) for value in run.figures(name)] if name else [Fraction(0)] * len(run.table)
