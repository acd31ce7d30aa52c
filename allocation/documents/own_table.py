"""The table of a letter: an item a line for one place or a few, a place a line for the places of one payee."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from allocation.classes import dataclass
from allocation.documents.letter import Letters
from allocation.documents.placeholders import Rows
from allocation.language.units import PURE
from allocation.parts.part import family
from allocation.report.column import NUMBER
from allocation.report.formats import shown
from allocation.report.letter_columns import figures_of, letter_columns
from allocation.report.printed import PrintedColumn, PrintedTable, Shown
from allocation.report.tables import enclosed_table, letter_table
from allocation.texts import in_brackets

BESIDE = 4  # places whose figures stand side by side


@dataclass(frozen=True)
class _Item:
    """A column as a letter tells it: what it is, its unit, a text a place, and that of them together."""

    label: str
    unit: str
    cells: tuple[str, ...]
    whole: str


def own_rows(letters: Letters, main: str, rows: Sequence[int]) -> Rows:
    """The reader's own figures: what the edition 送县 shows but adjustments, nothing of others.

    `main`: the column the letter is about; of many places with many columns it alone is shown.
    """
    run, several = letters.run, len(rows) > 1
    table = letter_table(run, rows)
    across = several and bool(run.model.issued_to or len(rows) > BESIDE)
    items = [_item(letters, table, column) for column in letter_columns(run, table, main, across)]
    if across:
        return _place_a_line(letters, table, items)
    if not several:
        heads = [letters.say(f"notices.{key}") for key in ("item", "figure", "unit")]
        return Rows(tuple(heads), tuple((item.label, item.cells[0], item.unit) for item in items))
    heads = [letters.say("notices.item"), *(run.table.names[row] for row in rows)]
    heads += [letters.say("workbook.total"), letters.say("notices.unit")]
    return Rows(tuple(heads), tuple((item.label, *item.cells, item.whole, item.unit) for item in items))


def all_rows(letters: Letters) -> Rows:
    """The table of a notice that goes to all: 附件 as it is issued, with what the letter's part states besides."""
    table = enclosed_table(letters.run)
    heads = [_enclosed_head(letters, table, column) for column in table.columns]
    lines = [
        tuple(_enclosed_cell(column, table.cell(column, line, letters.lang)) for column in table.columns)
        for line in range(len(table.lines))
    ]
    summed = tuple(place for place, line in enumerate(table.lines) if line.summed)
    unit = letters.say("workbook.unit_line", unit=table.units.label(table.unit.name, letters.lang))
    counting = tuple(place for place, column in enumerate(table.columns) if column.key == NUMBER)
    return Rows(tuple(heads), tuple(lines), summed, unit, counting)


def _enclosed_head(letters: Letters, table: PrintedTable, column: PrintedColumn) -> str:
    """With its own unit where that is not the one above the table."""
    lang = letters.lang
    heading, item = column.head[lang], column.item[lang]
    label = letters.say("notices.part", heading=heading, item=item) if item else heading
    apart = column.kind == "number" and column.unit not in (table.unit, PURE)
    return label + (in_brackets(table.units.label(column.unit.name, lang), lang) if apart else "")


def _enclosed_cell(column: PrintedColumn, value: Shown) -> str:
    if isinstance(value, str):
        return value
    return "—" if column.dash and value == 0 else shown(value, column.number)


def _item(letters: Letters, table: PrintedTable, column: PrintedColumn) -> _Item:
    """What is taken back now is called so; beside the figures of other places it keeps its minus."""
    run, lang = letters.run, letters.lang
    figures, whole = figures_of(table, column), table.figures[column.key][table.total_line]
    heading, item = column.head[lang], column.item[lang]
    sayable = {taken for part in run.parts if part.letter for taken in part.letter.taken_back}
    back = family(column.key) in sayable and any(isinstance(figure, Fraction) and figure < 0 for figure in figures)
    if back and len(figures) > 1:
        heading = letters.say("notices.below_zero", item=heading)
    elif back:
        heading, item = letters.say("notices.source_back_item", item=item or heading), ""
        figures = [-figure if isinstance(figure, Fraction) else figure for figure in figures]
    label = letters.say("notices.part", heading=heading, item=item) if item else heading
    unit = "" if column.unit.is_percent else table.units.label(column.unit.name, lang)
    cells = tuple(shown(figure, column.number) for figure in figures)
    return _Item(label, unit, cells, shown(whole, column.number) if column.adds else "")


def _place_a_line(letters: Letters, table: PrintedTable, items: Sequence[_Item]) -> Rows:
    lang = letters.lang
    heads = [letters.say("workbook.name"), *(item.label + in_brackets(item.unit, lang) for item in items)]
    places = [line.label[lang] for line in table.lines if not line.summed]
    lines = [*zip(places, *(item.cells for item in items), strict=True)]
    lines.append((letters.say("workbook.total"), *(item.whole for item in items)))
    return Rows(tuple(heads), tuple(lines), (len(lines) - 1,))
