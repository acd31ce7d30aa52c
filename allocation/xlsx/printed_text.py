"""The live formulas of a printed table: what a cell says over its line, by the cells of 数据, 测算 and the line."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

from allocation.classes import dataclass
from allocation.language import tree
from allocation.readings.excel import Walk
from allocation.readings.excel_nodes import OPERATORS
from allocation.readings.excel_text import number as literal
from allocation.readings.excel_text import quoted
from allocation.report.printed import PrintedColumn, PrintedLine, PrintedTable
from allocation.report.study import summed_across
from allocation.report.terms import Term, over_terms, term_of
from allocation.xlsx.layout import FIRST, STATE, Layout, letters


def entry_text(layout: Layout, column: PrintedColumn) -> str:
    """An entry of the model, shown only while 状态 is clear; `{r}` is the row of the place."""
    cell = layout.entry(column.entry)
    if column.stands:
        return f'IF(ISNUMBER({cell}),{cell},"")'
    default = column.default  # what a blank stands for
    instead = '""' if default is None else quoted(default) if isinstance(default, str) else literal(default)
    text = f'IF({cell}="",{instead},{cell})' if column.may_be_blank or default is not None else cell
    return f"IF({layout.check(STATE)}=0,{text},NA())"


@dataclass
class LineCells:
    """A table on its sheet: the first column in A, the first line in the zero-based row `top`.

    Sums and derived columns are live; any other figure stands as it is.
    """

    table: PrintedTable
    top: int

    def text(self, column: PrintedColumn, place: int) -> str:
        """The formula of a column on the line at `place`; empty of a cell without one."""
        line = self.table.lines[place]
        if line.summed and column.adds:
            return self.sum(column, line)
        if line.summed and column.total == "blank":
            return ""
        text = self.templates[column.key] if column.node is not None else self.given(column, line)
        for term in column.terms:
            if (sign := _unprinted(term)) in text:
                whole = self.table.lines[self.table.total_line]
                text = text.replace(sign, self.of_rows(term.key, whole if term.of == "whole" else line))
        return self.placed(text, line).replace("{p}", str(self.top + place + 1))

    def given(self, column: PrintedColumn, line: PrintedLine) -> str:
        """The formula of a column that is no formula of the table's own."""
        return ""

    def sum(self, column: PrintedColumn, line: PrintedLine) -> str:
        return f"SUM({self.cells_of(column, line)})"

    def cells_of(self, column: PrintedColumn, line: PrintedLine) -> str:
        """The cells of a column that a line adds up."""
        return ranges(letters(self.columns[column.key]), [self.units[row] for row in line.rows if row in self.units])

    def of_rows(self, name: str, line: PrintedLine) -> str:
        """An entry over the rows of a line, printed or not."""
        raise KeyError(name)

    def of_run(self, name: str) -> str:
        """A figure that is one a run."""
        raise KeyError(name)

    def placed(self, text: str, line: PrintedLine) -> str:
        """A formula with the row of the line's unit on other sheets."""
        return text

    @cached_property
    def columns(self) -> dict[str, int]:
        return {column.key: place for place, column in enumerate(self.table.columns)}

    @cached_property
    def units(self) -> dict[int, int]:
        """The zero-based row of the sheet in which each row of the run's table stands."""
        return {line.rows[0]: self.top + at for at, line in enumerate(self.table.lines) if line.kind == "unit"}

    @cached_property
    def templates(self) -> dict[str, str]:
        """By derived column, with `{r}` the place's row on 数据, `{p}` its own, `{rows(x)}` an entry over the rows."""
        return {column.key: self._template(column, column.node) for column in self.table.columns if column.node}

    def _template(self, column: PrintedColumn, node: tree.Node) -> str:
        if added := summed_across(node):
            return f"SUM({side_by_side([self.columns[term.key] for term in added])})"
        ones = {term.name: (Fraction(1),) for term in column.terms}
        evaluator = over_terms(column.terms, ones, 1)
        walk = LineWalk(evaluator.model, evaluator, _TermPlaces(self))
        text = walk.formula(node)
        return text if column.guard is None else f'IF({walk.formula(column.guard)},{text},"")'

    def cell(self, term: Term) -> str:
        """Where a term stands."""
        if term.of == "run":
            text = self.of_run(term.key)
        elif term.of == "rows" or term.key not in self.columns:
            text = _unprinted(term)
        else:
            row = f"${self.top + self.table.total_line + 1}" if term.of == "whole" else "{p}"
            text = f"{letters(self.columns[term.key])}{row}"
        return f"N({text})" if term.or_0 else text

    def span(self, term: Term) -> str:
        """A column on all lines of units, which stand together."""
        letter, rows = letters(self.columns[term.key]), self.units.values()
        return f"{letter}${min(rows) + 1}:{letter}${max(rows) + 1}"


