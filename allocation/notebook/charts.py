"""Plots that never show boxes: drawn in Chinese where a font has the signs, else in English with codes for names."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files import whole_files
from allocation.notebook.arguments import PATH, takes
from allocation.notebook.fonts import font_for, missing, own
from allocation.notebook.markup import View
from allocation.notebook.spoken import language, needs, spoken
from allocation.texts import Both, say
from allocation.texts.decimals import figure_text

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.container import BarContainer
    from matplotlib.figure import Figure
    from matplotlib.text import Text

MOST = 30  # rows of one chart
LINE = 40  # signs of a legend's line
COLOURS = ("#3b6ea5", "#d98032", "#5a9367", "#a24d63", "#7a6aa8", "#8a7f5c")
INK, GRID = "#222222", "#cccccc"
Words = tuple[str, str]  # what to write, and what to write where no font holds it


@dataclass(frozen=True)
class ChartRow:
    """A county: shown by name, or by its code where no font has the name."""

    name: str
    code: str


class Chart(View):
    """A drawn chart. `figure` is matplotlib's own; `save` writes a PNG, SVG or PDF file."""

    def __init__(self, figure: Figure, title: str, font: str):
        self.figure, self.title, self.font = figure, title, font

    @takes(path=PATH)
    def save(self, path: str | Path) -> None:
        """Raises AllocationError when the file cannot be written or its ending is of no picture."""
        with spoken():
            try:
                whole_files.place({Path(path): self._draw})
            except ValueError as error:
                raise AllocationError(Problem("notebook.no_picture", {"detail": error}, str(path))) from None

    def _draw(self, path: Path) -> None:
        self.figure.savefig(path, dpi=150, bbox_inches="tight", metadata=_plain(path.suffix))

    def _repr_png_(self) -> bytes:
        held = BytesIO()
        self.figure.savefig(held, format="png", dpi=96, bbox_inches="tight", metadata=_plain(".png"))
        return held.getvalue()

    def __repr__(self) -> str:
        return say(language(), "notebook.chart", title=self.title)


