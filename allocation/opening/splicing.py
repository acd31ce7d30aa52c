"""Cells put into a sheet of a workbook while every other byte stays; results of formulas as they are, or anew."""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_right
from collections.abc import Mapping
from fractions import Fraction
from io import BytesIO
from xml.parsers import expat
from xml.sax.saxutils import escape

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.opening.recalculating import recalculated
from allocation.patterns import LatePattern
from allocation.tables.cells import letters
from allocation.tables.package import Package, local, utf8
from allocation.tables.scan import area
from allocation.texts import exact_text

Cells = Mapping[tuple[int, int], str | Fraction]  # by row and column from zero
HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
DIGITS = 15  # of a number that a cell holds exactly
_DIMENSION = LatePattern(rb"""<(?:\w+:)?dimension\b[^>]*\bref=["']([^"']*)["'][^>]*/>""")
_FORMULA = LatePattern(rb"<(?:[^\s<>/!?]+:)?f[\s/>]")
_CALCULATION = LatePattern(rb"<(?:\w+:)?calcPr\b")
_BEHIND = LatePattern(  # what may stand before calcPr in a workbook
    rb"</(?:\w+:)?(?:sheets|functionGroups|externalReferences|definedNames)>|"
    rb"<(?:\w+:)?(?:functionGroups|externalReferences|definedNames)\b[^>]*/>"
)


@dataclass
class _ElementBytes:
    """An element of a sheet by where it begins and ends in its bytes; of a cell its style."""

    start: int
    end: int = 0
    style: str = ""


class SheetBytes:
    """Where rows and cells of a sheet's XML stand, how its elements are called there, and the styles of whole rows and
    columns."""

    def __init__(self, data: bytes):
        self.data, self.rows, self.cells, self.prefix = (
            data,
            dict[int, _ElementBytes](),
            dict[tuple[int, int], _ElementBytes](),
            "",
        )
        self.end = 0  # of all rows
        self.row_styles: dict[int, str] = {}
        self.column_styles: list[tuple[int, int, str]] = []  # first and last column, from zero
        self._row, self._column, self._open = -1, -1, list[_ElementBytes | None]()
        parser = expat.ParserCreate()
        self._parser = parser
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._finish
        parser.Parse(data, True)
        self._rows = sorted(self.rows)
        self._columns: dict[int, list[int]] = {}
        for row, column in self.cells:
            self._columns.setdefault(row, []).append(column)

    def columns(self, row: int) -> list[int]:
        """Those of a row that have a cell."""
        return self._columns.get(row, [])

    def place_of(self, row: int) -> int:
        """Where a row that is not there is to stand."""
        after = bisect_right(self._rows, row)
        return self.rows[self._rows[after]].start if after < len(self._rows) else self.end

    def style(self, row: int, column: int) -> str:
        """That of a cell, or of one that is not there yet: its row's, else its column's."""
        if (cell := self.cells.get((row, column))) is not None:
            return cell.style
        of_columns = (style for first, last, style in self.column_styles if first <= column <= last)
        return self.row_styles.get(row) or next(of_columns, "")

    def _start(self, name: str, given: dict[str, str]) -> None:
        plain, at = name.rpartition(":")[2], self._parser.CurrentByteIndex
        span = None
        if plain == "row":
            self._row, self._column = int(given.get("r", self._row + 2)) - 1, -1
            span = self.rows[self._row] = _ElementBytes(at)
            if given.get("customFormat", "0") in ("1", "true") and "s" in given:
                self.row_styles[self._row] = given["s"]
        elif plain == "col" and given.get("style"):
            self.column_styles.append((int(given["min"]) - 1, int(given["max"]) - 1, given["style"]))
        elif plain == "c":
            self._column = _column(given["r"]) if "r" in given else self._column + 1
            span = self.cells[self._row, self._column] = _ElementBytes(at, style=given.get("s", ""))
        elif plain == "sheetData":
            self.prefix = name.rpartition("sheetData")[0]
        self._open.append(span)

    def _finish(self, name: str) -> None:
        span, at = self._open.pop(), self._parser.CurrentByteIndex
        if name.rpartition(":")[2] == "sheetData":
            self.end = at
        if span:  # of an element that is empty the parser stands behind it already, of any other before its last tag
            empty = self.data[at - 2 : at] == b"/>" and self.data.index(b">", span.start) + 1 == at
            span.end = at if empty else self.data.index(b">", at) + 1


