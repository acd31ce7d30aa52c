"""run, check, template, models."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import click

from allocation.commands.attached import TableCommand
from allocation.commands.blank_form import FORM, blank_form
from allocation.commands.helped import HelpedCommand
from allocation.commands.issue import issue_options, say_issued
from allocation.commands.printed import print_options, printing
from allocation.commands.products import Product, finish
from allocation.commands.reading import BATCH, RESOLVE
from allocation.commands.requests import TableRequest, gathered
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
    open_run,
    report,
    report_failed,
    table_options,
)
from allocation.commands.shares import run_shares
from allocation.errors import AllocationError, tried
from allocation.files.destination import Destination
from allocation.texts import say


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
    from allocation.office.issuing import Issuing, issue
    from allocation.record.recording import record_of
    from allocation.run.decisions import OF_DOUBTS, held_back
    from allocation.xlsx.files import targets, writers
    from allocation.xlsx.importing import find_mapping

    if request.shares:
        amounts = {"--stage": request.stage, "--edition": request.editions, "--reason": request.reason}
        return run_shares(request, request.out, [option for option, given in amounts.items() if given])
    numbered = request.stage or request.editions  # a version says all that is wrong with it at once
    check_day("" if numbered else request.date)
    material, result = open_run(request, floating=request.floating)
    if not result.ok:
        keep_search("run", material, say(request.lang, "study.kept_failed"), request.out.folder, request.lang, result)
        report(material, result, request.lang)
        report_failed(result, request.lang, "cli.checks_failed")
        return 1
    page = printing(request.layout, request.paper)
    record = record_of(result, command_line(), request.date, page)
    wanted = Issuing(request.stage, request.editions, request.reason, request.out, request.date)
    if wanted:
        say_issued(material, result, wanted, issue(material, result, record, wanted, request.lang), request.lang)
        return 0
    files = targets(request.out, material.model.name.split("@")[0])
    held = held_back(result, outside=True)
    unwritten = files.pop("import") if held else None
    mapping = find_mapping(material.model, material.model_path.parent)
    writing = writers(result, files, request.lang, record, mapping)
    kept = partial(keep_search, "run", material, say(request.lang, "study.kept_run"), files["workbook"].parent)
    finish(
        [Product(path, writing[path], f"cli.wrote_{kind}") for kind, path in files.items()],
        request.lang,
        of=[material],
        put=partial(kept, request.lang, result),
        show=partial(report, material, result, request.lang),
    )
    if unwritten:
        there = unwritten.as_posix() if unwritten.exists() else ""
        ids = [doubt.id for doubt in result.doubts.open]
        click.echo(say(request.lang, "cli.not_written", path=unwritten.as_posix(), there=there, ids=ids or ""))
        for problem in (problem for problem in held if problem.id not in OF_DOUBTS):
            click.echo("  ? " + problem.text(request.lang))
    return 0


@click.command(cls=TableCommand)
@MODEL
@RESOLVE
@table_options
@gathered(TableRequest)
def check(request: TableRequest) -> int:
    """Check a model and its table; writes nothing."""
    material, result = open_run(request, partly=True)
    report(material, result, request.lang)
    report_failed(result, request.lang, "cli.checks_failed")
    return 0 if result.ok else 1


@click.command(cls=HelpedCommand)
@MODEL
@OUTPUT
@click.option("--example", is_flag=True)
@FORM
@INPUT
@YEAR
@LANGUAGE
def template(model, out, example, form, table, year, lang) -> int:
    """Write the blank input workbook of a model, or another blank form."""
    if form:
        return blank_form(form, model, table, year, out, lang)
    from allocation.run.finding import model_of_year
    from allocation.run.shelf import base_name
    from allocation.tables.template import write_template

    loaded = model_of_year(model, year)
    path = out.file(f"{base_name(loaded.name)}_{say(lang, 'cli.template_word')}.xlsx")
    write_template(loaded, path, lang, example, year)
    click.echo(say(lang, "cli.wrote_template", path=path.as_posix()))
    return 0


@click.command(cls=HelpedCommand)
@LANGUAGE
def models(lang) -> int:
    """List the models."""
    from allocation.commands.printing import print_models
    from allocation.policy.loading import load_model
    from allocation.run.shelf import model_shelf

    problems = []
    loaded = [tried(problems, load_model, file) for file in model_shelf()]
    print_models([model for model in loaded if model], lang)
    if problems:
        raise AllocationError(problems)
    return 0
