"""A receiving system's template filled from the final version on record, with its line in the journal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path

from allocation.case import Batch
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest, tried
from allocation.files.given_files import given_digest
from allocation.files.text_out import file_name
from allocation.files.whole_files import Write, bytes_writer
from allocation.filling.code_lists import code_lists
from allocation.filling.filled import Stamp, filled
from allocation.filling.lines import fill_lines
from allocation.filling.shown import ShownBeside, shown_beside, shown_sheets
from allocation.filling.template import GivenTemplate, read_template
from allocation.filling.text_files import csv_bytes, dbf_bytes
from allocation.office.register import asked_fund
from allocation.opening.cases import case_at
from allocation.policy.stages import ISSUED
from allocation.record import journal
from allocation.record.versions import FOLDER, PRESENT, Version, issued_versions, read_register, recorded, state
from allocation.run.marks import in_title
from allocation.run.run import Run
from allocation.tables.spelling import fold
from allocation.texts import LANGUAGES, Both, exact_text, say
from allocation.verify.issued import run_of_result
from allocation.xlsx.import_mapping import Mapping as Layout
from allocation.xlsx.import_mapping import default_mapping, issued_as_calculated, load_mapping
from allocation.xlsx.importing import find_mapping

BOOKS = (".xlsx", ".xlsm", ".json")
ACTION = "fill"  # as the journal calls it
FLAT = ("utf-8",)  # the file of a layout that says neither a template nor files: as `run` writes it of a trial
ENDINGS = {"utf-8": ".csv", "gb18030": ".gb18030.csv", "dbf": ".dbf"}


@dataclass(frozen=True)
class IssuedOnRecord:
    """A final version, or a correction of it, as it is on record, and the run of its workbook."""

    version: Version
    folder: Path
    run: Run
    corrected: Version | None = None


@dataclass(frozen=True)
class FillAsked:
    """Of which model, case or version; `template` and `mapping` where they are not those at hand."""

    model: str
    out: Path
    template: Path | None = None
    mapping: Path | None = None
    year: int | None = None
    batch: Batch | None = None
    lang: str = LANGUAGES[0]  # of the names of files


@dataclass(frozen=True)
class FillingMade:
    """`files`: what is to be written, `kept`: what stands there with the same bytes already; `cells` filled."""

    issued: IssuedOnRecord
    layout: Layout
    template: GivenTemplate | None
    files: Mapping[Path, bytes]
    kept: Sequence[Path]
    lines: int
    cells: int
    notes: Sequence[Problem]


def filling(asked: FillAsked) -> FillingMade:
    """What is to be written. Raises all that stands against it: nothing but a final version is imported anywhere."""
    issued = issued_on_record(asked.model, asked.out, asked.year, asked.batch)
    layout = layout_of(issued.run, asked.mapping)
    problems: list[Problem] = []
    template = _template(layout, asked.template, problems)
    if problems:
        raise AllocationError(problems)
    lists = code_lists(layout, template, problems)
    lines = fill_lines(issued.run, layout, lists, problems)
    version = issued.version
    files: dict[Path, bytes] = {}
    cells, notes = 0, [*_since(issued)]
    if template and layout.template:
        said = version.label("zh").removesuffix(f" {version.short}") + in_title(version.marks).zh
        stamp = Stamp(said, version.short)
        units = issued.run.model.units
        book = filled(template, layout, layout.template, lines, lists, units, stamp, problems)
        path = Path(template.file)
        files[_target(issued, asked, path.stem, path.suffix.lower(), book.data)] = book.data
        cells, notes = book.cells, [*notes, *book.notes]
    elif problems:
        raise AllocationError(problems)
    for kind in layout.files or (() if layout.template else FLAT):
        write = partial(dbf_bytes, date=version.date) if kind == "dbf" else partial(csv_bytes, encoding=kind)
        data = tried(problems, write, layout, lines)
        files[_target(issued, asked, _word(layout, asked), ENDINGS[kind], data or b"")] = data or b""
    if problems:
        raise AllocationError(problems)
    there = [path for path, data in files.items() if path.is_file() and given_digest(path) == _digest(data)]
    fresh = {path: data for path, data in files.items() if path not in there}
    return FillingMade(issued, layout, template, fresh, there, len(lines), cells, notes)


def record_filling(outcome: FillingMade, files: Mapping[Path, Write]) -> None:
    """Puts the files in place with their lines in the journal beside the versions."""
    run, version = outcome.issued.run, outcome.issued.version
    unit = run.model.columns[run.model.award].unit.name
    total = f"{exact_text(run.total(run.model.award))} {unit}".strip()
    note = f"{outcome.template.file} {_digest(outcome.template.data)[:12]}" if outcome.template else outcome.layout.file
    entry = journal.Entry(ACTION, (), version.model, version.year, version.label("zh"), total, note)
    journal.record(outcome.issued.folder.parent, entry, files)


def is_filled(path: Path) -> bool:
    """Whether the journal near a file has a line that it was filled; of one that was saved anew since, that it was in
    its place, and the units of the version stand in it still."""
    whole = path.resolve()
    folder = journal.near(whole)
    lines = [line for line in journal.logged(folder) if line.action == ACTION] if folder and whole.is_file() else []
    digest = given_digest(whole) if lines else ""
    if folder is None or any(line.sha256 == digest for line in lines):
        return bool(lines)
    placed = [line for line in lines if line.file == whole.relative_to(folder).as_posix()]
    return bool(placed) and _lists_units(whole, folder / FOLDER, placed[-1].version)


def _lists_units(path: Path, folder: Path, label: str) -> bool:
    """Whether most units of the version of that label stand in a file; so where nothing tells which they were."""
    version = next((each for each in read_register(folder) if each.label("zh") == label), None)
    held = recorded(folder, version) if version else None
    cells = {fold(cell.text) for sheet in tried([], shown_sheets, path) or () for row in sheet.rows for cell in row}
    names = held.names if held else {}
    coded = {text[:digits] for text in cells for digits in {*map(len, names)}}  # 6 of 9 or 12 digits
    stand = [code for code, name in names.items() if code in coded or fold(name) in cells]
    return bool(cells) and 2 * len(stand) >= len(names)


def writers(outcome: FillingMade) -> dict[Path, Write]:
    return {path: bytes_writer(data) for path, data in outcome.files.items()}


# ---- what the system shows


@dataclass(frozen=True)
class ImportChecked:
    """`of`: the version, or the file of the run, that it was compared with."""

    of: Both | str
    run: Run
    beside: ShownBeside
    notes: Sequence[Problem]


def import_checked(shown: Path, asked: FillAsked) -> ImportChecked:
    """What a system shows beside the final version, or beside the run of a result workbook that is named."""
    path = Path(asked.model)
    if path.suffix.lower() in BOOKS and path.is_file() and not _of_file(path) and not case_at(asked.model):
        of: Both | str = path.name
        run, notes = run_of_result(path.with_suffix(".xlsx")), list[Problem]()
    else:
        issued = issued_on_record(asked.model, asked.out, asked.year, asked.batch)
        of, run, notes = issued.version.both, issued.run, _since(issued)
    layout = layout_of(run, asked.mapping)
    problems: list[Problem] = []
    listed = any(codes.sheet for codes in layout.codes)
    template = _template(layout, asked.template, problems) if listed and layout.template else None
    lists = code_lists(layout, template, problems)
    lines = fill_lines(run, layout, lists, problems)
    beside = tried(problems, shown_beside, shown, layout, lines, run.model.units)
    if problems or beside is None:
        raise AllocationError(problems)
    return ImportChecked(of, run, beside, notes)


# ---- which version


def issued_on_record(model: str, out: Path, year: int | None, batch: Batch | None) -> IssuedOnRecord:
    """By the file of a version, or by model or case the one final version there is, or the last correction of it.

    Raises where there is none, or several, and where its workbook is no longer as it was registered.
    """
    path = Path(model)
    if path.suffix.lower() in BOOKS and path.is_file() and (version := _of_file(path)):
        folder = path.parent
    else:
        folder = out / FOLDER
        version = issued_versions(folder, _of_model(model, folder, year, batch).issue)[-1]
    if version.stage not in ISSUED:
        slots = {"version": version.both}
        raise AllocationError(Problem("filling.not_final", slots, (folder / version.record).as_posix()))
    book = next(name for name in version.files if name.endswith(".xlsx"))
    standing = state(folder, book, version.files[book])
    if standing != PRESENT:
        where = (folder / book).as_posix()
        raise AllocationError(Problem(f"filling.version_{standing}", {"version": version.both}, where))
    last = issued_versions(folder, version.issue)[-1]
    return IssuedOnRecord(version, folder, run_of_result(folder / book), None if last == version else last)


def _of_file(path: Path) -> Version | None:
    """The version whose file it is; None of a case, which has the same ending."""
    registered = read_register(path.parent) if path.parent.name == FOLDER else []
    return next((version for version in registered if path.name in version.files), None)


def _of_model(model: str, folder: Path, year: int | None, batch: Batch | None) -> Version:
    name, of_case = asked_fund(model) if model else ("", None)
    case = case_at(model) if model else None
    year, batch = year or of_case, batch or (case.facts.batch if case else None)
    every = [version for version in read_register(folder)
             if name in ("", version.model) and year in (None, version.year)
             and (batch is None or version.issue.batch == batch)]  # fmt: skip
    finals = [version for version in every if version.stage == "final"]
    if len(finals) == 1:
        return finals[0]
    if finals:
        known = [_called(version) for version in finals]
        raise AllocationError(Problem("filling.several_finals", {"known": known}, folder.as_posix()))
    registered = read_register(folder)
    known = list(dict.fromkeys(version.model for version in registered))
    others = [_called(version) for version in registered if version.model == name and version.stage == "final"]
    slots = {"model": name, "last": every[-1].both if every else "",
             "nearest": "" if name in known else nearest(name, known),
             "known": [] if every else others or known}  # fmt: skip
    raise AllocationError(Problem("filling.no_final", slots, folder.as_posix()))


def _called(version: Version) -> str:
    return f"{version.model} {version.year} {version.issue.batch.label.zh}"


def _since(issued: IssuedOnRecord) -> list[Problem]:
    """That an older version was named, or that a correction is in force: its whole amounts are imported."""
    if issued.corrected:
        return [Problem("filling.corrected_since", {"version": issued.corrected.both})]
    slots = {"version": issued.version.both}
    return [Problem("filling.of_correction", slots)] if issued.version.stage == "correction" else []


# ---- with what


def layout_of(run: Run, mapping: Path | None) -> Layout:
    """The layout that is named, else that of the model, else year, code, name and award.

    Raises where the lines of one that is named no longer add up to what was issued.
    """
    if mapping is not None:
        return load_mapping(mapping, run.model, split=True)
    return find_mapping(run.model, split=issued_as_calculated(run.model)) or default_mapping(run.model)


def _template(layout: Layout, given: Path | None, problems: list[Problem]) -> GivenTemplate | None:
    """The template that is named, else the one of the layout. Problems where there is nothing to fill or to write."""
    spec = layout.template
    if spec is None:
        if given:
            problems.append(Problem("filling.no_template", where=layout.file or "—"))
        return None
    path = given or (layout.folder / spec.file if spec.file else None)
    if path is None:
        problems.append(Problem("filling.which_template", where=layout.file))
        return None
    return tried(problems, read_template, path, spec.sheet)


def _word(layout: Layout, asked: FillAsked) -> str:
    """What a text file is called behind its version: as its layout where that was made for one."""
    return Path(layout.file).stem if layout.files else say(asked.lang, "filling.flat_word")


def _target(issued: IssuedOnRecord, asked: FillAsked, word: str, ending: str, data: bytes) -> Path:
    """`land_quota_2017_正式稿_1_3fa91c07_国土模板.xlsx`, beside the version; where another file was filled under that
    name, or lies there, the next: `…_国土模板_2.xlsx`."""
    stem, digest, folder = issued.version.stem(asked.lang, file_name(word)), _digest(data), issued.folder
    filled_before = {line.file: line.sha256 for line in journal.logged(folder.parent) if line.action == ACTION}
    for number in count(1):
        path = folder / f"{stem}{f'_{number}' if number > 1 else ''}{ending}"
        held = given_digest(path) if path.is_file() else filled_before.get(f"{folder.name}/{path.name}", digest)
        if held == digest and not path.is_dir():
            return path
    raise AssertionError  # one of all numbers is free


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
