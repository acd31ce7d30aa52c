"""Everything that is wrong with what a command is given is said in one go, though one thing hangs on another."""

from __future__ import annotations

import pytest

WRONG = {
    "表.csv": "行政区代码,名称,城市规模,落户人数（人）,财政收入（万元）,城镇化率（%）,困难系数,上年分配额（万元）\n"
    "210702,古塔区,大城市,一百八,30050.5,85.2,0.92,200\n210726,黑山县,小城市,90,15020.25,41.5,1.15,150\n",
    "台账.csv": "行政区代码,名称,指标,数值,来源部门,状态\n"
    "210702,古塔区,落户人数,181,公安局,核定\n210726,黑山县,落户,95,公安局,核定\n",
    "调整.csv": "名称,调整额,由谁承担,理由,批准人\n黑山县,5,预留,,会议\n",
    "来源.csv": "来源,金额,市级预留\n中央,x,\n",
    "回执.csv": "名称,状态\n古塔区,同意\n",
    "提前.csv": "名称,提前下达数\n黑山,5\n",
}
OPTIONS = {
    "台账.csv": "--ledger",
    "调整.csv": "--adjust",
    "来源.csv": "--sources",
    "回执.csv": "--receipts",
    "提前.csv": "--advance",
}


@pytest.fixture
def wrong(folder):
    for name, text in WRONG.items():
        (folder / name).write_text(text, encoding="utf-8")
    return " ".join(f"{option} {name}" for name, option in OPTIONS.items())


def files(text: str) -> set[str]:
    return {line.split(":")[0] for line in text.splitlines() if line.count(": ")}


def test_the_table_and_every_table_attached_to_it(allocation, contents, wrong):
    before = contents()
    told = allocation(f"run reward --input 表.csv {wrong} --pool-from 无.json --set poool=1 --set settled@黑山=5")
    assert told.code == 2 and contents() == before
    assert files(told.err) == {*WRONG, "无.json", "--pool-from", "poool", "settled@黑山"}
    assert "表.csv: D2" in told.err and "台账.csv: C3" in told.err and "台账.csv: H2" not in told.err


@pytest.mark.parametrize("name", list(OPTIONS))
def test_one_of_them_hides_no_change(allocation, wrong, name):
    told = allocation(f"run reward {OPTIONS[name]} {name} --set pool=-1 --set _adjustment_1=7")
    assert name in files(told.err) and "pool: 值 -1 超出范围" in told.err
    assert told.code == 2 and ("_adjustment_1" in told.err) == (name in ("台账.csv", "回执.csv"))


def test_a_table_that_is_not_there_hides_no_other_that_is_not(allocation, wrong):
    told = allocation(
        "run reward --input 无.xlsx --ledger 没有.csv --adjust 调整.csv --set poool=1 --set settled@黑山=5"
    )
    assert files(told.err) == {"无.xlsx", "没有.csv", "poool"}  # of counties nothing can be said


def test_a_table_without_counties_says_nothing_against_names(allocation, folder, wrong):
    (folder / "空.csv").write_text("城市规模,落户人数（人）\n大城市,5\n", encoding="utf-8")
    told = allocation(f"run reward --input 空.csv {wrong} --set settled@古塔区=5")
    assert told.code == 2 and files(told.err) == {"空.csv"}


def test_the_year_is_asked_for_beside_what_is_wrong_with_the_cells(allocation, folder):
    (folder / "表.csv").write_text("行政区代码,名称,落户人数（人）\n1,甲县,五\n", encoding="utf-8")
    told = allocation("run dated --input 表.csv")
    assert told.code == 2 and "--year" in told.err and "“五”" in told.err, told.err


@pytest.mark.parametrize("settings", ["", "--set pool=900"])
def test_the_pool_is_given_once_even_where_a_file_is_wrong(allocation, wrong, settings):
    told = allocation(f"run reward --sources 来源.csv --pool-from 无.json {settings}")
    assert told.err.count("资金总额由来源表") == 1 + bool(settings) and "来源.csv: B2" in told.err
