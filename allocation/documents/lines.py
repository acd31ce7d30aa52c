"""What stands in a Word document as its reader sees it, line by line with its place, and where two documents differ.

A paragraph is a line, and so is a row of a table. Neither how it looks nor how programs cut it into pieces matters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from allocation.classes import dataclass
from allocation.documents.shown_text import HIDDEN, PICTURE, shown_text
from allocation.documents.word_looks import W, WordLooks, looks_of, name_of
from allocation.patterns import LatePattern

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

BESIDE = LatePattern(r"wordprocessingml\.(header|footer|footnotes|endnotes|comments)\+xml")  # types of parts
SHORT = 12  # signs of a hash
INSERTED = ("altChunk", "subDoc")  # another document, shown in this one


@dataclass(frozen=True)
class WordLine:
    """`part`: body, table, header, footer, footnotes, endnotes or comments; `table` counts from 1, and so does
    `number`: a paragraph among those of the body, a row in its table. `cells`: one text of a paragraph; of a line known
    by its record alone they are hashes.
    """

    part: str
    table: int
    number: int
    cells: tuple[str, ...]

    @property
    def place(self) -> str:
        """`body.5`, `table.1.3`."""
        return ".".join([self.part, *([str(self.table)] if self.table else []), str(self.number)])

    @property
    def hashed(self) -> WordLine:
        return WordLine(self.part, self.table, self.number, tuple(map(_hash, self.cells)))

    @property
    def kept(self) -> tuple[str, str]:
        """Its place and the hashes of its cells, as a record has them."""
        return self.place, " ".join(self.hashed.cells)


@dataclass(frozen=True)
class MovedLine:
    """A line that is not as it should be: `was` None of one that was added, `now` None of one that is gone."""

    was: WordLine | None
    now: WordLine | None


def lines_of(document: Document) -> list[WordLine]:
    """Every line that is not empty: the body in order, then what stands beside it, each text once."""
    from docx.opc.part import XmlPart
    from docx.oxml import parse_xml

    looks = looks_of(document)
    lines = [*_body(document.element.body, looks)]
    beside: dict[tuple[str, str], None] = {}
    for part in sorted(document.part.package.iter_parts(), key=lambda part: str(part.partname)):
        if kind := BESIDE.search(part.content_type):
            root = part.element if isinstance(part, XmlPart) else parse_xml(part.blob)
            texts = (shown_text(paragraph, looks) for paragraph in root.iter(f"{W}p"))
            beside |= {(kind[1], text): None for text in texts if text}
    return lines + [WordLine(kind, 0, number, (text,)) for number, (kind, text) in enumerate(beside, start=1)]


def kept_line(place: str, hashes: str) -> WordLine:
    """A line as a record has it."""
    part, *numbers = place.split(".")
    table, number = (int(text) if text.isdigit() else 0 for text in ["0", *numbers][-2:])
    return WordLine(part, table, number, tuple(hashes.split(" ")))


def changes(was: Sequence[WordLine], now: Sequence[WordLine]) -> Iterator[MovedLine]:
    """Where the lines differ: a line beside the one that it was where both are of one kind, else gone or added."""
    before, after = ([(line.part, line.cells) for line in side] for side in (was, now))
    for kind, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from _replaced(was[first:last], list(now[start:end]))


def _replaced(was: Iterable[WordLine], now: list[WordLine]) -> Iterator[MovedLine]:
    for line in was:
        like = max((other for other in now if _fits(line, other)), key=lambda other: _alike(line, other), default=None)
        if like is not None and (len(line.cells) == 1 or _alike(line, like)):
            now.remove(like)
            yield MovedLine(line, like)
        else:
            yield MovedLine(line, None)
    yield from (MovedLine(None, line) for line in now)


def _fits(line: WordLine, other: WordLine) -> bool:
    return line.part == other.part and len(line.cells) == len(other.cells)


def _alike(line: WordLine, other: WordLine) -> float:
    """How many of its cells are the same; of a paragraph how much of it is."""
    if len(line.cells) > 1:
        return sum(a == b for a, b in zip(line.cells, other.cells, strict=True))
    return SequenceMatcher(None, line.cells[0], other.cells[0], autojunk=False).quick_ratio()


def _body(element: BaseOxmlElement, looks: WordLooks) -> Iterator[WordLine]:
    """Paragraphs and rows in their order; what stands in a content control (w:sdt) as if it stood without."""
    paragraphs = tables = 0
    waiting = list(element)[::-1]
    while waiting:
        block = waiting.pop()
        name = name_of(block)
        if name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            waiting += list(block)[::-1]
        elif name == "tbl":
            tables += 1
            for number, row in enumerate(block.iter(f"{W}tr"), start=1):
                if any(cells := _cells(row, looks)):
                    yield WordLine("table", tables, number, cells)
        elif text := _block_text(block, name, looks):
            paragraphs += 1
            yield WordLine("body", 0, paragraphs, (text,))


def _block_text(block: BaseOxmlElement, name: str, looks: WordLooks) -> str:
    if name in INSERTED:
        return PICTURE
    return shown_text(block, looks) if name in ("p", "sdtPr") else ""


def _cells(row: BaseOxmlElement, looks: WordLooks) -> tuple[str, ...]:
    texts = [(shown_text(cell, looks), looks.hides(row)) for cell in row.iter(f"{W}tc")]
    texts += [(shown_text(control, looks), False) for control in row.iter(f"{W}sdtPr") if _around_cells(control)]
    return tuple(HIDDEN.format(text) if text and hidden else text for text, hidden in texts)


def _around_cells(control: BaseOxmlElement) -> bool:
    """A content control that a row has around its cells, bound to another part of the file."""
    return control.find(f"{W}dataBinding") is not None and next(control.iterancestors(f"{W}tc"), None) is None


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:SHORT]
