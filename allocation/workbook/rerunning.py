"""A record made again: its text of the model, the tables and parts it names by hash, the same run, the same files."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from allocation.case import facts_of
from allocation.doubts.doubt import from_record
from allocation.errors import AllocationError, Problem, tried
from allocation.finding import base_name, model_shelf
from allocation.model import Model
from allocation.parts.extending import extend
from allocation.parts.kinds import PARTS
from allocation.parts.part import Given
from allocation.record.reading import read_record
from allocation.record.record import RUN, VERSION, FileKept, Record, TableKept, as_object
from allocation.run import Run, run_model
from allocation.scenario import Change
from allocation.tables.grid import read_bytes
from allocation.tables.reading import read_as_far
from allocation.tables.said import Said, said_of
from allocation.tables.table import Table
from allocation.workbook.files import targets, write_csv, write_manifest
from allocation.workbook.import_mapping import Mapping as ImportMapping
from allocation.workbook.importing import find_mapping, write_import_csv
from allocation.workbook.recording import record_of
from allocation.workbook.reopened import reopen
from allocation.workbook.restoring import as_written, changes_of, figure_of, written_model
from allocation.workbook.versions import FOLDER, Planned, Version, figures, read_register, recorded
from allocation.workbook.versions_sheet import write_version
from allocation.workbook.writer import write_workbook

ISSUE = "\n\n[issue]\n"  # below the model's own text stands what was attached
OF_WRITING = ("seals", "versions")  # fields that tell of the program, not of the product
MOST_FILES = 5_000  # looked at in one folder


@dataclass(frozen=True)
class Again:
    """What was made again: the run, its record, and how each file is written, by its name."""

    run: Run
    record: Record
    writers: Mapping[str, Callable[[Path], None]]


def record_at(path: Path) -> Record:
    """The record in a manifest, a version's JSON or a workbook of ours. Raises AllocationError where there is none."""
    if path.suffix.lower() == ".json":
        return read_record(read_bytes(path), path.name)
    return reopen(path).record


def make_again(record: Record, path: Path, places: Sequence[Path]) -> Again:
    """Raises AllocationError with all that is missing. `path`: the record's file; `places` are files and folders."""
    if record.kind not in (RUN, VERSION):
        raise AllocationError(Problem("rerun.kind", {"kind": record.kind}, path.name))
    if len(record.inputs) != 1:
        raise AllocationError(Problem("rerun.tables", {"count": len(record.inputs)}, path.name))
    missing: list[Problem] = []
    at_hand = Files((path.parent, *places))
    (kept,) = record.inputs
    table_file = tried(missing, at_hand.find, FileKept(kept.file, kept.sha256), path.name)
    attached = {entry: tried(missing, at_hand.find, entry, path.name) for entry in dict.fromkeys(record.attached)}
    kinds = tried(missing, _kinds, record, path.name)
    if missing or table_file is None or kinds is None:
        raise AllocationError(missing)
    vouchers = {
        entry.file: tried(missing, at_hand.find, FileKept(entry.file, entry.sha256), path.name)
        for entry in record.vouchers
    }
    if missing:
        raise AllocationError(missing)
    with TemporaryDirectory() as folder:
        laid = _Laid(Path(folder), vouchers)
        files = [laid.out(entry, attached[entry]) for entry in record.attached]
        given = {kind: _given(kind, file, record) for kind, file in zip(kinds, files, strict=True)}
        run = _run(record, _table(record, kept, laid.out(FileKept(kept.file, kept.sha256), table_file)), given)
    record_now = record_of(run, record.command, record.date)
    record_now = replace(record_now, lang=record.lang, print=record.print)
    if record.kind == VERSION:
        return _version(run, record_now, record, path)
    mapping = _mapping(run.model)
    written = targets(Path(path.with_suffix(".xlsx").name), "")
    return Again(run, record_now, {
        written["workbook"].name: lambda at: write_workbook(run, at, record.lang, record_now, mapping),
        written["csv"].name: lambda at: write_csv(run, at, record.lang),
        written["import"].name: lambda at: write_import_csv(run, at, mapping),
        written["manifest"].name: lambda at: write_manifest(record_now, at),
    })  # fmt: skip


def unlike(old: Record, new: Record) -> list[str]:
    """The fields of the record that differ; which program wrote it is no difference."""
    before, after = as_object(old), as_object(new)
    return sorted(
        name for name in {*before, *after}
        if name not in OF_WRITING and before.get(name) != after.get(name)
    )  # fmt: skip


@dataclass(frozen=True)
class _Laid:
    """Files laid out under the names on record, each with the vouchers it may speak of beside it."""

    folder: Path
    vouchers: Mapping[str, Path | None]

    def out(self, kept: FileKept, source: Path | None) -> Path:
        place = self.folder / kept.sha256[:16]
        place.mkdir(exist_ok=True)
        for name, file in {**self.vouchers, kept.file: source}.items():
            target = place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if file is not None and not target.exists():
                shutil.copyfile(file, target)
        return place / kept.file


