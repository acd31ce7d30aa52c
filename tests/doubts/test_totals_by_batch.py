"""What a batch hands out is doubted beside its own kind or beside the whole: no right one, and every tenfold one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation.doubts.beside import BatchTotal, Beside
from allocation.doubts.totals import total_doubts
from allocation.policy.loading import load_model
from allocation.policy.stages import BATCHES, MAIN
from allocation.tables.reading import read_table
from allocation.texts import Both

MODEL = load_model(Path("models/incentive_fund.toml"))
READ = read_table(Path("inputs/jinzhou_2017.xlsx"), MODEL)
TABLE = replace(READ, values={**READ.values, MODEL.compare_with: (None,) * len(READ)})
PARTS = [kind for kind in BATCHES if kind != MAIN]
SAID = Both("登记", "on record")


def doubted(award: Fraction, kind: str, *known: tuple[str, Fraction]) -> bool:
    batches = tuple(BatchTotal(other, 2016, total, SAID) for other, total in known)
    return bool([*total_doubts(MODEL, TABLE, award, Beside(batches=batches), kind)])


WHOLE = st.integers(1000, 10**7).map(Fraction)


@settings(max_examples=60, deadline=None)
@given(whole=WHOLE, kind=st.sampled_from(PARTS), part=st.fractions(Fraction(1, 30), Fraction(1, 3)))
def test_beside_the_whole_a_small_batch_is_no_doubt_and_ten_times_it_is_one(whole, kind, part):
    right = whole * (part * 3 + Fraction(1, 10) if kind == "advance" else part)
    assert not doubted(right, kind, (MAIN, whole))
    assert doubted(10 * right + whole, kind, (MAIN, whole))


@settings(max_examples=60, deadline=None)
@given(whole=WHOLE, last=WHOLE, kind=st.sampled_from(PARTS), ratio=st.fractions(Fraction(1, 3), 3))
def test_beside_its_own_kind_the_whole_says_nothing(whole, last, kind, ratio):
    right = last * ratio
    assert not doubted(right, kind, (kind, last), (MAIN, whole))
    for wrong in (10 * right, right / 10):
        assert doubted(wrong, kind, (kind, last), (MAIN, whole)) == (not Fraction(1, 3) <= wrong / last <= 3)
    assert doubted(10 * last, kind, (kind, last)) and doubted(last / 10, kind, (kind, last))
    assert not doubted(right, kind, (kind, last * 100), (kind, last))  # near one of several is right


@settings(max_examples=30, deadline=None)
@given(whole=WHOLE, kind=st.sampled_from(PARTS))
def test_a_unit_read_a_thousand_times_too_small_is_doubted(whole, kind):
    assert doubted(whole / 1001, kind, (MAIN, whole))


@pytest.mark.parametrize("kind", BATCHES)
def test_with_nothing_to_set_it_beside_no_batch_is_doubted(kind):
    assert not doubted(Fraction(5000), kind)
