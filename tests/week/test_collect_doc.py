"""docs/collect.md: its commands work as a person would type them, on its own crosswalk."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from returned_files import CASES

from allocation.run.finding import find

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "collect.md").read_text(encoding="utf-8")
OF_A_QUARTER = (
    "collect urbanisation_monitor returned --through"  # test_collect_by_quarter tries it on a quarter's returns
)
COMMANDS = [words for words in re.findall(r"^allocation (.+)$", PAGE, re.M) if not words.startswith(OF_A_QUARTER)]
(CROSSWALK,) = re.findall(r"```csv\n(.*?)```", PAGE, re.S)
BOOK = Path("outputs/incentive_fund_collected.xlsx")


@pytest.fixture
def city(folder):
    """The shipped models and tables, seven returned files, last year's awards and the page's crosswalk."""
    for part in ("models", "inputs", "returned"):
        shutil.rmtree(folder / part)
    shutil.copytree(CASES / "returned", folder / "returned")
    (folder / "moved.csv").write_text(CROSSWALK, encoding="utf-8")
    table = find("incentive_fund", None, None).table
    awards = dict(zip(table.codes, table.values["last_award"], strict=True)) | {"210799": 5}
    with (folder / "last.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [[code, code, award] for code, award in awards.items()]
        csv.writer(file).writerows([["行政区代码", "名称", "分配额（万元）"], *rows])
    return folder


def test_the_commands_of_the_page_work_in_the_order_they_stand(city, allocation):
    assert [allocation(command).code for command in COMMANDS] == [0, 0, 0, 0, 0]
    last = find("incentive_fund", BOOK, None).table
    told = dict(zip(last.names, last.values["last_award"], strict=True))
    assert (told["太和区"], told["凌河区"], told["古塔区"]) == (546, 900 + 234, 570 + 5)


def test_the_page_names_every_sheet_option_and_column(city, allocation):
    allocation(COMMANDS[0])
    assert all(f"| {name} |" in PAGE for name in load_workbook(BOOK).sheetnames)
    told = allocation("collect --help").out
    options = set(re.findall(r"--[a-z]+", told)) - {"--help", "--lang", "--json", "--out"}
    assert {option for option in options if option not in PAGE} == set()
    head = (ROOT / "inputs" / "recipients_jinzhou.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert [word for word in head.split(",") if f"{word} " not in PAGE] == []
