"""The tables of a sweep: 各地范围, 敏感度, and the runs themselves."""

from __future__ import annotations

from math import isfinite

import numpy as np

from allocation.lab import sweep_words as words
from allocation.lab.sweep import Measured, Sweep, measured
from allocation.lab.sweep_measures import SHARES, Findings
from allocation.report.formats import number_format
from allocation.sheets.sheet import Sheet
from allocation.texts import say
from allocation.texts.decimals import cell_format
from allocation.xlsx.grids import one_page_wide
from allocation.xlsx.styles import Styles, width

MOST_CELLS = 1_000_000  # of the runs; all of them are in the file beside the workbook
MOST_SAMPLES = 2_000  # rows of samples; a grid is shown whole
INDEX = cell_format(3, grouped=False)
NAME = 18  # width of a name
HEAD, FIRST = 3, 4  # the heads, the first row


def _start(sheet: Sheet, findings: Findings, note: str, columns: int, styles: Styles, lang: str) -> None:
    """Title, note, code and name columns, print set-up."""
    sheet.write(0, 0, words.title(findings, lang), styles.get(font_name=HEAD, font_size=14))
    sheet.write(1, 0, note, styles.note())
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, NAME + 2)
    sheet.set_column(2, columns - 1, 11)
    sheet.set_row(HEAD, 30)
    sheet.repeat_rows(0, HEAD)


