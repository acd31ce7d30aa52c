"""Charts of a report as PNG; none where matplotlib, or a font with the signs, is not on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from allocation.documents.parts import Picture
from allocation.tables.table import number
from allocation.texts.decimals import figure_text
from allocation.xlsx.evaluation_charts import LINES

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.container import BarContainer
    from matplotlib.figure import Figure

    from allocation.notebook.charts import Drawing

MOST = len(LINES)  # lines of one chart
DASHES = {"solid": "-", "dash": "--", "dash_dot": "-.", "round_dot": ":"}
MARKERS = {"circle": "o", "square": "s", "triangle": "^", "diamond": "D", "x": "X"}
MET, SHORT, HATCH = LINES[0][0], LINES[1][0], "///"


def draw(picture: Picture) -> bytes | None:
    """A bar a row, or a line a series over the years."""
    if find_spec("matplotlib") is None:
        return None
    from allocation.notebook.fonts import font_for

    signs = "".join([picture.caption, *picture.rows, *picture.series, *picture.sides]) + "0123456789.%+-"
    if font_for(signs) is None:
        return None
    figure = _bars(picture) if picture.kind == "bars" else _lines(picture)
    held = BytesIO()
    figure.savefig(held, format="png", dpi=150, bbox_inches="tight", metadata={"Software": None})
    return held.getvalue()


def _bars(picture: Picture) -> Figure:
    """A bar a row, with a line at the target; those below it have another colour and are hatched."""
    from allocation.notebook.charts import INK

    values = [number(value) for value in next(iter(picture.series.values())) if value is not None]
    target = picture.target
    sheet = _sheet(picture, (8, 1.2 + 0.4 * len(values)), picture.sides)
    axes, scale = sheet.axes, 100 if picture.percent else 1
    line = float(target) * scale if target is not None else 0.0
    handles: dict[bool, BarContainer] = {}
    for row, value in enumerate(values):
        met = target is None or value >= target
        long = float(value) * scale
        bar = (
            axes.barh(row, long, 0.62, color=MET)
            if met
            else axes.barh(row, long, 0.62, facecolor="white", edgecolor=SHORT, hatch=HATCH)
        )
        at = max(long, line) + 0.008 * (line or max(map(float, values)) * scale)
        sheet.dress(axes.text(at, row, figure_text(value, percent=picture.percent), va="center"), 9)
        handles.setdefault(met, bar)
    axes.set_xlim(0, 1.13 * max(line, *(float(value) * scale for value in values)))
    if target is not None:
        axes.axvline(line, color=INK, linewidth=1.2, linestyle="--")
    axes.set_yticks(range(len(picture.rows)), picture.rows)
    axes.set_ylim(len(values) - 0.4, -0.6)
    axes.set_xticks(*_ticks(axes.get_xlim(), axes.get_xticks(), picture.percent))
    _finish(sheet, "x")
    told = [(handles[met], label) for met, label in zip((True, False), picture.sides, strict=True) if met in handles]
    if target is not None:
        sheet.legend([handle for handle, _ in told], [(label, label) for _, label in told])
    return sheet.figure


def _lines(picture: Picture) -> Figure:
    sheet = _sheet(picture, (8, 4.2))
    axes, scale = sheet.axes, 100 if picture.percent else 1
    handles: list[Artist] = []
    shown = list(picture.series.items())[:MOST]
    for (colour, dash, marker), (_, values) in zip(LINES, shown, strict=False):
        points = [(at, float(value) * scale) for at, value in enumerate(values) if value is not None]
        handles += axes.plot(
            *zip(*points, strict=True), color=colour, linestyle=DASHES[dash], marker=MARKERS[marker], linewidth=1.8,
            markersize=6,
        )  # fmt: skip
    axes.set_xticks(range(len(picture.rows)), picture.rows)
    axes.set_yticks(*_ticks(axes.get_ylim(), axes.get_yticks(), picture.percent))
    _finish(sheet, "y")
    sheet.legend(handles, [(label, label) for label, _ in shown])
    return sheet.figure


def _sheet(picture: Picture, size: tuple[float, float], more: tuple[str, ...] = ()) -> Drawing:
    from allocation.notebook.charts import Drawing

    return Drawing([(text, text) for text in (picture.caption, *picture.rows, *picture.series, *more)], size)


def _ticks(limits: tuple[float, float], ticks: Iterable[float], percent: bool) -> tuple[list[float], list[str]]:
    """Where the ticks within the limits stand, and what is written at each."""
    low, high = limits
    kept = [tick for tick in ticks if low <= tick <= high]
    return kept, [f"{tick:g}%" if percent else figure_text(Fraction(tick)) for tick in kept]


def _finish(sheet: Drawing, axis: Literal["x", "y"]) -> None:
    from allocation.notebook.charts import GRID

    sheet.axes.grid(axis=axis, color=GRID, linewidth=0.6)
    sheet.axes.set_axisbelow(True)
    for text in (*sheet.axes.get_xticklabels(), *sheet.axes.get_yticklabels()):
        sheet.dress(text)
