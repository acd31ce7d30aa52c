"""reconcile: register, last year, table and issue laid side by side, every unit once, and why it moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from allocation.commands.attached import TableCommand
from allocation.commands.reading import RESOLVE
from allocation.commands.requests import TableRequest, gathered
from allocation.commands.screen import Screen
from allocation.commands.shared import MODEL, table_options, took_for
from allocation.texts import exact_text

if TYPE_CHECKING:
    from allocation.doubts.reconciled import Reconciled, UnitLine


@click.command(cls=TableCommand)
@MODEL
@RESOLVE
@table_options
@gathered(TableRequest)
def reconcile(request: TableRequest) -> int:
    """Reconcile the units: register, last year, table, issue."""
    from allocation.doubts.reconciled import reconcile as reconciled
    from allocation.office.asking import open_run

    opened, run = open_run(request, partly=True)
    awards = run.amounts(run.model.award) if run.shared else None
    units = reconciled(run.model, run.table, awards, run.doubts)
    took_for(opened, request.screen, run)
    _print(units, request.screen)
    return 0 if units.closes and not units.unexplained else 1


def _print(units: Reconciled, screen: Screen) -> None:
    from allocation.commands.printing import print_rows

    heads = [screen.say(f"reconcile.head_{key}") for key in
             ("code", "name", "register", "last", "table", "issue", "change", "why")]  # fmt: skip
    screen.line("")
    print_rows(heads, [_row(line, screen) for line in units.lines], screen)
    screen.tell("reconcile.last_from", file=units.last or screen.say("reconcile.no_last"))
    for each in units.sums:
        slots = {"start": each.start, "left": each.left, "came": each.came, "end": each.end}
        screen.tell(f"reconcile.sum_{each.key}", **slots)
    if units.unexplained:
        names = [line.name for line in units.unexplained]
        screen.tell("reconcile.unexplained", count=len(names), names=names)
    else:
        screen.tell("reconcile.all_explained", count=len(units.lines))


def _row(line: UnitLine, screen: Screen) -> list[str]:
    marks = {True: "✓", False: "—", None: ""}
    award = exact_text(line.award) if line.award is not None else ""
    why = "；".join(map(screen.shown, line.why)) or ("" if line.explained else screen.say("reconcile.unsaid"))
    change = screen.say(f"reconcile.{'zero' if line.award == 0 else line.change}")
    lists = [marks[held] for held in (line.registered, line.before, line.listed)]
    return [line.code, line.name, *lists, award or "", change, why]


COMMANDS = (reconcile,)
