"""merge: what departments return, put into a new copy of a case, every difference told cell by cell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.helped import HelpedCommand
from allocation.commands.products import Product, finish
from allocation.commands.requests import gathered
from allocation.commands.screen import Screen
from allocation.commands.shared import LANGUAGE, OUT
from allocation.errors import AllocationError, Problem
from allocation.files.destination import Destination
from allocation.files.whole_files import bytes_writer
from allocation.texts import exact_text

if TYPE_CHECKING:
    from allocation.opening.merging import Merge

HEADS = ("unit", "column", "old", "new", "standing", "where", "side")


@dataclass(frozen=True, kw_only=True)
class MergeRequest:
    """What `merge` is asked."""

    case: str
    files: tuple[Path, ...]
    department: str
    choices: tuple[str, ...]
    out: Destination
    screen: Screen


@click.command(cls=HelpedCommand)
@click.argument("case")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--for", "department", default="")
@click.option("--choose", "choices", multiple=True)
@click.option("--out", type=OUT, required=True)
@LANGUAGE
@gathered(MergeRequest)
def merge(request: MergeRequest) -> int:
    """Merge what departments return into a new copy of a case."""
    from allocation.opening.cases import case_at
    from allocation.opening.merged_file import merged_file
    from allocation.opening.merging import MergeAsked
    from allocation.opening.merging import merge as merged
    from allocation.run.finding import find_as_far
    from allocation.tables.departments import as_returned
    from allocation.tables.reading import read_as_far

    case = case_at(request.case)
    if case is None:
        raise AllocationError(Problem("case.needs_case", {"name": request.case}))
    out = request.out.named(f"{case.table.stem}_{request.screen.say('departments.merged_word')}{case.table.suffix}")
    asked = MergeAsked(request.department, _choices(request.choices))
    problems: list[Problem] = []
    if out.exists():
        problems.append(Problem("case.export_there", where=out.as_posix()))
    problems += [Problem("departments.no_file", where=path.as_posix()) for path in request.files if not path.is_file()]
    model = find_as_far(request.case, None, None, []).model  # what is wrong with the table is said below
    facts = case.facts
    table = read_as_far(case.table, as_returned(model), problems, year=facts.data_year, budget_year=facts.budget_year)
    if problems:
        raise AllocationError(problems)
    told = merged(model, table, request.files, asked)
    products = []
    if told.taken:
        message = "departments.merged_case" if case.table == case.path else "departments.merged_table"
        write = bytes_writer(merged_file(case, model, table, told.taken, out))
        products.append(Product(out, write, message, {"case": request.case}))

    def show() -> None:
        _print(told, request.screen)
        _print_counts(told, request)

    return finish(products, request.screen, show=show)


def _choices(texts: tuple[str, ...]) -> dict[str, str]:
    """By unit, column or unit/column the side that stands. Raises those that are none, and a key given two sides."""
    from allocation.opening.merging import sides

    problems: list[Problem] = []
    chosen: dict[str, str] = {}
    for text in texts:
        key, _, side = (part.strip() for part in text.replace("＝", "=").rpartition("="))
        if not key or side not in sides():
            problems.append(Problem("departments.choice", {"found": text}, "--choose"))
        elif chosen.setdefault(key, sides()[side]) != sides()[side]:
            problems.append(Problem("departments.choice_twice", {"key": key}, "--choose"))
    if problems:
        raise AllocationError(problems)
    return chosen


def _print(told: Merge, screen: Screen) -> None:
    from allocation.commands.printing import print_rows

    rows = []
    for figure in told.figures:
        side = screen.say(f"departments.side_{'filled' if figure.old is None else figure.side}")
        texts = [exact_text(value) or "—" for value in (figure.old, figure.new)]
        rows.append([figure.unit, screen.shown(figure.label), *texts, figure.standing, figure.where, side])
    if rows:
        print_rows([screen.say(f"departments.head_{head}") for head in HEADS], rows, screen, len(HEADS))
    for note in told.notes:
        screen.line("  · " + note.told_by(screen))


def _print_counts(told: Merge, request: MergeRequest) -> None:
    counts = {
        "filled": sum(figure.old is None for figure in told.figures),
        "replaced": sum(figure.old is not None for figure in told.taken),
        "kept": len(told.figures) - len(told.taken),
    }
    request.screen.tell("departments.counted", **counts)
    if not told.taken:
        request.screen.tell("departments.nothing_new", case=request.case)
