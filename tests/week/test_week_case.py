"""The week of docs/week.md with a case (docs/week_case.md): no option typed twice, the figures of the week."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from walk import HASH, LATE, ROOT, city, say

from tests.desk import IN_CI

PAGE = (ROOT / "docs" / "week_case.md").read_text(encoding="utf-8")
# A command, what it shows, and what the page says to fill in behind it: a row's label, its entry.
TOLD = re.findall(r"```console\n\$ allocation (.+?)\n(.*?)```(.*?)(?=```console|\Z)", PAGE, re.S)
WALKED = [
    (command, shown, dict(re.findall(r"^\| `(.+?)` \| (.+?) \|$", after, re.M))) for command, shown, after in TOLD
]
YEAR_ON = next(place for place, (command, _, _) in enumerate(WALKED) if "--from" in command)
STEPS = WALKED if IN_CI else WALKED[:YEAR_ON]  # the year after is walked in CI alone
INFO, BASIS = "基本信息与参数", 6  # the sheet, and the column of its parameters
FOR_ALL = {"run", "correct", "notices", "explain", "check", "verify"}


def fill(path: Path, entries: dict[str, str]) -> None:
    """The case as a person fills it in: an entry beside its label; `状态` decides all that is open, on the `依据`."""
    book = load_workbook(path)
    sheet = book[INFO]
    basis = entries.get("依据", "")
    rows = {str(row[0].value): row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value}
    for label, entry in entries.items():
        if label == "状态":
            for row in sheet.iter_rows(min_col=5, max_col=5):
                if row[0].value == "未定":
                    row[0].value = entry
                    sheet.cell(row[0].row, BASIS).value = basis
        elif label == "依据":
            continue
        elif rows["参数"] < rows[label] < rows["工作表"]:
            sheet.cell(rows[label], 4).value = float(entry)
        else:
            sheet.cell(rows[label], 2).value = entry
    book.save(path)


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
    book = ""
    for command, shown, entries in STEPS:
        book = command.rpartition("--out ")[2] if command.startswith("new ") else book
        walked.append((command, say(folder, command), shown))
        if entries:
            shutil.copy(folder / "outputs" / "incentive_fund_collected.xlsx", folder)
            fill(folder / book, entries)
    return walked


@pytest.mark.parametrize("number", range(len(STEPS)), ids=[command[:50] for command, _, _ in STEPS])
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
        option for command, _, _ in WALKED if command.split()[0] in FOR_ALL for option in re.findall(r"--\w+", command)
    ]
    assert set(typed) <= {"--stage", "--layout", "--reason", "--date", "--edition", "--set"}
    assert typed.count("--set") == 1  # what a correction puts right
    assert {"--stage", "--date"} <= set(typed)


def test_the_final_table_is_that_of_the_week(folder, week):
    (path,) = (path for path in (folder / "outputs/versions").glob("*_2017_正式稿_1_*.xlsx"))
    rows = [*load_workbook(path, data_only=True)["资金测算表"].iter_rows(values_only=True)]
    top = next(place for place, row in enumerate(rows) if "下达数" in row)
    issued = {str(row[0]).strip(): row[rows[top].index("下达数")] for row in rows[top + 1 :] if row[0]}
    assert (issued["合计"], issued["黑山县"], issued["义县"]) == (5050, 923, 585)


@pytest.mark.skipif(not IN_CI, reason="the year after is walked in CI alone")
def test_the_batches_of_the_year_after_add_up_and_were_decided_anew(folder, week):
    book = load_workbook(folder / "各项资金.xlsx", data_only=True)
    rows = [*book.active.iter_rows(min_row=4, values_only=True)]
    whole = next(row for row in rows if row[1] == "合计")
    assert whole[2:6] == (3000, 2400, 650, 6050)
    assert all(sum(row[2:5]) == row[5] for row in rows if row[0])
    states = {row[4] for row in load_workbook(folder / "底稿.xlsx")[INFO].iter_rows(values_only=True)}
    assert "已定" in states and "未定" not in states  # and of none of these did the new case keep anything:
    command = "new incentive_fund --year 2019 --from 底稿.xlsx --out 2019.xlsx"
    assert say(folder, command).code == 0
    fill(folder / "2019.xlsx", {"数据": "incentive_fund_collected.xlsx", "奖励资金总额": "5000"})
    told = say(folder, "run 2019.xlsx --stage 送审稿 --reason 照去年")
    assert told.code == 2 and "参数待定" in told.text and "奖励资金总额" in told.text
