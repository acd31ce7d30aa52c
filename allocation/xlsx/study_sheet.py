"""A table of a study on a sheet: its headings in one row, or in two where columns have items, and its lines.

`cells` say what is live; what has no formula, or where there are none, stands as the figure it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from allocation.classes import dataclass
from allocation.report.formats import TEXT
from allocation.report.printed import PrintedColumn, PrintedLine, PrintedTable
from allocation.report.study import head_of
from allocation.sheets.looks import Look, Role
from allocation.sheets.sheet import Sheet
from allocation.xlsx.grids import write_formula
from allocation.xlsx.printed_table import heading_groups, write_shown
from allocation.xlsx.printed_text import LineCells
from allocation.xlsx.styles import Styles


@dataclass(frozen=True)
class StudySheet:
    """`head`: the zero-based row of the (upper) headings; `nothing`: what stands where there is no figure."""

    sheet: Sheet
    table: PrintedTable
    head: int
    styles: Styles
    cells: LineCells | None = None
    nothing: str | None = None

    @property
    def top(self) -> int:
        """The row of the first line."""
        return self.head + heading_rows(self.table)

    def write(self, widths: Sequence[float] = ()) -> int:
        """Gives the row below the last line."""
        for at, size in enumerate(widths):
            self.sheet.set_column(at, at, size)
        self.write_heads()
        return self.write_lines(self.top)

    def write_lines(self, top: int) -> int:
        for place, line in enumerate(self.table.lines):
            for at, column in enumerate(self.table.columns):
                self.put(place, line, (top + place, at), column)
        return top + len(self.table.lines)

    def write_heads(self) -> None:
        sheet, style, start = self.sheet, self.styles.head(), 0
        for columns in heading_groups(self.table):
            end, first = start + len(columns) - 1, columns[0]
            if self.top == self.head + 1:
                sheet.write(self.head, start, head_of(first, self.sheet.lang), style)
            elif not first.item.zh:
                sheet.merge_range(self.head, start, self.head + 1, start, first.label[self.sheet.lang], style)
            elif end > start:
                sheet.merge_range(self.head, start, self.head, end, first.head[self.sheet.lang], style)
            else:
                sheet.write(self.head, start, first.head[self.sheet.lang], style)
            for at, column in enumerate(columns, start=start) if first.item.zh else ():
                sheet.write(self.head + 1, at, column.item[self.sheet.lang], style)
            start = end + 1

    def put(self, place: int, line: PrintedLine, to: tuple[int, int], column: PrintedColumn) -> None:
        (row, at), value = to, self.table.cell(column, place, self.sheet.lang)
        text = self.cells.text(column, place) if self.cells and value is not None else ""
        style = self.look(column, line)
        if text:
            write_formula(self.sheet, row, at, text, style, value)
        else:
            write_shown(self.sheet, row, at, self.nothing if value is None else value, style)

    def look(self, column: PrintedColumn, line: PrintedLine) -> Look:
        if column.kind == "text":
            role = Role.KEY if column.stub or column.key == self.table.columns[0].key else Role.LABEL
            return self.styles.text(role, bold=line.summed, num_format=TEXT, text_wrap=True)
        return self.styles.figure(column.cell_number, bold=line.summed)


def heading_rows(table: PrintedTable) -> int:
    return 2 if any(column.item.zh for column in table.columns) else 1
