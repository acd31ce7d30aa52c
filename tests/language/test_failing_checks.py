"""A check that does not hold says what is wrong: of each unit both sides and the difference, in their unit."""

from __future__ import annotations

import pytest
from small_models import run

from allocation.run.checks import CheckResult

NAMES = ["甲县", "乙县", "丙县", "丁县", "戊县"]
UNITS = {"award": "万元", "cap": "万元", "pool": "万元", "people": "人", "result": "万元"}
FIGURES = {"award": [100, 135, 90, 80, 70], "cap": [120, 133, 90, 85, 75], "people": [3, 0, 2, 1, 4], "pool": 500,
           "kind": ["大", "小", "大", "大", "大"], "formula": "award", "names": NAMES, "units": UNITS}  # fmt: skip


def failed(check: str, **more: object) -> CheckResult:
    result = run(**{**FIGURES, **more}, check={"rule": check})
    return next(check for check in result.checks if check.name == "rule")


@pytest.mark.parametrize(
    ("check", "zh", "en"),
    [
        ("award <= cap", "：乙县award为 135 万元，应不大于cap 133 万元，相差 2 万元",
         ": 乙县: award is 135 × 10,000 yuan and must be at most cap, 133 × 10,000 yuan; 2 × 10,000 yuan apart"),
        ("people > 0 and award > 0", "：乙县people为 0 人，应大于 0", ": 乙县: people is 0 people and must be above 0"),
        ("0 < people", "：乙县people为 0 人，应大于 0", ": 乙县: people is 0 people and must be above 0"),
        ("award < 130 or people > 0", "：乙县award为 135 万元，应小于 130 万元，相差 5 万元，或people为 0 人，应大于 0",
         ": 乙县: award is 135 × 10,000 yuan and must be below 130 × 10,000 yuan; 5 × 10,000 yuan apart, or "
         "people is 0 people and must be above 0"),
        ('kind == "大"', "：乙县kind为“小”，应为大之一", ": 乙县: kind is '小' and must be one of 大"),
        ("total(award) == pool", "：各地“award”之和为 475 万元，应等于pool 500 万元，相差 25 万元",
         ": the total of “award” is 475 × 10,000 yuan and must be equal to pool, 500 × 10,000 yuan; "
         "25 × 10,000 yuan apart"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_told_with_both_sides_and_their_difference(check, zh, en):
    result = failed(check)
    assert not result.ok and (result.behind.zh, result.behind.en) == (zh, en)


def test_of_many_units_three_are_told_with_their_figures_and_all_are_named():
    result = failed("award > 200")
    told = result.behind.zh
    assert told.startswith(
        "（甲县、乙县、丙县、丁县、戊县）：甲县award为 100 万元，应大于 200 万元，相差 100 万元；乙县"
    )
    assert told.count("应大于") == 3 and result.wrong == 5


def test_a_named_test_is_told_by_its_own_formula():
    assert failed("enough", columns={"enough": "people > 0"}).behind.zh == "：乙县people为 0 人，应大于 0"


def test_a_blank_is_told_as_one():
    assert failed("given(b)", b=[1, "—", 2, 3, 4]).behind.zh == "：乙县b没有数据"


def test_a_total_that_is_not_the_pool_says_by_how_much():
    result = run(**{**FIGURES, "head": {"pool": "pool"}})
    closing = next(check for check in result.checks if check.name == "closing")
    assert closing.behind.zh == "：合计 475 万元，应等于 500 万元，相差 25 万元"


@pytest.mark.parametrize("exact", [True, False])
def test_the_figures_are_the_same_in_a_float_run(exact):
    result = run(exact=exact, **FIGURES, check={"rule": "award <= cap"})
    assert result.checks[0].behind.zh == "：乙县award为 135 万元，应不大于cap 133 万元，相差 2 万元"
