"""Charts of a report as PNG; none where matplotlib, or a font with the signs, is not on this machine."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO

from allocation.documents.parts import Picture

MOST = 12  # lines of one chart


def draw(picture: Picture, lang: str) -> bytes | None:
    """A bar a row, or a line a series over the years."""
    if find_spec("matplotlib") is None:
        return None
    from allocation.notebook.fonts import font_for

    signs = "".join([picture.caption, *picture.rows, *picture.series]) + "0123456789.%+-"
    if font_for(signs) is None:
        return None
    figure = _bars(picture, lang) if picture.kind == "completion" else _lines(picture)
    figure.axes[0].set_title("", loc="left")  # the caption stands below the picture
    held = BytesIO()
    figure.savefig(held, format="png", dpi=150, bbox_inches="tight", metadata={"Software": None})
    return held.getvalue()


def _bars(picture: Picture, lang: str):
    from allocation.notebook.charts import bars
    from allocation.texts import Both

    (label, values), *_ = picture.series.items()
    rows = [Both(name, name) for name in picture.rows]
    held = [None if value is None else float(value) for value in values]
    title = Both(picture.caption, picture.caption)
    return bars(title, Both(label, label), rows, [(Both(label, label), held)], percent=True, lang=lang).figure


def _lines(picture: Picture):
    from allocation.notebook.charts import COLOURS, GRID, Sheet

    words = [(text, text) for text in (picture.caption, *picture.rows, *picture.series)]
    sheet = Sheet(words, (8, 4.2))
    axes, handles = sheet.axes, []
    shown = list(picture.series.items())[:MOST]
    for place, (_, values) in enumerate(shown):
        points = [(at, float(value) * 100) for at, value in enumerate(values) if value is not None]
        style = {"color": COLOURS[place % len(COLOURS)], "linestyle": "-" if place < len(COLOURS) else "--"}
        handles += axes.plot(*zip(*points, strict=True), marker="o", markersize=4, **style)
    axes.set_xticks(range(len(picture.rows)), picture.rows)
    ticks = [tick for tick in axes.get_yticks() if axes.get_ylim()[0] <= tick <= axes.get_ylim()[1]]
    axes.set_yticks(ticks, [f"{tick:g}%" for tick in ticks])
    axes.grid(axis="y", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    for text in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        sheet.dress(text)
    sheet.legend(handles, [(label, label) for label, _ in shown])
    return sheet.figure
