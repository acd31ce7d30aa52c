"""What a result workbook computes from, as its own sheets now hold it: parameters and figures, edited or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from fractions import Fraction

from allocation.analysis.parameter_workbook import entries
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.patterns import LatePattern
from allocation.policy.model import Input, Model
from allocation.record.record import COMPARISON, Record, RunKept, TableKept
from allocation.run.scenario import Change, Changed
from allocation.tables.cells import SourceCell
from allocation.tables.figures import Measure, Unread, read_number, read_text
from allocation.tables.keys import Figure
from allocation.tables.limits import settle
from allocation.tables.table import Table
from allocation.texts import LANGUAGES, Both, say
from allocation.verify.reopened import OpenSheet, Reopened
from allocation.verify.restoring import changes_of, with_ledger, written_model
from allocation.xlsx.blocks import Block
from allocation.xlsx.comparison_sheets import parameter_label
from allocation.xlsx.layout import FIRST, LABEL, NAME, Layout, letters

FRACTION = LatePattern(r"=\(?(-?\d+)/(\d+)\)?")  # how an exact 2/37 is written


@dataclass
class RunInBook:
    """What one run of a workbook computes from.

    `problems` are cells that no figure can be made of, `unread` what stands in them.
    `kept` is what the record says of it, `part` which of several runs it is, for a reader, and `before` are the changes
    it was written with. `places` has the sheet and column of the inputs that are its own.
    """

    model: Model
    table: Table
    rows: list[int]
    sheet: OpenSheet
    places: dict[str, tuple[OpenSheet, int]]
    kept: RunKept = field(default_factory=RunKept)
    part: Both = Both("", "")
    before: tuple[Changed, ...] = ()
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: set[tuple[str, str]] = field(default_factory=set)  # input and code, or parameter and key


def runs_in(book: Reopened) -> list[RunInBook]:
    """The model with the parameters of 参数 and the table of 数据, of every run of the workbook.

    Raises what is wrong with the model text, and which sheets are missing.
    """
    model = written_model(book.record)
    if not book.record.inputs or book.several and not book.record.runs:
        raise AllocationError(Problem("verify.no_model", where=book.file))
    if book.several:
        return _scenarios(book, model) if book.record.kind == COMPARISON else _years(book, model)
    if len(book.record.inputs) != 1:
        raise AllocationError(Problem("verify.several_years", where=book.file))
    in_book = _source(book, model, book.needed("data"), book.record.inputs[0], book.record.every[0])
    sheet = book.needed("parameters")
    named = {sheet.text(row, 5): row for row, column in sheet.values if column == 5}
    _parameters(sheet, in_book, Layout(model, len(in_book.rows), book.lang), named, 2)
    return [in_book]


def _years(book: Reopened, model: Model) -> list[RunInBook]:
    """A table and a column of 参数 a year; a change holds in its year only."""
    sheet, every = book.needed("parameters"), []
    for number, (table, kept) in enumerate(zip(book.record.inputs, book.record.runs, strict=False)):
        in_book = _source(book, model, book.needed("data", table.year), table, kept)
        layout = Layout(model, len(in_book.rows), book.lang)
        _parameters(sheet, in_book, layout, _labelled(sheet, model, book.lang), 2 + number)
        model = in_book.model  # edges of bands stand once, for all years
        every.append(in_book)
    return every


def _scenarios(book: Reopened, model: Model) -> list[RunInBook]:
    """One table, with the figures a scenario has of its own from its block on 测算; a column of 参数 a scenario."""
    sheet, every, start = book.needed("parameters"), [], 0
    for number, kept in enumerate(book.record.runs):
        changed = tuple(dict.fromkeys(change.name for change in kept.changes if change.name in model.inputs))
        in_book = _source(book, model, book.needed("data"), book.record.inputs[-1], kept)
        layout = Block(model, len(in_book.rows), book.lang, number, changed, start)
        if changed:
            block = book.needed("calculation")
            in_book.places = {name: (block, column) for name, column in layout.changed_columns.items()}
            columns = {name: read_column(in_book, model.inputs[name], *in_book.places[name]) for name in changed}
            in_book.table = replace(in_book.table.with_values(**columns), absent=in_book.table.absent)
        elif number:
            in_book.places = {}
        _parameters(sheet, in_book, layout, _labelled(sheet, model, book.lang), layout.value_column)
        model = in_book.model  # edges of bands stand once, for all scenarios
        every.append(in_book)
        start += layout.taken
    return every


def _labelled(sheet: OpenSheet, model: Model, lang: str) -> dict[str, int]:
    """The row of each address on 参数 of several runs: by label and key, bands by their order."""
    rows: dict[tuple[str, str], list[int]] = {}
    for row in sorted(row for row, column in sheet.values if column == 0):
        for key in dict.fromkeys(("", sheet.text(row, 1))):
            rows.setdefault((sheet.text(row, 0), key), []).append(row)
    places = {}
    for entry, key, _, address in entries(model):
        label = parameter_label(entry, model.units)[lang]
        candidates = rows.get((label, "" if entry.bands else key), [])
        if len(candidates) == max(1, len(entry.bands)):
            places[address] = candidates[int(key) - 1 if entry.bands else 0]
    return places


def _source(book: Reopened, model: Model, sheet: OpenSheet, table: TableKept, kept: RunKept) -> RunInBook:
    """The table of a sheet 数据, by what the record says of its file and of the run it is of."""
    rows = [row for row in range(FIRST, _end(sheet)) if sheet.text(row, 1)]
    layout = Layout(model, len(rows), book.lang)
    named = {sheet.text(row, column): column for row, column in sheet.values if row == NAME}
    places = {name: (sheet, named.get(name, column)) for name, column in layout.inputs.items()}
    in_book = RunInBook(model, Table((), (), {}), rows, sheet, places, kept, Both(kept.zh, kept.en))
    in_book.before = changes_of(kept.changes)
    in_book.table = Table(
        codes=tuple(sheet.text(row, 1) for row in rows), names=tuple(sheet.text(row, 2) for row in rows),
        values={name: read_column(in_book, model.inputs[name], *place) for name, place in places.items()},
        year=table.year, file=table.file, sha256=table.sha256, illustrative=table.illustrative, said=book.record.said,
        row_notes=_row_notes(book, sheet, layout, rows),
        printed_notes=printed_notes(book.record, [sheet.text(row, 1) for row in rows]),
        standing=standing(book.record, [sheet.text(row, 1) for row in rows]),
    )  # fmt: skip
    if kept.blank:
        blank = dict.fromkeys(kept.blank.some, False) | dict.fromkeys(kept.blank.all, True)
        in_book.table = replace(in_book.table, blank=blank, absent=kept.blank.absent)
    in_book.table = with_ledger(in_book.table, book.record)
    return in_book


def printed_notes(record: Record, codes: Sequence[str]) -> tuple[str, ...]:
    """备注（印） as it is on record, a row each; none where there is none."""
    return tuple(record.printed_notes.get(code, "") for code in codes) if record.printed_notes else ()


def standing(record: Record, codes: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What the register of receiving units said of each row."""
    return tuple(record.standing.get(code, ("", "")) for code in codes) if record.standing else ()


