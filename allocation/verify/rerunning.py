"""A record made again: its text of the model, the tables and parts it names by hash, the same run, the same files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from allocation.case import facts_of
from allocation.classes import dataclass
from allocation.doubts.beside import Beside
from allocation.errors import AllocationError, Problem, tried
from allocation.files.destination import Destination
from allocation.opening.cases import is_result
from allocation.parts.attached import pool_note
from allocation.parts.correction import Approved, owed_after, settled_year
from allocation.parts.extending import extend
from allocation.parts.part import Given
from allocation.policy.stages import ISSUED, POOL_OF_CASE, STAGES
from allocation.record.reading import read_record
from allocation.record.record import (
    COMPARISON,
    EDITION,
    EVALUATION,
    RUN,
    SEVERAL,
    VERSION,
    AttachedKept,
    FileKept,
    Record,
    as_object,
)
from allocation.record.recording import comparison_record, record_of, timeline_record
from allocation.record.versions import FOLDER, Planned, Version, figures, read_register, recorded, version_of
from allocation.run.decisions import held_back
from allocation.run.run import Run, run_model
from allocation.run.scenario import Change
from allocation.tables.grid import read_bytes
from allocation.tables.table import Table
from allocation.texts import say
from allocation.verify.evaluation_edition import evaluation_whole
from allocation.verify.own_figures import printed_notes, standing
from allocation.verify.reopened import reopen
from allocation.verify.rerun_several import comparison_again, years_again
from allocation.verify.rerun_sources import ISSUE, Files, Laid, archived, base_model, kept_table
from allocation.verify.restoring import as_written, changes_of, figure_of, with_recorded, written_model
from allocation.verify.result_case import open_result
from allocation.xlsx.comparison import write_comparison
from allocation.xlsx.editions import edition_books
from allocation.xlsx.evaluation import write_evaluation
from allocation.xlsx.evaluation_public import public_record, write_public
from allocation.xlsx.files import targets, write_csv, write_manifest
from allocation.xlsx.importing import find_mapping, write_import_csv
from allocation.xlsx.timeline import write_timeline
from allocation.xlsx.versions_sheet import write_version
from allocation.xlsx.writer import write_workbook
from allocation.years.evaluation.loading import evaluation_of_record
from allocation.years.evaluation.public import public_plan
from allocation.years.year_notes import ONE_YEAR, alone

OF_WRITING = ("seals", "versions")  # fields that tell of the program, not of the product


@dataclass(frozen=True)
class Again:
    """What was made again: the record of it, and how each file is written, by its name."""

    record: Record
    writers: Mapping[str, Callable[[Path], None]]


def record_at(path: Path) -> Record:
    """The record in a manifest, a version's JSON or a workbook of ours. Raises AllocationError where there is none."""
    if path.suffix.lower() == ".json":
        return read_record(read_bytes(path), path.name)
    return reopen(path).record


def make_again(record: Record, path: Path, places: Sequence[Path]) -> Again:
    """Raises AllocationError with all that is missing. `path`: the record's file; `places` are files and folders."""
    at_hand = Files((path.parent, *archived(record, path), *places))
    if record.kind == EDITION:
        return _edition(record, path, at_hand)
    if record.kind in SEVERAL:
        return _several(record, path, at_hand)
    run = run_again(record, path, at_hand)
    of_run = record_of(run, record.command, record.date, record.print)
    record_now = replace(of_run, lang=record.lang, papers=record.papers)
    if record.kind == VERSION:
        return _version(run, record_now, record, path)
    mapping = find_mapping(run.model)
    written = targets(Destination(Path()), path.stem)
    writers: dict[str, Callable[[Path], None]] = {
        written["workbook"].name: lambda at: write_workbook(run, at, record.lang, record_now, mapping),
        written["csv"].name: lambda at: write_csv(run, at, record.lang),
        written["manifest"].name: lambda at: write_manifest(record_now, at),
    }
    if not held_back(run, outside=True):  # a trial writes no import file, and so does what makes it again
        writers[written["import"].name] = lambda at: write_import_csv(run, at, mapping)
    return Again(record_now, writers)


