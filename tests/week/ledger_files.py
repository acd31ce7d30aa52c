"""Ledgers and other small tables as people write them, and the small policy they are for."""

from __future__ import annotations

import csv
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from allocation import AllocationError, load_model, read_table

SHARED = Path(__file__).parent.parent / "cases" / "shared"
MODEL = load_model(SHARED / "models" / "reward.toml")
TABLE = replace(read_table(SHARED / "inputs" / "reward.csv", MODEL), year=2017)
HEISHAN = 2
HEAD = ["县（市、区）", "指标", "数值", "来源部门", "日期", "状态", "采用", "采用人", "采用理由", "凭证"]
USED = ["是", "张三", "与台账核对"]


def written(path: Path, *rows: list[object]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def ledger(folder: Path, *rows: list[object]) -> Path:
    """Rows may leave out what stands last."""
    return written(folder / "台账.csv", HEAD, *([*row, *[""] * (len(HEAD) - len(row))] for row in rows))


def problems(call, *args) -> list:
    with pytest.raises(AllocationError) as caught:
        call(*args)
    return caught.value.problems


def without_sheet(book: Path, title: str) -> Path:
    """A copy without one sheet; every stored value is kept, as Excel keeps it."""
    target = book.with_name("without.xlsx")
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.namelist():
            data = old.read(item).decode("utf-8") if item == "xl/workbook.xml" else old.read(item)
            new.writestr(item, re.sub(rf'<sheet name="{title}"[^>]*/>', "", data) if isinstance(data, str) else data)
    return target
