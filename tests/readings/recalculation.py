"""Recalculating a result workbook with something that is not this program: formualizer in memory, or LibreOffice.

`recorded(run)` is the workbook the real writers write, kept in memory without a file's cost. `differences` compares
what is stored beside every formula with what the formula gives.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from unittest.mock import patch

import formualizer
import pytest
from recorded_book import (
    Book,
    plain,
)
from shipped import HOUSE

from allocation.record.record import PAPERS, Record
from allocation.run.run import Run
from allocation.sheets.looks import Role
from allocation.xlsx import writer
from allocation.xlsx.importing import find_mapping
from allocation.xlsx.layout import FIRST, WHOLE, Layout, letters

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
SLACK = 1e-9
ARRAYS = re.compile(r"原值|As written")  # EXACT and INT of ranges, which formualizer does not know; LibreOffice does


def recorded(run: Run, lang: str = "zh", mapping=None) -> Book:
    """What `write_workbook` writes; the sheets of text only, which hold no formula, are left empty."""
    book, idle = Book(lang), lambda *args, **more: None
    with patch.object(writer, "write_notes", idle), patch.object(writer, "write_trace", idle):
        writer.write_sheets(book, run, Record("run", papers=PAPERS), mapping)
    texts = [cell for sheet in book.sheets.values() for cell in sheet.cells.values() if isinstance(cell, str)]
    assert not any(text.startswith("=") for text in texts), "a formula must be written with its value"
    return book


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
        if not same(formula.value, found.get(place))
        and not next_billionth(book, place, found.get(place))
        and not ARRAYS.search(formula.text)
    ]


def next_billionth(book: Book, place: tuple[str, int, int], found: object) -> bool:
    """A remainder is counted in billionths; the last place kept of a quota may be rounded either way."""
    sheet, row, column = place
    remainder = book.sheets[sheet].looks[row - 1, column - 1].role is Role.REMAINDER
    return remainder and is_number(found) and abs(book.formulas()[place].value - found) <= 1000


def same(one: object, other: object, slack: float = SLACK) -> bool:
    one, other = plain(one), plain(other)
    if is_number(one) and is_number(other):
        return abs(one - other) <= slack * max(1, abs(one))
    return one == other


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
    """The award on 测算, its column on 附件 and 资金测算表 with totals, and every live figure of 导入表."""
    layout = Layout(run.model, len(run.table), "zh")
    column = letters(layout.columns[run.model.award])
    mine = f"{layout.names['calculation']}!${column}"
    formulas = book.formulas()
    papers = {layout.names[key] for key in ("annex", "award")}
    printed = {
        (place[0], place[2])
        for place, formula in formulas.items()
        if place[0] in papers and re.search(rf"{re.escape(mine)}\d", formula.text)
    }
    return [
        place
        for place in formulas
        if place[0] == layout.names["import"]
        or (place[0], place[2]) in printed
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
