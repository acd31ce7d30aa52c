"""A question becomes a model with its table, and those a run: all that is wrong with any of it is said at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.classes import dataclass
from allocation.doubts.doubt import assignments
from allocation.doubts.gathering import OnRecord, compared
from allocation.errors import AllocationError, Problem, tried
from allocation.files.version_folders import versions_near
from allocation.office.asked import RunQuestion, SharedOptions, TableQuestion
from allocation.office.attaching import (
    attachments,
    check_changes,
    given_files,
    given_parts,
    gives_pool,
    pool_once,
    unreadable,
)
from allocation.opening.cases import case_at, is_result
from allocation.run.decisions import pending, with_decided
from allocation.run.finding import ModelWithTable, find_as_far
from allocation.run.required import addressed, lacking
from allocation.run.scenario import Change, Changed, apply_changes, name_of, parse_assignments
from allocation.tables.grid import read_bytes
from allocation.tables.table import Table

if TYPE_CHECKING:
    from allocation.run.run import Run


def open_material(question: TableQuestion, problems: list[Problem]) -> ModelWithTable | None:
    """The model with its table and what is compared with it; what is wrong with any joins `problems`.

    None where the model cannot be read.
    """
    model, options = question.model, question.options

    def opened() -> ModelWithTable:
        if question.table is None and is_result(model):
            from allocation.verify.result_case import open_result

            return open_result(Path(model))
        table, sheet = question.table, question.sheet
        return find_as_far(model, table, question.year, problems, sheet, options.said, options.data_year)

    material = tried(problems, opened)
    if material is None:
        for path in options.compared_with:
            tried(problems, read_bytes, path)
        return None
    options.hints.extend(material.table.notes)
    if options.batch:
        material = replace(material, facts=replace(material.facts, batch=options.batch))
    return set_beside(options, material, problems)


def set_beside(
    options: SharedOptions, material: ModelWithTable, problems: list[Problem], *, first: bool = True
) -> ModelWithTable:
    """The same with what was asked for, and what lies at hand and in the folder that is written to, beside its table.

    Last year's figures belong beside the `first` of several years alone: each year after it has the one before.
    """

    def table_beside() -> Table:
        return compared(
            material.model,
            material.table,
            recipients=options.recipients or given_files(material.case).get("recipients"),
            last=options.last if first else None,
            crosswalk=options.crosswalk,
            resolve=assignments(options.resolve),
            case=material.case,
            on_record=OnRecord(options.out, material.issue) if options.out and first else None,
        )

    beside = (*attachments(options, material.case), *options.compared_with)
    return replace(material, table=tried(problems, table_beside) or material.table, beside=beside)


def required_material(question: TableQuestion) -> ModelWithTable:
    """`open_material`. Raises all that is wrong."""
    problems: list[Problem] = []
    material = open_material(question, problems)
    if problems or material is None:
        raise AllocationError(problems)
    return material


@dataclass(frozen=True)
class OpenedTable:
    """All that a question is about but what is set in it, which may change without anything being read again.

    `material` is None where the model cannot be read; `extended` has what was asked to be attached, and `asked_for` the
    changes that asks for.
    """

    options: SharedOptions
    material: ModelWithTable | None = None
    extended: ModelWithTable | None = None
    asked_for: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()


def opened_table(question: TableQuestion) -> OpenedTable:
    """The model with its table, what lies beside it and what is attached, with all that is wrong with any."""
    options, problems = question.options, list[Problem]()
    material = open_material(question, problems)
    if material is None:
        unreadable(options, tried([], case_at, question.model), problems)  # what is wrong with a case was said
        return OpenedTable(options, problems=tuple(problems))
    say_made_of(question, material, problems)
    material = tried(problems, decided, material, options) or material
    if not len(material.table):
        unreadable(options, material.case, problems)
    extended, asked_for = tried(problems, with_parts, options, material, problems) or (material, [])
    return OpenedTable(options, material, extended, tuple(asked_for), tuple(problems))


def say_made_of(question: TableQuestion, material: ModelWithTable, problems: list[Problem]) -> None:
    """That what was issued was made of another table than the one that is read; of a settlement that joins `problems`.

    A correction is asked apart: it is there to read another one.
    """
    options = question.options
    if "correction" in options.attached or is_result(question.model):
        return
    case = material.case.path if material.case and not material.case.sample else None
    if not any(versions_near(options.out, case)):
        return
    from allocation.office.made_of import said_beside

    settles = "settlement" in given_parts(options, material.case)
    said, stops = said_beside(material, question.table is not None, options.out, settles)
    if said:
        (problems if stops else options.hints).append(said)


def open_table(
    question: RunQuestion, problems: list[Problem], elsewhere: Sequence[str] | None = ()
) -> tuple[ModelWithTable, list[Change]]:
    """The model with its table and the changes asked for. Raises all that is wrong with any, and `problems`.

    `elsewhere` are figures that other options give: those that nobody gives are wrong as well; None where none is
    needed.
    """
    return with_settings(opened_table(question), question.settings, problems, elsewhere)


def with_settings(
    opened: OpenedTable, settings: Sequence[str], problems: list[Problem], elsewhere: Sequence[str] | None = ()
) -> tuple[ModelWithTable, list[Change]]:
    """The same of what was opened before."""
    changes = parse_assignments(settings, problems)
    options, material, extended = opened.options, opened.material, opened.extended
    problems += opened.problems
    if material is None or extended is None:
        raise AllocationError(problems)
    pool_once(options, material, changes, problems)
    if problems:
        check_changes(options, material, extended, changes, problems)
        if elsewhere is not None:
            problems += _lacking(options, material, changes, elsewhere)
        problems += _blanks(extended, problems)
        raise AllocationError(problems)
    return extended, [*opened.asked_for, *changes]


def _blanks(material: ModelWithTable, told: Sequence[Problem]) -> list[Problem]:
    """Blanks that the run would ask for, once what was `told` is mended."""
    from allocation.run.blank_inputs import blanks_needed
    from allocation.run.run import parameter_arrays
    from allocation.years.year_notes import alone

    model, table = material.model, material.table
    first = alone(model, table) if model.years else table
    return blanks_needed(model, first, parameter_arrays([model], False), told)


def decided(material: ModelWithTable, options: SharedOptions) -> ModelWithTable:
    """The model with what the bureau decided on; a correction stands on what was decided for what it corrects."""
    model = with_decided(material.model, options.decided)
    still_open = {parameter.address(key) for parameter, key in pending(model)}
    open_before = [name for name in options.decided_before if name in still_open]
    return replace(material, model=with_decided(model, open_before))


def _lacking(
    options: SharedOptions, material: ModelWithTable, changes: Sequence[Change], elsewhere: Sequence[str]
) -> list[Problem]:
    """What nobody gives; the pool is given by a table of its sources or another run, even where that cannot be read."""
    pool = [material.model.pool] if gives_pool(options, material.case) else []
    return lacking(material.model, [*changes, *addressed([*elsewhere, *pool])], [material.table])


def on_base(material: ModelWithTable, changes: list[Change]) -> ModelWithTable:
    """The model and its table with the changes that hold in the baseline and in all that is set against it.

    Raises what is wrong with them.
    """
    return changed_base(material, changes)[0]


def changed_base(material: ModelWithTable, changes: list[Change]) -> tuple[ModelWithTable, tuple[Changed, ...]]:
    """The same, and each figure that moved."""
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


def open_run(question: RunQuestion, *, floating: bool = False, partly: bool = False) -> tuple[ModelWithTable, Run]:
    """The model with its table, and the run of it. Raises all that is wrong."""
    return run_opened(opened_table(question), question, floating=floating, partly=partly)


def run_opened(
    opened: OpenedTable, question: RunQuestion, *, floating: bool = False, partly: bool = False
) -> tuple[ModelWithTable, Run]:
    """The same of what was opened before."""
    from allocation.run.run import run_model
    from allocation.years.year_notes import alone

    try:
        material, changes = with_settings(opened, question.settings, [], None if partly else ())
        if material.model.years:
            material = replace(material, table=alone(material.model, material.table))
        result = run_model(
            material.model,
            material.table,
            changes,
            exact=not floating,
            reference=question.reference,
            partly=partly,
            facts=material.facts,
        )
    except AllocationError as error:
        raise AllocationError(_over_years(question.model, question.table, question.year, error.problems)) from None
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
