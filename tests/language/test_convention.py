"""The convention's examples are run as they stand, in exact and in float reading."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from small_models import BLANK, run

from allocation.errors import AllocationError
from allocation.files import limits
from allocation.language.functions import CORE, FUNCTIONS
from allocation.language.units import TABLE
from allocation.policy.schema import figure
from allocation.readings.across import CALLS

TEXT = (Path(__file__).parents[2] / "docs" / "convention.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```example (\S+)\n(.*?)^```$", TEXT, re.M | re.S)
EXAMPLES = {name: tomllib.loads(body, parse_float=Decimal) for name, body in BLOCKS}
AUTHORS = [name for name, row in FUNCTIONS.items() if row.group != "internal"]


def expected(example: dict) -> dict[str, list]:
    """The figures that must come out, by column name."""
    given = example["result"]
    if isinstance(given, dict):
        return {f"result.{key}": figures for key, figures in given.items()}
    return {"result": given}


def wanted(value: object) -> Fraction | None:
    return None if value == BLANK else figure(value)


@pytest.mark.parametrize("exact", [True, False], ids=["exact", "float"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_of_the_convention_does_what_it_says(name, exact):
    example = EXAMPLES[name]
    if "error" in example:
        with pytest.raises(AllocationError) as caught:
            run(exact=exact, **example)
        assert {problem.id for problem in caught.value.problems} == {example["error"]}
        assert caught.value.text("zh") and caught.value.text("en")
        return
    result = run(exact=exact, **example)
    for column, given in expected(example).items():
        found = result.figures(column)
        figures = [wanted(value) for value in (given if isinstance(given, list) else [given] * len(found))]
        assert list(found) == (figures if exact else pytest.approx([float(value) for value in figures], rel=1e-12))


def test_no_two_examples_have_one_name():
    assert len(BLOCKS) == len(EXAMPLES)


@pytest.mark.parametrize("function", AUTHORS)
def test_every_function_an_author_may_call_has_an_example_of_its_own(function):
    assert re.search(rf"\b{function}\(", EXAMPLES[function]["formula"])


@pytest.mark.parametrize("function", AUTHORS)
def test_every_function_an_author_may_call_is_described(function):
    assert re.search(rf"\*\*.*`{function}\(", TEXT)


def test_the_numbers_reading_covers_exactly_the_core_functions():
    assert set(CALLS) == set(CORE)


def test_the_limits_stated_are_those_that_hold():
    sizes = (limits.FORMULA_SIGNS, limits.FORMULA_DEPTH, limits.FORMULA_TERMS, limits.EXPONENT, limits.FORMULA_NODES)
    assert [f"{limit:,}" for limit in (*sizes, limits.MODEL_NAMES)] == ["4,000", "40", "120", "9", "20,000", "600"]
    stated = TEXT.replace("\n", " ")
    sentences = ("4,000 characters", "40 levels", "120 terms", "exponents up to 9", "20,000 steps", "600 names")
    assert [sentence for sentence in sentences if sentence not in stated] == []


def test_every_unit_of_the_table_is_listed():
    section = TEXT.split("## 4. Units")[1].split("## 5.")[0]
    assert [name for name in TABLE if name not in section] == []
