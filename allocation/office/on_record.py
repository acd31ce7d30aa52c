"""What notices must agree with: the final version on record, and how a correction of it was registered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from allocation.errors import AllocationError, Problem
from allocation.files.given_files import given_digest
from allocation.office.correcting import Opened, options_of
from allocation.parts.correction import settled_in
from allocation.parts.kinds import PARTS
from allocation.parts.part import family
from allocation.policy.stages import ISSUED
from allocation.record.record import Record
from allocation.record.versions import (
    FOLDER,
    Version,
    content,
    figures,
    issue_of,
    issued_record,
    issued_versions,
    read_register,
)
from allocation.run.run import Run
from allocation.texts import Both, both

FIRST = 3  # differences that are named


def agreeing(run: Run, out: Path) -> Version | None:
    """The last correction of the final version in `out`, None where there is none.

    Raises where the amounts or the accounts of `run` are not those of that final version.
    """
    issue, folder = issue_of(run), out / FOLDER
    issued = [version for version in read_register(folder) if version.issue == issue and version.stage in ISSUED]
    final = next((version for version in issued if version.stage == "final"), None)
    if final is None:
        return None
    differing = list(_differing(run, issued_record(folder, final)))
    last = next((version for version in reversed(issued) if version.stage == "correction"), None)
    if differing:
        if last and issued_record(folder, last).figures_kept.awards == figures(run).awards:
            where = (folder / last.record).as_posix()
            raise AllocationError(Problem("notices.as_corrected", {"version": last.both}, where))
        count = len(differing) if len(differing) > FIRST else ""
        slots = {"version": final.both, "found": differing[:FIRST], "count": count}
        raise AllocationError(Problem("notices.not_as_issued", slots, (folder / final.record).as_posix()))
    return last


def issued_as(run: Run, out: Path) -> Version | None:
    """The version on record that `run` is, cell for cell: the final one or a correction; None where it is none."""

    issue, now = issue_of(run), content(run)
    every = (version for version in reversed(read_register(out / FOLDER)) if version.issue == issue)
    return next((version for version in every if version.stage in ISSUED and version.content == now), None)


def _differing(run: Run, record: Record) -> Iterator[Both]:
    """What differs, as texts: an option that only one of them has, awards, and amounts that a notice says beside."""

    old, now, label = record.figures_kept, figures(run), run.model.entry(run.model.award).label
    before, after = options_of(record.part_kinds), options_of(part.kind for part in run.parts)
    for part in PARTS:
        if (part.kind in before) != (part.kind in after):
            message = "part_absent" if part.kind in before else "part_added"
            yield _both(message, option=(before | after)[part.kind])
    names = {**old.names, **now.names}
    for code in dict.fromkeys([*now.awards, *old.awards]):
        yield from _moved(names[code], label, old.awards.get(code), now.awards.get(code))
    notes = dict(zip(run.table.codes, run.table.printed_notes, strict=False))
    for code in names:
        before_note, note = record.printed_notes.get(code), notes.get(code)
        if (before_note or "") != (note or ""):
            slots = {"county": names[code], "old": before_note or "—", "new": note or "—"}
            yield _both("differs", label=both("workbook.printed_note"), **slots)
    accounts = {name for part in PARTS for name in part.accounts}
    for name in sorted(old.inputs.keys() & now.inputs.keys()):
        for code in names if family(name) in accounts else ():
            held = (side.inputs[name].get(code) for side in (old, now))
            yield from _moved(names[code], run.model.entry(name).label, *held)


def _moved(county: str, label: Both, old: str | None, new: str | None) -> Iterator[Both]:
    if (old or "0") != (new or "0"):
        yield _both("differs", county=county, label=label, old=old or "0", new=new or "0")


def _both(message: str, **slots: object) -> Both:
    return both(f"notices.{message}", **slots)


def registered(opened: Opened, out: Path, settle_year: int | None, reason: str) -> tuple[str, Record]:
    """Why what was issued is corrected, and what is on record of it.

    Of a correction on record its own reason and year hold. Raises where others were asked for.
    """

    folder = out / FOLDER
    problems: list[Problem] = []
    held = issued_record(folder, opened.issued)
    if not opened.already_issued:
        return reason, held
    version = issued_versions(folder, opened.issued.issue)[-1]
    year = settled_in(issued_record(folder, version).figures_kept)
    if settle_year and settle_year != year:
        slots = {"year": year, "given": settle_year, "version": version.both}
        problems.append(Problem("notices.registered_year", slots, "--settle-year"))
    if reason and version.reason and reason != version.reason:
        slots = {"reason": version.reason, "version": version.both}
        problems.append(Problem("notices.registered_reason", slots, "--reason"))
    if problems:
        raise AllocationError(problems)
    return version.reason or reason, held


def digests(files: Iterable[Path]) -> dict[Path, str]:
    """SHA-256 of those that are there."""
    return {path: given_digest(path) for path in files if path.is_file()}


def replaced(before: dict[Path, str]) -> int:
    """How many letters, each with its workbook, are no longer what was there before."""
    return len({path.stem for path, digest in digests(before).items() if digest != before[path]})
