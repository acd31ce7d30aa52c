"""A county table of one year, as the engine takes it: exact figures in the model's units, in the table's own order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from fractions import Fraction
from functools import cached_property
from operator import is_
from typing import TYPE_CHECKING, Any, TypeVar, cast

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.wrong_kind import expected, wrong_kind
from allocation.sealing import Sealed, seal_fields, sealed
from allocation.tables.keys import NAME, Figure

if TYPE_CHECKING:
    import numpy as np

    from allocation.doubts.beside import Beside
    from allocation.record.record import AttachedKept


@dataclass(frozen=True)
class Rival:
    """What one source says a figure is. `source` is empty where the county table itself says it."""

    value: Figure
    source: str = ""
    date: str = ""
    status: str = ""
    where: str = ""
    voucher: str = ""  # the file that backs it


@dataclass(frozen=True)
class Backing:
    """A file that backs what a source says of a figure (凭证)."""

    name: str
    row: int
    source: str
    file: str
    sha256: str


@dataclass(frozen=True)
class Dispute:
    """A figure on which sources differ: `rivals[chosen]` is used, which somebody decided for a reason."""

    name: str
    row: int
    rivals: tuple[Rival, ...]
    chosen: int
    by: str
    reason: str


Column = Sequence[Figure]
T = TypeVar("T")


@dataclass(frozen=True)
class ColumnArray:
    """Figures, and as NumPy arrays (county,) what stands there and what is blank; many runs read these very arrays."""

    figures: Column
    data: np.ndarray
    missing: np.ndarray

    def __post_init__(self) -> None:
        sealed(self.data)
        sealed(self.missing)


@dataclass(frozen=True)
class Table:
    """`values[input]` has one Figure a county, in the order of `codes`. `cells[(input, row)]` says where it stood."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    values: Mapping[str, tuple[Figure, ...]]
    year: int | None = None
    file: str = ""
    sha256: str = ""
    cells: Mapping[tuple[str, int], str] = field(default_factory=dict)
    notes: tuple[Problem, ...] = ()  # readings a person should know of: float noise taken away, totals set aside
    # Comments that mark figures as real or illustrative, shown on 数据; row WHOLE_COLUMN speaks of the whole column.
    remarks: Mapping[tuple[str, int], str] = field(default_factory=dict)
    sheet: str = ""  # the sheet that was asked for by name
    attached: tuple[AttachedKept, ...] = ()  # the files of the parts that joined it
    parts: tuple[str, ...] = ()  # kinds of parts that joined it and add nothing to the model
    illustrative: bool = False  # the sheet says 示例, 虚构 or fictional somewhere: every output says so too
    coded: bool = True  # False of a file without codes: then they count its rows
    incomplete: bool = False  # a collection that lacks somebody: no final version is made of it
    # Of a 数据台账, by (input, row): whom a figure is from, which are only estimated, on which sources differ.
    ledger: Mapping[tuple[str, int], Rival] = field(default_factory=dict)
    estimates: tuple[tuple[str, int], ...] = ()
    disputes: tuple[Dispute, ...] = ()
    vouchers: tuple[Backing, ...] = ()
    said: tuple[tuple[str, str], ...] = ()  # what a person said: ("unused", heading), ("row", "x=unit")
    # Of a table read back from a workbook of ours: the inputs that had blanks when it was written, True where all were.
    # What the workbook's sheets look like follows from that, not from what was typed since.
    blank: Mapping[str, bool] | None = None
    absent: tuple[str, ...] = ()  # inputs of which no unit has a figure: their defaults stand in `values`
    row_notes: tuple[str, ...] = ()  # what the column 备注 says of each county; none without such a column
    printed_notes: tuple[str, ...] = ()  # 备注（印） of a case, one a row; none where no recipient has one
    # What the register of receiving units says of each row: 市本级 (`own`), an area of its own (`area`) or 省直管
    # (`direct`), and what it calls that; none where no row is one of these.
    standing: tuple[tuple[str, str], ...] = ()
    margins: tuple[tuple[str, str], ...] = ()  # the lines above and below the rows: cell and text
    # Columns of last year's figures (上年数) that no input asks for, by input or award, as `values` are.
    past: Mapping[str, tuple[Figure, ...]] = field(default_factory=dict)
    objections: tuple[str, ...] = ()  # counties whose receipt (回执) says that their figures are wrong
    # What stands beside it and is compared with it; None of a table that nobody looked at so.
    beside: Beside | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.values, Sealed):
            self._well_made()
            object.__setattr__(self, "values", {name: tuple(column) for name, column in self.values.items()})
        seal_fields(self)

    def _well_made(self) -> None:
        """Raises AllocationError where it is put together of other things than texts and columns."""
        columns = isinstance(self.values, Mapping) and all(isinstance(v, list | tuple) for v in self.values.values())
        wrong = {
            "codes": ("texts", isinstance(self.codes, list | tuple)),
            "names": ("texts", isinstance(self.names, list | tuple)),
            "values": ("columns", columns),
            "year": ("year", self.year is None or type(self.year) is int),
            "file": ("text", isinstance(self.file, str)),
        }
        problems = [
            wrong_kind(name, expected(key), getattr(self, name)) for name, (key, fits) in wrong.items() if not fits
        ]
        if problems:
            raise AllocationError(problems)

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """次序 of each row: 1 … n by code; ties break on it in every reading."""
        ranked = sorted(range(len(self.codes)), key=lambda i: self.codes[i])
        order = [0] * len(ranked)
        for place, row in enumerate(ranked, start=1):
            order[row] = place
        return tuple(order)

    @cached_property
    def _found(self) -> list[tuple[tuple[object, ...], Any]]:
        return []

    def once(self, rests_on: tuple[object, ...], find: Callable[[], T]) -> T:
        """What is found in this table beside these very objects; kept until it is asked for beside others."""
        for beside, answer in self._found:
            if len(beside) == len(rests_on) and all(map(is_, beside, rests_on)):
                return cast(T, answer)
        answer = find()
        self._found[:] = [(rests_on, answer)]
        return answer

    @cached_property
    def _arrays(self) -> dict[tuple[str, bool], ColumnArray]:
        return {}

    def column_array(self, name: str, exact: bool, make: Callable[[], ColumnArray]) -> ColumnArray:
        """A column as arrays, in exact figures or not, as `make` made it when a run first asked for it."""
        if (name, exact) not in self._arrays:
            self._arrays[name, exact] = make()
        return self._arrays[name, exact]

    def where(self, name: str, row: int) -> str:
        """The cell a figure came from, or the county's name when the table was made in memory."""
        return self.cells.get((name, row), f"{self.names[row]} · {name}")

    def unit_where(self, row: int) -> str:
        """The cell that names a unit, or the row of a table made in memory."""
        return self.cells.get((NAME, row), self.file or f"{self.codes[row]}")

    def with_values(self, **changes: tuple[Figure, ...]) -> Table:
        """A copy with some inputs replaced; the marks of what is no longer there go."""
        return replace(
            self, values={**self.values, **changes}, absent=tuple(name for name in self.absent if name not in changes)
        )


def number(figure: Figure | bool) -> Fraction:
    """A figure where only a number can stand. TypeError for anything else: a mistake of this program's."""
    if figure is None or isinstance(figure, (str, bool)):
        raise TypeError(f"no number: {figure!r}")
    return figure
