"""Shares and several pools of a case: its facts in titles, what is attached, a total that is decided, the journal."""

from __future__ import annotations

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
