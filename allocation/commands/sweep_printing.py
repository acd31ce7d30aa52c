"""What `sweep` shows: percentiles (of a grid: lowest and highest) by county, then each factor's total index."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite

import numpy as np

from allocation.analysis.addresses import label_of
from allocation.lab import sweep_words as words
from allocation.lab.sweep import Measured, measured
from allocation.lab.sweep_measures import AT, SHARES, Findings
from allocation.printing import MOST, table_text
from allocation.texts import say
from allocation.texts.decimals import figure_text, with_decimals

SHOWN = ("baseline", "lowest", "p5", "p50", "p95", "highest", *SHARES)
COMBINATIONS = 20  # of a grid, printed


def print_findings(found: Findings, lang: str) -> None:
    sweep = found.swept.sweep
    rows = measured(sweep)
    unit = sweep.model.units.label(rows[0].unit.name, lang)
    print(f"\n{words.title(found, lang)}    {say(lang, 'workbook.unit_line', unit=unit)}")
    print(words.counts(found, lang))
    for line in words.lost(found, lang):
        print(line)
    never = [key for key in AT.values() if key in found.spread and not np.nansum(found.spread[key])]
    keys = [key for key in SHOWN if key in found.spread and key not in never]
    heads = [say(lang, "workbook.code"), say(lang, "workbook.name"), *(say(lang, f"sweep.{key}") for key in keys)]
    _table(heads, [[*_named(one), *(_figure(found, key, at) for key in keys)] for at, one in enumerate(rows)], lang)
    if not sweep.samples:
        _combinations(found, lang)
    if found.indices:
        print("\n" + say(lang, "sweep.total_head"))
        totals = [[f"{one:.3f}" if isfinite(one) else "—" for one in line] for line in found.indices.total.tolist()]
        names = words.named(found, lang)
        _table([*heads[:2], *names], [[*_named(one), *line] for one, line in zip(rows, totals, strict=True)], lang)
    note = words.indices_line(found, lang)
    if note:
        print(note)


def _table(heads: list[str], rows: list[list[str]], lang: str) -> None:
    cut = len(rows) - MOST
    more = [["…", say(lang, "cli.more", count=cut), *[""] * (len(heads) - 2)]] if cut > 0 else []
    print(table_text(heads, [*rows[:MOST], *more]))


def _named(one: Measured) -> list[str]:
    return [one.code, one.name]


def _figure(found: Findings, key: str, at: int) -> str:
    value = float(found.spread[key][at])
    if key in SHARES:
        return with_decimals(value, 1, percent=True) if isfinite(value) else "—"
    return number(value, measured(found.swept.sweep)[at])


def number(value: float, one: Measured) -> str:
    return figure_text(Fraction(value), one.decimals, one.unit.is_percent) if isfinite(value) else "—"


def _combinations(found: Findings, lang: str) -> None:
    """The first combinations, a row each."""
    swept = found.swept
    sweep, rows = swept.sweep, measured(swept.sweep)
    if len(rows) > COMBINATIONS:
        return
    lines, moving = [], [label_of(sweep.model, one, lang) for one in sweep.moved]
    for run in range(min(sweep.runs, COMBINATIONS)):
        moved = [f"{value:g}" for value in swept.values[run].tolist()]
        figures = [number(value, one) for value, one in zip(swept.outcomes[run].tolist(), rows, strict=True)]
        lines.append([str(run + 1), say(lang, f"sweep.state_{int(swept.state[run])}"), *moved, *figures])
    heads = [say(lang, "sweep.run"), say(lang, "sweep.state"), *moving, *(one.name for one in rows)]
    print("\n" + table_text(heads, lines))
    if sweep.runs > COMBINATIONS:
        print(say(lang, "cli.more", count=sweep.runs - COMBINATIONS))
