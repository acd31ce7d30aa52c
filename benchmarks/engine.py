"""Whole runs, batches and studies of the incentive fund, whose coefficients are computed and whose bounds bind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from allocation.analysis.batch import run_batch
from allocation.analysis.decompose import decompose
from allocation.analysis.explain import explain
from allocation.lab.ranges import parse_factors
from allocation.lab.sweep import REFUSED, make_sweep, run_some
from allocation.run.run import Run, run_model
from allocation.run.scenario import Change
from benchmarks.data import changes, fund, nation
from benchmarks.row import Outcome, exponent, in_pairs, outcome, spent


def exact_run(counties: int) -> Outcome:
    """A run in fractions beside the run in floats."""
    table = nation(counties)
    moves = changes(table)
    exact, rough = run_model(fund(), table, moves), run_model(fund(), table, moves, exact=False)
    assert exact.figures(fund().award) == rough.figures(fund().award) and exact.ok
    return outcome(
        in_pairs(lambda: run_model(fund(), table, moves), lambda: run_model(fund(), table, moves, exact=False), 3)
    )


def _variants(base: Sequence[Change], count: int) -> list[list[Change]]:
    """Pools a little apart, so that no two scenarios are alike."""
    (pool, *others) = base
    step = max(1, int(pool.value) // 20_000)
    return [[Change("pool", pool.value + step * place), *others] for place in range(count)]


def exact_batch(scenarios: int) -> Outcome:
    """A hundred counties in so many scenarios, in fractions beside floats: processor ms a run."""
    table = nation(100)
    sets, award = _variants(changes(table), scenarios), (fund().award,)
    exact = run_batch(fund(), (table,), sets, award, exact=True)
    rough = run_batch(fund(), (table,), sets, award, exact=False)
    assert all(
        list(map(int, a.columns[0])) == list(map(round, b.columns[0])) for a, b in zip(exact, rough, strict=True)
    )
    pair = in_pairs(lambda: run_batch(fund(), (table,), sets, award, exact=True),
                    lambda: run_batch(fund(), (table,), sets, award, exact=False), 3)  # fmt: skip
    return outcome(pair, 1e3 / scenarios)


def batch(counties: int) -> Callable[[int], Outcome]:
    """A float batch of the whole model, a column cell, beside a triad of NumPy over as many cells."""

    def measure(scenarios: int) -> Outcome:
        table = nation(counties)
        sets, columns = _variants(changes(table), scenarios), len(fund().columns)
        alone = run_model(fund(), table, sets[-1], exact=False)
        done = run_batch(fund(), (table,), sets, (fund().award,), exact=False)
        assert np.allclose(done[-1].columns[0].astype(float), np.array(alone.figures(fund().award), float))
        a, b = np.random.default_rng(1).uniform(size=(2, 8, max(1, counties * scenarios // 8)))
        pair = in_pairs(lambda: run_batch(fund(), (table,), sets, (fund().award,), exact=False), lambda: a * 1.5 + b, 2)
        ratio, ours, peer = pair
        cells = counties * scenarios
        return Outcome(ratio / columns, ours * 1e9 / cells / columns, peer * 1e9 / cells)

    return measure


def _moves(table_changes: Sequence[Change], count: int) -> list[Change]:
    """As many causes: the pool and rates that every county feels."""
    pool = table_changes[0].value
    more = [
        ("hold_harmless", Fraction(85, 100)), ("growth_cap_on", Fraction(1)), ("growth_cap", Fraction(13, 10)),
        ("origin_rate[cross_province]", Fraction(8, 5)), ("origin_rate[in_province]", Fraction(13, 10)),
        ("phase_rate[year_1]", Fraction(1, 2)), ("phase_rate[year_2]", Fraction(3, 10)),
        ("phase_rate[year_3]", Fraction(1, 10)), ("hardship_low", Fraction(7, 10)), ("hardship_high", Fraction(13, 10)),
        ("origin_rate[in_city]", Fraction(9, 10)),
    ]  # fmt: skip
    return [Change("pool", pool + 1), *(Change(name, value) for name, value in more)][:count]


def _standing(counties: int) -> tuple[object, list[Change], Run]:
    table = nation(counties)
    moves = changes(table)
    return table, moves, run_model(fund(), table, moves)


def decomposing(causes: int) -> Outcome:
    """So many causes at seven counties, 2ⁿ subsets, beside one exact run."""
    table = nation(7)
    standing = run_model(fund(), table, changes(table))
    moves = _moves(changes(table), causes)
    result = decompose(standing.model, standing.tables, moves)
    assert result.closed and len(result.causes) == causes
    pair = in_pairs(lambda: decompose(standing.model, standing.tables, moves),
                    lambda: run_model(standing.model, standing.tables, moves), 1)  # fmt: skip
    return outcome(pair)


def explaining(counties: int) -> Outcome:
    """An explanation of one award beside the run it explains."""
    table, moves, run = _standing(counties)
    told = explain(run, table.codes[counties // 2])
    assert told.county[0] == table.codes[counties // 2]

    def fresh() -> object:
        return explain(run_model(fund(), table, moves), table.codes[counties // 2])

    return outcome(in_pairs(fresh, lambda: run_model(fund(), table, moves), 3))


def seeking(counties: int) -> Outcome:
    """The pool at which one county gets a tenth more, beside one run: what a search costs in runs."""
    table, moves, run = _standing(counties)
    target, search = _search(run, table, moves)
    found = search()
    assert found.answer is not None and abs(target.figure(found.answer.value) - target.value) <= max(found.within, 1)
    return outcome(in_pairs(search, lambda: run_model(fund(), table, moves), 1))


def _search(run: Run, table: object, moves: Sequence[Change]) -> tuple[object, Callable[[], object]]:
    from allocation.analysis.asked import ask
    from allocation.analysis.seek import Limits, Target, seek

    pool = moves[0].value
    more = [Change("pool", pool * 102 // 100), *moves[1:]]
    awards, raised = run.figures(fund().award), run_model(fund(), run.table, more).figures(fund().award)
    row = next(row for row, (old, new) in enumerate(zip(awards, raised, strict=True)) if new > old)  # at no bound
    asked, wanted = ask(f"{fund().award}@{run.table.codes[row]}", run.model, run.table), raised[row]
    target = Target(run.model, run.tables, "pool", asked, wanted)
    limits = Limits(pool * Fraction(9, 10) // 1, pool * Fraction(11, 10) // 1, Fraction(1))
    return target, lambda: seek(target, limits)


def sweep_refused(samples: int) -> Outcome:
    """A sweep in which some runs cannot be run, because floors exceed the pool, beside one without such runs."""
    table = nation(7)
    base = run_model(fund(), table, changes(table), exact=False)
    pool = int(base.model.parameters["pool"].value)
    ranges = (
        [f"pool={pool * 9 // 10}:{pool}", "hold_harmless=70%:85%"],
        [f"pool={pool * 9 // 10}:{pool}", "hold_harmless=70%:99%"],
    )
    plain, lossy = (
        make_sweep(base, parse_factors(texts, base.model, base.tables, "--range"), [], None, samples, 1)
        for texts in ranges
    )
    sets = [[sweep.changes(run) for run in range(min(sweep.chunk, sweep.runs))] for sweep in (plain, lossy)]
    lost = (run_some(lossy, sets[1])[:, 0] == REFUSED).mean()
    assert 0 < lost < 1 and not (run_some(plain, sets[0])[:, 0] == REFUSED).any()
    pair = in_pairs(lambda: run_some(lossy, sets[1]), lambda: run_some(plain, sets[0]), 3)
    return outcome(pair, 1e3 / len(sets[0]))


def growth(work: Callable[[int], Callable[[], object]], sizes: Sequence[int]) -> Callable[[int], Outcome]:
    """The exponent of the sizes up to the one asked for; `work` prepares a size and gives what is timed."""

    def measure(most: int) -> Outcome:
        taken = [size for size in sizes if size <= most]
        seconds = []
        for size in taken:
            task = work(size)
            task()
            seconds.append(min(spent(task) for _ in range(2 if size < 10_000 else 1)))
        slope = exponent(taken, seconds)
        return Outcome(slope, seconds[-1], seconds[0])

    return measure


def a_run(counties: int) -> Callable[[], object]:
    table = nation(counties)
    moves = changes(table)
    return lambda: run_model(fund(), table, moves)


def a_float_run(counties: int) -> Callable[[], object]:
    table = nation(counties)
    moves = changes(table)
    return lambda: run_model(fund(), table, moves, exact=False)


def an_explanation(counties: int) -> Callable[[], object]:
    table, _, run = _standing(counties)
    return lambda: explain(run, table.codes[counties // 2])


def a_search(counties: int) -> Callable[[], object]:
    table, moves, run = _standing(counties)
    return _search(run, table, moves)[1]


def a_decomposition(counties: int) -> Callable[[], object]:
    table = nation(counties)
    standing = run_model(fund(), table, changes(table))
    causes = _moves(changes(table), 4)
    return lambda: decompose(standing.model, standing.tables, causes)
