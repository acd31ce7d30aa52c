"""Reads a county table, Excel or CSV, for a model: every figure exact, every problem of the file reported at once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from allocation.errors import AllocationError, Problem
from allocation.policy.model import Input, Model
from allocation.tables.case_sheets import DATA, taken
from allocation.tables.cells import letters
from allocation.tables.columns import CellPlaces, ReadColumn, absent_column, read_column
from allocation.tables.exact import without_collecting
from allocation.tables.figures import Measure
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.headers import Header, find_header
from allocation.tables.keys import CODE, NAME, REMARK, YEAR, Figure
from allocation.tables.past import past_figures
from allocation.tables.results import refuse_results, tables_of
from allocation.tables.rows import UNREAD, TableRow, sort_rows
from allocation.tables.said import NOTHING, Said, said_of
from allocation.tables.sorting import tell_units
from allocation.tables.table import Table
from allocation.tables.totals import reconcile, totals_to_come
from allocation.tables.units import DOUBT
from allocation.tables.unseen import look_alikes, unseen_signs
from allocation.tables.wording import COUNTY, STATEMENT

LOST = {"tables.row_without_county", "tables.row_after_end", "tables.code_missing"}  # a row that no total can hold


def read_table(
    path: str | Path,
    model: Model,
    *,
    sheet: str | None = None,
    year: int | None = None,
    unused: Sequence[str] = (),
    rows: Mapping[str, str] | Sequence[str] = (),
) -> Table:
    """The table in the file at `path`, figures in the model's units, counties in the file's own order.

    `sheet` names the sheet of a workbook (else the one that matches most inputs); `year` keeps that year's rows of a
    table with a year column, and is the table's year whatever its title says. `unused` names headings of columns that
    are not used; `rows` says what a row is that the table leaves in doubt: `{"130401": "unit"}`, "total" or "within".
    Raises AllocationError with all problems of the file.
    """
    problems: list[Problem] = []
    table = read_as_far(path, model, problems, sheet=sheet, year=year, said=said_of(unused, rows), results=True)
    if problems:
        raise AllocationError(problems)
    return table


@without_collecting()
def read_as_far(
    path: str | Path,
    model: Model,
    problems: list[Problem],
    *,
    sheet: str | None = None,
    year: int | None = None,
    said: Said = NOTHING,
    results: bool = False,
    budget_year: int | None = None,
) -> Table:
    """`read_table` as far as it goes, so that what hangs on the table can be looked at as well; all that is wrong joins
    `problems`. What could not be read is missing; without a county column there are no rows.
    `year` is that of the data; where nothing says it, they are of the `budget_year`.
    With `results` a workbook this program wrote serves as a table of last year's figures; else it is refused."""
    notes: list[Problem] = []
    nothing = Table((), (), dict.fromkeys(model.inputs, ()), year, Path(path).name)
    try:
        data = read_bytes(path)
        sheets = taken(open_grid(path, data), DATA)
        if not results:
            refuse_results(sheets)
        header = find_header(tables_of(sheets), model, sheet, year, problems, notes, said.unused, budget_year)
    except AllocationError as error:
        problems += error.problems
        return replace(nothing, notes=tuple(notes))
    if header is None or not {CODE, NAME} & header.columns.keys():
        return replace(nothing, notes=tuple(notes))  # without a county column no row can be told from another
    before = len(problems)
    rows = sort_rows(header, model, problems, notes)
    lost = _cut_short(header, rows, problems, notes) or any(problem.id in LOST for problem in problems[before:])
    rows, table_year = _of_year(rows, header, (year, budget_year), problems, notes)
    told = tell_units(rows, header, model, said, problems, notes)
    rows = [row for row in told.rows if row.kind not in (STATEMENT, DOUBT)]
    counties = [row for row in rows if row.kind == COUNTY]
    if not counties and not told.doubtful:
        problems.append(Problem("tables.no_rows", where=header.sheet.where(header.first, 0)))
    codes = _codes(counties, header, problems, notes)
    notes += unseen_signs(header.sheet)
    for key, texts in ((NAME, [row.name for row in counties]), (CODE, codes)):
        if key in header.columns:
            look_alikes(texts, partial(_where_at, header, key, counties), problems, notes)
    _hidden(header, counties, model, notes)
    indices = np.array([row.index for row in counties], np.int64)
    others = np.array([row.index for row in rows if row.kind != COUNTY], np.int64)
    columns = {entry.name: _column(entry, header, indices, others, model) for entry in model.inputs.values()}
    problems += _by_row([problem for column in columns.values() for problem in column.problems], rows, header)
    notes += [note for column in columns.values() for note in column.notes]
    # A figure that could not be read would make its column's total look wrong as well, a lost row every total.
    unsure = lost or told.doubtful
    written = [column.written for column in columns.values() if column.written and not (unsure or column.problems)]
    unheld = [column.written for column in columns.values() if column.written and (unsure or column.problems)]
    if not unsure and (written or not unheld):
        reconcile(told, written, header.sheet, problems, notes)
    problems += totals_to_come(told, unheld, header.sheet)
    if header.sheet.incomplete:
        notes.append(Problem("tables.incomplete", where=header.sheet.file))
    return Table(
        codes=codes,
        names=tuple(row.name for row in counties),
        values={name: tuple(column.values) for name, column in columns.items()},
        absent=tuple(name for name, column in columns.items() if counties and not column.filled),
        year=table_year,
        coded=CODE in header.columns,
        file=header.sheet.file,
        sheet=sheet or "",
        sha256=hashlib.sha256(data).hexdigest(),
        cells=_places(header, counties, model),
        notes=tuple(notes),
        illustrative=header.sheet.illustrative,
        incomplete=header.sheet.incomplete,
        said=said.pairs,
        row_notes=_row_notes(header, counties),
        margins=_margins(header, rows),
        past=_past(header, counties, model),
        remarks={key: text for column in columns.values() for key, text in column.remarks.items()},
    )


