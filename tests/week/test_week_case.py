"""The week of docs/week.md with a case (docs/week_case.md): no option typed twice, the figures of the week."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from walk import HASH, LATE, ROOT, city, say

PAGE = (ROOT / "docs" / "week_case.md").read_text(encoding="utf-8")
STEPS = re.findall(r"```console\n\$ allocation (.+?)\n(.*?)```", PAGE, re.S)
FILLED = re.findall(r"^\| `(.+?)` \| (.+?) \|$", PAGE, re.M)  # what the page says to fill in: a row's label, its entry
BOOK, INFO = "底稿.xlsx", "基本信息与参数"
FOR_ALL = {"run", "correct", "notices", "explain", "check", "verify"}


def fill(folder: Path, entries: dict[str, str]) -> None:
    """The case as a person fills it in: an entry beside its label; `状态` decides all that is open."""
    book = load_workbook(folder / BOOK)
    sheet = book[INFO]
    rows = {str(row[0].value): row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value}
    for label, entry in entries.items():
        if label == "状态":
            for row in sheet.iter_rows(min_col=5, max_col=5):
                if row[0].value == "未定":
                    row[0].value = entry
        else:
            sheet.cell(rows[label], 2).value = entry
    book.save(folder / BOOK)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = city(tmp_path_factory.mktemp("case"))
    (folder / LATE).rename(folder / "returned" / LATE)
    for file in (folder / "inputs" / "week").iterdir():
        shutil.copy(file, folder / file.name)
    return folder


@pytest.fixture(scope="module")
def week(folder) -> list:
    walked = []
    for command, shown in STEPS:
        walked.append((command, say(folder, command), shown))
        if command.startswith("new "):
            shutil.copy(folder / "outputs" / "incentive_fund_collected.xlsx", folder)
            fill(folder, dict(FILLED))
    return walked


@pytest.mark.parametrize("number", range(len(STEPS)), ids=[command[:50] for command, _ in STEPS])
def test_a_step_of_the_page_says_what_the_page_shows(week, number):
    command, said, shown = week[number]
    assert said.code == 0, said.text
    lines, last = said.text.splitlines(), -1
    for line in shown.splitlines():
        pattern = re.compile(re.escape(line).replace(HASH, "[0-9a-f]{8}"))
        last = next((place for place, text in enumerate(lines) if place > last and pattern.match(text)), None)
        assert last is not None, f"{line}\n\n{said.text}"


def test_no_option_is_typed_twice_but_those_that_say_what_this_step_is():
    typed = [
        option for command, _ in STEPS if command.split()[0] in FOR_ALL for option in re.findall(r"--\w+", command)
    ]
    assert set(typed) <= {"--stage", "--layout", "--reason", "--date", "--edition"}
    assert {"--stage", "--date"} <= set(typed)


def test_the_final_table_is_that_of_the_week(folder, week):
    (path,) = (path for path in (folder / "outputs/versions").glob("*正式稿_1_*.xlsx"))
    rows = [*load_workbook(path, data_only=True)["分配表"].iter_rows(values_only=True)]
    top = next(place for place, row in enumerate(rows) if "下达数" in row)
    issued = {str(row[0]).strip(): row[rows[top].index("下达数")] for row in rows[top + 1 :] if row[0]}
    assert (issued["合计"], issued["黑山县"], issued["义县"]) == (5050, 923, 585)
