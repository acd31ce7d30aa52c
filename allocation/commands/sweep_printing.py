"""What `sweep` shows: percentiles (of a grid: lowest and highest) by county, then each factor's total index."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite

import numpy as np

from allocation.analysis.addresses import label_of
from allocation.commands.printing import MOST, table_text
from allocation.lab import sweep_words as words
from allocation.lab.sweep import Measured, measured
from allocation.lab.sweep_measures import AT, SHARES, Findings
from allocation.texts import say
from allocation.texts.decimals import figure_text, with_decimals

SHOWN = ("baseline", "lowest", "p5", "p50", "p95", "highest", *SHARES)
COMBINATIONS = 20  # of a grid, printed


def print_findings(findings: Findings, lang: str) -> None:
    sweep = findings.swept.sweep
    rows = measured(sweep)
    unit = sweep.model.units.label(rows[0].unit.name, lang)
    print(f"\n{words.title(findings, lang)}    {say(lang, 'workbook.unit_line', unit=unit)}")
    print(words.counts(findings, lang))
    for line in words.lost(findings, lang):
        print(line)
    never = [key for key in AT.values() if key in findings.spread and not np.nansum(findings.spread[key])]
    keys = [key for key in SHOWN if key in findings.spread and key not in never]
    heads = [say(lang, "workbook.code"), say(lang, "workbook.name"), *(say(lang, f"sweep.{key}") for key in keys)]
    spread = [[*_named(county), *(_figure(findings, key, at) for key in keys)] for at, county in enumerate(rows)]
    _table(heads, spread, lang)
    if not sweep.samples:
        _combinations(findings, lang)
    if findings.indices:
        print("\n" + say(lang, "sweep.total_head"))
        totals = [
            [f"{index:.3f}" if isfinite(index) else "—" for index in line] for line in findings.indices.total.tolist()
        ]
        names = words.named(findings, lang)
        lines = [[*_named(county), *line] for county, line in zip(rows, totals, strict=True)]
        _table([*heads[:2], *names], lines, lang)
    note = words.indices_line(findings, lang)
    if note:
        print(note)


def _table(heads: list[str], rows: list[list[str]], lang: str) -> None:
    cut = len(rows) - MOST
    more = [["…", say(lang, "cli.more", count=cut), *[""] * (len(heads) - 2)]] if cut > 0 else []
    print(table_text(heads, [*rows[:MOST], *more]))


def _named(county: Measured) -> list[str]:
    return [county.code, county.name]


def _figure(findings: Findings, key: str, at: int) -> str:
    value = float(findings.spread[key][at])
    if key in SHARES:
        return with_decimals(value, 1, percent=True) if isfinite(value) else "—"
    return number(value, measured(findings.swept.sweep)[at])


def number(value: float, measure: Measured) -> str:
    return figure_text(Fraction(value), measure.decimals, measure.unit.is_percent) if isfinite(value) else "—"


def _combinations(findings: Findings, lang: str) -> None:
    """The first combinations, a row each."""
    swept = findings.swept
    sweep, rows = swept.sweep, measured(swept.sweep)
    if len(rows) > COMBINATIONS:
        return
    lines, moving = [], [label_of(sweep.model, factor, lang) for factor in sweep.moved]
    for run in range(min(sweep.runs, COMBINATIONS)):
        moved = [f"{value:g}" for value in swept.values[run].tolist()]
        figures = [number(value, measure) for value, measure in zip(swept.outcomes[run].tolist(), rows, strict=True)]
        lines.append([str(run + 1), say(lang, f"sweep.state_{int(swept.state[run])}"), *moved, *figures])
    heads = [say(lang, "sweep.run"), say(lang, "sweep.state"), *moving, *(measure.name for measure in rows)]
    print("\n" + table_text(heads, lines))
    if sweep.runs > COMBINATIONS:
        print(say(lang, "cli.more", count=sweep.runs - COMBINATIONS))
