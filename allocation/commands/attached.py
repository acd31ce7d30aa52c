"""What a command was asked to attach to its table, by the parts' own options.

The parts say their options themselves; they are asked for only when a command of theirs is looked at, since reading
the files of all parts takes longer than starting the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from allocation.commands.helped import HelpedCommand
from allocation.commands.requests import OF_PARTS
from allocation.errors import Problem, tried
from allocation.texts import Both

if TYPE_CHECKING:
    from allocation.case import CaseFile
    from allocation.commands.requests import SharedOptions
    from allocation.parts.part import Given, Option, Part
    from allocation.run.finding import ModelWithTable
    from allocation.run.scenario import Change

ADDED = "_"  # how names begin that attached tables add
Decorated = TypeVar("Decorated", bound=Callable[..., object])


class _Place(click.Option):
    """Stands where the options of parts come, of some `kinds` or of all."""

    def __init__(self, names: list[str], *, kinds: tuple[str, ...], **more: object):
        super().__init__(names)
        self.kinds = kinds

    def options(self) -> Iterator[click.Option]:
        from allocation.parts.kinds import PARTS

        for part in PARTS:
            if part.option and (part.kind in self.kinds or not self.kinds):
                yield from map(_option, (part.option, *part.settings))


def _option(option: Option) -> click.Option:
    kind = click.IntRange(1, option.most) if option.most else click.Path(path_type=Path) if option.file else None
    make = partial(click.Option, default=1) if option.most else click.Option
    return make([option.flag, OF_PARTS + option.name], type=kind)


def part_options(*kinds: str) -> Callable[[Decorated], Decorated]:
    """The options of parts, for a `TableCommand`."""
    return click.option("--parts", cls=_Place, kinds=kinds)


class TableCommand(HelpedCommand):
    """A command that takes options of parts."""

    @property
    def params(self) -> list[click.Parameter]:
        for number, option in enumerate(self._params):
            if isinstance(option, _Place):
                self._params[number : number + 1] = option.options()
                break
        return self._params

    @params.setter
    def params(self, params: list[click.Parameter]) -> None:
        self._params = params


def given_parts(options: SharedOptions, case: CaseFile | None) -> Mapping[str, Given]:
    """What is attached, by kind."""
    from allocation.parts.part import Given

    given = dict(options.attached)
    for part, what in _typed(options, case):
        settings = {setting.name: options.parts.get(setting.name) for setting in part.settings}
        given[part.kind] = Given(what, {name: value for name, value in settings.items() if isinstance(value, int)})
    return given


def attached_labels(case: CaseFile | None) -> list[Both]:
    """What a case has attached, by the titles of its sheets."""
    from allocation.parts.kinds import PARTS
    from allocation.tables.case_sheets import TITLES

    given = case.given if case else {}
    return [TITLES[part.kind] for part in PARTS if part.kind in given]


def _typed(options: SharedOptions, case: CaseFile | None) -> list[tuple[Part, object]]:
    """The parts whose option was given, with what it says, and those that the case has where no option lies over it."""
    from allocation.parts.kinds import PARTS

    given = case_files(case)
    said = [(part, options.parts.get(part.option.name) or given.get(part.kind)) for part in PARTS if part.option]
    return [(part, what) for part, what in said if what]


def case_files(case: CaseFile | None) -> Mapping[str, Path]:
    """By kind the files of a case, over which options lie."""
    return case.given if case else {}


def attachments(options: SharedOptions, case: CaseFile | None) -> list[Path]:
    return [part.file(str(what)) for part, what in _typed(options, case)]


def unreadable(options: SharedOptions, case: CaseFile | None, problems: list[Problem]) -> None:
    """Attached tables that cannot even be opened, where there are no counties to read them against."""
    from allocation.tables.grid import open_grid, read_bytes

    def opened(path: Path) -> None:
        open_grid(path, read_bytes(path))

    for part, what in _typed(options, case):
        if part.form:
            tried(problems, opened, part.file(str(what)))


def pool_once(
    options: SharedOptions, material: ModelWithTable, changes: Sequence[Change], problems: list[Problem]
) -> None:
    """What a part gives is not to be given by a second place as well."""
    from allocation.run.scenario import name_of

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
    slots = {"again": flag, "file": part.file(str(what)).name, "name": name}
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
    from allocation.run.scenario import apply_by_year, name_of

    inputs = () if len(material.table) else material.model.inputs
    known = [change for change in changes if name_of(material.model, change) not in inputs]
    if extended.model.parts == material.model.parts and any(part.columns for part, _ in _typed(options, material.case)):
        known = [change for change in known if not change.address.startswith(ADDED)]
    tried(problems, apply_by_year, extended.model, (extended.table,), known)
