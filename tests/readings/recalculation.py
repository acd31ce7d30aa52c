"""Recalculating a result workbook with something that is not this program: formualizer in memory, or LibreOffice.

`recorded(run)` is the workbook the real writers write, kept in memory without a file's cost. `differences` compares
what is stored beside every formula with what the formula gives.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch
from xml.sax.saxutils import escape

import formualizer
import openpyxl
import pytest

from allocation.finding import HOUSE
from allocation.run import Run
from allocation.workbook import writer
from allocation.workbook.importing import find_mapping
from allocation.workbook.layout import FIRST, WHOLE, Layout, letters

ERROR = "#"
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
SLACK = 1e-9


@dataclass(frozen=True)
class Formula:
    text: str
    value: object


@dataclass
class Sheet:
    """Takes what the writers write; looks are dropped."""

    name: str
    cells: dict[tuple[int, int], object] = field(default_factory=dict)

    def write(self, row, column, value=None, style=None):
        assert not str(value).startswith("="), "a formula must be written with its value"
        if value is not None and value != "":
            self.cells[row, column] = value

    write_string = write_number = write_blank = write

    def write_comment(self, *args, **more):
        """Shown beside a cell; no part of it."""

    def write_formula(self, row, column, text, style=None, value=0):
        self.cells[row, column] = Formula(text.removeprefix("="), value)

    def write_url(self, row, column, url, style=None, text=""):
        self.write(row, column, text)

    def merge_range(self, row, column, last_row, last_column, value, style=None):
        self.write(row, column, value)

    def __getattr__(self, name):
        if name.startswith("write"):
            raise AttributeError(name)  # a kind of cell this class should know
        return lambda *args, **more: None


class Book:
    """Stands in for xlsxwriter.Workbook."""

    def __init__(self, *args, **more):
        self.sheets: dict[str, Sheet] = {}
        self.names: dict[str, str] = {}

    def add_worksheet(self, name, kind=None):
        return self.sheets.setdefault(name, Sheet(name))

    def add_format(self, wanted=None):
        return SimpleNamespace(**{"num_format": "General", **(wanted or {})})

    def define_name(self, name, target):
        self.names[name] = target.removeprefix("=")

    def __getattr__(self, name):
        return lambda *args, **more: None

    def formulas(self) -> dict[tuple[str, int, int], Formula]:
        """Every formula cell by (sheet, row, column), counted from one."""
        return {
            (sheet.name, row + 1, column + 1): cell
            for sheet in self.sheets.values()
            for (row, column), cell in sheet.cells.items()
            if isinstance(cell, Formula)
        }

    def opened(self) -> formualizer.Workbook:
        """The bare workbook, without stored figures, in formualizer."""
        return formualizer.Workbook.from_bytes(_package(self))


def recorded(run: Run, lang: str = "zh", mapping=None) -> Book:
    """What `write_workbook` writes; the sheets of text only, which hold no formula, are left empty."""
    made: list[Book] = []

    def book(*args, **more):
        made.append(Book())
        return made[0]

    idle = lambda *args, **more: None  # noqa: E731
    with (
        patch.object(writer.xlsxwriter, "Workbook", book),
        patch.object(writer, "write_notes", idle),
        patch.object(writer, "write_trace", idle),
    ):
        writer.write_workbook(run, Path("unwritten.xlsx"), lang, {}, mapping)
    return made[0]


def written(run: Run) -> Book:
    """With the import sheet the command line gives it."""
    return recorded(run, mapping=find_mapping(run.model, HOUSE / "models"))


def recalculated(book: Book, opened: formualizer.Workbook | None = None) -> dict[tuple[str, int, int], object]:
    """The figures of all formula cells as formualizer works them out."""
    opened = opened or book.opened()
    opened.evaluate_all()
    return {place: plain(opened.get_value(*place)) for place in book.formulas()}


def differences(book: Book, found: Mapping) -> list[tuple]:
    """(place, stored, found, formula) wherever a formula does not give what is stored beside it; errors are alike."""
    return [
        (place, formula.value, found.get(place), formula.text)
        for place, formula in book.formulas().items()
        if not same(formula.value, found.get(place)) and not _next_billionth(formula, found.get(place))
    ]


def _next_billionth(formula: Formula, found: object) -> bool:
    """A remainder is counted in billionths; the last place kept of a quota may be rounded either way."""
    return formula.text.endswith("*1E9,0)") and is_number(found) and abs(formula.value - found) <= 1000


def same(one: object, other: object, slack: float = SLACK) -> bool:
    one, other = plain(one), plain(other)
    if is_number(one) and is_number(other):
        return abs(one - other) <= slack * max(1, abs(one))
    return one == other


def plain(value: object) -> object:
    """A cell's value: errors are `#`, blanks an empty text, truths 1 and 0."""
    if value is None:
        return ""
    if isinstance(value, dict) or type(value).__name__ == "ExcelError" or str(value).startswith(ERROR):
        return ERROR
    if isinstance(value, bool):
        return int(value)
    return float(value) if isinstance(value, Fraction) else value


