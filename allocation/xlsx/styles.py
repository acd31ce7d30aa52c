"""Fonts, colours and number formats: one place, so that every sheet looks like the same hand made it."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from allocation.texts.widths import sign_widths

BODY, HEAD = "宋体", "黑体"
INK, LINE, PALE, INPUT, GOOD, BAD = "#1F2933", "#9AA5B1", "#EEF2F6", "#FFF8DC", "#1B7F3B", "#C0261A"
GREY = "#F7F9FB"  # behind cells that are not to be filled
FAULT = "#F7B9AE"  # behind a cell that no figure can be made of


class Styles:
    """Formats by what they are for; equal requests share one format."""

    def __init__(self, book: Workbook):
        self.book = book
        self._made: dict[tuple, Format] = {}
        self.choices: Any = None  # the sheet of choices, once there is one
        self.ranges: dict[tuple[str, ...], str] = {}  # where each list of choices stands on it

    def get(self, **wanted: Any) -> Format:
        base = {"font_name": BODY, "font_size": 10, "font_color": INK, "valign": "vcenter"}
        full = {**base, **wanted}
        key = tuple(sorted(full.items()))
        if key not in self._made:
            self._made[key] = self.book.add_format(full)
        return self._made[key]

    def title(self) -> Format:
        return self.get(font_name=HEAD, font_size=16, align="center")

    def note(self, **more: Any) -> Format:
        return self.get(**{"font_size": 9, "font_color": "#52606D", "border_color": LINE, **more})

    def head(self, **more: Any) -> Format:
        return self.get(
            font_name=HEAD, align="center", text_wrap=True, border=1, border_color=LINE, bg_color=PALE, **more
        )

    def text(self, **more: Any) -> Format:
        return self.get(border=1, border_color=LINE, **more)

    def figure(self, number: str, **more: Any) -> Format:
        return self.get(border=1, border_color=LINE, align="right", num_format=number, **more)

    def input(self, number: str = "General", live: bool = True, **more: Any) -> Format:
        """A cell for people, or, where nothing follows an edit, a grey one that is locked."""
        if not live:
            return self.text(**{"bg_color": GREY, **more}, num_format=number)
        return self.get(
            **{"border": 1, "border_color": LINE, "bg_color": INPUT, "locked": False, **more}, num_format=number
        )


def width(text: str) -> float:
    """Columns a text needs, with a little room for each sign."""
    return sum(places + 0.1 for places in sign_widths(text))


def column_width(label: str, least: float = 11, most: float = 24) -> float:
    """Wide enough for half of a wrapped label."""
    return min(most, max(least, width(label) / 2 + 2))


def in_two_lines(heading: str, space: float) -> str:
    """A heading too wide for one line is broken before its bracket, or the bracket's end would stand alone."""
    before, bracket, rest = heading.partition("（")
    return f"{before}\n{bracket}{rest}" if bracket and width(heading) > space else heading
