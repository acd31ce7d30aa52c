"""Papers as other systems type them: one issue's figures in any order, unit, layout and kind of file."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import openpyxl

Rows = list[list[object]]
TIMES = {"元": 10_000, "万元": 1, "千元": 10}
PLACES = {"元": 0, "万元": 2, "千元": 1}  # that each is printed with


@dataclass
class SealedPaper:
    """How one paper is laid out; `units` are (code, name, figure in 万元)."""

    units: list[tuple[str, str, Fraction]]
    unit: str = "万元"
    said: str = "line"  # or heading, or nowhere
    keys: str = "name"  # or code, both, short
    counted: bool = False
    total: str = "last"  # or first, or none
    grouped: bool = False  # signs between thousands
    amount_first: bool = False
    titled: bool = True
    noted: bool = True
    panels: int = 1
    damage: dict[str, Fraction] = field(default_factory=dict)  # by code, or total: added to what is printed
    heading: str = "金额"

    def rows(self) -> Rows:
        total = sum((figure for _, _, figure in self.units), Fraction(0))
        lines: Rows = [self.line(at, code, name, figure) for at, (code, name, figure) in enumerate(self.units, 1)]
        whole = [self.line("", "", "合计", total, "total")] if self.total != "none" else []
        per = -(-len(lines) // self.panels)
        if self.panels > 1:
            blank: list[object] = [""] * len(lines[0])
            lines = [sum((lines[at + k * per] if at + k * per < len(lines) else blank for k in range(self.panels)), [])
                     for at in range(per)]  # fmt: skip
            whole = [line + blank * (self.panels - 1) for line in whole]
        lines = whole + lines if self.total == "first" else lines + whole
        wide = len(lines[0])
        front: Rows = [["附件1"], ["2017年市民化奖励资金分配表"]] if self.titled else []
        front += [[""] * (wide - 1) + [f"单位：{self.unit}"]] if self.said == "line" else []
        back: Rows = [["注：本表由财政局印发。"], ["填表人：", "", "2017年12月1日"]] if self.noted else []
        return [*front, self.heads() * self.panels, *lines, *back]

    def heads(self) -> list[object]:
        names = {"name": ["县（市、区）"], "short": ["地区"], "code": ["区划代码"], "both": ["代码", "名称"]}[self.keys]
        amount = self.heading + (f"（{self.unit}）" if self.said == "heading" else "")
        cells = [amount, *names] if self.amount_first else [*names, amount]
        return ["序号", *cells] if self.counted else [*cells]

    def line(self, at: object, code: str, name: str, figure: Fraction, key: str = "") -> list[object]:
        shown = name.rstrip("县市区") if self.keys == "short" and code and len(name) > 2 else name
        names = {"name": [name], "short": [shown], "code": [code or name], "both": [code, name]}[self.keys]
        printed = self.printed(figure + self.damage.get(key or code, Fraction(0)))
        cells = [printed, *names] if self.amount_first else [*names, printed]
        return [at, *cells] if self.counted else [*cells]

    def printed(self, figure: Fraction) -> object:
        value = figure * TIMES[self.unit]
        places = PLACES[self.unit]
        text = f"{value.numerator * 10**places // value.denominator / 10**places:,.{places}f}"
        return text if self.grouped else float(text.replace(",", ""))


def any_paper(units: Sequence[tuple[str, str, Fraction]], chance: random.Random) -> SealedPaper:
    unit = chance.choice([*TIMES])
    said = chance.choice(["line", "heading", "nowhere"])
    paper = SealedPaper(
        [*units], unit=unit, said=said, keys=chance.choice(["name", "short", "code", "both"]),
        counted=chance.random() < 0.5, total=chance.choice(["last", "first", "none"]), grouped=chance.random() < 0.5,
        amount_first=chance.random() < 0.3, titled=chance.random() < 0.7, noted=chance.random() < 0.7,
    )  # fmt: skip
    if not paper.amount_first:
        paper.panels = chance.choice([1, 1, 2])
    chance.shuffle(paper.units)
    return paper


def write_csv(rows: Rows, path: Path) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def write_xlsx(rows: Rows, path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell if cell != "" else None for cell in row])
    if len(rows[0]) == 1:
        book.active.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(rows[-3]))
    book.save(path)
    return path


def write_docx(tables: Sequence[Rows], path: Path, before: str = "") -> Path:
    docx = __import__("docx")
    document = docx.Document()
    document.add_paragraph(before)
    for rows in tables:
        wide = max(map(len, rows))
        table = document.add_table(len(rows), wide)
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=False):
                cell.text = str(text)
        document.add_paragraph("")
    document.save(path)
    return path
