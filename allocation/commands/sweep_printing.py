"""What `sweep` shows: percentiles (of a grid: lowest and highest) by county, then each factor's total index."""

from __future__ import annotations

from collections.abc import Sequence

from allocation.commands.printing import MOST, print_rows, print_table, study_cells
from allocation.commands.screen import Screen
from allocation.lab import sweep_words as words
from allocation.lab.sweep import measured
from allocation.lab.sweep_measures import Findings
from allocation.lab.sweep_tables import STATES, figures, indices_table, ranges_tables, run_columns
from allocation.report.formats import figure_in
from allocation.report.printed import PrintedTable
from allocation.report.study import head_of

COMBINATIONS = 20  # of a grid, printed


def print_findings(findings: Findings, screen: Screen) -> None:
    tables = ranges_tables(findings, "terminal")
    unit = tables[0].units.label(tables[0].unit.name, screen.lang)
    screen.line(f"\n{words.title(findings, screen.lang)}    {screen.say('workbook.unit_line', unit=unit)}")
    screen.line(words.counts(findings, screen.lang))
    for line in words.lost(findings, screen.lang):
        screen.line(line)
    _print_tables(tables, screen)
    if not findings.swept.sweep.samples:
        _combinations(findings, screen)
    if findings.indices:
        screen.line("\n" + screen.say("sweep.total_head"))
        _print_tables([indices_table(findings, findings.indices, "terminal")], screen)
    note = words.indices_line(findings, screen.lang)
    if note:
        screen.line(note)


def _print_tables(tables: Sequence[PrintedTable], screen: Screen) -> None:
    """Tables of the same columns, one below the other; the first lines of many."""
    if screen.answer:
        for table in tables:
            print_table(table, screen)
        return
    heads, rows = [], list[list[str]]()
    for table in tables:
        heads, *lines = study_cells(table, screen)
        rows += lines
    print_rows(heads, rows, screen, most=MOST)


def _combinations(findings: Findings, screen: Screen) -> None:
    """The first combinations, a row each."""
    swept, sweep = findings.swept, findings.swept.sweep
    if len(measured(sweep)) > COMBINATIONS:
        return
    run, state, *columns = run_columns(sweep)
    states, lines = dict(state.words), []
    for place in range(min(sweep.runs, COMBINATIONS)):
        told = figures([*swept.values[place].tolist(), *swept.outcomes[place].tolist()])
        moved, came = told[: len(sweep.moved)], told[len(sweep.moved) :]
        cells = [figure_in(column.unit, column.decimals, value) for column, value in
                 zip(columns[len(moved) :], came, strict=True)]  # fmt: skip
        held = screen.shown(states[STATES[int(swept.state[place])]])
        lines.append([str(place + 1), held, *(f"{float(value or 0):g}" for value in moved), *cells])
    screen.line("")
    print_rows([head_of(column, screen.lang) for column in (run, state, *columns)], lines, screen)
    if sweep.runs > COMBINATIONS:
        screen.tell("cli.more", count=sweep.runs - COMBINATIONS)
