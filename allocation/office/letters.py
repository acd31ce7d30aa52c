"""The letters of a run: a Word notice and a workbook of its own rows for each reader, the office's note, their record.

The folder is sent out whole: the note and the record, which are the office's own, lie beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.case import MANNERS
from allocation.classes import dataclass
from allocation.documents.addressee import RegisterSays, register_says
from allocation.documents.corrected import changes
from allocation.documents.letter import Letter, Letters
from allocation.documents.note import write_note
from allocation.documents.notice_template import NoticeTemplate
from allocation.documents.notices import (
    Handed,
    greets_all,
    handed,
    is_money,
    silent_for,
    tells,
    unaddressed,
    ungreeted,
    write_notice,
)
from allocation.documents.placeholders import holds
from allocation.doubts.gathering import registers_at_hand
from allocation.doubts.numbered import plain_number
from allocation.errors import AllocationError, Problem
from allocation.office.issuing import refuse_strangers
from allocation.office.letters_record import letters_record
from allocation.office.on_record import agreeing, digests, issued_as, registered, replaced
from allocation.record.journal import Entry, record
from allocation.record.recording import record_of
from allocation.record.versions import Version, issue_of
from allocation.report.columns import edition_of
from allocation.report.lines import readers
from allocation.run.decisions import held_back
from allocation.run.finding import ModelWithTable, spare_inputs
from allocation.tables.recipients import read_recipients
from allocation.texts import exact_text, say, shortened
from allocation.texts.vocabulary import Pattern
from allocation.xlsx.editions import edition_books
from allocation.xlsx.files import write_manifest

if TYPE_CHECKING:
    from docx.document import Document

    from allocation.office.correcting import Opened
    from allocation.run.run import Run

SHOWN = 8  # names that are told
GIVEN = ("document", "code", "office", "date")
CORRECTS = ("original", "reason")
Addressee = tuple[str, tuple[int, ...]]  # a name, and the rows that are told of
Writer = Callable[[Path], None]


@dataclass(frozen=True)
class LettersAsked:
    """What is asked for beside the run; texts are empty where nothing was given. `recipients`: a register."""

    out: Path
    template: Path | None = None
    document: str = ""
    number: str = ""
    manner: str = ""
    code: str = ""
    office: str = ""
    date: str = ""
    original: str = ""
    reason: str = ""
    settle_year: int | None = None
    recipients: Path | None = None


@dataclass(frozen=True)
class Papers:
    """The files of the letters of a run: each letter's writer and its reader's `units` by its path, then the workbooks,
    then the note.
    """

    folder: Path
    letters: Mapping[Path, Writer]
    units: Mapping[Path, tuple[str, ...]]
    books: Mapping[Path, Writer]
    note: Path
    write_note: Writer

    @property
    def sent(self) -> dict[Path, Writer]:
        return {**self.letters, **self.books}

    @property
    def every(self) -> dict[Path, Writer]:
        return {**self.sent, self.note: self.write_note}

    def totals(self, codes: Sequence[str], what: Handed) -> dict[Path, str]:
        """What each letter, and the workbook beside it, hands out."""
        figures = dict(zip(codes, what.figures, strict=True))
        of_letters = {path: _total([figures[code] for code in units], what) for path, units in self.units.items()}
        return of_letters | {book: of_letters[book.with_suffix(".docx")] for book in self.books}


def _total(figures: Iterable[Fraction], what: Handed) -> str:
    return f"{exact_text(sum(figures, Fraction(0)))} {what.unit.name}".strip()


@dataclass(frozen=True)
class LettersWritten:
    """What was written: how many letters, how many of them others than before, and what their sender should know."""

    papers: Papers
    record: Path
    others: int
    notes: tuple[Problem, ...] = field(default=())


def write_letters(
    material: ModelWithTable,
    run: Run,
    asked: LettersAsked,
    lang: str,
    corrected: Opened | None = None,
    command: str = "",
) -> LettersWritten:
    """All letters, workbooks, the note and the record with their lines in the journal, or nothing at all.

    `corrected`: what the run was set against, where the letters put right what was issued; `command`: as typed.
    """
    if not corrected and run.part("correction"):  # they would say what they put right: what only its versions tell
        raise AllocationError(Problem("notices.of_correction", where=run.table.file))
    letter, since = _letter(asked, material, run, corrected is not None), None
    if held := [*held_back(run, "final", outside=True), *greets_all(run, letter)]:
        raise AllocationError(held)
    template = NoticeTemplate(lang, letter.together).opened(asked.template)
    if corrected:
        letter = _putting_right(letter, corrected, asked)
    else:
        since = agreeing(run, asked.out)
    word = say(lang, "notices.correction_folder" if corrected else "notices.folder")
    letter = replace(letter, name="_".join([*issue_of(run).parts(lang), word]))
    letters, issued = Letters(run, lang, letter), issued_as(run, asked.out)
    papers = papers_of(letters, template, asked.out, issued, corrected is not None)
    refuse_strangers([*papers.sent])
    before, target = digests(papers.sent), papers.folder.with_name(f"{letter.name}.json")
    against = corrected.issued if corrected else None
    kept = letters_record(record_of(run, command, letter.date), letters, template, issued, against)
    files = {**papers.every, target: lambda path: write_manifest(kept, path)}
    spare_inputs(material, {path.as_posix(): path for path in files})
    what, issue = handed(run), issue_of(run)
    action, totals = "notices --correction" if corrected else "notices", papers.totals(run.table.codes, what)
    entry = Entry(action, model=issue.model, year=issue.year, total=_total(what.figures, what), totals=totals)
    record(asked.out, entry, files, date=letter.date)
    return LettersWritten(papers, target, replaced(before), (*_since(since), *_notes(letters, template, corrected)))


def _putting_right(letter: Letter, corrected: Opened, asked: LettersAsked) -> Letter:
    """With why what was issued is put right, and what was changed since."""
    corrected.refuse_unmoved()
    if corrected.issued.stage == "correction" and not corrected.already_issued:
        raise AllocationError(Problem("notices.other_correction", {"version": corrected.issued.both}))
    why, on_record = registered(corrected, asked.out, asked.settle_year, asked.reason)
    return replace(letter, reason=why.rstrip("。.；; "), changes=changes(corrected.run, on_record))


def papers_of(letters: Letters, template: Document, out: Path, issued: Version | None, corrects: bool) -> Papers:
    """What is written of a run, a letter each or one to all. `corrects`: they put right what was issued.

    Raises AllocationError where a letter cannot be written.
    """
    run, letter, lang = letters.run, letters.letter, letters.lang
    folder, what = out / letter.name, handed(run)
    writers: dict[Path, Writer] = {}
    units: dict[Path, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for title, rows in _addressees(run, what, letter, corrects):
        try:
            target, write = folder / f"{title}.docx", write_notice(letters, template, rows)
        except AllocationError as error:
            problems += error.problems
            continue
        if target in writers:
            problems.append(Problem("notices.same_name", {"files": [target.name]}))
        writers[target], units[target] = write, tuple(run.table.codes[row] for row in rows)
    if problems:
        raise AllocationError(problems)
    label, place = (issued.label(lang), issued.place) if issued else (say(lang, "versions.none"), None)
    books = {
        book.target: book.write for book in edition_books(run, "county", out, lambda _: letter.name, label, lang, place)
        if book.target.with_suffix(".docx") in writers
    }  # fmt: skip
    word = letters.say("notices.correction_note" if corrects else "notices.note")
    note = out / f"{'_'.join([*issue_of(run).parts(lang), word])}.docx"
    return Papers(folder, writers, units, books, note, lambda path: write_note(letters, path))


def _addressees(run: Run, what: Handed, letter: Letter, corrects: bool) -> list[Addressee]:
    """Who is written to: those of whom there is something to tell; one in place of all where one letter goes to all.

    Raises where some are paid and others pay back: no one sentence says both.
    """
    told = [
        (title, rows) for title, rows in readers(run, edition_of(run, "county").by)
        if (any(what.figures[row] for row in rows) if corrects else tells(run, what, rows))
    ]  # fmt: skip
    if not told:
        raise AllocationError(Problem("notices.nothing_to_tell"))
    if not letter.together:
        return told
    every = tuple(row for _, of_reader in told for row in of_reader)
    if {what.figures[row] > 0 for row in every if what.figures[row]} == {True, False}:
        raise AllocationError(Problem("notices.together_mixed"))
    return [(letter.name, every)]


def _letter(asked: LettersAsked, material: ModelWithTable, run: Run, corrects: bool) -> Letter:
    """What all letters have in common: what was asked for, else the facts of the issue.

    Number and date of the issue are those of the notice that a correction puts right, not its own.
    """
    to_come = Pattern("command_words.number_to_come")  # room for a number to come
    facts, number, original = run.facts, to_come.sub(r"\1    ", run.facts.number), asked.original
    if corrects:
        number, original = "", original or (number if "    " not in number else "")
        facts = replace(facts, issued="")
    number, document = asked.number or number, asked.document or facts.upper_number
    if plain_number(number) and plain_number(number) == plain_number(document):
        raise AllocationError(Problem("notices.same_number", {"number": number}, "--number" if asked.number else ""))
    words = {word: key for key, of_manner in MANNERS.items() for word in (of_manner.zh, of_manner.en)}
    return Letter(
        document,
        asked.code or facts.codes,
        asked.office or facts.office,
        asked.date or facts.issued,
        original,
        number=number,
        salutation=facts.salutation,
        together=words.get(asked.manner, facts.manner) == "together",
        says=_register(asked, material),
    )


def _register(asked: LettersAsked, material: ModelWithTable) -> RegisterSays:
    """What the register says of whom letters go to: the one that was given, else those at hand."""
    given = asked.recipients or (material.case.given.get("recipients") if material.case else None)
    registers = [read_recipients(given)] if given else registers_at_hand(material.table, [])
    return register_says(registers, material.table.year)


def _since(since: Version | None) -> list[Problem]:
    return [Problem("notices.corrected_since", {"version": since.both})] if since else []


def _notes(letters: Letters, template: Document, corrected: Opened | None) -> list[Problem]:
    """What whoever sends them should know of these letters."""
    run, letter = letters.run, letters.letter
    notes, greets = [], holds(template, "salutation")
    if letter.salutation and not greets:
        notes.append(Problem("notices.no_salutation"))
    if not corrected and (blank := silent_for(run, letter)):
        notes.append(Problem("notices.nothing_for", {"count": len(blank), "names": shortened(blank, SHOWN)}))
    if passed_over := ungreeted(letters) if greets else []:
        notes.append(Problem("notices.ungreeted", {"names": shortened(passed_over, SHOWN)}))
    if named := unaddressed(letters) if greets else []:
        notes.append(Problem("notices.by_name", {"names": shortened(named, SHOWN)}))
    for key in (*GIVEN, *(CORRECTS if corrected else ())):
        if not getattr(letter, key) and (key != "code" or is_money(run)):
            notes.append(Problem(f"notices.ask_{key}"))
    if named := [name for name in run.table.names if name in letter.reason]:
        notes.append(Problem("notices.reason_held", {"counties": named}))
    if run.part("adjustments"):
        notes.append(Problem("notices.hidden"))
    return notes
