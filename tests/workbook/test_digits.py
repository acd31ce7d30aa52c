"""Figures of more than fifteen digits: refused in a workbook with words, which would round them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from several_books import MODEL, TABLE

from allocation import run_model
from allocation.errors import AllocationError
from allocation.workbook.digits import significant
from allocation.workbook.files import manifest
from allocation.workbook.writer import write_workbook


@pytest.mark.parametrize(
    ("figure", "digits"),
    [("1234567890123456", 16), ("0.1234567890123456", 16), ("10000000000000000000", 1), ("1/3", 0), ("1/1024", 7)],
)
def test_digits_are_those_of_the_exact_decimal(figure, digits):
    assert significant(Fraction(figure)) in (digits, 0) and (significant(Fraction(figure)) > 15) == (digits > 15)


def test_a_figure_that_a_workbook_would_round_is_refused_with_its_cell(tmp_path):
    long = Fraction("15020.2512345678901")
    name = "revenue"
    table = TABLE.with_values(**{name: (long, *TABLE.values[name][1:])})
    run = run_model(MODEL, table)
    with pytest.raises(AllocationError) as caught:
        write_workbook(run, tmp_path / "a.xlsx", "zh", manifest(run))
    first = caught.value.problems[0]
    assert first.id == "workbook.too_many_digits" and "18 位有效数字" in first.text("zh")
    assert not (tmp_path / "a.xlsx").exists()
