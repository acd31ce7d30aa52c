"""The versions on record in a folder: those of a fund and a year, whether their files are as they were; and the
register made anew from what they say themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest
from allocation.files.whole_files import bytes_writer, in_turn, place
from allocation.opening.cases import case_at
from allocation.record.journal import gone, logged
from allocation.record.versions import (
    CHANGED,
    FOLDER,
    MISSING,
    PRESENT,
    REGISTER,
    Version,
    entry_text,
    read_register,
    rebuilt,
    register_text,
    state,
)
from allocation.run.shelf import base_name


@dataclass(frozen=True)
class VersionStanding:
    """A version, and of each of its files whether it is present, missing or changed."""

    version: Version
    states: Mapping[str, str]

    @property
    def worst(self) -> str:
        return next((kind for kind in (CHANGED, MISSING) if kind in self.states.values()), PRESENT)


@dataclass(frozen=True)
class Registered:
    """The versions asked for, those of their files that are not as they were, by path, and what the journal lost."""

    versions: tuple[VersionStanding, ...]
    wrong: tuple[tuple[Path, str], ...]
    lost: tuple[Problem, ...]


def registered_versions(out: Path, name: str = "", year: int | None = None) -> Registered:
    """Of a fund, of a year, or all. Raises AllocationError for a fund that has none where others have."""
    folder = out / FOLDER
    versions = read_register(folder)
    known = list(dict.fromkeys(version.model for version in versions))
    if name and versions and name not in known:
        slots = {"model": name, "nearest": nearest(name, known), "known": known}
        raise AllocationError(Problem("versions.no_model", slots, folder.as_posix()))
    versions = [version for version in versions if name in ("", version.model) and year in (None, version.year)]
    standing = tuple(
        VersionStanding(version, {file: state(folder, file, sha256) for file, sha256 in version.files.items()})
        for version in versions
    )
    wrong = tuple(
        (folder / file, kind) for each in standing for file, kind in each.states.items() if kind != PRESENT
    )  # fmt: skip
    return Registered(standing, wrong, tuple(gone(out, versions)) if versions else ())


def asked_fund(model: str) -> tuple[str, int | None]:
    """The plain name of a model, and of a case its budget year."""
    if case := case_at(model):
        return base_name(case.model), case.facts.budget_year
    return base_name(Path(model).stem if model.endswith(".toml") else model), None


def rebuild_register(out: Path) -> list[Version]:
    """The register from what the versions' own files say, with the hashes that the journal has of them."""
    folder = out / FOLDER

    def attempt() -> list[Version]:
        names = [(line.file.partition("/"), line.sha256) for line in logged(out)]
        versions = rebuilt(folder, {name: sha256 for (above, _, name), sha256 in names if above == FOLDER})
        entries = {
            folder / version.entry: entry_text(version) for version in versions if not (folder / version.entry).exists()
        }
        texts = {**entries, folder / REGISTER: register_text(versions)}
        if versions:
            place({path: bytes_writer(text.encode()) for path, text in texts.items()}, list(entries))
        return versions

    return in_turn(attempt)
