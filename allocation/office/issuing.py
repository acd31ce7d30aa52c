"""Versions (稿次) and editions for readers outside: what one asks for is planned, then written whole with its lines in
the journal, or not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, tried
from allocation.files.destination import Destination
from allocation.files.file_plans import Overtaken
from allocation.files.whole_files import bytes_writer, in_turn, place
from allocation.office.trials_aside import Aside, lay_trials_aside
from allocation.opening.keeping import case_files, copied
from allocation.policy.stages import EDITIONS, ISSUED, STAGES, key_of
from allocation.record import journal
from allocation.record.record import VERSION, Record
from allocation.record.versions import (
    FOLDER,
    REGISTER,
    Planned,
    Version,
    completed,
    entry_text,
    figures,
    file_stem,
    issue_of,
    plan_version,
    read_register,
    recorded,
    register_text,
)
from allocation.run.decisions import held_back
from allocation.run.finding import ModelWithTable, spare_inputs
from allocation.run.marks import mark_keys
from allocation.run.run import Run
from allocation.texts import LANGUAGES, exact_text, say
from allocation.texts.days import is_day
from allocation.xlsx.files import targets, write_manifest, writers
from allocation.xlsx.importing import find_mapping

if TYPE_CHECKING:
    from allocation.xlsx.editions import EditionBook

Writers = Mapping[Path, Callable[[Path], None]]


@dataclass(frozen=True)
class Issuing:
    """What the command line asks for beyond a plain run; false when nothing."""

    stage: str | None
    editions: tuple[str, ...]
    reason: str
    place: Destination
    date: str

    def __bool__(self) -> bool:
        return bool(self.stage or self.editions or self.reason)

    @property
    def out(self) -> Path:
        return self.place.folder

    @property
    def keys(self) -> list[str]:
        """The editions, each once; a version's own workbook is its edition 内部."""
        keys = list(dict.fromkeys(key_of(EDITIONS, word) for word in self.editions))
        return [key for key in keys if not (self.stage and key == "internal")]


def issue(
    material: ModelWithTable, run: Run, record: Record, asked: Issuing, lang: str,
    before: journal.Standing | None = None,
) -> Made:  # fmt: skip
    """Writes the version and the editions asked for with their lines in the journal, or nothing at all.

    `before`: the journal on which the run was set up; where it has gone on since, the run must be made again.
    """
    _refuse(asked)
    try:
        if before:
            written = _placed(material, run, record, asked, before, lang)
        else:
            written = in_turn(lambda: _placed(material, run, record, asked, journal.standing(asked.out), lang))
    except Overtaken:
        raise AllocationError(Problem("versions.overtaken", where=asked.out.as_posix())) from None
    if not (written.new and written.planned and written.planned.version.stage in ISSUED):
        return written
    case = case_files(material.case, material.input_path).values() if material.case else ()
    folder = asked.out / say(lang, "versions.trials_folder")
    spared = [material.input_path, material.model_path, *material.beside, *case]
    return replace(written, aside=lay_trials_aside(asked.out, written.planned.version.issue, folder, spared))


@dataclass(frozen=True)
class Made:
    """What was written: the version planned, whether its own files are new, editions, what was there already; what of
    earlier trials was laid aside."""

    planned: Planned | None
    new: bool
    targets: list[Path]
    books: list[tuple[str, EditionBook]]
    kept: list[Path]
    aside: Aside | None = None

    @property
    def sent(self) -> list[Path]:
        """The workbooks that go to one county each."""
        return [book.target for key, book in self.books if key == "county"]


