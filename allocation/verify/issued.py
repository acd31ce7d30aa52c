"""What was really sealed beside the record of a result: each figure that differs, units missing and too many, sums.

The paper may have been typed again in another system: other columns, other headings, another unit, rows in any order.
A column of it is compared with the figure whose label its heading says; else with the one most of its figures agree
with. Nothing of how it looks counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from fractions import Fraction
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.language.units import TABLE, Unit, Units
from allocation.patterns import LatePattern
from allocation.readings.amounts import unit_label
from allocation.record.record import RUN, VERSION
from allocation.report.column import NUMBER
from allocation.report.columns import columns_for
from allocation.report.printed import PrintedColumn
from allocation.run.run import Run
from allocation.tables.said_units import units_in
from allocation.tables.spelling import fold
from allocation.tables.wording import TOTAL
from allocation.texts import Both, exact_text
from allocation.texts.decimals import grouped
from allocation.texts.vocabulary import Pattern
from allocation.verify.own_figures import runs_in
from allocation.verify.papers import SealedSheet, sealed_sheets
from allocation.verify.provenance import award_changes
from allocation.verify.recomputed import rerun
from allocation.verify.reopened import reopen
from allocation.verify.sealed_rows import Names, SealedFigure, SealedLine, headings_of, lines_of

_COUNTING = Pattern("table_words.counting_heading")
_UNIT_LINE = Pattern("table_words.sealed_unit")
_BRACKETS = LatePattern(r"\([^()]*\)$")
READERS = ("annex", "office")  # whose columns may have been sealed, the likeliest first


@dataclass(frozen=True)
class SealedAmount:
    """A figure a unit of the record: `figures` by code, in `unit`. `annex`: it is an amount that 附件 prints."""

    key: str
    label: Both
    unit: Unit
    figures: Mapping[str, Fraction]
    annex: bool = True


@dataclass(frozen=True)
class IssuedResult:
    """`compared`: columns of the paper, what each is compared with, and of how many lines. `lines` tell differences."""

    file: str
    of: str
    compared: tuple[Problem, ...]
    differences: tuple[Problem, ...]
    notes: tuple[Problem, ...]


@dataclass
class _Sealed:
    """One column of one table that is compared: figures are multiplied by `factor` to be in the record's unit."""

    sheet: SealedSheet
    column: int
    lines: list[SealedLine]
    kept: SealedAmount
    unit: Unit
    guessed: bool = False  # no text says the unit, and it is not the record's
    sure: bool = False  # its heading says what it is, or most of its figures do
    alone: bool = False  # the one column of figures beside the units

    def value(self, figure: SealedFigure) -> Fraction:
        unit = figure.unit or self.unit
        return (figure.value or Fraction(0)) * unit.factor_to(self.kept.unit)

    def figures(self) -> Iterator[tuple[SealedLine, SealedFigure]]:
        return ((line, line.figures[self.column]) for line in self.lines if self.column in line.figures)

    def units(self) -> list[tuple[SealedLine, SealedFigure]]:
        return [(line, figure) for line, figure in self.figures() if line.code]


@dataclass
class _IssuedFaults:
    differences: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class IssueOnRecord:
    """What the record has of each unit: `called` by code; `kept` the figures that may have been sealed."""

    called: Mapping[str, str]
    kept: Sequence[SealedAmount]
    units: Units


def verify_issued(result: Path, paper: Path) -> IssuedResult:
    """Raises AllocationError for a result that is no run of ours or was edited, and for a paper that cannot be read."""
    return compare_issued(on_record(run_of_result(result)), paper, result.name)


def on_record(run: Run) -> IssueOnRecord:
    called = dict(zip(run.table.codes, run.table.names, strict=True))
    return IssueOnRecord(called, _on_record(run), run.model.units)


