"""A new user with an own table of 18 counties: every stop says what to do, and nothing wrong gets out of the house."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import openpyxl
import pytest

NAMES = [
    "市本级", "新城区", "河东区", "河西区", "临江区", "安平县", "永丰县", "清水县", "石桥县", "大营县", "柳河县",
    "青山县", "白塔县", "长岭县", "金沙县", "东湖县", "南川市", "北屏市",
]  # fmt: skip
CODES = ["990100", *(f"9901{n:02}" for n in (2, 3, 4, 5)), *(f"9901{n}" for n in range(21, 32)), "990181", "990182"]
HEAD = ["行政区代码", "名称", "当年落户人数/跨省", "当年落户人数/省内跨市", "当年落户人数/本市",
        "以前年度落户人数/上年", "以前年度落户人数/前年", "以前年度落户人数/大前年",
        "常住人口", "随迁子女义务教育在校生数", "工作努力程度得分",
        "为落户人口提供基本公共服务支出", "已公布困难程度系数", "上年分配额"]  # fmt: skip
PUPILS, SWAPPED, MISSING = 9, (7, 8), 11
INFO = "基本信息与参数"


def right_rows() -> list[list[object]]:
    draw = random.Random(2022)
    return [
        [code, name, *(draw.randint(100, 2000) for _ in range(6)), draw.randint(150_000, 400_000),
         draw.randint(1500, 4000), draw.randint(80, 95), draw.randint(900, 2000), draw.randint(80, 110) / 100,
         draw.randint(300, 800)]
        for code, name in zip(CODES, NAMES, strict=True)
    ]  # fmt: skip


def write(path: Path, *rows: list[object]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def write_table(path: Path, rows: list[list[object]], head: list[str] = HEAD) -> None:
    write(path, ["2022年农业转移人口市民化奖励资金分配数据表"], head, *rows)


def wrong_rows() -> list[list[object]]:
    """Two names swapped, a county missing."""
    rows = right_rows()
    first, second = SWAPPED
    rows[first][1], rows[second][1] = rows[second][1], rows[first][1]
    return [row for place, row in enumerate(rows) if place != MISSING]


def filled(book: Path, **facts: object) -> None:
    """The case filled in as a person does it in Excel or WPS: a label, and the cell beside it."""
    opened = openpyxl.load_workbook(book)
    for row in opened[INFO].iter_rows():
        if row[0].value in facts:
            row[1].value = facts[row[0].value]
    opened.save(book)


def decided(book: Path, pool: object = None) -> None:
    """The pool written, where there is one, and every parameter 已定 with its basis."""
    opened = openpyxl.load_workbook(book)
    settings = False
    for row in opened[INFO].iter_rows():
        settings = row[0].value == "参数" or settings and row[0].value != "工作表"
        if pool and row[0].value == "奖励资金总额":
            row[3].value = pool
        elif not pool and settings and row[4].value == "未定" and row[3].value is not None:
            row[4].value, row[5].value = "已定", "会议纪要"
    opened.save(book)


def outside(folder: Path) -> list[str]:
    """What left the house: final versions and letters."""
    return [path.name for path in folder.rglob("*") if "正式稿" in path.name or path.suffix == ".docx"]


@pytest.fixture
def book(allocation, folder) -> Path:
    assert allocation("new incentive_fund --year 2024 --out 底稿.xlsx").code == 0
    write(folder / "接收单位（2024）.csv", ["代码", "名称"], *([*pair] for pair in zip(CODES, NAMES, strict=True)))
    facts = {"数据": "报来.csv", "接收单位": "接收单位（2024）.csv", "数据年度": 2022, "批次/环节": "正式下达",
             "经办人": "张三", "复核人": "李四", "下达日期": "2024-03-09"}  # fmt: skip
    filled(folder / "底稿.xlsx", **facts)
    return folder / "底稿.xlsx"


def test_every_stop_on_the_way_says_what_to_do_and_only_the_right_table_gets_out(allocation, folder, book):
    misnamed = [*HEAD[:PUPILS], "随迁子女在校生", *HEAD[PUPILS + 1 :]]
    write_table(folder / "报来.csv", wrong_rows(), misnamed)
    told = allocation("run 底稿.xlsx --stage 正式稿")
    assert told.code == 2 and "J2" in told.err and "请把表头改为“随迁子女义务教育在校生数（人）”" in told.err
    assert "奖励资金总额" in told.err  # no pool: said at once with the column

    write_table(folder / "报来.csv", wrong_rows())
    told = allocation("check 底稿.xlsx")
    assert told.code == 0 and "还没有给定：奖励资金总额" in told.out
    assert "990123 石桥县" in told.out and "“石桥县”的代码是 990124" in told.out
    assert "缺 1 个地区，别处是有的：990127 青山县" in told.out

    decided(book, pool=6000)
    told = allocation("run 底稿.xlsx --stage 正式稿")
    assert told.code == 2 and "待核事项 names-" in told.err and "待核事项 missing-" in told.err
    assert "在底稿把“状态”改为“已定”" in told.err
    decided(book)
    for command in ("run 底稿.xlsx --stage 征求意见稿 --edition 送县", "notices 底稿.xlsx"):
        told = allocation(command)
        assert (
            told.code == 2
            and "核实后在底稿（底稿.xlsx）的“待核事项”表写" in told.err
            and "没有写出任何文件" in told.err
        )
    assert outside(folder) == []

    write_table(folder / "报来.csv", right_rows())
    assert allocation("run 底稿.xlsx --stage 正式稿 --date 2024-03-09").code == 0
    told = allocation("notices 底稿.xlsx")
    assert told.code == 0 and "已写出 18 份通知" in told.out
    (record,) = (json.loads(path.read_text("utf-8")) for path in folder.rglob("*正式稿*.json"))
    assert record["names"] == dict(zip(CODES, NAMES, strict=True)) and record["totals"]["award"] == "6000"


def test_a_row_of_the_whole_prefecture_takes_no_part(allocation, folder, book):
    rows = right_rows()
    rows[0][1] = "金河市"
    for column in (*range(2, 10), 11, 13):
        rows[0][column] = sum(row[column] for row in rows[1:])
    write_table(folder / "报来.csv", rows)
    told = allocation("check 底稿.xlsx --set pool=6000")
    assert "这 1 行是表中其他行的合计" in told.out and "不参加分配：金河市" in told.out
    assert "缺 1 个地区" in told.out  # the register has 市本级 there


def test_units_that_no_list_was_laid_beside_go_out_in_no_final_version(allocation, folder, book):
    write_table(folder / "报来.csv", wrong_rows())
    filled(book, 接收单位=None)
    decided(book, pool=6000)
    decided(book)
    for command in ("run 底稿.xlsx --stage 正式稿", "notices 底稿.xlsx"):
        told = allocation(command)
        assert told.code == 2 and "没有同任何名单核对过" in told.err and "请在底稿“接收单位”表" in told.err
    assert outside(folder) == []
    told = allocation("run 底稿.xlsx --stage 正式稿 --recipients 接收单位（2024）.csv")
    assert told.code == 2 and "待核事项 names-" in told.err


def test_the_way_out_that_an_open_setting_names_is_a_way_out(allocation, folder, book):
    write_table(folder / "报来.csv", right_rows())
    decided(book, pool=6000)
    told = allocation("run 底稿.xlsx --stage 正式稿")
    options = told.err.split("或加 ")[1].split("（")[0]
    assert "--decided pool" in options
    assert allocation(f"run 底稿.xlsx --stage 正式稿 --date 2024-03-09 {options}").code == 0