def _outcomes(sheet: Sheet, rows: list[Measured], styles: Styles) -> None:
    for row, outcome in enumerate(rows, start=FIRST):
        sheet.write_string(row, 0, outcome.code, styles.text(num_format="@"))
        sheet.write_string(row, 1, outcome.name, styles.text(text_wrap=True))
        sheet.set_row(row, 15 * (1 + int(width(outcome.name) // NAME)))


def write_number(sheet: Sheet, row: int, column: int, value: float, style) -> None:
    """A figure, or — where there is none."""
    if isfinite(value):
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, "—", style)


def write_ranges(sheet: Sheet, findings: Findings, styles: Styles, lang: str) -> None:
    """A row a county, then a row a figure asked for."""
    sweep = findings.swept.sweep
    units, rows = sweep.model.units, measured(sweep)
    note = say(lang, "sweep.ranges_note" if sweep.samples else "sweep.ranges_note_grid")
    _start(sheet, findings, note, 3 + len(findings.spread), styles, lang)
    heads = [say(lang, "workbook.code"), say(lang, "workbook.name"), say(lang, "sweep.unit")]
    for column, text in enumerate([*heads, *(say(lang, f"sweep.{key}") for key in findings.spread)]):
        sheet.write(HEAD, column, text, styles.head())
    _outcomes(sheet, rows, styles)
    for at, outcome in enumerate(rows):
        sheet.write(FIRST + at, 2, units.label(outcome.unit.name, lang), styles.text())
        for column, (key, values) in enumerate(findings.spread.items(), start=3):
            style = styles.figure(
                cell_format(1, percent=True) if key in SHARES else figure_format(outcome, key in ("mean", "deviation"))
            )
            write_number(sheet, FIRST + at, column, values[at], style)
    sheet.freeze_panes(FIRST, 2)
    one_page_wide(sheet, landscape=True)


def figure_format(outcome: Measured, finer: bool = False) -> str:
    """As published; a mean or a deviation with one place more."""
    return number_format(outcome.unit, outcome.decimals + finer if outcome.decimals is not None else None)


def write_indices(sheet: Sheet, findings: Findings, styles: Styles, lang: str) -> None:
    """A row an outcome; for each factor both indices with their bounds."""
    sweep, indices = findings.swept.sweep, findings.indices
    keys = ("share_first", "low", "high", "share_total", "low", "high")
    columns = (
        indices.first,
        indices.first_low,
        indices.first_high,
        indices.total,
        indices.total_low,
        indices.total_high,
    )
    wide = 2 + len(keys) * len(sweep.factors)
    _start(sheet, findings, say(lang, "sweep.indices_note"), wide + 1, styles, lang)
    for column, key in enumerate(("code", "name")):
        sheet.merge_range(HEAD - 1, column, HEAD, column, say(lang, f"workbook.{key}"), styles.head())
    _outcomes(sheet, measured(sweep), styles)
    for place, factor in enumerate(words.named(findings, lang)):
        start = 2 + len(keys) * place
        sheet.merge_range(HEAD - 1, start, HEAD - 1, start + len(keys) - 1, factor, styles.head())
        for column, (key, values) in enumerate(zip(keys, columns, strict=True), start=start):
            sheet.write(HEAD, column, say(lang, f"sweep.{key}"), styles.head())
            bold = key.startswith("share")
            for row, value in enumerate(values[:, place], start=FIRST):
                write_number(sheet, row, column, value, styles.figure(INDEX, bold=bold))
    sheet.merge_range(HEAD - 1, wide, HEAD, wide, say(lang, "sweep.sum_first"), styles.head())
    for row, value in enumerate(indices.first.sum(axis=1), start=FIRST):
        write_number(sheet, row, wide, value, styles.figure(INDEX))
    sheet.freeze_panes(FIRST, 2)
    if len(sweep.factors) <= 3:
        one_page_wide(sheet, landscape=True, paper=8)
    else:
        sheet.set_paper(8)
        sheet.set_landscape()
        sheet.repeat_columns(0, 1)


def block_names(sweep: Sweep) -> list[str]:
    """A, B, and A with each factor from B."""
    return ["A", "B", *(f"A←{words.head(factor)}" for factor in sweep.factors)]


def write_runs(sheet: Sheet, findings: Findings, styles: Styles, lang: str, file: str) -> None:
    """A row a run: what moved, the awards, the figures asked for, the state; as many as fit."""
    swept = findings.swept
    sweep = swept.sweep
    rows, moved = measured(sweep), sweep.moved
    heads = [say(lang, "sweep.run"), say(lang, "sweep.state"), *([say(lang, "sweep.block")] if sweep.samples else [])]
    front, wide = len(heads), len(heads) + len(moved) + len(rows)
    shown = min(MOST_SAMPLES if sweep.samples else sweep.runs, sweep.runs, max(1, MOST_CELLS // wide))
    slots = {"shown": shown, "runs": sweep.runs, "file": file}
    note = say(lang, "sweep.runs_note_all" if shown == sweep.runs else "sweep.runs_note", **slots)
    _start(sheet, findings, note, wide, styles, lang)
    sheet.set_column(0, 1, 10)
    for column, text in enumerate([*heads, *moved, *(outcome.name for outcome in rows)]):
        sheet.write(HEAD, column, text, styles.head(font_size=9))
    states = [say(lang, f"sweep.state_{state}") for state in range(3)]
    blocks, text, general = block_names(sweep), styles.text(), styles.figure("General")
    formats = [general] * len(moved) + [styles.figure(figure_format(outcome)) for outcome in rows]
    figures = np.hstack([swept.values[:shown], swept.outcomes[:shown]]).tolist()
    for run, (state, line) in enumerate(zip(swept.state[:shown].astype(int).tolist(), figures, strict=True)):
        row = FIRST + run
        sheet.write_number(row, 0, run + 1, text)
        sheet.write_string(row, 1, states[state], text)
        if sweep.samples:
            sheet.write_string(row, 2, blocks[run // sweep.samples], text)
        for column, (value, style) in enumerate(zip(line, formats, strict=True), start=front):
            write_number(sheet, row, column, value, style)
    sheet.freeze_panes(FIRST, front)
    sheet.autofilter(HEAD, 0, HEAD + shown, wide - 1)
    sheet.set_paper(8)
    sheet.set_landscape()
    sheet.repeat_columns(0, front - 1)
