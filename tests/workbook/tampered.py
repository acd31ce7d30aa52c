"""What people do to a result workbook, done to the file itself, so that every stored figure stays."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
from recorded_book import edit, part_of

from allocation.record.in_book import SHEET, pieces, text_of
from allocation.record.reading import record_of

Parts = dict[str, bytes]


def tampered(source: Path, target: Path, *steps: Callable[[Parts], None]) -> Path:
    with zipfile.ZipFile(source) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    for step in steps:
        step(parts)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return target


def _replace(parts: Parts, name: str, pattern: str, text: str) -> None:
    """Every match becomes its first group, if the pattern has one, and the text."""
    fresh, count = re.subn(
        pattern, lambda found: (found[1] if found.re.groups else "") + text, parts[name].decode("utf-8")
    )
    assert count, f"{pattern} is not in {name}"
    parts[name] = fresh.encode("utf-8")


def hide(sheet: str) -> Callable[[Parts], None]:
    return lambda parts: _replace(
        parts, "xl/workbook.xml", f'<sheet name="{sheet}"', f'<sheet name="{sheet}" state="hidden"'
    )


def rename(sheet: str, new: str) -> Callable[[Parts], None]:
    """As Excel does: every formula follows."""

    def step(parts: Parts) -> None:
        _replace(parts, "xl/workbook.xml", f'<sheet name="{sheet}"', f'<sheet name="{new}"')
        for name in [*parts]:
            if name.startswith("xl/worksheets/sheet") or name == "xl/workbook.xml":
                text = parts[name].decode("utf-8").replace(f"'{sheet}'!", f"'{new}'!")
                parts[name] = re.sub(rf"\b{sheet}!", f"'{new}'!", text).encode("utf-8")

    return step


def remove(sheet: str) -> Callable[[Parts], None]:
    return lambda parts: _replace(parts, "xl/workbook.xml", rf'<sheet name="{sheet}"[^>]*/>', "")


def point_name(name: str, target: str) -> Callable[[Parts], None]:
    return lambda parts: _replace(
        parts, "xl/workbook.xml", rf'<definedName name="{name}">[^<]*<', f'<definedName name="{name}">{target}<'
    )


def reorder(sheet: str, order: Mapping[int, int | None]) -> Callable[[Parts], None]:
    """Rows of the sheet under new numbers, all at once; None deletes a row. Formulas stay as they are."""

    def step(parts: Parts) -> None:
        part = part_of(parts, sheet)
        text = parts[part].decode("utf-8")
        rows = {int(found[1]): found[0] for found in re.finditer(r'<row r="(\d+)"[^>]*(?:/>|>.*?</row>)', text, re.S)}
        fresh = {}
        for number, row in rows.items():
            to = order.get(number, number)
            if to is not None:
                row = re.sub(rf'<row r="{number}"', f'<row r="{to}"', row)
                fresh[to] = re.sub(rf'(<c r="[A-Z]+){number}"', rf'\g<1>{to}"', row)
        body = "".join(fresh[number] for number in sorted(fresh))
        parts[part] = re.sub(r"(<sheetData>).*(</sheetData>)", lambda m: m[1] + body + m[2], text, flags=re.S).encode(
            "utf-8"
        )

    return step


def delete_row(sheet: str, row: int, last: int) -> Callable[[Parts], None]:
    return reorder(sheet, {row: None, **{below: below - 1 for below in range(row + 1, last + 1)}})


def insert_row(sheet: str, row: int, last: int, text: str) -> Callable[[Parts], None]:
    """A typed row between two others."""

    def step(parts: Parts) -> None:
        reorder(sheet, {below: below + 1 for below in range(row, last + 1)})(parts)
        part, place = part_of(parts, sheet), f'<row r="{row + 1}"'
        typed = f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{text}</t></is></c><c r="B{row}"><v>5</v></c></row>'
        parts[part] = parts[part].decode("utf-8").replace(place, typed + place, 1).encode("utf-8")

    return step


def swap_rows(sheet: str, one: int, other: int) -> Callable[[Parts], None]:
    return reorder(sheet, {one: other, other: one})


def as_values(*sheets: str) -> Callable[[Parts], None]:
    """Copied and pasted as values."""

    def step(parts: Parts) -> None:
        for sheet in sheets:
            part = part_of(parts, sheet)
            parts[part] = re.sub(r"<f>.*?</f>", "", parts[part].decode("utf-8"), flags=re.S).encode("utf-8")

    return step


def formula(sheet: str, place: str, text: str) -> Callable[[Parts], None]:
    """Another formula beside the figure that was stored."""

    def step(parts: Parts) -> None:
        _replace(parts, part_of(parts, sheet), rf'(<c r="{place}"[^>]*>)<f>.*?</f>', f"<f>{text}</f>")

    return step


def beside(sheet: str, row: int, column: str, value: float) -> Callable[[Parts], None]:
    """A figure typed to the right of all there is in a row."""
    cell = f'<c r="{column}{row}"><v>{value}</v></c></row>'
    return lambda parts: _replace(parts, part_of(parts, sheet), rf'(<row r="{row}"[^>]*>(?:(?!</row>).)*)</row>', cell)


def re_recorded(source: Path, target: Path, change: Callable[[dict], None], sealed: bool = False) -> Path:
    """With another record in it, `sealed` as if the program had written that."""
    values = {(cell.row - 1, 0): cell.value for cell in openpyxl.load_workbook(source)[SHEET]["A"]}
    content = json.loads(text_of(values))
    change(content)
    texts = pieces(record_of(content, source.name)) if sealed else ["", json.dumps(content)]
    assert len(texts) == len(values) == 2, "one cell holds a small record"
    return edit(source, target, {(SHEET, "A2"): texts[1]})
