"""Fonts and colours: one place, so that every sheet looks like the same hand made it."""

from __future__ import annotations

from math import ceil
from typing import Unpack

from allocation.sheets.looks import Dress, Look, Role, look
from allocation.sheets.sheet import Book, Sheet
from allocation.texts.typefaces import BODY, HEAD
from allocation.texts.widths import sign_widths

INK, LINE, PALE, INPUT, GOOD, BAD = "#1F2933", "#9AA5B1", "#EEF2F6", "#FFF8DC", "#1B7F3B", "#C0261A"
GREY = "#F7F9FB"  # behind cells that are not to be filled
FAULT = "#F7B9AE"  # behind a cell that no figure can be made of


class Styles:
    """Looks by what they are for; each can be given another role, and more to wear."""

    def __init__(self, book: Book):
        self.book = book
        self.choices: Sheet | None = None  # the sheet of choices, once there is one
        self.ranges: dict[tuple[str, ...], str] = {}  # where each list of choices stands on it

    def get(self, role: Role = Role.LABEL, of: tuple[int, ...] = (), **wanted: Unpack[Dress]) -> Look:
        base: Dress = {"font_name": BODY, "font_size": 10, "font_color": INK, "valign": "vcenter"}
        return look(role, {**base, **wanted}, of)

    def title(self) -> Look:
        return self.get(Role.TITLE, font_name=HEAD, font_size=16, align="center")

    def note(self, role: Role = Role.NOTE, **more: Unpack[Dress]) -> Look:
        dress: Dress = {"font_size": 9, "font_color": "#52606D", "border_color": LINE, **more}
        return self.get(role, **dress)

    def head(self, role: Role = Role.HEADING, **more: Unpack[Dress]) -> Look:
        dress: Dress = {"font_name": HEAD, "align": "center", "text_wrap": True, "border": 1, "border_color": LINE,
                        "bg_color": PALE, **more}  # fmt: skip
        return self.get(role, **dress)

    def text(self, role: Role = Role.LABEL, **more: Unpack[Dress]) -> Look:
        dress: Dress = {"border": 1, "border_color": LINE, **more}
        return self.get(role, **dress)

    def figure(self, number: str, role: Role = Role.FIGURE, of: tuple[int, ...] = (), **more: Unpack[Dress]) -> Look:
        dress: Dress = {"border": 1, "border_color": LINE, "align": "right", "num_format": number, **more}
        return self.get(role, of, **dress)

    def input(self, number: str = "General", live: bool = True, **more: Unpack[Dress]) -> Look:
        """A cell for people, or, where nothing follows an edit, a grey one that is locked."""
        if not live:
            grey: Dress = {"bg_color": GREY, **more, "num_format": number}
            return self.text(Role.FIGURE, **grey)
        open_: Dress = {"border": 1, "border_color": LINE, "bg_color": INPUT, "locked": False, **more}
        open_["num_format"] = number
        return self.get(Role.INPUT, **open_)


def width(text: str) -> float:
    """Columns a text needs, with a little room for each sign."""
    return sum(places + 0.1 for places in sign_widths(text))


def lines_of(text: str, space: float) -> int:
    """Lines a text takes in so wide a cell where it is wrapped."""
    return sum(ceil(max(1, width(part)) / space) for part in text.split("\n"))


def column_width(label: str, least: float = 11, most: float = 24) -> float:
    """Wide enough for half of a wrapped label."""
    return min(most, max(least, width(label) / 2 + 2))


def in_two_lines(heading: str, space: float) -> str:
    """A heading too wide for one line is broken before its bracket, or the bracket's end would stand alone."""
    before, bracket, rest = heading.partition("（")
    return f"{before}\n{bracket}{rest}" if bracket and width(heading) > space else heading
