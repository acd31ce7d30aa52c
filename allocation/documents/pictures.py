"""Charts of a report as PNG; none where matplotlib, or a font with the signs, is not on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from allocation.documents.parts import Picture, percent
from allocation.tables.table import number
from allocation.texts import say
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


def draw(picture: Picture, lang: str) -> bytes | None:
    """A bar a row, or a line a series over the years."""
    if find_spec("matplotlib") is None:
        return None
    from allocation.notebook.fonts import font_for

    signs = "".join([picture.caption, *picture.rows, *picture.series, *_sides(lang)]) + "0123456789.%+-"
    if font_for(signs) is None:
        return None
    figure = _bars(picture, lang) if picture.kind == "completion" else _lines(picture)
    held = BytesIO()
    figure.savefig(held, format="png", dpi=150, bbox_inches="tight", metadata={"Software": None})
    return held.getvalue()


def _sides(lang: str) -> tuple[str, str]:
    return say(lang, "evaluate.bar_met"), say(lang, "evaluate.bar_short")


def _bars(picture: Picture, lang: str) -> Figure:
    """Completion rates with a line at the target; those below it have another colour and are hatched."""
    from allocation.notebook.charts import INK

    values = [number(value) for value in next(iter(picture.series.values()))]  # every county has a rate
    sheet = _sheet(picture, (8, 1.2 + 0.4 * len(values)), _sides(lang))
    axes = sheet.axes
    handles: dict[bool, BarContainer] = {}
    for row, value in enumerate(values):
        met = value >= 1
        long = float(value) * 100
        bar = (
            axes.barh(row, long, 0.62, color=MET)
            if met
            else axes.barh(row, long, 0.62, facecolor="white", edgecolor=SHORT, hatch=HATCH)
        )
        sheet.dress(axes.text(max(long, 100) + 0.8, row, percent(value), va="center"), 9)
        handles.setdefault(met, bar)
    axes.set_xlim(0, 1.13 * max(100.0, *(float(value) * 100 for value in values)))
    axes.axvline(100, color=INK, linewidth=1.2, linestyle="--")
    axes.set_yticks(range(len(picture.rows)), picture.rows)
    axes.set_ylim(len(values) - 0.4, -0.6)
    axes.set_xticks(*_percent_ticks(axes.get_xlim(), axes.get_xticks()))
    _finish(sheet, "x")
    told = [(handles[met], label) for met, label in zip((True, False), _sides(lang), strict=True) if met in handles]
    sheet.legend([handle for handle, _ in told], [(label, label) for _, label in told])
    return sheet.figure


def _lines(picture: Picture) -> Figure:
    sheet = _sheet(picture, (8, 4.2))
    axes = sheet.axes
    handles: list[Artist] = []
    shown = list(picture.series.items())[:MOST]
    for (colour, dash, marker), (_, values) in zip(LINES, shown, strict=False):
        points = [(at, float(value) * 100) for at, value in enumerate(values) if value is not None]
        handles += axes.plot(
            *zip(*points, strict=True), color=colour, linestyle=DASHES[dash], marker=MARKERS[marker], linewidth=1.8,
            markersize=6,
        )  # fmt: skip
    axes.set_xticks(range(len(picture.rows)), picture.rows)
    axes.set_yticks(*_percent_ticks(axes.get_ylim(), axes.get_yticks()))
    _finish(sheet, "y")
    sheet.legend(handles, [(label, label) for label, _ in shown])
    return sheet.figure


def _sheet(picture: Picture, size: tuple[float, float], more: tuple[str, ...] = ()) -> Drawing:
    from allocation.notebook.charts import Drawing

    return Drawing([(text, text) for text in (picture.caption, *picture.rows, *picture.series, *more)], size)


def _percent_ticks(limits: tuple[float, float], ticks: Iterable[float]) -> tuple[list[float], list[str]]:
    """Where the ticks within the limits stand, and what is written at each."""
    low, high = limits
    kept = [tick for tick in ticks if low <= tick <= high]
    return kept, [f"{tick:g}%" for tick in kept]


def _finish(sheet: Drawing, axis: Literal["x", "y"]) -> None:
    from allocation.notebook.charts import GRID

    sheet.axes.grid(axis=axis, color=GRID, linewidth=0.6)
    sheet.axes.set_axisbelow(True)
    for text in (*sheet.axes.get_xticklabels(), *sheet.axes.get_yticklabels()):
        sheet.dress(text)
