"""Charts of an evaluation over the cells of its sheet: urbanisation rates and completion, a line a county."""

from __future__ import annotations

from collections.abc import Sequence

from allocation.classes import dataclass
from allocation.sheets.sheet import Sheet, SheetChart
from allocation.texts.decimals import cell_format

# Colour, dash and marker by Excel's names: told apart by the colour-blind, and by dash and marker in grey print.
LINES = (
    ("#0072B2", "solid", "circle"),
    ("#D55E00", "dash", "square"),
    ("#009E73", "dash_dot", "triangle"),
    ("#CC79A7", "round_dot", "diamond"),
    ("#000000", "solid", "x"),
    ("#E69F00", "dash", "circle"),
    ("#56B4E9", "dash_dot", "square"),
    ("#7A4B9A", "round_dot", "triangle"),
    ("#5C5C5C", "solid", "diamond"),
    ("#8C510A", "dash", "x"),
    ("#01665E", "dash_dot", "circle"),
    ("#B2182B", "round_dot", "square"),
)
WIDE, HIGH, APART, A_PAGE = 860, 420, 23, 2  # pixels; rows from chart to chart; charts on a printed page


@dataclass(frozen=True)
class LineChart:
    """`rows` of the sheet are its lines, columns `first` to `last` its years, which stand in row `head`.

    `full`: the axis runs from 0 to 100 %.
    """

    title: str
    axis: str
    head: int
    first: int
    last: int
    rows: tuple[int, ...]
    full: bool
    percent: bool = True


def write_charts(sheet: Sheet, source: str, charts: Sequence[LineChart]) -> None:
    """Charts of the sheet `source`, two a printed page; each has at most as many lines as LINES."""
    for place, lines in enumerate(charts):
        chart = SheetChart({"type": "line"})
        for row, (colour, dash, marker) in zip(lines.rows, LINES, strict=False):
            chart.add_series({
                "name": [source, row, 1],
                "categories": [source, lines.head, lines.first, lines.head, lines.last],
                "values": [source, row, lines.first, row, lines.last],
                "line": {"color": colour, "width": 1.75, "dash_type": dash},
                "marker": {"type": marker, "size": 6, "border": {"color": colour}, "fill": {"color": colour}},
            })  # fmt: skip
        chart.set_title({"name": lines.title, "name_font": {"size": 13}})
        chart.set_x_axis({"name": sheet.say("evaluate.years")})
        grid = {"visible": True, "line": {"color": "#DDDDDD"}}
        ends = {"min": 0, "max": 1} if lines.full else {}
        chart.set_y_axis(
            {"name": lines.axis, "num_format": cell_format(0, percent=lines.percent), "major_gridlines": grid, **ends}
        )
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": WIDE, "height": HIGH})
        sheet.insert_chart(place * APART, 0, chart)
    sheet.set_column(0, 0, WIDE / 7)  # one column holds a chart: its width is then alike in every program
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5)
    sheet.set_print_scale(75)  # two charts fit a page, none is cut
    sheet.set_h_pagebreaks([place * APART for place in range(A_PAGE, len(charts), A_PAGE)])
