"""The tables of a sweep: 各地范围, 敏感度, and the runs themselves."""

from __future__ import annotations

from math import isfinite

import numpy as np

from allocation.lab import sweep_words as words
from allocation.lab.sweep_measures import Findings, Indices
from allocation.lab.sweep_tables import STATES, block_names, indices_table, ranges_tables, run_columns
from allocation.report.study import head_of
from allocation.sheets.looks import Look
from allocation.sheets.sheet import Sheet
from allocation.texts import say
from allocation.texts.typefaces import HEAD as HEAD_FONT
from allocation.xlsx.grids import one_page_wide
from allocation.xlsx.study_sheet import StudySheet
from allocation.xlsx.styles import Styles, width

MOST_CELLS = 1_000_000  # of the runs; all of them are in the file beside the workbook
MOST_SAMPLES = 2_000  # rows of samples; a grid is shown whole
NAME = 18  # width of a name
HEAD, FIRST = 3, 4  # the heads, the first row
NO_FIGURE = "—"


def _start(sheet: Sheet, findings: Findings, note: str, columns: int, styles: Styles) -> None:
    """Title, note, code and name columns, print set-up."""
    sheet.write(0, 0, words.title(findings, sheet.lang), styles.get(font_name=HEAD_FONT, font_size=14))
    sheet.write(1, 0, note, styles.note())
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, NAME + 2)
    sheet.set_column(2, columns - 1, 11)
    sheet.set_row(HEAD, 30)
    sheet.repeat_rows(0, HEAD)


def _heights(sheet: Sheet, names: list[str]) -> None:
    for row, name in enumerate(names, start=FIRST):
        sheet.set_row(row, 15 * (1 + int(width(name) // NAME)))


def write_number(sheet: Sheet, row: int, column: int, value: float, style: Look) -> None:
    """A figure, or — where there is none."""
    if isfinite(value):
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, NO_FIGURE, style)


def write_ranges(sheet: Sheet, findings: Findings, styles: Styles) -> None:
    """A row a county, then a row a figure asked for."""
    tables = ranges_tables(findings, "workbook")
    note = sheet.say("sweep.ranges_note" if findings.swept.sweep.samples else "sweep.ranges_note_grid")
    _start(sheet, findings, note, len(tables[0].columns), styles)
    StudySheet(sheet, tables[0], HEAD, styles, nothing=NO_FIGURE).write_heads()
    row = FIRST
    for table in tables:
        row = StudySheet(sheet, table, HEAD, styles, nothing=NO_FIGURE).write_lines(row)
    _heights(sheet, [line.label.zh for table in tables for line in table.lines])
    sheet.freeze_panes(FIRST, 2)
    one_page_wide(sheet, landscape=True)


def write_indices(sheet: Sheet, findings: Findings, indices: Indices, styles: Styles) -> None:
    """A row an outcome; for each factor both indices with their bounds."""
    table = indices_table(findings, indices, "workbook")
    _start(sheet, findings, sheet.say("sweep.indices_note"), len(table.columns), styles)
    StudySheet(sheet, table, HEAD - 1, styles, nothing=NO_FIGURE).write()
    _heights(sheet, [line.label.zh for line in table.lines])
    sheet.freeze_panes(FIRST, 2)
    if len(findings.swept.sweep.factors) <= 3:
        one_page_wide(sheet, landscape=True, paper=8)
    else:
        sheet.set_paper(8)
        sheet.set_landscape()
        sheet.repeat_columns(0, 1)


def write_runs(sheet: Sheet, findings: Findings, styles: Styles, file: str) -> None:
    """A row a run: what moved, the awards, the figures asked for, the state; as many as fit."""
    swept, sweep, columns = findings.swept, findings.swept.sweep, run_columns(findings.swept.sweep)
    wide, front = len(columns), 3 if sweep.samples else 2
    shown = min(MOST_SAMPLES if sweep.samples else sweep.runs, sweep.runs, max(1, MOST_CELLS // wide))
    slots = {"shown": shown, "runs": sweep.runs, "file": file}
    note = sheet.say("sweep.runs_note_all" if shown == sweep.runs else "sweep.runs_note", **slots)
    _start(sheet, findings, note, wide, styles)
    sheet.set_column(0, 1, 10)
    for column, described in enumerate(columns):
        sheet.write(HEAD, column, head_of(described, sheet.lang), styles.head(font_size=9))
    states = [say(sheet.lang, f"sweep.state_{place}") for place in range(len(STATES))]
    blocks, text, outcomes = block_names(sweep), styles.text(), front + len(sweep.moved)
    looks = [styles.figure(column.number if at >= outcomes else "General") for at, column in enumerate(columns)]
    figures = np.hstack([swept.values[:shown], swept.outcomes[:shown]]).tolist()
    for run, (state, line) in enumerate(zip(swept.state[:shown].astype(int).tolist(), figures, strict=True)):
        row = FIRST + run
        sheet.write_number(row, 0, run + 1, text)
        sheet.write_string(row, 1, states[state], text)
        if sweep.samples:
            sheet.write_string(row, 2, blocks[run // sweep.samples], text)
        for column, value in enumerate(line, start=front):
            write_number(sheet, row, column, value, looks[column])
    sheet.freeze_panes(FIRST, front)
    sheet.autofilter(HEAD, 0, HEAD + shown, wide - 1)
    sheet.set_paper(8)
    sheet.set_landscape()
    sheet.repeat_columns(0, front - 1)
