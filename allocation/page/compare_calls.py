"""Calls of the view `compare`: scenarios of a work, what is tried now, two cases, two tables, totals side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypedDict

from allocation.analysis.compare import Comparison
from allocation.analysis.data_compare import compare_tables, corrected_awards
from allocation.analysis.scenarios import BASELINE, Scenario, load_scenario, scenario_folders, scenario_text
from allocation.errors import AllocationError, Problem, tried
from allocation.files.text_out import file_name
from allocation.office.asked import ComparisonQuestion
from allocation.office.asking_comparison import open_comparison, open_two_tables, two_cases
from allocation.opening.cases import is_case
from allocation.opening.comparing import differences, differences_table
from allocation.page.call import MANY_RUNS, ApiCall, CallAsked, OfWork, Visit
from allocation.page.names import scenario_word
from allocation.page.see_calls import ChartShown, described_chart
from allocation.page.settings_shown import tried_shown
from allocation.page.shown import TableShown, table_shown
from allocation.page.works import Work
from allocation.report.changed import changed_text
from allocation.report.charts import comparison_chart
from allocation.report.problems_json import TextOfProblem, told
from allocation.run.required import is_lacking
from allocation.run.run import Run
from allocation.run.scenario import Changed, parse_assignments
from allocation.texts import Both, both


class ComparisonAsked(OfWork):
    """`scenarios`: names or files; `tried`: what is tried now as well; `pools`: totals side by side instead."""

    scenarios: tuple[str, ...] = ()
    tried: bool = False
    pools: str = ""


class KeptScenario(OfWork):
    """What is tried now becomes a scenario file on the desk, under this name."""

    name: str


class TwoFiles(CallAsked):
    """Files of the desk."""

    old: str
    new: str


class TwoTables(OfWork):
    """Tables of the desk, before and after."""

    old: str
    new: str


class ScenarioListed(TypedDict):
    """`name`: as a comparison is asked for it. `why`: what is wrong with one that cannot be read."""

    name: str
    label: str
    file: bool
    why: list[TextOfProblem]


class CompareShown(TypedDict):
    """`tried`: what is tried now, a line a figure. `tables`, `cases`: files of the desk that two can be chosen of."""

    scenarios: list[ScenarioListed]
    tried: list[str]
    tables: list[str]
    cases: list[str]


class ScenarioShown(TypedDict):
    """What a scenario changes, who gains and who loses, and the checks that it does not pass."""

    label: str
    changes: str
    moved: list[str]
    failed: list[str]


class ComparisonShown(TypedDict):
    """`notes`: what is to be said of all of them."""

    table: TableShown
    chart: ChartShown
    scenarios: list[ScenarioShown]
    notes: list[str]


class TableOfTwo(TypedDict):
    """What differs between two; `lines` tell it in words."""

    table: TableShown | None
    lines: list[str]


def _look(visit: Visit, asked: OfWork) -> CompareShown:
    work, files = visit.works.get(asked.work), [*visit.desk.files()]
    house = {file.stem: file for folder in reversed(scenario_folders()) for file in sorted(folder.glob("*.toml"))}
    of_house = {file.resolve() for file in house.values()}
    on_desk = {name: path for name, path in visit.desk.files().items()
               if name.endswith(".toml") and path.resolve() not in of_house and _is_scenario(path)}  # fmt: skip
    listed = [_listed(visit, name, path, False) for name, path in sorted(house.items())]
    listed += [_listed(visit, name, path, True) for name, path in on_desk.items()]
    tried = tried_shown(visit.engine.opened(work), visit.engine.living(work), visit)
    return {
        "scenarios": listed,
        "tried": [f"{entry['label']} = {entry['new']}" for entry in tried if entry["kind"] == "setting"],
        "tables": [name for name in files if name.lower().endswith((".csv", ".xlsx", ".xls", ".et", ".xlsm"))],
        "cases": [name for name, path in visit.desk.files().items() if is_case(path)],
    }  # fmt: skip


def _is_scenario(path: Path) -> bool:
    """Whether a file says that it is one, whatever is wrong with it besides."""
    from allocation.policy.toml_file import read_text, toml_value

    try:
        return "scenario" in toml_value(read_text(path), path.name)
    except AllocationError:
        return False


def _listed(visit: Visit, name: str, path: Path, file: bool) -> ScenarioListed:
    problems: list[Problem] = []
    scenario = tried(problems, load_scenario, path)
    return {"name": name, "label": scenario.label[visit.lang] if scenario else name, "file": file,
            "why": told(problems, visit)}  # fmt: skip


def _scenarios(visit: Visit, asked: ComparisonAsked) -> ComparisonShown:
    work = visit.works.get(asked.work)
    question = visit.engine.question(work)
    others = []
    if asked.tried:
        if not question.settings:
            raise AllocationError(Problem("charts.nothing_tried"))
        problems: list[Problem] = []
        changes = parse_assignments(question.settings, problems)
        if problems:
            raise AllocationError(problems)
        others = [Scenario("tried", both("charts.tried"), (tuple(changes),))]
    if not asked.scenarios and not others and not asked.pools:
        raise AllocationError(Problem("charts.none_chosen"))
    bare = _untried(visit, work) if asked.tried else work
    _, result = open_comparison(
        ComparisonQuestion(
            **visit.engine.shared(bare), scenarios=tuple(scenario_word(visit.desk, name) for name in asked.scenarios),
            pools=(asked.pools,) if asked.pools else (),
        ),
        others,
    )  # fmt: skip
    return _comparison(visit, result)


def _untried(visit: Visit, work: Work) -> Work:
    """The work without what is tried, but for what nobody else gave: this issue has no other
    figure to be set against."""
    opened = visit.engine.opened(work).table
    whole = opened.extended or opened.material
    lacking = {address: text for address, text in work.settings.items()
               if whole and is_lacking(whole.model, whole.table, address)}  # fmt: skip
    return work.model_copy(update={"settings": lacking})


def _comparison(visit: Visit, result: Comparison) -> ComparisonShown:
    chart = comparison_chart(result.table, result.compared, change=True)
    notes = []
    if result.base.changed and result.scenarios[0].name == BASELINE.name:
        stands = [changed_text(result.base.model, change) for change in result.base.changed]
        notes.append(visit.say("comparison.base_stands", scenario=result.scenarios[1].label, figures=stands))
    shown: list[ScenarioShown] = []
    for place, (scenario, run) in enumerate(zip(result.scenarios, result.runs, strict=True)):
        stated = [changed_text(run.model, change)[visit.lang] for change in _from_base(result.base, run)]
        moved = visit.say("words.semicolon").join(stated)
        failed = [check for check in run.checks if not check.ok and check.severity == "error"]
        shown.append({
            "label": scenario.label[visit.lang], "moved": result.who_moved(place, visit.lang) if place else [],
            "changes": (moved or visit.say("comparison.unchanged")) if place else "",
            "failed": [check.said[visit.lang] for check in failed],
        })  # fmt: skip
    codes = tuple(result.base.table.codes)
    return {
        "table": table_shown(result.shown, visit, codes), "notes": notes, "scenarios": shown,
        "chart": described_chart(visit, "comparison", lambda: chart, codes),
    }  # fmt: skip


def _from_base(base: Run, run: Run) -> list[Changed]:
    """What a run changed, each from the figure that the base has, which the table sets it against."""
    held = {(change.name, change.key, change.county, change.year): change.new for change in base.changed}
    return [replace(change, old=held.get((change.name, change.key, change.county, change.year), change.old))
            for change in run.changed]  # fmt: skip


def _keep(visit: Visit, asked: KeptScenario) -> dict[str, str]:
    """Puts what is tried on the desk as a scenario file; one of the same name stays, and this is put beside it."""
    work = visit.works.get(asked.work)
    problems: list[Problem] = []
    changes = parse_assignments(visit.engine.question(work).settings, problems)
    label = asked.name.strip()
    if not changes and not problems:
        problems.append(Problem("charts.nothing_tried"))
    if not label:
        problems.append(Problem("charts.no_name"))
    if problems:
        raise AllocationError(problems)
    text = scenario_text(Both(label, label), changes)
    return {"file": visit.desk.take(f"{file_name(label)}.toml", text.encode())}


def _cases(visit: Visit, asked: TwoFiles) -> TableOfTwo:
    names = (asked.old, asked.new)
    paths = [str(visit.desk.file(name)) for name in names]
    cases = two_cases(paths)
    if cases is None:
        raise AllocationError(Problem("charts.no_cases", {"files": [*names]}))
    places = differences(*cases)
    slots = {"old": cases[0].path.name, "new": cases[1].path.name}
    if not places:
        return {"table": None, "lines": [visit.say("case.same", **slots)]}
    table = table_shown(differences_table(places), visit)
    return {"table": table, "lines": [visit.say("case.moved", count=len(places), **slots)]}


def _tables(visit: Visit, asked: TwoTables) -> TableOfTwo:
    work = visit.works.get(asked.work)
    question = visit.engine.question(work)
    old, new = open_two_tables(question, (visit.desk.file(asked.old), visit.desk.file(asked.new)), [])
    effect = compare_tables(new.model, old.table, new.table, reference=question.reference)
    lines = [visit.say("ledger.compare_tables", old=effect.old.table.file, new=effect.new.table.file)]
    for key in ("only_old", "only_new"):
        if counties := getattr(effect, key):
            lines.append(visit.say(f"ledger.compare_{key}", counties=counties))
    alike = "compare_count" if effect.figures else "compare_alike"
    lines.append(visit.say(f"ledger.{alike}", count=len(effect.figures)))
    lines += [text for moved in effect.figures for text in [moved.said(new.model)[visit.lang]]]
    return {"table": table_shown(corrected_awards(effect, "screen"), visit), "lines": lines}


CALLS = (
    ApiCall("compare.look", OfWork, CompareShown, _look, changes=False),
    ApiCall("compare.scenarios", ComparisonAsked, ComparisonShown, _scenarios, changes=False, at_once=MANY_RUNS),
    ApiCall("compare.keep", KeptScenario, dict[str, str], _keep),
    ApiCall("compare.cases", TwoFiles, TableOfTwo, _cases, changes=False),
    ApiCall("compare.tables", TwoTables, TableOfTwo, _tables, changes=False, at_once=MANY_RUNS),
)
