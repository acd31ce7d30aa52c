"""The visible sheets of an Excel workbook, with the values its program stored beside the formulas.

Any program's: parts may have any name and stand anywhere, names of elements any prefix, styles may be broken or absent.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.record.in_book import SHEET
from allocation.tables.cells import SourceSheet, letters
from allocation.tables.days import day_kind
from allocation.tables.package import Package, local
from allocation.tables.scan import NUMBER, UNCACHED, Odd, Scan, area, scan_plain
from allocation.tables.scan_events import scan_events
from allocation.tables.sheet_text import runs_of, shared_texts, unescaped
from allocation.tables.stored import BookFormats, StoredRows, whole_numbers

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_OTHER = {  # what else lies in a zip, by a part it has
    "xl/workbook.bin": "tables.binary_workbook",
    "mimetype": "tables.open_document",
    "word/document.xml": "tables.word_file",
    "ppt/presentation.xml": "tables.word_file",
}
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    37: "#,##0_);(#,##0)", 38: "#,##0_);[Red](#,##0)", 39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);[Red](#,##0.00)",
    46: "[h]:mm:ss", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
_DAYS = {*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)}  # dates and times, the Chinese ones included


def read_xlsx(file: str, data: bytes) -> list[SourceSheet]:
    """Visible sheets in their order, and our own record, which is hidden.

    AllocationError when the bytes are no readable xlsx workbook.
    """
    return [listed.read() for listed in listed_sheets(Package(file, data)) if listed.shown or listed.name == SHEET]


@dataclass(frozen=True)
class ListedSheet:
    """A sheet as its workbook lists it. `shown`: a person sees it; `part`: where its cells are; `styles`: of these."""

    name: str
    shown: bool
    part: str
    styles: BookFormats
    read: Callable[[], SourceSheet]


def listed_sheets(package: Package) -> list[ListedSheet]:
    """All sheets in their order, none of them read yet."""
    workbook = _workbook(package)
    relations = {relation.id: relation for relation in package.relations(workbook)}
    tree = package.tree(workbook)
    book = _book(tree, [relation.target for relation in relations.values() if relation.kind == "styles"], package)
    texts = [relation.target for relation in relations.values() if relation.kind == "sharedstrings"]
    texts = shared_texts(package.read(texts[0]), package) if texts and texts[0] in package else []
    fresh = any(local(element.tag) == "calcPr" and _true(element.get("fullCalcOnLoad")) for element in tree.iter())
    sheets = []
    for entry in (element for element in tree.iter() if local(element.tag) == "sheet"):
        id = next((value for key, value in entry.attrib.items() if "}" in key and local(key) == "id"), "")
        relation = relations.get(id)
        name = unescaped(entry.get("name", ""))
        shown = entry.get("state", "visible") == "visible"
        if relation and relation.kind == "worksheet":
            read = partial(_sheet, package, name, relation.target, book, texts, fresh)
            sheets.append(ListedSheet(name, shown, relation.target, book, read))
    return sheets


def _workbook(package: Package) -> str:
    """The name of the workbook's part."""
    named = [relation.target for relation in package.relations() if relation.kind == "officedocument"]
    here = [name for name in [*named, "xl/workbook.xml"] if name in package]
    other = next((id for part, id in _OTHER.items() if part in package), "")
    if other or not here:
        raise AllocationError(Problem(other or "tables.not_xlsx", where=package.file))
    return here[0]


def _true(text: str | None) -> bool:
    return text in ("1", "true")


def _book(workbook: Element, styles: list[str], package: Package) -> BookFormats:
    since = any(local(element.tag) == "workbookPr" and _true(element.get("date1904")) for element in workbook)
    forms, days = [], []
    if styles and styles[0] in package:
        tree = package.tree(styles[0])
        written = (element for element in tree.iter() if local(element.tag) == "numFmt")
        codes = {element.get("numFmtId", ""): element.get("formatCode", "") for element in written}
        for xf in (xf for part in tree if local(part.tag) == "cellXfs" for xf in part if local(xf.tag) == "xf"):
            number = xf.get("numFmtId", "0")
            form = codes.get(number) or _BUILT_IN.get(int(number) if number.isdigit() and len(number) < 5 else 0, "")
            dated = number not in codes and number.isdigit() and int(number) in _DAYS
            forms.append(form or ("yyyy-mm-dd" if dated else "General"))
            days.append(day_kind(forms[-1]))
    return BookFormats((*forms, "General"), (*days, ""), since)


def _sheet(package: Package, name: str, part: str, book: BookFormats, texts: list[str], fresh: bool) -> SourceSheet:
    try:
        data = package.read(part)
        scan = scan_plain(data, texts) or scan_events(data, texts)
        if fresh:
            _distrust_zeros(scan)
        rows = StoredRows(scan, book, _remarks(package, part))
    except Odd as odd:
        slots = dict(odd.slots)
        if odd.address:
            row, column = odd.address
            slots["cell"] = f"{letters(min(column, 20_000 - 1))}{row + 1}"
        where = f"{package.file}: {name}" if odd.id != "tables.damaged" else package.file
        raise AllocationError(Problem(odd.id, slots, where)) from odd
    columns = frozenset(at for first, last in scan.hidden_columns for at in range(first, min(last, rows.width - 1) + 1))
    hidden = frozenset(row for row in scan.hidden_rows if row < rows.height)
    return SourceSheet(package.file, name, rows, hidden, columns)


def _distrust_zeros(scan: Scan) -> None:
    """In a book that asks to be calculated when opened, a column whose formulas all gave 0 was never calculated.

    Unless plain figures stand in it that are all 0 as well: what adds them up is right.
    """
    numbers = scan.kinds == NUMBER
    for column in whole_numbers(scan.columns[scan.formulas]):
        here = scan.columns == column
        results, figures = scan.formulas & here & numbers, ~scan.formulas & here & numbers
        nothing = results.any() and not scan.numbers[results].any()
        if nothing and not (figures.any() and not scan.numbers[figures].any()):
            scan.kinds[results] = UNCACHED


def _remarks(package: Package, part: str) -> dict[tuple[int, int], str]:
    """The comments by row and column."""
    remarks = {}
    for relation in package.relations(part):
        if relation.kind == "comments" and relation.target in package:
            elements = package.tree(relation.target).iter()
            for comment in (element for element in elements if local(element.tag) == "comment"):
                place = area(comment.get("ref", ""))
                text = unescaped(runs_of(comment)).strip()
                if place and text:
                    remarks[place.top, place.left] = text
    return remarks
