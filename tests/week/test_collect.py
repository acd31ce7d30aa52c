"""Seven files of rising mess give Jinzhou's table to the last figure; who is missing, late or changed is said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from returned_files import CASES, FOUR, GUTA, HEAD, HEISHAN, LINGHAI, LINGHE

from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.run.scenario import Change

BOOK = Path("outputs/reward_collected.xlsx")
STATE = Path("outputs/reward_collected.json")


def sheet(name: str, book: Path = BOOK) -> list[list[str]]:
    rows = load_workbook(book)[name].iter_rows(min_row=4, values_only=True)
    return [[cell or "" for cell in row] for row in rows]


@pytest.fixture
def jinzhou(folder, allocation):
    """The seven returned files collected for the shipped policy: the merged table, and what was told."""
    shutil.copytree(CASES / "returned", folder / "seven")
    csv = folder / "seven" / "太和区.csv"
    csv.write_bytes(csv.read_text(encoding="utf-8").encode("gb18030"))  # kept as UTF-8, as all text of the repository
    for part in ("models", "inputs"):
        shutil.rmtree(folder / part)  # the shipped ones hold
    told = allocation("collect incentive_fund seven --date 2018-03-01")
    return find("incentive_fund", Path("outputs/incentive_fund_collected.xlsx"), None), told


def test_seven_messy_files_give_exactly_the_figures_and_awards_of_the_clean_table(jinzhou):
    found, told = jinzhou
    clean = find("incentive_fund", None, None)
    assert clean.input_path.name == "jinzhou_2017.xlsx" and told.code == 0
    assert (found.model.name, found.table.year) == ("incentive_fund@2017", 2017)
    assert (found.table.codes, found.table.names) == (clean.table.codes, clean.table.names)
    assert found.table.values == clean.table.values
    pool = [Change("pool", 5000)]  # only the shipped sample itself has its settings
    awards = [run_model(one.model, one.table, pool).figures("award") for one in (found, clean)]
    assert awards[0] == awards[1] and sum(awards[0]) == 5000


def test_a_name_matched_by_alias_is_said_and_made_up_figures_stay_marked(jinzhou):
    found, told = jinzhou
    assert "按别名“凌海”" in told.out and "按别名“锦州市北镇市”" in told.out
    assert found.table.illustrative and "（示例数据）" in told.out
    book = load_workbook("outputs/incentive_fund_collected.xlsx")
    assert "示例数据" in book.worksheets[0]["A1"].value and book.worksheets[0]["A5"].value == "210702"
    assert book.sheetnames == ["汇总数据", "收表情况", "变动", "问题"]


def test_clean_returns_have_nothing_under_problems_and_read_back_without_naming_the_sheet(returns, collect, allocation):
    returns()
    told = collect()
    assert told.code == 0 and "提示" not in told.out
    assert sheet("问题") == [["", "没有问题"]]
    assert allocation(f"check reward --input {BOOK.as_posix()}").code == 0


def test_one_file_of_several_counties_merges_with_the_others_in_the_order_of_the_recipients(returns, collect):
    returns("a.csv", [LINGHAI, LINGHE])
    returns("b.csv", [HEISHAN])
    returns("c.csv", [GUTA])
    assert collect().code == 0
    assert [row[0] for row in sheet("收表情况")] == ["210702", "210703", "210726", "210781"]


def test_a_template_with_everyone_s_name_comes_back_with_one_row_filled(returns, collect):
    for own in FOUR:
        prefilled = [row if row is own else [*row[:3], "", "—", "", "", ""] for row in FOUR]
        returns(f"{own[1]}.csv", prefilled)
    assert collect().code == 0


def test_who_is_missing_is_said_with_exit_code_one_and_stands_on_top_of_the_merged_table(returns, collect):
    returns(rows=[GUTA, LINGHE])
    told = collect("--due 2018-03-05")
    assert told.code == 1
    assert "未报 2：黑山县、凌海市（截止 2018-03-05）" in told.out
    assert "不完整，缺 黑山县、凌海市" in load_workbook(BOOK).worksheets[0]["A2"].value
    assert [row[3] for row in sheet("收表情况")] == ["已收", "已收", "未报", "未报"]


def test_late_is_what_was_first_seen_after_the_due_day_even_when_collected_again(returns, collect):
    returns(rows=[GUTA, LINGHE])
    collect("--due 2018-03-05")
    returns(rows=[HEISHAN, LINGHAI])
    for day in ("2018-03-06", "2018-03-09"):
        told = collect("--due 2018-03-05", day)
        assert told.code == 0 and "迟报 2（2018-03-05 以后才收到）：黑山县、凌海市" in told.out
        assert [row[5] for row in sheet("收表情况")] == ["2018-03-01", "2018-03-01", "2018-03-06", "2018-03-06"]


def test_on_the_due_day_itself_nobody_is_late(returns, collect):
    returns()
    assert "迟报" not in collect("--due 2018-03-05", "2018-03-05").text


def test_a_figure_changed_since_the_last_collection_is_told_with_its_cell_old_and_new(returns, collect):
    returns()
    collect()
    returns("黑山县.csv", [[*HEISHAN[:3], 95, *HEISHAN[4:]]])
    told = collect("--due 2018-03-02", "2018-03-08")
    assert "变动：黑山县 落户人数 90 → 95（黑山县.csv: D3）" in told.out and "迟报" not in told.out
    assert sheet("变动") == [["210726", "黑山县", "落户人数", "90", "95", "黑山县.csv: D3"]]
    assert "2018-03-01" in load_workbook(BOOK)["变动"]["A1"].value
    assert "变动" not in collect("", "2018-03-09").out  # nothing has changed since


def test_a_county_that_was_there_last_time_and_is_gone_is_said(returns, collect, folder):
    returns()
    collect()
    (folder / "returned" / "黑山县.csv").unlink()
    told = collect("", "2018-03-08")
    assert told.code == 1 and "黑山县上次收到过（黑山县.csv），这次没有" in told.out


def test_the_state_says_its_schema_files_first_seen_and_figures_without_any_path(returns, collect):
    returns("a.csv")
    collect()
    state = json.loads(STATE.read_text(encoding="utf-8"))
    assert (state["schema"], state["model"], state["year"]) == ("allocation.collected/1", "reward", 2017)
    assert state["files"]["a.csv"]["first_seen"] == "2018-03-01" and len(state["files"]["a.csv"]["sha256"]) == 64
    assert state["recipients"]["210726"]["figures"]["revenue"] == "15020.25"
    assert "/" not in json.dumps({k: v for k, v in state.items() if k != "schema"})


def test_the_same_figures_twice_are_counted_once_and_noted(returns, collect):
    returns()
    returns("又一份.csv", [HEISHAN])
    told = collect()
    assert told.code == 0 and "黑山县报了两次，数字相同" in told.out
    assert sheet("收表情况")[2][3:5] == ["重复", "又一份.csv、黑山县.csv"]


def test_prefer_settles_which_of_two_files_holds(returns, collect):
    returns()
    returns("更正.csv", [[*HEISHAN[:3], 95, *HEISHAN[4:]]])
    told = collect("--prefer 更正.csv")
    assert told.code == 0 and "按 --prefer 以 更正.csv 为准" in told.out
    assert 95 in [row[3] for row in load_workbook(BOOK).worksheets[0].iter_rows(min_row=5, values_only=True)]


def test_partial_merges_the_good_files_says_what_is_left_out_and_never_passes_for_complete(returns, collect, written):
    returns()
    returns("黑山县.csv", [[*HEISHAN[:3], "约90", *HEISHAN[4:]]])
    assert collect().code == 2 and written() == []
    told = collect("--partial")
    assert told.code == 1 and "黑山县.csv: D3" in told.err and "“约90”" in told.err
    assert "不完整，缺 黑山县，有 1 处问题" in load_workbook(BOOK).worksheets[0]["A2"].value
    assert sheet("问题")[0][0] == "未并入" and [row[0] for row in sheet("收表情况") if row[3] == "已收"] == [
        "210702", "210703", "210781",
    ]  # fmt: skip


def test_the_report_and_the_workbook_speak_english_and_read_back(returns, collect, allocation):
    returns(rows=[GUTA, LINGHE, HEISHAN])
    told = collect("--lang en")
    assert told.code == 1 and "missing 1: 凌海市" in told.out and "INCOMPLETE, 凌海市 missing" in told.err
    assert load_workbook(BOOK).sheetnames == ["Merged data", "Returns", "Changes", "Problems"]
    found = find("reward", BOOK, None)
    assert found.table.year == 2017 and len(found.table) == 3


def test_the_same_returns_give_the_same_bytes(returns, collect):
    returns()
    collect()
    first = BOOK.read_bytes()
    STATE.unlink()
    collect()
    assert BOOK.read_bytes() == first


def test_a_file_left_out_makes_the_table_incomplete_even_when_nobody_is_missing(returns, collect):
    returns()
    returns("又一份.csv", [[*HEISHAN[:3], "约90", *HEISHAN[4:]]])
    told = collect("--partial")
    assert told.code == 1 and "不完整，有 1 处问题，有关文件没有并入。不能" in told.err


def test_what_the_city_filled_in_beforehand_does_not_make_a_row_a_return(folder, allocation):
    shutil.copytree(CASES / "returned", folder / "seven")
    for part in ("models", "inputs"):
        shutil.rmtree(folder / part)
    book = load_workbook(folder / "seven" / "古塔区.xlsx")
    data = book["数据"]
    last = next(cell.column for cell in data[3] if "上年分配额" in str(cell.value))
    for column, value in ((1, "210703"), (2, "凌河区"), (3, "市辖区"), (last, 1)):
        data.cell(6, column).value = value
    book.save(folder / "seven" / "古塔区.xlsx")
    told = allocation("collect incentive_fund seven --date 2018-03-01")
    assert told.code == 0 and "重复" not in told.out


def test_a_county_whose_two_files_differ_is_left_out_of_a_partial_table_and_not_called_missing(returns, collect):
    returns()
    returns("更正.csv", [[*HEISHAN[:3], 95, *HEISHAN[4:]]])
    told = collect("--partial")
    assert told.code == 1 and "未报" not in told.out and "不完整，缺 黑山县，有 1 处问题" in told.err
    assert sheet("收表情况")[2][3:5] == ["未并入", "更正.csv、黑山县.csv"]


def test_returns_of_an_earlier_year_are_read_with_the_inputs_of_that_year_s_model(returns, allocation, folder):
    text = (folder / "models" / "reward.toml").read_text(encoding="utf-8")
    head, rest = text.split("[[parameter]]", 1)
    more = '[[input]]\nname = "more"\nzh = "新指标"\nen = "New"\nunit = "人"\n\n[[input]]\n'
    newest = f"{head}effective = {{ from = 2018 }}\n\n[[parameter]]{rest}".replace("[[input]]\n", more, 1)
    newest = newest.replace('"settled * pick', '"(settled + more) * pick')
    dated = f"{head}effective = {{ to = 2017 }}\n\n[[parameter]]{rest}"
    (folder / "models" / "pay.toml").write_text(newest, encoding="utf-8")
    (folder / "models" / "pay@2017.toml").write_text(dated, encoding="utf-8")
    returns()
    assert allocation("collect pay returned --date 2018-03-01").code == 0
    assert "新指标" in allocation("collect pay returned --date 2018-03-01 --year 2018").err
    assert allocation("check pay --year 2017 --input outputs/pay_collected.xlsx").code == 0


def test_a_figure_nobody_returned_is_not_written_as_if_somebody_had(folder, returns, collect, allocation):
    model = folder / "models" / "reward.toml"
    text = model.read_text(encoding="utf-8")
    required = 'en = "Hardship coefficient"\ndefault = 1\nrequired = true'
    model.write_text(text.replace('en = "Hardship coefficient"', required), encoding="utf-8")
    place = HEAD.index("困难系数")
    returns("全市.csv", [row[:place] + row[place + 1 :] for row in FOUR], head=HEAD[:place] + HEAD[place + 1 :])
    assert collect().code == 0
    told = allocation("run reward --input outputs/reward_collected.xlsx")
    assert told.code == 2 and "困难系数" in told.err, told.text
    assert allocation("run reward --input outputs/reward_collected.xlsx --set hardship=1").code == 0
