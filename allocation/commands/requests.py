"""What a command was asked, as one object: its body takes that, not an argument for each of its options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

from allocation.classes import dataclass
from allocation.commands.screen import Screen
from allocation.commands.session import session
from allocation.files.destination import Destination
from allocation.office.asked import RunQuestion, SharedOptions, TableQuestion

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


Request = TypeVar("Request", bound="DataclassInstance")
OF_PARTS = "part_"  # how the command line keeps an option of a part, before that option's own name


@dataclass(frozen=True, kw_only=True)
class ReadingRequest(TableQuestion):
    """What every command that reads the table of a model is asked."""

    screen: Screen


@dataclass(frozen=True, kw_only=True)
class TableRequest(RunQuestion):
    """What every command that runs a model on a table is asked (`table_options`)."""

    screen: Screen


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


def run_question(said: Mapping[str, object]) -> RunQuestion:
    """What a command that was typed asks of a run, by the names of its options; what else it asks is left out."""
    names, shared = {each.name for each in fields(RunQuestion)}, {each.name for each in fields(SharedOptions)}
    parts = {name: value for name, value in said.items() if name.startswith(OF_PARTS)}
    others = {name: value for name, value in said.items() if name in shared - {"out", "options"}}
    make: Callable[..., RunQuestion] = RunQuestion
    in_kind = {name: value for name, value in said.items() if name in names}
    return make(**in_kind, options=_shared({**others, **parts}, said.get("out")))


def _makes(kind: Callable[..., Request]) -> Callable[..., Request]:
    return kind


def _shared(given: Mapping[str, object], out: object) -> SharedOptions:
    """The options that are no field of a request of its own; `main` finds the hints in the session."""
    parts = {name.removeprefix(OF_PARTS): value for name, value in given.items() if name.startswith(OF_PARTS)}
    others = {name: value for name, value in given.items() if not name.startswith(OF_PARTS)}
    make: Callable[..., SharedOptions] = SharedOptions
    return make(**others, parts=parts, out=out.folder if isinstance(out, Destination) else None, hints=session().hints)
