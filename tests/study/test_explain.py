"""`allocation explain`: every number is the run's, and every "this would give more" was shown by a run."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from attaching import attached
from shipped import sample_model, sample_table

from allocation.analysis.binding import rules
from allocation.analysis.explain import Explanation, explain, find_column
from allocation.analysis.explained import SCHEMA, as_json, as_markdown, as_text, exact
from allocation.errors import AllocationError
from allocation.policy.loading import model_from_text
from allocation.readings.derivation import derive
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.run.scenario import Change, parse_assignment
from allocation.years.timeline import read_years

ROOT = Path(__file__).parents[2]
MODELS = sorted(path.stem for path in (ROOT / "models").glob("*.toml"))


@cache
def shipped(name: str, *settings: str, exact: bool = True):
    model = sample_model(name)
    table = read_years([sample_table(name)], model)[0]
    return run_model(model, table, [parse_assignment(one) for one in settings], exact=exact, reference=True)


@cache
def explained(name: str, settings: tuple[str, ...], county: str, column: str | None = None) -> Explanation:
    return explain(shipped(name, *settings), county, column)


CAPPED = ("incentive_fund@2017", ("growth_cap_on=1", "growth_cap=118%"), "黑山县")
LOSER = ("incentive_fund@2017", (), "凌河区")


def every(node: dict):
    yield node
    for child in node["children"]:
        yield from every(child)


# ---- the numbers


@pytest.mark.parametrize("name", MODELS)
def test_every_number_of_every_countys_explanation_is_the_runs(name):
    run = shipped(name)
    for row in range(len(run.table)):
        depth = 3 if row else 20  # one county down to the last input
        found = as_json(Explanation(run, row, derive(run, run.model.award, row, depth), depth))
        named = [one for one in every(found["derivation"]) if one["name"]]
        assert len(named) > 1
        for one in named:
            entry = run.model.entry(one["name"])
            assert (one["unit"], one["source"]) == (entry.unit.name, entry.source)
            if one["name"] not in run.model.parameters:
                assert one["value"] == exact(run.figures(one["name"])[row])
            elif entry.kind == "scalar":
                assert one["value"] == exact(run.figure(one["name"]))
            elif entry.kind == "keyed":
                assert one["value"] == {key: exact(value) for key, value in entry.values}
            else:
                assert [band["value"] for band in one["value"]] == [exact(band.value) for band in entry.bands]


@pytest.mark.parametrize("name", MODELS)
def test_what_is_said_to_bind_is_equal_to_the_figure_it_binds(name):
    run = shipped(name)
    for row in range(len(run.table)):
        for rule in rules(run, run.model.award, row):
            assert rule.text.zh and rule.text.en and "{" not in rule.text.zh + rule.text.en
            if rule.kind in ("floor", "cap", "both") and rule.limit:
                assert run.figures(rule.limit)[row] == run.figures(rule.column)[row]


# ---- why not more


def test_a_county_at_its_cap_is_told_which_cap_and_what_it_depends_on():
    found = explained(*CAPPED)
    (rule,) = found.why_not_more
    assert (rule.kind, rule.column, rule.limit) == ("cap", "shared", "cap")
    assert rule.text.zh.endswith("上限取决于：是否控制增幅（1 是，0 否）、上年分配额、增幅上限（与上年之比）")


@pytest.mark.parametrize(
    ("name", "settings", "county", "column", "kinds"),
    [
        ("地方奖补", (), "乙田县", None, ["floor"]),
        ("incentive_fund@2017", (), "凌河区", None, ["free", "rounding", "rounding", "rounding"]),
        ("meadowland", (), "鸥岛县", "rate", ["exception"]),
        ("meadowland", (), "长河县", "relief", ["short"]),
        ("meadowland", (), "松林县", "relief", []),
        ("land_quota", (), "古塔区", "issued", ["least"]),
        ("infrastructure_subsidy", ("highest_rate=20%",), "凌河区", None, ["cap", "least"]),
        ("地方奖补", ("保底比例=1", "增幅上限=1", "资金总额=993"), "甲东区", None, ["both"]),
    ],
)
def test_each_rule_is_named(name, settings, county, column, kinds):
    run = shipped(name, *settings)
    row = run.table.names.index(county)
    assert [rule.kind for rule in rules(run, column or run.model.award, row)] == kinds


def test_the_least_of_several_names_the_one_that_decides_in_the_branch_that_was_taken():
    run = shipped("land_quota")
    (rule,) = rules(run, "issued", 0)
    assert rule.limit == "distributable" and rule.text.zh.startswith("“本次下达规模”受限于“可分配规模”95 公顷：")
    taken = "distributable if plan_total > 0 else min(plan_total, distributable)"
    text = run.model.text.replace("min(distributable, total(claim))", taken)
    other = run_model(replace(model_from_text(text, "other.toml"), parameters=run.model.parameters), run.tables)
    assert rules(other, "issued", 0) == ()


def test_a_unit_lost_to_rounding_is_said_with_both_figures():
    run = shipped("incentive_fund@2017", "hold_harmless=100%")
    rule = rules(run, "award", run.table.names.index("黑山县"))[0]
    assert rule.text.zh == "“分配额”因取整少 ≈0.42508 万元：取整前 ≈850.42508 万元，按最大余数法取整为 850 万元"
    assert rule.text.en.startswith("“Award” lost ≈0.42508 × 10,000 yuan to rounding")


RELEASED = [
    (*CAPPED, None),
    ("地方奖补", (), "乙田县", None),
    ("infrastructure_subsidy", ("highest_rate=20%",), "凌河区", "shared"),  # not rounded: float noise is no gain
    ("land_quota", (), "古塔区", "standard"),
]


@pytest.mark.parametrize(("name", "settings", "county", "column"), RELEASED)
def test_every_change_that_is_offered_does_what_is_said_when_run_again(name, settings, county, column):
    run = shipped(name, *settings)
    found = explained(name, settings, county, *([column] if column else []))
    assert found.releases.sure
    for one in found.releases.sure:
        again = run_model(run.model, run.tables, [Change(one.leaf.address, one.new)], reference=True)
        assert one.before == run.figures(found.column)[found.row]
        assert one.after == again.figures(found.column)[found.row] > one.before
        if one.limit:
            bounds = [side.figures(one.limit)[found.row] for side in (run, again)]
            assert [one.limit_before, one.limit_after] == bounds


def test_one_step_less_than_the_change_offered_gives_nothing():
    run = shipped("incentive_fund@2017")
    (one,) = [one for one in explained(*LOSER).releases.sure if one.leaf.name == "hold_harmless"]
    assert (one.new, one.after - one.before) == (Fraction(9, 10), 9)
    less = run_model(run.model, run.tables, [Change("hold_harmless", Fraction(89, 100))], reference=True)
    assert less.figures("award")[1] == one.before


def test_the_smallest_changes_come_first_and_the_strongest_of_them_before_the_others():
    found = explained(*LOSER).releases.sure
    for group in ("inputs", "parameters"):
        known = getattr(shipped("incentive_fund@2017").model, group)
        order = [(one.size, one.before - one.after) for one in found if one.leaf.name in known]
        assert len(order) == 6 and order == sorted(order)


def test_a_change_that_breaks_a_check_is_not_offered():
    found = explained(*LOSER).releases
    assert "weight.settled" in found.without  # weights that no longer add up to 100 %


def test_a_floating_point_run_can_be_explained_too():
    found = explain(shipped("地方奖补", exact=False), "乙田县")
    assert [rule.kind for rule in found.why_not_more] == ["floor"] and found.releases.sure[0].after == 106


def test_an_input_a_parameter_and_a_text_have_no_why_not():
    run = shipped("land_quota")
    for column in ("上年落户人数", "plan_total", "size_class"):
        found = explain(run, "古塔区", column)
        assert not found.why_not_more and not found.releases.sure
        assert "为什么" not in as_text(found, "zh")


# ---- names


def test_a_column_is_found_by_its_name_either_label_or_list_item():
    run = shipped("incentive_fund@2017")
    assert [find_column(run, text) for text in ("cap", "上限", "Cap", "component[settled]", "奖励资金总额")] == [
        "cap", "cap", "cap", "component.settled", "pool",
    ]  # fmt: skip


def test_a_label_of_several_columns_asks_for_the_name():
    with pytest.raises(AllocationError) as caught:
        find_column(shipped("meadowland"), "救急款")
    assert caught.value.problems[0].slots["names"] == ("relief", "relief_pool")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_unknown_county_and_an_unknown_column_are_told_together_with_the_nearest(told_at_root, lang):
    code, out, err = told_at_root(f"allocation explain incentive_fund 黑衫县 分配 --lang {lang}")
    assert (code, out) == (2, "") and "黑山县" in err and "分配额" in err


POOLS = "--set pool=120000 --set relief_pool=12 " + " ".join(
    f"--set road_pools.{one}=6000" for one in ("北坡省", "河谷省", "群岛省")
)


def test_a_name_of_two_counties_lists_their_codes(told_at_root, tmp_path):
    text = (ROOT / "inputs" / "meadowland.csv").read_text(encoding="utf-8-sig").replace("雪豹县", "霜岭县")
    (tmp_path / "two.csv").write_text(text, encoding="utf-8")
    code, _, err = told_at_root(f"allocation explain meadowland 霜岭县 --input {tmp_path / 'two.csv'} {POOLS}")
    assert code == 2 and "M101、M102" in err


def test_without_a_county_the_counties_are_listed(told_at_root):
    code, _, err = told_at_root("allocation explain incentive_fund")
    assert code == 2 and "古塔区、凌河区" in err


# ---- the forms


def test_the_json_is_versioned_exact_and_the_same_in_both_languages(told_at_root):
    command = "allocation explain land_quota 黑山县县城 --depth 2 --format json --lang "
    (code, zh, _), (_, en, _) = told_at_root(command + "zh"), told_at_root(command + "en")
    found = json.loads(zh)
    assert code == 0 and zh == en and found["schema"] == SCHEMA == "allocation.explanation/1"
    run = shipped("land_quota")
    assert [one["name"] for one in found["derivation"]["children"]] == ["issued", "claim"]
    assert Fraction(found["derivation"]["value"]) == run.figures("quota")[run.table.names.index("黑山县县城")]
    assert set(found["derivation"]) >= {"name", "label", "value", "unit", "words", "numbers", "source", "where"}
    for one in found["why_not_more"]["releases"]:
        again = run_model(run.model, run.tables, [parse_assignment(f"{one['address']}={one['new']}")], reference=True)
        assert again.figures("quota")[3] == Fraction(one["after"])


def test_a_changed_parameter_stands_in_the_json_old_and_new():
    found = as_json(explain(shipped("incentive_fund@2017", "hold_harmless=100%"), "黑山县", "floor"))
    assert found["changed"] == [{"name": "hold_harmless", "key": "", "county": "", "old": "0", "new": "1"}]


def test_figures_without_an_exact_decimal_are_quotients():
    assert [exact(value) for value in (Fraction(1, 3), Fraction(5, 2), None, "县")] == ["1/3", "2.5", None, "县"]


def test_markdown_is_nested_lists_with_its_signs_escaped():
    found = as_markdown(explain(shipped("地方奖补"), "乙田县", "下限"), "zh").splitlines()
    assert found[0] == "# 2017 落户人口地方奖补资金分配（参照测算）（示例数据） · 乙田县（990221）"
    words = "= 如果“上年奖补额”有数据，则取保底比例 × 上年奖补额，向上取整到 1 万元；否则取 0"
    assert found[2] == "2017年乙田县“下限”为104万元，在8个地区中居第4位。"
    assert found[4:6] == ["- 下限：104 万元", f"  - {words}"]
    assert "## 为什么不能更多" in found and "    - 数据来自：地方奖补.csv: H8" in found
    assert all(re.match(r"#+ | *- |$", line) for line in [*found[:2], *found[3:]])
    assert "jinzhou\\_2017" in as_markdown(explain(shipped("land_quota"), "古塔区", "stock_land"), "zh")


def test_depth_limits_what_is_shown_and_each_language_has_its_own_words():
    found = explain(shipped("地方奖补"), "乙田县", depth=0)
    assert found.derivation.children == () and "“奖补额”处于下限“下限” 104 万元" in as_text(found, "zh")
    assert "Why not more\n    “Reward” is at its floor “Floor”, 104 × 10,000 yuan" in as_text(found, "en")
    assert "    26 × 10,000 yuan less than “Last year's reward”" in as_text(found, "en")


def test_who_names_no_county_is_shown_a_command_that_works_for_this_model():
    for model in ("bond_limit", "meadowland"):
        run = shipped(model)
        with pytest.raises(AllocationError) as told:
            explain(run, "")
        assert f"allocation explain {model} {run.table.names[0]}" in told.value.problems[0].text("zh")


def test_no_name_of_the_program_s_own_is_told_as_the_place_of_a_figure():
    base, week = find("incentive_fund", None, None), ROOT / "inputs" / "week"
    given = attached(base.model, base.table, adjustments=week / "adjustments.csv", sources=week / "sources.csv")
    text = as_text(explain(run_model(given.model, [given.table], given.changes), "黑山县"), "zh")
    assert "调整1：角色" in text and "_adjustment" not in text and "_source" not in text
