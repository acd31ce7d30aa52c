"""35,000 rows of 15 formulas as a workbook, beside their bare XML: the same cells as text, pressed as hard."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from openpyxl import load_workbook

from allocation.files.text_out import new_book
from allocation.sheets.looks import Role, look
from benchmarks.row import Outcome, in_pairs, outcome

LETTERS = "ABCDEFGHIJKLMNO"
LOOK = look(Role.FIGURE, {"num_format": "0.00"})


def formula(letter: str, row: int) -> str:
    return f"ROUND({letter}{row}*数据!$B${row}/SUM($C$9:$C$35008),6)+IF({letter}{row}=3,1,0)"


def bare(path: Path, rows: int) -> None:
    lines = []
    for row in range(1, rows + 1):
        said = [(f"{letter}{row}", formula(letter, row)) for letter in LETTERS]
        inner = [f'<c r="{place}" s="1"><f>{text}</f><v>{row / 3}</v></c>' for place, text in said]
        lines.append(f'<row r="{row}">{"".join(inner)}</row>')
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("sheet.xml", "".join(lines))


def written(path: Path, rows: int) -> None:
    with new_book(path, "zh") as book:
        sheet = book.add_worksheet("页")
        for column, letter in enumerate(LETTERS):
            for row in range(rows):
                sheet.write_formula(row, column, f"={formula(letter, row + 1)}", LOOK, (row + 1) / 3)


def same(path: Path) -> bool:
    """Whether the file says what was written: formulas and what they gave."""
    told = [load_workbook(path, data_only=values)["页"]["O7"].value for values in (False, True)]
    return told == [f"={formula('O', 7)}", 7 / 3]


def formulas(rows: int) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        written(path, 20)
        assert same(path)
        return outcome(in_pairs(lambda: written(path, rows), lambda: bare(path, rows), 2))
