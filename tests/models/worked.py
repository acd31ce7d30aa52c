"""Small cases worked by hand: a shipped model, a few counties, figures in the order of the rows."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

from shipped import sample_model, sample_table

from allocation.policy.model import Model
from allocation.run.run import Run, run_model
from allocation.run.scenario import parse_assignment
from allocation.tables.reading import read_table
from allocation.tables.table import Table

ROOT = Path(__file__).parents[2]


@cache
def model_of(name: str) -> Model:
    return sample_model(name)


@cache
def shipped(name: str, *settings: str) -> Run:
    model = model_of(name)
    return run_model(model, read_table(sample_table(name), model), [parse_assignment(one) for one in settings])


def worked(name: str, settings: tuple[str, ...] = (), **figures: list) -> Run:
    """The run of a table with these inputs; `people__city` is `people[city]`, what is left out its default or blank."""
    model, given = model_of(name), {key.replace("__", "."): values for key, values in figures.items()}
    assert given.keys() <= model.inputs.keys(), sorted(given.keys() - model.inputs.keys())
    count = len(next(iter(given.values())))
    values = {
        key: tuple(_plain(value) for value in given.get(key, [entry.default] * count))
        for key, entry in model.inputs.items()
    }
    codes = tuple(f"9901{row + 1:02}" for row in range(count))
    table = Table(codes, tuple("甲乙丙丁戊己庚"[:count]), values)
    return run_model(model, table, [parse_assignment(one) for one in settings])


def _plain(value: object) -> object:
    return Fraction(str(value)) if isinstance(value, int | float) else value


def decimals(run: Run, name: str) -> list[float]:
    return [float(value) for value in run.figures(name)]


def failing(run: Run) -> dict[str, tuple[str, ...]]:
    """The checks that do not hold, with the counties they name."""
    return {check.name: check.counties for check in run.checks if not check.ok}