def run_again(record: Record, path: Path, at_hand: Files) -> Run:
    """The run of a record of one run. Raises AllocationError with every file that is missing."""
    missing: list[Problem] = []
    if len(record.inputs) != 1:
        raise AllocationError(Problem("rerun.tables", {"count": len(record.inputs)}, path.name))
    (kept,) = record.inputs
    if book := _result_book(record, path, at_hand):
        return _run(record, _as_recorded(record, replace(open_result(book).table, beside=Beside())))
    table_file = tried(missing, at_hand.find, FileKept(kept.file, kept.sha256), path.name)
    attached = {entry: tried(missing, at_hand.find, entry, path.name) for entry in dict.fromkeys(record.attached)}
    missing += [Problem("rerun.parts", {"file": entry.file}, path.name) for entry in record.attached if not entry.kind]
    vouchers = {
        entry.file: tried(missing, at_hand.find, FileKept(entry.file, entry.sha256), path.name)
        for entry in record.vouchers
    }
    corrected = tried(missing, _corrected, record, path) if "correction" in record.part_kinds else None
    if missing or table_file is None:
        raise AllocationError(missing)
    with TemporaryDirectory() as folder:
        laid = Laid(Path(folder), vouchers)
        given = {entry.kind: _given(entry, laid.out(entry, attached[entry])) for entry in record.attached}
        given |= {"correction": Given(corrected)} if corrected else {}
        table = _as_recorded(record, kept_table(record, kept, laid.out(FileKept(kept.file, kept.sha256), table_file)))
        return _run(record, extend(base_model(record), table, given).table)


def _result_book(record: Record, path: Path, at_hand: Files) -> Path | None:
    """The result workbook that was opened as a case: it holds what was attached. A case that was corrected is none."""
    if not record.case or not record.parts or record.attached:
        return None
    kept = FileKept(record.case.file, record.case.sha256)
    if {*record.part_kinds} != {"correction"}:
        return at_hand.find(kept, path.name)
    book = tried([], at_hand.find, kept, path.name)
    return book if book and is_result(str(book)) else None


def _several(record: Record, path: Path, at_hand: Files, edition: tuple[str, str] | None = None) -> Again:
    """The workbook of several years or of scenarios. Raises AllocationError with every table that is missing.

    `edition`: not an evaluation itself, but what the public may see of it, in a file of this name and in a language.
    """
    missing: list[Problem] = []
    years = [kept for kept, run in zip(record.inputs, record.runs, strict=False) if not run.projected]
    inputs = record.inputs[:1] if record.kind == COMPARISON else years
    files = [tried(missing, at_hand.find, FileKept(kept.file, kept.sha256), path.name) for kept in inputs]
    if record.attached or record.parts or ISSUE in record.model.text:
        missing.append(Problem("rerun.several_parts", where=path.name))
    if missing:
        raise AllocationError(missing)
    tables = [kept_table(record, kept, file) for kept, file in zip(inputs, files, strict=True) if file]
    model, lang = base_model(record), record.lang
    if record.kind == COMPARISON:
        compared = comparison_again(record, model, tables[0])
        return Again(replace(comparison_record(compared), lang=lang), {
            path.name: lambda at: write_comparison(compared, at, lang),
        })  # fmt: skip
    over_years = years_again(record, model, tables)
    if record.kind == EVALUATION:
        evaluation = evaluation_of_record(record, model)
        if edition:
            plan = public_plan(evaluation)
            return Again(public_record(over_years, plan, edition[1]), {
                edition[0]: lambda at: write_public(over_years, plan, at, edition[1]),
            })  # fmt: skip
        return Again(replace(timeline_record(over_years, record.kind, evaluation.kept), lang=lang), {
            path.name: lambda at: write_evaluation(over_years, evaluation, at, lang),
        })  # fmt: skip
    return Again(replace(timeline_record(over_years, record.kind), lang=lang), {
        path.name: lambda at: write_timeline(over_years, at, lang),
    })  # fmt: skip


def _edition(record: Record, path: Path, at_hand: Files) -> Again:
    """One workbook of an edition, from the record of the run that it was cut from."""
    kept = record.edition
    assert kept is not None
    at_hand = Files((*at_hand.places, path.parent.parent))
    if kept.of == EVALUATION:
        folders = [place if place.is_dir() else place.parent for place in at_hand.places]
        evaluated = evaluation_whole(record, path, folders)
        if evaluated is None:
            raise AllocationError(Problem("rerun.no_evaluation", {"content": record.content[:8]}, path.name))
        return _several(evaluated.record, path, at_hand, (path.name, record.lang))
    whole = _whole(record, at_hand)
    if whole is None:
        slots = {"content": record.content[:8], "version": kept.version.number if kept.version else ""}
        slots["stage"] = STAGES[kept.version.stage].zh if kept.version else ""
        raise AllocationError(Problem("rerun.no_whole", slots, path.name))
    file, held = whole
    run = run_again(held, file, Files((file.parent, *archived(held, file), *at_hand.places)))
    label = version_kept(held).label(record.lang) if kept.version else say(record.lang, "versions.none")
    books = edition_books(run, kept.key, path.parent, lambda _: path.stem, label, record.lang, kept.version)
    book = next((book for book in books if book.record and book.record.edition == kept), None)
    if book is None or book.record is None:
        raise AllocationError(Problem("rerun.no_such_edition", {"file": file.name}, path.name))
    return Again(book.record, {path.name: book.write})


