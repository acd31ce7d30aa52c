"""The same rows as a text file or a DBF file, where a system takes those: UTF-8 with BOM, GB18030, code page 936."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.text_out import csv_rows
from allocation.filling.lines import FillLine, Value, imported
from allocation.xlsx.import_mapping import ImportColumnSpec
from allocation.xlsx.import_mapping import Mapping as Layout
from allocation.xlsx.importing import csv_text

PAGE = "cp936"  # code page 936, GBK; 0x4D in the head of a DBF file
NAME_BYTES, TEXT_BYTES, NUMBER_SIGNS = 10, 254, 18  # what a DBF file holds


def csv_bytes(layout: Layout, lines: Sequence[FillLine], encoding: str) -> bytes:
    """Headings and rows, CRLF; `utf-8` with its mark, GB18030 without one."""
    out = StringIO(newline="")
    rows = [[_text(column, line.values[column.name]) for column in layout.columns] for line in imported(lines, layout)]
    csv_rows(out, [[column.zh for column in layout.columns], *rows])
    return out.getvalue().encode("utf-8-sig" if encoding == "utf-8" else encoding)


def _text(column: ImportColumnSpec, value: Value) -> str:
    return csv_text(value, column.decimals, True)


# ---- DBF


@dataclass(frozen=True)
class DbfField:
    """`width` in bytes; `decimals` None for a text."""

    name: str
    width: int
    decimals: int | None

    @property
    def spec(self) -> str:
        kind = f"C({self.width})" if self.decimals is None else f"N({self.width},{self.decimals})"
        return f"{self.name} {kind}"


def dbf_bytes(layout: Layout, lines: Sequence[FillLine], date: str) -> bytes:
    """dBase III with code page 936. Raises what it cannot hold, and where the library is missing.

    `date`: the day it says it was written, as 2024-05-06."""
    dbf = library()
    kept, problems = imported(lines, layout), list[Problem]()
    texts = [[_text(column, line.values[column.name]) for line in kept] for column in layout.columns]
    fields = [_field(layout, column, held, kept, problems) for column, held in zip(layout.columns, texts, strict=True)]
    _once(layout, fields, problems)
    if problems:
        raise AllocationError(problems)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "import.dbf")
        table = dbf.Table(str(path), "; ".join(field.spec for field in fields), codepage=PAGE, dbf_type="db3")
        with table.open(dbf.READ_WRITE):
            for row in zip(*texts, strict=True):
                table.append(tuple(_held(field, text) for field, text in zip(fields, row, strict=True)))
        data = path.read_bytes()
    year, month, day = map(int, date.split("-"))
    return data[:1] + bytes([year - 1900, month, day]) + data[4:]


def library() -> Any:
    """The library for DBF files, which few need."""
    try:
        import dbf
    except ImportError:
        raise AllocationError(Problem("filling.needs_dbf")) from None
    return dbf


def _held(field: DbfField, text: str) -> str | Decimal | None:
    if field.decimals is None:
        return text
    return Decimal(text) if text else None


def _field(
    layout: Layout, column: ImportColumnSpec, texts: Sequence[str], lines: Sequence[FillLine], problems: list[Problem]
) -> DbfField:
    """A field as wide as what it holds; what no field holds joins `problems`."""
    where = f"{layout.file}: [[column]] {column.name} · field"
    name = column.field or column.zh
    if _bytes(name) is None or not 0 < len(_bytes(name) or b"") <= NAME_BYTES or not name.isidentifier():
        problems.append(Problem("filling.field_name", {"name": name, "most": NAME_BYTES}, where))
    held = [_bytes(text) for text in texts]
    for text, line, data in zip(texts, lines, held, strict=True):
        if data is None:
            signs = [sign for sign in text if _bytes(sign) is None]
            problems.append(Problem("filling.field_sign", {"signs": signs, "text": text, "unit": line.called}, where))
    width = max([1, *(len(data) for data in held if data)])
    number = any(isinstance(line.values[column.name], Fraction) for line in lines)
    if width > (NUMBER_SIGNS if number else TEXT_BYTES):
        problems.append(Problem("filling.field_wide", {"width": width}, where))
    return DbfField(name, width, (column.decimals or 0) if number else None)


def _bytes(text: str) -> bytes | None:
    """As code page 936 has it, None where it does not."""
    try:
        return text.encode(PAGE)
    except UnicodeEncodeError:
        return None


def _once(layout: Layout, fields: Sequence[DbfField], problems: list[Problem]) -> None:
    names: dict[str, str] = {}
    for column, field in zip(layout.columns, fields, strict=True):
        other = names.setdefault(field.name.upper(), column.name)
        if other != column.name:
            slots = {"name": field.name, "other": other}
            problems.append(Problem("filling.field_twice", slots, f"{layout.file}: [[column]] {column.name} · field"))
