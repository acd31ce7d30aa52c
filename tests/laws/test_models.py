"""Laws of whole models: the order of rows matters to nothing, and the float run gives the awards of the exact one."""

import os
import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from shipped import sample_model

from allocation.errors import AllocationError
from allocation.run.run import Run, run_model
from allocation.tables.table import Table

ROOT = Path(__file__).parent.parent.parent
sys.path.append(str(Path(__file__).parent.parent / "readings"))
from generated import generated  # noqa: E402  (the generator of tests/readings)

MODELS = (
    "incentive_fund", "incentive_fund@2017", "infrastructure_subsidy", "land_quota", "地方奖补", "meadowland",
    "public_service_cost", "bond_limit", "ppp_affordability", "surplus_quota", "equalisation_transfer", "land_supply",
    "coverage_monitor",
)  # fmt: skip
TABLES = 25 if os.environ.get("CI") == "true" else 6  # generated tables a model: fewer on a desk


def answered(name: str):
    """Generated tables of a model that have an answer."""
    model = sample_model(name)
    for seed in range(20_000, 20_000 + 4 * TABLES):
        try:
            yield seed, run_model(*generated(model, seed))
        except AllocationError:
            continue


def turned(table: Table, seed: int) -> Table:
    rows = list(range(len(table)))
    random.Random(seed).shuffle(rows)
    values = {name: tuple(figures[row] for row in rows) for name, figures in table.values.items()}
    codes, names = (tuple(words[row] for row in rows) for words in (table.codes, table.names))
    return replace(table, codes=codes, names=names, values=values)


def by_code(run: Run) -> dict[str, tuple]:
    columns = [run.figures(name) for name in run.model.columns]
    return {code: tuple(column[row] for column in columns) for row, code in enumerate(run.table.codes)}


def snapped(run: Run) -> list:
    """Awards to nine decimals, or fifteen digits in all: what a float carries beyond is noise."""
    return [round(value, min(9, 15 - len(str(int(abs(value)))))) for value in run.figures(run.model.award)]


@pytest.mark.parametrize("name", MODELS)
def test_the_order_of_rows_matters_to_no_column(name):
    compared = 0
    for seed, run in answered(name):
        again = run_model(run.model, turned(run.table, seed))
        assert by_code(again) == by_code(run), f"{name}, table {seed}"
        compared += 1
        if compared == TABLES:
            return
    pytest.fail(f"only {compared} tables have an answer")


@pytest.mark.parametrize("name", MODELS)
def test_the_float_run_gives_the_awards_of_the_exact_run(name):
    compared = 0
    for seed, run in answered(name):
        rough = run_model(run.model, run.table, exact=False)
        if not any(note.id == "run.near_edge" for note in run.notes):
            assert snapped(rough) == snapped(run), f"{name}, table {seed}"
        compared += 1
        if compared == TABLES:
            return
    pytest.fail(f"only {compared} tables have an answer")


def test_a_frame_has_every_column_by_code_in_the_order_of_the_table():
    _, run = next(answered("地方奖补"))
    frame = run.frame()
    assert list(frame.index) == list(run.table.codes)
    assert list(frame[run.model.award]) == [float(value) for value in run.figures(run.model.award)]
    assert frame.attrs["units"][run.model.award] == "万元"
