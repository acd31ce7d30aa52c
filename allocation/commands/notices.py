"""notices: a Word notice and a workbook of its own rows for each payee, and the note on the calculation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.case import MANNERS
from allocation.classes import dataclass
from allocation.commands.attached import TableCommand
from allocation.commands.correct import SETTLE_YEAR, open_correction
from allocation.commands.products import Product, finish
from allocation.commands.reading import BATCH, RESOLVE
from allocation.commands.requests import TableRequest, gathered
from allocation.commands.shared import (
    MODEL,
    OUTPUT_FOLDER,
    as_day,
    check_day,
    command_line,
    report,
    report_failed,
    table_options,
)
from allocation.errors import AllocationError, Problem
from allocation.files.destination import Destination
from allocation.texts.remedies import option_words

if TYPE_CHECKING:
    from allocation.office.letters import LettersWritten

TEXTS = ("document", "number", "code", "office", "date", "original", "reason")


@dataclass(frozen=True, kw_only=True)
class NoticesRequest(TableRequest):
    """What `notices` is asked."""

    out: Destination
    template: Path | None
    document: str
    number: str
    manner: str
    code: str
    office: str
    date: str
    correction: bool
    original: str
    reason: str
    settle_year: int | None


@click.command(cls=TableCommand)
@MODEL
@OUTPUT_FOLDER
@click.option("--template", type=click.Path(path_type=Path))
@click.option("--document", default="")
@click.option("--number", default="")
@click.option("--manner", type=click.Choice([word for words in MANNERS.values() for word in (words.zh, words.en)]))
@click.option("--code", default="")
@click.option("--office", default="")
@click.option("--date", default="", callback=as_day)
@click.option("--correction", is_flag=True)
@click.option("--original", default="")
@click.option("--reason", default="")
@SETTLE_YEAR
@BATCH
@RESOLVE
@table_options
@gathered(NoticesRequest)
def notices(request: NoticesRequest) -> int:
    """Write a notice for each payee, and a note on the calculation."""
    from allocation.documents.page import needs_docx
    from allocation.office.asking import open_run
    from allocation.office.letters import LettersAsked, write_letters

    needs_docx()
    check_day(request.date)
    out = request.out.only_folder()
    given = {key: getattr(request, key).strip() for key in TEXTS}
    alone = {"--settle-year": request.settle_year, "--original": given["original"], "--reason": given["reason"]}
    if not request.correction and any(alone.values()):
        wrong = [option for option, value in alone.items() if value]
        raise AllocationError(
            [Problem("notices.correction_alone", {"option": option_words(option)}, option) for option in wrong]
        )
    corrected = open_correction(request, out, request.settle_year, again=True) if request.correction else None
    material, run = (corrected.material, corrected.run) if corrected else open_run(request)
    if not run.ok:
        report(material, run, request.screen)
        report_failed(run, request.screen, "cli.checks_failed")
        return 1
    asked = LettersAsked(
        out, request.template, **given, manner=request.manner or "", settle_year=request.settle_year,
        recipients=request.options.recipients,
    )  # fmt: skip
    written = write_letters(material, run, asked, request.screen.lang, corrected, command_line())

    def show() -> None:
        report(material, run, request.screen)
        if corrected:
            request.screen.tell("notices.against", version=corrected.issued.label(request.screen.lang))

    finish(_products(written), request.screen, show=show)
    for note in written.notes:
        request.screen.line(note.told_by(request.screen))
    return 0


def _products(written: LettersWritten) -> list[Product]:
    papers = written.papers
    others = [Product(papers.folder, None, "notices.replaced", {"count": written.others})] if written.others else []
    return [
        Product(papers.folder, None, "notices.wrote", {"count": len(papers.letters)}),
        *others,
        Product(papers.note, None, "notices.wrote_note"),
        Product(written.record, None, "notices.wrote_record"),
    ]
