"""The visible sheets of an Excel workbook as raw cells, with the values its program stored beside the formulas.

Read straight from the workbook's XML: only values, number formats, merged cells and comments matter to a table, and
openpyxl takes most of its time over fonts, borders, validations and drawings. The tests hold it against openpyxl,
which is loaded here only for dates.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from xml.etree.ElementTree import Element, fromstring

from allocation.errors import AllocationError, Problem
from allocation.tables.cells import BLANK, Cell, Sheet

_BOOK, _STYLES = "xl/workbook.xml", "xl/styles.xml"
_BUILT_IN = {9: "0%", 10: "0.00%"}  # of the formats every program knows by number, those that change a figure
_BUILT_IN_DATES = {*range(14, 23), *range(45, 48)}
_DURATIONS = {46}
_DATE_LETTER = re.compile(r"(?i)[dmhys]")
_MERGED = tuple[int, int, int, int]  # first column and row, last column and row, from 1


@dataclass(frozen=True)
class _Shared:
    """What the sheets of a workbook have in common. `formats` has one entry a cell style."""

    strings: list[str]
    formats: list[str]
    dates: set[int]
    durations: set[int]
    since_1904: bool


def read_xlsx(file: str, data: bytes) -> list[Sheet]:
    """Visible sheets in their order. AllocationError when the bytes are no readable xlsx workbook."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if _BOOK in archive.namelist():
                return list(_sheets(file, archive))
    except Exception as error:  # a damaged workbook surfaces as any of a dozen exceptions
        raise AllocationError(Problem("tables.damaged", where=file)) from error
    raise AllocationError(Problem("tables.not_xlsx", where=file))


def _sheets(file: str, archive: zipfile.ZipFile) -> Iterator[Sheet]:
    book = fromstring(archive.read(_BOOK))
    space = _namespace(book)
    parts = {id: (kind, target) for id, kind, target in _related(archive, _BOOK)}
    properties = book.find(f"{space}workbookPr")
    since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    names = set(archive.namelist())
    texts = next((target for kind, target in parts.values() if kind == "sharedStrings" and target in names), None)
    strings = [_text(item).replace("x005F_", "") for item in fromstring(archive.read(texts))] if texts else []
    shared = _Shared(strings, *(_formats(archive) if _STYLES in names else ([], set(), set())), since_1904)
    for entry in book.iterfind(f"{space}sheets/{space}sheet"):
        id = next((value for key, value in entry.items() if key.endswith("}id")), "")
        if not id or entry.get("state", "visible") != "visible":
            continue
        kind, path = parts[id]
        if kind == "worksheet" and path in names:
            yield _sheet(file, entry.get("name"), archive, path, shared)


def _namespace(root: Element) -> str:
    return root.tag[: root.tag.index("}") + 1] if "}" in root.tag else ""


def _related(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[str, str, str]]:
    """Id, kind and path of the parts that the part at `path` names."""
    folder, name = posixpath.split(path)
    listing = f"{folder}/_rels/{name}.rels"
    if listing not in archive.namelist():
        return
    for entry in fromstring(archive.read(listing)):
        if entry.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, entry.get("Target"))).lstrip("/")
            yield entry.get("Id"), entry.get("Type").rpartition("/")[2], target


def _text(item: Element) -> str:
    """Plain text and runs of text joined; phonetic guides left out."""
    pieces = []
    for part in item:
        if part.tag.endswith("}t"):
            pieces.append(part.text or "")
        elif part.tag.endswith("}r"):
            pieces += [piece.text or "" for piece in part if piece.tag.endswith("}t")]
    return "".join(pieces)


def _formats(archive: zipfile.ZipFile) -> tuple[list[str], set[int], set[int]]:
    """The number format of every cell style, and which styles show dates and durations."""
    root = fromstring(archive.read(_STYLES))
    space = _namespace(root)
    own = {int(one.get("numFmtId")): one.get("formatCode", "") for one in root.iter(f"{space}numFmt")}
    ids = [int(style.get("numFmtId", 0)) for style in root.iterfind(f"{space}cellXfs/{space}xf")]
    dates = {n for n, id in enumerate(ids) if (_is_date(own[id]) if id in own else id in _BUILT_IN_DATES)}
    durations = {n for n in dates if (_is_date(own[ids[n]], True) if ids[n] in own else ids[n] in _DURATIONS)}
    return [own.get(id) or _BUILT_IN.get(id, "") for id in ids], dates, durations


@cache
def _is_date(code: str, duration: bool = False) -> bool:
    if not _DATE_LETTER.search(code):
        return False
    from openpyxl.styles.numbers import is_date_format, is_timedelta_format

    return is_timedelta_format(code) if duration else is_date_format(code)


