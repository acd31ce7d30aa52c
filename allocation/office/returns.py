"""The returned tables of a folder merged into one: the table, what was received, and their line in the journal."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from allocation.case import IssueKey
from allocation.classes import dataclass
from allocation.collecting.collect import (
    CHANGED,
    LATE,
    MISSING,
    Ask,
    Collected,
    default_recipients,
    inexact,
    read_returns,
)
from allocation.collecting.collect import collect as collected_of
from allocation.collecting.crosswalk import Step, read_crosswalk
from allocation.collecting.last_year import carried_pairs, check_last_year, fill_last, read_last
from allocation.collecting.state import State, as_json, read_state
from allocation.doubts.doubt import Doubts
from allocation.doubts.doubting import doubts_beside
from allocation.doubts.gathering import OnRecord, compared
from allocation.errors import AllocationError, Problem, tried
from allocation.files.whole_files import bytes_writer, in_turn
from allocation.language.units import Units
from allocation.policy.parts_of_year import PartOfYear
from allocation.record import journal
from allocation.record.versions import FOLDER, read_register
from allocation.run.shelf import base_name
from allocation.tables.recipients import Recipients, read_recipients
from allocation.tables.said import NOTHING, Said
from allocation.tables.table import Table
from allocation.texts import say
from allocation.xlsx.collected import write_collected
from allocation.xlsx.collected_before import table_before


@dataclass(frozen=True)
class Collecting:
    """What is collected: returns in `folder` for the model by name, with what one says about them.

    `recipients`: the register, the one at hand where none is given; `last`, `crosswalk`, `carry`: last year's figures;
    `through`: the part of the year up to which they report, None for the whole of it.
    """

    model: str
    folder: Path
    date: str
    due: str = ""
    year: int | None = None
    recipients: Path | None = None
    prefer: tuple[str, ...] = ()
    partial: bool = False
    last: Path | None = None
    last_year: int | None = None
    crosswalk: Path | None = None
    carry: tuple[str, ...] = ()
    said: Said = NOTHING
    through: PartOfYear | None = None

    @property
    def stem(self) -> str:
        """Each part of a year is a collection of its own, with its own table and state."""
        return "_".join([base_name(Path(self.model).stem), "collected", *([self.through.key] if self.through else [])])


def collect_into(asked: Collecting, book: Path, lang: str) -> Collected:
    """Writes the merged table as `book` and the state beside it. Raises all that is wrong with what was returned.

    Each attempt stands on what the last collection left; where another collects at the same time, again on what that
    leaves.
    """
    state = book.with_suffix(".json")
    results = (book, state, book.with_name(journal.NAME))
    listed = asked.recipients or default_recipients()
    _spare(results, [path for path in (listed, asked.last, asked.crosswalk) if path])
    ask = Ask(asked.date, asked.due, asked.year, asked.prefer, asked.partial, asked.said, results, asked.through)

    def attempt() -> Collected:
        before = journal.standing(book.parent)
        problems: list[Problem] = []
        told: list[Problem] = []
        recipients = tried(problems, read_recipients, listed)
        earlier = tried(problems, read_state, state)
        steps = tried(problems, read_crosswalk, asked.crosswalk, Units({}), told) if asked.crosswalk else ()
        _spare_other(book, earlier is not None)
        collected = None
        if recipients:
            collected = tried(problems, collected_of, asked.model, asked.folder, recipients, ask, earlier)
        else:
            tried(problems, read_returns, asked.model, asked.folder, ask)
        if problems or collected is None or recipients is None:
            raise AllocationError(problems)
        notes = [*collected.notes, *recipients.notes, *told, *_after_final(collected, book.parent)]
        collected = _with_last(collected, recipients, asked, steps or (), notes)
        doubts = _doubts(
            collected, {"recipients": listed, "last": asked.last, "crosswalk": asked.crosswalk}, book.parent
        )
        return _placed(replace(collected, doubts=doubts), notes, earlier, book, before, lang)

    return in_turn(attempt)


def _placed(
    collected: Collected, notes: list[Problem], earlier: State | None, book: Path, standing: journal.Standing, lang: str
) -> Collected:
    """The merged table, what was received and the table that was there before, with their line, or nothing."""
    kept = table_before(book, earlier.date if earlier else "")
    notes += [kept.note] if kept else []
    collected = replace(collected, notes=(*notes, *inexact(collected.table, collected.model)))
    before = earlier.date if earlier and not any(note.id == "collect.other_state" for note in notes) else ""
    writers: dict[Path, Callable[[Path], None]] = {
        book: lambda path: write_collected(collected, path, lang, before),
        book.with_suffix(".json"): bytes_writer(as_json(collected.state).encode()),
    }
    writers |= {kept.path: bytes_writer(kept.content)} if kept else {}
    name, note = base_name(collected.model.name), _summary(collected)
    entry = journal.Entry("collect", model=name, year=collected.year, note=note)
    journal.record(book.parent, entry, writers, standing, collected.ask.date)
    return collected


def _spare(results: Sequence[Path], read: Sequence[Path]) -> None:
    """A table of this collection is not to be overwritten."""
    taken = {os.path.realpath(path) for path in read}
    over = [path for path in results if os.path.realpath(path) in taken]
    if over:
        raise AllocationError([Problem("collect.over", where=path.as_posix()) for path in over])


def _spare_other(book: Path, collected: bool) -> None:
    """Nor is a workbook that no earlier one wrote; the state and the journal are told from others' when read."""
    ours = collected or any((line.action, line.file) == ("collect", book.name) for line in journal.logged(book.parent))
    if book.exists() and not ours:
        raise AllocationError(Problem("collect.over", where=book.as_posix()))


