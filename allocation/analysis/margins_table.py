"""What one unit more of an input brings, as a described table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from allocation.analysis.margins import Margins
from allocation.report.printed import PrintedColumn, PrintedTable, Shown
from allocation.report.study import study_table
from allocation.run.marks import marks
from allocation.texts import Worded, both, say
from allocation.texts.decimals import UNROUNDED, typed

GAIN, PAID, BOUND = "gain", "award", "bound"


def margins_table(result: Margins, bounds: Mapping[str, str] | None = None) -> PrintedTable:
    """Before rounding by one unit, and what the step is then paid; `bounds`: who stands at one, by code."""
    model = result.run.model
    award = model.columns[model.award]
    columns = [
        PrintedColumn(GAIN, both("study.gain"), award.unit, UNROUNDED),
        PrintedColumn(PAID, both("study.paid"), award.unit, award.decimals),
    ]
    values: dict[str, Sequence[Shown]] = {
        GAIN: tuple(county.gain for county in result.counties),
        PAID: tuple(county.award for county in result.counties),
    }
    if bounds is not None:
        words = tuple((side, both(f"study.at_{side}")) for side in dict.fromkeys(bounds.values()))
        columns.append(PrintedColumn(BOUND, both("study.bound"), kind="text", words=words))
        values[BOUND] = tuple(bounds.get(county.code) for county in result.counties)
    places = [(county.code, county.name) for county in result.counties]
    title = Worded(lambda lang: _title(result, lang))
    return study_table("margins", title, award.unit, model.units, places, columns, values, "none")


def _title(result: Margins, lang: str) -> str:
    model = result.run.model
    unit = model.units.label(model.columns[model.award].unit.name, lang)
    slots = {"input": model.inputs[result.input].label, "step": typed(result.step), "unit": unit}
    return say(lang, "study.margins_head", marks=marks(result.run), **slots)
