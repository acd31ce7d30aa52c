"""Last year's figures: carried by code, split and merged by the crosswalk so that nothing is lost to rounding."""

from __future__ import annotations

import csv
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returned_files import FOUR

from allocation.collecting.collect import inexact
from allocation.collecting.crosswalk import Step, carry_over, read_crosswalk
from allocation.errors import AllocationError
from allocation.language.units import Units
from allocation.policy.model import Input
from allocation.run.finding import find
from allocation.texts import Both

UNITS = Units()
AWARD = Input("last", Both("上年分配额", "Last award"), UNITS.parse("万元"), whole=True)
CENTS = Input("last", Both("上年支出", "Last spending"), UNITS.parse("万元"), decimals=2)
RATE = Input("rate", Both("困难系数", "Hardship"), UNITS.parse(""), decimals=4)
BOOK = Path("outputs/reward_collected.xlsx")
LAST = "--last last.csv --last-year 2016 --carry last_award=award"


def step(source: str, target: str, share: str, year: int = 2017) -> Step:
    return Step(year, source, target, Fraction(share), "按人口", "c.csv: D2")


def said(action) -> str:
    with pytest.raises(AllocationError) as caught:
        action()
    assert caught.value.text("en")
    return caught.value.text("zh")


def test_a_split_closes_in_whole_units_and_equal_remainders_go_to_the_lower_code():
    thirds = (step("A", "C", "1/3"), step("A", "A", "1/3"), step("A", "B", "1/3"))
    assert carry_over({"A": Fraction(100)}, AWARD, thirds, 2017) == {"A": 34, "B": 33, "C": 33}
    assert carry_over({"A": Fraction("0.05")}, CENTS, thirds, 2017) == {
        "A": Fraction("0.02"), "B": Fraction("0.02"), "C": Fraction("0.01"),
    }  # fmt: skip


def test_a_merger_adds_up_and_other_codes_blanks_and_other_years_stay_as_they_are():
    steps = (step("A", "N", "1"), step("B", "N", "1"), step("C", "N", "1", year=2016))
    last = {"A": Fraction(5), "B": Fraction(7), "C": Fraction(1), "D": None}
    assert carry_over(last, AWARD, steps, 2017) == {"N": 12, "C": 1}
    assert carry_over({**last, "A": None, "B": None}, AWARD, steps, 2017) == {"C": 1}


def test_a_blank_is_not_0_where_it_is_put_together_with_a_figure_and_its_code_is_named():
    into = (step("A", "B", "1"),)
    text = said(lambda: carry_over({"A": Fraction(10), "B": None}, AWARD, into, 2017))
    assert text.startswith("c.csv: D2: 上年 B 的“上年分配额”是空白，不能与别的单位合成 B")
    assert "上年 A 的" in said(lambda: carry_over({"A": None, "B": Fraction(10)}, AWARD, into, 2017))
    assert carry_over({"A": Fraction(10), "B": Fraction(0)}, AWARD, into, 2017) == {"B": 10}
    parts = (step("A", "B", "1/2"), step("A", "C", "1/2"), step("D", "C", "1"), step("B", "E", "1"))
    text = said(lambda: carry_over({"A": None, "B": None, "D": Fraction(4)}, AWARD, parts, 2017))
    assert "上年 A 的" in text and "合成 C" in text and "上年 B 的" not in text


@given(st.integers(0, 10**6), st.lists(st.integers(1, 50), min_size=1, max_size=6))
def test_no_split_loses_or_makes_a_unit_and_nobody_is_more_than_one_from_the_exact_share(figure, weights):
    steps = tuple(step("A", f"T{i}", f"{w}/{sum(weights)}") for i, w in enumerate(weights))
    parts = carry_over({"A": Fraction(figure)}, AWARD, steps, 2017)
    assert sum(parts.values()) == figure
    assert all(abs(parts[one.target] - figure * one.share) < 1 for one in steps)


