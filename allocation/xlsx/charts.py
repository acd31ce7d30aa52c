"""Native Excel charts of a comparison: they follow the cells, so an edit moves them."""

from __future__ import annotations

from allocation.analysis.compare import Comparison
from allocation.report.comparison import AWARD, HEAD, MOVED
from allocation.run.marks import marks
from allocation.sheets.sheet import Book, Sheet
from allocation.xlsx.grids import one_page_wide

COLOURS = ("#5B7DB1", "#E08E45", "#7A9E5F", "#B5525C", "#8A6BB0", "#4FA3A5", "#C2A33A", "#7F7F7F")  # the baseline first
MOST = len(COLOURS)  # scenarios a chart can show and still be read
TOP = 6  # zero-based row of the first county on 比较


def write_charts(book: Book, sheet: Sheet, comparison: Comparison, source: str) -> None:
    """Awards by county, changes by county, awards a head: a series a scenario, the first eight."""
    one_page_wide(sheet, landscape=True)
    places = {column.key: place for place, column in enumerate(comparison.table.columns)}
    kinds = [kind for kind in (AWARD, MOVED, HEAD) if comparison.compared[-1].key(kind) in places]
    last = TOP + len(comparison.base.table) - 1
    slots = _each(comparison, sheet.lang)
    for place, kind in enumerate(kinds):
        chart = book.add_chart({"type": "column"})
        for each in comparison.compared[:MOST]:
            if each.key(kind) not in places:
                continue
            column = places[each.key(kind)]
            chart.add_series({
                "name": each.label[sheet.lang],
                "categories": [source, TOP, 0, last, 0],
                "values": [source, TOP, column, last, column],
                "fill": {"color": COLOURS[each.number]},
            })  # fmt: skip
        if not chart.series:
            continue
        title = sheet.say(f"comparison.chart_{kind}", **slots) + marks(comparison.base)[sheet.lang]
        chart.set_title({"name": title, "name_font": {"size": 13}})
        chart.set_legend({"position": "bottom"})
        axis = {"major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}}
        chart.set_x_axis({"label_position": "low"})  # below the bars that fall, not under them
        chart.set_y_axis(axis if kind == MOVED else {**axis, "min": 0})  # bars of amounts stand on zero
        chart.set_size({"width": 900, "height": 360})
        sheet.insert_chart(1 + place * 19, 0, chart)
    if len(comparison.runs) > MOST:
        sheet.write(0, 0, sheet.say("comparison.more", most=MOST, count=len(comparison.runs)))


def _each(comparison: Comparison, lang: str) -> dict[str, object]:
    """What the award is divided by, and the unit of the quotient; empty where there is no such thing."""
    model = comparison.model
    if not model.per_person:
        return {}
    people = model.entry(model.per_person)
    names = [unit.name for unit in (model.columns[model.award].unit, people.unit)]
    return {"people": people.label, "unit": model.units.label("/".join(names), lang) if all(names) else ""}
