"""Columns of exact figures give, cell by cell, what plain Fractions give: in whole numbers, in bounds, at the last."""

from __future__ import annotations

import operator
import os
import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from allocator_cases import exact as plain_array
from allocator_cases import fast, problems
from hypothesis import given
from law_books import FORCED
from law_models import edited, example
from plain_fractions import plain_fractions
from small_models import run

from allocation import arrays, exact_shares
from allocation.allocators import bounded_share, fill, largest_remainder
from allocation.errors import AllocationError
from allocation.exact import bounds, cells, quotients, rounding, whole
from allocation.exact.quotients import Quotients, of_fractions
from allocation.record.recording import record_of

CI = os.environ.get("CI") == "true"
MODELS, WALKS = (range(40, 48), 500) if CI else (range(40, 41), 60)  # few on a desk
TIERS = {  # what columns are held in: as they come, all but whole numbers within bounds, never in 64 bits
    "as they come": {},
    "within bounds": {"LONG": 1},
    "in Python's integers": {"SURE": 8},
}


@pytest.fixture(params=TIERS)
def tier(request, monkeypatch):
    hold(monkeypatch, request.param)


def hold(monkeypatch, name: str) -> None:
    for limit, value in TIERS[name].items():
        for module in (whole, quotients, rounding):
            if hasattr(module, limit):
                monkeypatch.setattr(module, limit, value)


# ---- steps over columns


def figure(rng: random.Random) -> Fraction:
    """Of every temper: nothing, whole, decimals, small fractions, wide ones, halves of the snapping grid."""
    return rng.choice((
        Fraction(0), Fraction(rng.randrange(-1000, 1000)), Fraction(rng.randrange(-(10**6), 10**6), 100),
        Fraction(rng.randrange(-(10**4), 10**4), rng.randrange(1, 60)),
        Fraction(rng.randrange(-(10**9), 10**9), rng.randrange(1, 10**9)),
        Fraction(2 * rng.randrange(-(10**6), 10**6) + 1, 2 * 10**9), Fraction(rng.randrange(10**12, 10**16), 8),
    ))  # fmt: skip


STEPS = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "max": np.maximum, "min": np.minimum, "<": np.less,
    "<=": np.less_equal, "==": np.equal, ">": np.greater,
}  # fmt: skip
TURNS = {
    "snap": arrays.snap, "down": arrays.floor_units, "up": arrays.ceil_units, "round": arrays.round_half_away,
    "total": arrays.total, "minus": lambda x: -x, "abs": np.abs, "root": lambda x: arrays.roots(abs(x)),
    "double": lambda x: x.astype(float), "least": lambda x: np.minimum.reduce(x, axis=-1, keepdims=True),
}  # fmt: skip


def walked(seed: int, steps: int = 7) -> str:
    """A few steps over two columns both ways; the first step whose figures differ."""
    rng = random.Random(seed)
    width, runs = rng.choice((1, 2, 3, 7)), rng.choice((1, 1, 3))
    made: list[tuple] = []
    for _ in range(2):
        plain = np.empty((rng.choice((1, runs)), rng.choice((1, width, width))), object)
        for at in np.ndindex(plain.shape):
            plain[at] = figure(rng)
        if rng.random() < 0.3:
            plain[...] = plain.flat[0]  # ties
        made.append((of_fractions(plain), plain))
    for _ in range(steps):
        (x, plain), (y, other) = rng.choice(made), rng.choice(made)
        step = rng.choice((*STEPS, *TURNS, "/", "where"))
        if step in STEPS:
            pair = STEPS[step](x, y), STEPS[step](plain, other)
        elif step in TURNS:
            pair = TURNS[step](x), TURNS[step](plain)
        elif step == "/":
            pair = x / np.where(y == 0, 1, y), plain / np.where(other == 0, Fraction(1), other)
        else:
            test = np.array([rng.choices((True, False), k=width)])
            pair = np.where(test, x, y), np.where(test, plain, other)
        found = pair[0].exactly() if isinstance(pair[0], Quotients) else pair[0]
        if found.shape != pair[1].shape or not (found == pair[1]).all():
            return f"{seed}: {step}"
        if isinstance(pair[0], Quotients) and arrays.lengths(pair[1]).max() < 2000:
            made.append(pair)
    return ""


@pytest.mark.usefixtures("tier")
def test_every_step_over_columns_gives_the_plain_fractions():
    assert [told for seed in range(WALKS) if (told := walked(seed))] == []