def _placed(
    material: ModelWithTable, run: Run, record: Record, asked: Issuing, before: journal.Standing, lang: str
) -> Made:
    """One attempt on the journal as it stood; Overtaken where another has written to it since."""
    date, folder = journal.today(asked.date), asked.out / FOLDER
    record = replace(record, date=date)
    stage = key_of(STAGES, asked.stage or "")
    problems = held_back(run, stage, outside=True) if asked.keys else []
    planned = tried(problems, plan_version, run, folder, stage, asked.reason, date, bool(asked.keys)) if stage else None
    if problems:
        raise AllocationError(problems)
    version_files = _version_writers(material, run, record, planned, folder, lang) if planned and planned.new else {}
    lost = _lost_writers(material, run, record, planned, folder) if planned and planned.lost else {}
    books = [(key, book) for key in asked.keys for book in _books(material, run, record, key, planned, asked.out, lang)]
    kept = [book.target for _, book in books if planned and book.target.exists()]
    books = [(key, book) for key, book in books if book.target not in kept]
    targets = [*version_files, *lost, *(book.target for _, book in books)]
    spare_inputs(material, {path.as_posix(): path for path in targets})
    refuse_strangers([book.target for key, book in books if key == "county"])
    digests: dict[Path, str] = {}
    of_books = {book.target: book.write for _, book in books}
    files, claimed = journal.hashed({**version_files, **lost, **of_books}, digests), list[Path]()
    if planned and version_files:
        planned_version = planned.version
        registered = read_register(folder)

        def version() -> Version:
            return completed(planned_version, {name: digests[name] for name in version_files})

        claimed.append(folder / planned_version.entry)
        files[claimed[0]] = lambda path: bytes_writer(entry_text(version()).encode())(path)
        files[folder / REGISTER] = lambda path: bytes_writer(register_text([*registered, version()]).encode())(path)
    unlogged = _unlogged(asked.out, folder, planned, digests) if planned and not planned.new else {}
    if files or unlogged:
        entries = _entries(run, planned, [*version_files, *lost, *unlogged], books, (asked, lang))
        added = journal.lines(before, entries, digests, date)
        place({**files, **added}, [*journal.claims(added), *claimed])
    return Made(planned, bool(version_files), targets, books, kept)


def _unlogged(out: Path, folder: Path, planned: Planned, digests: dict[Path, str]) -> dict[Path, None]:
    """Files of a version made before that the journal has lost: the same command puts their lines there again."""
    names = [name for _, name in journal.unlogged(out, [planned.version]) if name not in planned.lost]
    digests |= {folder / name: planned.version.files[name] for name in names}
    return {folder / name: None for name in names}


def _refuse(asked: Issuing) -> None:
    """What no version and no edition can be made from, all at once."""
    problems: list[Problem] = []
    if not asked.stage and not asked.editions:
        problems.append(Problem("versions.reason_alone"))
    tried(problems, asked.place.only_folder)
    if asked.date and not is_day(asked.date):
        problems.append(Problem("collect.bad_date", {"found": asked.date}, "--date"))
    if problems:
        raise AllocationError(problems)


def refuse_strangers(targets: Sequence[Path]) -> None:
    """A folder of county workbooks is sent out whole: what an earlier run left in it would go along."""
    for folder in dict.fromkeys(target.parent for target in targets):
        names = sorted(file.name for file in folder.glob("*") if file not in targets)
        left = [name for name in names if not name.startswith((".", "~$"))]  # a lock file is told of when writing
        if left:
            raise AllocationError(Problem("versions.strangers", {"files": left[:3], "count": len(left)}, str(folder)))


