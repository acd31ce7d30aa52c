"""Several years as a described table: what every unit has in each, and how much more than the year before."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from allocation.language import tree
from allocation.report.printed import PrintedColumn, PrintedLine, PrintedTable
from allocation.report.study import study_table
from allocation.report.terms import Term
from allocation.run.marks import marks
from allocation.texts import Both, Worded, both, say
from allocation.texts.spans import year_span
from allocation.years.timeline import Timeline


def years_table(timeline: Timeline, reader: Literal["workbook", "terminal"]) -> PrintedTable:
    """A unit that comes had nothing the year before; where it is in neither year, nothing is said.

    `workbook`: 合计 first, and the changes; `terminal`: the years alone, 合计 last.
    """
    base = timeline.runs[-1]
    model, award = base.model, base.model.columns[base.model.award]
    adds = model.adds_up(model.award)
    heads = {year: _said_year(timeline, year) for year in timeline.years}
    columns = [
        PrintedColumn(str(year), award.label, award.unit, award.decimals, total="sum" if adds else "blank",
                      heading=award.label, item=heads[year])
        for year in timeline.years
    ]  # fmt: skip
    if reader == "workbook":
        columns += [
            PrintedColumn(f"change {year}", both("timeline.change"), award.unit, award.decimals, total="sum",
                          heading=both("timeline.change"), item=heads[year], node=_more(year, before))
            for before, year in zip(timeline.years, timeline.years[1:], strict=False)
        ]  # fmt: skip
    values = {}
    for year, run in zip(timeline.years, timeline.runs, strict=True):
        figures = dict(zip(run.table.codes, run.figures(run.model.award), strict=True))
        values[str(year)] = tuple(figures.get(code) for code in timeline.counties)
    total: Literal["first", "last", "none"] = "first" if reader == "workbook" else "last" if adds else "none"
    table = study_table("years", Worded(lambda lang: _title(timeline, lang)), award.unit, model.units,
                       timeline.counties, columns, values, total)  # fmt: skip
    return replace(table, lines=tuple(map(_checked, table.lines))) if model.apart else table


def _checked(line: PrintedLine) -> PrintedLine:
    """合计 over what is booked apart, for checking only."""
    return replace(line, label=both("workbook.total_checked"), mixed=True) if line.kind == "total" else line


def _more(year: int, before: int) -> tree.Node:
    return tree.Binary("-", Term(str(year), or_0=True).node, Term(str(before), or_0=True).node)


def _title(timeline: Timeline, lang: str) -> str:
    base, years = timeline.runs[-1], year_span(timeline.years[0], timeline.years[-1], lang)
    return say(lang, "timeline.title", model=base.model.label, years=years) + marks(base)[lang]


def _said_year(timeline: Timeline, year: int) -> Both:
    return Worded(lambda lang: f"{year}{say(lang, 'timeline.ahead')}" if year in timeline.projected else str(year))
