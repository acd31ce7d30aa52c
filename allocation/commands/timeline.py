"""timeline: a model over several years in one run."""

from __future__ import annotations

from pathlib import Path

import click

from allocation.commands.attached import tried
from allocation.commands.shared import LANGUAGE, REFERENCE, SET, SHEET, parse_assignments, report_failed, spare_inputs
from allocation.errors import AllocationError
from allocation.texts import say


@click.command()
@click.argument("model")
@click.option("--input", "tables", multiple=True, type=click.Path(path_type=Path),
              help="各年数据表，可写多次 / a table a year, or one with a year column")  # fmt: skip
@SHEET
@SET
@click.option("--growth", "rates", multiple=True, help="推算年度的年增长率，如 settled[in_city]=5% / yearly growth")
@click.option("--until", type=click.IntRange(1950, 2100), help="推算到哪一年 / last year of the what-if")
@click.option("--out", type=click.Path(path_type=Path), default=Path("outputs"), show_default=True,
              help="输出文件夹，或 .xlsx 文件名 / output folder or .xlsx name")  # fmt: skip
@REFERENCE
@LANGUAGE
def timeline(model, tables, sheet, settings, rates, until, out, reference, lang) -> int:
    """多年连续测算，可按增长率推算以后年度 / run several years in one go, with what-ifs for years to come."""
    from allocation.finding import Found, base_name, default_input, find_as_far
    from allocation.study.timeline import lay_out, read_years_as_far
    from allocation.study.timeline import timeline as run_years
    from allocation.workbook.timeline import write_timeline
    from allocation.workbook.writer import place

    problems = []
    changes, growth = parse_assignments(settings, problems), parse_assignments(rates, problems, "--growth")
    paths = list(tables) or tried(problems, lambda: [default_input(model)])
    first = paths and tried(problems, find_as_far, model, paths[0], first_year(model, paths[0], sheet), problems, sheet)
    read = read_years_as_far(paths, first.model, problems, sheet) if first else []
    if problems:
        if first:
            lay_out(first.model, read, changes, growth, until, problems)
        raise AllocationError(problems)
    result = run_years(first.model, read, changes, growth=growth, until=until, reference=reference)
    named = ", ".join(path.as_posix() for path in paths)
    click.echo(say(lang, "cli.took", model=first.model_path.as_posix(), input=named))
    _print(result, lang)
    if not result.run.ok:
        report_failed(result.run, lang, "cli.checks_failed")
        return 1
    path = out if out.suffix.lower() == ".xlsx" else out / f"{base_name(first.model.name)}_timeline.xlsx"
    for source in paths:
        spare_inputs(Found(first.model, first.table, first.model_path, source), {"workbook": path})
    place({path: lambda beside: write_timeline(result, beside, lang)})
    click.echo(say(lang, "timeline.wrote", path=path.as_posix()))
    return 0


def first_year(model: str, path: Path, sheet: str | None) -> int | None:
    """The first year of a table with a year column; None where the table has one year."""
    from allocation.finding import model_files
    from allocation.loading import load_model
    from allocation.tables.reading import read_table

    try:
        read_table(path, load_model(model_files(model)[0]), sheet=sheet)
    except AllocationError as error:
        return next((one.slots["years"][0] for one in error.problems if one.id == "tables.many_years"), None)
    return None


def _print(result, lang: str) -> None:
    from allocation.marks import marks
    from allocation.printing import print_checks, shown, table_text

    base = result.runs[-1]
    entry = base.model.columns[base.model.award]
    heads = [say(lang, f"workbook.{key}") for key in ("code", "name")]
    heads += [f"{year}{say(lang, 'timeline.ahead') if year in result.projected else ''}" for year in result.years]
    rows = []
    for code, name in result.counties.items():
        path = result.path(base.model.award, code)
        rows.append([code, name, *("" if value is None else shown(value, entry.decimals) for value in path)])
    totals = [shown(run.total(run.model.award), entry.decimals) for run in result.runs]
    rows.append(["", say(lang, "workbook.total"), *totals])
    unit = base.model.units.label(entry.unit.name, lang)
    click.echo("\n" + say(lang, "timeline.head", award=entry.label, marks=marks(base, lang), unit=unit))
    click.echo(table_text(heads, rows))
    print_checks(result.run, lang)
    for note in result.moves:
        click.echo(say(lang, "cli.note", text=note.text(lang)))


COMMANDS = (timeline,)
