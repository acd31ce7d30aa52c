"""清算: what a table of advances does to a run, what the terminal shows of it, and slips. Its laws: tests/laws."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from attaching import attached

from allocation.errors import AllocationError
from allocation.run.finding import find
from allocation.run.run import run_model

FOUND = find("incentive_fund", None, None)
COUNTIES = FOUND.table.names


def settled(folder, amounts: list[object], years: int = 1, text: str = ""):
    path = folder / "advance.csv"
    lines = [f"{name},{amount}" for name, amount in zip(COUNTIES, amounts, strict=False)]
    path.write_text("县（市、区）,提前下达数\n" + "\n".join(lines) + text, encoding="utf-8")
    made = attached(FOUND.model, FOUND.table, settlement=path, recover_years=years)
    return run_model(made.model, made.table, made.changes)


def test_a_county_without_an_advance_is_paid_in_full(tmp_path):
    run = settled(tmp_path, [100])
    assert run.figures("_advance_paid") == (100, 0, 0, 0, 0, 0, 0)
    assert run.figures("_settled_now")[1:] == run.figures("award")[1:]
    assert "settle.absent" in {note.id for note in run.notes}
    assert "settle.absent" not in {note.id for note in settled(tmp_path, [100] * 7).notes}


def test_the_years_are_named_after_the_tables_year(tmp_path):
    run = settled(tmp_path, [3000], 2)
    assert [run.model.columns[f"_take_back.y{n}"].item.zh for n in (1, 2)] == ["2018年", "2019年"]
    assert run.figures("_take_back.y1")[0] + run.figures("_take_back.y2")[0] == run.figures("_to_take_back")[0]


@pytest.mark.parametrize(
    ("amounts", "text", "years", "message"),
    [
        (["三百"], "", 1, "forms.not_number"),
        ([10.5], "", 1, "adjust.off_grid"),
        ([10], "\n古塔区,20", 1, "settle.twice"),
        ([10], "\n锦西县,20", 1, "scenario.no_county"),
        ([10], "", 99, "settle.years"),
    ],
)
def test_a_slip_is_a_message(tmp_path, amounts, text, years, message):
    with pytest.raises(AllocationError) as caught:
        settled(tmp_path, amounts, years, text)
    assert message in {one.id for one in caught.value.problems}


def test_a_negative_advance_is_money_given_back_and_is_said(tmp_path):
    run = settled(tmp_path, [-5, *[100] * 6])
    assert run.figures("_settled_now")[0] == run.figures("award")[0] + 5
    (note,) = [one for one in run.notes if one.id == "settle.negative"]
    assert note.slots["counties"] == ("古塔区",)
    assert "settle.negative" not in {one.id for one in settled(tmp_path, [100] * 7).notes}


def test_an_advance_of_a_source_is_not_negative(tmp_path):
    from xlsxwriter import Workbook

    with Workbook(str(tmp_path / "s.xlsx")) as book:
        sources, counties = book.add_worksheet("来源"), book.add_worksheet("各地")
        sources.write_row(0, 0, ("来源", "金额", "已提前下达"))
        sources.write_row(1, 0, ("中央", 5000, 5))
        counties.write_row(0, 0, ("县（市、区）", "中央"))
        counties.write_row(1, 0, ("古塔区", 10))
        counties.write_row(2, 0, ("黑山县", -5))
    with pytest.raises(AllocationError) as caught:
        attached(FOUND.model, FOUND.table, sources=tmp_path / "s.xlsx")
    assert [(one.id, one.where) for one in caught.value.problems] == [("sources.off_grid", "s.xlsx: 各地!B3")]


def test_nobody_is_told_to_leave_an_advance_blank_that_must_be_filled_in(tmp_path):
    with pytest.raises(AllocationError) as caught:
        settled(tmp_path, ["约400"])
    (slip,) = caught.value.problems
    assert "留空" not in slip.text("zh") and "blank" not in slip.text("en") and "约400" in slip.text("zh")
    (tmp_path / "s.csv").write_text("来源,金额,市级预留\n中央,5000,约400\n", encoding="utf-8")
    with pytest.raises(AllocationError) as caught:
        attached(FOUND.model, FOUND.table, sources=tmp_path / "s.csv")
    assert "请留空" in caught.value.text("zh")


def test_advances_are_said_once(tmp_path):
    settled(tmp_path, [Fraction(1)])
    (tmp_path / "s.csv").write_text("来源,金额,已提前下达\n中央,5000,\n", encoding="utf-8")
    made = attached(FOUND.model, FOUND.table, sources=tmp_path / "s.csv", settlement=tmp_path / "advance.csv")
    run = run_model(made.model, made.table, made.changes)
    assert run.total("_settled_due") == 5000


def test_a_made_up_table_beside_a_real_one_marks_the_result(tmp_path):
    real = replace(FOUND.table, illustrative=False)
    files = {
        "adjustments": "县（市、区）,调整额,由谁承担,理由,批准人或会议\n黑山县,5,其余各地,r,m\n",
        "sources": "来源,金额\n中央,5000\n",
        "settlement": "县（市、区）,提前下达数\n黑山县,5\n",
    }
    for kind, text in files.items():
        path = tmp_path / f"{kind}.csv"
        for title, marked in (("", False), ("示例数据\n", True)):
            path.write_text(title + text, encoding="utf-8")
            assert attached(FOUND.model, real, **{kind: path}).table.illustrative == marked, kind