def _version_writers(
    material: ModelWithTable, run: Run, record: Record, planned: Planned, folder: Path, lang: str
) -> dict[Path, Callable[[Path], None]]:
    """The version's workbook and its JSON, and the very case it is made from; names are fixed by the version."""
    from allocation.xlsx.versions_sheet import write_version

    version, mapping = planned.version, find_mapping(material.model, material.models_folder)
    earlier = ((version_before, recorded(folder, version_before)) for version_before in reversed(planned.earlier))
    before = next(((version_before, held) for version_before, held in earlier if held), None)
    kept = version.kept(before[0].place if before else None)
    case = replace(record.case, revision=version.revision) if record.case else None
    run = replace(run, facts=replace(run.facts, kept=case))
    record = replace(record, kind=VERSION, lang=lang, version=kept, case=case)
    used = material.input_path
    sources = case_files(material.case, used) if material.case else {material.model_path.name: material.model_path}
    whole, stem = replace(record, figures=figures(run)), version.stem(lang)
    return {
        folder / f"{stem}.xlsx": lambda path: write_version(run, path, lang, record, planned, before, mapping),
        folder / f"{stem}.json": lambda path: write_manifest(whole, path),
        **(copied(sources, case, folder / version.case_folder(lang)) if case else {}),
    }


def _lost_writers(
    material: ModelWithTable, run: Run, record: Record, planned: Planned, folder: Path
) -> dict[Path, Callable[[Path], None]]:
    """The files of a version that are gone, written again as they were; each must have the bytes on record."""
    from allocation.verify.restoring import with_recorded

    version = planned.version
    held = recorded(folder, version) or replace(record, date=version.date)
    run = with_recorded(run, held)
    lang = next(key for key in LANGUAGES if folder / f"{version.stem(key)}.json" == folder / version.record)
    writers = _version_writers(material, run, replace(held, seals={}, figures=None), planned, folder, lang)

    def checked(name: str) -> Callable[[Path], None]:
        def write(path: Path) -> None:
            writers[folder / name](path)
            if hashlib.sha256(path.read_bytes()).hexdigest() != version.files[name]:
                slots = {"version": version.both}
                raise AllocationError(Problem("versions.not_as_recorded", slots, (folder / name).as_posix()))

        return write

    now = run.facts.kept.files if run.facts.kept else {}
    changed = {name for name, sha256 in version.case_files.items() if now.get(name.partition("/")[2]) != sha256}
    return {folder / name: checked(name) for name in planned.lost if name not in changed}


def _books(
    material: ModelWithTable, run: Run, record: Record, key: str, planned: Planned | None, out: Path, lang: str
) -> list[EditionBook]:
    """The workbooks of one edition: of the version, in its folder, or of a run that has none."""
    from allocation.xlsx.editions import EditionBook, edition_books

    issue = issue_of(run)
    if key == "internal":
        mapping = find_mapping(material.model, material.models_folder)
        files = writers(run, targets(Destination(out), issue.model), lang, record, mapping)
        return [EditionBook(target, write, run.total(run.model.award)) for target, write in files.items()]
    if planned:
        version = planned.version
        return edition_books(
            run, key, out / FOLDER, lambda word: version.stem(lang, word), version.label(lang), lang, version.place
        )  # fmt: skip
    stem = issue.parts(lang)
    return edition_books(
        run, key, out, lambda word: file_stem([*stem, word], mark_keys(run), lang), say(lang, "versions.none"), lang
    )  # fmt: skip


def _entries(
    run: Run, planned: Planned | None, version_files: Sequence[Path], books: Sequence[tuple[str, EditionBook]],
    how: tuple[Issuing, str],
) -> list[journal.Entry]:  # fmt: skip
    """The lines of the journal: the version's files, then every book of every edition with its own total."""
    asked, lang = how

    unit = run.model.columns[run.model.award].unit.name
    issue = issue_of(run)
    label, note = planned.version.label("zh") if planned else "", asked.reason

    def entry(action: str, files: tuple[Path, ...], total: Fraction | None) -> journal.Entry:
        return journal.Entry(action, files, issue.model, issue.year, label, f"{exact_text(total)} {unit}".strip(), note)

    lines = []
    if planned and version_files:
        stage = planned.version.stage
        action = "correct" if stage == "correction" else f"run --stage {STAGES[stage].zh}"
        lines.append(entry(action, tuple(version_files), run.total(run.model.award)))
    return lines + [entry(f"edition {EDITIONS[key][lang]}", (book.target,), book.total) for key, book in books]