def test_rates_are_not_split_and_the_column_is_named():
    text = said(lambda: carry_over({"A": Fraction(1)}, RATE, (step("A", "B", "1"),), 2017))
    assert "“困难系数”不是可以相加的数量" in text and "--carry" in text
    assert carry_over({"A": Fraction(1, 2)}, RATE, (), 2017) == {"A": Fraction(1, 2)}


def test_a_crosswalk_that_names_nobody_of_last_year_or_a_figure_off_the_grid_is_an_error():
    text = said(lambda: carry_over({"A": Fraction(1)}, AWARD, (step("Z", "B", "1"),), 2017))
    assert "原代码 Z 不在上年的表里" in text
    text = said(lambda: carry_over({"A": Fraction("1.5")}, AWARD, (step("A", "B", "1"),), 2017))
    assert "是 1.5，多于 0 位小数" in text


def crosswalk(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(["年度,原代码,新代码,份额,依据", *rows]) + "\n", encoding="utf-8")
    return path


def test_shares_of_one_code_add_up_to_one_exactly_however_they_are_written(tmp_path):
    path = crosswalk(tmp_path / "c.csv", "2017,A,A,60%,按人", "2017,A,B,0.4,按人", "2017,C,D,1/3,x", "2017,C,E,2/3,x")
    assert [one.share for one in read_crosswalk(path, UNITS, [])] == [Fraction(n) for n in ("3/5", "2/5", "1/3", "2/3")]
    crosswalk(path, "2017,A,A,0.333,按人口", "2017,A,B,0.333,按人口", "2017,A,C,0.333,按人口")
    assert "加起来是 0.999，应恰好是 1" in said(lambda: read_crosswalk(path, UNITS, []))


def test_a_share_out_of_range_a_missing_basis_and_a_code_twice_are_errors(tmp_path):
    path = crosswalk(tmp_path / "c.csv", "2017,A,A,1.2,按人口", "2017,B,C,一半,按人口", "去年,D,E,1,按人口")
    text = said(lambda: read_crosswalk(path, UNITS, []))
    assert all(word in text for word in ("“1.2”", "“一半”", "“去年”")) and "加起来" not in text
    assert "“依据”必须填写" in said(lambda: read_crosswalk(crosswalk(path, "2017,A,B,1,"), UNITS, []))
    text = said(lambda: read_crosswalk(crosswalk(path, "2017,A,B,1/2,x", "2017,A,B,1/2,x"), UNITS, []))
    assert "有两行分给同一个新代码" in text


@pytest.fixture
def last(folder):
    """last({code: award}) writes last year's result."""

    def write(awards: dict[str, object], title: str = "") -> None:
        with (folder / "last.csv").open("w", encoding="utf-8", newline="") as file:
            rows = [["行政区代码", "名称", "分配额（万元）"], *([code, code, award] for code, award in awards.items())]
            csv.writer(file).writerows([[title], *rows] if title else rows)

    return write


def merged(name: str = "last_award") -> list:
    return list(find("reward", BOOK, None).table.values[name])


def test_last_year_s_award_comes_from_last_year_s_result_and_what_a_county_wrote_differently_is_said(
    returns, collect, last
):
    returns()
    last({"210702": 200, "210703": 310, "210726": 150, "210781": 250})
    told = collect(LAST)
    assert told.code == 0 and merged() == [200, 310, 150, 250]
    assert "凌河区报的“上年分配额”是 300，上年的结果是 310，按后者" in told.out
    assert "古塔区报的" not in told.out


def test_the_csv_and_the_workbook_of_a_run_serve_as_last_year_s_result(returns, collect, allocation):
    assert allocation("run reward --year 2016 --out outputs/r2016").code == 0
    returns()
    awards = []
    for file in ("reward.csv", "reward.xlsx"):
        assert collect(f"--last outputs/r2016/{file} --carry last_award=award").code == 0
        awards.append(merged())
    assert awards[0] == awards[1] and sum(awards[0]) == 1000


