"""notices: a Word notice and a workbook of its own rows for each payee, and the note on the calculation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.case import MANNERS
from allocation.commands.attached import TableCommand
from allocation.commands.correct import SETTLE_YEAR, open_correction, something_moves
from allocation.commands.on_record import agreeing, digests, issued_as, registered, replaced
from allocation.commands.reading import BATCH, RESOLVE
from allocation.commands.requests import TableRequest, gathered
from allocation.commands.shared import (
    MODEL,
    OUTPUT_FOLDER,
    as_day,
    check_day,
    open_run,
    report,
    report_failed,
    spare_inputs,
    table_options,
)
from allocation.errors import AllocationError, Problem
from allocation.files.destination import Destination
from allocation.texts import exact_text, say, shortened
from allocation.texts.vocabulary import Pattern

if TYPE_CHECKING:
    from docx.document import Document

    from allocation.documents.addressee import RegisterSays
    from allocation.documents.notices import Handed, Letter
    from allocation.run.finding import ModelWithTable
    from allocation.run.run import Run

SHOWN = 8  # names that are told
Addressee = tuple[str, tuple[int, ...]]  # a name, and the rows that are told of

GIVEN = ("document", "code", "office", "date")
CORRECTS = ("original", "reason")


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
    from allocation.documents.corrected import changes
    from allocation.documents.notices import greets_all, is_money, silent_for, unaddressed, ungreeted
    from allocation.documents.page import needs_docx
    from allocation.run.decisions import held_back

    needs_docx()
    check_day(request.date)
    out = request.out.only_folder()
    original, reason = request.original.strip(), request.reason.strip()
    alone = {"--settle-year": request.settle_year, "--original": original, "--reason": reason}
    if not request.correction and any(alone.values()):
        wrong = [option for option, value in alone.items() if value]
        raise AllocationError([Problem("notices.correction_alone", {"option": option}, option) for option in wrong])
    issued = None
    if request.correction:
        issued = open_correction(request, out, request.settle_year, again=True)
        material, run = issued.material, issued.run
    else:
        material, run = open_run(request)
        if run.part("correction"):  # its letters say what they put right, and why: what only its versions tell
            raise AllocationError(Problem("notices.of_correction", where=run.table.file))
    if not run.ok:
        report(material, run, request.lang)
        report_failed(run, request.lang, "cli.checks_failed")
        return 1
    letter, since = _letter(request, material, run), None
    if held := [*held_back(run, "final", outside=True), *greets_all(run, letter)]:
        raise AllocationError(held)
    opened = _template(request.template, request.lang, letter.together)
    if issued:
        something_moves(issued)
        if issued.issued.stage == "correction" and not issued.already_issued:
            raise AllocationError(Problem("notices.other_correction", {"version": issued.issued.both}))
        why, on_record = registered(issued, out, request.settle_year, reason)
        letter = replace(letter, reason=why.rstrip("。.；; "), changes=changes(run, on_record))
    else:
        since = agreeing(run, out)
    count, others, folder, note = _write(material, run, opened, letter, out, bool(issued), request.lang)
    report(material, run, request.lang)
    if issued:
        click.echo(say(request.lang, "notices.against", version=issued.issued.label(request.lang)))
    click.echo(say(request.lang, "notices.wrote", count=count, path=folder.as_posix()))
    if others:
        click.echo(say(request.lang, "notices.replaced", count=others))
    click.echo(say(request.lang, "notices.wrote_note", path=note.as_posix()))
    if since:
        click.echo(say(request.lang, "notices.corrected_since", version=since.label(request.lang)))
    if letter.salutation and not _greets(opened):
        click.echo(say(request.lang, "notices.no_salutation"))
    if not issued and (blank := silent_for(run, letter)):
        click.echo(say(request.lang, "notices.nothing_for", count=len(blank), names=shortened(blank, SHOWN)))
    if passed_over := ungreeted(run, letter, request.lang) if _greets(opened) else []:
        click.echo(say(request.lang, "notices.ungreeted", names=shortened(passed_over, SHOWN)))
    if named := unaddressed(run, letter, request.lang) if _greets(opened) else []:
        click.echo(say(request.lang, "notices.by_name", names=shortened(named, SHOWN)))
    for key in (*GIVEN, *(CORRECTS if issued else ())):
        if not getattr(letter, key) and (key != "code" or is_money(run)):
            click.echo(say(request.lang, f"notices.ask_{key}"))
    if named := [name for name in run.table.names if name in letter.reason]:
        click.echo(say(request.lang, "notices.reason_held", counties=named))
    if run.part("adjustments"):
        click.echo(say(request.lang, "notices.hidden"))
    return 0


def _letter(request: NoticesRequest, material: ModelWithTable, run: Run) -> Letter:
    """What all notices have in common: what the options say, else the facts of the issue.

    Number and date of the issue are those of the notice that a correction puts right, not its own.
    """
    from allocation.documents.notices import Letter
    from allocation.doubts.numbered import plain_number

    facts, number = (
        run.facts,
        Pattern("command_words.number_to_come").sub(r"\1    ", run.facts.number),
    )  # room for a number to come
    original = request.original.strip()
    if request.correction:
        number, original = "", original or (number if "    " not in number else "")
        facts = replace(facts, issued="")
    number, document = request.number.strip() or number, request.document.strip() or facts.upper_number
    if plain_number(number) and plain_number(number) == plain_number(document):
        raise AllocationError(Problem("notices.same_number", {"number": number}, "--number" if request.number else ""))
    words = {word: key for key, of_manner in MANNERS.items() for word in (of_manner.zh, of_manner.en)}
    return Letter(
        document,
        request.code.strip() or facts.codes,
        request.office.strip() or facts.office,
        request.date.strip() or facts.issued,
        original,
        number=number,
        salutation=facts.salutation,
        together=words.get(request.manner or "", facts.manner) == "together",
        says=_register(request, material),
    )


def _register(request: NoticesRequest, material: ModelWithTable) -> RegisterSays:
    """What the register says of whom letters go to: the one that was given, else those at hand."""
    from allocation.commands.attached import case_files
    from allocation.documents.addressee import register_says
    from allocation.doubts.gathering import registers_at_hand
    from allocation.tables.recipients import read_recipients

    given = request.options.recipients or case_files(material.case).get("recipients")
    registers = [read_recipients(given)] if given else registers_at_hand(material.table, [])
    return register_says(registers, material.table.year)


def _greets(template: Document) -> bool:
    from allocation.documents.placeholders import holds

    return holds(template, "salutation")


def _template(path: Path | None, lang: str, together: bool) -> Document:
    """The template asked for, else the one at hand, else the one the program makes, as it does of one for all."""
    import tempfile

    from allocation.documents.notice_template import default_template, write_notice_template
    from allocation.documents.placeholders import open_template

    path = path or (None if together else default_template(lang))
    if path:
        return open_template(path)
    with tempfile.TemporaryDirectory() as folder:
        blank = Path(folder) / f"notice.{lang}.docx"
        write_notice_template(blank, lang, together)
        return open_template(blank)


def _all_together(name: str, addressees: list[Addressee], what: Handed) -> list[Addressee]:
    """One addressee in place of all. Raises where some are paid and others pay back: no one sentence says both."""
    rows = tuple(row for _, of_reader in addressees for row in of_reader)
    if {what.figures[row] > 0 for row in rows if what.figures[row]} == {True, False}:
        raise AllocationError(Problem("notices.together_mixed"))
    return [(name, rows)]


def _write(
    material: ModelWithTable, run: Run, template: Document, letter: Letter, out: Path, corrects: bool, lang: str
) -> tuple[int, int, Path, Path]:
    """All notices, workbooks and the note with their lines in the journal, or nothing at all.

    Their number, how many replaced another, their folder, the note.
    The folder is sent out whole: the note, which is the office's own, lies beside it.
    """
    from allocation.commands.issue import refuse_strangers
    from allocation.documents.note import write_note
    from allocation.documents.notices import handed, tells, write_notice
    from allocation.record.journal import Entry, record
    from allocation.record.versions import issue_of
    from allocation.report.columns import edition_of
    from allocation.report.lines import readers
    from allocation.xlsx.editions import edition_books

    issue = issue_of(run)
    kind = "correction_" if corrects else ""
    words = (say(lang, f"notices.{kind}folder"), say(lang, f"notices.{kind}note"))
    name, noted = ("_".join([*issue.parts(lang), word]) for word in words)
    folder, what = out / name, handed(run)
    files: dict[Path, Callable[[Path], None]] = {}
    problems: list[Problem] = []
    addressees = [
        (title, rows) for title, rows in readers(run, edition_of(run, "county").by)
        if (any(what.figures[row] for row in rows) if corrects else tells(run, what, rows))
    ]  # fmt: skip
    if not addressees:
        raise AllocationError(Problem("notices.nothing_to_tell"))
    if letter.together:
        addressees = _all_together(name, addressees, what)
    for title, rows in addressees:
        try:
            target, write = folder / f"{title}.docx", write_notice(run, template, rows, letter, lang)
        except AllocationError as error:
            problems += error.problems
            continue
        if target in files:
            problems.append(Problem("notices.same_name", {"files": [target.name]}))
        files[target] = write
    if problems:
        raise AllocationError(problems)
    count = len(files)
    version = issued_as(run, out)
    label, place = (version.label(lang), version.place) if version else (say(lang, "versions.none"), None)
    for book in edition_books(run, "county", out, lambda _: name, label, lang, place):
        if book.target.with_suffix(".docx") in files:
            files[book.target] = book.write
    refuse_strangers(list(files))
    before = digests(files)
    note = out / f"{noted}.docx"
    files[note] = lambda path: write_note(run, path, lang, letter)
    spare_inputs(material, {path.as_posix(): path for path in files})
    total = f"{exact_text(sum(what.figures))} {what.unit.name}".strip()
    action = "notices --correction" if corrects else "notices"
    entry = Entry(action, model=issue.model, year=issue.year, total=total)
    record(out, entry, files, date=letter.date)
    return count, replaced(before), folder, note
