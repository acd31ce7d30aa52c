"""The workbook is the model: recalculated by a program that is not this one, it gives the engine's figures.

Tables and parameters are generated from a model's declared inputs. Every feasible one is typed, cell by cell, into a
workbook that was written for another table of the same size, and recalculated by formualizer. Some (all where CI is
true) are written as a workbook of their own as well, and each stored figure is compared with its formula's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from desk import IN_CI, some
from generated import COUNTS, generated, with_pool
from recalculation import award_cells, differences, inputs, plain, put, recalculated, states, unequal, written
from shipped import sample_model

from allocation.errors import AllocationError
from allocation.policy.model import Model
from allocation.run.run import Run, run_model
from allocation.tables.table import Table
from allocation.xlsx.layout import Layout

MODELS = (
    "incentive_fund",
    "incentive_fund@2017",
    "infrastructure_subsidy",
    "land_quota",
    "meadowland",
    "地方奖补",
    "public_service_cost",
    "bond_limit",
    "ppp_affordability",
    "surplus_quota",
    "equalisation_transfer",
    "coverage_monitor",
)
CHUNKS, TABLES, TRIES = 5, 16 if IN_CI else 4, 160  # tables in each of five chunks a model, of so many generated
SIZES = [COUNTS[chunk::CHUNKS] for chunk in range(CHUNKS)]
STOPS, STOP_TRIES = 12 if IN_CI else 3, 60  # tables without an answer, typed into the workbook of one with an answer
ALWAYS = (
    "land_quota",
    "infrastructure_subsidy",
    "ppp_affordability",
    "coverage_monitor",
)  # they never ask for more than can be taken
BOUNDS = (("floor", "cap"), ("下限", "上限"))

CASES = [(name, chunk) for name in MODELS for chunk in range(CHUNKS)]


@cache
def shipped(name: str) -> Model:
    return sample_model(name)


def solved(name: str, seed: int, counts: tuple[int, ...]) -> Run | tuple[Model, Table]:
    """The run of a generated table, or what has no answer. Every fourth pool is the sum of all floors or all caps."""
    model, table = generated(shipped(name), seed, counts)
    try:
        run = run_model(model, table)
        edges = next((pair for pair in BOUNDS if pair[0] in model.columns), None)
        if edges is not None and not seed % 4 and "pool" in (model.pool, *model.parameters):
            name = model.pool if model.pool in model.parameters else "pool"
            model = with_pool(model, name, run.total(edges[seed // 4 % 2]))
            run = run_model(model, table)
        return run if run.ok else (model, table)
    except AllocationError:
        return model, table


def runs(name: str, chunk: int) -> Iterator[tuple[int, Run]]:
    for seed in range(chunk * TRIES, (chunk + 1) * TRIES):
        run = solved(name, seed, SIZES[chunk])
        if isinstance(run, Run):
            yield seed, run


def typed(run: Run, seed: int) -> dict:
    """A run's own figures for the cells a person edits; in every other table a default is left for the blank to say."""
    layout, cells = Layout(run.model, len(run.table), "zh"), inputs(run)
    for name, entry in run.model.inputs.items() if seed % 2 else ():
        column = layout.inputs[name] + 1
        cells |= {
            place: None
            for place, value in cells.items()
            if place[0] == layout.names["data"] and place[2] == column and value == entry.default
        }
    return cells


@pytest.mark.parametrize(("name", "chunk"), some(CASES, 10))  # other sizes of tables for each model
def test_a_generated_table_gives_the_same_figures_in_the_workbook_as_in_the_engine(name, chunk):
    hosts, compared = {}, 0
    for seed, run in runs(name, chunk):
        count = len(run.table)
        if count not in hosts or IN_CI or seed % 8 == 0:
            book = written(run)
            opened = book.opened()
            found = recalculated(book, opened)
            wrong = differences(book, found), unequal(run, found), states(run, found)
            assert wrong == ([], [], [0, 0]), f"{name}, table {seed}: the workbook as written"
            hosts.setdefault(count, (book, opened, inputs(run)))
        book, opened, before = hosts[count]
        cells = typed(run, seed)
        put(opened, cells, before)
        hosts[count] = book, opened, cells
        found = recalculated(book, opened)
        assert (unequal(run, found), states(run, found)) == ([], [0, 0]), f"{name}, table {seed}: typed into another"
        compared += 1
        if compared == TABLES:
            return
    pytest.fail(f"only {compared} of {TRIES} generated tables have an answer")


@pytest.mark.parametrize("name", some([name for name in MODELS if name not in ALWAYS], 3))
def test_a_table_without_an_answer_shows_none_in_a_workbook_that_had_one(name):
    tried = [(seed, solved(name, seed, (3, 7))) for seed in range(10_000, 10_000 + STOP_TRIES)]
    hosts = {len(run.table): (run, written(run)) for _, run in reversed(tried[:20]) if isinstance(run, Run)}
    stops = [(seed, *run) for seed, run in tried if not isinstance(run, Run)]
    ready = [stop for stop in stops if len(stop[2]) in hosts][:STOPS]
    assert ready, "the generator makes no table without an answer"
    for seed, model, table in ready:
        host, book = hosts[len(table)]
        opened = book.opened()
        put(opened, inputs(replace(host, model=model, tables=(table,))))
        found = recalculated(book, opened)
        assert states(host, found)[1] != 0, f"{name}, table {seed}: the state is clear"
        shown = [place for place in award_cells(host, book) if plain(found[place]) != "#"]
        assert not shown, f"{name}, table {seed}: a figure is shown"


def test_the_comparison_itself_sees_a_difference_in_the_last_place():
    run = next(run for _, run in runs("地方奖补", 1))
    found = recalculated(written(run))
    place = next(place for place in award_cells(run, written(run)) if place[0] == "测算")
    assert unequal(run, found) == []
    assert [wrong[1] for wrong in unequal(run, {**found, place: found[place] + 0.5})] == [place]
    assert [wrong[1] for wrong in unequal(run, {**found, place: "#"})] == [place]
