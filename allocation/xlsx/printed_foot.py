"""How the printed tables are set on the page, and what stands below them: who signs, the seal, the notes."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from allocation.files.limits import COLUMNS
from allocation.report.printed import PrintedTable
from allocation.sheets.looks import Role
from allocation.sheets.sheet import Sheet
from allocation.texts import say
from allocation.xlsx.styles import Styles, width

PAPERS = {"A4": 9, "A3": 8}
WIDER = {"A4": 1.0, "A3": 1.35}  # an A3 sheet lying down is 1.41 times as wide
BOXES = ("handler", "section", "deputy", "consulted", "director")
SEAL = (("seal", 48), ("seal_date", 24))  # room for it, in points
BOX_HEIGHT = 96  # points: room for an opinion, a name and a date


def write_foot(
    sheet: Sheet, table: PrintedTable, row: int, widths: Sequence[float], styles: Styles, lang: str
) -> float:
    """Who answers for the table, and what a reader must know of it; gives how high it is, in points."""
    last, high = len(widths) - 1, 0.0
    if table.page.approval:
        below = _boxes(sheet, row, widths, styles, lang)
        high += BOX_HEIGHT * (below - row) + sum(height for _, height in SEAL)
        row = _seal(sheet, below, last, styles, lang)
    else:
        sheet.write(row, 0, say(lang, "workbook.sign_line"), styles.get(Role.FILL_IN))
        sheet.area(Role.FILL_IN, row, 0, row, COLUMNS - 1)
    notes = [note[lang] for note in table.notes]
    for place, note in enumerate(notes, start=1):
        sheet.merge_range(row + place, 0, row + place, last, note, styles.note(text_wrap=True))
        tall = 14 * ceil(max(1, width(note)) / (sum(widths) - 2)) + 2
        sheet.set_row(row + place, tall)
        high += tall
    sheet.print_area(0, 0, row + len(notes), last)
    sheet.set_footer("&C" + say(lang, "workbook.page"))
    return high


def _boxes(sheet: Sheet, row: int, widths: Sequence[float], styles: Styles, lang: str) -> int:
    """A row of boxes as wide as the table, or two where it has few columns; gives the row after them."""
    labels = [say(lang, f"workbook.box_{key}") for key in BOXES]
    style = styles.text(Role.FILL_IN, align="left", valign="top", indent=1, text_wrap=True, font_size=11)
    each = min(len(labels), len(widths))
    for start in range(0, len(labels), each):
        shown = labels[start : start + each]
        for label, (first, last) in zip(shown, _spans(widths, len(shown)), strict=True):
            if first == last:
                sheet.write(row, first, label, style)
            else:
                sheet.merge_range(row, first, row, last, label, style)
        sheet.set_row(row, BOX_HEIGHT)
        sheet.area(Role.FILL_IN, row, 0, row, COLUMNS - 1)
        row += 1
    return row


def _spans(widths: Sequence[float], parts: int) -> list[tuple[int, int]]:
    """Columns cut into runs about equally wide, at least one column each."""
    spans, first, share = [], 0, sum(widths) / parts
    for part in range(1, parts + 1):
        last, most = first, len(widths) - 1 - (parts - part)
        while last < most and (part == parts or sum(widths[: last + 1]) + widths[last + 1] / 2 <= share * part):
            last += 1
        spans.append((first, last))
        first = last + 1
    return spans


def _seal(sheet: Sheet, row: int, last: int, styles: Styles, lang: str) -> int:
    """Room for the seal at the lower right, with the date; gives their last row."""
    first = max(0, last - max(1, last // 3))
    for key, height in SEAL:
        sheet.merge_range(row, first, row, last, say(lang, f"workbook.{key}"), styles.get(Role.FILL_IN, align="center"))
        sheet.set_row(row, height)
        sheet.area(Role.FILL_IN, row, 0, row, COLUMNS - 1)
        row += 1
    return row - 1