def compare_issued(issue: IssueOnRecord, paper: Path, of: str) -> IssuedResult:
    """`of`: the name of the result."""
    known, columns, kept = Names(issue.called), list[_Sealed](), issue.kept
    listed: set[str] = set()
    for sheet in sealed_sheets(paper):
        lines = lines_of(sheet.sheet, known, issue.units)
        listed |= {line.code for line in lines if line.code}
        columns += _columns(sheet, lines, kept, issue.units)
    columns = [column for column in columns if column.sure] or [column for column in columns if column.alone]
    telling = {id(column.sheet) for column in columns if column.kept.annex}
    columns = [column for column in columns if not telling or id(column.sheet) in telling]
    if not columns and (not listed or any(kept[0].figures.get(code) for code in listed)):
        raise AllocationError(Problem("verify.issued_no_figures", {"label": kept[0].label}, paper.name))
    told = _IssuedFaults()
    for column in columns:
        if column.guessed:
            slots = {"label": column.kept.label, "unit": column.unit.name, "own": column.kept.unit.name}
            told.notes.append(Problem("verify.issued_unit", slots))
        _compare(column, issue.called, told)
    for column in columns:
        _sums(column, columns, told)
    _missing(columns, issue, told)
    _twice(columns, issue.called, told)
    _again(columns, issue.called, told)
    compared = tuple(
        Problem("verify.issued_column", {"label": column.kept.label, "count": len(column.units())},
                column.sheet.sheet.where(min(line.row for line, _ in column.units()), column.column))
        for column in columns
    )  # fmt: skip
    if columns and all(column.kept.key != kept[0].key for column in columns):
        told.notes.append(Problem("verify.issued_not_due", {"label": columns[0].kept.label, "due": kept[0].label}))
    return IssuedResult(paper.name, of, compared, tuple(told.differences), tuple(told.notes))


def run_of_result(result: Path) -> Run:
    """The run of a result workbook, or of a version's. Raises where it was edited since it was written."""
    book = reopen(result)
    if book.record.kind not in (RUN, VERSION):
        raise AllocationError(Problem("verify.issued_no_run", where=result.name))
    every = runs_in(book)
    [run] = rerun(book, every)
    if award_changes(every[0], run) or book.record.unsealed():
        raise AllocationError(Problem("verify.whole_edited", where=result.name))
    return run


def _on_record(run: Run) -> list[SealedAmount]:
    """What may have been sealed: the columns of 附件 first, the last of them what is paid now; then the office's."""
    entries: dict[str, SealedAmount] = {}
    award = run.model.columns[run.model.award]
    for reader in READERS:
        columns = [column for column in columns_for(run, reader) if _amounts(column, award.unit) and column.entry]
        for column in reversed(columns) if reader == "annex" else columns:
            figures = zip(run.table.codes, run.figures(column.entry), strict=True)
            held = {code: figure for code, figure in figures if isinstance(figure, Fraction)}
            amount = SealedAmount(column.entry, column.label, column.unit, held, reader == "annex")
            entries.setdefault(column.entry, amount)
    return [*entries.values()]


def _amounts(column: PrintedColumn, unit: Unit) -> bool:
    return column.kind == "number" and column.key != NUMBER and column.unit.same_kind(unit)


# ---- which column is which


def _columns(sheet: SealedSheet, lines: list[SealedLine], kept: Sequence[SealedAmount], units: Units) -> list[_Sealed]:
    """The columns of a table that hold figures of the record; none where none agrees and none says so."""
    for line in lines:  # a percentage beside an amount is none
        line.figures = {place: held for place, held in line.figures.items()
                        if held.unit is None or held.unit.same_kind(kept[0].unit)}  # fmt: skip
    of_units = [line for line in lines if line.code]
    places = sorted({column for line in of_units for column, held in line.figures.items() if held.value is not None})
    if not places:
        return []
    first = min(line.row for line in of_units)
    heads, line_unit = headings_of(sheet.sheet, first, units), _told_unit(sheet, first, units)
    places = [place for place in places if not _counts(of_units, place, heads.get(place, ""), len(places))]
    columns: list[_Sealed] = []
    for place in places:
        heading = heads.get(place, "")
        said = next((unit for unit in units_in(heading, units) if unit.same_kind(kept[0].unit)), line_unit)
        if said and not said.same_kind(kept[0].unit):
            continue  # a table of something else, as of land beside money
        named = _by_heading(heading, kept)
        fits = named or [entry for entry in kept if entry.annex]
        tries = [_Sealed(sheet, place, lines, entry, unit)
                 for entry in fits for unit in ([said] if said else _units_like(entry.unit, units))]  # fmt: skip
        best = max(tries, key=_agreeing)
        sure, guessed = bool(named) or _agreeing(best) * 2 >= 1, not said and best.unit.scale != best.kept.unit.scale
        columns.append(replace(best, sure=sure, guessed=guessed, alone=len(places) == 1))
    columns = [column for column in columns if column.sure or column.alone]
    _without_other_panels(lines, columns)
    return columns