def _column(reference: str) -> int:
    number = 0
    for sign in reference.rstrip("0123456789"):
        number = number * 26 + ord(sign.upper()) - 64
    return number - 1


def spliced(data: bytes, cells: Cells, file: str) -> bytes:
    """The XML of a sheet with these cells. Raises where one of them stands for other formulas as well.

    How large the sheet is said to be stays where that is still so."""
    sheet = SheetBytes(data)
    pieces: list[tuple[int, int, bytes]] = []  # what stands from here to there, and what is to
    for row, line in _by_row(cells).items():
        texts = {column: _cell(sheet, row, column, value) for column, value in sorted(line.items())}
        span = sheet.rows.get(row)
        if span is None or data[span.start : span.end].endswith(b"/>"):
            head = data[span.start : span.end - 2].rstrip() if span else f'<{sheet.prefix}row r="{row + 1}"'.encode()
            whole = head + b">" + b"".join(texts.values()) + f"</{sheet.prefix}row>".encode()
            start = span.start if span else sheet.place_of(row)
            pieces.append((start, span.end if span else start, whole))
            continue
        for column, text in texts.items():
            old = sheet.cells.get((row, column))
            if old and re.search(rb'<(?:\w+:)?f[^>]*\bref="', data[old.start : old.end]):
                raise AllocationError(Problem("case.cannot_splice", where=f"{file}: {letters(column)}{row + 1}"))
            later = [] if old else [sheet.cells[row, other].start for other in sheet.columns(row) if other > column]
            at = old.start if old else min(later, default=data.rindex(b"</", span.start, span.end))
            pieces.append((at, old.end if old else at, text))
    out, place = [], 0
    for start, end, text in sorted(pieces, key=lambda piece: piece[0]):  # of one place, in the order of columns
        out += [data[place:start], text]
        place = end
    whole = b"".join([*out, data[place:]])
    said = _DIMENSION.search(whole)
    known = said and area(said[1].decode())
    if known and all(known.top <= row <= known.bottom and known.left <= column <= known.right for row, column in cells):
        return whole
    return _DIMENSION.sub(b"", whole, count=1)


def _by_row(cells: Cells) -> dict[int, dict[int, str | Fraction]]:
    """Cells by their row, in order, then by their column."""
    lines: dict[int, dict[int, str | Fraction]] = {}
    for (row, column), value in cells.items():
        lines.setdefault(row, {})[column] = value
    return dict(sorted(lines.items()))


def held_whole(value: Fraction) -> bool:
    """Whether a cell holds a figure as a number without rounding it: 2/37 stands as a text."""
    text = exact_text(value) or ""
    return "/" not in text and len(text.strip("-0.").replace(".", "")) <= DIGITS


def _cell(sheet: SheetBytes, row: int, column: int, value: str | Fraction) -> bytes:
    p, style = sheet.prefix, sheet.style(row, column)
    head = f'<{p}c r="{letters(column)}{row + 1}"' + (f' s="{style}"' if style else "")
    text = exact_text(value) or ""
    if isinstance(value, Fraction) and held_whole(value):
        return f"{head}><{p}v>{text}</{p}v></{p}c>".encode()
    if not text:
        return f"{head}/>".encode()
    return f'{head} t="inlineStr"><{p}is><{p}t xml:space="preserve">{escape(text)}</{p}t></{p}is></{p}c>'.encode()


