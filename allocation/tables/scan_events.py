"""The slow and sure way through a sheet's XML, event by event, for sheets that are not written in the plain shape."""

from __future__ import annotations

from collections.abc import Sequence
from xml.parsers import expat

import numpy as np

from allocation.tables.scan import Blocks, CellStretch, Odd, Scan, add_columns, area, check_address, hides, whole

_BLOCK = 20_000  # cells that are turned into arrays at a time


def scan_events(data: bytes, shared: Sequence[str]) -> Scan:
    """`data` is a sheet's part as UTF-8. Raises Odd where it is no well-formed XML, or defines entities."""
    walk = _SheetEvents(Scan(list(shared)), len(shared))
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = walk.start, walk.end
    parser.CharacterDataHandler = walk.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Odd("tables.damaged") from error
    if not walk.seen:
        raise Odd("tables.damaged")
    walk.flush()
    walk.blocks.close()
    return walk.found


def _refuse(*_: object) -> None:
    raise Odd("tables.entities")


class _SheetEvents:
    """Rows and cells without an address follow the one before."""

    def __init__(self, scan: Scan, shared: int):
        self.found, self.blocks = scan, Blocks(scan, shared)
        self.row, self.column = -1, -1
        self.within: list[str] = []
        self.seen = False
        self.types: dict[tuple[int, str], int] = {}
        self.pairs: list[tuple[int, str]] = []
        self.cells: list[tuple[object, ...]] = []  # row, column, code, formula's tag, value, empty value, own text
        self._clear()

    def _clear(self) -> None:
        self.formula: bytes | None = None
        self.value: list[str] | None = None
        self.own: list[str] | None = None

    def start(self, tag: str, given: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        self.within.append(tag)
        match tag:
            case "sheetData":
                self.seen = True
            case "col":
                add_columns(given, self.found)
            case "mergeCell":
                merged = area(given.get("ref", ""))
                self.found.merges += [merged] if merged else []
            case "row":
                self.row = int(given["r"]) - 1 if given.get("r", "").isdigit() else self.row + 1
                self.column = -1
                if hides(given, "ht"):
                    self.found.hidden_rows.add(self.row)
            case "c":
                self._cell(given)
            case "f":
                self.formula = "<f {}>".format(" ".join(f'{key}="{value}"' for key, value in given.items())).encode()
            case "v":
                self.value = []
            case "is":
                self.own = []

    def _cell(self, given: dict[str, str]) -> None:
        place = area(given.get("r", ""))
        row, self.column = (place.top, place.left) if place else (self.row, self.column + 1)
        check_address(row, self.column)
        pair = whole(given.get("s", "0")), given.get("t", "n")
        if pair not in self.types:
            self.types[pair] = len(self.pairs)
            self.pairs.append(pair)
        self._clear()
        self.cells.append((row, self.column, self.types[pair]))

    def text(self, text: str) -> None:
        tag = self.within[-1] if self.within else ""
        if tag == "v" and self.value is not None:
            self.value.append(text)
        elif tag == "t" and self.own is not None and "rPh" not in self.within[-3:]:
            self.own.append(text)

    def end(self, tag: str) -> None:
        self.within.pop()
        if tag.rpartition(":")[2] != "c":
            return
        value = "".join(self.value) if self.value is not None else None
        inline = "".join(self.own) if self.own is not None else None
        if self.formula is None and not value and inline is None:
            self.cells.pop()
            return
        # What the blocks unescape is escaped again: one way of reading values.
        self.cells[-1] += (self.formula, _raw(value), b"<v/>" if value == "" else None, _run(inline))
        if len(self.cells) >= _BLOCK:
            self.flush()

    def flush(self) -> None:
        if not self.cells:
            return
        rows, columns, codes, *rest = zip(*self.cells, strict=True)
        self.cells = []
        arrays = np.array(rows, np.int64), np.array(columns, np.int64), np.array(codes, np.int32)
        self.blocks.add(CellStretch(*arrays, self.pairs, *rest))


def _raw(text: str | None) -> bytes | None:
    return None if text is None else text.replace("&", "&amp;").replace("<", "&lt;").encode()


def _run(text: str | None) -> bytes | None:
    raw = _raw(text)
    return None if raw is None else b"<t>" + raw + b"</t>"
