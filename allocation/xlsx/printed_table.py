"""A printed table on a sheet: heading rows with merged items, lines, widths and heights; the same for every reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import groupby

from allocation.report.column import CODE, NUMBER
from allocation.report.formats import TEXT, shown
from allocation.report.printed import PrintedColumn, PrintedLine, PrintedTable, Shown
from allocation.sheets.looks import Dress, Look, Role
from allocation.sheets.sheet import Sheet
from allocation.xlsx.fitting import EDGE, height_of, lines_needed, widest_word
from allocation.xlsx.grids import cell_number, write_formula
from allocation.xlsx.printed_text import PrintedCells
from allocation.xlsx.styles import Styles, column_width, in_two_lines, width

WIDEST, WIDEST_NAME = 30.0, 36.0  # of a column of texts, and of that of the names
STUB = 14.0  # of the names' column, at least
SERIAL = 6.0  # of 序号
LEAST = 20  # points of a line of the table
HEIGHTS = (18, 18)  # of the two heading rows, at least
FIGURE_ROOM = 3.5  # beside a figure: the edges, the indent, a place for a longer one after an edit
TEXT_ROOM = 1.5  # of a column, taken by the indent of its texts
SHORT, ROOM = 9, 12  # signs of a line of column numbers: of earlier papers, of today's
MOST_TOLD = 3  # columns side by side that are added up, each named
SMALL = 9  # size of the column numbers


class SheetTable:
    """A described table in the cells of a sheet."""

    def __init__(self, sheet: Sheet, table: PrintedTable, styles: Styles):
        self.sheet, self.table, self.styles = sheet, table, styles

    def _cell(self, column: PrintedColumn, place: int) -> Shown:
        return self.table.cell(column, place, self.sheet.lang)

    def widths(self) -> list[float]:
        """Wide enough for half of a heading and for the widest figure; a long text is broken into lines."""
        wide = []
        for column in self.table.columns:
            cells = [shown(self._cell(column, place), column.number) for place in range(len(self.table.lines))]
            widest = max(map(width, cells), default=0)
            told = self.heads[column.key][1]
            least = STUB if column.stub else SERIAL if column.key == NUMBER else column_width(told, 11, 16)
            least = max(least, widest_word(told) + EDGE)
            most = WIDEST_NAME if column.stub else WIDEST
            needed = min(most, widest + 2) + TEXT_ROOM if column.kind == "text" else widest + FIGURE_ROOM
            wide.append(max(least, needed))
        return wide

    @cached_property
    def heads(self) -> dict[str, tuple[str, str]]:
        """By column, the heading over it and over others with an item, and its own; the unit of a group stands once."""
        heads: dict[str, tuple[str, str]] = {}
        for columns in heading_groups(self.table):
            first, alike = columns[0], len({column.unit.name for column in columns}) == 1
            head = self._with_unit(first.head[self.sheet.lang], first) if alike else first.head[self.sheet.lang]
            for column in columns:
                item = column.item[self.sheet.lang] if alike else self._with_unit(column.item[self.sheet.lang], column)
                heads[column.key] = (head, item) if column.item.zh else ("", head)
        return heads

    def _with_unit(self, text: str, column: PrintedColumn) -> str:
        return self.table.units.with_own_unit(text, column.unit, self.table.unit, self.sheet.lang)

    def head_heights(self, widths: Sequence[float]) -> list[float]:
        """Of the heading rows, and of that of column numbers: as high as the highest of their texts."""
        heads, places = self.heads, {column.key: place for place, column in enumerate(self.table.columns)}
        upper, lower = map(float, HEIGHTS)
        for columns in heading_groups(self.table):
            wide = [widths[places[column.key]] for column in columns]
            head, item = heads[columns[0].key]
            if not head:  # over both rows
                needed = height_of(lines_needed(in_two_lines(item, wide[0]), wide[0]))
                lower = max(lower, needed - upper)
                continue
            upper = max(upper, height_of(lines_needed(head, sum(wide))))
            lower = max(lower, *(height_of(lines_needed(heads[column.key][1], size))
                                 for column, size in zip(columns, wide, strict=True)))  # fmt: skip
        if not self.table.page.numbered:
            return [upper, lower]
        tallest = max(text.count("\n") + 1 for text in self._numbers().values())
        return [upper, lower, 13 * tallest + 3]

    def line_heights(self, widths: Sequence[float]) -> list[float]:
        """Of each line: as high as its longest text needs."""
        heights: list[float] = [LEAST] * len(self.table.lines)
        for column, wide in zip(self.table.columns, widths, strict=True):
            for place in range(len(self.table.lines)) if column.kind == "text" else ():
                value = self._cell(column, place)
                if isinstance(value, str) and value:
                    heights[place] = max(heights[place], height_of(lines_needed(value, wide - TEXT_ROOM)))
        return heights

    def write_heads(self, top: int, widths: Sequence[float]) -> int:
        """Two heading rows, the upper one merged over the items of a list, and where it is asked for the row of column
        numbers; gives the row below them.
        """
        sheet, styles, heads, start = self.sheet, self.styles, self.heads, 0
        for columns in heading_groups(self.table):
            end = start + len(columns) - 1
            head, alone = heads[columns[0].key]
            if not head:
                sheet.merge_range(top, start, top + 1, start, in_two_lines(alone, widths[start]), styles.head())
            elif end > start:
                sheet.merge_range(top, start, top, end, head, styles.head())
            else:
                sheet.write(top, start, head, styles.head())
            for at, column in enumerate(columns, start=start) if head else ():
                sheet.write(top + 1, at, heads[column.key][1], styles.head())
            start = end + 1
        if self.table.page.numbered:
            numbers = self._numbers()
            for at, column in enumerate(self.table.columns):
                sheet.write(top + len(HEIGHTS), at, numbers[column.key], styles.head(Role.LABEL, font_size=SMALL))
        heights = self.head_heights(widths)
        for row, height in enumerate(heights, start=top):
            sheet.set_row(row, height)
        return top + len(heights)

    def _numbers(self) -> dict[str, str]:
        """The columns counted, and below the number which are its sum."""
        counted = [column for column in self.table.columns if not column.stub]
        places = {column.key: place for place, column in enumerate(counted, start=1)}
        texts = {}
        for column in self.table.columns:
            terms = [(sign, places[key]) for sign, key in column.identity] if not column.stub else []
            told = _every(terms) if self.table.page.cut.every_term else _shortened(terms)
            room = SHORT if self.table.page.cut.every_term else ROOM
            parts = _folded("=" + told.removeprefix("+"), room) if terms else []
            number = self.sheet.say("workbook.column_number") if column.stub else f"({places[column.key]})"
            texts[column.key] = "\n".join([number, *parts])
        return texts

    def write_lines(self, top: int, widths: Sequence[float], cells: PrintedCells | None = None) -> int:
        """The lines of the table, live where there are `cells`; gives the row below them."""
        sheet, heights = self.sheet, self.line_heights(widths)
        for place, line in enumerate(self.table.lines):
            row = top + place
            for at, column in enumerate(self.table.columns):
                value = self._cell(column, place)
                text = cells.text(column, place) if cells else ""
                style = _style(self.styles, column, line, live=bool(text))
                if text:
                    write_formula(sheet, row, at, text, style, "" if value is None else value)
                else:
                    write_shown(sheet, row, at, value, style)
            sheet.set_row(row, heights[place])
        return top + len(self.table.lines)


def write_shown(sheet: Sheet, row: int, column: int, value: Shown, style: Look) -> None:
    """A text, a figure, or a blank."""
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, cell_number(value), style)


def heading_groups(table: PrintedTable) -> list[list[PrintedColumn]]:
    """Columns side by side that have items of one heading; any other alone."""
    together = groupby(enumerate(table.columns), lambda held: held[1].head.zh if held[1].item.zh else held[0])
    return [[column for _, column in group] for _, group in together]


def _every(terms: Sequence[tuple[str, int]]) -> str:
    return "".join(f"{sign}({place})" for sign, place in terms)


def _shortened(terms: Sequence[tuple[str, int]]) -> str:
    """Of columns side by side with one sign, more than three, the first and the last: `+(3)+…+(9)`."""
    told = ""
    for _, run in groupby(enumerate(terms), lambda held: (held[1][0] or "+", held[1][1] - held[0])):
        alike = [term for _, term in run]
        first, last = _every(alike[:1]), _every([(alike[-1][0] or "+", alike[-1][1])])
        told += f"{first}{alike[-1][0] or '+'}…{last}" if len(alike) > MOST_TOLD else _every(alike)
    return told


def _folded(identity: str, room: int) -> list[str]:
    """`=(1)+(2)+(3)` in lines that fit a column."""
    lines: list[str] = []
    for term in re.findall(r"[=+\-÷]?[=]?\(\d+\)|[+-]…", identity):
        if lines and len(lines[-1]) + len(term) <= room:
            lines[-1] += term
        else:
            lines.append(term)
    return lines


def _style(styles: Styles, column: PrintedColumn, line: PrintedLine, live: bool) -> Look:
    """A text that is worked out has no format of texts, which Excel would take its formula for one by."""
    if column.key == NUMBER:
        return styles.text(align="center")
    if column.kind != "text":
        return styles.figure(column.cell_number, bold=line.stands_out, indent=1)
    centred = line.kind in ("subtotal", "total") if column.stub else bool(column.entry)
    dress: Dress = {"bold": line.stands_out, "align": "center" if centred else "left", "text_wrap": True}
    if not centred:
        dress["indent"] = 1 + 2 * line.indent * line.summed
    if not live:
        dress["num_format"] = TEXT
    return styles.text(Role.KEY if column.stub or column.key == CODE else Role.LABEL, **dress)
