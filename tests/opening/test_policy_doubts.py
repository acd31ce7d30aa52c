"""Figures not decided on are entries of the one list of doubts, and the stops of a case name its cells."""

from __future__ import annotations

import json
import re
from itertools import product
from pathlib import Path

import openpyxl
import pytest

from allocation.doubts.doubt import POLICY, from_record
from allocation.errors import places_text
from allocation.record.reading import read_record
from allocation.tables.case_sheets import TITLES
from tests.opening.test_eighteen_counties import CODES, right_rows, write_table

INFO = TITLES["info"]["zh"]
VALUE, STATE, BASIS = 3, 4, 5
POOL, COLUMN = "奖励资金总额", "D"


@pytest.fixture
def book(allocation, folder) -> Path:
    """A case whose figures are all decided on, each on one paper, but for the pool, which nobody gave."""
    write_table(folder / "报来.csv", right_rows())
    assert allocation("new incentive_fund --year 2024 --out 底稿.xlsx").code == 0
    path = folder / "底稿.xlsx"
    sheet = openpyxl.load_workbook(path)[INFO]
    rows = [row[0].value for row in sheet.iter_rows() if row[STATE].value in ("已定", "未定")]
    fill(path, {label: {STATE: "已定", BASIS: "会议纪要"} for label in rows})
    fill(path, {"数据": {1: "报来.csv"}, "数据年度": {1: 2022}, POOL: {STATE: "未定", BASIS: None}})
    return path


def fill(path: Path, cells: dict[str, dict[int, object]]) -> None:
    opened = openpyxl.load_workbook(path)
    for row in opened[INFO].iter_rows():
        for column, value in cells.get(str(row[0].value), {}).items():
            row[column].value = value
    opened.save(path)


def place(path: Path, label: str) -> str:
    """`底稿.xlsx: 基本信息与参数!D24`: the figure of a parameter."""
    sheet = openpyxl.load_workbook(path)[INFO]
    row = next(row[0].row for row in sheet.iter_rows() if row[0].value == label)
    return f"{path.name}: {INFO}!{COLUMN}{row}"


def policies(text: str) -> list[str]:
    return [*dict.fromkeys(re.findall(r"policy-[0-9a-f]{8}", text))]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_missing_pool_is_told_by_its_cell_once_with_the_ways_to_go_on_without_it(allocation, book, lang):
    for command in ("run", "margins", "explain"):
        told = allocation(f"{command} 底稿.xlsx {CODES[1] if command == 'explain' else ''} --lang {lang}")
        assert told.code == 2 and told.err.count(place(book, POOL)) == 1, told.text
        assert "--shares" in told.err and "--pools" in told.err and "incentive_fund.toml" not in told.err


@pytest.mark.parametrize("typed", ["六千", "约6000", -6000, "6000吨"])
def test_a_pool_that_cannot_be_read_is_not_told_as_missing_as_well(allocation, book, typed):
    fill(book, {POOL: {VALUE: typed, STATE: "已定", BASIS: "会议纪要"}})
    for command in ("run", "check", "margins"):
        told = allocation(f"{command} 底稿.xlsx")
        assert told.code == 2 and place(book, POOL) in told.err and "共 1 处需要修改" in told.err, told.text
        assert "--set pool" not in told.err


