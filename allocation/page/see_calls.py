"""Calls of the view `see`: what is drawn of a work, as described tables with what of them is drawn."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal, TypedDict

from allocation.analysis.edges import held
from allocation.errors import AllocationError, Problem
from allocation.office.asked import YearsQuestion
from allocation.office.asking_years import open_years
from allocation.page.boundaries import read_boundaries
from allocation.page.call import ApiCall, OfRevision, OfWork, Visit
from allocation.page.names import file_word
from allocation.page.shown import TableShown, table_shown
from allocation.page.works import Work
from allocation.report.charts import (
    DescribedChart,
    change_chart,
    figures_chart,
    in_classes,
    on_maps,
    paths_chart,
    places_chart,
    shares_against,
    shares_chart,
)
from allocation.report.problems_json import TextOfProblem, told
from allocation.texts import Both
from allocation.years.timeline import timeline
from allocation.years.years_table import years_table

MAP_ENDINGS = (".geojson", ".json")
Drawn = Literal["awards", "change", "shares", "years"]


class ChartAsked(OfWork):
    """`against`: what shares are set against; `tables`: of the years before, on the desk."""

    chart: Drawn
    against: str = ""
    tables: tuple[str, ...] = ()


class MapAsked(OfWork):
    """`file`: with the boundaries, on the desk; `of`: the column that is shown."""

    file: str
    of: str = ""


class MapNumbered(OfRevision):
    """审图号 of a file with boundaries, as a person typed it."""

    file: str
    number: str


class DrawableShown(TypedDict):
    key: str
    label: str


class ChartShown(TypedDict):
    """`why`: what is wrong where there is nothing to draw. `drawn`, `marks`, `told`: keys of columns of the table."""

    key: str
    kind: str
    table: TableShown | None
    drawn: list[str]
    marks: list[str]
    told: str
    choices: list[DrawableShown]
    chosen: str
    why: list[TextOfProblem]


class SeeShown(TypedDict):
    """`maps`: files on the desk that may hold boundaries; `years`: tables that may be of years before."""

    maps: list[str]
    years: list[str]


class ClassShown(TypedDict):
    """A class of figures on a map, the lowest first: its text, and the codes of the units in it."""

    text: str
    codes: list[str]


class MapShown(TypedDict):
    """`shapes`: GeoJSON, a feature a unit, named by its code. `approval`: 审图号, of the file or as it was typed.

    `nowhere`: units without a boundary; `nobody`: boundaries without a unit.
    """

    chart: ChartShown
    shapes: dict[str, object]
    aspect: float
    classes: list[ClassShown]
    approval: str
    of_file: bool
    nowhere: list[str]
    nobody: list[str]


def _look(visit: Visit, asked: OfWork) -> SeeShown:
    work = visit.works.get(asked.work)
    files = [*visit.desk.files()]
    tables = [name for name in files if name.lower().endswith((".csv", ".xlsx", ".xls", ".et", ".xlsm"))]
    return {
        "maps": [name for name in files if name.lower().endswith(MAP_ENDINGS)],
        "years": [name for name in tables if name not in (work.table, work.model)],
    }


def _chart(visit: Visit, asked: ChartAsked) -> ChartShown:
    work = visit.works.get(asked.work)
    if asked.chart == "years":
        return described_chart(visit, "years", lambda: _years(visit, work, asked.tables))
    run = visit.engine.run(work)
    charts: dict[str, Callable[[], DescribedChart]] = {
        "awards": lambda: figures_chart(run, run.model.award, held(run)),
        "change": lambda: change_chart(run),
        "shares": lambda: shares_chart(run, asked.against),
    }
    choices = shares_against(run) if asked.chart == "shares" else {}
    return described_chart(
        visit,
        asked.chart,
        charts[asked.chart],
        tuple(run.table.codes),
        choices,
        asked.against or next(iter(choices), ""),
    )


def described_chart(
    visit: Visit, key: str, described: Callable[[], DescribedChart], codes: tuple[str, ...] = (),
    choices: dict[str, Both] | None = None, chosen: str = "",
) -> ChartShown:  # fmt: skip
    """A chart as the page shows it, or why there is none."""
    empty: ChartShown = {
        "key": key, "kind": "", "table": None, "drawn": [], "marks": [], "told": "", "chosen": chosen, "why": [],
        "choices": [{"key": name, "label": label[visit.lang]} for name, label in (choices or {}).items()],
    }  # fmt: skip
    try:
        return {**empty, **_shown(described(), visit, codes)}  # type: ignore[typeddict-item]  # some of its keys
    except AllocationError as error:
        return {**empty, "why": told(error.problems, visit)}


def _shown(chart: DescribedChart, visit: Visit, codes: tuple[str, ...]) -> dict[str, object]:
    return {
        "kind": chart.kind, "table": table_shown(chart.table, visit, codes),
        "drawn": [*chart.drawn], "marks": [*chart.marks], "told": chart.told,
    }  # fmt: skip


def _years(visit: Visit, work: Work, tables: tuple[str, ...]) -> DescribedChart:
    """The years of the table of the work, and of others on the desk. Raises all that is wrong with any."""
    question = visit.engine.question(work)
    paths = [*([question.table] if question.table else []), *(Path(file_word(visit.desk, name)) for name in tables)]
    problems: list[Problem] = []
    years = open_years(
        YearsQuestion(
            model=question.model, tables=tuple(paths), sheet=question.sheet, settings=question.settings,
            reference=question.reference, options=question.options,
        ),
        problems,
    )  # fmt: skip
    if not problems and len(years.tables) < 2:
        raise AllocationError(Problem("charts.one_year"))
    years.refuse(problems)
    run = timeline(years.needed.model, years.tables, years.changes, reference=question.reference)
    return paths_chart(years_table(run, "terminal"), [str(year) for year in run.years])


def _map(visit: Visit, asked: MapAsked) -> MapShown:
    work, path = visit.works.get(asked.work), visit.desk.file(asked.file)
    run = visit.engine.run(work)
    boundaries = read_boundaries(Path(os.path.relpath(path)), run.table.codes)
    choices = on_maps(run)
    chosen = asked.of if asked.of in choices else run.model.award
    described = places_chart(run, chosen)
    codes = dict(zip(run.table.codes, run.table.names, strict=True))
    chart = described_chart(visit, "map", lambda: described, tuple(run.table.codes), choices, chosen)
    return {
        "chart": chart, "shapes": boundaries.drawn(), "aspect": boundaries.aspect,
        "classes": _classes(described, chart, visit),
        "approval": boundaries.approval or work.map_numbers.get(asked.file, ""), "of_file": bool(boundaries.approval),
        "nowhere": boundaries.lacking(codes), "nobody": [*boundaries.others],
    }  # fmt: skip


def _classes(described: DescribedChart, chart: ChartShown, visit: Visit) -> list[ClassShown]:
    """What the colours of a map say, about as many units each."""
    table, key = described.table, described.drawn[0]
    places = [place for place, line in enumerate(table.lines) if not line.summed]
    classes, spans = in_classes([table.figures[key][place] for place in places])
    lines = chart["table"]["lines"] if chart["table"] else []
    column = [printed.key for printed in table.columns].index(key)
    texts = [tuple(lines[places[at]]["cells"][column] for at in span) for span in spans]
    return [
        {"text": low if low == high else visit.say("charts.span", low=low, high=high),
         "codes": [lines[place]["code"] for place, held in zip(places, classes, strict=True) if held == number]}
        for number, (low, high) in enumerate(texts)
    ]  # fmt: skip


def _number(visit: Visit, asked: MapNumbered) -> dict[str, int]:
    """Keeps 审图号 as typed."""
    visit.desk.file(asked.file)
    numbers = {asked.file: asked.number.strip()[:80]}
    work = visit.works.change(asked.work, asked.revision, lambda work: work.model_copy(
        update={"map_numbers": {**work.map_numbers, **numbers}}))  # fmt: skip
    return {"revision": work.revision}


CALLS = (
    ApiCall("see.look", OfWork, SeeShown, _look, changes=False),
    ApiCall("see.chart", ChartAsked, ChartShown, _chart, changes=False),
    ApiCall("see.map", MapAsked, MapShown, _map, changes=False),
    ApiCall("see.number", MapNumbered, dict[str, int], _number),
)
