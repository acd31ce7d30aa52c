"""A receiving system's template as it was given: its sheets, and of the one to be filled which cells may be filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest
from allocation.files.limits import COLUMNS
from allocation.filling.validations import ListedArea, Validation, named_areas, validations_of
from allocation.opening.formula_cells import FormulaCells
from allocation.opening.splicing import SheetBytes
from allocation.tables.cells import SourceSheet, letters
from allocation.tables.grid import read_bytes
from allocation.tables.package import Package, local
from allocation.tables.scan import CellArea, area
from allocation.tables.spelling import fold
from allocation.tables.xlsx import ListedSheet, listed_sheets

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

OLD = bytes.fromhex("d0cf11e0a1b11ae1")  # how xls begins
KINDS = (".xlsx", ".xlsm")
SIGNED = "_xmlsignatures/"


@dataclass(frozen=True)
class GivenTemplate:
    """`listed`: all sheets of it, hidden ones too; `listed_here` the one to be filled."""

    file: str
    data: bytes
    package: Package
    listed: Sequence[ListedSheet]
    listed_here: ListedSheet

    @cached_property
    def sheet(self) -> SourceSheet:
        return self.listed_here.read()

    def sheet_named(self, name: str) -> SourceSheet | None:
        """Any sheet, hidden or not."""
        if fold(name) not in self._read:
            self._read[fold(name)] = next((each.read() for each in self.listed if fold(each.name) == fold(name)), None)
        return self._read[fold(name)]

    @cached_property
    def _read(self) -> dict[str, SourceSheet | None]:
        return {}

    @cached_property
    def _content(self) -> bytes:
        return self.package.read(self.listed_here.part)

    @cached_property
    def _tree(self) -> Element:
        return self.package.parsed(self._content)

    def refuse_damaged(self) -> None:
        """Raises AllocationError where the sheet to be filled is no XML: other readers pass over what they skip."""
        _ = self._tree  # which is parsed when it is first asked for

    @cached_property
    def _places(self) -> SheetBytes:
        return SheetBytes(self._content)

    @cached_property
    def formulas(self) -> frozenset[tuple[int, int]]:
        """Cells that a formula stands in, or one that fills several."""
        cells = FormulaCells(self._content)
        return frozenset([*cells.formulas, *(place for span in cells.arrays for place in cells.within(span))])

    @cached_property
    def merged(self) -> Sequence[CellArea]:
        merges = (element for element in self._tree.iter() if local(element.tag) == "mergeCell")
        return [span for merge in merges if (span := area(merge.get("ref", "")))]

    @cached_property
    def protected(self) -> bool:
        protection = next((each for each in self._tree.iter() if local(each.tag) == "sheetProtection"), None)
        return protection is not None and protection.get("sheet", "0") in ("1", "true")

    @cached_property
    def _locks(self) -> Sequence[bool]:
        """Of each style of cells whether it locks them, as it does unless it says otherwise."""
        styles = next((each.target for each in self.package.relations(self._book) if each.kind == "styles"), "")
        if not styles or styles not in self.package:
            return ()
        tree = self.package.tree(styles)
        formats = (xf for part in tree if local(part.tag) == "cellXfs" for xf in part if local(xf.tag) == "xf")
        return [all(each.get("locked", "1") in ("1", "true") for each in xf if local(each.tag) == "protection")
                for xf in formats]  # fmt: skip

    @property
    def _book(self) -> str:
        return next(each.target for each in self.package.relations() if each.kind == "officedocument")

    def _style(self, row: int, column: int) -> int:
        text = self._places.style(row, column)
        return int(text) if text.isdigit() else 0

    def locked(self, row: int, column: int) -> bool:
        """Whether the sheet is protected and the cell with it."""
        style = self._style(row, column)
        return self.protected and (style >= len(self._locks) or self._locks[style])

    def format(self, row: int, column: int) -> str:
        """How the cell shows numbers."""
        formats = self.listed_here.styles.formats
        return formats[min(self._style(row, column), len(formats) - 1)]

    def covered(self, row: int, column: int) -> bool:
        """Whether the cell is part of a merged area and not its first."""
        return any(span.top <= row <= span.bottom and (row, column) != (span.top, span.left)
                   for span in self._merged_over.get(column, ()))  # fmt: skip

    @cached_property
    def _merged_over(self) -> Mapping[int, Sequence[CellArea]]:
        """Merged areas by each column that they cover."""
        by_column: dict[int, list[CellArea]] = {}
        for span in self.merged:
            for column in range(span.left, min(span.right, COLUMNS) + 1):
                by_column.setdefault(column, []).append(span)
        return by_column

    def choices(self, rule: Validation) -> Mapping[str, str] | None:
        """The entries of a list, wherever in the book they stand, by how they are compared; None where that cannot be
        told."""
        if rule not in self._choices:
            self._choices[rule] = self._listed(rule)
        return self._choices[rule]

    @cached_property
    def _choices(self) -> dict[Validation, Mapping[str, str] | None]:
        return {}

    def _listed(self, rule: Validation) -> Mapping[str, str] | None:
        held = rule.choices(self.names)
        if held is None:
            return None
        if isinstance(held, ListedArea):
            sheet = self.sheet_named(held.sheet) if held.sheet else self.sheet
            if sheet is None:
                return None
            rows = range(held.cells.top, min(held.cells.bottom + 1, len(sheet.rows)))
            columns = range(held.cells.left, min(held.cells.right, COLUMNS) + 1)
            held = [cell.text for row in rows for column in columns if not (cell := sheet.cell(row, column)).empty]
        return {fold(text): text for text in held}

    def entries(self, rule: Validation) -> list[tuple[str, str]]:
        """The entries of a list, each with the text beside it on its sheet; none where it cannot be told."""
        held = rule.choices(self.names)
        if not isinstance(held, ListedArea):
            return [(text, "") for text in held or ()]
        sheet = self.sheet_named(held.sheet) if held.sheet else self.sheet
        rows = range(held.cells.top, min(held.cells.bottom + 1, len(sheet.rows))) if sheet else range(0)
        column, entries = held.cells.left, list[tuple[str, str]]()
        for row in rows:
            assert sheet is not None  # there would be no rows
            beside = [sheet.cell(row, at).text for at in (column - 1, column + 1) if at >= 0] if held.sheet else []
            if not sheet.cell(row, column).empty:
                entries.append((sheet.cell(row, column).text, next(filter(None, beside), "")))
        return entries

    @cached_property
    def validations(self) -> Sequence[Validation]:
        return [*validations_of(self._tree)]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What each defined name stands for."""
        return named_areas(self.package.tree(self._book))

    def where(self, row: int, column: int) -> str:
        return f"{self.file}: {self.listed_here.name}!{letters(column)}{row + 1}"