def test_an_abolished_county_s_figure_goes_where_the_crosswalk_says_and_nowhere_is_an_error(
    returns, collect, last, folder, written
):
    returns()
    last({"210702": 200, "210703": 300, "210726": 150, "210781": 250, "210799": 101})
    told = collect(LAST)
    assert told.code == 2 and "210799 的“上年分配额”101 没有去处" in told.err and written() == []
    crosswalk(folder / "c.csv", "2017,210799,210702,0.5,按常住人口", "2017,210799,210703,0.5,按常住人口")
    assert collect(f"{LAST} --crosswalk c.csv").code == 0
    assert merged() == [251, 350, 150, 250]


def test_a_new_county_without_last_year_keeps_what_it_returned_and_that_is_said(returns, collect, last):
    returns()
    last({"210702": 200, "210703": 300, "210726": 150})
    told = collect(LAST)
    assert told.code == 0 and "凌海市没有上年的“上年分配额”，仍按所报的 250" in told.out and merged()[3] == 250


def test_a_rate_is_carried_while_boundaries_stand_and_refused_when_they_move(returns, collect, folder):
    returns()
    shutil.copy(folder / "inputs" / "reward.csv", folder / "last.csv")
    assert collect("--last last.csv --last-year 2016 --carry 困难系数=困难系数").code == 0
    crosswalk(folder / "c.csv", "2017,210702,210702,1,按常住人口")
    told = collect("--last last.csv --last-year 2016 --carry 困难系数=困难系数 --crosswalk c.csv")
    assert told.code == 2 and "“困难系数”不是可以相加的数量" in told.err


def test_options_that_need_one_another_and_names_that_are_none_are_said(returns, collect, last):
    returns()
    last({"210702": 200})
    assert "要与 --last" in collect("--crosswalk c.csv").err
    assert "要与 --last" in collect("--last-year 2016").err
    assert "没有上年数这一项" in collect("--last last.csv").err
    text = collect("--last last.csv --carry last_awrad=award").err
    assert "“last_awrad”不是模型的指标或列，最接近的是 last_award" in text
    assert "应写作 本年指标=上年的列" in collect("--last last.csv --carry last_award").err


def test_last_year_s_table_without_a_year_or_of_another_one_is_refused_until_the_year_is_said(
    returns, collect, last, written
):
    returns()
    carry = "--last last.csv --carry last_award=award"
    last({row[0]: row[-1] for row in FOUR})
    assert "看不出上年的表是哪一年的。请用 --last-year 写明，如 --last-year 2016" in collect(carry).err
    last({row[0]: row[-1] for row in FOUR}, title="2014年结果")
    for option in ("", "--last-year 2016"):
        assert "上年的表写的是 2014 年，应是 2016 年的" in collect(f"{carry} {option}").err
    assert "上年的表应早于 2017 年，写的是 2017 年" in collect(f"{carry} --last-year 2017").err
    assert written() == []
    assert collect(f"{carry} --last-year 2014").code == 0 and merged() == [200, 300, 150, 250]


@pytest.mark.parametrize("file", ["reward.xlsx", "reward.csv", "reward.import.csv"])
def test_this_year_s_own_result_is_not_last_year_s(returns, collect, allocation, written, file):
    assert allocation("run reward --year 2017 --out own").code == 0
    returns()
    told = collect(f"--last own/{file} --carry last_award=award")
    assert told.code == 2 and "上年的表写的是 2017 年，应是 2016 年的" in told.err and written() == []


def test_last_year_s_table_without_codes_is_refused(returns, collect, folder):
    returns()
    (folder / "last.csv").write_text("名称,分配额\n古塔区,200\n", encoding="utf-8")
    assert "没有行政区代码" in collect(LAST).err


def test_a_figure_that_no_decimal_holds_is_noted_with_its_cell(folder):
    found = find("reward", None, None)
    reward, table = found.model, found.table
    third = table.with_values(revenue=(Fraction(10, 3), *table.values["revenue"][1:]))
    assert inexact(table, reward) == []
    (note,) = inexact(third, reward)
    assert note.text("zh").startswith("reward.csv: E2: “财政收入”是除不尽的数")