def with_cells(file: str, data: bytes, sheets: Mapping[str, Cells]) -> bytes:
    """A workbook with cells by the title of a sheet; every part that they do not touch is copied as it is."""
    package = Package(file, data)
    parts = _sheet_parts(package)
    fresh = {parts[title]: spliced(package.read(parts[title]), cells, file)
             for title, cells in sheets.items() if title in parts}  # fmt: skip
    return _rewritten(package, data, fresh)


def with_cells_and_results(file: str, data: bytes, sheets: Mapping[str, Cells]) -> bytes:
    """The same, with the results of formulas that rest on these cells worked out anew, or taken away."""
    package = Package(file, data)
    parts = _sheet_parts(package)
    before = {title: package.read(part) for title, part in parts.items()}
    if any(b"<!DOCTYPE" in content for content in before.values()):
        raise AllocationError(Problem("tables.entities", where=file))
    try:
        held = {title: spliced(content, sheets[title], file) if title in sheets else content
                for title, content in before.items()}  # fmt: skip
        after = recalculated(held, sheets)
    except expat.ExpatError as error:
        raise package.damaged() from error
    fresh = {parts[title]: content for title, content in after.items() if content != before[title]}
    return _rewritten(package, data, fresh)


def asking_to_calculate(file: str, data: bytes) -> bytes:
    """A workbook that every program works out anew when it is opened."""
    package = Package(file, data)
    book = _book_part(package)
    content = package.read(book)
    if said := _CALCULATION.search(content):
        end = content.index(b">", said.end())
        asked = re.sub(rb"""\s+fullCalcOnLoad\s*=\s*["'][^"']*["']""", b"", content[said.end() : end])
        whole = content[: said.end()] + b' fullCalcOnLoad="1"' + asked + content[end:]
    else:
        place = max(match.end() for match in _BEHIND.finditer(content))
        prefix = re.search(rb"<(\w+:)?workbook\b", content)
        named = (prefix[1] or b"") if prefix else b""
        whole = content[:place] + b"<" + named + b'calcPr fullCalcOnLoad="1"/>' + content[place:]
    return _rewritten(package, data, {book: whole})


def _sheet_parts(package: Package) -> dict[str, str]:
    """The part of every sheet, by its title."""
    book = _book_part(package)
    targets = {relation.id: relation.target for relation in package.relations(book)}
    parts = {}
    for entry in package.tree(book).iter():
        if local(entry.tag) == "sheet":
            id = next((value for key, value in entry.attrib.items() if local(key) == "id"), "")
            parts[entry.get("name", "")] = _plain(targets.get(id, ""))
    known = {*package.names()}
    return {title: part for title, part in parts.items() if part in known}


def _book_part(package: Package) -> str:
    book = next((relation.target for relation in package.relations() if relation.kind == "officedocument"), "")
    if not book:
        raise package.damaged()
    return _plain(book)


def _rewritten(package: Package, data: bytes, fresh: Mapping[str, bytes]) -> bytes:
    """The workbook with other bytes in some of its parts; each begins as it did. Where formulas went, so does the list
    of them, which Excel makes anew."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        after.comment = before.comment
        changed = [(before.read(info), fresh[_plain(info.filename)]) for info in before.infolist()
                   if _plain(info.filename) in fresh]  # fmt: skip
        fewer = any(_count(utf8(old)) != _count(new) for old, new in changed)
        gone = {name for name in package.names() if fewer and name.endswith("/calcchain.xml")}
        for info in before.infolist():
            name, content = _plain(info.filename), before.read(info)
            if name in gone:
                continue
            if gone and (name == "[content_types].xml" or name.endswith("workbook.xml.rels")):
                content = re.sub(rb"<(?:\w+:)?(?:Override|Relationship)\b[^>]*calcChain\.xml[^>]*/>", b"", content)
            if name in fresh:
                bare = utf8(content)
                head = content[: -len(bare)] if content.endswith(bare) else HEAD
                content = head + fresh[name]
            after.writestr(info, content, info.compress_type)
    return out.getvalue()


def _count(content: bytes) -> int:
    return len(_FORMULA.findall(content))


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()
