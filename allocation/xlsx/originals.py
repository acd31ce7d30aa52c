"""The hidden sheet 原值: the figures people may edit, as the program wrote them; live counts of what was edited since.

Figures of 数据 stand in the cells they have there; values and edges of parameters to the right of them, in their rows
on 参数.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import groupby

from allocation.files.limits import COLUMNS, ROWS
from allocation.report.printed import Shown
from allocation.run.run import Run
from allocation.sheets.looks import Role
from allocation.sheets.sheet import Sheet
from allocation.xlsx.grids import cell_number, parameter_entries, write_exact, write_formula
from allocation.xlsx.layout import CODE_COLUMNS, FIRST, LABEL, PARAMETER_FIRST, Layout, letters
from allocation.xlsx.plan import Plan
from allocation.xlsx.styles import Styles

PARAMETERS, FIGURES = (1, 1), (1, 3)  # zero-based cells of the two counts
# LibreOffice takes figures for equal that differ by less than 4 in 10^15 of themselves: parts of a multiple tell more.
SCALES = ("0.7", "7E5")


def edited_count(layout: Layout, of: tuple[int, int]) -> str:
    """The cell that counts the parameters, or the figures, edited since the workbook was written."""
    row, column = of
    return f"'{layout.names['originals']}'!${letters(column)}${row + 1}"


def write_originals(sheet: Sheet, run: Run, plan: Plan, styles: Styles) -> None:
    """Hidden: for the counts on 封面 and for verify, not for reading."""
    layout, counts = plan.layout, _Counts(run, plan.layout)
    sheet.write(0, 0, sheet.say("workbook.originals_legend"), styles.note())
    for (row, column), key, text in (
        (PARAMETERS, "edited_parameters", counts.parameters()),
        (FIGURES, "edited_figures", counts.figures()),
    ):
        sheet.write(row, column - 1, sheet.say(f"workbook.{key}"), styles.note())
        write_formula(sheet, row, column, text, styles.figure("0"), 0)
    for name, column in layout.inputs.items():
        sheet.write(LABEL, column, name, styles.note())
    for (row, column), value in original_cells(run, layout).items():
        write_exact(sheet, row, column, value, styles.text(num_format="@" if isinstance(value, str) else "General"))
    sheet.area(Role.KEPT, PARAMETER_FIRST, 0, ROWS - 1, COLUMNS - 1)  # they have a hash
    sheet.hide()


def original_cells(run: Run, layout: Layout) -> dict[tuple[int, int], Shown]:
    """Every figure people may edit that is not blank, by its cell on 原值."""
    cells: dict[tuple[int, int], Shown] = {}
    for name, column in layout.inputs.items():
        cells |= {(FIRST + row, column): value for row, value in enumerate(run.figures(name)) if value is not None}
    base = parameter_base(layout)
    for name, entry in run.model.parameters.items():
        for (_, edge, value), row in zip(parameter_entries(entry), layout.rows[name], strict=True):
            cells[row, base + 1] = value
            if edge is not None:
                cells[row, base] = edge
    return cells


def parameter_base(layout: Layout) -> int:
    """The column of edges of bands; their values, and other parameters', stand in the next."""
    return CODE_COLUMNS + len(layout.inputs) + 1


def originals_digest(cells: Mapping[tuple[int, int], object]) -> str:
    """A hash of what stands in the cells, figures to fifteen digits: however a program stored them."""
    lines = sorted([row, column, spelt(value)] for (row, column), value in cells.items())
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode("utf-8")).hexdigest()


def spelt(value: object) -> str:
    """A cell's content, figures to fifteen digits, so that 5 and its text, or 0 and a blank, are told apart."""
    value = "" if value is None else cell_number(value) if isinstance(value, bool | Fraction) else value
    return f"{value:.15g}" if isinstance(value, int | float) else f"'{value}"


def held_cells(values: Mapping[tuple[int, int], object]) -> dict[tuple[int, int], object]:
    """Those cells of a sheet 原值 that hold figures as written: not its headings and counts."""
    return {
        (row, column): value
        for (row, column), value in values.items()
        if row >= PARAMETER_FIRST and column >= CODE_COLUMNS and value not in (None, "")
    }


class _Counts:
    """Formulas that count the cells which differ, one term a block of columns."""

    def __init__(self, run: Run, layout: Layout):
        self.run, self.layout = run, layout

    def figures(self) -> str:
        layout = self.layout
        places = [(name, self.run.model.inputs[name].text) for name in layout.inputs]
        terms = []
        for text, group in groupby(places, key=lambda place: place[1]):
            columns = [layout.inputs[name] for name, _ in group]
            block = f"${letters(columns[0])}${layout.first}:${letters(columns[-1])}${layout.last}"
            terms.append(self._differ("data", block, block, text))
        return "+".join(terms) or "0"

    def parameters(self) -> str:
        base = letters(parameter_base(self.layout)), letters(parameter_base(self.layout) + 1)
        terms = []
        for column, first, last, text in self._parameter_blocks():
            here, there = (f"${letter}${first + 1}:${letter}${last + 1}" for letter in ("BC"[column], base[column]))
            terms.append(self._differ("parameters", here, there, text))
        return "+".join(terms) or "0"

    def _parameter_blocks(self) -> Iterator[tuple[int, int, int, bool]]:
        """(0 for edges and 1 for values, first row, last row, whether texts); headings between values are blank."""
        rows = []
        for name, entry in self.run.model.parameters.items():
            places = list(zip(parameter_entries(entry), self.layout.rows[name], strict=True))
            rows += [(row, isinstance(value, str)) for (*_, value), row in places]
            edges = [row for (_, edge, _), row in places if edge is not None]
            if edges:
                yield 0, edges[0], edges[-1], False
        for text, group in groupby(rows, key=lambda place: place[1]):
            block = [row for row, _ in group]
            yield 1, block[0], block[-1], text

    def _differ(self, sheet: str, here: str, there: str, text: bool) -> str:
        now, then = f"'{self.layout.names[sheet]}'!{here}", f"'{self.layout.names['originals']}'!{there}"
        return differ(now, then, text)


def differ(now: str, then: str, text: bool) -> str:
    """The formula that counts in how many cells two ranges differ."""
    if text:  # capitals count, too
        return f"SUMPRODUCT(1-EXACT({now},{then}))"
    apart = f'({now}<>{then})+(({now}="")<>({then}=""))'
    finer = "".join(
        f"+(INT({now}*{scale})<>INT({then}*{scale}))"
        f"+(({now}*{scale}-INT({now}*{scale}))<>({then}*{scale}-INT({then}*{scale})))"
        for scale in SCALES
    )
    # A text typed where a figure was has no parts.
    return f"IFERROR(SUMPRODUCT(--(({apart}{finer})>0)),SUMPRODUCT(--(({apart})>0)))"
