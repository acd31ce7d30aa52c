"""原值 of a comparison or a timeline that holds values: what each run was written with, and how much was edited since.

A workbook that recalculates needs none: its awards follow whatever is typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from allocation.classes import dataclass
from allocation.run.run import Run
from allocation.sheets.sheet import Sheet
from allocation.tables.keys import Figure
from allocation.xlsx.blocks import Block
from allocation.xlsx.grids import parameter_entries, write_exact
from allocation.xlsx.layout import FIRST, letters
from allocation.xlsx.originals import differ
from allocation.xlsx.plan import Plan
from allocation.xlsx.styles import Styles


@dataclass(frozen=True)
class Area:
    """Cells beside and below one another on a sheet; `columns` has the figures of each, None where there is none."""

    sheet: str
    column: int
    row: int
    columns: tuple[tuple[Figure | bool, ...], ...]
    text: bool = False

    def span(self, column: int) -> str:
        """Where it stands when its first column is `column`."""
        last = column + len(self.columns) - 1
        return f"${letters(column)}${self.row + 1}:${letters(last)}${self.row + len(self.columns[0])}"


def edits(run: Run, plan: Plan, number: int, starts: Sequence[int]) -> str:
    """The formula that counts the cells of one run which are no longer as written."""
    title, start, terms = plan.layout.names["originals"], starts[number], []
    for area in _areas(run, plan.block, number):
        now, then = f"'{area.sheet}'!{area.span(area.column)}", f"'{title}'!{area.span(start)}"
        terms.append(differ(now, then, area.text))
        start += len(area.columns)
    return "+".join(terms) or "0"


def starts_of(runs: Sequence[Run], plans: Sequence[Plan]) -> list[int]:
    """The first column of each run on 原值, and that behind the last."""
    starts = [0]
    for number, (run, plan) in enumerate(zip(runs, plans, strict=True)):
        starts.append(starts[-1] + sum(len(area.columns) for area in _areas(run, plan.block, number)))
    return starts


def write_study_originals(sheet: Sheet, runs: Sequence[Run], plans: Sequence[Plan], styles: Styles) -> None:
    sheet.write(0, 0, sheet.say("workbook.originals_legend"), styles.note())
    column = 0
    for number, (run, plan) in enumerate(zip(runs, plans, strict=True)):
        for area in _areas(run, plan.block, number):
            for values in area.columns:
                for row, value in enumerate(values, start=area.row):
                    look = styles.text(num_format="@" if isinstance(value, str) else "General")
                    write_exact(sheet, row, column, value, look)
                column += 1
    sheet.hide()


def _areas(run: Run, layout: Block, number: int) -> list[Area]:
    """What a run computes from: values of parameters, edges of bands once for all runs, inputs of its own."""
    values: dict[int, Figure] = {}
    edges: dict[int, Figure] = {}
    for name, entry in run.model.parameters.items():
        for (_, edge, value), row in zip(parameter_entries(entry), layout.rows[name], strict=True):
            values[row] = value
            edges |= {row: edge} if edge is not None else {}
    sheet = layout.names["parameters"]
    areas = [_area(sheet, layout.value_column, values)] if values else []
    areas += [_area(sheet, 1, edges)] if edges and not number else []
    yearly = layout.names["data"] != layout.say("workbook.sheet_data")
    inputs = layout.inputs if yearly or not number else {}
    for title, places in ((layout.names["data"], inputs), (layout.names["calculation"], layout.changed_columns)):
        for text, names in groupby(places, key=lambda name: run.model.inputs[name].text):
            group = list(names)
            columns = tuple(run.figures(name) for name in group)
            areas.append(Area(title, places[group[0]], FIRST, columns, text))
    return areas


def _area(sheet: str, column: int, figures: dict[int, Figure]) -> Area:
    """One column from the first row to the last; headings between parameters are blank."""
    first, last = min(figures), max(figures)
    return Area(sheet, column, first, (tuple(figures.get(row) for row in range(first, last + 1)),))
