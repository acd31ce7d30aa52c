"""Shares and several pools of a case: its facts in titles, what is attached, a total that is decided, the journal."""

from __future__ import annotations

import csv

import openpyxl
import pytest

FREE = ("down(cap_rate * last_award) if given(last_award) else up(pool)", "up(pool)")  # of caps

CASE = """model = "reward"
table = "inputs/reward.csv"

[facts]
fund = "农村奖补资金"
budget_year = 2018
batch = "追加"

[settings]
pool = { value = 900, state = "已定", basis = "会议纪要" }
"""


@pytest.fixture
def case(folder):
    path = folder / "奖励.toml"
    path.write_text(CASE, encoding="utf-8")
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_comparison_of_a_case_is_headed_by_its_fund_year_and_batch_and_verifies(allocation, folder, case, lang):
    told = allocation(f"compare {case.name} --pools 900,950 --lang {lang}")
    assert told.code == 0, told.text
    title = openpyxl.load_workbook(folder / "outputs/reward_pools.xlsx").worksheets[0]["A1"].value
    for said in (title, told.out):
        assert "农村奖补资金" in said and "2018" in said and ("追加" if lang == "zh" else "supplement") in said
    assert allocation("verify outputs/reward_pools.xlsx").code == 0
    again = allocation("rerun outputs/reward_pools.xlsx --out again --input inputs")
    assert again.code == 0, again.text


def test_what_a_case_has_attached_is_not_passed_over_by_several_pools(allocation, folder, case):
    (folder / "调整.csv").write_text("代码,金额,理由\n", encoding="utf-8")
    case.write_text(CASE + '\n[files]\nadjustments = "调整.csv"\n', encoding="utf-8")
    told = allocation(f"compare {case.name} --pools 900,950")
    assert told.code == 2 and "研究调整" in told.err and "--set" in told.err
    assert not (folder / "outputs").exists()


def test_shares_of_a_case_whose_total_is_decided_say_so(allocation, folder, case):
    model = folder / "models/reward.toml"
    model.write_text(model.read_text(encoding="utf-8").replace(*FREE), encoding="utf-8")
    told = allocation(f"run {case.name} --shares --set floor_rate=0")
    assert told.code == 0, told.text
    assert (
        "总额已定" in told.out
        and "900" in told.out
        and "底稿：奖励.toml" in (folder / "outputs/journal.csv").read_text(encoding="utf-8-sig")
    )
    case.write_text(CASE.replace("已定", "暂定"), encoding="utf-8")
    assert "总额已定" not in allocation(f"run {case.name} --shares --set floor_rate=0").out


ADJUSTED = "代码,调整额（万元）,由谁承担,理由,批准人或会议,文号,日期\n210726,5,其余各地,会议,专题会议,,2018-01-05\n"
SCENARIO = '[scenario]\nzh = "多"\nen = "more"\n[[change]]\naddress = "pool"\nset = 1000\n'


def test_the_baseline_of_a_comparison_is_the_case_with_all_that_it_has_attached(allocation, folder, case):
    (folder / "调整.csv").write_text(ADJUSTED, encoding="utf-8")
    case.write_text(CASE + '\n[files]\nadjustments = "调整.csv"\n', encoding="utf-8")
    (folder / "more.toml").write_text(SCENARIO, encoding="utf-8")
    assert allocation(f"run {case.name}").code == 0
    told = allocation(f"compare {case.name} more.toml")
    assert told.code == 0, told.text
    rows = [*openpyxl.load_workbook(folder / "outputs/reward_compare.xlsx", data_only=True).worksheets[0].values]
    with (folder / "outputs/reward.csv").open(encoding="utf-8-sig") as file:
        issued = {row["名称"]: float(row["下达数（万元）"]) for row in csv.DictReader(file)}
    compared = {name: row[row.index(name) + 1] for row in rows for name in issued if name in row}
    assert compared == issued
    assert allocation("verify outputs/reward_compare.xlsx").code == 0
    again = allocation("rerun outputs/reward_compare.xlsx --input inputs --input 调整.csv --out again")
    assert again.code == 2 and "附表" in again.err


def test_a_comparison_that_leaves_figures_undecided_is_made_again(allocation, folder):
    (folder / "bare.toml").write_text(CASE.replace("已定", "未定"), encoding="utf-8")
    (folder / "rate.toml").write_text(SCENARIO, encoding="utf-8")
    (folder / "floor.toml").write_text(SCENARIO.replace("pool", "floor_rate").replace("1000", "0.8"), encoding="utf-8")
    assert allocation("compare bare.toml floor.toml rate.toml").code == 0
    again = allocation("rerun outputs/reward_compare.xlsx --input inputs --out again")
    assert again.code == 0, again.text


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "底稿里的研究调整没有带进多年测算"), ("en", "is not part of a run over years")]
)
def test_a_run_over_years_says_what_of_the_case_it_leaves_out(allocation, folder, case, lang, said):
    (folder / "调整.csv").write_text(ADJUSTED, encoding="utf-8")
    case.write_text(CASE + '\n[files]\nadjustments = "调整.csv"\n', encoding="utf-8")
    assert said in allocation(f"timeline {case.name} --until 2019 --set pool#2019=900 --lang {lang}").out
