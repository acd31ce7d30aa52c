"""What was issued of a fund in a year, by unit and batch: 提前下达 + 正式下达 + 追加 ± 调剂 − 收回.

A correction stands in place of what it corrected. A batch that settles what was paid before counts with what it issues
now: the advance has a column of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.case import Batch, IssueKey
from allocation.errors import AllocationError, Problem
from allocation.figure_book import check_told, figure_book
from allocation.language.units import Units
from allocation.marks import mark_words
from allocation.parts.kinds import part_of
from allocation.parts.part import InLetters
from allocation.record.record import Record
from allocation.run import Run
from allocation.stages import BATCHES, ISSUED
from allocation.text_out import csv_rows
from allocation.texts import Both, exact_text, say
from allocation.workbook.grids import plain
from allocation.workbook.layout import letters
from allocation.workbook.own_figures import runs_in
from allocation.workbook.recomputed import rerun
from allocation.workbook.reopened import reopen
from allocation.workbook.styles import Styles
from allocation.workbook.versions import PRESENT, Version, issued_record, read_register, state

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

HEAD, TOP = 2, 3  # zero-based: the header row, the first unit
ORDER = list(BATCHES)


@dataclass(frozen=True)
class BatchColumn:
    """One batch: what each unit has of it by code, below zero where it is taken back, after its corrections."""

    batch: Batch
    issued: tuple[Version, ...]
    amounts: Mapping[str, Fraction]
    settles: bool

    @property
    def total(self) -> Fraction:
        return sum(self.amounts.values(), Fraction(0))

    def label(self, lang: str) -> str:
        """`追加（第2批）`, with how many corrections stand in it."""
        corrections = len(self.issued) - 1
        return say(lang, "versions.sum_batch", batch=self.batch.label, corrections=corrections or "")


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

    def title(self, lang: str) -> str:
        unit = Units().label(self.unit, lang)
        title = say(lang, "versions.sum_title", model=self.model, year=self.year, unit=unit)
        return " ".join([title, *mark_words(self.marks, lang)])

    def heads(self, lang: str) -> list[str]:
        edges = [say(lang, f"workbook.{key}") for key in ("code", "name", "total")]
        return [*edges[:2], *(column.label(lang) for column in self.columns), edges[2]]

    def rows(self, lang: str) -> Iterator[tuple[str, str, list[Fraction]]]:
        """Code, name, an amount a batch and their sum; the last row has the sums of the columns."""
        for code, name in self.names.items():
            amounts = [column.amounts.get(code, Fraction(0)) for column in self.columns]
            yield code, name, [*amounts, sum(amounts, Fraction(0))]
        totals = [column.total for column in self.columns]
        yield "", say(lang, "workbook.total"), [*totals, sum(totals, Fraction(0))]


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
        columns.append(_column(folder, issue, issued, held))
    if not columns or year is None:
        raise AllocationError(Problem("versions.sum_none", {"model": model, "year": year or ""}, folder.as_posix()))
    if len(units) > 1:
        raise AllocationError(Problem("versions.sum_units", {"units": [*units]}, folder.as_posix()))
    if any(column.settles for column in columns) and all(column.batch.kind != "advance" for column in columns):
        notes.append(Problem("versions.sum_no_advance", {}, folder.as_posix()))
    return YearSum(model, year, next(iter(units)), dict(sorted(names.items())), tuple(columns), tuple(notes))


def _column(folder: Path, issue: IssueKey, issued: tuple[Version, ...], held: list[Record]) -> BatchColumn:
    amounts: dict[str, Fraction] = {}
    for version, record in zip(issued, held, strict=True):
        for code, amount in _handed_out(folder, version, record).items():
            amounts[code] = amounts.get(code, Fraction(0)) + amount
    if issue.batch.kind == "withdrawal":  # written with or without a minus, it is taken back
        amounts = {code: -abs(amount) for code, amount in amounts.items()}
    return BatchColumn(issue.batch, issued, amounts, any(letter.kind == "settlement" for letter in _letters(held[0])))


def _letters(record: Record) -> list[InLetters]:
    parts = (part_of(part.kind, part.after) for part in record.parts)
    return [part.letter for part in parts if part and part.letter]


def _handed_out(folder: Path, version: Version, record: Record) -> dict[str, Fraction]:
    """By code what the version hands out itself: the award, or of a settlement or correction what moves by it."""
    if not _letters(record) and version.stage != "correction":
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


def write_sum(whole: YearSum, path: Path, lang: str) -> None:
    """A workbook whose sums are live, or a CSV file."""
    if path.suffix.lower() == ".csv":
        rows = [[code, name, *(exact_text(amount) for amount in amounts)] for code, name, amounts in whole.rows(lang)]
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv_rows(file, [[whole.title(lang)], whole.heads(lang), *rows])
        return
    check_told(
        (column.label(lang), name, amount) for column in whole.columns for name, amount in column.amounts.items()
    )
    check_told((whole.title(lang), code, amount) for code, _, amounts in whole.rows(lang) for amount in amounts)
    book = figure_book(path, whole.title(lang))
    sheet, styles, heads = book.add_worksheet(say(lang, "versions.sum_sheet")), Styles(book), whole.heads(lang)
    sheet.merge_range(0, 0, 0, len(heads) - 1, whole.title(lang), styles.title())
    for column, head in enumerate(heads):
        sheet.set_column(column, column, 16)
        sheet.write_string(HEAD, column, head, styles.head())
    _body(sheet, whole, styles, lang)
    below = TOP + len(whole.names) + 2
    for row, note in enumerate(whole.notes, start=below):
        sheet.write_string(row, 0, note.text(lang), styles.note())
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD)
    book.close()


def _body(sheet: Worksheet, whole: YearSum, styles: Styles, lang: str) -> None:
    def cells(row: int, column: int, last_row: int, last_column: int) -> str:
        return f"{letters(column)}{row + 1}:{letters(last_column)}{last_row + 1}"

    last = TOP + len(whole.names)
    for row, (code, name, amounts) in enumerate(whole.rows(lang), start=TOP):
        for column, text in enumerate((code, name)):
            sheet.write_string(row, column, text, styles.text(num_format="@"))
        for column, amount in enumerate(amounts, start=2):
            style = styles.figure("General", bold=row == last)
            if column == len(amounts) + 1:
                sheet.write_formula(row, column, f"SUM({cells(row, 2, row, column - 1)})", style, plain(amount))
            elif row == last:
                sheet.write_formula(row, column, f"SUM({cells(TOP, column, row - 1, column)})", style, plain(amount))
            else:
                sheet.write_number(row, column, amount, style)
