"""What stands in a Word document as its reader sees it, line by line with its place, and where two documents differ.

A paragraph is a line, and so is a row of a table. Neither how it looks nor how programs cut it into pieces matters:
what is hidden or struck out by tracked changes is not there, a page number is its field, a picture is one sign.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement

BESIDE = re.compile(r"/word/(header|footer|footnotes|endnotes|comments)\d*\.xml")
PICTURE = "▣"
SHORT = 12  # signs of a hash
GONE = ("del", "moveFrom", "Fallback", "rPr", "pPr", "instrText", "delText")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


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

    lines = [*_body(document.element.body)]
    beside: dict[tuple[str, str], None] = {}
    for part in sorted(document.part.package.iter_parts(), key=lambda part: str(part.partname)):
        if kind := BESIDE.fullmatch(str(part.partname)):
            root = part.element if isinstance(part, XmlPart) else parse_xml(part.blob)
            texts = (_text(paragraph) for paragraph in root.iter(f"{W}p"))
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


def _body(element: BaseOxmlElement) -> Iterator[WordLine]:
    """Paragraphs and rows in their order; what stands in a content control (w:sdt) as if it stood without."""
    paragraphs = tables = 0
    waiting = list(element)[::-1]
    while waiting:
        block = waiting.pop()
        name = _name(block)
        if name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            waiting += list(block)[::-1]
        elif name == "p" and (text := _text(block)):
            paragraphs += 1
            yield WordLine("body", 0, paragraphs, (text,))
        elif name == "tbl":
            tables += 1
            for number, row in enumerate(block.iter(f"{W}tr"), start=1):
                cells = tuple(_text(cell) for cell in row.iter(f"{W}tc"))
                if any(cells):
                    yield WordLine("table", tables, number, cells)


def _text(element: BaseOxmlElement) -> str:
    """The text that is shown of an element, its spaces as one."""
    depth, result, pieces = 0, False, []
    waiting = [element]
    while waiting:
        node = waiting.pop()
        name = _name(node)
        if name in ("instrText", "fldSimple"):
            code = node.text if name == "instrText" else node.get(f"{W}instr")
            pieces.append("{" + (code or "").partition(" \\")[0].strip() + "}")
        elif name == "fldChar":
            kind = node.get(f"{W}fldCharType")
            depth += {"begin": 1, "end": -1}.get(str(kind), 0)
            result = kind == "separate" or depth > 0 and result
        elif name in GONE or name == "r" and node.find(f"{W}rPr/{W}vanish") is not None:
            continue
        elif name == "t" and not (depth and result):
            pieces.append(node.text or "")
        elif name in ("blip", "imagedata"):
            pieces.append(PICTURE)
        else:
            waiting += list(node)[::-1]
    return " ".join("".join(pieces).split())


def _name(node: BaseOxmlElement) -> str:
    return str(node.tag).rpartition("}")[2]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:SHORT]
