"""Placeholders in a Word file: `{县名}`, over however many runs Word split it; what stands in ⟦…⟧ goes when empty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import is_zipfile

from allocation.classes import dataclass
from allocation.documents.titles import break_lines, title_room
from allocation.errors import AllocationError, Problem, nearest
from allocation.patterns import LatePattern
from allocation.tables.grid import read_bytes
from allocation.tables.package import Package
from allocation.texts import Both

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.text.paragraph import CT_P
    from docx.oxml.text.run import CT_Text
    from docx.oxml.xmlchemy import BaseOxmlElement

NAMES = {
    "county": Both("县名", "county"),
    "salutation": Both("称谓", "salutation"),
    "number": Both("本文号", "number"),
    "you": Both("称呼", "you"),
    "code": Both("代码", "county_code"),
    "amount": Both("金额", "amount"),
    "capitals": Both("大写金额", "amount_in_words"),
    "basis": Both("依据", "basis"),
    "document": Both("上级文号", "document"),
    "original": Both("原文号", "original"),
    "reason": Both("更正原因", "reason"),
    "made_up": Both("数额构成", "made_up_of"),
    "budget": Both("预算科目", "budget_code"),
    "year": Both("年度", "year"),
    "date": Both("日期", "date"),
    "office": Both("发文单位", "office"),
    "fund": Both("资金名称", "fund"),
    "action": Both("办理", "action"),
    "calculation": Both("计算过程", "calculation"),
    "table": Both("本行表", "own_row"),
    "marks": Both("标记", "marks"),
    "note": Both("备注", "note"),
    "annex": Both("附件名称", "annex"),
}
KEYS = {word: key for key, names in NAMES.items() for word in (names.zh, names.en)} | {"文号": "number"}
NEEDED = (("county", "salutation"), ("amount",))  # of each at least one
TOKEN = LatePattern(r"[{｛]([^{}｛｝]*)[}｝]")
OPTIONAL = LatePattern("⟦([^⟦⟧]*)⟧")
BRACES = "{}｛｝⟦⟧"
ORDER = LatePattern(r"\s*([（(]?)([一二三四五六七八九十]{1,3}|\d{1,2})([、．.)）])")
SIGNS = "零一二三四五六七八九"
PARTS = LatePattern(r"/word/(document|header\d*|footer\d*)\.xml")


@dataclass(frozen=True)
class Rows:
    """What `{本行表}` becomes: a table."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    summed: tuple[int, ...] = ()  # the rows that are sums
    unit: str = ""  # stands above it
    counting: tuple[int, ...] = ()  # the columns that only count the rows


@dataclass(frozen=True)
class Filling:
    """What the placeholders stand for: a text each by key, the lines of `{计算过程}`, the table of `{本行表}`."""

    texts: Mapping[str, str] = field(default_factory=dict)
    calculation: tuple[str, ...] = ()
    table: Rows = Rows((), ())


def open_template(path: Path) -> Document:
    """The document. Raises every problem of its placeholders at once."""
    if not path.is_file():
        raise AllocationError(Problem("notices.no_template", where=str(path)))
    document = template_in(read_bytes(path), Problem("notices.not_docx", where=str(path)))
    check(document, path.name)
    return document