def _places(header: Header, counties: list[TableRow], model: Model) -> CellPlaces:
    """Where each figure stands, where each county is named, and where its 备注 is."""
    inputs = {name: at for name, at in header.columns.items() if name in model.inputs}
    keys = {NAME: header.columns.get(NAME, header.columns.get(CODE)), REMARK: header.columns.get(REMARK)}
    columns = inputs | {key: at for key, at in keys.items() if at is not None}
    return CellPlaces(header.sheet, columns, [row.index for row in counties])


def _margins(header: Header, rows: list[TableRow]) -> tuple[tuple[str, str], ...]:
    """The lines of text above the header and below the last row."""
    sheet, last = header.sheet, max((row.index for row in rows), default=len(header.sheet.rows))
    lines = [*range(header.top), *range(last + 1, len(sheet.rows))]
    firsts = ((row, next((at for at, cell in enumerate(sheet.rows[row]) if not cell.empty), None)) for row in lines)
    return tuple((sheet.where(row, at), sheet.cell(row, at).text) for row, at in firsts if at is not None)


def _row_notes(header: Header, counties: list[TableRow]) -> tuple[str, ...]:
    """What 备注 says of each county; nothing where it says nothing of any."""
    if REMARK not in header.columns:
        return ()
    cells = [header.sheet.cell(row.index, header.columns[REMARK]) for row in counties]
    texts = tuple("" if cell.missing or cell.uncached else cell.text for cell in cells)
    return texts if any(texts) else ()


def _past(header: Header, counties: list[TableRow], model: Model) -> dict[str, tuple[Figure, ...]]:
    rows = [row.index for row in counties]
    units = {name: header.units.get(model.compare_with if name == model.award else name) for name in header.past}
    return {
        name: tuple(past_figures(header.sheet, past, rows, model, units[name])) for name, past in header.past.items()
    }


def _cut_short(header: Header, rows: list[TableRow], problems: list[Problem], notes: list[Problem]) -> bool:
    """Whether the file ends within a row: without a line end, and before the last column of the header."""
    sheet, needed = header.sheet, max(at for name, at in header.columns.items() if name != REMARK) + 1
    cut = [problem for row in rows for problem in sheet.cut_short(row.index, needed)]
    problems += cut
    if not sheet.name:  # a workbook's cells are where they are: only a text's may be shifted
        width, lengths = sheet.width(header.top, header.last + 1), Counter(sheet.length(row.index) for row in rows)
        width = max(width, max(lengths, key=lengths.__getitem__, default=0))
        problems += [problem for row in rows for problem in sheet.too_wide(row.index, width)]
    if sheet.open_end and not cut:
        notes.append(Problem("tables.open_end", {"row": len(sheet.rows)}, sheet.file))
    return bool(cut)


def _hidden(header: Header, counties: list[TableRow], model: Model, notes: list[Problem]) -> None:
    """Rows and columns that count though nobody who opens the file sees them."""
    sheet = header.sheet
    unseen = [row for row in counties if row.index in sheet.hidden_rows]
    if unseen:
        slots = {"count": len(unseen), "rows": [row.index + 1 for row in unseen], "names": [row.name for row in unseen]}
        notes.append(Problem("tables.hidden_rows", slots, sheet.where(unseen[0].index, 0).rpartition("!")[0]))
    used = {name: at for name, at in header.columns.items() if name in model.inputs and at in sheet.hidden_columns}
    if used:
        slots = {"columns": [letters(at) for at in used.values()], "labels": [model.inputs[key].label for key in used]}
        notes.append(Problem("tables.hidden_columns", slots, sheet.where(header.last, min(used.values()))))


