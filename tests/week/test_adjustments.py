"""研究调整 and 资金来源: what is moved is borne by somebody, every table closes to the unit, and slips are messages."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter
from attaching import attached
from desk import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocation.errors import AllocationError
from allocation.parts.awards import step_text
from allocation.policy.loading import model_from_text
from allocation.run.finding import find
from allocation.run.run import run_model

FOUND = find("incentive_fund", None, None)
COUNTIES = FOUND.table.names
HEAD = ["县（市、区）", "调整额", "定额", "由谁承担", "理由", "批准人或会议", "文号", "日期"]
SOURCES = ["来源", "文号", "批次", "金额", "已提前下达", "市级预留"]


def csv(path: Path, head: list[str], rows: list[list[object]]) -> Path:
    path.write_text("\n".join(",".join(map(str, row)) for row in [head, *rows]), encoding="utf-8")
    return path


def adjusted(folder: Path, rows, sources=None):
    adjust = csv(folder / "adjust.csv", HEAD, [[*row, "理由", "会议", "", ""] for row in rows]) if rows else None
    funds = csv(folder / "sources.csv", SOURCES, sources) if sources else None
    made = attached(FOUND.model, FOUND.table, adjustments=adjust, sources=funds)
    return run_model(made.model, made.table, made.changes)


def ids(**given) -> list[str]:
    with pytest.raises(AllocationError) as caught:
        attached(FOUND.model, FOUND.table, **given)
    return [one.id for one in caught.value.problems]


def test_an_amount_moves_from_all_others_in_proportion(tmp_path):
    plain = run_model(FOUND.model, FOUND.table)
    run = adjusted(tmp_path, [["黑山县", 50, "", "其余各地"]])
    moved = dict(zip(COUNTIES, run.figures("_leaders_adjustment"), strict=True))
    assert moved["黑山县"] == 50
    assert sum(moved.values()) == 0
    old = dict(zip(COUNTIES, plain.figures("award"), strict=True))
    others = 5000 - old["黑山县"]
    assert all(abs(moved[name] + 50 * old[name] / others) < 1 for name in COUNTIES if name != "黑山县")


def test_a_fixed_amount_is_what_the_county_receives_and_the_reserve_pays(tmp_path):
    run = adjusted(tmp_path, [["义县", "", 600, "预留"]], [["中央", "", "", 5300, "", 300]])
    assert dict(zip(COUNTIES, run.figures("_after_adjustment"), strict=True))["义县"] == 600
    assert run.figure("_from_reserve") == 600 - dict(zip(COUNTIES, run.figures("award"), strict=True))["义县"]
    assert run.total("_after_adjustment") == 5000 + run.figure("_from_reserve") == run.figure("_pool_after_adjustment")
    assert run.ok


def test_a_reserve_must_be_shown_before_it_can_pay(tmp_path):
    path = csv(tmp_path / "a.csv", HEAD, [["义县", 20, "", "预留", "r", "m", "", ""]])
    assert ids(adjustments=path) == ["adjust.no_reserve"]


def test_named_counties_bear_and_nobody_else(tmp_path):
    run = adjusted(tmp_path, [["古塔区", -20, "", "凌河区、太和区"]])
    moved = dict(zip(COUNTIES, run.figures("_leaders_adjustment"), strict=True))
    assert {name for name, value in moved.items() if value} == {"古塔区", "凌河区", "太和区"}
    assert sum(moved.values()) == 0


def test_a_broken_floor_is_a_warning_that_names_the_county(tmp_path):
    path = csv(tmp_path / "a.csv", HEAD, [["义县", -200, "", "其余各地", "r", "m", "", ""]])
    made = attached(FOUND.model, FOUND.table, adjustments=path)
    run = run_model(made.model, made.table, [*made.changes])
    floors = {check.name: check for check in run.checks}
    assert not FOUND.model.parameters["hold_harmless"].value
    assert floors["_adjusted_floor"].ok  # no floor is set: nothing is broken
    from allocation.run.scenario import Change

    run = run_model(made.model, made.table, [Change("hold_harmless", Fraction(9, 10))])
    (broken,) = [check for check in run.checks if check.name == "_adjusted_floor"]
    assert (broken.ok, broken.severity, broken.counties) == (False, "warning", ("义县",))
    assert run.ok


@st.composite
def adjustments(draw):
    names = draw(st.lists(st.sampled_from(COUNTIES), unique=True, min_size=0, max_size=3))
    free = [name for name in COUNTIES if name not in names]
    rows = []
    for name in names:
        bearer = draw(st.sampled_from(["预留", "其余各地", "、".join(free[:2])]))
        if draw(st.booleans()):
            rows.append([name, "", draw(st.integers(300, 700)), bearer])
        else:
            rows.append([name, draw(st.integers(-60, 60)), "", bearer])
    return rows


@settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(adjustments(), st.lists(st.tuples(st.integers(1, 4000), st.integers(0, 400)), min_size=1, max_size=5))
def test_every_table_closes_down_and_across(tmp_path, rows, funds):
    amounts = [(amount + reserve + 300, reserve + 300) for amount, reserve in funds]
    sources = [[f"来源{n}", "", "", amount, "", reserve] for n, (amount, reserve) in enumerate(amounts, start=1)]
    try:
        run = adjusted(tmp_path, rows, sources)
    except AllocationError as error:  # a fixed amount far above a small pool: somebody would owe money
        assert {one.id for one in error.problems} <= {
            "run.infeasible", "run.check_broken", "run.negative_claim", "run.division",
        }  # fmt: skip
        return
    issued = run.figures(run.model.award)
    due = [run.figures(f"_source_due.s{n}") for n in range(1, len(sources) + 1)]
    used = [run.figure(f"_source_used.s{n}") for n in range(1, len(sources) + 1)]
    assert [sum(row) for row in zip(*due, strict=True)] == list(issued)
    if not run.ok:
        broken = [check.name for check in run.checks if not check.ok and check.severity == "error"]
        known = ("_adjusted_not_negative", "_reserve_suffices")
        assert all(name in known or name.startswith("_spent_") for name in broken)
        return
    assert [sum(one) for one in due] == [a - r + u for (a, r), u in zip(amounts, used, strict=True)]
    assert all(value >= 0 for one in due for value in one)
    assert sum(issued) == sum(amount - reserve for amount, reserve in amounts) + sum(used)


@settings(max_examples=examples(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.permutations([1700, 900, 400, -37, -263]), st.integers(1, 4))
def test_a_source_that_takes_back_is_shared_whole_and_every_row_still_closes(tmp_path, amounts, more):
    amounts = [*amounts, 13 * more]
    sources = [[f"来源{n}", "", "", amount, "", ""] for n, amount in enumerate(amounts, start=1)]
    run = adjusted(tmp_path, [["黑山县", 20, "", "其余各地"]], sources)
    due = [run.figures(f"_source_due.s{n}") for n in range(1, len(sources) + 1)]
    assert run.ok and [sum(one) for one in due] == amounts
    assert [sum(row) for row in zip(*due, strict=True)] == list(run.figures(run.model.award))
    pairs = [(amount, value) for amount, one in zip(amounts, due, strict=True) for value in one]
    assert all(amount * value >= 0 for amount, value in pairs)
    assert run.total(run.model.award) == sum(amounts)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("中央,100,\n收回,-100,", "没有可分配的资金"),
        ("中央,100,20\n收回,-90,", "没有可分配的资金"),
        ("收回,-90,", "没有可分配的资金"),
        ("中央,1000,\n收回,-100,10", "不能有预留或已提前下达"),
        ("中央,1000,-5\n省级,10,", "不能小于 0"),
    ],
)
def test_what_a_source_that_takes_back_cannot_do_is_said_in_words(tmp_path, rows, said):
    path = tmp_path / "s.csv"
    path.write_text(f"来源,金额,市级预留\n{rows}\n", encoding="utf-8")
    with pytest.raises(AllocationError) as caught:
        attached(FOUND.model, FOUND.table, sources=path)
    assert said in caught.value.text() and "s.csv" in caught.value.text()


def test_advances_come_off_each_source_and_the_rows_still_close(tmp_path):
    path = tmp_path / "sources.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("来源")
        rows = [SOURCES, ["中央", "", "", 3000, 1400, ""], ["省级", "", "", 2000, "", ""]]
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
        sheet = book.add_worksheet("已提前下达")
        for place, row in enumerate([["县（市、区）", "中央", "省级"], *([name, 200, ""] for name in COUNTIES)]):
            sheet.write_row(place, 0, row)
    made = attached(FOUND.model, FOUND.table, sources=path)
    run = run_model(made.model, made.table, made.changes)
    assert run.total("_source_now.s1") == 1600
    assert [now + 200 for now in run.figures("_source_now_total")] == list(run.figures("award"))


BAD = {
    "黑龙县,50,,其余各地,r,m,,": "scenario.no_county",
    "黑山县,50,600,其余各地,r,m,,": "adjust.one_of_two",
    "黑山县,,,其余各地,r,m,,": "adjust.one_of_two",
    "黑山县,50.5,,其余各地,r,m,,": "adjust.off_grid",
    "黑山县,五十,,其余各地,r,m,,": "tables.not_number",
    "黑山县,50,,其余各地,,m,,": "forms.blank",
    "黑山县,50,,其余各地,r,,,": "forms.blank",
    "黑山县,50,,,r,m,,": "forms.blank",
    "黑山县,50,,银行,r,m,,": "adjust.unknown_bearer",
    "黑山县,50,,黑山县,r,m,,": "adjust.both",
    "黑山县,50,,其余各地,r,m,,昨天": "forms.not_date",
    "黑山县,,600,其余各地,r,m,,\n黑山县,50,,其余各地,r,m,,": "adjust.fixed_twice",
}


@pytest.mark.parametrize("rows", BAD)
def test_a_slip_in_the_adjustments_is_a_message_with_its_cell(tmp_path, rows):
    path = tmp_path / "a.csv"
    path.write_text(",".join(HEAD) + "\n" + rows, encoding="utf-8")
    with pytest.raises(AllocationError) as caught:
        attached(FOUND.model, FOUND.table, adjustments=path)
    assert BAD[rows] in [one.id for one in caught.value.problems]
    assert all(one.where for one in caught.value.problems)


def test_all_slips_of_both_files_are_said_at_once(tmp_path):
    adjust = csv(tmp_path / "a.csv", HEAD, [["黑龙县", 50, "", "其余各地", "r", "m", "", ""]])
    funds = csv(tmp_path / "s.csv", SOURCES, [["中央", "", "", 10.5, "", ""], ["中央", "", "", 10, "", 20]])
    found = ids(adjustments=adjust, sources=funds)
    assert sorted(set(found)) == ["scenario.no_county", "sources.off_grid", "sources.reserve", "sources.twice"]


def test_advances_need_a_table_of_counties_that_adds_up(tmp_path):
    funds = csv(tmp_path / "s.csv", SOURCES, [["中央", "", "", 5000, 100, ""]])
    assert ids(sources=funds) == ["sources.no_advances"]


def test_a_table_without_the_needed_columns_says_which(tmp_path):
    path = csv(tmp_path / "a.csv", ["县（市、区）", "调整额", "备注"], [["黑山县", 5, ""]])
    assert ids(adjustments=path) == ["forms.no_column"]
    path = csv(tmp_path / "b.csv", ["甲", "乙"], [[1, 2]])
    assert ids(adjustments=path) == ["forms.no_header"]


def test_amounts_are_taken_in_the_unit_that_the_sheet_says(tmp_path):
    yuan = [["来源", "金额（元）"], ["中央", "30,000,000"], ["省级", "2000万元"], ["合计", "50000000"]]
    (tmp_path / "s.csv").write_text("\n".join(";".join(row) for row in yuan), encoding="utf-8")
    assert attached(FOUND.model, FOUND.table, sources=tmp_path / "s.csv").changes[0].value == 5000
    (tmp_path / "s.csv").write_text("单位：亿元\n来源,金额\n中央,0.5\n", encoding="utf-8")
    assert attached(FOUND.model, FOUND.table, sources=tmp_path / "s.csv").changes[0].value == 5000
    (tmp_path / "s.csv").write_text("来源,金额（公顷）\n中央,5000\n", encoding="utf-8")
    assert ids(sources=tmp_path / "s.csv") == ["forms.unit"]


def test_a_total_that_does_not_add_up_is_said(tmp_path):
    funds = csv(tmp_path / "s.csv", SOURCES, [["中央", "", "", 3000, "", ""], ["合计", "", "", 3100, "", ""]])
    assert ids(sources=funds) == ["forms.total"]
    funds = csv(tmp_path / "s.csv", SOURCES, [["中央", "", "", 3000, "", ""], ["合计", "", "", 3000, "", ""]])
    assert attached(FOUND.model, FOUND.table, sources=funds).changes[0].value == 3000


def test_a_county_has_one_row_of_advances(tmp_path):
    path = tmp_path / "sources.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("来源")
        for place, row in enumerate([SOURCES, ["中央", "", "", 5000, 100, ""]]):
            sheet.write_row(place, 0, row)
        sheet = book.add_worksheet("已提前下达")
        for place, row in enumerate([["县（市、区）", "中央"], ["义县", 40], ["义县", 60]]):
            sheet.write_row(place, 0, row)
    assert ids(sources=path) == ["settle.twice"]


def test_a_fine_unit_is_written_as_a_decimal_and_not_in_powers_of_ten():
    text = FOUND.model.text.replace("to = 1)", "to = 0.00001)")
    assert step_text(model_from_text(text)) == "0.00001"
