"""Small pieces of HTML for notebooks: bounded, escaped, without scripts, and without colours of their own."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Sequence
from html import escape
from typing import Any

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.notebook.spoken import language, spoken
from allocation.texts import Speaker

MOST = 20  # rows shown; the frames hold them all
LONGEST = 160  # characters of one cell
WHOLE = 16  # characters that stay on one line
_LINE = "border-bottom:1px solid rgba(128,128,128,.5)"


class _Whole(ABCMeta):
    """Of a view that is made, no attribute is set any more."""

    def __call__(cls, *given: Any, **named: Any) -> Any:
        view = super().__call__(*given, **named)
        vars(view)["_whole"] = True
        return view


class View(metaclass=_Whole):
    """Completion offers what is meant for people, and nothing else. Set once and for all when it is made."""

    def __setattr__(self, name: str, value: object) -> None:
        """Raises AllocationError that says what to write instead."""
        if "_whole" in vars(self):
            with spoken():
                raise AllocationError(self._instead(name, value))
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        """Raises AllocationError."""
        with spoken():
            raise AllocationError(View._instead(self, name, None))

    def _instead(self, name: str, value: object) -> Problem:
        return Problem("notebook.set_nothing", {"name": name, "kind": type(self).__name__.removesuffix("View")})

    @property
    def _page(self) -> ShownPage:
        return ShownPage(language())

    def __dir__(self) -> list[str]:
        return [name for name in object.__dir__(self) if not name.startswith("_")]


def page(*parts: str) -> str:
    return f'<div style="max-width:100%;overflow-x:auto">{"".join(parts)}</div>'


def title(text: str) -> str:
    return f'<div style="font-weight:bold;margin:.4em 0">{escape(text)}</div>'


def line(text: str) -> str:
    return f"<div>{escape(text)}</div>"


@dataclass(frozen=True)
class ShownPage(Speaker):
    """Pieces of a page in one language: that of the moment it is shown."""

    lang: str

    def lines(self, texts: Sequence[str]) -> str:
        """A list, cut after so many lines."""
        shown = [f"<li>{escape(_short(text))}</li>" for text in texts[:MOST]]
        more = self._more(len(texts))
        return f"<ul>{''.join(shown)}{f'<li>{more}</li>' if more else ''}</ul>" if texts else ""

    def notes(self, problems: Sequence[Problem]) -> str:
        """Readings a person should know of, folded away."""
        if not problems:
            return ""
        head = escape(self.say("notebook.notes", count=len(problems)))
        return f"<details><summary>{head}</summary>{self.lines([note.text(self.lang) for note in problems])}</details>"

    def table(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], left: int = 2, total: Sequence[str] = ()
    ) -> str:
        """The first rows, how many more there are, and the total. The first `left` columns are texts."""
        more = self._more(len(rows))
        cut = [_row([more, *[""] * (len(heads) - 1)], left)] if more else []
        body = [*(_row(row, left) for row in rows[:MOST]), *cut, *([_row(total, left, "th")] if total else [])]
        return (
            '<table style="border-collapse:collapse">'
            f"<thead>{_row(heads, left, 'th')}</thead><tbody>{''.join(body)}</tbody></table>"
        )

    def _more(self, count: int) -> str:
        return self.say("notebook.more", count=count - MOST) if count > MOST else ""


def _row(cells: Sequence[str], left: int, tag: str = "td") -> str:
    style = f"padding:.15em .6em;{_LINE};text-align:"
    return f"<tr>{''.join(_cell(cell, style, place < left, tag) for place, cell in enumerate(cells))}</tr>"


def _cell(text: str, style: str, left: bool, tag: str) -> str:
    style += "left" if left else "right"
    style += ";min-width:4.5em" if tag == "th" else ";white-space:nowrap" if len(text) <= WHOLE else ""
    return f'<{tag} style="{style}">{escape(_short(text))}</{tag}>'


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
