"""Codes of a receiving system by what they mean: from the layout, a sheet of the template, or a CSV file beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import Problem, nearest, tried
from allocation.filling.headings import headings_of
from allocation.filling.template import GivenTemplate
from allocation.tables.cells import SourceSheet
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.spelling import fold
from allocation.xlsx.import_mapping import CodesSpec, ImportColumnSpec
from allocation.xlsx.import_mapping import Mapping as Layout


@dataclass(frozen=True)
class CodeList:
    """`codes` by what they mean, folded, in the order of the list; `texts`: the same as they are written."""

    codes: Mapping[str, str]
    texts: tuple[str, ...]

    def code(self, text: str) -> str | None:
        return self.codes.get(fold(text))


def code_lists(layout: Layout, template: GivenTemplate | None, problems: list[Problem]) -> dict[str, CodeList]:
    """Every list of a layout by its name; what is wrong with one joins `problems`."""
    lists = {}
    for spec in layout.codes:
        where = f"{layout.file}: [[codes]] {spec.name}"
        pairs = [(text, code, where) for text, code in spec.values.items()]
        if spec.sheet or spec.file:
            sheet = _sheet(layout, spec, template, where, problems)
            pairs = _pairs(sheet, spec, where, problems) if sheet else []
            if sheet is None:
                continue
        lists[spec.name] = _list(pairs, problems)
    return lists


def _sheet(
    layout: Layout, spec: CodesSpec, template: GivenTemplate | None, where: str, problems: list[Problem]
) -> SourceSheet | None:
    """The sheet a list stands on; None where there is none, which joins `problems`."""
    if spec.file:
        sheets = tried(problems, _opened, layout.folder / spec.file)
        return sheets[0] if sheets else None
    sheet = template.sheet_named(spec.sheet) if template else None
    if sheet is None:
        known = [each.name for each in template.listed] if template else []
        slots = {"sheet": spec.sheet, "known": known, "nearest": nearest(spec.sheet, known) or "—"}
        problems.append(Problem("filling.no_code_sheet", slots, where))
    return sheet


def _opened(path: Path) -> list[SourceSheet]:
    return open_grid(path, read_bytes(path))


def _pairs(sheet: SourceSheet, spec: CodesSpec, where: str, problems: list[Problem]) -> list[tuple[str, str, str]]:
    """Meaning, code and cell of each, below the first row that has both headings."""
    for row in range(len(sheet.rows)):
        places = {fold(heading.path): heading.column for heading in headings_of(sheet, [row])}
        if fold(spec.text) in places and fold(spec.code) in places:
            text, code = places[fold(spec.text)], places[fold(spec.code)]
            return [(sheet.cell(at, text).text, sheet.cell(at, code).text, sheet.where(at, text))
                    for at in range(row + 1, len(sheet.rows)) if not sheet.cell(at, text).empty]  # fmt: skip
    slots = {"text": spec.text, "code": spec.code, "sheet": sheet.name or sheet.file}
    problems.append(Problem("filling.no_code_headings", slots, where))
    return []


def _list(pairs: Sequence[tuple[str, str, str]], problems: list[Problem]) -> CodeList:
    codes: dict[str, str] = {}
    for text, code, where in pairs:
        if not code or codes.setdefault(fold(text), code) != code:
            slots = {"text": text, "code": code, "other": codes.get(fold(text), "")}
            problems.append(Problem("filling.code_twice" if code else "filling.code_blank", slots, where))
    return CodeList(codes, tuple(text for text, _, _ in pairs))


def coded(
    column: ImportColumnSpec, text: str, lists: Mapping[str, CodeList], where: str, problems: list[Problem]
) -> str:
    """A text as the receiving system writes it; what has no code joins `problems`. A blank stays blank."""
    if not text:
        return text
    if column.codes is not None:
        held = lists.get(column.codes)
        if held is None:
            return text  # what is wrong with the list was said
        code = held.code(text)
        if code is None:
            slots = {"text": text, "codes": column.codes, "nearest": nearest(text, held.texts) or "—"}
            problems.append(Problem("filling.no_code", slots, where))
        text = code or text
    if column.digits is not None and len(text) > column.digits:
        problems.append(Problem("filling.code_long", {"code": text, "digits": column.digits}, where))
    return text.ljust(column.digits or 0, "0")
