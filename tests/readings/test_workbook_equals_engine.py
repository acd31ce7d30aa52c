"""The workbook is the model: recalculated by a program that is not this one, it gives the engine's figures.

Tables and parameters are generated from a model's declared inputs. Every feasible one is typed, cell by cell, into a
workbook that was written for another table of the same size, and recalculated by formualizer. Every third (every one
where CI is true) is written as a workbook of its own as well, and each stored figure is compared with its formula's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from generated import generated, with_pool
from recalculation import Book, differences, figures, inputs, plain, put, recalculated, recorded, state_cells, unequal

from allocation.errors import AllocationError
from allocation.finding import HOUSE
from allocation.loading import load_model
from allocation.model import Model
from allocation.run import Run, run_model
from allocation.tables.table import Table
from allocation.workbook.importing import find_mapping
from allocation.workbook.layout import Layout, letters

MODELS = ("incentive_fund", "incentive_fund@2017", "infrastructure_subsidy", "land_quota", "meadowland", "地方奖补")
CHUNKS, TABLES, TRIES = 5, 40, 160  # tables compared in each of five chunks a model, of at most so many generated
STOPS = 12  # tables without an answer, typed into the workbook of one with an answer
WHOLE = os.environ.get("CI") == "true"
BOUNDS = (("floor", "cap"), ("下限", "上限"))

chunks = pytest.mark.parametrize("chunk", range(CHUNKS))
models = pytest.mark.parametrize("name", MODELS)


@cache
def shipped(name: str) -> Model:
    return load_model(HOUSE / "models" / f"{name}.toml")


def solved(name: str, seed: int) -> Run | tuple[Model, Table]:
    """The run of a generated table, or what has no answer. Every fourth pool is what all floors or all caps add up to."""
    model, table = generated(shipped(name), seed)
    try:
        run = run_model(model, table)
        edges = next((pair for pair in BOUNDS if pair[0] in model.columns), None)
        if edges is None or seed % 4 or "pool" not in (model.pool, *model.parameters):
            return run
        model = with_pool(model, model.pool, run.total(edges[seed // 4 % 2]))
        return run_model(model, table)
    except AllocationError:
        return model, table


def runs(name: str, chunk: int) -> Iterator[tuple[int, Run]]:
    for seed in range(chunk * TRIES, (chunk + 1) * TRIES):
        run = solved(name, seed)
        if isinstance(run, Run):
            yield seed, run


def written(run: Run) -> Book:
    return recorded(run, mapping=find_mapping(run.model, HOUSE / "models"))


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


@models
@chunks
def test_a_generated_table_gives_the_same_figures_in_the_workbook_as_in_the_engine(name, chunk):
    hosts, compared = {}, 0
    for seed, run in runs(name, chunk):
        count = len(run.table)
        if count not in hosts or WHOLE or seed % 3 == 0:
            book = written(run)
            opened = book.opened()
            found = recalculated(book, opened)
            wrong = differences(book, found), unequal(run, found), states(run, found)
            assert wrong == ([], [], [0, 0]), f"{name}, table {seed}: the workbook as written"
            hosts.setdefault(count, (run, book, opened))
        host, book, opened = hosts[count]
        put(opened, typed(run, seed))
        found = recalculated(book, opened)
        twin = run_model(run.model, replace(host.table, values=run.table.values)) if ties_matter(run, host) else run
        assert (unequal(twin, found), states(run, found)) == ([], [0, 0]), f"{name}, table {seed}: typed into another"
        compared += 1
        if compared == TABLES:
            return
    pytest.fail(f"only {compared} of {TRIES} generated tables have an answer")


def ties_matter(run: Run, host: Run) -> bool:
    """The host's codes, and with them the order that breaks ties, are its own."""
    return run.table.order != host.table.order


def states(run: Run, found: dict) -> list:
    return [plain(found[cell]) for cell in state_cells(run)]


@models
def test_a_table_without_an_answer_shows_none_in_a_workbook_that_had_one(name):
    hosts: dict[int, tuple[Run, Book]] = {}
    stops: list[tuple[int, Model, Table]] = []
    for seed in range(10_000, 10_400):
        run = solved(name, seed)
        if isinstance(run, Run):
            hosts.setdefault(len(run.table), (run, written(run))) if len(run.table) not in hosts else None
        else:
            stops.append((seed, *run))
        ready = [stop for stop in stops if len(stop[2]) in hosts]
        if len(ready) >= STOPS:
            break
    assert ready or name in ALWAYS, "the generator makes no table without an answer"
    for seed, model, table in ready:
        host, book = hosts[len(table)]
        opened = book.opened()
        put(opened, inputs(replace(host, model=model, tables=(table,))))
        found = recalculated(book, opened)
        assert states(host, found)[1] != 0, f"{name}, table {seed}: the state is clear"
        shown = [place for place in award_cells(host, book) if plain(found[place]) != "#"]
        assert not shown, f"{name}, table {seed}: a figure is shown"


ALWAYS = ("land_quota",)  # every table has an answer: what is issued is at most what is claimed


def award_cells(run: Run, book: Book) -> list[tuple[str, int, int]]:
    """The award on 测算, its column on 分配表 with totals, and every live figure of 导入表."""
    layout = Layout(run.model, len(run.table), "zh")
    column = letters(layout.columns[run.model.award])
    mine = f"'{layout.names['calculation']}'!${column}"
    formulas = book.formulas()
    printed = {
        place[2]
        for place, formula in formulas.items()
        if place[0] == layout.names["award"] and any(f"{mine}{row}" in formula.text for row in range(layout.first, layout.last + 1))
    }
    return [
        place
        for place in formulas
        if place[0] == layout.names["import"]
        or (place[0] == layout.names["award"] and place[2] in printed)
        or (place[0] == layout.names["calculation"] and letters(place[2] - 1) == column and layout.first <= place[1])
    ]


def test_the_comparison_itself_sees_a_difference_in_the_last_place():
    run = next(run for _, run in runs("地方奖补", 0))
    found = recalculated(written(run))
    place = next(place for place in found if place[0] == "测算" and place[2] > 3 and place[1] == 7)
    assert unequal(run, found) == []
    assert len(unequal(run, {**found, place: found[place] + 1e-4})) == 1
    assert figures(run, run.model.award) == [Fraction(value) for value in run.figures(run.model.award)]
    assert Path(HOUSE / "models").is_dir()