def _by_row(problems: list[Problem], rows: list[TableRow], header: Header) -> list[Problem]:
    """Formulas without results, one message a row: a row of totals seldom has one of them alone."""
    bare = [problem for problem in problems if problem.id == "tables.uncached"]
    if not bare:
        return problems
    at = {header.sheet.where(row.index, column): row for row in rows for column in header.columns.values()}
    of_row: dict[int, list[Problem]] = {}
    for problem in bare:
        of_row.setdefault(at[problem.where].index, []).append(problem)
    names = {row.index: row.name for row in rows}
    joined = [
        Problem("tables.uncached_row", {"name": names[index], "count": len(those)}, those[0].where)
        if len(those) > 1 else those[0]
        for index, those in sorted(of_row.items())
    ]  # fmt: skip
    return [*(problem for problem in problems if problem not in bare), *joined]


def _column(entry: Input, header: Header, counties: np.ndarray, others: np.ndarray, model: Model) -> ReadColumn:
    if entry.name not in header.columns:
        return absent_column(entry, len(counties))
    measure = Measure(entry, model.units, header.units.get(entry.name), header.unit_lines.get(entry.name, ""))
    return read_column(header, counties, others, measure)


def _of_year(
    rows: list[TableRow],
    header: Header,
    asked: tuple[int | None, int | None],
    problems: list[Problem],
    notes: list[Problem],
) -> tuple[list[TableRow], int | None]:
    """The rows of the year asked for, and the table's year: asked for, from its year column, or from its title.

    `asked`: the year of the data, and the budget year, which is meant where neither the table nor a person says more.
    """
    wanted, budget_year = asked
    years = sorted({row.year for row in rows if row.kind == COUNTY and row.year is not None})
    if not years:
        title = header.year
        if wanted is not None and title is not None and wanted != title:
            where = header.sheet.where(0, 0)
            notes.append(Problem("tables.title_year_differs", {"wanted": wanted, "title": title}, where))
        return rows, wanted if wanted is not None else title if title is not None else budget_year
    where = header.sheet.where(header.last, header.columns[YEAR])
    if wanted is None and len(years) > 1 and budget_year in years:
        wanted = budget_year
    if wanted is None and len(years) > 1:
        problems.append(Problem("tables.many_years", {"years": years, "last": years[-1]}, where))
    elif wanted is not None and wanted not in years:
        problems.append(Problem("tables.no_year", {"wanted": wanted, "years": years}, where))
    # After such a problem one year is still looked through for more, or its counties would seem to repeat.
    chosen = wanted if wanted in years else years[-1]
    kept, current = [], None
    for row in rows:
        # A total seldom repeats the year: it belongs to the rows above it.
        current = row.year or current
        blank = header.sheet.cell(row.index, header.columns[YEAR]).missing  # else it was said to be no year
        if row.kind == COUNTY and row.year is None and blank:
            problems.append(Problem("tables.row_without_year", {"name": row.name}, _where(header, YEAR, row)))
        if current in (chosen, None):
            kept.append(row)
    return kept, chosen


def _codes(counties: list[TableRow], header: Header, problems: list[Problem], notes: list[Problem]) -> tuple[str, ...]:
    """Each county's code, or row numbers when the table has none. A code may not repeat, nor a name without codes."""
    coded = CODE in header.columns
    _report_repeats([(row.name, row) for row in counties], NAME, header, notes if coded else problems)
    if coded:
        _report_repeats([(row.code, row) for row in counties], CODE, header, problems)
        _report_short([row for row in counties if row.code.isdigit()], header, problems)
        return tuple(row.code for row in counties)
    notes.append(Problem("tables.no_codes", {"count": len(counties)}, header.sheet.where(header.last, 0)))
    width = max(3, len(str(len(counties))))
    return tuple(str(number).zfill(width) for number in range(1, len(counties) + 1))


def _report_repeats(keys: list[tuple[str, TableRow]], role: str, header: Header, problems: list[Problem]) -> None:
    if len({key for key, _ in keys}) == len(keys):
        return
    first: dict[str, TableRow] = {}
    coded = CODE in header.columns
    for key, row in keys:
        earlier = first.setdefault(key, row)
        if role == NAME and coded and earlier.code == row.code:
            continue  # the same row twice: its code says so
        if earlier is not row and key != UNREAD and role in header.columns:
            slots = {"key": key, "other": _where(header, role, earlier)}
            message = "tables.code_twice" if role == CODE else f"tables.name_twice{'_coded' if coded else ''}"
            problems.append(Problem(message, slots, _where(header, role, row)))


def _report_short(counties: list[TableRow], header: Header, problems: list[Problem]) -> None:
    """A code of five digits among codes of six has lost its zero; numbers that merely count the rows are shorter."""
    widths = [len(row.code) for row in counties]
    usual = max(set(widths), key=widths.count, default=0)
    for row in counties if usual >= 6 and widths.count(usual) > 1 else []:
        if len(row.code) == usual - 1:
            slots = {"found": row.code, "digits": len(row.code), "usual": usual, "guess": "0" + row.code}
            problems.append(Problem("tables.code_short", slots, _where(header, CODE, row)))


def _where_at(header: Header, role: str, rows: Sequence[TableRow], at: int) -> str:
    return _where(header, role, rows[at])


def _where(header: Header, role: str, row: TableRow) -> str:
    return header.sheet.where(row.index, header.columns[role])
