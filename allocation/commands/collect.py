"""collect: returned templates, one or more counties a file, merged into one table; who is missing, late or changed."""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass, replace
from pathlib import Path

import click

from allocation.commands.helped import HelpedCommand
from allocation.commands.reading import said, said_options
from allocation.commands.requests import SharedOptions, gathered
from allocation.commands.shared import LANGUAGE, MODEL, OUTPUT, YEAR, as_day
from allocation.errors import AllocationError, Problem, tried
from allocation.files.destination import Destination
from allocation.texts import say
from allocation.texts.days import is_day

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
    out: Destination
    lang: str
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
@said_options
@OUTPUT
@LANGUAGE
@gathered(CollectRequest)
def collect(request: CollectRequest) -> int:
    """Merge the returned tables of a folder."""
    from allocation.collecting.collect import Ask, default_recipients, read_returns
    from allocation.collecting.collect import collect as collected_of
    from allocation.collecting.crosswalk import read_crosswalk
    from allocation.collecting.state import read_state
    from allocation.files.whole_files import in_turn
    from allocation.language.units import Units
    from allocation.record import journal
    from allocation.run.shelf import base_name
    from allocation.tables.recipients import read_recipients

    _refuse(request)
    stem = f"{base_name(Path(request.model).stem)}_collected"
    book = request.out.file(f"{stem}.xlsx")
    state = book.with_suffix(".json")
    listed = request.table or default_recipients()
    results = (book, state, book.with_name(journal.NAME))
    date = request.date or datetime.date.today().isoformat()
    ask = Ask(date, request.due, request.year, request.prefer, request.partial, said(request.options), results)

    _spare(results, [path for path in (listed, request.last, request.crosswalk) if path])

    def attempt():
        """On what the last collection left; where another collects at the same time, again on what that leaves."""
        before, problems, told = journal.standing(book.parent), [], []
        recipients = tried(problems, read_recipients, listed)
        earlier = tried(problems, read_state, state)
        steps = tried(problems, read_crosswalk, request.crosswalk, Units({}), told) if request.crosswalk else ()
        _spare_other(book, earlier is not None)
        if recipients:
            collected = tried(problems, collected_of, request.model, request.folder, recipients, ask, earlier)
        else:
            tried(problems, read_returns, request.model, request.folder, ask)
        if problems:
            raise AllocationError(problems)
        notes = [*collected.notes, *recipients.notes, *told, *_after_final(collected, book.parent)]
        if request.last:
            collected = replace(collected, table=_with_last(collected, recipients, request, steps, notes))
        files = {"recipients": listed, "last": request.last, "crosswalk": request.crosswalk}
        collected = replace(collected, doubts=_doubts(collected, files, book.parent))
        return _placed(collected, notes, earlier, book, before, request.lang)

    collected = in_turn(attempt)
    _report(collected, request.lang)
    click.echo(say(request.lang, "collect.wrote", path=book.as_posix()))
    click.echo(say(request.lang, "collect.wrote_state", path=state.as_posix()))
    return 0 if collected.complete else 1


def _placed(collected, notes: list[Problem], earlier, book: Path, standing, lang: str):
    """The merged table, what was received and the table that was there before, with their line, or nothing."""
    from allocation.collecting.collect import inexact
    from allocation.collecting.state import as_json
    from allocation.record import journal
    from allocation.run.shelf import base_name
    from allocation.xlsx.collected import write_collected
    from allocation.xlsx.collected_before import table_before

    state = book.with_suffix(".json")
    kept = table_before(book, earlier.date if earlier else "")
    notes += [kept.note] if kept else []
    collected = replace(collected, notes=(*notes, *inexact(collected.table, collected.model)))
    before = earlier.date if earlier and not any(note.id == "collect.other_state" for note in notes) else ""
    writers = {
        book: lambda path: write_collected(collected, path, lang, before),
        state: lambda path: path.write_text(as_json(collected.state), encoding="utf-8") and None,
    }
    writers |= {kept.path: lambda path: path.write_bytes(kept.content) and None} if kept else {}
    name, note = base_name(collected.model.name), _summary(collected)
    entry = journal.Entry("collect", model=name, year=collected.year, note=note)
    journal.record(book.parent, entry, writers, standing, collected.ask.date)
    return collected


def _refuse(request: CollectRequest) -> None:
    """What is wrong with the command itself, all at once."""
    problems = [] if request.folder else [Problem("collect.folder_missing")]
    for option, text in (("--due", request.due), ("--date", request.date)):
        problems += [] if not text or is_day(text) else [Problem("collect.bad_date", {"found": text}, option)]
    if (request.crosswalk or request.carry or request.last_year) and not request.last:
        problems.append(Problem("collect.needs_last"))
    tried(problems, request.out.file, "collected.xlsx")
    if problems:
        raise AllocationError(problems)