def _without_other_panels(lines: list[SealedLine], columns: list[_Sealed]) -> None:
    """Of tables side by side, the shorter one has no lines at its end: what is blank there is no figure of a unit."""
    for line in lines:
        for key in {column.kept.key for column in columns}:
            held = [column.column for column in columns if column.kept.key == key and column.column in line.figures]
            blank = [place for place in held if line.figures[place].value is None]
            for place in blank if len(blank) < len(held) else ():
                del line.figures[place]


def _by_heading(heading: str, kept: Sequence[SealedAmount]) -> list[SealedAmount]:
    """The one whose label the lowest heading is, in either language; where several amounts are printed, also one whose
    label begins with the heading (本次下达 of 本次下达数).
    """
    said = _BRACKETS.sub("", fold(heading.rpartition("/")[2]))
    labels = [(entry, {_BRACKETS.sub("", fold(text.rpartition("/")[2])) for text in (entry.label.zh, entry.label.en)})
              for entry in kept]  # fmt: skip
    alike = [entry for entry, texts in labels if said in texts]
    several = [entry for entry, texts in labels if entry.annex and any(text.startswith(said) for text in texts)]
    begun = several if len(said) > 1 and sum(entry.annex for entry in kept) > 1 else []
    return alike[:1] or (begun if len(begun) == 1 else [])


def _units_like(unit: Unit, units: Units) -> list[Unit]:
    """The record's own unit first, then the others that such figures are printed in."""
    others = [units.parse(name) for name in TABLE if name != "%"]
    return [unit, *(other for other in others if other.same_kind(unit) and other.scale != unit.scale)]


def _told_unit(sheet: SealedSheet, first: int, units: Units) -> Unit | None:
    """The unit of a line 单位：… above the table."""
    texts = [cell.text for cells in sheet.sheet.rows[:first] for cell in cells if isinstance(cell.value, str)]
    for text in reversed([*sheet.above, *texts]):
        if _UNIT_LINE.search(fold(text)) and (said := units_in(text, units)):
            return said[0]
    return None


def _counts(lines: list[SealedLine], column: int, heading: str, beside: int) -> bool:
    """Whether a column only counts the lines."""
    if _COUNTING.fullmatch(fold(heading)):
        return True
    figures = [line.figures[column].value for line in lines if column in line.figures]
    numbers = [figure for figure in figures if figure is not None]
    return beside > 1 and len(numbers) > 1 and numbers == [numbers[0] + at for at in range(len(numbers))]


def _agreeing(column: _Sealed) -> Fraction:
    """The part of a column's units, those with nothing aside, whose figure is the record's."""
    pairs = [(column.value(figure), column.kept.figures.get(line.code, Fraction(0))) for line, figure in column.units()]
    telling = [pair for pair in pairs if any(pair)] or pairs
    return Fraction(sum(mine == theirs for mine, theirs in telling), max(1, len(telling)))


# ---- what differs


def _compare(column: _Sealed, called: Mapping[str, str], told: _IssuedFaults) -> None:
    for line, figure in column.units():
        kept = column.kept.figures.get(line.code, Fraction(0))
        if column.value(figure) != kept:
            slots = {"unit": called[line.code], "label": column.kept.label, "sealed": figure.text or "—",
                     "kept": _in_unit(kept, column)}  # fmt: skip
            told.differences.append(Problem("verify.issued_figure", slots, _where(column, figure)))
        if line.named:
            slots = {"unit": called[line.code], "named": line.named, "code": line.code}
            told.differences.append(Problem("verify.issued_name", slots, _where(column, figure)))


def _in_unit(value: Fraction, column: _Sealed) -> Both:
    return _with_unit(value / column.unit.factor_to(column.kept.unit), column.unit)


def _with_unit(value: Fraction, unit: Unit) -> Both:
    text = exact_text(value) or ""
    text = text if "/" in text else grouped(text)
    return Both(f"{text}{unit.name}", f"{text} {unit_label(unit, 'en')}".strip())


def _where(column: _Sealed, figure: SealedFigure) -> str:
    return column.sheet.sheet.where(figure.row, figure.column)