def _sheet(file: str, name: str, archive: zipfile.ZipFile, path: str, shared: _Shared) -> Sheet:
    root = fromstring(archive.read(path))
    space = _namespace(root)
    remarks = _remarks(archive, path)
    # Only cells that hold something: a stray format in row 1,048,576 costs nothing.
    found: dict[tuple[int, int], Cell] = {}
    value_tag, formula_tag, row = f"{space}v", f"{space}f", 0
    for line in root.iterfind(f"{space}sheetData/{space}row"):
        row, column = int(float(line.get("r") or row + 1)), 0
        for node in line:
            place = node.get("r")
            if place:
                letters = place.rstrip("0123456789")
                column, row = _column(letters), int(place[len(letters) :])
            else:
                column += 1
            raw = node.findtext(value_tag)
            kind = node.get("t", "n")
            style = int(node.get("s") or 0)
            value = _value(node, raw, kind, style, space, shared)
            if value is not None:
                number = isinstance(value, (int, float)) and style < len(shared.formats)
                remark = remarks.get((row, column), "") if remarks else ""
                found[row, column] = Cell(value, shared.formats[style] if number else "", remark=remark)
            elif kind == "n" and node.find(formula_tag) is not None:
                # A formula with an empty text as its result has the type `str`; one never calculated has none.
                found[row, column] = Cell(uncached=True)
    areas = [_area(area.get("ref")) for area in root.iterfind(f"{space}mergeCells/{space}mergeCell")]
    _fill_merged(areas, found)
    return Sheet(file, name, _rows(found))


@cache
def _column(letters: str) -> int:
    """A is 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _value(node: Element, raw: str | None, kind: str, style: int, space: str, shared: _Shared) -> object:
    if kind == "inlineStr":
        inner = node.find(f"{space}is")
        return None if inner is None else _text(inner)
    if not raw:
        return None
    if kind == "s":
        return shared.strings[int(raw)]
    if kind == "n":
        number = float(raw) if "." in raw or "E" in raw or "e" in raw else int(raw)
        return _date(number, style, shared) if style in shared.dates else number
    if kind == "b":
        return bool(int(raw))
    if kind == "d":
        from openpyxl.utils.datetime import from_ISO8601

        return from_ISO8601(raw)
    return raw


def _date(number: int | float, style: int, shared: _Shared) -> object:
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

    epoch = MAC_EPOCH if shared.since_1904 else WINDOWS_EPOCH
    try:
        return from_excel(number, epoch, timedelta=style in shared.durations)
    except (OverflowError, ValueError):
        return "#VALUE!"


def _remarks(archive: zipfile.ZipFile, path: str) -> dict[tuple[int, int], str]:
    """The comments of the sheet at `path`, by row and column."""
    remarks: dict[tuple[int, int], str] = {}
    for _, kind, target in _related(archive, path):
        if kind == "comments":
            root = fromstring(archive.read(target))
            space = _namespace(root)
            for one in root.iter(f"{space}comment"):
                column, row = _area(one.get("ref"))[:2]
                text = one.find(f"{space}text")
                remarks[row, column] = "" if text is None else _text(text).strip()
    return remarks


def _area(ref: str) -> _MERGED:
    first, _, last = ref.replace("$", "").partition(":")
    corners = [re.fullmatch(r"([A-Za-z]+)([0-9]+)", corner) for corner in (first, last or first)]
    (left, top), (right, bottom) = ((_column(corner[1]), int(corner[2])) for corner in corners)
    return left, top, right, bottom


def _fill_merged(areas: list[_MERGED], found: dict[tuple[int, int], Cell]) -> None:
    """Every cell of a merged range holds what its first cell holds, the comment too; what lay under it is gone."""
    for left, top, places in _places(areas, found):
        for place in places:
            if place != (top, left):
                found.pop(place, None)
    for left, top, places in _places(areas, found):
        first = found.get((top, left))
        if first is not None:
            copy = Cell(first.value, first.format, merged=True, uncached=first.uncached, remark=first.remark)
            for place in places:
                found.setdefault(place, copy)


def _places(areas: list[_MERGED], found: dict[tuple[int, int], Cell]) -> Iterator[tuple[int, int, list]]:
    """Left and top of each area, and its cells as far as the sheet is filled: people merge whole columns."""
    height = max((row for row, _ in found), default=0)
    width = max((column for _, column in found), default=0)
    for left, top, right, bottom in areas:
        rows, columns = range(top, min(bottom, height) + 1), range(left, min(right, width) + 1)
        yield left, top, [(row, column) for row in rows for column in columns]


def _rows(found: dict[tuple[int, int], Cell]) -> tuple[tuple[Cell, ...], ...]:
    lines: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in found.items():
        lines.setdefault(row, {})[column] = cell
    return tuple(
        tuple(line.get(column, BLANK) for column in range(1, max(line) + 1)) if (line := lines.get(row)) else ()
        for row in range(1, max(lines, default=0) + 1)
    )
