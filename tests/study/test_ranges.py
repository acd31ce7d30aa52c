"""Ranges as typed: their values, the counties they move, and every slip a message."""

from __future__ import annotations

from fractions import Fraction

import pytest

from allocation.errors import AllocationError
from allocation.lab.ranges import parse_balance, parse_factors
from allocation.run.scenario import Change


def factor(text, model, counties):
    (found,) = parse_factors([text], model, counties, "--range")
    return found


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("pool=1000:1400:200", [1000, 1200, 1400]),
        ("pool=1000:1450:200", [1000, 1200, 1400]),
        ("cap_rate=150%,2.5", [Fraction(3, 2), Fraction(5, 2)]),
        ("settled=±10%", [Fraction(9, 10), 1, Fraction(11, 10)]),
    ],
)
def test_the_values_of_a_range(reward, counties, text, values):
    found = factor(text, reward, counties)
    if found.listed:
        assert list(found.grid()) == values
    assert [found.value(place / (len(values) - 1)) for place in range(len(values))] == pytest.approx(values, rel=1e-3)
    assert found.value(0) == values[0]
    assert found.value(1) == values[-1]


def test_every_county_by_itself(reward, counties):
    found = factor("settled@each*=0.5:1.5", reward, counties)
    assert found.width == len(counties[0])
    changes = found.at([0, 1, 0, 1])
    assert [(one.address, one.value, one.how) for one in changes[:2]] == [
        (f"settled@{counties[0].codes[0]}", Fraction(1, 2), "scale"),
        (f"settled@{counties[0].codes[1]}", Fraction(3, 2), "scale"),
    ]


def test_a_whole_input_takes_whole_values(reward, counties):
    found = factor("settled=10:20.5", reward, counties)
    assert {found.value(n / 99).denominator for n in range(100)} == {1}
    assert (found.value(0), found.value(1)) == (10, 20)


def test_the_pool_takes_values_in_the_award_s_unit_whether_set_scaled_or_raised(reward, counties):
    found = factor("pool=900.5:1100", reward, counties)
    assert (found.low, found.high, found.step, len(found.grid())) == (901, 1100, 1, 200)
    for text in ("pool=±10%", "pool*=0.9,0.9333,1.1", "pool+=-10.5:10.5"):
        moved = factor(text, reward, counties).at([0.41])
        assert (moved[0].how, moved[0].value.denominator) == ("set", 1)
    assert factor("pool*=1.0004,1.0006", reward, counties).at([0.9]) == [Change("pool", Fraction(1001))]
    assert factor("pool=1000:1001:0.5", reward, counties).grid() == (1000, Fraction(2001, 2), 1001)


@pytest.mark.parametrize(
    "text",
    [
        "pool=900万元:1100万元",
        "pool=0.09亿元：0.11 亿元",
        "pool=9000000元:11,000,000元",
        "pool=900:1100万元",
        "资金总额＝900~1100",
        "pool=900至1100",
        "pool=“900:1100”",
    ],
)
def test_a_range_is_written_as_set_is_with_units_and_as_people_write_ranges(reward, counties, text):
    found = factor(text, reward, counties)
    assert (found.low, found.high, found.how) == (900, 1100, "set")


def test_every_value_and_step_may_carry_its_unit_and_nought_needs_none(reward, counties):
    assert factor("pool=1000万元:0.12亿元:100万元", reward, counties).grid() == (1000, 1100, 1200)
    assert factor("pool=1000,1200万元", reward, counties).grid() == (1000, 1200)
    assert factor("pool+=0:0.01亿元:50万元", reward, counties).grid() == (0, 50, 100)
    assert factor("settled@each=0人:20人:10人", reward, counties).grid() == (0, 10, 20)


def test_a_group_of_counties_is_addressed_as_in_set(reward, counties):
    for text, how in (("settled@size=大城市=±10%", "scale"), ("settled@size＝大城市+＝1：5", "add")):
        found = factor(text, reward, counties)
        assert (found.address, found.how) == ("settled@size=大城市", how)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pol=1:2", "scenario.unknown"),
        ("pool=6:1", "study.factor_empty"),
        ("pool=1000:1400:0", "study.factor_empty"),
        ("pool=1000:1100:200", "study.factor_empty"),
        ("pool=±10", "study.factor_form"),
        ("pool=1:2:3:4", "study.factor_form"),
        ("pool", "study.factor_form"),
        ("pool@each=1:2", "scenario.parameter_selector"),
        ("pool=a:b", "study.factor_number"),
        ("pool=0:100000000:1", "study.factor_fine"),
        ("settled=-5:5", "model.out_of_range"),
        ("settled=97.2:97.8", "study.factor_empty"),
        ("settled=97.2:97.8:0.1", "study.factor_step"),
        ("settled=97:98:0.5", "study.factor_step"),
        ("settled=97.2:99.2:1", "scenario.not_whole"),
        ("pool=1000.2:1000.8", "study.factor_empty"),
        ("settled@size=大城市", "study.factor_number"),
        ("settled@size=大城=1:2", "scenario.no_county"),
        ("pool=1000-1200", "study.factor_number"),
        ("pool=1000:0.2亿元", "study.factor_half_unit"),
        ("pool=1000,0.2亿元", "study.factor_half_unit"),
        ("pool=1000人:1200人", "scenario.other_kind"),
        ("pool*=0.9万元:1.1万元", "study.factor_number"),
        ("pol=1万元:2万元", "scenario.unknown"),
    ],
)
def test_a_slip_is_a_message(reward, counties, text, message):
    with pytest.raises(AllocationError) as caught:
        factor(text, reward, counties)
    assert [one.id for one in caught.value.problems] == [message]


def test_every_slip_at_once_and_nothing_twice(reward, counties):
    with pytest.raises(AllocationError) as caught:
        parse_factors(["pol=1:2", "pool=1:2", "pool=3:4", "pool"], reward, counties, "--range")
    assert [one.id for one in caught.value.problems] == ["scenario.unknown", "study.factor_form", "study.factor_twice"]


def test_the_balance_takes_what_the_others_leave():
    from allocation.run.finding import find

    model = find("incentive_fund", None, None).model
    balance = parse_balance("weight[service]", model)
    changes = [Change("weight[settled]", Fraction(1, 2)), Change("weight[effort]", Fraction(3, 20))]
    old = sum(model.parameters[name].value for name in balance.family)
    new = balance.change(model, changes)
    assert new.address == "weight.service"
    assert new.value == old - Fraction(1, 2) - Fraction(3, 20) - model.parameters["weight.schooling"].value
    with pytest.raises(AllocationError):
        parse_balance("pool", model)