def test_the_law_notices_a_cut_that_is_not_counted(monkeypatch):
    hold(monkeypatch, "within bounds")
    monkeypatch.setattr(bounds, "divide", lambda *sides: (sides[0] * bounds.FINE // sides[3], 0, None))
    assert any(walked(seed) for seed in range(150))


def test_the_law_notices_an_overflow_that_is_not_checked(monkeypatch):
    for module in (whole, quotients, rounding):
        monkeypatch.setattr(module, "SURE", 2**80)
    assert any(_overflows(seed) for seed in range(150))


def _overflows(seed: int) -> bool:
    try:
        return bool(walked(seed))
    except (OverflowError, ZeroDivisionError):
        return True


def outside(step: str, seed: int, tightened: int = 0) -> bool:
    """Whether a true figure lies outside the bounds of one step; `tightened`: the radius less so many hundredths."""
    rng = random.Random(f"{step} {seed}")
    sides, true = [], []
    for _ in range(2):
        top = rng.choice((1, -1)) * rng.randrange(1, 10 ** rng.randint(1, 95))
        radius = rng.choice((0, 1, 7, abs(top) // 3))
        value = Fraction(top + rng.choice((-radius, 0, radius, rng.randint(-radius, radius))), bounds.FINE)
        sides.append((top, radius, value.as_integer_ratio() if radius else None))
        true.append(value)
    if step == "root":
        top, radius, _ = sides[0]
        value = abs(true[0])
        sides, exact_figure = (
            [(abs(top), radius, value.as_integer_ratio() if radius else None)],
            cells.exact_root(value),
        )
    else:
        exact_figure = PLAINLY[step](*true)
    top, radius, came = getattr(bounds, step)(*(part for side in sides for part in side))
    assert cells.exact(bounds.cell_of(top, came)) == exact_figure or not radius
    return abs(exact_figure * bounds.FINE - top) > radius - radius * tightened // 100


PLAINLY = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "divide": operator.truediv,
    "greater": max, "lesser": min, "root": None,
}  # fmt: skip


@pytest.mark.parametrize("step", PLAINLY)
def test_every_bound_holds_the_true_figure_and_is_no_larger_than_it_must(step):
    assert not any(outside(step, seed) for seed in range(600))
    assert any(outside(step, seed, tightened=10) for seed in range(600))


# ---- sharing and rounding


@pytest.mark.usefixtures("tier")
@fast
@given(problems())
def test_shares_between_bounds_equal_those_of_plain_fractions(problem):
    pool, claims, floors, caps, order = problem
    third = Fraction(1, 3)
    plain = [plain_array([pool * third])] + [plain_array([v * third for v in x]) for x in (claims, floors, caps)]
    columns = [of_fractions(x) for x in plain]
    found, wanted = bounded_share(*columns), bounded_share(*plain)
    assert list(found.awards.exactly()) == list(wanted.awards) and list(found.level.exactly()) == list(wanted.level)
    assert (found.at_floor == wanted.at_floor).all() and (found.at_cap == wanted.at_cap).all()
    turn, unit = np.array(order), third
    with plain_fractions():
        closed = largest_remainder(plain[0], wanted.awards, unit, turn)
        spent = fill(plain[0], plain[3], plain[1], turn)
    assert list(largest_remainder(columns[0], found.awards, unit, turn).exactly()) == list(closed)
    assert list(fill(columns[0], columns[3], of_fractions(plain[1]), turn).exactly()) == list(spent)


# ---- whole models


def outcome(asked: dict) -> object:
    """Every figure of every column, truths and notes among them; or what is refused, in both languages."""
    try:
        done = run(**asked)
    except AllocationError as error:
        return [(problem.id, problem.where, problem.text("zh"), problem.text("en")) for problem in error.problems]
    figures = {name: done.figures(name) for name in done.model.columns}
    return figures, [check.ok for check in done.checks], [note.text("en") for note in done.notes]


def differing(seeds: range) -> list[str]:
    told = []
    for seed in seeds:
        for forced in FORCED[seed % 4 :: 4]:
            asked = example(seed, forced)
            for one in (asked, edited(asked, seed)):
                with plain_fractions():
                    wanted = outcome(one)
                if outcome(one) != wanted:
                    told.append(f"{seed} {forced}")
    return told


@pytest.mark.usefixtures("tier")
def test_models_of_every_function_give_the_plain_fractions_figures_and_refusals():
    assert differing(MODELS) == []


def test_the_law_notices_a_level_that_is_taken_for_certain(monkeypatch):
    sure = exact_shares.certified

    def careless(pool, claim, limits, guess):
        shared = sure(pool, claim, limits, guess * 0)
        return replace(shared, sure=shared.sure | True)

    monkeypatch.setattr("allocation.exact.sharing.TRIES", 1)
    monkeypatch.setattr(exact_shares, "certified", careless)
    assert differing(range(40, 42)) != []


def test_the_record_says_how_many_decisions_only_fractions_could_take(monkeypatch):
    asked = {"x": [5, 4], "formula": "1 if x / 3 * 3 / 10000000000 == 0.000000001 else 0"}
    assert run(**asked).undecided == 0
    hold(monkeypatch, "within bounds")
    edge = run(**asked)
    assert edge.amounts("result") == (1, 0)  # the first stands on the edge of a billionth
    assert edge.undecided >= 1 and record_of(edge).undecided == edge.undecided


def test_showing_figures_that_is_broken_off_leaves_the_meter_of_the_run(monkeypatch):
    """As by Ctrl-C in a notebook, where the next run begins in the same process."""

    def stopped(*figures: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(quotients, "_SHOWN", stopped)
    before = cells.METER.get()
    with pytest.raises(KeyboardInterrupt):
        bounds_of_a_third().fractions()
    assert cells.METER.get() is before


def bounds_of_a_third() -> Quotients:
    sides = [np.array([[side]], object) for side in bounds.held(1, 3)]
    return quotients.within(*sides)
