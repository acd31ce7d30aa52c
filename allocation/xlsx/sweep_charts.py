"""Native charts of a sweep: how far each county's award ranges, and which factor accounts for how much of it."""

from __future__ import annotations

import numpy as np

from allocation.lab import sweep_words as words
from allocation.lab.sweep import measured
from allocation.lab.sweep_measures import Findings, Indices
from allocation.lab.sweep_tables import PLACES
from allocation.language.units import PURE
from allocation.report.formats import number_format
from allocation.sheets.looks import Look
from allocation.sheets.sheet import Sheet, SheetChart
from allocation.texts.decimals import cell_format
from allocation.texts.typefaces import HEAD
from allocation.xlsx.grids import one_page_wide
from allocation.xlsx.styles import BAD, Styles
from allocation.xlsx.sweep_sheets import write_number

MOST = 40  # counties a chart can show and still be read
DATA = 16  # first column of the figures that the charts are drawn from
FIRST = 2
PALE, DARK = "#B8CCE0", "#3F6E9A"
LINES = {"major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}, "min": 0}


def write_charts(sheet: Sheet, findings: Findings, styles: Styles) -> None:
    sweep = findings.swept.sweep
    count, shown = len(sweep.table), min(len(sweep.table), MOST)
    one_page_wide(sheet)
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, 40, DATA - 2)
    sheet.write(0, 0, words.title(findings, sheet.lang), styles.get(font_name=HEAD, font_size=14))
    if count > shown:
        sheet.write(1, 0, sheet.say("sweep.chart_more", most=shown, count=count), styles.note())
    sheet.write(0, DATA, sheet.say("sweep.chart_data"), styles.note())
    names = measured(sweep)[:shown]
    for row, outcome in enumerate(names, start=FIRST):
        sheet.write(row, DATA, outcome.name, styles.text())
    column = DATA + 1
    if findings.spread["lowest"][:shown].min() < 0:
        sheet.write(2, 0, sheet.say("sweep.chart_none"), styles.note())
    else:
        column = _ranges(sheet, findings, column, shown, styles)
    if findings.indices:
        _indices(sheet, findings, findings.indices, column, shown, styles)


def _ranges(sheet: Sheet, findings: Findings, column: int, shown: int, styles: Styles) -> int:
    """Bars from P5 to P95, darker from P25 to P75 (of a grid: lowest to highest); a mark at the baseline."""
    sweep, spread = findings.swept.sweep, findings.spread
    edges = ("p5", "p25", "p75", "p95") if sweep.samples else ("lowest", "highest")
    colours = (PALE, DARK, PALE) if sweep.samples else (DARK,)
    say_edge = [sheet.say(f"sweep.{key}") for key in edges]
    chart, marks = SheetChart({"type": "column", "subtype": "stacked"}), SheetChart({"type": "line"})
    award = sweep.model.columns[sweep.model.award]
    number = styles.figure(number_format(award.unit, award.decimals))
    columns: list[tuple[str, np.ndarray, str | None]] = [(say_edge[0], spread[edges[0]], None)]
    for place, shade in enumerate(colours):
        below, above = edges[place], edges[place + 1]
        columns.append((f"{say_edge[place]}–{say_edge[place + 1]}", spread[above] - spread[below], shade))
    columns.append((sheet.say("sweep.baseline"), spread["baseline"], BAD))
    for place, (name, values, colour) in enumerate(columns):
        series = _series(sheet, column + place, name, values[:shown], number, styles)
        if place == len(columns) - 1:
            mark = {"type": "diamond", "size": 8, "fill": {"color": colour}, "border": {"color": colour}}
            marks.add_series({**series, "marker": mark, "line": {"none": True}})
        else:
            fill = {"color": colour} if colour else {"none": True}
            chart.add_series({**series, "fill": fill, "border": {"none": True}, "gap": 60})
    chart.combine(marks)
    title = sweep.model.units.with_unit(sheet.say("sweep.chart_ranges", award=award.label), award.unit, sheet.lang)
    chart.set_title({"name": title, "name_font": {"size": 13}})
    chart.set_legend({"position": "bottom", "delete_series": [0]})
    chart.set_y_axis({**LINES, "num_format": number.num_format})
    chart.set_size({"width": 900, "height": 380})
    sheet.insert_chart(2, 0, chart)
    return column + len(columns)


def _indices(
    sheet: Sheet, findings: Findings, indices: Indices, column: int, shown: int, styles: Styles
) -> None:  # fmt: skip
    """First-order indices stacked, and what is left to interactions; estimates below 0 are drawn as 0."""
    first = np.nan_to_num(indices.first[:shown]).clip(min=0)
    varies = np.isfinite(indices.first[:shown, 0])
    left = np.where(varies, (1 - first.sum(axis=1)).clip(min=0), 0)
    names = words.named(findings, sheet.lang)
    chart = SheetChart({"type": "column", "subtype": "stacked"})
    for place, (name, values) in enumerate(zip(names, first.T, strict=True)):
        series = _series(sheet, column + place, name, values, styles.figure(number_format(PURE, PLACES)), styles)
        chart.add_series({**series, "gap": 60})
    name = sheet.say("sweep.interaction")
    series = _series(sheet, column + len(names), name, left, styles.figure(number_format(PURE, PLACES)), styles)
    chart.add_series({**series, "gap": 60, "fill": {"color": "#D5DAE0"}})
    chart.set_title({"name": sheet.say("sweep.chart_indices"), "name_font": {"size": 13}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({**LINES, "num_format": cell_format(0, percent=True)})
    chart.set_size({"width": 900, "height": 380})
    sheet.insert_chart(22, 0, chart)


def _series(sheet: Sheet, column: int, name: str, values: np.ndarray, style: Look, styles: Styles) -> dict[str, object]:
    """Writes a column of the charts' figures and says where it stands."""
    sheet.set_column(column, column, 14)
    sheet.write(FIRST - 1, column, name, styles.head())
    for row, value in enumerate(values.tolist(), start=FIRST):
        write_number(sheet, row, column, value, style)
    last = FIRST + len(values) - 1
    title = sheet.get_name()
    return {
        "name": [title, FIRST - 1, column],
        "categories": [title, FIRST, DATA, last, DATA],
        "values": [title, FIRST, column, last, column],
    }
