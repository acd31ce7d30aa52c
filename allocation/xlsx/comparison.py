"""The comparison workbook: every scenario live from one shared data sheet, beside the baseline, with native charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from allocation.analysis.compare import Comparison
from allocation.classes import dataclass
from allocation.policy.model import Input
from allocation.record.in_book import write_record
from allocation.record.recording import comparison_record
from allocation.report.comparison import AWARD, MOVED, ComparedRun, entry_of, movers
from allocation.report.printed import NOTHING, PrintedColumn, PrintedLine, Shown
from allocation.run.marks import marks
from allocation.sheets.looks import Look, Role
from allocation.sheets.sheet import Book, Sheet
from allocation.texts.decimals import PERCENTAGE, cell_format
from allocation.xlsx.blocks import Block
from allocation.xlsx.charts import write_charts
from allocation.xlsx.comparison_sheets import write_blocks, write_parameter_columns, write_states
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import PROTECT, one_page_wide, plain, write_data, write_formula
from allocation.xlsx.layout import letters
from allocation.xlsx.live_text import live
from allocation.xlsx.plan import Plan, all_fit, make_plan
from allocation.xlsx.printed_text import PrintedCells, entry_text
from allocation.xlsx.study_originals import write_study_originals
from allocation.xlsx.styles import Styles
from allocation.xlsx.trace import write_trace

HEAD, TOP = 3, 6  # first header row and first county row (the total) of the sheet 比较


def make_plans(comparison: Comparison, lang: str) -> list[Plan]:
    """Formulas of every scenario, each in its own columns."""
    plans: list[Plan] = []
    start = helper_start = 0
    for number, run in enumerate(comparison.runs):
        changed = tuple(dict.fromkeys(c.name for c in run.changed if isinstance(run.model.entry(c.name), Input)))
        places = number, changed, start, helper_start
        layout = Block(run.model, len(run.table), lang, *places, cut=comparison.cut)
        plan = make_plan(run, layout)
        plans.append(plan)
        start += layout.taken
        helper_start += len(plan.helpers) + 1
    return plans if all_fit(plans) else [replace(plan, live=False) for plan in plans]


def write_comparison(comparison: Comparison, path: Path, lang: str) -> None:
    """Writes the workbook to `path`; the caller renames it into place."""
    book = figure_book(path, lang, comparison.model.label[lang], *comparison.runs)
    comparison_sheets(book, comparison)
    book.close()


def comparison_sheets(book: Book, comparison: Comparison) -> None:
    """Sheets 比较, 图表, 参数, 数据, 测算, 辅助, 核对, 溯源."""
    plans = make_plans(comparison, book.lang)
    styles, names = Styles(book), plans[0].layout.names
    titles = [book.say("comparison.sheet"), book.say("comparison.charts")]
    titles += [names[key] for key in ("parameters", "data", "calculation", "helpers", "checks", "trace")]
    sheets = [book.add_worksheet(title) for title in titles]
    _ComparisonSheet(sheets[0], comparison, plans, styles).write()
    write_charts(book, sheets[1], comparison, titles[0])
    write_parameter_columns(sheets[2], comparison, plans, styles)
    write_data(sheets[3], comparison.base, plans[0], styles)
    write_blocks(sheets[4], sheets[5], comparison, plans, styles)
    write_states(sheets[6], comparison, plans, styles)
    if not plans[0].live:
        sheets.append(book.add_worksheet(names["originals"]))
        write_study_originals(sheets[-1], comparison.runs, plans, styles)
    record = replace(comparison_record(comparison), lang=book.lang)
    write_trace(sheets[7], record, styles)
    write_record(book, record)
    for sheet in sheets:
        if said := marks(comparison.base)[book.lang]:
            sheet.set_header("&R" + said)
        sheet.protect("", PROTECT)


@dataclass
class ComparisonCells(PrintedCells):
    """The formulas of 比较: what a scenario has of the model stands in its own block."""

    plans: Sequence[Plan]

    def entry(self, name: str) -> str:
        number, entry = entry_of(name)
        return self.plans[number].layout.entry(entry)

    def shown(self, column: PrintedColumn) -> str:
        number, entry = entry_of(column.entry)
        if column.kind == "text":
            return self.plans[number].bound
        return entry_text(self.plans[number].layout, replace(column, entry=entry))

    def cells_of(self, column: PrintedColumn, line: PrintedLine) -> str:
        """All lines of units as one range, also where there is but one."""
        letter = letters(self.columns[column.key])
        return f"{letter}{TOP + 1}:{letter}{TOP + len(line.rows)}"


class _ComparisonSheet:
    """The sheet 比较: a county a row, a group of columns a scenario."""

    def __init__(self, sheet: Sheet, comparison: Comparison, plans: list[Plan], styles: Styles):
        self.sheet, self.comparison, self.styles = sheet, comparison, styles
        self.live, self.table = plans[0].live, comparison.table
        self.cells = ComparisonCells(self.table, TOP - 1, plans[0].layout, plans)

    def write(self) -> None:
        sheet, lang, table = self.sheet, self.sheet.lang, self.table
        width = len(table.columns)
        sheet.merge_range(0, 0, 0, min(width - 1, 12), table.title[lang], self.styles.title())
        unit = table.units.label(table.unit.name, lang)
        sheet.write(1, 0, sheet.say("workbook.unit_line", unit=unit), self.styles.note())
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, width, 11)
        self._heads()
        for column in table.columns:
            self._column(column)
        self._below(TOP + len(self.comparison.base.table) + 1)
        sheet.freeze_panes(TOP, 1)
        if len(self.comparison.runs) <= 4:
            one_page_wide(sheet, landscape=True, paper=8)
        else:  # side by side on A3, counties on each page
            sheet.set_paper(8)
            sheet.set_landscape()
            sheet.repeat_columns(0, 0)

    def _heads(self) -> None:
        """The name of each scenario over its columns."""
        sheet, head, start = self.sheet, self.styles.head(), 0
        for label, group in groupby(self.table.columns, lambda column: column.heading):
            columns = list(group)
            end = start + len(columns) - 1
            if label == NOTHING:
                sheet.merge_range(HEAD, start, HEAD + 1, end, columns[0].label[self.sheet.lang], head)
            elif end > start:
                sheet.merge_range(HEAD, start, HEAD, end, label[self.sheet.lang], head)
            else:
                sheet.write(HEAD, start, label[self.sheet.lang], head)
            for at, column in enumerate(columns, start=start) if label != NOTHING else ():
                sheet.write(HEAD + 1, at, column.item[self.sheet.lang], self.styles.head(font_size=9))
            start = end + 1
        sheet.set_row(HEAD + 1, 30)

    def _column(self, column: PrintedColumn) -> None:
        at = self.cells.columns[column.key]
        if column.stub:
            look, summed = self.styles.text(Role.KEY), self.styles.text(bold=True)
        else:
            look = self.styles.figure(column.number)
            summed = self.styles.text(bold=True, align="right", num_format=column.number)
        for place, line in enumerate(self.table.lines):
            if line.summed and line.label == NOTHING:  # where nothing adds up
                self.sheet.write_blank(TOP - 1, at, None, summed)
                continue
            value, text = self.table.cell(column, place, self.sheet.lang), self.cells.text(column, place)
            self._cell(TOP - 1 + place, at, text, value, summed if line.summed else look)

    def _cell(self, row: int, column: int, text: str, value: Shown, style: Look) -> None:
        if self.live and text:
            write_formula(self.sheet, row, column, text, style, "" if value is None else value)
        else:
            self.sheet.write(row, column, plain(value), style)

    def _moved(self, each: ComparedRun, key: str, sign: int) -> tuple[str, str]:
        """How many gain, or lose, and who most: the live text, and what it says now."""
        first, last = TOP + 1, TOP + len(self.comparison.base.table)
        letter = letters(self.cells.columns[each.key(MOVED)])
        span, test = f"{letter}{first}:{letter}{last}", ">1E-9" if sign > 0 else "<-1E-9"
        most = f"{'MAX' if sign > 0 else 'MIN'}({span})"
        name = f'IF({most}{test},INDEX($A${first}:$A${last},MATCH({most},{span},0)),"—")'
        names = movers(self.table, each, sign)
        told = {"count": len(names), "name": names[0] if names else "—"}
        text = live(self.sheet, f"comparison.{key}", count=f"SUMPRODUCT(--({span}{test}))", name=name)
        return text, self.sheet.say(f"comparison.{key}", **told)

    def _below(self, row: int) -> None:
        """Winners and losers, and old → new of everything a scenario moved."""
        sheet, lang = self.sheet, self.sheet.lang
        for each in self.comparison.compared[1:]:
            column = self.cells.columns[each.key(AWARD)]
            for place, (key, sign) in enumerate((("gain_most", 1), ("lose_most", -1))):
                text, told = self._moved(each, key, sign)
                self._cell(row + place, column, text, told, self.styles.note())
        row += 3
        sheet.write(row, 0, sheet.say("comparison.scenario"), self.styles.head())
        sheet.merge_range(row, 1, row, 3, sheet.say("comparison.moved"), self.styles.head())
        for column, key in ((4, "county"), (5, "old"), (6, "new")):
            sheet.write(row, column, sheet.say(f"comparison.{key}"), self.styles.head())
        for number, run in enumerate(self.comparison.runs):
            for change in run.changed:
                row += 1
                label = run.model.entry(change.name).label[lang] + (f"·{change.key}" if change.key else "")
                unit = run.model.entry(change.name).unit
                style = self.styles.text(
                    num_format=cell_format(PERCENTAGE, percent=True) if unit.is_percent else "General"
                )
                sheet.write(row, 0, self.comparison.scenarios[number].label[lang], self.styles.text())
                sheet.merge_range(row, 1, row, 3, label, self.styles.text())
                sheet.write(row, 4, change.county, self.styles.text())
                for column, value in ((5, change.old), (6, change.new)):
                    sheet.write(row, column, "—" if value is None else plain(value), style)
