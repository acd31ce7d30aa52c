"""confirm: the letters in which counties confirm their figures."""

from __future__ import annotations

from functools import partial

import click

from allocation.classes import dataclass
from allocation.commands.attached import TableCommand, part_options
from allocation.commands.products import Product, finish
from allocation.commands.reading import reading_options
from allocation.commands.requests import ReadingRequest, gathered
from allocation.commands.shared import INPUT, LANGUAGE, MODEL, OUTPUT, YEAR, as_day, took
from allocation.errors import AllocationError, Problem, tried
from allocation.files.destination import Destination
from allocation.texts import say
from allocation.texts.days import is_day


@dataclass(frozen=True, kw_only=True)
class ConfirmRequest(ReadingRequest):
    """What `confirm` is asked."""

    due: str
    date: str
    out: Destination


@click.command(cls=TableCommand)
@MODEL
@INPUT
@reading_options
@YEAR
@part_options("ledger")
@click.option("--due", default="", callback=as_day)
@click.option("--date", default="", callback=as_day)
@OUTPUT
@LANGUAGE
@gathered(ConfirmRequest)
def confirm(request: ConfirmRequest) -> int:
    """Write the letters of confirmation, a sheet a county."""
    from allocation.commands.printing import print_doubts
    from allocation.doubts.doubting import doubts_beside
    from allocation.office.asking import required_material, with_parts
    from allocation.record import journal
    from allocation.run.shelf import base_name
    from allocation.tables.forms import day
    from allocation.xlsx.confirming import write_letters

    due, date, out, screen = request.due, request.date, request.out, request.screen
    problems: list[Problem] = []
    try:
        due = due and day(due)
    except ValueError:
        problems.append(Problem("ledger.bad_due", {"found": due}, "--due"))
    if date and not is_day(date):
        problems.append(Problem("collect.bad_date", {"found": date}, "--date"))
    material = tried(problems, required_material, request)
    material = with_parts(request.options, material, problems)[0] if material else None
    if problems or material is None:
        raise AllocationError(problems)
    path = out.file(f"{base_name(material.model.name)}_{screen.say('ledger.letters_word')}.xlsx")
    note = say("zh", "ledger.letters_due", count=len(material.table), due=due or "")
    entry = journal.Entry("confirm", model=base_name(material.model.name), year=material.table.year, note=note)

    def show() -> None:
        took(material, screen)
        print_doubts([doubts_beside(material.model, [material.table])], screen)

    letters = Product(
        path,
        lambda beside: write_letters(material.model, material.table, beside, screen.lang, due),
        "ledger.wrote_letters",
        {"count": len(material.table)},
    )
    put = partial(journal.record, path.parent, entry, date=date)
    return finish([letters], screen, of=[material], put=put, show=show)
