"""Where a sheet that is signed is parted into pages, so that the boxes to sign in never stand alone on the last one.

A sheet that is fitted to the width of a page takes no break by hand; one that needs it is given that width's scale.
"""

from __future__ import annotations

from collections.abc import Sequence

from allocation.classes import dataclass
from allocation.sheets.sheet import Sheet
from allocation.xlsx.paging import SMALLEST

SIDES = {"A4": (595.3, 841.9), "A3": (841.9, 1190.6)}  # points, the shorter first
MARGINS = {"left": 0.6, "right": 0.6, "top": 0.8, "bottom": 0.8}  # inches
SIGN, EDGE = 9 * 0.75, 5 * 0.75  # points of a sign in the widest of the usual types, and of a column's edges
SURE = 0.95  # of a page: a program's own measures differ by a little
WITH_BOXES, SPARE = 3, 2  # lines of the table that stand above the boxes, and as many as a measure may err by


@dataclass(frozen=True)
class Sheetful:
    """What stands on a sheet, in points: `above` the lines, of which `repeated` stands on every page, the `lines`, and
    the `foot` below them, which is not parted."""

    above: float
    repeated: float
    lines: Sequence[float]
    foot: float


def scale_of(paper: str, landscape: bool, widths: Sequence[float]) -> float:
    """At which the columns fill the width of a page; 1 where they take less."""
    across = SIDES[paper][landscape] - 72 * (MARGINS["left"] + MARGINS["right"])
    return min(1.0, SURE * across / sum(SIGN * size + EDGE for size in widths))


def break_before(held: Sheetful, page: float) -> int | None:
    """The line that begins the last page, counted from 0; None where no break is needed. `page`: what a page takes.

    Pages fill up from the first; where less than a few lines would stand above the foot, they go to its page.
    """
    if held.above + sum(held.lines) + held.foot <= SURE * page:
        return None
    left, first = page - held.above, 0
    for place, height in enumerate(held.lines):
        if height > left:
            left, first = page - held.repeated, place
        left -= height
    stands = len(held.lines) - first if held.foot <= left - (1 - SURE) * page else 0
    if stands >= WITH_BOXES + SPARE:
        return None
    with_foot = max(WITH_BOXES, min(stands, len(held.lines)))
    while with_foot > 1 and held.repeated + sum(held.lines[-with_foot:]) + held.foot > SURE * page:
        with_foot -= 1
    return len(held.lines) - with_foot if len(held.lines) > with_foot else None


def keep_foot(
    sheet: Sheet, held: Sheetful, paper: str, landscape: bool, widths: Sequence[float], top: int
) -> int | None:
    """Parts the sheet so that its foot stands with lines of the table; `top` is the row of the first of them.

    Gives 1 where it is brought onto one page, 0 where it is parted by hand, None where it is left as it was.
    """
    scale = scale_of(paper, landscape, widths)
    high = SIDES[paper][not landscape] - 72 * (MARGINS["top"] + MARGINS["bottom"])
    whole = held.above + sum(held.lines) + held.foot
    if SURE * high / whole >= SMALLEST:
        sheet.fit_to_pages(1, 1)
        return 1
    line = break_before(held, high / scale)
    if line is not None:
        sheet.set_print_scale(max(10, int(100 * scale)))
        sheet.set_h_pagebreaks([top + line])
    return None if line is None else 0
