"""Options that commands share, and opening a model with its table."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

import click

from allocation.commands.attached import (
    Decorated,
    check_changes,
    given_parts,
    gives_pool,
    part_options,
    pool_once,
    unreadable,
)
from allocation.commands.reading import open_material, reading_options
from allocation.commands.screen import Screen
from allocation.commands.session import session
from allocation.errors import AllocationError, Problem, tried
from allocation.files.destination import Destination, destination
from allocation.texts import LANGUAGES
from allocation.texts.days import is_day
from allocation.texts.vocabulary import Pattern

if TYPE_CHECKING:
    from allocation.commands.requests import SharedOptions, TableRequest
    from allocation.run.finding import ModelWithTable
    from allocation.run.run import Run
    from allocation.run.scenario import Change, Changed


def _as_screen(context: click.Context, parameter: click.Parameter, lang: str) -> Screen:
    return Screen(lang)


LANGUAGE = click.option(
    "--lang", "screen", type=click.Choice(LANGUAGES), default=lambda: session().screen.lang, callback=_as_screen
)


class OutPlace(click.ParamType[Destination]):
    """Where something is to be written: a name that cannot hold is refused before anything is worked out.

    Its `name` is `folder` where files have names of their own; the command refuses a file there, with all else.
    """

    def __init__(self, name: str):
        self.name = name

    def convert(
        self, value: str | Destination, param: click.Parameter | None, ctx: click.Context | None
    ) -> Destination:
        return value if isinstance(value, Destination) else destination(value)


class ModelName(click.ParamType[str]):
    """A model by its file's name, its short name or its label; a file's name stays as it was typed."""

    name = "model"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from allocation.run.shelf import known_as

        return value if "." in value or "/" in value or "\\" in value else known_as(value)


MODEL = click.argument("model", type=ModelName())
OUT = OutPlace("place")
OUT_FOLDER = OutPlace("folder")
OUTPUT = click.option("--out", type=OUT, default="outputs")
OUTPUT_FOLDER = click.option("--out", type=OUT_FOLDER, default="outputs")
VERBATIM = (
    "--set",
    "--unused",
    "--row",
    "--date",
    "--figure",
    "--range",
    "--vary",
    "--balance",
    "--subject",
    "--minimise",
    "--minimize",
    "--maximise",
    "--maximize",
    "--grid",
    "--reason",
    "--resolve",
    "--choose",
)  # a slash after these is no folder
WRITTEN_DAY = Pattern("command_words.written_day")
YEAR = click.option("--year", type=click.IntRange(1950, 2100))
DATA_YEAR = click.option("--data-year", type=click.IntRange(1950, 2100))
INPUT = click.option("--input", "table", type=click.Path(path_type=Path))
SET = click.option("--set", "settings", multiple=True)

DECIDED = click.option("--decided", multiple=True)
REFERENCE = click.option("--reference", is_flag=True)


def table_options(command: Decorated) -> Decorated:
    """The options of every command that reads a table and runs a model on it."""
    for option in (
        LANGUAGE, REFERENCE, part_options(), DECIDED, SET, DATA_YEAR, YEAR, reading_options, INPUT,
    ):  # fmt: skip
        command = option(command)
    return command


def parse_assignments(texts: Sequence[str], problems: list[Problem], option: str = "--set") -> list[Change]:
    """The changes of several texts; what is wrong with any joins `problems`."""
    from allocation.run.scenario import parse_assignment

    changes = [tried(problems, parse_assignment, text, option) for text in texts]
    return [change for change in changes if change]


def open_table(
    request: TableRequest, problems: list[Problem], elsewhere: Sequence[str] | None = ()
) -> tuple[ModelWithTable, list[Change]]:
    """The model with its table and the changes asked for. Raises all that is wrong with any, and `problems`.

    `elsewhere` are figures that other options give: those that nobody gives are wrong as well; None where none is
    needed.
    """
    from allocation.opening.cases import case_at

    changes = parse_assignments(request.settings, problems)
    options = request.options
    material = open_material(request, problems)
    if material is None:
        unreadable(options, tried([], case_at, request.model), problems)  # what is wrong with a case was said
        raise AllocationError(problems)
    material = tried(problems, decided, material, options) or material
    if not len(material.table):
        unreadable(options, material.case, problems)
    extended, asked_for = tried(problems, with_parts, options, material, problems) or (material, [])
    pool_once(options, material, changes, problems)
    if problems:
        check_changes(options, material, extended, changes, problems)
        if elsewhere is not None:
            problems += _lacking(options, material, changes, elsewhere)
        raise AllocationError(problems)
    return extended, [*asked_for, *changes]


def decided(material: ModelWithTable, options: SharedOptions) -> ModelWithTable:
    """The model with what the bureau decided on; a correction stands on what was decided for what it corrects."""
    from allocation.run.decisions import pending, with_decided

    model = with_decided(material.model, options.decided)
    still_open = {parameter.address(key) for parameter, key in pending(model)}
    open_before = [name for name in options.decided_before if name in still_open]
    return replace(material, model=with_decided(model, open_before))


def _lacking(
    options: SharedOptions, material: ModelWithTable, changes: Sequence[Change], elsewhere: Sequence[str]
) -> list[Problem]:
    """What nobody gives; the pool is given by a table of its sources or another run, even where that cannot be read."""
    from allocation.run.required import addressed, lacking

    pool = [material.model.pool] if gives_pool(options, material.case) else []
    return lacking(material.model, [*changes, *addressed([*elsewhere, *pool])], [material.table])


def on_base(material: ModelWithTable, changes: list[Change]) -> ModelWithTable:
    """The model and its table with the changes that hold in the baseline and in all that is set against it.

    Raises what is wrong with them.
    """
    return changed_base(material, changes)[0]


def changed_base(material: ModelWithTable, changes: list[Change]) -> tuple[ModelWithTable, tuple[Changed, ...]]:
    """The same, and each figure that moved."""
    from allocation.run.scenario import apply_changes, name_of

    read = len(material.table) > 0
    known = [change for change in changes if read or name_of(material.model, change) not in material.model.inputs]
    model, tables, changed = apply_changes(material.model, (material.table,) if read else (), known)
    return replace(material, model=model, table=tables[0] if read else material.table), tuple(changed)


def with_parts(
    options: SharedOptions, material: ModelWithTable, problems: list[Problem]
) -> tuple[ModelWithTable, list[Change]]:
    """The model and its table with what was asked to be attached, and the changes that asks for.

    What is wrong with any of it joins `problems`.
    """
    given = given_parts(options, material.case)
    if not given:
        return material, []
    from allocation.parts.extending import extend_as_far

    extended = extend_as_far(material.model, material.table, given, problems)
    return replace(material, model=extended.model, table=extended.table), [*extended.changes]


def open_run(request: TableRequest, *, floating: bool = False, partly: bool = False) -> tuple[ModelWithTable, Run]:
    """The model with its table, and the run of it. Raises all that is wrong."""
    from allocation.run.run import run_model

    try:
        material, changes = open_table(request, [], None if partly else ())
        if material.model.years:
            alone = Problem("timeline.one_year", {"year": material.table.year or "", "name": request.model})
            material = replace(material, table=replace(material.table, notes=(*material.table.notes, alone)))
        result = run_model(
            material.model,
            material.table,
            changes,
            exact=not floating,
            reference=request.reference,
            partly=partly,
            facts=material.facts,
        )
    except AllocationError as error:
        raise AllocationError(_over_years(request.model, request.table, request.year, error.problems)) from None
    result.doubts  # noqa: B018  # before anything is written: raises a reason that resolves nothing
    return material, result


def _over_years(name: str, table: Path | None, year: int | None, problems: list[Problem]) -> list[Problem]:
    """Of a model that builds on earlier years: what a run over years would give is not asked for, but that run."""
    from allocation.run.finding import model_of_year
    from allocation.years.evaluation.loading import is_evaluated

    try:
        model = model_of_year(name, year)
    except AllocationError:
        return problems
    past = {model.entry(name_before).label for column in model.columns.values() for name_before in column.before}
    given = [problem for problem in problems if problem.id == "run.absent_before" or problem.slots.get("input") in past]
    if not model.years or not (given or any(problem.id == "tables.many_years" for problem in problems)):
        return problems
    hint = {
        "model": model.label,
        "name": name,
        "input": table.as_posix() if table else "",
        "evaluated": name if is_evaluated(name) else "",
    }
    return [*(problem for problem in problems if problem not in given), Problem("timeline.over_years", hint)]


def took(material: ModelWithTable, screen: Screen, run: Run | None = None, named: str = "") -> None:
    """Which files it took: the model, its table (`named` where there are several), its settings.

    Of a run, the settings named are those that nothing else gave after them.
    """
    from allocation.run.thirty_days import release_note

    table = named or material.input_path.as_posix()
    screen.tell("cli.took", model=material.model_path.as_posix(), input=table)
    if run and run.year != run.table.year and run.table.year:
        screen.tell("cli.two_years", budget=run.year, data=run.table.year)
    if material.case:
        parameters = (run or material).model.parameters.values()
        names = [parameter.label for parameter in parameters if material.case.origin in parameter.origins.values()]
        key = "case.took_sample" if material.case.sample else "case.took"
        screen.tell(key, path=material.case.path.as_posix(), names=names or "")
    if run and (late := release_note(run.facts, date.today().isoformat())):
        screen.line(late.text(screen.lang))


def took_for(material: ModelWithTable, screen: Screen, *runs: Run) -> None:
    """The same for what is only studied, with what is to be resolved of the runs it rests on."""
    from allocation.commands.printing import print_doubts

    took(material, screen, runs[0] if runs else None)
    print_doubts([run.doubts for run in runs], screen)


def report(material: ModelWithTable, result: Run, screen: Screen) -> None:
    from allocation.commands.printing import print_checked, print_run

    took(material, screen, result)
    if material.table.attached:
        screen.tell("adjust.from_file", files=[*dict.fromkeys(kept.file for kept in material.table.attached)])
    if "ledger" in material.table.parts:
        shown = {"disputes": len(material.table.disputes) or "", "estimates": len(material.table.estimates) or ""}
        screen.tell("ledger.summary", count=len(material.table.ledger), **shown)
    if result.shared:
        print_run(result, screen)
    else:
        print_checked(result, screen)


def report_failed(result: Run, screen: Screen, message: str) -> None:
    failed = [check for check in result.checks if not check.ok and check.severity == "error"]
    if failed:
        screen.warn(message, count=len(failed))


def as_day(context: click.Context, parameter: click.Parameter, text: str) -> str:
    """A date typed as 2018-03-05, 2018年3月5日 or 20180305, the first way; what is no date stays, to be refused."""
    day = WRITTEN_DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}" if day else text


def check_day(text: str) -> None:
    """Raises where a date was typed that is none."""
    if text and not is_day(text):
        raise AllocationError(Problem("collect.bad_date", {"found": text}, "--date"))


def command_line() -> str:
    """The command as typed, file names only: a result must not tell where it was made."""
    words, before = [], ""
    for word in sys.argv[1:]:
        option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
        if (option or before) not in VERBATIM and ("/" in value or "\\" in value):
            value = PureWindowsPath(value).name  # knows both kinds of slash
        words.append(option + equals + value)
        before = word
    return " ".join(["allocation", *words])
