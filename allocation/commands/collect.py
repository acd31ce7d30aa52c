"""collect: returned templates, one or more counties a file, merged into one table; who is missing, late or changed."""

from __future__ import annotations

import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.helped import HelpedCommand
from allocation.commands.products import Product, finish
from allocation.commands.reading import said_options
from allocation.commands.requests import gathered
from allocation.commands.screen import Screen
from allocation.commands.shared import LANGUAGE, MODEL, OUTPUT, YEAR, as_day
from allocation.commands.through import THROUGH, part_through
from allocation.errors import AllocationError, Problem, tried
from allocation.files.destination import Destination
from allocation.office.asked import SharedOptions
from allocation.texts.days import is_day

if TYPE_CHECKING:
    from allocation.collecting.collect import Collected
    from allocation.policy.parts_of_year import PartOfYear

SHOWN = 6  # changes and notes printed; the workbook has them all
FILE = click.Path(path_type=Path)


@dataclass(frozen=True, kw_only=True)
class CollectRequest:
    """What `collect` is asked."""

    model: str
    folder: Path | None
    table: Path | None
    year: int | None
    due: str
    date: str
    prefer: tuple[str, ...]
    partial: bool
    last: Path | None
    last_year: int | None
    crosswalk: Path | None
    carry: tuple[str, ...]
    through: str
    out: Destination
    screen: Screen
    options: SharedOptions


@click.command(cls=HelpedCommand)
@MODEL
@click.argument("folder", type=FILE, required=False)
@click.option("--recipients", "table", type=FILE)
@YEAR
@click.option("--due", default="", callback=as_day)
@click.option("--date", default="", callback=as_day)
@click.option("--prefer", multiple=True)
@click.option("--partial", is_flag=True)
@click.option("--last", type=FILE)
@click.option("--last-year", type=click.IntRange(1950, 2100))
@click.option("--crosswalk", type=FILE)
@click.option("--carry", multiple=True)
@THROUGH
@said_options
@OUTPUT
@LANGUAGE
@gathered(CollectRequest)
def collect(request: CollectRequest) -> int:
    """Merge the returned tables of a folder."""
    from allocation.office.returns import Collecting, collect_into

    folder = _refuse(request)
    date = request.date or datetime.date.today().isoformat()
    asked = Collecting(
        request.model, folder, date, request.due, request.year, request.table, request.prefer, request.partial,
        request.last, request.last_year, request.crosswalk, request.carry, request.options.said,
        _through(request),
    )  # fmt: skip
    book = request.out.file(f"{asked.stem}.xlsx")
    collected = collect_into(asked, book, request.screen.lang)
    products = [Product(book, None, "collect.wrote"), Product(book.with_suffix(".json"), None, "collect.wrote_state")]
    finish(products, request.screen, show=partial(_report, collected, request.screen))
    return 0 if collected.complete else 1


def _through(request: CollectRequest) -> PartOfYear | None:
    from allocation.run.finding import model_of_year

    return part_through(model_of_year(request.model, request.year), request.through) if request.through else None


def _refuse(request: CollectRequest) -> Path:
    """What is wrong with the command itself, all at once; the folder that is collected."""
    problems = [] if request.folder else [Problem("collect.folder_missing")]
    for option, text in (("--due", request.due), ("--date", request.date)):
        problems += [] if not text or is_day(text) else [Problem("collect.bad_date", {"found": text}, option)]
    if (request.crosswalk or request.carry or request.last_year) and not request.last:
        problems.append(Problem("collect.needs_last"))
    tried(problems, request.out.file, "collected.xlsx")
    if problems or request.folder is None:
        raise AllocationError(problems)
    return request.folder


def _report(collected: Collected, screen: Screen) -> None:
    from allocation.collecting.collect import LATE, MISSING
    from allocation.collecting.collected_tables import lines_table, mark, warning
    from allocation.commands.printing import print_doubts, print_table

    missing, come = collected.of_status(MISSING), [line for line in collected.lines if line.returned]
    slots = {"expected": len(collected.lines), "come": len(come), "mark": mark(collected, screen.lang)}
    screen.tell("collect.head", year=collected.year, model=collected.model.label, **slots)
    print_table(lines_table(collected, "terminal"), screen)
    due, late = collected.ask.due, collected.of_status(LATE)
    for key, who in (("missing_line", missing), ("late_line", late)):
        if who:
            names = [recipient.name for recipient in who]
            screen.tell(f"collect.{key}", count=len(who), names=names, due=due or "—")
    for change in collected.changes[:SHOWN]:
        label = collected.model.inputs[change.input].label
        slots = {"name": change.recipient.name, "old": change.old, "new": change.new, "where": change.where}
        screen.tell("collect.changed_line", label=label, **slots)
    if len(collected.changes) > SHOWN:
        screen.tell("collect.more_changes", count=len(collected.changes) - SHOWN)
    for note in collected.notes:
        screen.tell("collect.note", text=note.told_by(screen))
    print_doubts([collected.doubts], screen)
    if collected.problems:
        screen.warn("collect.left_out", count=len(collected.problems))
        for problem in collected.problems:
            screen.line("  × " + problem.told_by(screen), err=True)
    if not collected.complete:
        screen.line(warning(collected, screen.lang), err=True)