def template_in(data: bytes, unread: Problem) -> Document:
    """Raises what it is told where that is no Word file."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    if is_zipfile(BytesIO(data)):
        Package(unread.where, data).refuse_costly()
    try:
        return docx.Document(BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError, OSError):
        raise AllocationError(unread) from None
    except Exception as error:
        if type(error).__name__ not in ("BadZipFile", "XMLSyntaxError"):
            raise
        raise AllocationError(unread) from None


def check(document: Document, file: str) -> None:
    problems: list[Problem] = []
    seen: set[str | None] = set()
    for paragraph in paragraphs(document):
        text = paragraph_text(paragraph)
        where = f"{file}: “{text.strip()[:40]}”"
        for word in TOKEN.findall(text):
            key = KEYS.get(word.strip())
            seen.add(key)
            if key is None:
                near = nearest(word.strip(), list(KEYS))
                known = [names.zh for names in NAMES.values()]
                problems.append(Problem("notices.unknown", {"name": word, "nearest": near, "known": known}, where))
            elif key in ("calculation", "table") and not _alone(paragraph, text, key):
                problems.append(Problem("notices.alone", {"name": word.strip()}, where))
        if stray := [sign for sign in OPTIONAL.sub(r"\1", TOKEN.sub("", text)) if sign in BRACES]:
            problems.append(Problem("notices.unclosed", {"signs": " ".join(dict.fromkeys(stray))}, where))
    lacking = [NAMES[keys[0]].zh for keys in NEEDED if not seen & {*keys}]
    if lacking:
        problems.append(Problem("notices.lacking", {"names": lacking}, file))
    if problems:
        raise AllocationError(problems)


def _alone(paragraph: CT_P, text: str, key: str) -> bool:
    """Whether nothing else stands in the paragraph, and, for a table, whether one may stand there."""
    from docx.oxml.ns import qn

    only = TOKEN.fullmatch(text.strip()) is not None
    return only and (key != "table" or _holder(paragraph).tag in (qn("w:body"), qn("w:tc")))


def holds(document: Document, key: str) -> bool:
    keys = (
        KEYS.get(word.strip())
        for paragraph in paragraphs(document)
        for word in TOKEN.findall(paragraph_text(paragraph))
    )
    return key in keys


def paragraphs(document: Document) -> Iterator[CT_P]:
    """Those of body, tables, text boxes, headers and footers."""
    from docx.oxml.ns import qn

    for part in document.part.package.iter_parts():
        if PARTS.fullmatch(str(part.partname)):
            yield from list(part.element.iter(qn("w:p")))


def paragraph_text(paragraph: CT_P) -> str:
    return "".join(node.text or "" for node in _texts(paragraph))


def _texts(paragraph: CT_P) -> list[CT_Text]:
    """The text nodes of a paragraph, without those of a text box that is anchored in it."""
    from docx.oxml.ns import qn

    return [node for node in paragraph.iter(qn("w:t")) if next(node.iterancestors(qn("w:p"))) is paragraph]


def fill(document: Document, filling: Filling) -> None:
    """Puts every value in; a paragraph of ⟦…⟧ alone that comes out empty is taken away."""
    for paragraph in paragraphs(document):
        text = paragraph_text(paragraph)
        words = TOKEN.findall(text)
        keys = [KEYS[word.strip()] for word in words]
        if keys == ["table"]:
            _put_table(document, paragraph, filling.table)
        elif keys == ["calculation"]:
            if not filling.calculation:
                drop_heading(paragraph)
                _keep_above(document, paragraph)
            _put_lines(paragraph, filling.calculation)
        elif keys:
            _replace(paragraph, spans(text, {key: filling.texts[key] for key in keys}))
            if room := title_room(document, paragraph):
                break_lines(paragraph, room, (filling.texts.get("fund", ""),))
            if OPTIONAL.fullmatch(text.strip()) and not paragraph_text(paragraph).strip():
                _remove(paragraph)


def spans(text: str, values: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """(start, end, what to write there) over the text, in order and apart."""

    def value(token: re.Match[str]) -> str:
        return values[KEYS[token[1].strip()]]

    changes, at = [], 0
    for part in [*OPTIONAL.finditer(text), None]:
        end = part.start() if part else len(text)
        changes += [(token.start(), token.end(), value(token)) for token in TOKEN.finditer(text, at, end)]
        if part is None:
            break
        inner = list(TOKEN.finditer(text, part.start(1), part.end(1)))
        if all(value(token) for token in inner):
            changes.append((part.start(), part.start() + 1, ""))
            changes += [(token.start(), token.end(), value(token)) for token in inner]
            changes.append((part.end() - 1, part.end(), ""))
        else:
            changes.append((part.start(), part.end(), ""))
        at = part.end()
    return changes


def _replace(paragraph: CT_P, changes: Sequence[tuple[int, int, str]]) -> None:
    """Writes into the run in which a placeholder begins, and takes its rest out of the runs after it."""
    nodes, at = [], 0
    for node in _texts(paragraph):
        nodes.append((at, node))
        at += len(node.text or "")
    for start, end, text in reversed(changes):
        for begin, node in reversed(nodes):
            held = node.text or ""
            first, last = max(start, begin) - begin, min(end, begin + len(held)) - begin
            if first < last:
                begun = text if begin <= start else ""
                node.text = held[:first] + begun + held[last:]
                node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _put_lines(paragraph: CT_P, lines: Sequence[str]) -> None:
    """A paragraph a line, each in the form of the one that held the placeholder."""
    copies = [paragraph, *(deepcopy(paragraph) for _ in lines[1:])]
    for before, copy in zip(copies, copies[1:], strict=False):
        before.addnext(copy)
        _let_go(before)  # only the last line stays with what comes next
    for copy, line in zip(copies, lines, strict=False):
        _replace(copy, [(0, len(paragraph_text(copy)), line)])
    if not lines:
        _remove(paragraph)


def _let_go(paragraph: CT_P) -> None:
    from docx.oxml.ns import qn

    for mark in list(paragraph.iter(qn("w:keepNext"))):
        mark.getparent().remove(mark)


def _keep_above(document: Document, paragraph: CT_P) -> None:
    """Where a line that holds on to the next one goes, what is above takes its part: a table's last row, or a line."""
    from docx.oxml.ns import qn
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    above = paragraph.getprevious()
    if above is None or not Paragraph(paragraph, document).paragraph_format.keep_with_next:
        return
    if above.tag == qn("w:p"):
        Paragraph(above, document).paragraph_format.keep_with_next = True
    elif above.tag == qn("w:tbl"):
        for cell in Table(above, document).rows[-1].cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def drop_heading(paragraph: CT_P) -> None:
    """Takes the numbered heading above a paragraph away, and counts the headings after it down by one.

    A heading that is left alone loses its number.
    """
    heading = paragraph.getprevious()
    numbered = ORDER.match(paragraph_text(heading)) if heading is not None and heading.tag == paragraph.tag else None
    if numbered is None:
        return
    number = first = _number(numbered[2])
    for later in paragraph.itersiblings(paragraph.tag):
        again = ORDER.match(paragraph_text(later))
        if again and (again[1], again[3], _number(again[2])) == (numbered[1], numbered[3], number + 1):
            _replace(later, [(*again.span(2), _written(number, again[2]))])
            number += 1
    for earlier in heading.itersiblings(paragraph.tag, preceding=True) if number == first == 2 else ():
        again = ORDER.match(paragraph_text(earlier))
        if again and (again[1], again[3], _number(again[2])) == (numbered[1], numbered[3], 1):
            _replace(earlier, [(0, again.end(), "")])
            break
    heading.getparent().remove(heading)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (SIGNS.index(tens or "一") * 10 if ten else 0) + (SIGNS.index(ones) if ones else 0)


