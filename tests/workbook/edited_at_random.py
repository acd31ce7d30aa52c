"""Edits a person may make to a workbook of ours, drawn at random: yellow cells of any sheet, each with a figure, a text
or a blank that its parameter or input allows.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from allocation.policy.model import Input, Parameter
from allocation.run.run import Run
from allocation.xlsx.layout import Layout, letters

Place = tuple[str, str]


@dataclass(frozen=True)
class Yellow:
    """One cell to edit: what its parameter or input is, and what it holds now. `edge`: the upper edge of a band."""

    place: Place
    entry: Input | Parameter
    held: object
    others: tuple = ()
    edge: bool = False


def yellow(run: Run, layout: Layout) -> Iterator[Yellow]:
    """Every yellow cell of the sheets 参数 and 数据 of one run."""
    sheet = layout.names["parameters"]
    column = letters(getattr(layout, "value_column", 2))
    for name, entry in run.model.parameters.items():
        values = [band.value for band in entry.bands] or [value for _, value in entry.values] or [entry.value]
        for row, value in zip(layout.rows[name], values, strict=True):
            yield Yellow((sheet, f"{column}{row + 1}"), entry, value, tuple(values))
        for row, band in zip(layout.rows[name], entry.bands, strict=False):
            if band.edge is not None:
                yield Yellow((sheet, f"B{row + 1}"), entry, band.edge, edge=True)
    sheet = layout.names["data"]
    for name, entry in run.model.inputs.items():
        figures = run.figures(name)
        for row, value in enumerate(figures):
            if not (layout.printed and name == run.model.group):
                yield Yellow((sheet, f"{letters(layout.inputs[name])}{layout.first + row}"), entry, value, figures)


def typed(cell: Yellow, draw: random.Random) -> object:
    """Something else that may stand in the cell."""
    entry, held = cell.entry, cell.held
    if getattr(entry, "optional", False) and held is not None and draw.random() < 0.3:
        return None
    if isinstance(held, str) or getattr(entry, "text", False):
        choices = [one for one in (getattr(entry, "one_of", ()) or cell.others) if one is not None]
        return draw.choice(choices) if choices else "甲"
    if cell.edge:
        return float(held * Fraction(draw.choice((101, 99)), 100))
    places = entry.decimals if entry.decimals is not None else 4
    old = held if held is not None else Fraction(draw.randint(0, 500))
    new = round(
        old * Fraction(draw.choice((8037, 9512, 9901, 10113, 12049, 10000)), 10000) + draw.choice((0, 0, 1)), places
    )
    low, high = entry.min, entry.max
    new = max(new, low) if low is not None else new
    new = min(new, high) if high is not None else new
    return int(new) if new.denominator == 1 else float(new)


def edits(cells: list[Yellow], draw: random.Random) -> dict[Place, object]:
    """One to five cells, each with what is typed into it."""
    return {cell.place: typed(cell, draw) for cell in draw.sample(cells, draw.randint(1, min(5, len(cells))))}