@pytest.mark.parametrize("state", ["未定", "暂定"])
def test_a_group_that_is_not_decided_is_a_doubt_until_its_state_says_so(allocation, folder, book, state):
    fill(book, {POOL: {VALUE: 6000, STATE: state}})
    told = allocation("run 底稿.xlsx")
    (id,) = policies(told.out)
    assert told.code == 0 and place(book, POOL) in told.out and "待核）" not in told.out
    assert id in told.out.split("没有写导入表")[1] and not [*folder.glob("outputs/*.import.csv")]
    assert policies(allocation("check 底稿.xlsx").out) == [id]
    assert policies(allocation("doubts outputs").out) == [id]
    assert allocation("verify outputs/incentive_fund.xlsx").code == 0
    texts = [str(cell) for sheet in openpyxl.load_workbook("outputs/incentive_fund.xlsx") for row in sheet.values
             for cell in row if cell]  # fmt: skip
    assert any(id in text and "奖励资金总额" in text for text in texts)
    for stage, lang in product(("送审稿", "正式稿"), ("zh", "en")):
        told = allocation(f"run 底稿.xlsx --stage {stage} --date 2024-03-09 --lang {lang}")
        assert told.code == 2 and id in told.err and place(book, POOL) in told.err, told.text
        assert "incentive_fund.toml" not in told.err and "allocation resolve 底稿.xlsx pool" in told.err
    told = allocation("notices 底稿.xlsx")
    assert told.code == 2 and id in told.err
    refused = allocation(f'run 底稿.xlsx --resolve {id}="问过了"')
    assert refused.code == 2 and "已定" in refused.err and "--decided" in refused.err
    signed = "--why 定了 --basis 会议纪要 --by 张三 --reviewed 李四"
    assert allocation(f"resolve 底稿.xlsx {id} {signed}").code == 2
    assert allocation("run 底稿.xlsx --stage 征求意见稿 --date 2024-03-09").code == 0
    assert allocation(f"resolve 底稿.xlsx pool=6000 {signed}").code == 0
    assert policies(allocation("run 底稿.xlsx").out) == []
    assert "待核 0 项" in allocation("doubts outputs").out  # the draft's own record still has it


def test_a_changed_figure_is_another_doubt_and_the_same_figure_the_same(allocation, book):
    told = []
    for pool in (6000, 6001, 6000):
        fill(book, {POOL: {VALUE: pool, STATE: "暂定"}})
        told.append(policies(allocation("run 底稿.xlsx").out))
    assert told[0] == told[2] != told[1] and len(told[1]) == 1


def test_a_family_with_one_basis_is_one_doubt_and_with_two_bases_two(allocation, folder, book):
    family = [f"因素权重/{item}" for item in ("落户人口", "随迁子女义务教育", "工作努力程度", "基本公共服务成本")]
    fill(book, {POOL: {VALUE: 6000, STATE: "已定", BASIS: "会议纪要"}, **{label: {STATE: "未定"} for label in family}})
    assert len(policies(allocation("run 底稿.xlsx").out)) == 1
    fill(book, {family[0]: {BASIS: "另一份"}})
    assert len(policies(allocation("run 底稿.xlsx").out)) == 2
    record = next(folder.glob("outputs/*.json"))
    kept = from_record(read_record(record.read_bytes(), record.name))
    assert {doubt.kind for doubt in kept.open} == {POLICY}
    assert sorted(len(doubt.figures) for doubt in kept.open) == [1, 3]
    assert json.loads(record.read_text("utf-8"))["doubts"].keys() == {doubt.id for doubt in kept}


@pytest.mark.parametrize("stage", ["征求意见稿", "送审稿", "上会稿", "正式稿"])
def test_decided_without_a_basis_is_not_decided_and_every_such_cell_is_told_at_once(allocation, book, stage):
    bare = ["因素权重/落户人口", "保基数比例"]
    fill(book, {POOL: {VALUE: 6000, STATE: "已定"}, **{label: {BASIS: None} for label in bare}})
    told = allocation(f"run 底稿.xlsx --stage {stage} --date 2024-03-09")
    cells = [place(book, label).partition("!")[2] for label in (POOL, *bare)]
    if stage == "征求意见稿":
        assert told.code == 0
        return
    pool, weight, rate = cells
    assert told.code == 2 and f"{INFO}!{pool}:{weight}, {rate}: 3 项写了“已定”却没有写依据" in told.err, told.text


def test_places_that_follow_each_other_are_told_as_ranges():
    places = [f"底稿.xlsx: {INFO}!E{row}" for row in (24, 25, 26, 30)]
    assert places_text(places) == f"底稿.xlsx: {INFO}!E24:E26, E30"
    assert (
        places_text(["案.toml: [settings] pool", "案.toml: [settings] weight"])
        == "案.toml: [settings] pool, [settings] weight"
    )
    assert places_text([]) == ""
