"""run, check, template, models."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.attached import TableCommand
from allocation.commands.blank_form import FORM, blank_form
from allocation.commands.helped import HelpedCommand
from allocation.commands.issue import finish_issued, issue_options
from allocation.commands.printed import print_options, printing
from allocation.commands.products import Product, finish
from allocation.commands.reading import BATCH, RESOLVE
from allocation.commands.requests import TableRequest, gathered
from allocation.commands.screen import Screen
from allocation.commands.search_journal import keep_search
from allocation.commands.shared import (
    INPUT,
    LANGUAGE,
    MODEL,
    OUTPUT,
    YEAR,
    as_day,
    check_day,
    command_line,
    report,
    report_failed,
    table_options,
)
from allocation.commands.shares import run_shares
from allocation.commands.through import THROUGH, part_through
from allocation.errors import AllocationError, Problem, tried
from allocation.files.destination import Destination
from allocation.texts.remedies import option_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from allocation.record.record import Record
    from allocation.run.finding import ModelWithTable
    from allocation.run.run import Run


@dataclass(frozen=True, kw_only=True)
class RunRequest(TableRequest):
    """What `run` is asked."""

    out: Destination
    floating: bool
    date: str
    layout: str
    paper: str | None
    stage: str | None
    editions: tuple[str, ...]
    reason: str
    shares: bool


@dataclass(frozen=True, kw_only=True)
class TemplateRequest:
    """What `template` is asked."""

    model: str
    out: Destination
    example: bool
    form: str | None
    table: Path | None
    year: int | None
    through: str
    screen: Screen


@click.command(cls=TableCommand)
@MODEL
@OUTPUT
@click.option("--float", "floating", is_flag=True)
@click.option("--date", default="", callback=as_day)
@click.option("--shares", is_flag=True)
@print_options
@issue_options
@BATCH
@RESOLVE
@table_options
@gathered(RunRequest)
def run(request: RunRequest) -> int:
    """Run a model and write its workbook, CSV and manifest."""
    from allocation.office.asking import open_run
    from allocation.office.issuing import Issuing, issue
    from allocation.record.recording import record_of

    screen = request.screen
    if request.shares:
        amounts = {"--stage": request.stage, "--edition": request.editions, "--reason": request.reason}
        return run_shares(request, request.out, [option_words(option) for option, given in amounts.items() if given])
    numbered = request.stage or request.editions  # a version says all that is wrong with it at once
    check_day("" if numbered else request.date)
    material, result = open_run(request, floating=request.floating)
    if not result.ok:
        keep_search("run", material, screen.say("study.kept_failed"), request.out.folder, screen, result)
        report(material, result, screen)
        report_failed(result, screen, "cli.checks_failed")
        return 1
    page = printing(request.layout, request.paper)
    record = record_of(result, command_line(), request.date, page)
    wanted = Issuing(request.stage, request.editions, request.reason, request.out, request.date)
    if wanted:
        outcome = issue(material, result, record, wanted, screen.lang)
        return finish_issued(material, result, wanted, outcome, screen)
    return _finished(request, material, result, record)


def _finished(request: RunRequest, material: ModelWithTable, result: Run, record: Record) -> int:
    """A run that is no version: its workbook, CSV and manifest, and the import file but of a trial."""
    from allocation.office.trials_aside import final_on_record, trial_beside
    from allocation.record.versions import issue_of
    from allocation.run.decisions import held_back
    from allocation.xlsx.files import targets, writers
    from allocation.xlsx.importing import find_mapping

    files = targets(request.out, material.model.name.split("@")[0])
    final, held = final_on_record(request.out.folder, issue_of(result)), held_back(result, outside=True)
    unwritten = files.pop("import") if held or final else None
    mapping = find_mapping(material.model, material.models_folder)
    writing = writers(result, files, request.screen.lang, record, mapping)
    screen, folder = request.screen, files["workbook"].parent
    finish(
        [Product(path, writing[path], f"cli.wrote_{kind}") for kind, path in files.items()],
        screen,
        of=[material],
        put=partial(keep_search, "run", material, screen.say("study.kept_run"), folder, screen, result),
        show=partial(report, material, result, screen),
    )
    if unwritten and final:
        slots = {"path": unwritten.as_posix(), "there": unwritten.as_posix() if unwritten.exists() else ""}
        screen.tell("cli.not_written_issued", reason=trial_beside(final).told_by(screen), **slots)
    elif unwritten:
        _say_unwritten(unwritten, result, held, screen)
    return 0


def _say_unwritten(path: Path, result: Run, held: Sequence[Problem], screen: Screen) -> None:
    """Why the import file of a trial is not written, and whether an older one stands there."""
    from allocation.run.decisions import OF_DOUBTS

    ids = [doubt.id for doubt in result.doubts.open]
    there = path.as_posix() if path.exists() else ""
    screen.tell("cli.not_written", path=path.as_posix(), there=there, ids=ids or "")
    for problem in (problem for problem in held if problem.id not in OF_DOUBTS):
        screen.line("  ? " + problem.told_by(screen))


@click.command(cls=TableCommand)
@MODEL
@RESOLVE
@table_options
@gathered(TableRequest)
def check(request: TableRequest) -> int:
    """Check a model and its table; writes nothing."""
    from allocation.office.asking import open_run

    material, result = open_run(request, partly=True)
    report(material, result, request.screen)
    report_failed(result, request.screen, "cli.checks_failed")
    return 0 if result.ok else 1


@click.command(cls=HelpedCommand)
@MODEL
@OUTPUT
@click.option("--example", is_flag=True)
@FORM
@INPUT
@YEAR
@THROUGH
@LANGUAGE
@gathered(TemplateRequest)
def template(request: TemplateRequest) -> int:
    """Write the blank input workbook of a model, or another blank form."""
    if request.form:
        return blank_form(request.form, request.model, request.table, request.year, request.out, request.screen)
    from allocation.run.finding import model_of_year
    from allocation.run.shelf import base_name
    from allocation.tables.template import template_writer

    model, screen, year = model_of_year(request.model, request.year), request.screen, request.year
    part = part_through(model, request.through)
    stem = "_".join([base_name(model.name), *([part.label[screen.lang]] if part else [])])
    path = request.out.file(f"{stem}_{screen.say('cli.template_word')}.xlsx")
    write = template_writer(part.without_later(model) if part else model, path, screen.lang, request.example, year)
    return finish([Product(path, write, "cli.wrote_template")], screen)


@click.command(cls=HelpedCommand)
@LANGUAGE
def models(screen: Screen) -> int:
    """List the models."""
    from allocation.commands.printing import print_models
    from allocation.policy.loading import load_model
    from allocation.run.shelf import model_shelf

    problems: list[Problem] = []
    loaded = [tried(problems, load_model, file) for file in model_shelf()]
    print_models([model for model in loaded if model], screen)
    if problems:
        raise AllocationError(problems)
    return 0
