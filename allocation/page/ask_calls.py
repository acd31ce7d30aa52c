"""Calls of the view `ask`: a figure that somebody clicked, why it is what it is, and what would move it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TypedDict

from allocation.analysis.addresses import as_typed, form_label, name_shown
from allocation.analysis.decompose import Decomposition, decompose, how
from allocation.analysis.decomposed_table import decomposed_table
from allocation.analysis.edges import held, near_edges
from allocation.analysis.explain import explain, find_column, find_county
from allocation.analysis.explained import INDENT, heading, opening, steps, why_lines
from allocation.analysis.headline import AVERAGED, ORDERS, since_last_year
from allocation.analysis.margins import margins, person_input
from allocation.analysis.margins_table import margins_table
from allocation.analysis.total_moved import difference_sentence
from allocation.analysis.two_units import two_units
from allocation.errors import AllocationError, Problem, tried
from allocation.language.units import PURE
from allocation.office.asked import SeekQuestion
from allocation.office.asking import on_base, open_table
from allocation.office.asking_comparison import named_scenarios
from allocation.office.asking_numbers import in_unit, open_with_numbers
from allocation.office.asking_seek import open_search
from allocation.page.call import FEW_RUNS, MANY_RUNS, ApiCall, OfWork, Visit
from allocation.page.names import scenario_word
from allocation.page.shown import TableShown, table_shown
from allocation.page.works import Work
from allocation.readings.amounts import amount
from allocation.readings.derivation import ToldStep
from allocation.run.required import is_lacking
from allocation.run.run import Run
from allocation.run.scenario import entry_of, parse_assignments
from allocation.texts import both
from allocation.texts.decimals import figure_text

DEPTH = 6  # levels of named figures that can be unfolded
TRIED, LAST = ".tried", ".last"  # what a difference can be against, beside scenarios


class OfUnit(OfWork):
    """A unit by its code."""

    code: str


class OfFigure(OfUnit):
    """`column`: a name or label; empty for what is handed out."""

    column: str = ""


class SeekAsked(OfFigure):
    """Which value of `vary` brings the figure to `target`; both as a person types them."""

    vary: str
    target: str
    low: str = ""
    high: str = ""


class Raised(OfUnit):
    """`of`: an input, empty for the people the model divides by; `step`: by how much."""

    of: str = ""
    step: str = ""


class BesideAsked(OfUnit):
    """`other`: the second unit, by code or name."""

    other: str


class DifferenceAsked(OfUnit):
    """`against`: `.last` (last year's figures), `.tried` (what is tried now), or a scenario."""

    against: str


class AskableShown(TypedDict):
    """`now`: what stands, with its unit, of what can be varied; empty of columns."""

    name: str
    label: str
    now: str


class AskShown(TypedDict):
    """What can be asked: `units` by code, `columns`, the `settings` that a search may vary, `inputs` that may be
    raised; `people`: the one that counts people, where the model says which."""

    units: list[list[str]]
    columns: list[AskableShown]
    settings: list[AskableShown]
    inputs: list[AskableShown]
    people: str


class DerivedShown(TypedDict):
    """A line of a derivation; `name`: of the figure, where it can be asked itself."""

    text: str
    name: str
    beside: list[str]
    below: list[DerivedShown]


class WhyShown(TypedDict):
    """A line; `inner` belongs to the one before it."""

    text: str
    inner: bool


class FigureShown(TypedDict):
    """`sentence`: the director's, empty of what is no figure of a unit."""

    heading: str
    code: str
    name: str
    column: str
    label: str
    award: bool
    sentence: str
    step: DerivedShown
    why: list[WhyShown]


class MovedShown(TypedDict):
    """A table of one unit, what it comes to in a `sentence` (may be empty), and what is to be said of how."""

    sentence: str
    table: TableShown | None
    lines: list[str]


class SearchPart(TypedDict):
    """A line, or rows of texts below their headings."""

    text: str
    heads: list[str]
    rows: list[list[str]]


class SearchShown(TypedDict):
    """`answer`: the value that reaches the target as it is typed into the setting `vary`, empty where none does;
    `use`: what using it is called; `revision`: of the work that was asked."""

    revision: int
    parts: list[SearchPart]
    vary: str
    answer: str
    use: str


def _look(visit: Visit, asked: OfWork) -> AskShown:
    run = visit.engine.run(visit.works.get(asked.work))
    model, lang = run.model, visit.lang
    columns: list[AskableShown] = [{"name": name, "label": entry.label[lang], "now": ""}
               for group in (model.columns, model.inputs) for name, entry in group.items()
               if not name.startswith("_")]  # fmt: skip
    settings: list[AskableShown] = [
        {"name": address, "label": name_shown(entry, key, visit), "now": amount(value, entry.unit, lang)}
        for entry in model.parameters.values() for key, value in entry.figures.items()
        if isinstance(value, Fraction) and (address := entry.address(key)) and not entry.name.startswith("_")
    ]  # fmt: skip
    inputs = [column for column in columns if column["name"] in model.inputs and not model.inputs[column["name"]].text]
    people = tried([], person_input, model) or ""
    units = [[*pair] for pair in zip(run.table.codes, run.table.names, strict=True)]
    return {"units": units, "columns": columns, "settings": settings, "inputs": inputs, "people": people}


def _figure(visit: Visit, asked: OfFigure) -> FigureShown:
    run = visit.engine.run(visit.works.get(asked.work))
    explained = explain(run, asked.code, asked.column or None, DEPTH)
    code, name = explained.county
    return {
        "heading": heading(explained, visit.lang), "code": code, "name": name, "column": explained.column,
        "label": run.model.entry(explained.column).label[visit.lang], "award": explained.column == run.model.award,
        "sentence": opening(explained, visit.lang), "step": _step(steps(explained, visit.lang)),
        "why": [{"text": line.removeprefix(INDENT), "inner": line.startswith(INDENT)}
                for line in why_lines(explained, visit.lang)],
    }  # fmt: skip


def _step(step: ToldStep) -> DerivedShown:
    return {
        "text": step.text,
        "name": step.name,
        "beside": [*step.beside],
        "below": [_step(below) for below in step.below],
    }


def _margin(visit: Visit, asked: Raised) -> MovedShown:
    """What one unit more of an input brings one unit, everything else as it is."""
    work = visit.works.get(asked.work)
    run = visit.engine.run(work)
    code = run.table.codes[find_county(run, asked.code)]
    raised = run.model.inputs.get(asked.of or person_input(run.model))
    options = {"--step": asked.step or None}
    material, changes, numbers = open_with_numbers(visit.engine.question(work), options)
    known = in_unit(numbers, {"step": raised.unit if raised else PURE}, material.model.units)
    step = Fraction(1) if known["step"] is None else known["step"]
    result = margins(material.model, [material.table], asked.of, step, changes, reference=work.reference, codes=(code,))
    labels = [result.run.model.columns[name].label for name in result.unrounded]
    edges = [edge for edge in near_edges(result.run) if edge.code == code]
    lines = [visit.say("study.margins_unrounded", columns=labels)] if labels else []
    lines += [visit.say("charts.near_edge", column=result.run.model.columns[edge.column].label,
                        kind=both(f"study.edge_{edge.kind}"), value=figure_text(edge.value, 6),
                        edge=figure_text(edge.edge, 6)) for edge in edges]  # fmt: skip
    table = margins_table(result, held(result.run))
    return {"sentence": "", "table": table_shown(table, visit, (code,)), "lines": lines}


def _seek(visit: Visit, asked: SeekAsked) -> SearchShown:
    work = visit.works.get(asked.work)
    run = visit.engine.run(work)
    column, code = find_column(run, asked.column or run.model.award), run.table.codes[find_county(run, asked.code)]
    shared = visit.engine.shared(work)
    figure, low, high = f"{column}@{code}", asked.low or None, asked.high or None
    question = SeekQuestion(**shared, vary=asked.vary, figure=figure, target=asked.target, low=low, high=high)
    _, _, result = open_search(question)
    parts: list[SearchPart] = []
    for part in result.told(visit):
        if isinstance(part, str):
            parts += [{"text": part, "heads": [], "rows": []}] if part else []
        else:
            parts.append({"text": "", "heads": [*part.heads], "rows": [[*row] for row in part.rows]})
    model, answer = result.run.model, result.sought.answer
    value = as_typed(entry_of(model, asked.vary), answer.value) if answer else ""
    use = visit.say("page.use_value", label=form_label(model, asked.vary, visit), value=value) if answer else ""
    return {"revision": work.revision, "parts": parts, "vary": asked.vary, "answer": value, "use": use}


def _beside(visit: Visit, asked: BesideAsked) -> MovedShown:
    run = visit.engine.run(visit.works.get(asked.work))
    row, other = find_county(run, asked.code), find_county(run, asked.other)
    if row == other:
        raise AllocationError(Problem("explain.two_same"))
    beside = two_units(run, row, other)
    table = table_shown(beside.table, visit, tuple(run.table.codes))
    return {"sentence": "", "table": table, "lines": beside.told(visit)}


def _difference(visit: Visit, asked: DifferenceAsked) -> MovedShown:
    """What each change does to one unit: since last year, of what is tried, or of a scenario."""
    work = visit.works.get(asked.work)
    run = visit.engine.run(work)
    row = find_county(run, asked.code)
    split = _split(visit, work, run, asked.against)
    table = decomposed_table(split)
    lines = tuple(line for line in table.lines if line.summed or line.rows == (row,))
    return {"sentence": difference_sentence(split, row, visit),
            "table": table_shown(replace(table, lines=lines), visit, tuple(run.table.codes)),
            "lines": [how(split, visit.lang)]}  # fmt: skip


def _split(visit: Visit, work: Work, run: Run, against: str) -> Decomposition:
    if against == LAST:
        _, split = since_last_year(run)
        if split is None:
            raise AllocationError(Problem("charts.no_causes"))
        return split
    bare = work.model_copy(update={"settings": {}}) if against == TRIED else work
    problems: list[Problem] = []
    material, before = open_table(visit.engine.question(bare), problems, None)
    if against == TRIED:
        changes = parse_assignments(visit.engine.question(work).settings, problems)
        given = [change for change in changes if is_lacking(material.model, material.table, change.address)]
        material = on_base(material, [*before, *given])  # what nobody gave is no cause
        changes = [change for change in changes if change not in given]
    else:
        material = on_base(material, before)
        (scenario,) = named_scenarios([scenario_word(visit.desk, against)], material.model)
        changes = [change for layer in scenario.layers for change in layer]
    if not changes:
        raise AllocationError(Problem("charts.nothing_tried"))
    orders = None if len(changes) <= AVERAGED else ORDERS
    return decompose(material.model, [material.table], changes, reference=work.reference, orders=orders)


CALLS = (
    ApiCall("ask.look", OfWork, AskShown, _look, changes=False),
    ApiCall("ask.figure", OfFigure, FigureShown, _figure, changes=False, at_once=FEW_RUNS),
    ApiCall("ask.margin", Raised, MovedShown, _margin, changes=False, at_once=FEW_RUNS),
    ApiCall("ask.seek", SeekAsked, SearchShown, _seek, changes=False, at_once=MANY_RUNS),
    ApiCall("ask.beside", BesideAsked, MovedShown, _beside, changes=False),
    ApiCall("ask.difference", DifferenceAsked, MovedShown, _difference, changes=False, at_once=MANY_RUNS),
)
