"""Two files of the same name: equal byte for byte, equal in all they say, or different and where."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from allocation.classes import dataclass
from allocation.documents.in_word import lines_at
from allocation.record.in_book import SHEET as RECORD_SHEET
from allocation.verify.comparing import normal
from allocation.verify.reopened import OpenSheet, open_sheets
from allocation.xlsx.layout import letters


@dataclass(frozen=True)
class Told:
    """`state`: absent (of the old one), same, archive (only the file's packing differs) or differs."""

    state: str
    differences: tuple[Mapping[str, str], ...] = ()


def compare_files(old: Path, new: Path) -> Told:
    if not old.is_file():
        return Told("absent")
    if old.read_bytes() == new.read_bytes():
        return Told("same")
    if new.suffix == ".json":
        return Told("archive")  # records are compared field by field
    compare = {".xlsx": _cells, ".docx": _document}.get(new.suffix, _lines)
    differences = compare(old, new)
    return Told("differs", tuple(differences)) if differences else Told("archive")


def _lines(old: Path, new: Path) -> list[Mapping[str, str]]:
    before, after = (path.read_text("utf-8-sig", "replace").splitlines() for path in (old, new))
    lines = [(at, a, b) for at, (a, b) in enumerate(zip(before, after, strict=False), start=1) if a != b]
    differences: list[Mapping[str, str]] = [{"place": str(at), "old": a[:80], "new": b[:80]} for at, a, b in lines]
    if len(before) != len(after):
        differences.append({"place": "—", "old": str(len(before)), "new": str(len(after))})
    return differences


def _document(old: Path, new: Path) -> list[Mapping[str, str]]:
    """Every line of a Word file that stands otherwise."""
    before, after = ({line.place: " | ".join(line.cells) for line in lines_at(path)} for path in (old, new))
    return [
        {"place": place, "old": before.get(place, "—")[:80], "new": after.get(place, "—")[:80]}
        for place in dict.fromkeys([*before, *after])
        if before.get(place) != after.get(place)
    ]


def _cells(old: Path, new: Path) -> list[Mapping[str, str]]:
    """Every cell whose formula, value or number format differs; the record is compared by itself."""
    differences: list[Mapping[str, str]] = []
    before, after = ({sheet.title: _held(sheet) for sheet in open_sheets(path)} for path in (old, new))
    for title in dict.fromkeys([*before, *after]):
        if title == RECORD_SHEET:
            continue
        mine, theirs = before.get(title), after.get(title)
        if mine is None or theirs is None:
            differences.append(
                {"place": title, "old": "✓" if mine is not None else "—", "new": "✓" if theirs is not None else "—"}
            )
            continue
        for row, column in sorted({*mine, *theirs}):
            a, b = mine.get((row, column)), theirs.get((row, column))
            if a != b and _as_meant(a) != _as_meant(b):
                differences.append({"place": f"{title}!{letters(column)}{row + 1}", "old": _said(a), "new": _said(b)})
    return differences


def _as_meant(cell: tuple[object, ...] | None) -> tuple[object, ...] | None:
    """A cell with its formula as every program spells it: earlier versions wrote other quotes and brackets."""
    return (normal(cell[0], {}), *cell[1:]) if cell and isinstance(cell[0], str) else cell


def _said(cell: tuple[object, ...] | None) -> str:
    return "—" if cell is None else " · ".join(str(part) for part in cell if part is not None)[:80]


def _held(sheet: OpenSheet) -> dict[tuple[int, int], tuple[object, ...]]:
    """Of each cell that holds something its formula, its value and its number format; texts as they are show alike."""
    return {
        place: (
            sheet.formulas.get(place),
            sheet.values.get(place),
            None if _plain(sheet, place) else sheet.formats.get(place),
        )
        for place in {*sheet.formulas, *sheet.values}
    }


def _plain(sheet: OpenSheet, place: tuple[int, int]) -> bool:
    """A text under one of the two formats that show a text as it is."""
    text = isinstance(sheet.values.get(place), str) and place not in sheet.formulas
    return text and sheet.formats.get(place, "General") in ("General", "@")