def _after_final(collected: Collected, out: Path) -> list[Problem]:
    """That the final version of the year's main issue is made: what comes now is for a correction."""
    issue = IssueKey(base_name(collected.model.name), collected.year)
    finals = [final for final in read_register(out / FOLDER) if (final.issue, final.stage) == (issue, "final")]
    return [
        Problem(
            "collect.after_final", {"model": issue.model, "year": issue.year, "final": final.both, "date": final.date}
        )
        for final in finals
    ]


def _summary(collected: Collected) -> str:
    """What came and who is missing, late or changed, for the journal, which is in Chinese."""
    slots = {key: [recipient.name for recipient in collected.of_status(key)] or "" for key in (MISSING, LATE, CHANGED)}
    come = sum(1 for line in collected.lines if line.returned)
    return say("zh", "collect.summary", expected=len(collected.lines), come=come, **slots)


def _with_last(
    collected: Collected, recipients: Recipients, asked: Collecting, steps: tuple[Step, ...], notes: list[Problem]
) -> Collected:
    """With last year's figures, where a table of them is given."""
    if not asked.last:
        return collected
    pairs = carried_pairs(collected.model, asked.carry)
    table = read_last(asked.last, collected.model, tuple(dict.fromkeys(source for _, source in pairs)))
    check_last_year(table, collected.year, asked.last_year)
    filled = fill_last(collected.table, collected.model, recipients, table, pairs, steps, notes)
    return replace(collected, table=filled)


def _doubts(collected: Collected, files: Mapping[str, Path | None], out: Path) -> Doubts:
    """What is to be resolved of the table, but for who has not reported: that is what a collection says itself."""
    on_record = OnRecord(out, IssueKey(base_name(collected.model.name), collected.year))

    def beside(last: Path | None) -> Table:
        return compared(
            collected.model, collected.table, recipients=files["recipients"], last=last, crosswalk=files["crosswalk"],
            on_record=on_record,
        )  # fmt: skip

    try:
        table = beside(files["last"])
    except AllocationError:  # last year's result gives some columns, and is of no use as a table
        table = beside(None)
    all_of = doubts_beside(collected.model, [table])
    late = {recipient.code for recipient in collected.of_status(MISSING)}
    every = tuple(doubt for doubt in all_of if doubt.kind != "missing" or not {*doubt.units} <= late)
    return Doubts(every, all_of.resolutions)
