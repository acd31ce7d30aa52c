"""What is to be attached to a table: by the parts' own options, and by the case where no option lies over it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from allocation.case import CaseFile
from allocation.errors import Problem, tried
from allocation.office.asked import SharedOptions
from allocation.parts.kinds import PARTS
from allocation.parts.part import Given, Part
from allocation.run.finding import ModelWithTable
from allocation.run.scenario import Change, apply_by_year, name_of
from allocation.tables.case_sheets import TITLES
from allocation.tables.grid import open_grid, read_bytes
from allocation.texts import Both
from allocation.texts.remedies import option_words

ADDED = "_"  # how names begin that attached tables add


def given_parts(options: SharedOptions, case: CaseFile | None) -> Mapping[str, Given]:
    """What is attached, by kind."""
    given = dict(options.attached)
    for part, what in _typed(options, case):
        settings = {setting.name: options.parts.get(setting.name) for setting in part.settings}
        given[part.kind] = Given(what, {name: value for name, value in settings.items() if isinstance(value, int)})
    return given


def attached_labels(case: CaseFile | None) -> list[Both]:
    """What a case has attached, by the titles of its sheets."""
    given = given_files(case)
    return [TITLES[part.kind] for part in PARTS if part.kind in given]


def _typed(options: SharedOptions, case: CaseFile | None) -> list[tuple[Part, object]]:
    """The parts whose option was given, with what it says, and those that the case has where no option lies over it."""
    given = given_files(case)
    said = [(part, options.parts.get(part.option.name) or given.get(part.kind)) for part in PARTS if part.option]
    return [(part, what) for part, what in said if what]


def given_files(case: CaseFile | None) -> Mapping[str, Path]:
    """By kind the files of a case, over which options lie."""
    return case.given if case else {}


def attachments(options: SharedOptions, case: CaseFile | None) -> list[Path]:
    return [part.file(str(what)) for part, what in _typed(options, case)]


def unreadable(options: SharedOptions, case: CaseFile | None, problems: list[Problem]) -> None:
    """Attached tables that cannot even be opened, where there are no counties to read them against."""

    def opened(path: Path) -> None:
        open_grid(path, read_bytes(path))

    for part, what in _typed(options, case):
        if part.form:
            tried(problems, opened, part.file(str(what)))


def pool_once(
    options: SharedOptions, material: ModelWithTable, changes: Sequence[Change], problems: list[Problem]
) -> None:
    """What a part gives is not to be given by a second place as well."""
    model = material.model
    giving = [(part, what) for part, what in _typed(options, material.case) if part.gives_pool]
    for part, _ in giving[1:]:
        problems.append(_again(giving[0], _flag(part), model.pool))
    for giver in giving:
        for change in changes:
            if model.pool and name_of(model, change) == model.pool:
                problems.append(_again(giver, "--set", change.address))


def _flag(part: Part) -> str:
    return part.option.flag if part.option else part.kind


def _again(given: tuple[Part, object], flag: str, name: str) -> Problem:
    part, what = given
    slots = {"again": option_words(flag), "file": part.file(str(what)).name, "name": name}
    return Problem(part.sentences["pool_again"], slots, flag)


def gives_pool(options: SharedOptions, case: CaseFile | None) -> bool:
    return any(part.gives_pool for part, _ in _typed(options, case))


def check_changes(
    options: SharedOptions,
    material: ModelWithTable,
    extended: ModelWithTable,
    changes: Sequence[Change],
    problems: list[Problem],
) -> None:
    """What is wrong with the changes, as far as it can be told where something else is wrong already.

    Without counties only those of parameters; a part that could not be added is not unknown.
    """
    inputs = () if len(material.table) else material.model.inputs
    known = [change for change in changes if name_of(material.model, change) not in inputs]
    if extended.model.parts == material.model.parts and any(part.columns for part, _ in _typed(options, material.case)):
        known = [change for change in known if not change.address.startswith(ADDED)]
    tried(problems, apply_by_year, extended.model, (extended.table,), known)
