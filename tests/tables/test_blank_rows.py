"""A blank row between two rows of a small table is passed over, whoever wrote the file and whatever the table is."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from allocation.tables.forms import DATE, KEY, NUMBER, FormField, read_form

FIELDS = (
    FormField("code", ("代码", "code"), KEY),
    FormField("amount", ("金额", "amount"), NUMBER),
    FormField("reason", ("理由", "reason")),
    FormField("date", ("日期", "date"), DATE),
)
HEADS = ("代码", "金额", "理由", "日期")
ROWS = (("101", "5", "灾后", "2018-01-05"), ("102", "7", "移民", "2018-01-06"))
BLANKS = {
    "nothing": (),
    "commas": ("", "", "", ""),
    "spaces": (" ", "　", "\t", " "),
    "dashes": ("-", "—", "－", "-"),
    "few cells": ("",),
}


def written(path: Path, rows: list[tuple]) -> Path:
    if path.suffix == ".csv":
        path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
        return path
    book = Workbook()
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            book.active.cell(number, column, text or None)
    book.save(path)
    return path


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize("kind", BLANKS)
def test_blank_rows_of_every_kind_are_passed_over(tmp_path, ending, kind):
    blank, problems = BLANKS[kind], []
    total = ("合计", "12", "", "")
    path = written(
        tmp_path / f"table{ending}", [blank, HEADS, blank, ROWS[0], blank, blank, ROWS[1], blank, total, blank]
    )
    form = read_form(path, FIELDS, problems)
    assert problems == []
    assert [(row["code"], row["amount"], row["reason"], row["date"]) for row in form.rows] == [
        ("101", 5, "灾后", "2018-01-05"), ("102", 7, "移民", "2018-01-06"),
    ]  # fmt: skip


def test_a_blank_row_in_a_table_of_adjustments_does_not_stop_the_run(allocation, folder):
    rows = (
        ("代码", "调整额（万元）", "由谁承担", "理由", "批准人或会议"),
        ("210702", "5", "其余各地", "灾后", "常务会"),
    )
    written(folder / "adjust.csv", [rows[0], (), rows[1], ()])
    told = allocation("check reward --adjust adjust.csv")
    assert told.code == 0, told.text
