"""The options by which a command is asked to attach something to its table: the parts' own.

The parts say their options themselves; they are asked for only when a command of theirs is looked at, since reading
the files of all parts takes longer than starting the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from allocation.commands.helped import HelpedCommand
from allocation.commands.requests import OF_PARTS

if TYPE_CHECKING:
    from allocation.parts.part import Option

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
