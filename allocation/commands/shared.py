"""Options that commands share, and opening a model with its table."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path, PureWindowsPath

import click

from allocation.errors import AllocationError, Problem
from allocation.texts import say

LANGUAGE = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language"
)
YEAR = click.option("--year", type=click.IntRange(1950, 2100), help="数据年度 / year of the data")
INPUT = click.option("--input", "table", type=click.Path(path_type=Path), help="数据表 xlsx 或 csv / county table")
SHEET = click.option("--sheet", help="工作表名 / sheet of the workbook")
SET = click.option("--set", "settings", multiple=True, help="改一个参数或数据，如 pool=6000 / change a figure")
REFERENCE = click.option(
    "--reference", is_flag=True, help="年度不在适用期内时作参照测算 / trial outside the model's years"
)


def table_options(command: Callable) -> Callable:
    """The options of every command that reads a table and runs a model on it."""
    for option in (LANGUAGE, REFERENCE, SET, YEAR, SHEET, INPUT):
        command = option(command)
    return command


def open_table(model: str, table: Path | None, sheet, year, settings, problems: list[Problem]) -> tuple:
    """The model with its table and the changes asked for. Raises all that is wrong with any, and `problems`."""
    from allocation.finding import find
    from allocation.scenario import parse_assignment

    changes, found = [], None
    for text in settings:
        try:
            changes.append(parse_assignment(text))
        except AllocationError as error:
            problems += error.problems
    try:
        found = find(model, table, year, sheet)
    except AllocationError as error:
        problems += error.problems
    if problems:
        raise AllocationError(problems)
    return found, changes


def open_run(model: str, table: Path | None, sheet, year, settings, floating: bool, reference: bool):
    from allocation.run import run_model

    found, changes = open_table(model, table, sheet, year, settings, [])
    return found, run_model(found.model, found.table, changes, exact=not floating, reference=reference)


def spare_inputs(found, files: dict[str, Path]) -> None:
    """`--out inputs` would write the result's CSV over the table it came from."""
    taken = [path.resolve() for path in (found.input_path, found.model_path)]
    over = [path for path in files.values() if path.resolve() in taken]
    if over:
        raise AllocationError([Problem("workbook.over_input", where=str(path)) for path in over])


def report(found, result, lang: str) -> None:
    from allocation.printing import print_run

    click.echo(say(lang, "cli.took", model=found.model_path.as_posix(), input=found.input_path.as_posix()))
    print_run(result, lang)


def report_failed(result, lang: str, message: str) -> None:
    failed = [check for check in result.checks if not check.ok and check.severity == "error"]
    if failed:
        click.echo(say(lang, message, count=len(failed)), err=True)


def command_line() -> str:
    """The command as typed, file names only: a result must not tell where it was made."""
    words, before = [], ""
    for word in sys.argv[1:]:
        option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
        if (option or before) not in ("--set", "--date") and ("/" in value or "\\" in value):
            value = PureWindowsPath(value).name  # knows both kinds of slash
        words.append(option + equals + value)
        before = word
    return " ".join(["allocation", *words])
