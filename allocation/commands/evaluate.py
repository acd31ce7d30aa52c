"""evaluate: settlement against target and urbanisation rates over the years, as a report and a workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from allocation.commands.shared import (
    LANGUAGE,
    REFERENCE,
    SET,
    SHEET,
    as_day,
    check_day,
    parse_assignments,
    report_failed,
    spare_inputs,
)
from allocation.commands.timeline import first_year
from allocation.errors import AllocationError, Problem
from allocation.texts import say

FILES = (".docx", ".doc", ".xlsx", ".xls", ".pdf", ".csv")  # endings of a file, where a folder is asked for


@click.command()
@click.argument("model", default="urbanisation_monitor")
@click.option("--input", "tables", multiple=True, type=click.Path(path_type=Path),
              help="各年数据表，可写多次 / a table a year, or one with a year column")  # fmt: skip
@SHEET
@SET
@click.option("--year", type=click.IntRange(1950, 2100), help="评估到哪一年 / the year evaluated")
@click.option("--out", type=click.Path(path_type=Path), default=Path("outputs"), show_default=True,
              help="输出文件夹 / output folder")  # fmt: skip
@click.option("--date", default="", callback=as_day, help="写在报告末尾的日期 / date at the end of the report")
@REFERENCE
@LANGUAGE
def evaluate(model, tables, sheet, settings, year, out, date, reference, lang) -> int:
    """写出评估报告：2018 年为中期，2020 年为总结 / write the evaluation report: mid-term 2018, final 2020."""
    from allocation.documents.evaluate import write_report
    from allocation.documents.evaluation import check_columns
    from allocation.documents.page import needs_docx
    from allocation.finding import Found, base_name, default_input, find, model_files
    from allocation.study.timeline import read_years, timeline
    from allocation.workbook.evaluation import write_evaluation
    from allocation.workbook.writer import place

    needs_docx()
    problems: list[Problem] = []
    changes = parse_assignments(settings, problems)
    _tried(problems, lambda: check_day(date))
    if out.suffix.lower() in FILES:
        problems.append(Problem("evaluate.needs_folder", where=out.as_posix()))
    known_model = _tried(problems, lambda: model_files(model))
    paths = known_model and (list(tables) or _tried(problems, lambda: [default_input(model)]))
    first = paths and _tried(problems, lambda: find(model, paths[0], first_year(model, paths[0], sheet), sheet))
    read = first and _tried(problems, lambda: read_years(paths, first.model, sheet))
    if first:
        _tried(problems, lambda: check_columns(first.model))
    known = sorted(table.year for table in read or () if table.year)
    if read and year and year not in known:
        problems.append(Problem("evaluate.no_year", {"year": year, "known": known or "—"}, "--year"))
    if problems:
        raise AllocationError(problems)
    found = timeline(
        first.model, [one for one in read if not year or (one.year or 0) <= year], changes, reference=reference
    )
    named = ", ".join(path.as_posix() for path in paths)
    click.echo(say(lang, "cli.took", model=first.model_path.as_posix(), input=named))
    if not found.run.ok:
        from allocation.printing import print_checks

        print_checks(found.run, lang)
        report_failed(found.run, lang, "cli.checks_failed")
        return 1
    stem = f"{base_name(first.model.name)}_{found.years[-1]}"
    files = {
        "report": out / f"{stem}_{say(lang, 'evaluate.ending')}.docx",
        "workbook": out / f"{stem}_{say(lang, 'evaluate.workbook')}.xlsx",
    }
    for source in paths:
        spare_inputs(Found(first.model, first.table, first.model_path, source), files)
    place({
        files["report"]: lambda path: write_report(found, path, lang, date),
        files["workbook"]: lambda path: write_evaluation(found, path, lang),
    })  # fmt: skip
    click.echo(say(lang, "evaluate.wrote", path=files["report"].as_posix()))
    click.echo(say(lang, "evaluate.wrote_workbook", path=files["workbook"].as_posix()))
    return 0


def _tried(problems: list[Problem], call: Callable[[], object]):
    """What the call gives; where it raises, None, and its problems join the others."""
    try:
        return call()
    except AllocationError as error:
        problems += error.problems
        return None


COMMANDS = (evaluate,)