def _written(number: int, like: str) -> str:
    """A number from 1 to 99 as `like` is written."""
    if like.isdigit():
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else SIGNS[tens]) + "十" * bool(tens) + (SIGNS[ones] if ones else "")


def _put_table(document: Document, paragraph: CT_P, table: Rows) -> None:
    from allocation.documents.page import draw_table, unit_line

    if table.unit:
        paragraph.addprevious(unit_line(document, table.unit))
    drawn = document.add_table(0, len(table.heads))
    draw_table(drawn, table.heads, table.rows, table.summed, table.counting)
    paragraph.addprevious(drawn._tbl)
    _replace(paragraph, [(0, len(paragraph_text(paragraph)), "")])
    _remove(paragraph)


def _remove(paragraph: CT_P) -> None:
    """A cell must end with a paragraph, and two tables must not meet."""
    from docx.oxml.ns import qn

    holder, after = paragraph.getparent(), paragraph.getnext()
    if after is not None and after.tag == qn("w:p") or len(holder.findall(qn("w:p"))) > 1 and after is None:
        holder.remove(paragraph)


def _holder(paragraph: CT_P) -> BaseOxmlElement:
    """What a paragraph stands in; every one of a document stands in something."""
    holder: BaseOxmlElement | None = paragraph.getparent()
    assert holder is not None
    return holder
