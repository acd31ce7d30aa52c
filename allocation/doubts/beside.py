"""What stands beside a table and knows its units: a register, last year's figures, an earlier version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from fractions import Fraction

from allocation.classes import dataclass
from allocation.doubts.doubt import Doubt
from allocation.doubts.resolution import Resolution
from allocation.errors import Problem
from allocation.policy.stages import MAIN
from allocation.sealing import seal_fields, sealed_through
from allocation.tables.keys import Figure
from allocation.tables.recipients import Recipients
from allocation.texts import Both

REGISTER, LAST, VERSION = "register", "last", "version"
ALWAYS = (0, 9999)


@dataclass(frozen=True)
class Known:
    """A unit as something beside the table knows it; `years` are inclusive.

    `above`: the code of the unit it belongs to, which says where a code of the bureau's own lies. `expected`: whether
    a table without it lacks something.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    above: str = ""
    years: tuple[int, int] = ALWAYS
    expected: bool = True
    where: str = ""

    def in_force(self, year: int | None) -> bool:
        return self.years[1] == ALWAYS[1] if year is None else self.years[0] <= year <= self.years[1]


@dataclass(frozen=True)
class Listing:
    """Units, and figures by input and code where it has them, in the model's units.

    `award`: all that was handed out, in the award's unit, by a `batch` of that kind.
    """

    kind: str
    file: str | Both
    units: tuple[Known, ...]
    year: int | None = None
    figures: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)
    award: Fraction | None = None
    batch: str = MAIN
    awards: Mapping[str, Figure] = field(default_factory=dict)  # what each unit was given, where it says so

    def __post_init__(self) -> None:
        object.__setattr__(self, "figures", sealed_through(self.figures))
        object.__setattr__(self, "awards", sealed_through(self.awards))

    notes: tuple[Problem, ...] = ()  # cells with signs that nobody sees


@dataclass(frozen=True)
class BatchTotal:
    """What another batch of the fund handed out, in the award's unit; `kind` is one of BATCHES."""

    kind: str
    year: int
    total: Fraction
    said: Both


@dataclass(frozen=True)
class AdvanceOnRecord:
    """What 提前下达 of the same fund and year gave, by code, in the award's unit, as its versions on record say."""

    amounts: Mapping[str, Fraction]
    names: Mapping[str, str]
    said: Both

    def __post_init__(self) -> None:
        seal_fields(self)


@dataclass(frozen=True)
class Beside:
    """All of it. `moves` are the steps of a crosswalk as (year, old code, new code); `given` are ids and reasons that
    resolve doubts, `earlier` what the case and earlier versions have on record, by id; `crossed` is to be chosen in the
    case. `batches` are the last ones of the same kind, and the main issue of the year; `advance` is what a main issue
    has to settle, `numbered` that its document has the number of another.
    """

    listings: tuple[Listing, ...] = ()
    registers: tuple[Recipients, ...] = ()
    moves: tuple[tuple[int, str, str], ...] = ()
    given: tuple[tuple[str, str | None], ...] = ()
    earlier: Mapping[str, Resolution] = field(default_factory=dict)
    crossed: tuple[Doubt, ...] = ()
    batches: tuple[BatchTotal, ...] = ()
    advance: AdvanceOnRecord | None = None
    numbered: tuple[Doubt, ...] = ()

    def __post_init__(self) -> None:
        seal_fields(self)


def register_listing(register: Recipients) -> Listing:
    units = tuple(
        Known(unit.code, unit.name, unit.aliases, unit.belongs_to, unit.years, unit.reports, unit.where)
        for unit in register.entries
    )
    return Listing(REGISTER, register.file, units)
