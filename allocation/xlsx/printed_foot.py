"""How the printed tables are set on the page, and what stands below them: who signs, the seal, the notes."""

from __future__ import annotations

from collections.abc import Sequence

from allocation.files.limits import COLUMNS
from allocation.report.printed import PrintedTable
from allocation.sheets.looks import Role
from allocation.sheets.sheet import Sheet
from allocation.xlsx.fitting import height_of, lines_needed
from allocation.xlsx.styles import Styles

WIDER = {"fit": 1.0, "A4": 1.0, "A3": 1.35}  # an A3 sheet lying down is 1.41 times as wide
BOXES = ("handler", "section", "deputy", "consulted", "director")
BOX_HEIGHT = 96  # points: room for an opinion, a name and a date
SEAL_HEIGHTS = {"seal": 48, "seal_date": 24}
GAP, SIGN, NOTE_SIZE = 15, 18, 9  # points of a blank row and of the line to sign; the size of notes


class SheetFoot:
    """What stands below a table on its sheet."""

    def __init__(self, sheet: Sheet, table: PrintedTable, widths: Sequence[float], styles: Styles):
        self.sheet, self.table, self.widths, self.styles = sheet, table, widths, styles

    def write(self, row: int) -> None:
        """Who answers for the table, and what a reader must know of it; on what is issued nobody signs."""
        sheet, styles, table, last = self.sheet, self.styles, self.table, len(self.widths) - 1
        row += table.page.signed
        if table.page.signed and table.page.approval:
            row = self._seal(self._boxes(row), last) + 1
        elif table.page.signed:
            sheet.write(row, 0, sheet.say("workbook.sign_line"), styles.get(Role.FILL_IN))
            sheet.area(Role.FILL_IN, row, 0, row, COLUMNS - 1)
            sheet.set_row(row, SIGN)
            row += 1
        for note, height in zip(table.notes, self._note_heights(), strict=True):
            if last:
                sheet.merge_range(row, 0, row, last, note[sheet.lang], styles.note(text_wrap=True))
            else:
                sheet.write(row, 0, note[sheet.lang], styles.note(text_wrap=True))
            sheet.set_row(row, height)
            row += 1

    def heights(self) -> list[float]:
        """Of every row below the table, in points."""
        signed: list[float] = []
        if self.table.page.signed and self.table.page.approval:
            rows = -(-len(BOXES) // min(len(BOXES), len(self.widths)))
            signed = [GAP, *[BOX_HEIGHT] * rows, *SEAL_HEIGHTS.values()]
        elif self.table.page.signed:
            signed = [GAP, SIGN]
        return [*signed, *self._note_heights()]

    def _note_heights(self) -> list[float]:
        wide, told = sum(self.widths), [note[self.sheet.lang] for note in self.table.notes]
        return [height_of(lines_needed(note, wide, NOTE_SIZE), NOTE_SIZE, 2) for note in told]

    def _boxes(self, row: int) -> int:
        """A row of boxes as wide as the table, or two where it has few columns; gives the row after them."""
        sheet, styles, widths = self.sheet, self.styles, self.widths
        labels = [sheet.say(f"workbook.box_{key}") for key in BOXES]
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

    def _seal(self, row: int, last: int) -> int:
        """Room for the seal at the lower right, with the date; gives their last row."""
        sheet, first = self.sheet, max(0, last - max(1, last // 3))
        style = self.styles.get(Role.FILL_IN, align="center")
        for key, height in SEAL_HEIGHTS.items():
            sheet.merge_range(row, first, row, last, sheet.say(f"workbook.{key}"), style)
            sheet.set_row(row, height)
            sheet.area(Role.FILL_IN, row, 0, row, COLUMNS - 1)
            row += 1
        return row - 1


def _spans(widths: Sequence[float], parts: int) -> list[tuple[int, int]]:
    """Columns cut into runs about equally wide, at least one column each."""
    spans: list[tuple[int, int]] = []
    first, share = 0, sum(widths) / parts
    for part in range(1, parts + 1):
        last, most = first, len(widths) - 1 - (parts - part)
        while last < most and (part == parts or sum(widths[: last + 1]) + widths[last + 1] / 2 <= share * part):
            last += 1
        spans.append((first, last))
        first = last + 1
    return spans
