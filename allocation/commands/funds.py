"""funds, cases: each unit with all its funds of a year, and what the cases of a folder say differently."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.commands.helped import HelpedCommand
from allocation.commands.screen import Screen
from allocation.commands.shared import LANGUAGE, OUT, YEAR
from allocation.errors import AllocationError, Problem
from allocation.files.destination import Destination

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
def funds(folder: Path, year: int | None, to: Destination | None, screen: Screen) -> int:
    """One table of each unit with all its funds of a year."""
    from allocation.commands.sums import put_out, sum_file
    from allocation.xlsx.funds import funds_of_year

    _check_folder(folder)
    path = sum_file(to, screen.say("funds.file_word"))
    put_out(funds_of_year(folder, year).sums, path, screen)
    return 0


@click.command(cls=HelpedCommand)
@click.argument("folder", type=click.Path(path_type=Path), default=Path("."))
@LANGUAGE
def cases(folder: Path, screen: Screen) -> int:
    """The cases of a folder, and where they differ."""
    from allocation.opening.differing import cases_of
    from allocation.record.versions import FOLDER

    _check_folder(folder)
    held = cases_of(folder, without=FOLDER)
    _print_cases(held, screen)
    _print_differing(held.differing, screen)
    return 1 if held.differing or held.unread else 0


def _print_cases(held: FolderOfCases, screen: Screen) -> None:
    from allocation.commands.printing import print_rows

    if not held.cases and not held.unread:
        screen.tell("funds.no_cases", folder=held.folder.as_posix())
        return
    heads = [screen.say(f"funds.head_{key}") for key in ("file", "model", "year", "batch", "data_year", "units")]
    rows = [[case.file, case.model, str(case.year or "—"), screen.shown(case.batch), str(case.table.year or "—"),
             str(len(case.table))] for case in held.cases]  # fmt: skip
    if rows:
        print_rows(heads, rows, screen, len(heads))
    for file, problems in held.unread.items():
        screen.warn("funds.unread", file=file, count=len(problems), text=problems[0].told_by(screen))


def _print_differing(differing: tuple[DifferingInput, ...], screen: Screen) -> None:
    from allocation.commands.printing import print_rows

    if not differing:
        screen.tell("funds.none_differ")
        return
    heads = [screen.say(f"funds.head_{key}") for key in ("code", "unit", "data_year", "column", "figure", "where")]
    rows = []
    for entry in differing:
        for figure in entry.figures:
            rows.append([entry.code, entry.name, str(entry.year or "—"), screen.shown(entry.label),
                         figure.text(screen.lang), figure.where])  # fmt: skip
    print_rows(heads, rows, screen, len(heads))
    files = {where.partition(": ")[0] for entry in differing for where in (figure.where for figure in entry.figures)}
    screen.tell("funds.differ", count=len(differing), files=sorted(files))
