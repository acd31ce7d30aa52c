"""Laws of several years: what does not change gives what does not change; a table cut by years is the same table."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from desk import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shipped import sample_model, sample_table

from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.run.scenario import Change
from allocation.tables.table import Table
from allocation.texts import exact_text
from allocation.years.timeline import Timeline, read_years, timeline

FOUND = find("incentive_fund", None, None)
MODEL, TABLE = FOUND.model, FOUND.table
PHASED = [f"phase_rate[year_{n}]" for n in (1, 2, 3)]
QUICK = settings(max_examples=examples(10), deadline=None, suppress_health_check=list(HealthCheck))


def peopled(table: Table) -> Table:
    """The table as if as many people had settled in every earlier year."""
    people = tuple(
        sum(table.values[f"settled.{origin}"][row] for origin in ("cross_province", "in_province", "in_city"))
        for row in range(len(table))
    )
    return table.with_values(**{f"earlier.year_{n}": people for n in (1, 2, 3)})


def figures(found: Timeline) -> list[dict[str, tuple]]:
    """Every column of every year, by code."""
    return [
        {code: tuple(run.figures(name)[row] for name in run.model.columns) for row, code in enumerate(run.table.codes)}
        for run in found.runs
    ]


@QUICK
@given(st.integers(2018, 2021), st.integers(0, 100), st.integers(1, 9))
def test_constant_inputs_give_constant_awards_when_every_year_was_alike(until, floor, times):
    settled = {name: figures for name, figures in TABLE.values.items() if name.startswith("settled.")}
    more = {name: tuple(value * times for value in figures) for name, figures in settled.items()}
    alike = peopled(TABLE.with_values(**more))
    alike = alike.with_values(last_award=run_model(MODEL, alike).figures("award"))
    found = timeline(MODEL, [alike], [Change("hold_harmless", Fraction(floor, 100))], until=until)
    assert found.projected == tuple(range(2018, until + 1))
    assert all(len(set(found.path("award", code))) == 1 for code in found.counties)


@QUICK
@given(st.integers(2019, 2021))
def test_constant_inputs_without_phase_out_give_constant_awards_whoever_settled_before(until):
    none = [Change(address, Fraction(0)) for address in PHASED]
    bare = [Change("hold_harmless", Fraction(0))]  # a floor at last year's award would remember the year before
    found = timeline(MODEL, [TABLE], [*none, *bare], until=until)
    assert all(len(set(found.path("award", code))) == 1 for code in found.counties)


def test_what_came_before_is_felt_while_it_phases_out():
    bare = [Change("hold_harmless", Fraction(0))]
    fewer = TABLE.with_values(**{f"earlier.year_{n}": (Fraction(0),) * (len(TABLE) - 1) + (Fraction(9000),)
                                 for n in (1, 2, 3)})  # fmt: skip
    found = timeline(MODEL, [fewer], bare, until=2021)
    assert any(len(set(found.path("award", code))) > 1 for code in found.counties)


def written(path, tables: list[Table], model) -> list[list[str]]:
    """Rows of all the tables as one file with a year column."""
    rows = [["代码", "名称", "年度", *model.inputs]]
    for table in tables:
        for row, (code, name) in enumerate(zip(table.codes, table.names, strict=True)):
            values = [table.values[entry][row] for entry in model.inputs]
            rows.append([code, name, str(table.year), *(exact_text(value) or "" for value in values)])
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    return rows


@pytest.mark.parametrize("seed", range(3))
def test_a_table_split_into_years_and_put_together_again_gives_the_same(tmp_path, seed):
    model = sample_model("dynamic_fund")
    tables = read_years([sample_table("dynamic_fund")], model)
    assert len(tables) == 5
    whole, chance = tmp_path / "all.csv", random.Random(seed)
    head, *rows = written(whole, tables, model)
    chance.shuffle(rows)
    parts = []
    for year in (table.year for table in tables):
        parts.append(tmp_path / f"{year}.csv")
        own = [row for row in rows if row[2] == str(year)]
        parts[-1].write_text("\n".join(",".join(row) for row in [head, *own]), encoding="utf-8")
    chance.shuffle(parts)
    together = figures(timeline(model, read_years([whole], model)))
    assert figures(timeline(model, read_years(parts, model))) == together == figures(timeline(model, tables))


def test_a_figure_moved_to_another_year_is_another_table():
    later = replace(TABLE, year=2018)
    more = TABLE.with_values(**{"settled.in_city": tuple(value + 100 for value in TABLE.values["settled.in_city"][:1])
                                + TABLE.values["settled.in_city"][1:]})  # fmt: skip
    first = timeline(MODEL, [more, later])
    second = timeline(MODEL, [TABLE, replace(more, year=2018)])
    assert figures(first) != figures(second)
