"""What styles and numbering of a Word document do to the texts in it: hide them, or print a number before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from allocation.classes import dataclass

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BULLET = "•"
STRUCK = ("vanish", "strike", "dstrike")
WHITE = "FFFFFF"
TINY = 8  # half points: nobody reads it
Level = tuple[str, str]  # of a numbering: its id, and how deep


def name_of(node: BaseOxmlElement) -> str:
    return str(node.tag).rpartition("}")[2]


def says_yes(value: str | None) -> bool:
    """Of a property that is there: on, unless it says no."""
    return value not in ("0", "false", "off", "none")


@dataclass(frozen=True)
class WordLooks:
    """`hidden`: styles that hide what they are given to, empty for what has none; `usual`: the style of a paragraph
    without one; `levels`: what is printed at each level of a numbering; `numbered`: styles that print one."""

    hidden: frozenset[str] = frozenset()
    usual: str = ""
    levels: Mapping[Level, str] = field(default_factory=dict)
    numbered: Mapping[str, Level] = field(default_factory=dict)

    def hides(self, node: BaseOxmlElement) -> bool:
        """Of a run, paragraph, row or cell, whether what stands in it is hidden or struck out."""
        name = name_of(node)
        if name == "r":
            looks = node.find(f"{W}rPr")
            return looks is not None and (_unseen(looks) or _named(looks, "rStyle") in self.hidden)
        if name == "p":
            return bool({"", self._style(node.find(f"{W}pPr"))} & self.hidden)
        if name in ("tr", "tc"):
            looks = node.find(f"{W}{name}Pr")
            return looks is not None and any(name_of(sign) in ("hidden", "del", "cellDel") for sign in looks)
        return False

    def number(self, looks: BaseOxmlElement) -> str:
        """What is printed before a paragraph of these looks."""
        level = _level(looks) or self.numbered.get(self._style(looks))
        return self.levels.get(level, "") if level else ""

    def _style(self, looks: BaseOxmlElement | None) -> str:
        return (_named(looks, "pStyle") if looks is not None else "") or self.usual


def looks_of(document: Document) -> WordLooks:
    styles = _root(document, "styles")
    if styles is None:
        return WordLooks(levels=_levels(document))
    every = {style.get(f"{W}styleId") or "": style for style in styles.iter(f"{W}style")}

    def chain(key: str) -> list[BaseOxmlElement]:
        held: dict[str, BaseOxmlElement] = {}
        while key in every and key not in held:
            held[key] = every[key]
            key = _named(every[key], "basedOn")
        return [*held.values()]

    hidden = {key for key in every if any(_hides(style) for style in chain(key))}
    hidden |= {"" for looks in styles.iter(f"{W}rPrDefault") if any(map(_unseen, looks))}
    numbered = {key: level for key in every if (level := next(filter(None, map(_level_of, chain(key))), None))}
    usual = next((key for key, style in every.items() if _is_usual(style)), "")
    return WordLooks(frozenset(hidden), usual, _levels(document), numbered)


def _levels(document: Document) -> dict[Level, str]:
    root = _root(document, "numbering")
    if root is None:
        return {}
    abstract = {of.get(f"{W}abstractNumId"): of for of in root.iter(f"{W}abstractNum")}
    printed: dict[Level, str] = {}
    for number in root.iter(f"{W}num"):
        key, base = number.get(f"{W}numId") or "", abstract.get(_named(number, "abstractNumId"))
        for level in [*(base if base is not None else ()), *number.iter(f"{W}lvl")]:
            if name_of(level) == "lvl":
                printed[key, level.get(f"{W}ilvl") or "0"] = _printed(level)
    return {level: text for level, text in printed.items() if level[0] != "0"}


def _printed(level: BaseOxmlElement) -> str:
    text, start = _named(level, "lvlText"), _named(level, "start")
    if _named(level, "numFmt") == "bullet" and len(text) <= 1:
        return BULLET
    return f"[{text}{f' {start}' if start not in ('', '0', '1') else ''}]" if text else ""


def _root(document: Document, kind: str) -> BaseOxmlElement | None:
    parts = (relation.target_part for relation in document.part.rels.values()
             if not relation.is_external and relation.reltype.endswith(f"/{kind}"))  # fmt: skip
    return next((part.element for part in parts if hasattr(part, "element")), None)


def _named(node: BaseOxmlElement, name: str) -> str:
    sign = node.find(f"{W}{name}")
    return str(sign.get(f"{W}val") or "") if sign is not None else ""


def _level_of(style: BaseOxmlElement) -> Level | None:
    looks = style.find(f"{W}pPr")
    return _level(looks) if looks is not None else None


def _level(looks: BaseOxmlElement) -> Level | None:
    number = looks.find(f"{W}numPr")
    return (_named(number, "numId"), _named(number, "ilvl") or "0") if number is not None else None


def _is_usual(style: BaseOxmlElement) -> bool:
    return style.get(f"{W}type") == "paragraph" and says_yes(style.get(f"{W}default", "0"))


def _hides(style: BaseOxmlElement) -> bool:
    return any(_unseen(looks) for looks in style.iter(f"{W}rPr"))


def _unseen(looks: BaseOxmlElement) -> bool:
    """Hidden, struck through, white, or too small to be read."""
    if any(name_of(sign) in STRUCK and says_yes(sign.get(f"{W}val")) for sign in looks):
        return True
    size = _named(looks, "sz")
    return _named(looks, "color").upper() == WHITE or size.isdigit() and int(size) <= TINY
