"""What is to be imported, a row each, as the receiving system writes it: codes in place of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.filling.code_lists import CodeList, coded
from allocation.run.run import Run
from allocation.tables.spelling import fold
from allocation.texts import exact_text
from allocation.xlsx.import_mapping import ImportColumnSpec
from allocation.xlsx.import_mapping import Mapping as Layout
from allocation.xlsx.importing import Cell, import_table

Value = str | Fraction | None  # None is unknown, and stays blank
CODED = ("code", "text", "line")
AMOUNTS = ("figure", "other")


@dataclass(frozen=True)
class FillLine:
    """A row of one unit and, where a unit has several, of one `line` of the layout.

    `values` by column as the receiving system has them, `texts` those of before they were coded. `amounts`: whether
    any of them is not zero.
    """

    unit: str
    name: str
    line: str
    values: Mapping[str, Value]
    texts: Mapping[str, str]
    amounts: bool

    @property
    def called(self) -> str:
        return f"{self.name} · {self.line}" if self.line else self.name

    def says(self, told: Sequence[tuple[ImportColumnSpec, str]]) -> bool:
        """Whether all that a row of a sheet tells in its columns is said of this line, as a code or before that."""
        return all(fold(text) in (fold(self.values[column.name] or ""), fold(self.texts[column.name]))
                   for column, text in told)  # fmt: skip


def fill_lines(run: Run, layout: Layout, lists: Mapping[str, CodeList], problems: list[Problem]) -> list[FillLine]:
    """All rows, the table's units in their order, each with its lines. Raises where totals do not close."""
    table = import_table(run, layout)
    names = [""] if layout.wide or len(layout.lines) == 1 else [line.name for line in layout.lines]
    lines, slips = [], list[Problem]()
    for place, row in enumerate(table.rows):
        unit, line = divmod(place, len(names))
        texts: dict[str, str] = {}
        values: dict[str, Value] = {}
        for column, cell in zip(table.columns, row, strict=True):
            values[column.name] = _value(column, cell)
            if isinstance(cell.value, str):
                texts[column.name] = cell.value
            if column.take in CODED and isinstance(cell.value, str):
                where = f"{layout.file}: [[column]] {column.name}"
                values[column.name] = coded(column, cell.value, lists, where, slips)
        lines.append(FillLine(run.table.codes[unit], run.table.names[unit], names[line], values, texts,
                              table.has_amounts(row)))  # fmt: skip
    problems += AllocationError(slips).problems if slips else []
    return lines


def _value(column: ImportColumnSpec, cell: Cell) -> Value:
    return Fraction(cell.value) if isinstance(cell.value, int) else cell.value


def written(value: Value) -> str:
    """As it is told to a person; an unknown figure as nothing."""
    return exact_text(value) or ""


def imported(lines: Sequence[FillLine], layout: Layout) -> list[FillLine]:
    """Those that are imported: without the lines of nothing where the layout leaves them out."""
    return [line for line in lines if line.amounts or not layout.skip_zero]


def sums_of(lines: Sequence[FillLine], layout: Layout) -> dict[str, Fraction]:
    """The total of every column of amounts."""
    names = [column.name for column in layout.columns if column.take in AMOUNTS]
    held = {name: [value for line in lines if isinstance(value := line.values[name], Fraction)] for name in names}
    return {name: sum(values, Fraction(0)) for name, values in held.items()}
