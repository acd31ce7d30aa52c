"""Why a county's figure is what it is, as a notebook shows it."""

from __future__ import annotations

from html import escape
from typing import Any

from allocation.analysis.explain import Explanation
from allocation.analysis.explained import INDENT, as_json, as_markdown, as_text, opening
from allocation.notebook import markup


class Why(markup.View):
    """Prints as text, shows as nested lists."""

    def __init__(self, explanation: Explanation, lang: str):
        self.engine, self._lang = explanation, lang

    @property
    def text(self) -> str:
        return as_text(self.engine, self._lang)

    @property
    def json(self) -> dict[str, Any]:
        """Of the schema in docs/explanation.md, figures exact."""
        return as_json(self.engine)

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return as_markdown(self.engine, self._lang)

    def _repr_html_(self) -> str:
        """The text's own indents as nested lists, what lies two levels down folded away."""
        head, *body = self.text.split("\n\n")
        first = opening(self.engine, self._lang)
        parts = [markup.line(part) if part == first else _nested(part.splitlines()) for part in body]
        return markup.page(markup.title(head), *parts)


def _depth(line: str) -> int:
    return (len(line) - len(line.lstrip(" "))) // len(INDENT)


def _nested(lines: list[str], level: int = 0) -> str:
    """Lines of one depth as a list, deeper ones within the line above them."""
    items, place = [], 0
    while place < len(lines):
        line, inner = lines[place], place + 1
        while inner < len(lines) and _depth(lines[inner]) > _depth(line):
            inner += 1
        below = lines[place + 1 : inner]
        text = escape(line.strip())
        if below and level >= 2:
            text = f"<details><summary>{text}</summary>{_nested(below, level + 1)}</details>"
        elif below:
            text += _nested(below, level + 1)
        items.append(f"<li>{text}</li>")
        place = inner
    return f"<ul>{''.join(items)}</ul>"
