"""The hidden sheet 选项: choices that are too many for an inline list of Excel, or hold one of its signs, as ranges."""

from __future__ import annotations

from allocation.files.excel_limits import fits_list
from allocation.sheets.sheet import Sheet
from allocation.xlsx.layout import letters
from allocation.xlsx.styles import Styles


def choice_source(choices: tuple[str, ...], styles: Styles) -> list[str] | str:
    """What a drop-down list takes: the choices themselves, or the range that holds them, made at first use."""
    if fits_list(choices):
        return list(choices)
    title, ranges = styles.book.say("workbook.sheet_choices"), styles.ranges
    if choices not in ranges:
        sheet = styles.choices = styles.choices or _hidden(styles, title)
        column = len(ranges)
        for row, text in enumerate(choices):
            sheet.write_string(row, column, text, styles.text())
        letter = letters(column)
        ranges[choices] = f"='{title}'!${letter}$1:${letter}${len(choices)}"
    return ranges[choices]


def _hidden(styles: Styles, title: str) -> Sheet:
    sheet = styles.book.add_worksheet(title)
    sheet.hide()
    sheet.protect()
    return sheet