def _row_notes(book: Reopened, sheet: OpenSheet, layout: Layout, rows: list[int]) -> tuple[str, ...]:
    """备注 as it is on record; in a workbook of several runs, as the sheet has it."""
    if sheet.text(LABEL, layout.remark) != say(book.lang, "workbook.remark"):
        return ()
    kept = book.record.remarks
    return tuple(kept.get(sheet.text(row, 1), "") if kept else sheet.text(row, layout.remark) for row in rows)


def _end(sheet: OpenSheet) -> int:
    """The row after the last county's: that of 合计, or the first below everything."""
    totals = {say(lang, "workbook.total") for lang in LANGUAGES}
    rows = sorted(row for row, column in sheet.values if column == 2 and row >= FIRST)
    return next(
        (row for row in rows if sheet.text(row, 2) in totals and not sheet.text(row, 1)), rows[-1] + 1 if rows else 0
    )


def read_column(in_book: RunInBook, entry: Input, sheet: OpenSheet, column: int) -> tuple[Figure, ...]:
    """An input's figures in the rows of the counties; what cannot be read joins `found.problems`."""
    measure, values = Measure(entry, in_book.model.units), []
    for row in in_book.rows:
        value = entry.default
        typed = sheet.values.get((row, column))
        number = sheet.formats.get((row, column), "")  # another one is named beside what the writers write
        cell = SourceCell(typed, number if number.endswith("%") and not isinstance(typed, str) else "")
        try:
            if not cell.missing:
                exact = FRACTION.fullmatch(sheet.formulas.get((row, column), ""))
                value = Fraction(int(exact[1]), int(exact[2])) if exact else _read(cell, measure)
        except Unread as slip:
            common = {"label": entry.label, "unit": measure.label(), "choices": list(entry.one_of)}
            in_book.problems.append(Problem(slip.id, common | slip.slots, _where(sheet, row, column)))
            in_book.unread.add((entry.name, sheet.text(row, 1)))
        values.append(value)
    return tuple(values)


