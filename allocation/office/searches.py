"""A search or a trial on a case leaves a line in the journal: by whom, what was sought, as typed, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from allocation.files.whole_files import in_turn, place
from allocation.record.journal import NAME, Entry, claims, hashed, lines, standing
from allocation.run.finding import ModelWithTable
from allocation.run.run import Run
from allocation.run.shelf import base_name
from allocation.texts import exact_text, say

Writers = Mapping[Path, Callable[[Path], None]]


def search_entry(
    command: str, material: ModelWithTable, note: str, files: Writers, lang: str, run: Run | None
) -> Entry:
    """The line: of a trial, with the hash of the workbook among the files, and the total of a run."""
    return Entry(
        command,
        tuple(path for path in files if path.suffix == ".xlsx"),
        base_name(material.model.name),
        material.facts.budget_year or material.table.year,
        say(lang, "study.trial"),
        _total(run) if run else "",
        note,
    )


def keep_line(folder: Path, entry: Entry, files: Writers) -> Path:
    """Files and line are written together or not at all; the journal in which it stands."""

    def attempt() -> None:
        digests: dict[Path, str] = {}
        noted = hashed(files, digests)
        added = lines(standing(folder), [entry], digests)
        place({**noted, **added}, claims(added))

    in_turn(attempt)
    return folder / NAME


def _total(run: Run) -> str:
    award = run.model.columns[run.model.award]
    return f"{exact_text(run.total(award.name))} {award.unit.name}".strip()