def is_number(value: object) -> bool:
    return isinstance(value, int | float)


# ---- the engine beside the workbook


def places(run: Run, name: str, lang: str = "zh") -> list[tuple[str, int, int]]:
    """The cells of a column on 测算: one a county, or its one cell."""
    layout = Layout(run.model, len(run.table), lang)
    rows = [WHOLE + 1] if run.model.columns[name].shape == "scalar" else range(layout.first, layout.last + 1)
    return [(layout.names["calculation"], row, layout.columns[name] + 1) for row in rows]


def figures(run: Run, name: str) -> list[object]:
    if run.model.columns[name].shape == "scalar":
        return [run.figure(name)]
    return list(run.figures(name))


def unequal(run: Run, found: Mapping, lang: str = "zh") -> list[tuple]:
    """(column, place, engine, workbook) where 测算 is not the engine's."""
    return [
        (name, place, plain(value), plain(found.get(place)))
        for name in run.model.columns
        for place, value in zip(places(run, name, lang), figures(run, name), strict=True)
        if not equals(value, plain(found.get(place)))
    ]


def equals(value: object, found: object) -> bool:
    """To 1e-9, and a decimal of at most fourteen digits exactly once rounded to its own places."""
    decimals = places_of(value) if isinstance(value, Fraction) else None
    fine = same(value, found)
    if decimals is None or not is_number(found):
        return fine
    return fine and Fraction(repr(round(float(found), decimals))) == value


def places_of(value: Fraction) -> int | None:
    for decimals in range(10):
        if (value * 10**decimals).denominator == 1:
            return decimals if len(str(int(abs(value)))) + decimals <= 14 else None
    return None


def state_cells(run: Run, lang: str = "zh") -> list[tuple[str, int, int]]:
    sheet = Layout(run.model, len(run.table), lang).names["checks"]
    return [(sheet, 4, 3), (sheet, 5, 3)]


def states(run: Run, found: Mapping, lang: str = "zh") -> list:
    """What 核对 counts in the data, and in all: 0 lets the awards show."""
    return [plain(found[cell]) for cell in state_cells(run, lang)]


def award_cells(run: Run, book: Book) -> list[tuple[str, int, int]]:
    """The award on 测算, its column on 分配表 with totals, and every live figure of 导入表."""
    layout = Layout(run.model, len(run.table), "zh")
    column = letters(layout.columns[run.model.award])
    mine = f"'{layout.names['calculation']}'!${column}"
    formulas = book.formulas()
    printed = {
        place[2]
        for place, formula in formulas.items()
        if place[0] == layout.names["award"] and re.search(rf"{re.escape(mine)}\d", formula.text)
    }
    return [
        place
        for place in formulas
        if place[0] == layout.names["import"]
        or (place[0] == layout.names["award"] and place[2] in printed)
        or (place[0] == layout.names["calculation"] and letters(place[2] - 1) == column and layout.first <= place[1])
    ]


