"""Comparisons: changing nothing is exactly zero, a fixed pool only moves money about, and the workbook is live."""

import zipfile
from fractions import Fraction as F
from pathlib import Path

import pytest
from desk import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from recorded_book import opened

from allocation.analysis.compare import compare
from allocation.analysis.scenarios import BASELINE, Scenario, find_scenario, load_scenario
from allocation.report.comparison import BOUND, PART, RANK
from allocation.run.finding import find
from allocation.run.scenario import Change
from allocation.texts import Both
from allocation.xlsx.comparison import write_comparison

ROOT = Path(__file__).parent.parent.parent
FOUND = find("incentive_fund", None, None)
NAMES = ("pool_6000", "hold_harmless_90", "both", "heishan_settles_more")


def comparison(*scenarios: Scenario):
    return compare(FOUND.model, (FOUND.table,), scenarios)


def one(*changes: Change) -> Scenario:
    return Scenario("s", Both("情景", "scenario"), (changes,))


SHIPPED = comparison(*(load_scenario(ROOT / "inputs" / "scenarios" / f"{name}.toml") for name in NAMES))


def test_changing_nothing_gives_exactly_zero_everywhere():
    nothing = comparison(one(), BASELINE)
    for number in (1, 2):
        assert set(nothing.changes(number)) == {0}
        assert nothing.figures(number, PART) == nothing.figures(0, PART)
        assert (nothing.winners(number), nothing.losers(number)) == ((), ())


@settings(max_examples=examples(20), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 95), st.integers(20, 300), st.fractions(F(1, 10), 3))
def test_with_a_fixed_pool_the_changes_add_up_to_zero(floor, people, rate):
    changes = (Change("hold_harmless", F(floor, 100)), Change("settled[in_city]@义县", F(people)))
    found = comparison(one(*changes, Change("origin_rate[cross_province]", rate)))
    assert sum(found.changes(1)) == 0
    assert sum(found.figures(1, PART)) == 1


def test_the_order_of_scenarios_changes_no_figure():
    turned = comparison(*reversed(SHIPPED.scenarios[1:]))
    for place, scenario in enumerate(turned.scenarios):
        number = SHIPPED.scenarios.index(scenario)
        assert turned.awards(place) == SHIPPED.awards(number)


def test_who_sits_at_a_bound_is_who_the_run_says():
    assert SHIPPED.figures(2, BOUND) == (None, "floor", None, None, None, None, None)
    assert SHIPPED.figures(3, BOUND) == (None, "floor", None, "cap", "cap", None, None)


def test_ranks_share_a_place_and_winners_stand_in_order_of_what_they_gain():
    assert SHIPPED.figures(0, RANK)[FOUND.table.names.index("黑山县")] == 1
    gains = [SHIPPED.changes(1)[FOUND.table.names.index(name)] for name in SHIPPED.winners(1)]
    assert gains == sorted(gains, reverse=True)
    assert min(gains) > 0


def test_the_frame_has_a_column_a_scenario_with_its_unit():
    frame = SHIPPED.frame()
    assert list(frame.columns) == ["name", "baseline", *NAMES]
    assert frame.attrs["unit"] == "万元"
    assert frame["pool_6000"].sum() == 6000


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("comparison") / "c.xlsx"
    write_comparison(SHIPPED, path, "zh")
    return path


def recalculated(path: Path):
    book = opened(path)
    book.evaluate_all()
    return book


def differences(path: Path) -> list[tuple]:
    """Every formula cell whose recalculated value is not the stored one."""
    book, stored, formulas = recalculated(path), load_workbook(path, data_only=True), load_workbook(path)
    found = []
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                old = stored[sheet.title][cell.coordinate].value
                new = book.get_value(sheet.title, cell.row, cell.column)
                numbers = isinstance(old, (int, float)) and isinstance(new, (int, float))
                same = abs(old - new) <= 1e-9 * max(1, abs(old)) if numbers else (old or "") == (new or "")
                if not same and not (str(old).startswith("#") and isinstance(new, dict)):
                    found.append((sheet.title, cell.coordinate, old, new))
    return found


def test_every_formula_of_a_comparison_recalculates_to_the_figure_beside_it(written):
    assert differences(written) == []


