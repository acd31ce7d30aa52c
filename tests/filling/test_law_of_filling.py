"""A template filled and read back gives the run's figures, and leaves every other cell and part as it was: of templates
whose headings, rows, codes and looks are drawn at random."""

from __future__ import annotations

import random
import re
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter
from desk import some
from filled_books import changed_cells, changed_parts, fill_in
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from small_imports import USES as LINES
from small_imports import a_column, a_line, an_amount, mapping_toml, small

CODES = {"道路": "A1", "供水": "A2"}
HEADS = {"code": "区划", "name": "单位", "use": "用途", "yuan": "金额", "known": "已知", "year": "年度"}


CHAIN = "xl/calcChain.xml"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"


def as_excel_leaves_it(path: Path, calculation: bytes) -> None:
    """With a list of its formulas, and nothing that asks to work them out anew."""
    with zipfile.ZipFile(path) as archive:
        parts = {info: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, data in parts.items():
            if info.filename == "xl/workbook.xml":
                data = re.sub(rb"<calcPr[^>]*/>", calculation, data)
            if info.filename == "[Content_Types].xml":
                data = data.replace(
                    b"</Types>", f'<Override PartName="/{CHAIN}" ContentType="{KIND}"/></Types>'.encode()
                )
            if info.filename == "xl/_rels/workbook.xml.rels":
                relation = f'<Relationship Id="rId99" Type="{RELATION}" Target="calcChain.xml"/></Relationships>'
                data = data.replace(b"</Relationships>", relation.encode())
            archive.writestr(info, data)
        archive.writestr(CHAIN, '<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>')


class Drawn:
    """A template and its layout. `wide`: a unit has one row; `mode`: what rows are known by; `places` of columns."""

    def __init__(self, seed: int, folder: Path):
        self.draw = draw = random.Random(seed)
        count = draw.randint(1, 7)
        known = tuple(draw.choice([None, Fraction(0), Fraction(draw.randint(1, 99), 4)]) for _ in range(count))
        self.run = small(tuple(draw.randint(1, 9) for _ in range(count)), known)
        self.wide, self.mode = draw.random() < 0.5, draw.choice(["code", "name", "append"])
        self.digits, self.coded = draw.choice([6, 9, 12]), draw.random() < 0.5
        self.decimals = draw.choice([2, 3])
        keys = ["code", "name", *(["year"] if draw.random() < 0.5 else [])]
        self.columns = [*keys, *(["roads", "water"] if self.wide else ["use", "yuan"]), "known"]
        draw.shuffle(self.columns)
        self.gap = draw.randint(0, 2)
        self.heads = [draw.randint(1, 6)]
        self.heads += [self.heads[0] + 1] if self.wide or draw.random() < 0.5 else []
        self.first = self.heads[-1] + 1
        self.folder = folder
        self.rows = self._rows()
        self._write()
        (folder / "layout.toml").write_text(self._layout(), encoding="utf-8")

    def place(self, name: str) -> int:
        return self.columns.index(name) + self.gap

    def code(self, unit: int) -> str:
        return self.run.table.codes[unit].ljust(self.digits, "0")

    def _rows(self) -> list[tuple[int, str]]:
        """Unit and line of each row: in an order of the template's own where that lists them."""
        rows = [(unit, line) for unit in range(len(self.run.table)) for line in ([""] if self.wide else LINES)]
        if self.mode != "append":
            self.draw.shuffle(rows)
        return rows

    def _write(self) -> None:
        draw = self.draw
        book = xlsxwriter.Workbook(self.folder / "t.xlsx")
        sheet, other = book.add_worksheet("表"), book.add_worksheet("代码")
        other.hide()
        other.write_row("A1", ["用途名", "码"])
        for row, pair in enumerate(CODES.items(), start=1):
            other.write_row(row, 0, pair)
        free = book.add_format({"locked": False, "num_format": draw.choice(["General", "#,##0.000", "0.0000"])})
        sheet.write(0, 30, "表外")
        self._write_heads(book, sheet)
        for row, (unit, line) in enumerate(self.rows, start=self.first - 1):
            for name in self.columns:
                if draw.random() < 0.8:
                    sheet.write_blank(row, self.place(name), None, free)
            if self.mode != "append":
                text = self.code(unit) if self.mode == "code" else self.run.table.names[unit]
                sheet.write_string(row, self.place(self.mode), text)
                if line:
                    said = [LINES[line], CODES[LINES[line]]] if self.coded else [LINES[line]]
                    sheet.write_string(row, self.place("use"), draw.choice(said))
            sheet.write(row, 30, draw.randint(1, 9))
        self._write_total(book, sheet)
        if draw.random() < 0.5:
            sheet.set_column(0, 25, 14, free)
        sheet.write_comment(0, 0, "批注")
        sheet.insert_textbox(2, 32, "图形")
        book.close()
        as_excel_leaves_it(self.folder / "t.xlsx", draw.choice([b"", b'<calcPr calcId="191029"/>']))

    def _write_heads(self, book, sheet) -> None:
        head, top, bottom = book.add_format({"bold": True}), self.heads[0] - 1, self.heads[-1] - 1
        for name in self.columns:
            if name in LINES:
                sheet.write(bottom, self.place(name), LINES[name], head)
                sheet.write(top, self.place(name), "资金（元）", head)
            elif top != bottom and self.draw.random() < 0.5:
                sheet.merge_range(top, self.place(name), bottom, self.place(name), HEADS[name], head)
            else:
                sheet.write(bottom, self.place(name), HEADS[name], head)

    def _write_total(self, book, sheet) -> None:
        row = self.first - 1 + len(self.rows)
        sheet.write(row, self.place("name"), "合计")
        for name in ("roads", "water") if self.wide else ("yuan",):
            letter = get_column_letter(self.place(name) + 1)
            sheet.write_formula(row, self.place(name), f"=SUM({letter}{self.first}:{letter}{row})", None, 0)
            sheet.write_formula(row + 2, self.place(name), f"=MAX({letter}{self.first}:{letter}{row})", None, 7)

    def _layout(self) -> str:
        known: dict[str, object] = {"others": {"known": "known"}}
        lines = [a_line(name, "" if self.wide else text, **known) for name, text in LINES.items()]
        codes: list[dict[str, object]] = [{"name": "uses", "sheet": "代码", "text": "用途名", "code": "码"}]
        template: dict[str, object] = {"sheet": "表", "headings": self.heads, "units": self.mode}
        return mapping_toml([*map(self._column, self.columns)], lines, template, codes)

    def _column(self, name: str) -> dict[str, object]:
        zh = HEADS.get(name) or LINES[name]
        if name in LINES:
            return an_amount(name, zh, decimals=self.decimals, line=name)
        if name in ("yuan", "known"):
            of_line = {"line": "roads"} if self.wide else {}
            return an_amount(name, zh, "figure" if name == "yuan" else "other", decimals=self.decimals, **of_line)
        if name == "use":
            return a_column(name, zh, "line", **({"codes": "uses"} if self.coded else {}))
        return a_column(name, zh, name, **({"digits": self.digits} if name == "code" else {}))


@pytest.mark.parametrize("seed", some(range(80), 24))
def test_a_filled_template_gives_the_run_s_figures_and_leaves_every_other_cell_as_it_was(seed, tmp_path):
    drawn = Drawn(seed, tmp_path)
    before = (tmp_path / "t.xlsx").read_bytes()
    book, lines = fill_in(drawn.run, tmp_path, "t.xlsx", "layout.toml")
    (tmp_path / "filled.xlsx").write_bytes(book.data)
    sheet = load_workbook(tmp_path / "filled.xlsx")["表"]
    of = {(line.unit, line.line): line for line in lines}
    touched = set()
    for row, (unit, line) in enumerate(drawn.rows, start=drawn.first):
        wanted = of[drawn.run.table.codes[unit], line].values
        for name in drawn.columns:
            cell = sheet.cell(row, drawn.place(name) + 1)
            if name == "use" and drawn.mode != "append":
                assert cell.value in (LINES[line], CODES[LINES[line]])
            elif wanted[name] is None:
                assert cell.value is None
            else:
                held = Fraction(f"{cell.value:.15g}") if isinstance(cell.value, int | float) else cell.value
                assert held == wanted[name] and (name not in ("code", "name", "use") or isinstance(cell.value, str))
            touched.add(f"{get_column_letter(drawn.place(name) + 1)}{row}")
    assert set(changed_parts(before, book.data)) <= {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}
    assert changed_cells(before, book.data, "xl/worksheets/sheet1.xml") <= touched
    values = load_workbook(tmp_path / "filled.xlsx", data_only=True)["表"]
    total = drawn.first + len(drawn.rows)
    for name in ("roads", "water") if drawn.wide else ("yuan",):
        added = sum(line.values[name] for line in lines)
        assert values.cell(total, drawn.place(name) + 1).value == pytest.approx(float(added), abs=1e-9)
        assert values.cell(total + 2, drawn.place(name) + 1).value is None  # not worked out here: no stale 7
    assert b'fullCalcOnLoad="1"' in zipfile.ZipFile(tmp_path / "filled.xlsx").read("xl/workbook.xml")


def test_a_row_without_cells_keeps_its_height_and_whatever_else_it_says(tmp_path):
    drawn = next(each for seed in range(80) if (each := Drawn(seed, tmp_path)).mode == "append")
    path, row = tmp_path / "t.xlsx", drawn.first
    said = f'<row r="{row}" ht="33" customHeight="1" hidden="1"'.encode()
    with zipfile.ZipFile(path) as archive:
        parts = {info: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = "说明".encode()
        for info, data in parts.items():
            if info.filename == "xl/worksheets/sheet1.xml":
                data = re.sub(rf'<row r="{row}".*?</row>'.encode(), said + b"/>", data, flags=re.DOTALL)
            archive.writestr(info, data)
    book, _ = fill_in(drawn.run, tmp_path, "t.xlsx", "layout.toml")
    (tmp_path / "filled.xlsx").write_bytes(book.data)
    with zipfile.ZipFile(tmp_path / "filled.xlsx") as archive:
        assert said + b'><c r="' in archive.read("xl/worksheets/sheet1.xml") and archive.comment == "说明".encode()
