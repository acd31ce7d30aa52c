"""The text that a reader of a Word document sees: everything that is drawn, and what is hidden between brackets.

What is drawn and is no text stands as a sign of its own. A field is its code, and what it gave, unless programs work
that out anew for every page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from allocation.classes import dataclass
from allocation.documents.word_looks import W, WordLooks, name_of, says_yes
from allocation.patterns import LatePattern

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

HIDDEN = "⟦{}⟧"
PICTURE = "▣"
DRAWN = ("drawing", "pict", "object", "blip", "imagedata", "contentPart", "movie", "control", "pgNum", "dayShort",
         "dayLong", "monthShort", "monthLong", "yearShort", "yearLong")  # fmt: skip
SIGNS = {"tab": " ", "ptab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}
GONE = ("del", "moveFrom", "rPr", "delText", "delInstrText")  # struck out by tracked changes, and looks
OF_PAGES = ("PAGE", "NUMPAGES", "SECTIONPAGES")  # fields that programs work out anew for every page
FORMAT = LatePattern(r"\\\*\s*\S+")  # how a field's figures look, which programs write or leave out
UNDERSTOOD = ("http://schemas.microsoft.com/office/", "http://schemas.openxmlformats.org/")


@dataclass
class OpenField:
    """A field whose end has not come: its code so far, and whether what it gave is read, and left out."""

    locked: bool
    code: str = ""
    given: bool = False
    passed_over: bool = False


@dataclass
class ShownText:
    """What is read of one element."""

    looks: WordLooks
    pieces: list[str] = field(default_factory=list)
    fields: list[OpenField] = field(default_factory=list)

    def read(self, node: BaseOxmlElement, hidden: bool = False) -> None:
        """`hidden`: by what stands around it."""
        name = name_of(node)
        if name == "t":
            self._add(HIDDEN.format(node.text) if hidden and node.text else node.text or "")
        elif name == "instrText":
            self._add(node.text or "", code=True)
        elif name == "fldChar":
            self._field_sign(str(node.get(f"{W}fldCharType")), says_yes(node.get(f"{W}fldLock", "0")))
        elif name == "sym":
            self._add(f"[{node.get(f'{W}font')} {node.get(f'{W}char')}]")
        elif name in SIGNS:
            self._add(SIGNS[name])
        elif name == "dataBinding":  # programs put there what another part of the file says
            self._add(f"{{{node.get(f'{W}xpath') or ''}}}")
        elif name == "pPr":
            self._add(self.looks.number(node))
        elif name == "AlternateContent":
            self._chosen(node, hidden)
        elif name not in GONE:
            self._within(node, name, hidden or self.looks.hides(node))

    def _within(self, node: BaseOxmlElement, name: str, hidden: bool) -> None:
        if name in DRAWN:
            self._add(PICTURE)
        if string := node.get("string") if name == "textpath" else "":
            self._add(string)
        if name == "fldSimple":
            self.fields.append(OpenField(says_yes(node.get(f"{W}fldLock", "0")), str(node.get(f"{W}instr") or "")))
            self._field_sign("separate", locked=False)
        for child in node:
            self.read(child, hidden)
        if name == "fldSimple":
            self._field_sign("end", locked=False)

    def _chosen(self, node: BaseOxmlElement, hidden: bool) -> None:
        """Of several forms of one thing the first that programs understand."""
        for form in node:
            spaces: Mapping[str | None, str] = form.nsmap
            needed = [spaces.get(prefix) or "" for prefix in (form.get("Requires") or "").split()]
            if name_of(form) == "Fallback" or all(space.startswith(UNDERSTOOD) for space in needed):
                self._within(form, "", hidden)
                return

    def _field_sign(self, kind: str, locked: bool) -> None:
        if kind == "begin":
            self.fields.append(OpenField(locked))
        elif self.fields and kind in ("separate", "end"):
            last = self.fields.pop()
            if not last.given:
                code = " ".join(FORMAT.sub("", last.code).split())
                self._add(f"{{{code}}}")
                last = OpenField(last.locked, code, True, code in OF_PAGES and not last.locked)
            if kind == "separate":
                self.fields.append(last)

    def _add(self, text: str, code: bool = False) -> None:
        """To the code of the field it stands in, to nothing where that gives it anew, else to what is shown."""
        if any(held.passed_over for held in self.fields):
            return
        if self.fields and not self.fields[-1].given:
            self.fields[-1].code += text
        elif not code:
            self.pieces.append(text)

    @property
    def text(self) -> str:
        """Its spaces as one; runs that are hidden side by side are one."""
        while self.fields:
            self._field_sign("end", locked=False)
        return " ".join("".join(self.pieces).replace("⟧⟦", "").split())


def shown_text(element: BaseOxmlElement, looks: WordLooks) -> str:
    shown = ShownText(looks)
    shown.read(element)
    return shown.text