def _sums(column: _Sealed, columns: Sequence[_Sealed], told: _IssuedFaults) -> None:
    """合计 is the sum of all units; any other line of no unit that of units above or below it. What is neither, and is
    not called a sum, is a unit too many.
    """
    listed = _one_list(column, columns)
    stand = [(other is column, line.row) for other in listed for line, _ in other.units()]
    values = [other.value(figure) for other in listed for _, figure in other.units()]
    ahead = sum(len(other.units()) for other in listed[: listed.index(column)])
    alike = [other for other in columns if other.kept.key == column.kept.key]
    wholes = {
        sum((o.value(f) for o in group for _, f in o.units()), Fraction(0)) for group in ([column], listed, alike)
    }
    for line, figure in column.figures():
        if line.code or figure.value is None:
            continue
        value = column.value(figure)
        before = ahead + sum(here and row < line.row for here, row in stand)
        sums = wholes if line.kind == TOTAL else wholes | _runs(values, before, 2 if line.kind == "other" else 1)
        if value in sums:
            continue
        slots = {"line": line.label, "sealed": figure.text, "sum": _in_unit(max(wholes), column)}
        kind = "unknown" if line.kind == "other" else "total" if line.kind == TOTAL else "subtotal"
        told.differences.append(Problem(f"verify.issued_{kind}", slots, _where(column, figure)))


def _one_list(column: _Sealed, columns: Sequence[_Sealed]) -> list[_Sealed]:
    """The columns in which one list goes on, as that of a table broken in two: they have next to no unit in common."""
    mine = {line.code for line, _ in column.units()}
    listed = []
    for other in columns:
        theirs = {line.code for line, _ in other.units()}
        if other is column or (
            other.kept.key == column.kept.key and len(mine & theirs) * 2 < min(len(mine), len(theirs))
        ):
            listed.append(other)
    return listed


def _runs(values: Sequence[Fraction], before: int, least: int) -> set[Fraction]:
    """The sums of units that stand together right above or right below a line."""
    above = [sum(values[start:before], Fraction(0)) for start in range(before - least + 1)]
    below = [sum(values[before:end], Fraction(0)) for end in range(before + least, len(values) + 1)]
    return {*above, *below}


def _missing(columns: Sequence[_Sealed], issue: IssueOnRecord, told: _IssuedFaults) -> None:
    """Units with something on record that no table of that figure lists, each once; those with nothing may be left out.

    A paper without a column to compare lists units with nothing alone.
    """
    without: set[str] = set()
    for amount in {column.kept.key: column.kept for column in columns}.values() or issue.kept[:1]:
        listed = {line.code for column in columns for line, _ in column.units() if column.kept.key == amount.key}
        for code, value in amount.figures.items():
            if value and code not in listed | without:
                without.add(code)
                slots = {"unit": issue.called[code], "label": amount.label, "kept": _with_unit(value, amount.unit)}
                told.differences.append(Problem("verify.issued_missing", slots))


def _twice(columns: Sequence[_Sealed], called: Mapping[str, str], told: _IssuedFaults) -> None:
    for at, column in enumerate(columns):
        earlier = {
            line.code: (other.sheet.sheet.name, line.row)
            for other in columns[:at] if other.sheet is column.sheet or other in _one_list(column, columns)
            if other.kept.key == column.kept.key
            for line, _ in other.units()
        }  # fmt: skip
        for line, figure in column.units():
            place = (column.sheet.sheet.name, line.row)
            if earlier.setdefault(line.code, place) != place:
                slots = {"unit": called[line.code]}
                told.differences.append(Problem("verify.issued_twice", slots, _where(column, figure)))


def _again(columns: Sequence[_Sealed], called: Mapping[str, str], told: _IssuedFaults) -> None:
    """Units that a second table lists again, neither as the same list nor as its end: a person must look at it."""
    for at, column in enumerate(columns):
        codes = {line.code for line, _ in column.units()}
        for other in columns[:at]:
            shared = codes & {line.code for line, _ in other.units()}
            if other.kept.key != column.kept.key or other.sheet is column.sheet or other in _one_list(column, columns):
                continue
            if 0 < len(shared) < max(len(codes), len(other.units())):
                names = [called[code] for code in called if code in shared]
                first, second = (_where(held, held.units()[0][1]) for held in (other, column))
                told.notes.append(Problem("verify.issued_again", {"units": names, "first": first}, second))
