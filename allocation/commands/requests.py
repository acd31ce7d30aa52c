"""What a command was asked, as one object: its body takes that, not an argument for each of its options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from allocation.classes import dataclass
from allocation.commands.screen import Screen
from allocation.commands.session import session
from allocation.files.destination import Destination

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from allocation.case import Batch
    from allocation.errors import Problem
    from allocation.parts.part import Given

Request = TypeVar("Request", bound="DataclassInstance")
OF_PARTS = "part_"  # how the command line keeps an option of a part, before that option's own name


@dataclass(frozen=True, kw_only=True)
class SharedOptions:
    """What commands that open a table take in the same way, whatever else they do; each has some of it.

    `parts` is what the options of parts say, by option. `attached`, by kind, and `decided_before` no option says: a
    command gives them itself. `out` is the folder that is written to. `hints` are told where the command stops.
    """

    data_year: int | None = None
    unused: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    recipients: Path | None = None
    last: Path | None = None
    crosswalk: Path | None = None
    resolve: tuple[str, ...] = ()
    decided: tuple[str, ...] = ()
    decided_before: tuple[str, ...] = ()
    batch: Batch | None = None
    parts: Mapping[str, object] = field(default_factory=dict)
    attached: Mapping[str, Given] = field(default_factory=dict)
    out: Path | None = None
    hints: list[Problem] = field(default_factory=list)

    @property
    def compared_with(self) -> list[Path]:
        """The files named that a table is compared with."""
        return [path for path in (self.recipients, self.last, self.crosswalk) if path]


@dataclass(frozen=True, kw_only=True)
class ReadingRequest:
    """What every command that reads the table of a model is asked."""

    model: str
    table: Path | None
    sheet: str | None
    year: int | None
    screen: Screen
    options: SharedOptions


@dataclass(frozen=True, kw_only=True)
class TableRequest(ReadingRequest):
    """What every command that runs a model on a table is asked (`table_options`)."""

    settings: tuple[str, ...]
    reference: bool


def gathered(kind: type[Request]) -> Callable[[Callable[[Request], int]], Callable[..., int]]:
    """Hands the options of a command on as one `kind`, whose fields have their names.

    Where it has `options`, all that is no field of its own goes there.
    """
    names, make = {each.name for each in fields(kind)}, _makes(kind)

    def wrap(command: Callable[[Request], int]) -> Callable[..., int]:
        @wraps(command)
        def gather(**given: object) -> int:
            if "options" not in names:
                return command(make(**given))
            in_kind = {name: value for name, value in given.items() if name in names}
            shared = {name: value for name, value in given.items() if name not in names}
            return command(make(**in_kind, options=_shared(shared, given.get("out"))))

        return gather

    return wrap


def _makes(kind: Callable[..., Request]) -> Callable[..., Request]:
    return kind


def _shared(given: Mapping[str, object], out: object) -> SharedOptions:
    """The options that are no field of a request of its own; `main` finds the hints in the session."""
    parts = {name.removeprefix(OF_PARTS): value for name, value in given.items() if name.startswith(OF_PARTS)}
    others = {name: value for name, value in given.items() if not name.startswith(OF_PARTS)}
    make: Callable[..., SharedOptions] = SharedOptions
    return make(**others, parts=parts, out=out.folder if isinstance(out, Destination) else None, hints=session().hints)