def _read(cell: SourceCell, measure: Measure) -> Figure:
    if measure.entry.text:
        return read_text(cell, measure.entry)
    return settle(read_number(cell, measure), measure)


def _where(sheet: OpenSheet, row: int, column: int) -> str:
    return f"{sheet.title}!{letters(column)}{row + 1}"


def _parameters(sheet: OpenSheet, in_book: RunInBook, layout: Layout, named: Mapping[str, int], column: int) -> None:
    """What differs from the model text becomes a change; edges of bands go into the model itself.

    `own`: the row of each address. One that has none, with nothing or another's row in its place, is taken as it was
    written.
    """
    model = in_book.model
    had = {(change.name, change.key): change.new for change in in_book.before if not change.county}
    rows = [row for name in model.parameters for row in layout.rows[name]]
    for (entry, key, value, address), place in zip(entries(model), rows, strict=True):
        row = named.get(address, place)
        lost = address not in named and (place in named.values() or not sheet.text(place, column))
        typed = had.get((entry.name, key), value) if lost else _parameter(sheet, row, column, isinstance(value, str))
        if typed is None:
            in_book.problems.append(Problem("verify.no_figure", {"name": entry.label}, _where(sheet, row, column)))
            in_book.unread.add((entry.name, key))
        elif not same(typed, value):
            in_book.changes.append(Change(address, typed))
        place -= layout.rows[entry.name][0]
        if lost or not entry.bands or entry.bands[place].edge is None:
            continue
        edge = _parameter(sheet, row, 1, False)
        if not isinstance(edge, Fraction):
            in_book.problems.append(Problem("verify.no_figure", {"name": entry.label}, _where(sheet, row, 1)))
        elif not same(edge, entry.bands[place].edge):
            _move_edge(in_book, entry.name, place, edge)


def _move_edge(in_book: RunInBook, name: str, place: int, edge: Fraction) -> None:
    entry = in_book.model.parameters[name]
    bands = tuple(replace(band, edge=edge) if i == place else band for i, band in enumerate(entry.bands))
    in_book.model = replace(in_book.model, parameters={**in_book.model.parameters, name: replace(entry, bands=bands)})


def _parameter(sheet: OpenSheet, row: int, column: int, text: bool) -> Figure:
    """The cell's figure; None where it holds none."""
    value = sheet.values.get((row, column))
    if text:
        return str(value) if value is not None else None
    exact = FRACTION.fullmatch(sheet.formulas.get((row, column), ""))
    if exact:
        return Fraction(int(exact[1]), int(exact[2]))
    return Fraction(f"{value:.15g}") if isinstance(value, int | float) and not isinstance(value, bool) else None


def same(typed: Figure, value: Figure) -> bool:
    """Whether a cell still holds the model's figure: a cell keeps fifteen digits of it."""
    if isinstance(typed, Fraction) and isinstance(value, Fraction):
        return typed == value or typed == Fraction(f"{float(value):.15g}")
    return typed == value
