"""The land bureau's file: a line a town or a line a use, and what is farm land and arable land closing in both."""

from __future__ import annotations

import shutil
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import HOUSE, sample_model, sample_table
from small_imports import csv_rows

from allocation.errors import AllocationError
from allocation.run.run import Run, run_model
from allocation.run.scenario import parse_assignment
from allocation.tables.reading import read_table
from allocation.xlsx.import_mapping import Mapping, mapping_from_text

MAPPING = (HOUSE / "models/imports/land_quota.toml").read_text(encoding="utf-8")
BY_USE = MAPPING.replace('layout = "town"  #', 'layout = "use"  #')
UNIT = Fraction(1, 10000)
SHARES = st.integers(0, 10000).map(lambda share: Fraction(share, 10000))


@cache
def run_with(*settings: str) -> Run:
    model = sample_model("land_quota")
    table = read_table(sample_table("land_quota"), model)
    return run_model(model, table, [parse_assignment(one) for one in settings])


def mapped(text: str, run: Run) -> Mapping:
    return mapping_from_text(text, "land_quota.toml", run.model)


def new_land(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if row["指标类型"] == "年度新增"]


def test_a_town_has_one_line_of_new_land_unless_the_mapping_asks_for_its_uses(tmp_path):
    run = run_with()
    towns = new_land(csv_rows(run, tmp_path, mapped(MAPPING, run)))
    uses = new_land(csv_rows(run, tmp_path, mapped(BY_USE, run)))
    assert [row["行政区代码"] for row in towns] == list(run.table.codes) and {row["用途"] for row in towns} == {""}
    assert len(uses) > len(towns) and "" not in {row["用途"] for row in uses}
    for rows in (towns, uses):
        assert sum(Fraction(row["公顷"]) for row in rows) == run.total("quota")


def test_without_shares_farm_land_and_arable_land_are_blank_and_with_them_they_close_to_the_last_unit(tmp_path):
    plain = run_with()
    blank = csv_rows(plain, tmp_path, mapped(BY_USE, plain))
    assert {row["其中农用地"] + row["其中耕地"] for row in blank} == {""}
    run = run_with("farm_share=83.33%", "arable_share=66.67%")
    towns, uses = (new_land(csv_rows(run, tmp_path, mapped(text, run))) for text in (MAPPING, BY_USE))
    for column, name in (("其中农用地", "farm_land"), ("其中耕地", "arable_land")):
        assert [Fraction(row[column]) for row in towns] == list(run.figures(name))
        for code, figure in zip(run.table.codes, run.figures(name), strict=True):
            assert sum(Fraction(row[column]) for row in uses if row["行政区代码"] == code) == figure
    assert all(Fraction(row["其中耕地"]) <= Fraction(row["其中农用地"]) <= Fraction(row["公顷"]) for row in uses)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(SHARES, SHARES), min_size=9, max_size=9), st.integers(1, 1200000))
def test_new_land_is_farm_land_and_unused_land_in_every_row_and_sum(shares, plan):
    model = sample_model("land_quota")
    table = read_table(sample_table("land_quota"), model)
    assert len(table) == 9
    farm, arable = zip(*shares, strict=True)
    table = table.with_values(farm_share=tuple(farm), arable_share=tuple(arable))
    run = run_model(model, table, [parse_assignment(f"plan_total={plan * UNIT}")])
    assert {check.name for check in run.checks if not check.ok} <= {"claims_met", "national_average"}
    keys = [name.partition(".")[2] for name in run.model.columns if name.startswith("farm_of.")]
    for row in range(len(table)):
        quota, farmed, tilled, unused = (
            run.figures(n)[row] for n in ("quota", "farm_land", "arable_land", "unused_land")
        )
        assert quota == farmed + unused and 0 <= tilled <= farmed and unused >= 0
        by_use = [[run.figures(f"{front}.{key}")[row] for key in keys] for front in ("row_of", "farm_of", "arable_of")]
        assert [sum(figures) for figures in by_use] == [quota, farmed, tilled]
        assert all(0 <= a <= f <= q and (a / UNIT).denominator == 1 for q, f, a in zip(*by_use, strict=True))
    whole = sum(quota * share for quota, share in zip(run.figures("quota"), farm, strict=True))
    assert abs(run.total("farm_land") - whole) <= UNIT / 2


def test_shares_that_some_towns_lack_stop_the_run_with_their_cells():
    model = sample_model("land_quota")
    table = read_table(sample_table("land_quota"), model)
    some = (Fraction(1, 2), *[None] * (len(table) - 1))
    run = run_model(model, table.with_values(farm_share=some, arable_share=some))
    (check,) = [check for check in run.checks if check.name == "shares_given"]
    assert not check.ok and check.cells


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_layout_no_line_has_and_an_input_that_is_not_there_are_told_with_the_nearest(lang):
    text = MAPPING.replace('layout = "town"  #', 'layout = "twon"  #').replace('given = "farm_share"', 'given = "farm"')
    with pytest.raises(AllocationError) as caught:
        mapped(text, run_with())
    told = caught.value.text(lang)
    assert "twon" in told and "town" in told and "farm_share" in told


def test_a_workbook_of_the_other_layout_is_verified_as_it_was_written(allocation, tmp_path, monkeypatch):
    shutil.copytree(HOUSE / "models", tmp_path / "models")
    shutil.copytree(HOUSE / "inputs", tmp_path / "inputs")
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "models/imports/land_quota.toml"
    own.write_text(BY_USE, encoding="utf-8")
    assert allocation("run land_quota --out by_use.xlsx").code == 0
    own.write_text(MAPPING, encoding="utf-8")
    told = allocation("verify by_use.xlsx")
    assert told.code == 0 and "全部相符" in told.out