def _spare(results: tuple[Path, Path, Path], read: list[Path]) -> None:
    """A table of this collection is not to be overwritten."""
    taken = {os.path.realpath(path) for path in read}
    over = [path for path in results if os.path.realpath(path) in taken]
    if over:
        raise AllocationError([Problem("collect.over", where=path.as_posix()) for path in over])


def _spare_other(book: Path, collected: bool) -> None:
    """Nor is a workbook that no earlier one wrote; the state and the journal are told from others' when read."""
    from allocation.record import journal

    ours = collected or any((row[2], row[6]) == ("collect", book.name) for row in journal.read(book.parent))
    if book.exists() and not ours:
        raise AllocationError(Problem("collect.over", where=book.as_posix()))


def _after_final(collected, out: Path) -> list[Problem]:
    """That the final version of the year's main issue is made: what comes now is for a correction."""
    from allocation.case import IssueKey
    from allocation.record.versions import FOLDER, read_register
    from allocation.run.shelf import base_name

    issue = IssueKey(base_name(collected.model.name), collected.year)
    finals = [final for final in read_register(out / FOLDER) if (final.issue, final.stage) == (issue, "final")]
    return [
        Problem(
            "collect.after_final", {"model": issue.model, "year": issue.year, "final": final.both, "date": final.date}
        )
        for final in finals
    ]


def _summary(collected) -> str:
    """What came and who is missing, late or changed, for the journal, which is in Chinese."""
    from allocation.collecting.collect import CHANGED, LATE, MISSING

    slots = {key: [recipient.name for recipient in collected.of_status(key)] or "" for key in (MISSING, LATE, CHANGED)}
    come = sum(1 for line in collected.lines if line.returned)
    return say("zh", "collect.summary", expected=len(collected.lines), come=come, **slots)


def _with_last(collected, recipients, request: CollectRequest, steps: tuple, notes: list[Problem]):
    from allocation.collecting.last_year import carried_pairs, check_last_year, fill_last, read_last

    pairs = carried_pairs(collected.model, request.carry)
    table = read_last(request.last, collected.model, tuple(dict.fromkeys(source for _, source in pairs)))
    check_last_year(table, collected.year, request.last_year)
    return fill_last(collected.table, collected.model, recipients, table, pairs, steps, notes)


def _doubts(collected, files: dict[str, Path | None], out: Path):
    """What is to be resolved of the table, but for who has not reported: that is what a collection says itself."""
    from allocation.case import IssueKey
    from allocation.collecting.collect import MISSING
    from allocation.doubts.doubt import Doubts
    from allocation.doubts.doubting import doubts_beside
    from allocation.doubts.gathering import OnRecord, compared
    from allocation.run.shelf import base_name

    on_record = OnRecord(out, IssueKey(base_name(collected.model.name), collected.year))
    try:
        table = compared(collected.model, collected.table, **files, on_record=on_record)
    except AllocationError:  # last year's result gives some columns, and is of no use as a table
        table = compared(collected.model, collected.table, **{**files, "last": None}, on_record=on_record)
    late = {recipient.code for recipient in collected.of_status(MISSING)}
    all_of = doubts_beside(collected.model, [table])
    every = tuple(doubt for doubt in all_of if doubt.kind != "missing" or not {*doubt.units} <= late)
    return Doubts(every, all_of.resolutions)


def _report(collected, lang: str) -> None:
    from allocation.collecting.collect import LATE, MISSING
    from allocation.collecting.collected_tables import lines_table, mark, warning
    from allocation.commands.printing import print_doubts, study_text

    missing, come = collected.of_status(MISSING), [line for line in collected.lines if line.returned]
    slots = {"expected": len(collected.lines), "come": len(come), "mark": mark(collected, lang)}
    click.echo(say(lang, "collect.head", year=collected.year, model=collected.model.label, **slots))
    click.echo(study_text(lines_table(collected, "terminal"), lang))
    due, late = collected.ask.due, collected.of_status(LATE)
    for key, who in (("missing_line", missing), ("late_line", late)):
        if who:
            names = [recipient.name for recipient in who]
            click.echo(say(lang, f"collect.{key}", count=len(who), names=names, due=due or "—"))
    for change in collected.changes[:SHOWN]:
        label = collected.model.inputs[change.input].label
        slots = {"name": change.recipient.name, "old": change.old, "new": change.new, "where": change.where}
        click.echo(say(lang, "collect.changed_line", label=label, **slots))
    if len(collected.changes) > SHOWN:
        click.echo(say(lang, "collect.more_changes", count=len(collected.changes) - SHOWN))
    for note in collected.notes:
        click.echo(say(lang, "collect.note", text=note.text(lang)))
    print_doubts([collected.doubts], lang)
    if collected.problems:
        click.echo(say(lang, "collect.left_out", count=len(collected.problems)), err=True)
        for problem in collected.problems:
            click.echo("  × " + problem.text(lang), err=True)
    if not collected.complete:
        click.echo(warning(collected, lang), err=True)
