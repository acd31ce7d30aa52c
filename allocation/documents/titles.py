"""Where the title of a paper is broken: between words, in lines that lie as a trapezoid or a rhombus (GB/T 9704).

A title is never broken inside 《…》, a number with its unit, the number of a document, or a name that is known to be
one (a fund's), unless the name alone is longer than a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import lru_cache
from math import ceil, inf
from typing import TYPE_CHECKING

from allocation.patterns import LatePattern
from allocation.texts.vocabulary import Spellings
from allocation.texts.widths import text_width

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.text.paragraph import CT_P

WHOLE = LatePattern(
    "《[^《》]*》"
    "|“[^“”]*”"
    r"|[\u4e00-\u9fff]{0,6}[〔\[［]\d{4}[〕\]］]\s*第?\d+号?"  # 辽财预〔2017〕99号
    r"|(?:第?\d+(?:[.,]\d+)*%?|第[一二三四五六七八九十]+)\s*"
    "(?:年度?|个?月|日|批次?|次|号|期|项|条|万元|亿元|元|万?公顷|万?亩|万?人|个百分点|万?平方米|公里|户|套|平方公里)"
    r"|[A-Za-z0-9][\w.,%+\-/]*[.,:]?"
)
BESIDE = LatePattern(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u4e00-\u9fff])")
WORDS = Spellings("letters.title_words")
NOT_FIRST = "的》）)”、，；：。年了等"
NOT_LAST = "《（(“"
INSIDE, BRACKET, SPACE, ANYWHERE, EXTRA = 8.0, 1.0, 0.5, 30.0, 2.5  # what a break costs there; a line more
CENTRED, LARGE, EMU = 1, 18, 12700  # Word's alignment in the middle; points of a title's type; units of a point
LONGEST, FEWEST = 5, 0.2  # most lines; the least of a line that is filled


def title_room(document: Document, paragraph: CT_P) -> float:
    """How many half-width signs a line of it takes, where it is a title: in the middle, in large type; else 0."""
    from docx.text.paragraph import Paragraph

    title = Paragraph(paragraph, document)
    style, section = title.style, document.sections[0]
    alignment = title.alignment if title.alignment is not None else style and style.paragraph_format.alignment
    if alignment != CENTRED:
        return 0
    runs = [run.font.size or (run.style and run.style.font.size) for run in title.runs]
    sizes = [size or (style and style.font.size) for size in runs]
    size = max((size.pt for size in sizes if size), default=0)
    width, left, right = section.page_width, section.left_margin, section.right_margin
    if size < LARGE or width is None or left is None or right is None:
        return 0
    return float(2 * (width - left - right) / (size * EMU))


def break_lines(paragraph: CT_P, room: float, names: tuple[str, ...]) -> None:
    """Breaks a title where its words end; one that was broken by hand, or is still to be filled in, stays as it is."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    nodes = list(paragraph.iter(qn("w:t")))
    text = "".join(node.text or "" for node in nodes)
    lines = title_lines(text, room, names)
    if len(lines) < 2 or "{" in text or paragraph.findall(f".//{qn('w:br')}") or paragraph.findall(f".//{qn('w:tab')}"):
        return
    ends, at = [], 0
    for line in lines[:-1]:
        at = text.index(line, at) + len(line)
        ends.append(at)
    for end in reversed(ends):
        for node in nodes:
            held = node.text or ""
            if end <= len(held):
                rest = deepcopy(node)
                node.text, rest.text = held[:end].rstrip(), held[end:].lstrip()
                parted = OxmlElement("w:br")
                node.addnext(parted)
                parted.addnext(rest)
                break
            end -= len(held)


@lru_cache(maxsize=256)
def title_lines(text: str, room: float, names: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The lines of a title on a page that takes `room` half-width signs; `names` are those that stay whole.

    The title as it is where it fits one line, or where no break between words makes it fit.
    """
    text = text.strip()
    if _width(text) <= room:
        return (text,)
    least = ceil(_width(text) / room)
    if least > LONGEST:
        return (text,)
    costs = breaks(text, room, names)
    best, told = inf, tuple[str, ...]((text,))
    for count in range(least, LONGEST + 1):
        if EXTRA * (count - least) >= best:
            break
        for lines, at_breaks in _parted(text, 0, count, room, costs):
            cost = at_breaks + EXTRA * (count - least) + _shape(lines, room)
            if cost < best:
                best, told = cost, lines
    return told


def _parted(
    text: str, start: int, count: int, room: float, costs: Mapping[int, float]
) -> Iterator[tuple[tuple[str, ...], float]]:
    """Every way to part what is left of a text in so many lines that fit, and what its breaks cost."""
    if count == 1:
        line = text[start:].strip()
        if line and _width(line) <= room:
            yield (line,), 0.0
        return
    for place, cost in costs.items():
        if place <= start:
            continue
        line = text[start:place].strip()
        wide = _width(line)
        if wide > room:
            return
        if wide >= FEWEST * room:
            for rest, more in _parted(text, place, count - 1, room, costs):
                yield (line, *rest), cost + more


def breaks(text: str, room: float, names: Sequence[str] = ()) -> dict[int, float]:
    """The places a title may be broken at, from the first on, each with what a break there costs."""
    whole = [match.span() for match in WHOLE.finditer(text) if text_width(match[0]) <= room]
    kept = [match.span() for name in names if name for match in re.finditer(re.escape(name), text)]
    words = _word_spans(text, whole)
    edges = {edge for span in (*whole, *kept, *words) for edge in span}
    edges |= {match.end() for match in re.finditer(r"[\s、，；：》）)]", text)}
    edges |= {match.start() for match in re.finditer("[《（(“]", text)}
    costs: dict[int, float] = {}
    for place in range(1, len(text)):
        first, last = text[place], text[place - 1]
        if any(start < place < end for start, end in (*whole, *words)) or first.isspace():
            continue
        if first in NOT_FIRST or last in NOT_LAST or text[:place] == "关于" or text[place:] == "通知":
            continue
        if place not in edges:
            if _chinese(first) and _chinese(last):
                costs[place] = ANYWHERE  # a word that nobody told of
            continue
        within = any(start < place < end for start, end in kept)
        costs[place] = (BRACKET if first in "（(" else INSIDE) if within else SPACE if last.isspace() else 0.0
    return costs


def _chinese(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def _word_spans(text: str, whole: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The known words of a title, the longest first where they overlap."""
    spans: list[tuple[int, int]] = []
    at = 0
    known = sorted(WORDS, key=len, reverse=True)
    starts = dict(whole)
    while at < len(text):
        if at in starts:
            at = starts[at]
            continue
        word = next((word for word in known if text.startswith(word, at)), "")
        if word:
            spans.append((at, at + len(word)))
        at += len(word) or 1
    return spans


def _width(text: str) -> float:
    """Half-width signs it takes, with the little room between Chinese signs and others, and for wide Latin letters."""
    return text_width(text) + len(BESIDE.findall(text)) / 2 + len(re.findall("[A-Za-z]", text)) * 0.15


def _shape(lines: Sequence[str], room: float) -> float:
    """What a shape costs: lines of very unequal length, an hourglass (one that is short in the middle)."""
    wide = [_width(line) for line in lines]
    cost = 2 * (max(wide) - min(wide)) / room
    if min(wide) < 0.3 * max(wide):
        cost += 3
    if any(before > here < after for before, here, after in zip(wide, wide[1:], wide[2:], strict=False)):
        cost += 3
    return cost