def _whole(record: Record, at_hand: Files) -> tuple[Path, Record] | None:
    """The record of the run that an edition was cut from, by its content, and where it is."""
    for file in at_hand.records():
        try:
            held = read_record(read_bytes(file), file.name)
        except AllocationError:
            continue  # another's file
        place = held.version.place if held.version else None
        wanted = record.edition.version if record.edition else None
        if held.kind in (RUN, VERSION) and held.content == record.content and wanted in (place, None):
            return file, held
    return None


def _corrected(record: Record, path: Path) -> Approved:
    """What a correction set right: the version issued before it, from its record among the versions."""
    letters = record.letters
    folder = path.parent / FOLDER if letters else path.parent
    if letters:
        assert letters.against is not None
        version, last = version_of(letters.against), True
    else:
        version, last = version_kept(record), False
    issued = [entry for entry in read_register(folder)
              if entry.issue == version.issue and entry.stage in ISSUED
              and (entry.order < version.order or last and entry.order == version.order)]  # fmt: skip
    held = recorded(folder, issued[-1]) if issued else None
    if held is None or held.figures is None:
        known = issued[-1] if issued else None
        slots = {"stage": STAGES[known.stage if known else "final"].zh, "number": known.number if known else 1}
        raise AllocationError(Problem("rerun.no_version", {**slots, "folder": FOLDER}, path.name))
    amounts = {code: Fraction(amount or 0) for code, amount in held.figures.awards.items()}
    year = settled_year(written_model(record))
    return Approved(issued[-1].label("zh"), amounts, year, owed_after(held.figures))


def version_kept(record: Record) -> Version:
    """The version that a record is of, as the register has it but for its files."""
    assert record.version is not None
    return version_of(record.version, record.case.revision if record.case else 0)


def unlike(old: Record, new: Record) -> list[str]:
    """The fields of the record that differ; which program wrote it is no difference."""
    before, after = as_object(old), as_object(new)
    return sorted(
        name for name in {*before, *after}
        if name not in OF_WRITING and before.get(name) != after.get(name)
    )  # fmt: skip


def _given(kept: AttachedKept, path: Path) -> Given:
    """A part with its settings, and what was taken of its file behind an @."""
    return Given(f"{path}@{kept.selector}" if kept.selector else path, dict(kept.settings))


def _as_recorded(record: Record, table: Table) -> Table:
    """The table with what is on record of its rows beside their figures."""
    return replace(table, printed_notes=printed_notes(record, table.codes), standing=standing(record, table.codes))


def _run(record: Record, table: Table) -> Run:
    """`table`: with what was attached."""
    model = written_model(record)
    of_counties = [change for change in record.changes if change.county]
    changes = [Change(_address(change.name, change.county), figure_of(change.new)) for change in of_counties]
    facts = facts_of(record.facts, record.case)
    table = alone(model, table) if any(note.id == ONE_YEAR for note in record.notes) else table
    run = run_model(model, table, changes, exact=record.exact, reference=record.reference, facts=facts)
    written = as_written(run.model, model)
    run = with_recorded(replace(run, model=written, changed=changes_of(record.changes)), record)
    return replace(run, notes=_notes(run, record, base_model(record).pool))


def _notes(run: Run, record: Record, pool: str) -> tuple[Problem, ...]:
    """The run's notes, and in their places those of a case that says another pool than a file gives."""
    notes, entry = [*run.notes], run.model.parameters.get(pool)
    for place, note in enumerate(record.notes):
        if entry and note.said is not None and note.id == POOL_OF_CASE:
            notes.insert(place, pool_note(entry, figure_of(note.said), entry.value, note.where))
    return tuple(notes)


def _address(name: str, county: str) -> str:
    return f"{name}@{county}"


def _version(run: Run, record_now: Record, record: Record, path: Path) -> Again:
    """The workbook and the record of a version; those before it are looked for beside it."""
    kept = record.version
    assert kept is not None
    version, folder = version_kept(record), path.parent
    register = read_register(folder)
    earlier = tuple(entry for entry in register if entry.issue == version.issue and entry.order < version.order)
    before = None
    if kept.compared_with:
        for entry in reversed(earlier):
            if (entry.stage, entry.number) == (kept.compared_with.stage, kept.compared_with.number):
                held = recorded(folder, entry)
                before = (entry, held) if held else None
        if before is None:
            slots = {"stage": kept.compared_with.stage, "number": kept.compared_with.number, "folder": FOLDER}
            raise AllocationError(Problem("rerun.no_version", slots, path.name))
    record_now = replace(record_now, kind=VERSION, version=kept)
    whole, stem = replace(record_now, figures=figures(run)), version.stem(record.lang)
    planned, mapping = Planned(version, earlier), find_mapping(run.model)
    return Again(whole if record.figures else record_now, {
        f"{stem}.xlsx": lambda at: write_version(run, at, record.lang, record_now, planned, before, mapping),
        f"{stem}.json": lambda at: write_manifest(whole, at),
    })  # fmt: skip
