"""A recorded workbook as the smallest xlsx package that holds its cells, and single cells put into a file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from xml.sax.saxutils import escape

import formualizer
import openpyxl

from allocation.sheets import memory
from allocation.sheets.memory import Formula, MemorySheet
from allocation.xlsx.layout import letters

ERROR = "#"


class Book(memory.MemoryBook):
    """One that another program can open."""

    def opened(self) -> formualizer.Workbook:
        """The bare workbook, without stored figures, in formualizer."""
        return formualizer.Workbook.from_bytes(_package(self))


def _package(book: Book) -> bytes:
    """The smallest xlsx package that holds the cells and the names."""
    parts, sheets = io.BytesIO(), list(book.sheets.values())
    with zipfile.ZipFile(parts, "w", zipfile.ZIP_STORED) as package:
        package.writestr("[Content_Types].xml", _types(len(sheets)))
        package.writestr("_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")]))
        relations = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
        package.writestr("xl/_rels/workbook.xml.rels", _relations(relations))
        listed = "".join(
            f'<sheet name="{escape(sheet.name)}" sheetId="{n}" r:id="rId{n}"/>' for n, sheet in enumerate(sheets, 1)
        )
        names = "".join(f'<definedName name="{name}">{escape(to)}</definedName>' for name, to in book.names.items())
        names = f"<definedNames>{names}</definedNames>" if names else ""
        package.writestr("xl/workbook.xml", f"<workbook {MAIN} {REL}><sheets>{listed}</sheets>{names}</workbook>")
        for n, sheet in enumerate(sheets, 1):
            package.writestr(f"xl/worksheets/sheet{n}.xml", _sheet(sheet))
    return parts.getvalue()


XML = "http://schemas.openxmlformats.org"
MAIN = f'xmlns="{XML}/spreadsheetml/2006/main"'
REL = f'xmlns:r="{XML}/officeDocument/2006/relationships"'
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _types(count: int) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{KIND}.worksheet+xml"/>'
        for n in range(1, count + 1)
    )
    book = f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'<Types xmlns="{XML}/package/2006/content-types">{rels}{book}{sheets}</Types>'


def _relations(rows: Iterable[tuple[str, str, str]]) -> str:
    kind = f"{XML}/officeDocument/2006/relationships"
    inner = "".join(f'<Relationship Id="{id}" Type="{kind}/{end}" Target="{to}"/>' for id, end, to in rows)
    return f'<Relationships xmlns="{XML}/package/2006/relationships">{inner}</Relationships>'


def _sheet(sheet: MemorySheet) -> str:
    rows: dict[int, list[str]] = {}
    for (row, column), value in sorted(sheet.cells.items()):
        rows.setdefault(row, []).append(_cell(f"{letters(column)}{row + 1}", value))
    inner = "".join(f'<row r="{row + 1}">{"".join(cells)}</row>' for row, cells in rows.items())
    return f"<worksheet {MAIN}><sheetData>{inner}</sheetData></worksheet>"


SPAN = r"(?:'[^']+'|\w+)!\$[A-Z]+\$\d+:\$[A-Z]+\$\d+"
PART = re.compile(
    rf"INDEX\((?P<span>{SPAN}),(?P<from>[^,()]+)(,1)?\)"
    r":INDEX\((?P=span),(?P<to>[^,()]+)(,(?P<wide>\d+))?\)"
)


def opened(path: Path) -> formualizer.Workbook:
    """A file in formualizer, with its formulas in words that it knows."""
    parts = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(parts, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = PART.sub(_offset, content.decode("utf-8")).encode("utf-8")
            new.writestr(name, content)
    return formualizer.Workbook.from_bytes(parts.getvalue())


def _offset(part: re.Match) -> str:
    """A part of a column by OFFSET: formualizer reckons with no INDEX:INDEX, which every office program does."""
    first = part["span"].split(":")[0]
    return f"OFFSET({first},{part['from']}-1,0,{part['to']}-{part['from']}+1,{part['wide'] or 1})"


def _cell(place: str, value: object, style: str = "") -> str:
    if value is None:
        return f'<c r="{place}"{style}/>'
    if isinstance(value, Formula):
        return f'<c r="{place}"{style}><f>{escape(PART.sub(_offset, value.text))}</f></c>'
    if isinstance(value, str):
        return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{place}"{style}><v>{plain(value)!r}</v></c>'


def edit(source: Path, target: Path, cells: Mapping[tuple[str, str], object]) -> Path:
    """A copy of a workbook with some cells typed over in the sheets' own XML: every stored figure stays as it was."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name) for name in old.namelist()}
        for (sheet, place), value in cells.items():
            part = part_of(parts, sheet)
            text, count = re.subn(
                rf'<c r="{place}"(?P<style> s="\d+")?[^>]*?(/>|>.*?</c>)',
                lambda found, place=place, value=value: _cell(place, value, found["style"] or ""),
                parts[part].decode("utf-8"),
            )
            assert count == 1, f"{sheet}!{place} is not a cell of the workbook"
            parts[part] = text.encode("utf-8")
        for name, content in parts.items():
            new.writestr(name, content)
    return target


def part_of(parts: Mapping[str, bytes], sheet: str) -> str:
    book = parts["xl/workbook.xml"].decode("utf-8")
    listed = re.search(rf'<sheet name="{re.escape(escape(sheet))}"[^>]*r:id="(\w+)"', book)
    relations = parts["xl/_rels/workbook.xml.rels"].decode("utf-8")
    rel = next(one for one in re.findall(r"<Relationship [^>]*>", relations) if f'Id="{listed[1]}"' in one)
    return "xl/" + re.search(r'Target="([^"]+)"', rel)[1]


def cells_of(path: Path, formulas: bool = False) -> dict[tuple[str, int, int], object]:
    """What a file's cells hold: stored figures, or formulas as written."""
    book = openpyxl.load_workbook(path, data_only=not formulas)
    return {(sheet.title, c.row, c.column): c.value for sheet in book for row in sheet.iter_rows() for c in row}


def formula_cells(path: Path) -> dict[tuple[str, int, int], str]:
    return {
        place: text
        for place, text in cells_of(path, formulas=True).items()
        if isinstance(text, str) and text.startswith("=")
    }


def plain(value: object) -> object:
    """A cell's value: errors are `#`, blanks an empty text, truths 1 and 0."""
    if value is None:
        return ""
    if isinstance(value, dict) or type(value).__name__ == "ExcelError" or str(value).startswith(ERROR):
        return ERROR
    if isinstance(value, bool):
        return int(value)
    return float(value) if isinstance(value, Fraction) else value
