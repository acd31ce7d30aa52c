"""A printed sheet cut into pages: one page wide, as many high as it takes, and at the foot 第 x 页 共 y 页.

Where a whole workbook is printed, programs count the pages of all its sheets in 共 y 页; so the number is written out.
It comes true in every program, as a sheet is made to fit just so many pages: fewer it cannot take by the smallest scale
at which a program may set it, and what a program has too much it shrinks.
"""

from __future__ import annotations

from collections.abc import Sequence

from allocation.sheets.sheet import Sheet
from allocation.texts import Both, both

KINDS = {"A4": 9, "A3": 8}
INCHES = {"A4": (8.27, 11.69), "A3": (11.69, 16.54)}
SIDE, TOP_BOTTOM = 0.6, 0.8  # inches of the margins
POINTS, PIXELS = 72, 96  # an inch
SIGN, EDGES = (7.0, 9.4), 5  # pixels of a sign by the fonts a program has, and beside those of a column
USUAL = 8.0  # pixels of a sign by most
SMALLEST = 0.62  # the smallest scale at which type is still read on paper
SLACK = 1.04  # of the height of a page, which programs measure a little differently
UPRIGHT = 0.8  # the scale down to which a table stands on upright paper


def set_pages(sheet: Sheet, widths: Sequence[float], heights: Sequence[float], repeated: range, paper: str) -> bool:
    """`widths` in signs, `heights` in points, of every column and row; `repeated`: the rows at the top of each page.

    Gives whether the sheet lies on the page.
    """
    lying, count = pages_of(widths, heights, repeated, paper)
    sheet.set_paper(KINDS[paper])
    if lying:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.fit_to_pages(1, count)
    sheet.set_start_page(1)
    sheet.repeat_rows(repeated.start, repeated.stop - 1)
    sheet.center_horizontally()
    sheet.set_margins(left=SIDE, right=SIDE, top=TOP_BOTTOM, bottom=TOP_BOTTOM)
    sheet.set_footer("&C" + page_line(count)[sheet.lang])
    return lying


def paper_for(widths: Sequence[float], asked: str) -> str:
    """The paper asked for; of `fit` A4, or A3 where the columns would come out too small to be read on that."""
    if asked != "fit":
        return asked
    return "A3" if _scale(widths, INCHES["A4"][1], USUAL) < SMALLEST else "A4"


def page_line(count: int) -> Both:
    """What is said at the foot of a page; without how many there are where that is 0, not known."""
    return both("workbook.page_of", count=count) if count else both("workbook.page")


def pages_of(widths: Sequence[float], heights: Sequence[float], repeated: range, paper: str = "A4") -> tuple[bool, int]:
    """Whether it lies on the page, and on how many."""
    short, long = INCHES[paper]
    lying = _scale(widths, short, SIGN[0]) < UPRIGHT
    scale = _scale(widths, long if lying else short, SIGN[1])
    room = ((short if lying else long) - 2 * TOP_BOTTOM) * POINTS * SLACK / scale
    again = sum(heights[row] for row in repeated)
    pages, used = 1, 0.0
    for height in heights:
        if used and used + height > room and again + height < room:
            pages, used = pages + 1, again
        used += height
    return lying, pages


def _scale(widths: Sequence[float], paper: float, sign: float) -> float:
    wide = sum(size * sign + EDGES for size in widths) / PIXELS
    return min(1.0, (paper - 2 * SIDE) / wide)
