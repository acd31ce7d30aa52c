"""What a record is made again from: its files by SHA-256, the model as it was, a table as it was read."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from allocation.classes import dataclass
from allocation.doubts.beside import Beside
from allocation.errors import AllocationError, Problem
from allocation.files.given_files import given_digest
from allocation.policy.model import Model
from allocation.record.record import FileKept, Record, TableKept
from allocation.record.versions import FOLDER, version_of
from allocation.tables.reading import read_as_far
from allocation.tables.said import Said, said_of
from allocation.tables.table import Table
from allocation.texts import LANGUAGES
from allocation.verify.restoring import written_model

ISSUE = "\n\n[issue]\n"  # below the model's own text stands what was attached
MOST_FILES = 5_000  # looked at in one folder


@dataclass(frozen=True)
class Laid:
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

    def records(self) -> Iterable[Path]:
        """Those that may hold a record as JSON."""
        return (file for file in self._files() if file.suffix == ".json")


def archived(record: Record, path: Path) -> list[Path]:
    """The folders of the case that is kept beside a version, for what was made of that version too."""
    letters = record.letters
    kept, folder = (letters.issued, path.parent / FOLDER) if letters else (record.version, path.parent)
    if kept is None or record.case is None:
        return []
    version = version_of(kept, record.case.revision)
    places = [folder / version.case_folder(lang) for lang in dict.fromkeys((record.lang, *LANGUAGES))]
    return list(dict.fromkeys((place / name).parent for place in places for name in record.case.files))


def _digest(file: Path) -> str:
    try:
        return given_digest(file)
    except (OSError, AllocationError):
        return ""


def _said(record: Record) -> Said:
    return said_of(
        [text for kind, text in record.said if kind == "unused"], [text for kind, text in record.said if kind == "row"]
    )


def base_model(record: Record) -> Model:
    """The model without what was attached, with the figures on record."""
    text, issue, _ = record.model.text.partition(ISSUE)
    kept = replace(record.model, text=f"{text}\n" if issue else text)
    return written_model(replace(record, model=kept))


def kept_table(record: Record, kept: TableKept, file: Path) -> Table:
    problems: list[Problem] = []
    model, sheet = base_model(record), kept.sheet or None
    table = read_as_far(file, model, problems, year=kept.year, sheet=sheet, said=_said(record))
    if problems:
        raise AllocationError(problems)
    return replace(table, beside=Beside())  # what stood beside it then is on record as doubts