def _plain(ending: str) -> dict[str, None]:
    """No date and no program's name in the file."""
    return {".png": {"Software": None}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(ending.lower(), {})


class Drawing:
    """An empty drawing with one set of axes, and the words on it in the one wording that a font can show."""

    def __init__(self, words: Sequence[Words], size: tuple[float, float]):
        needs("matplotlib")
        import matplotlib
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.font_manager import FontProperties

        first = "".join(pair[0] for pair in words) + "0123456789,.-+%… "
        file = font_for(first)
        self.plain, self.file = file is None, file or font_for("".join(pair[1] for pair in words)) or own()
        self.font = FontProperties(fname=self.file, size=10)
        with matplotlib.rc_context(matplotlib.rcParamsDefault):
            self.figure = Figure(figsize=size, facecolor="white")
            FigureCanvasAgg(self.figure)
            self.axes = self.figure.add_subplot(facecolor="white")
        for side in ("top", "right"):
            self.axes.spines[side].set_visible(False)

    def word(self, pair: Words) -> str:
        text = pair[1 if self.plain else 0]
        lost = missing(text, self.file)
        return "".join("?" if sign in lost else sign for sign in text)

    def finish(self, title: Words, axis: Words, rows: Sequence[Words], percent: bool) -> Chart:
        """Ticks, labels and title, all in the one font."""
        axes = self.axes
        low, high = axes.get_xlim()
        ticks = [tick for tick in axes.xaxis.get_major_locator().tick_values(low, high) if low <= tick <= high]
        axes.set_xticks(ticks, [_tick(tick, percent) for tick in ticks])
        axes.set_xlim(low, high)
        axes.set_yticks(range(len(rows)), [self.word(row) for row in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.grid(axis="x", color=GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.set_xlabel(self.word(axis))
        heading = axes.set_title(self.word(title), loc="left")
        for text in (*axes.get_xticklabels(), *axes.get_yticklabels(), axes.xaxis.label):
            self.dress(text)
        self.dress(heading, 12)
        return Chart(self.figure, self.word(title), self.file)

    def values(self, bars: BarContainer, texts: Sequence[str]) -> None:
        """Figures at the ends of bars."""
        for text in self.axes.bar_label(bars, texts, padding=3):
            self.dress(text, 9)
        self.axes.margins(x=0.08)

    def legend(self, handles: Sequence[Artist | BarContainer], labels: Sequence[Words]) -> None:
        words = [self.word(label) for label in labels]
        below = -0.55 / (self.figure.get_figheight() * self.axes.get_position().height)
        shown = self.axes.legend(
            handles, words, prop=self.font, frameon=False, loc="upper left", bbox_to_anchor=(0, below), borderaxespad=0,
            ncols=max(1, min(len(words), LINE // max(map(len, words)))),
        )  # fmt: skip
        for text in shown.get_texts():
            self.dress(text)

    def dress(self, text: Text, size: int = 10) -> None:
        text.set_fontproperties(self.font)
        text.set_fontsize(size)
        text.set_color(INK)
        text.set_parse_math(False)


def _known(value: float | None) -> float:
    """A blank, or what is not a number, has no bar."""
    return 0.0 if value is None or value != value else value


def _tick(value: float, percent: bool) -> str:
    exact = Fraction(f"{value:.10g}")
    return f"{float(exact * 100):g}%" if percent else figure_text(exact)


def cut_note(count: int) -> Both:
    """“图中只画前 30 个” beside the axis, where more stand in the frame."""
    texts = [say(lang, "notebook.cut", most=MOST, count=count) if count > MOST else "" for lang in ("zh", "en")]
    return Both(*texts)


def joined(*parts: Both) -> Both:
    return Both("".join(part.zh for part in parts), "".join(part.en for part in parts))


@dataclass(frozen=True)
class Spans:
    """Figures a row: how far a result may move, its middle, what stands now; `words` name the span and these two."""

    low: Sequence[float]
    middle: Sequence[float]
    high: Sequence[float]
    now: Sequence[float]
    words: tuple[Both, Both, Both]


@dataclass(frozen=True)
class Plots:
    """Draws in one language."""

    lang: str

    def worded(self, text: Both | ChartRow | str) -> Words:
        """What to write, and what in English or by code where no font holds it."""
        if isinstance(text, Both):
            return text[self.lang], text.en
        if isinstance(text, ChartRow):
            return text.name, text.name if text.name.isascii() else text.code
        return text, text

    def bars(
        self, title: Both, axis: Both, rows: Sequence[ChartRow | Both],
        series: Sequence[tuple[Both, Sequence[float | None]]],
        percent: bool = False, marks: tuple[Both, Sequence[float | None]] | None = None,
    ) -> Chart:  # fmt: skip
        """Bars side by side, a group a row, the first series longest first by the caller's order.

        `marks` are points.
        """
        shown = min(len(rows), MOST)
        axis = joined(axis, cut_note(len(rows)))
        labels = [self.worded(row) for row in rows[:MOST]]
        legends = [self.worded(label) for label, _ in series] + ([self.worded(marks[0])] if marks else [])
        heights = 1.4 + shown * max(0.3, 0.17 * len(series))
        sheet = Drawing([self.worded(title), self.worded(axis), *labels, *legends], (8, heights))
        width = 0.8 / max(1, len(series))
        bars: list[BarContainer] = []
        for place, (_, values) in enumerate(series):
            offset = (place - (len(series) - 1) / 2) * width
            kept = [_known(value) for value in values[:MOST]]
            at = [row + offset for row in range(shown)]
            bars.append(sheet.axes.barh(at, kept, width * 0.92, color=COLOURS[place % len(COLOURS)]))
        handles: list[Artist | BarContainer] = [*bars]
        if marks:
            points = [(value, row) for row, value in enumerate(marks[1][:MOST]) if value is not None]
            across, down = [value for value, _ in points], [row for _, row in points]
            handles.append(sheet.axes.scatter(across, down, marker="D", s=22, color=INK, zorder=3))
        sheet.axes.axvline(0, color=INK, linewidth=0.8)
        if len(series) == 1:
            sheet.values(bars[0], [_tick(_known(value), percent) for value in series[0][1][:MOST]])
        chart = sheet.finish(self.worded(title), self.worded(axis), labels, percent)
        if len(legends) > 1:
            sheet.legend(handles, legends)
        return chart

    def ranges(self, title: Both, axis: Both, rows: Sequence[ChartRow | Both], spans: Spans) -> Chart:
        """A span a row with its middle, and what stands now as a mark: how far a result may move."""
        shown = min(len(rows), MOST)
        axis = joined(axis, cut_note(len(rows)))
        labels = [self.worded(row) for row in rows[:MOST]]
        legends = [self.worded(words) for words in spans.words]
        sheet = Drawing([self.worded(title), self.worded(axis), *labels, *legends], (8, 1.4 + 0.34 * shown))
        at, axes = list(range(shown)), sheet.axes
        widths = [spans.high[row] - spans.low[row] for row in at]
        handles: list[Artist | BarContainer] = [
            axes.barh(at, widths, 0.5, left=list(spans.low[:MOST]), color=COLOURS[0], alpha=0.45),
            axes.scatter(spans.middle[:MOST], at, marker="|", s=160, color=COLOURS[0], zorder=3),
            axes.scatter(spans.now[:MOST], at, marker="D", s=22, color=INK, zorder=4),
        ]
        axes.set_xlim(left=min(0, *spans.low))
        chart = sheet.finish(self.worded(title), self.worded(axis), labels, False)
        sheet.legend(handles, legends)
        return chart