def read_template(path: Path, sheet: str) -> GivenTemplate:
    """Raises AllocationError for what is no workbook that can be filled without loss, and for a sheet it lacks."""
    return template_of(path.name, _template_bytes(path), sheet)


def shown_sheets(path: Path) -> list[str]:
    """The names of the sheets of a template that are not hidden. Raises as `read_template`."""
    return [each.name for each in listed_sheets(Package(path.name, _template_bytes(path))) if each.shown]


def _template_bytes(path: Path) -> bytes:
    data = read_bytes(path)
    if data.startswith(OLD) or path.suffix.lower() not in KINDS:
        raise AllocationError(Problem("filling.kind", {"ending": path.suffix or "—"}, path.name))
    return data


def template_of(file: str, data: bytes, sheet: str) -> GivenTemplate:
    """The same of bytes."""
    package = Package(file, data)
    listed = listed_sheets(package)
    if any(name.startswith(SIGNED) for name in package.names()):
        raise AllocationError(Problem("filling.signed", where=file))
    shown = [each for each in listed if each.shown]
    here = [each for each in shown if fold(each.name) == fold(sheet)] if sheet else shown
    if len(here) != 1:
        raise AllocationError(_no_sheet(file, sheet, listed))
    template = GivenTemplate(file, data, package, listed, here[0])
    template.refuse_damaged()
    return template


def _no_sheet(file: str, sheet: str, listed: Sequence[ListedSheet]) -> Problem:
    shown = [each.name for each in listed if each.shown]
    hidden = [each.name for each in listed if not each.shown and fold(each.name) == fold(sheet)]
    slots = {"sheet": sheet, "known": shown, "nearest": nearest(sheet, shown) if sheet else ""}
    message = "sheet_hidden" if hidden else "no_sheet" if sheet else "which_sheet"
    return Problem(f"filling.{message}", slots, file)
