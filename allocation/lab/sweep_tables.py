"""What a sweep found as described tables: how far figures range, what accounts for it, and the runs themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import isfinite

import numpy as np

from allocation.analysis.addresses import label_of
from allocation.lab import sweep_words as words
from allocation.lab.sweep import Measured, Sweep, measured
from allocation.lab.sweep_measures import AT, SHARES, Findings, Indices
from allocation.language.units import PURE
from allocation.report.column import PERCENT
from allocation.report.printed import PrintedColumn, PrintedTable, Shown
from allocation.report.study import study_table
from allocation.texts import Both, Worded, both

TERMINAL = ("baseline", "lowest", "p5", "p50", "p95", "highest", *SHARES)
PAGE = ("baseline", "p5", "p50", "p95", *SHARES)
FINER = ("mean", "deviation")  # told with one place more than what they are of
PLACES = 3  # decimals of an index, and of a share of runs as a fraction
RUN, STATE, BLOCK = "run", "state", "sample"
STATES = ("held", "broken", "refused")


def ranges_tables(findings: Findings, reader: str) -> tuple[PrintedTable, ...]:
    """That of the awards, then one of the same columns for each figure asked for, which has units of its own.

    `workbook`: every measure; `terminal` and `page` (of a notebook) those that say most; `frame`: every one, by key.
    """
    sweep, spread = findings.swept.sweep, findings.spread
    keys = [key for key in spread if reader in ("workbook", "frame") or key in (PAGE if reader == "page" else TERMINAL)]
    if reader == "terminal":  # nobody ever stands there
        keys = [key for key in keys if key not in AT.values() or np.nansum(spread[key])]
    keys = keys if reader in ("workbook", "frame") else [key for key in TERMINAL if key in keys]
    every, awards = measured(sweep), len(sweep.table)
    groups = [range(awards), *(range(at, at + 1) for at in range(awards, len(every)))]
    return tuple(_ranges(findings, [every[at] for at in rows], rows, keys, reader == "workbook") for rows in groups)


def _ranges(
    findings: Findings, outcomes: Sequence[Measured], rows: range, keys: Sequence[str], with_unit: bool
) -> PrintedTable:
    units, first = findings.swept.sweep.model.units, outcomes[0]
    columns = [_measure(key, first) for key in keys]
    values: dict[str, Sequence[Shown]] = {key: figures(findings.spread[key][rows.start : rows.stop]) for key in keys}
    if with_unit:
        named = Worded(lambda lang: units.label(first.unit.name, lang))
        unit = PrintedColumn("unit", both("sweep.unit"), kind="text", words=((first.unit.name, named),))
        columns, values = [unit, *columns], {**values, unit.key: (first.unit.name,) * len(outcomes)}
    return _table(findings, "ranges", outcomes, columns, values)


def _measure(key: str, of: Measured) -> PrintedColumn:
    if key in SHARES:
        return PrintedColumn(key, both(f"sweep.{key}"), PERCENT, PLACES)
    places = of.decimals + 1 if of.decimals is not None and key in FINER else of.decimals
    return PrintedColumn(key, both(f"sweep.{key}"), of.unit, places)


def indices_table(findings: Findings, indices: Indices, reader: str) -> PrintedTable:
    """Of each factor its total index; in the `workbook` both indices with their bounds, and what the first add up to.

    `page` and `terminal` have the figures of counties and those asked for alike, `frame` those of counties.
    """
    sweep = findings.swept.sweep
    outcomes = measured(sweep)[: len(sweep.table)] if reader in ("frame", "page") else measured(sweep)
    columns: list[PrintedColumn] = []
    values: dict[str, Sequence[Shown]] = {}
    for place, factor in enumerate(sweep.factors):
        address, name = words.head(factor), _named(sweep, words.head(factor))
        kinds = _kinds(indices) if reader == "workbook" else {"total": ("share_total", indices.total)}
        for kind, (label, estimates) in kinds.items():
            column = PrintedColumn(address, name, PURE, PLACES)
            if reader == "workbook":
                column = replace(column, key=f"{address} {kind}", heading=name, item=both(f"sweep.{label}"))
            columns.append(column)
            values[column.key] = figures(estimates[: len(outcomes), place])
    if reader == "workbook":
        columns.append(PrintedColumn("sum", both("sweep.sum_first"), PURE, PLACES))
        values["sum"] = figures(indices.first.sum(axis=1))
    return _table(findings, "indices", outcomes, columns, values)


def _kinds(indices: Indices) -> dict[str, tuple[str, np.ndarray]]:
    """By kind, what its column is called, and the estimates (outcomes, factors)."""
    return {
        "first": ("share_first", indices.first),
        "first_low": ("low", indices.first_low),
        "first_high": ("high", indices.first_high),
        "total": ("share_total", indices.total),
        "total_low": ("low", indices.total_low),
        "total_high": ("high", indices.total_high),
    }


def _table(
    findings: Findings, key: str, outcomes: Sequence[Measured], columns: Sequence[PrintedColumn],
    values: Mapping[str, Sequence[Shown]],
) -> PrintedTable:  # fmt: skip
    """A line an outcome; a figure asked for has no code, and its text for a name."""
    model = findings.swept.sweep.model
    title = Worded(lambda lang: words.title(findings, lang))
    places = [(each.code, each.name) for each in outcomes]
    return study_table(key, title, outcomes[0].unit, model.units, places, columns, values, "none")


def figures(values: Iterable[float]) -> tuple[Fraction | None, ...]:
    """None where there is no figure."""
    return tuple(Fraction(value) if isfinite(value) else None for value in map(float, values))


def run_columns(sweep: Sweep) -> tuple[PrintedColumn, ...]:
    """Of the runs, a line each: which, whether it held, of which part of a sample, what moved, what came of it."""
    states = tuple((state, both(f"sweep.state_{place}")) for place, state in enumerate(STATES))
    blocks = [PrintedColumn(BLOCK, both("sweep.block"), kind="text")] if sweep.samples else []
    moved = [PrintedColumn(address, _named(sweep, address), PURE) for address in sweep.moved]
    award = sweep.model.award
    outcomes = [
        PrintedColumn(f"{award}@{each.code}" if each.code else each.name, Both(each.name, each.name), each.unit,
                      each.decimals)
        for each in measured(sweep)
    ]  # fmt: skip
    front = [PrintedColumn(RUN, both("sweep.run"), PURE, 0), PrintedColumn(STATE, both("sweep.state"), kind="text",
                                                                           words=states)]  # fmt: skip
    return (*front, *blocks, *moved, *outcomes)


def _named(sweep: Sweep, address: str) -> Both:
    return Worded(lambda lang: label_of(sweep.model, address, lang))


def block_names(sweep: Sweep) -> list[str]:
    """A, B, and A with each factor from B."""
    return ["A", "B", *(f"A←{words.head(factor)}" for factor in sweep.factors)]