def inputs(run: Run, lang: str = "zh") -> dict[tuple[str, int, int], object]:
    """Every cell of 数据 and 参数 a person may edit, with this run's figure; and 次序, which breaks ties."""
    layout = Layout(run.model, len(run.table), lang)
    sheet = layout.names["data"]
    found: dict[tuple[str, int, int], object] = {
        (sheet, FIRST + row + 1, 1): order for row, order in enumerate(run.table.order)
    }
    for name, column in layout.inputs.items():
        values = run.table.values.get(name, (None,) * len(run.table))
        for row, value in enumerate(values):
            found[sheet, FIRST + row + 1, column + 1] = value
    sheet = layout.names["parameters"]
    for name, entry in run.model.parameters.items():
        values = [band.value for band in entry.bands] or [value for _, value in entry.values] or [entry.value]
        for row, value in zip(layout.rows[name], values, strict=True):
            found[sheet, row + 1, 3] = value
    return found


def put(opened: formualizer.Workbook, cells: Mapping[tuple[str, int, int], object], before: Mapping = ()) -> None:
    """Types figures into cells; those that `before` says are there already are left."""
    for place, value in cells.items():
        if place not in before or before[place] != value:
            opened.set_value(*place, None if value is None else plain(value))


def parameter_cell(run: Run, name: str, lang: str = "zh") -> tuple[str, str]:
    layout = Layout(run.model, len(run.table), lang)
    return layout.names["parameters"], f"C{layout.rows[name][0] + 1}"


def input_cell(run: Run, name: str, row: int, lang: str = "zh") -> tuple[str, str]:
    layout = Layout(run.model, len(run.table), lang)
    return layout.names["data"], f"{letters(layout.inputs[name])}{FIRST + row + 1}"


# ---- files


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


def _sheet(sheet: Sheet) -> str:
    rows: dict[int, list[str]] = {}
    for (row, column), value in sorted(sheet.cells.items()):
        rows.setdefault(row, []).append(_cell(f"{letters(column)}{row + 1}", value))
    inner = "".join(f'<row r="{row + 1}">{"".join(cells)}</row>' for row, cells in rows.items())
    return f"<worksheet {MAIN}><sheetData>{inner}</sheetData></worksheet>"


def _cell(place: str, value: object, style: str = "") -> str:
    if value is None:
        return f'<c r="{place}"{style}/>'
    if isinstance(value, Formula):
        return f'<c r="{place}"{style}><f>{escape(value.text)}</f></c>'
    if isinstance(value, str):
        return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{place}"{style}><v>{plain(value)!r}</v></c>'


def edit(source: Path, target: Path, cells: Mapping[tuple[str, str], object]) -> Path:
    """A copy of a workbook with some cells typed over in the sheets' own XML: every stored figure stays as it was."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name) for name in old.namelist()}
        for (sheet, place), value in cells.items():
            part = _part_of(parts, sheet)
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


def _part_of(parts: Mapping[str, bytes], sheet: str) -> str:
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


PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""


def needs_libreoffice() -> None:
    if not SOFFICE:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("LibreOffice (soffice) is not installed here")


def libreoffice(files: Iterable[Path], folder: Path) -> dict[str, Path]:
    """All files recalculated by one start of LibreOffice in a profile of its own that always recalculates on load."""
    needs_libreoffice()
    files, out, profile = list(files), folder / "recalculated", folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
    command = [SOFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "xlsx", "--outdir", str(out), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    made = {file.stem: out / f"{file.stem}.xlsx" for file in files}
    missing = [path.name for path in made.values() if not path.exists()]
    assert not missing, f"LibreOffice made no {missing}: {done.stdout}{done.stderr}"
    return made
