"""A workbook's file: XlsxWriter's shell, entry by entry, with our cells in its sheets and our texts in its table.

The shell has all that is not a cell: looks, widths, heights, merged areas, rules, charts, print set-up. What is read in
it and put into it is SpreadsheetML as ECMA-376 has it; texts there never hold a bare `<`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from allocation.patterns import LatePattern
from allocation.sheets.cells import SheetCells, Styles, Texts
from allocation.sheets.looks import Look

TEXTS = "xl/sharedStrings.xml"
BATCH = 256  # rows put into the file at once
_DATA = LatePattern(r"<sheetData(?:/>|>.*?</sheetData>)", re.DOTALL)
_ROW = LatePattern(r'<row r="(?P<row>\d+)"(?: spans="[^"]*")?(?P<said>[^>]*?)/?>')
_EXTENT = LatePattern(r'(?<=<dimension ref=")[^"]*')
_STYLE = LatePattern(r'<c r="[A-Z]+\d+"(?P<style> s="\d+")')


def write_package(path: Path, shell: BinaryIO, sheets: Sequence[SheetCells], looks: Sequence[Look], shown: int) -> None:
    """Row `shown` of the shell's first sheet has a cell of each look in turn: from there their numbers are known.

    The same cells in the same shell give the same bytes. What could not be written whole is not left.
    """
    try:
        with ZipFile(shell) as parts, ZipFile(path, "w", ZIP_DEFLATED) as file:
            texts, cells = Texts(), {_part(number): held for number, held in enumerate(sheets, start=1)}
            styles: dict[Look | None, str] = {None: ""}
            styles.update(zip(looks, _styles(_text(parts, _part(1)), shown), strict=True))
            for name in sorted(parts.namelist(), key=lambda name: name == TEXTS):  # last: every sheet has told its own
                info = ZipInfo(name, parts.getinfo(name).date_time)
                info.compress_type = ZIP_DEFLATED
                if name in cells:
                    _stream(file, info, _filled(_text(parts, name), cells[name], styles, texts))
                elif name == TEXTS:
                    _stream(file, info, texts.xml())
                else:
                    file.writestr(info, parts.read(name))
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def _part(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


def _text(parts: ZipFile, name: str) -> str:
    return parts.read(name).decode("utf-8")


def _styles(sheet: str, row: int) -> list[str]:
    """How each cell of a row names its style."""
    of_row = sheet.partition(f'<row r="{row + 1}"')[2].partition("</row>")[0]
    return _STYLE.findall(of_row)


def _filled(shell: str, cells: SheetCells, styles: Styles, texts: Texts) -> Iterator[str]:
    """The XML of a sheet with these cells for its own; its rows stay as high as they are."""
    data = _DATA.search(shell)
    if data is None:
        raise ValueError(shell[:200])
    yield f"{_EXTENT.sub(cells.extent(), shell[: data.start()], count=1)}<sheetData>"
    heights = {int(row["row"]) - 1: row["said"] for row in _ROW.finditer(data[0]) if row["said"]}
    yield from cells.xml(heights, styles, texts)
    yield f"</sheetData>{shell[data.end() :]}"


def _stream(file: ZipFile, info: ZipInfo, pieces: Iterator[str]) -> None:
    with file.open(info, "w") as entry:
        while some := "".join(islice(pieces, BATCH)):
            entry.write(some.encode("utf-8"))
