"""整改台账: what audits found, summed up by department and county; a correction cites a number and agrees with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from shipped import HOUSE

from allocation.texts import catalogue

REGISTER = HOUSE / "inputs/week/findings.csv"
CORRECT = "correct incentive_fund --set settled[in_city]@黑山县=2680 --reason 审计核实 --date 2018-10-01 --findings "


@pytest.fixture
def register(folder):
    """register(old=new, …) writes the shipped register with one text put for another."""

    def write(**changed: str) -> Path:
        text = REGISTER.read_text(encoding="utf-8-sig")
        for old, new in changed.items():
            assert old in text
            text = text.replace(old, new, 1)
        path = folder / "register.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def issued(folder, allocation):
    told = allocation("run incentive_fund --stage 正式稿 --date 2018-03-09")
    assert told.code == 0, told.err


def test_the_register_is_summed_up_and_found_is_put_right_and_left(allocation, register):
    register()
    told = allocation("check incentive_fund --findings register.csv").out
    assert "整改台账：4 项，已完成 2、未完成 2；涉及 7.5万元 = 整改到位 -5.5万元 + 尚未整改 13万元" in told
    assert "公安局（2 项，已完成 2、未完成 0；涉及 2万元 = 整改到位 2万元 + 尚未整改 0万元）" in told
    assert "太和区（1 项，已完成 0、未完成 1；涉及 -12.5万元 = 整改到位 -7.5万元 + 尚未整改 -5万元）" in told


def test_a_correction_cites_a_finding_and_the_workbook_verifies(allocation, register, issued):
    register()
    told = allocation(CORRECT + "register.csv@ZG-01")
    assert told.code == 0, told.err + told.out
    assert "整改台账 ZG-01 没有写到的县（市、区）没有差额" in told.out  # the pool is shared anew: told, no more
    assert "审计核实（整改台账 ZG-01）" in Path("outputs/journal.csv").read_text(encoding="utf-8-sig")
    (book,) = Path("outputs/versions").glob("*更正*.xlsx")
    assert allocation(["verify", str(book)]).code == 0


def test_an_amount_put_right_that_is_not_the_difference_stops_the_correction(allocation, register, issued):
    register(**{",2,2,": ",3,3,"})
    told = allocation(CORRECT + "register.csv@ZG-01")
    assert told.code == 1 and not list(Path("outputs/versions").glob("*更正*"))
    assert "整改到位金额为 3 万元，应等于差额 2 万元，相差 1 万元" in told.out


def test_a_number_that_the_register_does_not_have_and_no_number_at_all_are_refused(allocation, register, issued):
    register()
    assert "台账里没有编号“ZG-09”" in allocation(CORRECT + "register.csv@ZG-09").err
    assert "更正要写明是台账里的哪一项" in allocation(CORRECT + "register.csv").err


@pytest.mark.parametrize(
    ("changed", "cell", "message"),
    [
        ({"-7.5": "7.5"}, "H4", "too_much"),
        ({",2,2,": ",2,1,"}, "H3", "not_done"),
        ({"未整改": "不详"}, "F6", "state"),
        ({"ZG-02,公租房补助超范围发放,太和区": "ZG-01,公租房补助超范围发放,黑山县"}, "A4", "twice"),
    ],
)
def test_wrong_rows_are_told_with_their_cells(allocation, register, changed, cell, message):
    register(**changed)
    told = allocation("check incentive_fund --findings register.csv")
    begins = catalogue("zh", "findings")[message].partition("{")[0]
    assert told.code == 2 and f"register.csv: {cell}: {begins}" in told.err
