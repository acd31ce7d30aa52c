"""funds, cases: each unit with all its funds of a year, and what the cases of a folder say differently."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.commands.helped import HelpedCommand
from allocation.commands.shared import LANGUAGE, OUT, YEAR
from allocation.errors import AllocationError, Problem
from allocation.files.destination import Destination
from allocation.texts import say

if TYPE_CHECKING:
    from allocation.opening.differing import DifferingInput, FolderOfCases

FOLDER = click.argument("folder", type=click.Path(path_type=Path), default=Path("outputs"))


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise AllocationError(Problem("doubts.no_folder", where=folder.as_posix()))


@click.command(cls=HelpedCommand)
@FOLDER
@YEAR
@click.option("--to", type=OUT)
@LANGUAGE
def funds(folder: Path, year: int | None, to: Destination | None, lang: str) -> int:
    """One table of each unit with all its funds of a year."""
    from allocation.commands.sums import put_out, sum_file
    from allocation.xlsx.funds import funds_of_year

    _check_folder(folder)
    path = sum_file(to, say(lang, "funds.file_word"))
    put_out(funds_of_year(folder, year).sums, path, lang)
    return 0


@click.command(cls=HelpedCommand)
@click.argument("folder", type=click.Path(path_type=Path), default=Path("."))
@LANGUAGE
def cases(folder: Path, lang: str) -> int:
    """The cases of a folder, and where they differ."""
    from allocation.opening.differing import cases_of
    from allocation.record.versions import FOLDER

    _check_folder(folder)
    held = cases_of(folder, without=FOLDER)
    _print_cases(held, lang)
    _print_differing(held.differing, lang)
    return 1 if held.differing or held.unread else 0


def _print_cases(held: FolderOfCases, lang: str) -> None:
    from allocation.commands.printing import table_text

    if not held.cases and not held.unread:
        click.echo(say(lang, "funds.no_cases", folder=held.folder.as_posix()))
        return
    heads = [say(lang, f"funds.head_{key}") for key in ("file", "model", "year", "batch", "data_year", "units")]
    rows = [[case.file, case.model, str(case.year or "—"), case.batch[lang], str(case.table.year or "—"),
             str(len(case.table))] for case in held.cases]  # fmt: skip
    if rows:
        click.echo(table_text(heads, rows, len(heads)))
    for file, problems in held.unread.items():
        click.echo(say(lang, "funds.unread", file=file, count=len(problems), text=problems[0].text(lang)), err=True)


def _print_differing(differing: tuple[DifferingInput, ...], lang: str) -> None:
    from allocation.commands.printing import table_text

    if not differing:
        click.echo(say(lang, "funds.none_differ"))
        return
    heads = [say(lang, f"funds.head_{key}") for key in ("code", "unit", "data_year", "column", "figure", "where")]
    rows = []
    for entry in differing:
        for figure in entry.figures:
            rows.append([entry.code, entry.name, str(entry.year or "—"), entry.label[lang], figure.text(lang),
                         figure.where])  # fmt: skip
    click.echo(table_text(heads, rows, len(heads)))
    files = {where.partition(": ")[0] for entry in differing for where in (figure.where for figure in entry.figures)}
    click.echo(say(lang, "funds.differ", count=len(differing), files=sorted(files)))