class Files:
    """Files by SHA-256, in folders and by themselves; a file of the same name and another hash is remembered."""

    def __init__(self, places: Iterable[Path]):
        self.places = tuple(dict.fromkeys(places))

    def find(self, kept: FileKept, where: str) -> Path:
        """Raises AllocationError where no file has the hash; a file of that name with another is named."""
        named = [file for file in self._files() if file.name == Path(kept.file).name]
        others = (file for file in self._files() if file.name != Path(kept.file).name)
        for file in (*named, *others):
            if _digest(file) == kept.sha256:
                return file
        slots = {"file": kept.file, "sha256": kept.sha256, "changed": [file.name for file in named[:1]] or ""}
        raise AllocationError(Problem("rerun.no_file", slots, where))

    def _files(self) -> Iterable[Path]:
        for place in self.places:
            if place.is_file():
                yield place
            elif place.is_dir():
                yield from sorted(file for file in place.iterdir() if file.is_file())[:MOST_FILES]


def _digest(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def _kinds(record: Record, where: str) -> list[str]:
    """The kind of each attached file, in order: parts that add to the model, the ledger, then receipts."""
    kinds = {*record.part_kinds, *(["ledger"] if record.ledger else [])}
    options = {part.kind: part.option.flag for part in PARTS if part.option}
    typed = record.command.split()
    kinds |= {kind for kind in ("receipts", "pool_from") if options.get(kind, "--") in typed}
    known = [part.kind for part in PARTS if part.kind in kinds]
    if "correction" in kinds or len(known) != len(record.attached):
        if len(known) + 1 == len(record.attached) and "receipts" not in known:
            return [part.kind for part in PARTS if part.kind in {*kinds, "receipts"}]
        raise AllocationError(Problem("rerun.parts", {"kinds": known, "count": len(record.attached)}, where))
    return known


def _given(kind: str, path: Path, record: Record) -> Given:
    """A part with its settings: as typed, else as the option has them."""
    part = next(part for part in PARTS if part.kind == kind)
    settings = {entry.name: _typed(record.command, entry.flag) for entry in part.settings if entry.most}
    what = path
    if part.option and not part.option.file:  # a file with what is meant in it behind an @
        match = re.search(rf"{re.escape(part.option.flag)}[ =](\S+)", record.command)
        inner = match[1].rpartition("@")[2] if match and "@" in match[1] else ""
        return Given(f"{path}@{inner}" if inner else str(path), settings)
    return Given(what, settings)


def _typed(command: str, flag: str) -> int:
    match = re.search(rf"{re.escape(flag)}[ =](\d+)", command)
    return int(match[1]) if match else 1


def _said(record: Record) -> Said:
    return said_of(
        [text for kind, text in record.said if kind == "unused"], [text for kind, text in record.said if kind == "row"]
    )


def _base(record: Record) -> Model:
    """The model without what was attached, with the figures on record."""
    text, issue, _ = record.model.text.partition(ISSUE)
    kept = replace(record.model, text=f"{text}\n" if issue else text)
    return written_model(replace(record, model=kept))


def _table(record: Record, kept: TableKept, file: Path) -> Table:
    problems: list[Problem] = []
    match = re.search(r"--sheet[ =](\S+)", record.command)
    sheet = match[1] if match else None
    table = read_as_far(file, _base(record), problems, year=kept.year, sheet=sheet, said=_said(record))
    if problems:
        raise AllocationError(problems)
    return table


def _run(record: Record, table: Table, given: Mapping[str, Given]) -> Run:
    extended = extend(_base(record), table, given)
    model = written_model(record)
    of_counties = [change for change in record.changes if change.county]
    changes = [Change(_address(change.name, change.county), figure_of(change.new)) for change in of_counties]
    facts = facts_of(record.facts, record.case)
    run = run_model(model, extended.table, changes, exact=record.exact, reference=record.reference, facts=facts)
    written = as_written(run.model, model)
    return replace(run, model=written, changed=changes_of(record.changes), recorded_doubts=from_record(record))


def _address(name: str, county: str) -> str:
    return f"{name}@{county}"


def _mapping(model: Model) -> ImportMapping | None:
    shelf = [file for file in model_shelf() if base_name(file.stem) == base_name(model.name)]
    return find_mapping(model, shelf[0].parent) if shelf else None


def _version(run: Run, record_now: Record, record: Record, path: Path) -> Again:
    """The workbook and the record of a version; those before it are looked for beside it."""
    kept = record.version
    assert kept is not None
    names = {entry.name for entry in fields(Version)}
    version = Version(**{name: value for name, value in vars(kept).items() if name in names})
    folder = path.parent
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
    planned, mapping = Planned(version, earlier), _mapping(run.model)
    return Again(run, whole if record.figures else record_now, {
        f"{stem}.xlsx": lambda at: write_version(run, at, record.lang, record_now, planned, before, mapping),
        f"{stem}.json": lambda at: write_manifest(whole, at),
    })  # fmt: skip