@dataclass
class PrintedCells(LineCells):
    """The same of a run, whose figures stand on 数据 and 测算."""

    layout: Layout

    def given(self, column: PrintedColumn, line: PrintedLine) -> str:
        return self._entries.get(column.key, "")

    @cached_property
    def _entries(self) -> dict[str, str]:
        return {column.key: self.shown(column) for column in self.table.columns if column.entry}

    def shown(self, column: PrintedColumn) -> str:
        """What a column says that shows an entry of the model, with `{r}` the place's row on 数据."""
        return entry_text(self.layout, column)

    def sum(self, column: PrintedColumn, line: PrintedLine) -> str:
        """Counties without last year's figure are blank, and so is the sum of blanks only."""
        cells = self.cells_of(column, line)
        blank = column.may_be_blank or column.default is not None
        text = f'IF(COUNT({cells})=0,"",SUM({cells}))' if blank else f"SUM({cells})"
        return self._while_left_out_is_nothing(text, column, line)

    def _while_left_out_is_nothing(self, text: str, column: PrintedColumn, line: PrintedLine) -> str:
        """A sum over units of which some have no line, as they get nothing: it stands only as long as they do not."""
        gone = [FIRST + row for row in line.rows if row not in self.units]
        if not gone or not column.entry:
            return text
        sheet, _, cell = self.entry(column.entry).rpartition("!")
        cells = ranges(cell.split("{")[0].strip("$"), gone, sheet).split(",")
        return f"IF({'+'.join(f'SUMPRODUCT(--({span}<>0))' for span in cells)}=0,{text},NA())"

    def placed(self, text: str, line: PrintedLine) -> str:
        return text.replace("{r}", str(FIRST + line.rows[0] + 1))

    def of_run(self, name: str) -> str:
        return self.entry(name)

    def entry(self, name: str) -> str:
        """Where an entry of the model stands."""
        return self.layout.entry(name)

    def of_rows(self, name: str, line: PrintedLine) -> str:
        """Its cell on 数据 or 测算, or their sum."""
        sheet, _, cell = self.entry(name).rpartition("!")
        if not line.summed:
            return f"{sheet}!{cell}"
        column = cell.split("{")[0].strip("$")
        return f"SUM({ranges(column, [FIRST + row for row in line.rows], sheet)})"


@dataclass
class SummaryCells(PrintedCells):
    """The same where no unit has a line: sums over 数据 and 测算 of the rows whose texts are those of the line."""

    def sum(self, column: PrintedColumn, line: PrintedLine) -> str:
        tests = [f"--EXACT({self.span_of(name)},{quoted(text)})" for name, text in line.alike]
        figures = self.span_of(column.entry)
        text = f"SUMPRODUCT({','.join([*tests, figures])})" if tests else f"SUM({figures})"
        return self.layout.unless_broken(text)

    def span_of(self, name: str) -> str:
        """An entry of all rows."""
        sheet, _, cell = self.entry(name).rpartition("!")
        column = "$" + cell.split("{")[0].strip("$")
        return f"{sheet}!{column}${self.layout.first}:{column}${self.layout.last}"


def _unprinted(term: Term) -> str:
    """Where an entry over the rows of a line, or over all, is to be written."""
    return f"{{{'whole' if term.of == 'whole' else 'rows'}({term.key})}}"


class LineWalk(Walk):
    """The workbook reading over lines: each figure is a cell of its own line, compared as it stands."""

    places: _TermPlaces

    def visit(self, node: tree.Node) -> str:
        match node:
            case tree.Compare(op=op, left=left, right=right):
                return f"{self.formula(left)}{OPERATORS.get(op, op)}{self.formula(right)}"
            case tree.Call(fn="rank"):
                x = node.needed("x")
                if isinstance(x, tree.Name):
                    return f"SUMPRODUCT(--({self.places.cells.span(term_of(x.id))}>{self.formula(x)}))+1"
        return super().visit(node)


class _TermPlaces(Layout):
    """The places of a walk over lines, in which each input is a term."""

    def __init__(self, cells: LineCells):
        self.cells = cells

    def input(self, name: str) -> str:
        return self.cells.cell(term_of(name))


def ranges(letter: str, rows: Sequence[int], sheet: str = "") -> str:
    """Zero-based rows of one column as ranges: as few as they make."""
    front = f"{sheet}!" if sheet else ""
    return ",".join(f"{front}{letter}{a + 1}" + (f":{letter}{b + 1}" if b > a else "") for a, b in unbroken(rows))


def side_by_side(columns: Sequence[int]) -> str:
    """`C{p}:D{p},F{p}`: cells of one line as ranges."""
    return ",".join(f"{letters(a)}{{p}}" + (f":{letters(b)}{{p}}" if b > a else "") for a, b in unbroken(columns))


def unbroken(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbours."""
    spans: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if spans and spans[-1][1] == number - 1:
            spans[-1] = spans[-1][0], number
        else:
            spans.append((number, number))
    return spans