def test_an_edited_parameter_of_one_scenario_moves_that_scenario_alone(written):
    book = recalculated(written)
    sheet = load_workbook(written)["参数"]
    row = next(cell.row for cell in sheet["A"] if str(cell.value).startswith("奖励资金总额"))
    column = next(cell.column for cell in sheet[4] if cell.value == SHIPPED.scenarios[1].label.zh)
    book.set_value("参数", row, column, 7000)
    book.evaluate_all()
    moved = comparison(one(Change("pool", F(7000))), *SHIPPED.scenarios[2:])
    shown = load_workbook(written)["比较"]
    heads = {cell.value: cell.column for cell in shown[4] if cell.value}
    for number, scenario in enumerate(SHIPPED.scenarios):
        first = heads[scenario.label.zh]
        awards = [book.get_value("比较", 7 + place, first) for place in range(len(FOUND.table))]
        assert awards == [float(value) for value in moved.awards(number)], scenario.name


def test_the_sheets_hold_old_and_new_of_what_was_changed_and_native_charts(written):
    book = load_workbook(written)
    texts = [cell.value for row in book["比较"].iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any("保基数比例" in text for text in texts)
    shown = [str(cell.value) for row in load_workbook(written, data_only=True)["比较"].iter_rows() for cell in row]
    assert any(text.startswith("减少 6 个，最多：") for text in shown)
    assert "示例数据" in book["比较"]["A1"].value
    assert sum(name.startswith("xl/charts/chart") for name in zipfile.ZipFile(written).namelist()) == 3


def test_the_same_comparison_gives_the_same_bytes(written, tmp_path):
    again = tmp_path / "again.xlsx"
    write_comparison(SHIPPED, again, "zh")
    assert again.read_bytes() == written.read_bytes()


def test_every_shipped_model_compares_with_a_live_workbook(tmp_path):
    for name, address in (
        ("land_quota", "plan_total"), ("infrastructure_subsidy", "pool"), ("meadowland", "pool"),
        ("地方奖补", "资金总额"),
    ):  # fmt: skip
        found = find(name, None, None)
        more = one(Change(address, F(11, 10), "scale"))
        result = compare(found.model, (found.table,), (more,))
        path = tmp_path / f"{name}.xlsx"
        write_comparison(result, path, "en")
        assert differences(path) == [], name


def test_a_county_moved_to_another_group_moves_every_scenario_as_a_new_comparison_would(tmp_path):
    found, path = find("meadowland", None, None), tmp_path / "c.xlsx"
    table, more = found.table, one(Change("pool", F(11, 10), "scale"))
    before = compare(found.model, (table,), (more,))
    write_comparison(before, path, "zh")
    book, data, shown = recalculated(path), load_workbook(path)["数据"], load_workbook(path)["比较"]
    column = next(cell.column for row in data["A3:Z6"] for cell in row if cell.value == "province")
    provinces = list(table.values["province"])
    first = next(cell.row for cell in data["D"] if cell.value == provinces[0])
    for place, province in ((0, "河谷省"), (5, "群岛省")):
        provinces[place] = province
        book.set_value("数据", first + place, column, province)
    book.evaluate_all()
    after = compare(found.model, (table.with_values(province=tuple(provinces)),), (more,))
    for number, scenario in enumerate(after.scenarios):
        assert after.awards(number) != before.awards(number), scenario.name
        head = next(cell.column for cell in shown[4] if cell.value == scenario.label.zh)
        awards = [book.get_value("比较", 7 + place, head) for place in range(len(table))]
        assert awards == pytest.approx([float(value) for value in after.awards(number)], abs=1e-9)


def test_a_scenario_that_is_not_there_names_the_nearest():
    from allocation.errors import AllocationError

    with pytest.raises(AllocationError) as caught:
        find_scenario("pool_600")
    assert "pool_6000" in caught.value.text("zh")


def test_a_scenario_keeps_its_colour_in_all_charts_and_each_says_its_marks_and_the_last_what_it_divides_by(written):
    with zipfile.ZipFile(written) as files:
        charts = [files.read(f"xl/charts/chart{number}.xml").decode() for number in (1, 2, 3)]
    label = SHIPPED.scenarios[1].label.zh
    colours = [chart.split(label, 1)[1].split('srgbClr val="', 1)[1][:6] for chart in charts]
    assert len(set(colours)) == 1, colours
    assert all("（示例数据）" in chart for chart in charts)
    people = FOUND.model.entry(FOUND.model.per_person).label.zh
    assert f"（按{people}平均，万元/人）" in charts[2]
