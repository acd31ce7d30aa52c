"""timeline: a model over several years in one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.helped import HelpedCommand
from allocation.commands.products import Product, finish
from allocation.commands.reading import reading_options
from allocation.commands.requests import gathered
from allocation.commands.screen import Screen
from allocation.commands.shared import DECIDED, LANGUAGE, MODEL, OUTPUT, REFERENCE, SET, report_failed, took
from allocation.commands.years import TABLES, YearsRequest

if TYPE_CHECKING:
    from allocation.errors import Problem
    from allocation.years.timeline import Timeline


@dataclass(frozen=True, kw_only=True)
class TimelineRequest(YearsRequest):
    """What `timeline` is asked."""

    rates: tuple[str, ...]
    until: int | None


@click.command(cls=HelpedCommand)
@MODEL
@TABLES
@reading_options
@SET
@DECIDED
@click.option("--growth", "rates", multiple=True)
@click.option("--until", type=click.IntRange(1950, 2100))
@OUTPUT
@REFERENCE
@LANGUAGE
@gathered(TimelineRequest)
def timeline(request: TimelineRequest) -> int:
    """Run several years in one go, with what-ifs for years to come."""
    from allocation.office.asking_years import open_years
    from allocation.office.attaching import attached_labels
    from allocation.run.scenario import parse_assignments
    from allocation.run.shelf import base_name
    from allocation.xlsx.timeline import write_timeline
    from allocation.years.timeline import timeline as run_years

    problems: list[Problem] = []
    years = open_years(request, problems)
    growth = parse_assignments(request.rates, problems, "--growth")
    years.refuse(problems, growth, request.until)
    material = years.needed
    result = run_years(
        material.model, years.tables, years.changes, growth=growth, until=request.until, reference=request.reference
    )
    took(material, request.screen, result.run, years.named)
    _print(result, request.screen)
    if labels := attached_labels(material.case):
        request.screen.tell("cli.note", text=request.screen.say("timeline.without_parts", parts=labels))
    if not result.run.ok:
        report_failed(result.run, request.screen, "cli.checks_failed")
        return 1
    stem = f"{base_name(material.model.name)}_timeline"
    path = request.out.file(f"{stem}.xlsx")
    product = Product(path, lambda beside: write_timeline(result, beside, request.screen.lang), "timeline.wrote")
    return finish([product], request.screen, of=years.materials)


def _print(result: Timeline, screen: Screen) -> None:
    from allocation.commands.printing import print_checks, print_table
    from allocation.run.marks import marks
    from allocation.years.years_table import years_table

    base, table = result.runs[-1], years_table(result, "terminal")
    award, unit = base.model.columns[base.model.award].label, table.units.label(table.unit.name, screen.lang)
    screen.line("\n" + screen.say("timeline.head", award=award, marks=screen.shown(marks(base)), unit=unit))
    print_table(table, screen)
    print_checks(result.run, screen)
    for note in result.moves:
        screen.tell("cli.note", text=note.told_by(screen))
