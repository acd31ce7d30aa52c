"""What the tests of the checker share: a scope of names of every kind."""

from __future__ import annotations

from fractions import Fraction

import pytest

from allocation.errors import AllocationError
from allocation.language.check import check
from allocation.language.parse import parse, tidy
from allocation.language.typed import Meaning
from allocation.language.units import Units

UNITS = Units()
WHOLE = Fraction(1)


def entry(unit: str = "", shape: str = "column", kind: str = "number", **more: object) -> Meaning:
    return Meaning(kind, shape, UNITS.parse(unit), **more)


SCOPE = {
    "people": entry("人", role="input", grid=WHOLE),
    "ha": entry("公顷", role="input"),
    "mu": entry("亩", role="input"),
    "wan": entry("万元"),
    "yuan": entry("元"),
    "x": entry(role="input"),
    "pool": entry("万元", "scalar", role="parameter", grid=WHOLE),
    "city": entry(kind="text", role="input"),
    "province": entry(kind="text", role="input"),
    "flag": entry(kind="truth"),
    "label": entry("", "scalar", "text"),
    "pools": entry("万元", "group:city"),
    "rate": entry("元/人", "scalar", "bands", by_unit=UNITS.parse("人"), role="parameter"),
    "keyed": entry("%", "scalar", "keyed", role="parameter"),
    "named": entry("", "scalar", "keyed", value_kind="text", role="parameter"),
}


def typed(formula: str):
    return check(parse(formula), tidy(formula), SCOPE)


def refused(formula: str) -> str:
    with pytest.raises(AllocationError) as caught:
        typed(formula)
    [problem] = caught.value.problems
    assert problem.excerpt and problem.text("zh") and problem.text("en")
    return problem.id.removeprefix("language.")


SHAPES = {
    "1 + 2": "scalar",
    "pool": "scalar",
    "pool + wan": "column",
    "total(x)": "scalar",
    "total(x, by = city)": "group:city",
    "total(wan, by = city) + pool / total(x)": "group:city",
    "total(x, by = city) + total(x, by = province)": "column",
    "highest(total(x, by = city))": "scalar",
    "pool if total(x) > 1 else 2": "scalar",
    "1 if x > 1 else 2": "column",
    "rank(total(x))": "column",
    "part(x)": "column",
    "share(pool, x)": "column",
    "round(pool)": "scalar",
    "pick(label, keyed)": "scalar",
    "pick(city, keyed)": "column",
    "step(people, rate)": "column",
    "weighted_mean(x, people)": "scalar",
    "weighted_mean(x, people, by = city)": "group:city",
    "given(x)": "column",
    "last(people)": "column",
}
