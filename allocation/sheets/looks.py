"""How a cell looks and what it is for; the writer says both, and nothing is ever told from how a cell looks."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import TypedDict

from allocation.classes import dataclass


class Role(Enum):
    """What a cell is for. It decides how the cell is compared when a file comes back; it says nothing of its look."""

    TITLE = "title"  # of a sheet, or of a part of it
    HEADING = "heading"  # of a column; of headings in several rows, each
    LABEL = "label"  # any other text that stands as it is
    NAME = "name"  # what its row is called by; it tells the row from others as a key does
    KEY = "key"  # a text that tells its row from the others: a code, an address
    NOTE = "note"  # what is said of the figures
    FIGURE = "figure"  # a figure, or what is shown where there is none
    LOOSE = "loose"  # a figure made of what people may edit: it may get more decimals than it was written with
    REMAINDER = "remainder"  # what rounding down leaves, in billionths; `Look.of` says of what
    ORDER = "order"  # of the order as it was written: an edit may leave another. `Look.of`: the places of these rows
    INPUT = "input"  # what people may edit: where it counts, the run made of it is compared
    FILL_IN = "fill-in"  # left for people: anything may stand there, and in the blank cells of its row
    THEN = "then"  # said when the file was written; not to be said again of figures edited since
    KEPT = "kept"  # said when the file was written, of what is no longer at hand


class Dress(TypedDict, total=False):
    """What a look may ask for; what it does not, is as Excel has it of itself."""

    font_name: str
    font_size: float
    font_color: str
    bold: bool
    underline: int
    num_format: str
    align: str
    valign: str
    text_wrap: bool
    indent: int
    border: int
    bottom: int
    border_color: str
    bg_color: str
    locked: bool


@dataclass(frozen=True, eq=False)
class Look:
    """Made by `look` alone: equal ones are the same one, so that the look of half a million cells is told by its place
    in memory.

    `of`: of a remainder, the columns that hold the units and the units rounded down, in its own row.
    """

    role: Role
    dress: tuple[tuple[str, object], ...]
    of: tuple[int, ...] = ()

    @property
    def num_format(self) -> str:
        return str(dict(self.dress).get("num_format", "General"))


_look = cache(Look)


def look(role: Role, dress: Dress, of: tuple[int, ...] = ()) -> Look:
    return _look(role, tuple(sorted(dress.items())), of)
