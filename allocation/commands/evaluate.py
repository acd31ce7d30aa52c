"""evaluate: a monitor's report and workbook over the years, told as its evaluation file says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.helped import HelpedCommand
from allocation.commands.products import Product, finish
from allocation.commands.reading import reading_options
from allocation.commands.requests import gathered
from allocation.commands.shared import (
    DECIDED,
    LANGUAGE,
    OUTPUT_FOLDER,
    REFERENCE,
    SET,
    ModelName,
    as_day,
    check_day,
    report_failed,
    took,
)
from allocation.commands.years import TABLES, YearsRequest
from allocation.errors import Problem, tried
from allocation.policy.stages import EDITIONS

if TYPE_CHECKING:
    from allocation.office.asking_years import Years
    from allocation.years.evaluation.parts import EvaluationPlan

PUBLIC = "public"


@dataclass(frozen=True, kw_only=True)
class EvaluateRequest(YearsRequest):
    """What `evaluate` is asked."""

    year: int | None
    date: str
    edition: str | None


@click.command(cls=HelpedCommand)
@click.argument("model", type=ModelName(), default="urbanisation_monitor")
@TABLES
@reading_options
@SET
@DECIDED
@click.option("--year", type=click.IntRange(1950, 2100))
@OUTPUT_FOLDER
@click.option("--date", default="", callback=as_day)
@click.option("--edition", type=click.Choice([EDITIONS[PUBLIC].zh, PUBLIC]))
@REFERENCE
@LANGUAGE
@gathered(EvaluateRequest)
def evaluate(request: EvaluateRequest) -> int:
    """Write an evaluation's report and workbook, as its file says."""
    from allocation.commands.printing import print_checks, print_doubts
    from allocation.documents.page import needs_docx
    from allocation.office.evaluated import evaluation_files
    from allocation.years.timeline import timeline

    needs_docx()
    years, evaluation, public = _opened(request)
    first = years.needed
    told = timeline(first.model, years.tables, years.changes, reference=request.reference)
    took(first, request.screen, told.run, years.named)
    for note in told.moves:
        request.screen.tell("cli.note", text=note.told_by(request.screen))
    if not told.run.ok:
        print_checks(told.run, request.screen)
        report_failed(told.run, request.screen, "cli.checks_failed")
        return 1
    print_doubts([told.run.doubts], request.screen)
    files = evaluation_files(told, evaluation, public, request.out.folder, request.screen.lang, request.date)
    products = [Product(file.path, file.write, f"evaluate.wrote_{file.kind}") for file in files]
    return finish(products, request.screen, of=years.materials)


def _opened(request: EvaluateRequest) -> tuple[Years, EvaluationPlan, EvaluationPlan | None]:
    """The years, what is told of them, and what the public may see. Raises all that is wrong at once."""
    from allocation.office.asking_years import open_years
    from allocation.years.evaluation.loading import evaluation_path, load_evaluation
    from allocation.years.evaluation.public import public_plan

    problems: list[Problem] = []
    tried(problems, check_day, request.date)
    tried(problems, request.out.only_folder)
    years = open_years(request, problems)
    evaluation = public = None
    if years.material:
        path = tried(problems, evaluation_path, years.material.model.name, years.material.model_path)
        evaluation = tried(problems, load_evaluation, path, years.material.model) if path else None
    if evaluation and request.edition:
        public = tried(problems, public_plan, evaluation)
    if request.year:
        _up_to(years, request.year, problems)
    years.refuse(problems)
    assert evaluation is not None, "refused where there is none"
    return years, evaluation, public


def _up_to(years: Years, year: int, problems: list[Problem]) -> None:
    """Leaves out the years after `year`; it is not known to be absent where a table could not be read."""
    known = sorted(table.year for table in years.tables if table.year)
    if year in known:
        years.tables = [table for table in years.tables if (table.year or 0) <= year]
    elif years.tables and all(len(table) for table in years.tables):
        problems.append(Problem("evaluate.no_year", {"year": year, "known": known or "—"}, "--year"))
