"""The decomposition workbook: the closed table with live sums, and two native charts that follow its cells.

The second chart climbs from the award before to the award after, a step a cause, for the county chosen in a cell.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from pathlib import Path

from allocation.analysis.decompose import Decomposition, how
from allocation.analysis.decomposed_table import decomposed_table
from allocation.doubts.doubt import told
from allocation.report.changed import changed_text
from allocation.report.printed import PrintedColumn, PrintedTable
from allocation.report.study import head_of
from allocation.run.decisions import standing_lines
from allocation.run.marks import marks
from allocation.sheets.sheet import Book, Sheet, SheetChart, Value
from allocation.texts import say
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import PROTECT, one_page_wide, write_formula
from allocation.xlsx.layout import letters
from allocation.xlsx.printed_text import LineCells
from allocation.xlsx.study_sheet import StudySheet
from allocation.xlsx.styles import BAD, GOOD, Styles, width

HEAD, TOP, BEFORE = 3, 4, 2  # header row, first county row, column of the award before
CHARTED = 40  # counties a chart can show and still be read
WHOLE = "#5B7DB1"


def write_decomposition(result: Decomposition, path: Path, lang: str) -> None:
    title = say(lang, "decompose.title", model=result.before.model.label)
    book = figure_book(path, lang, title, result.before, result.after)
    decomposition_sheet(book, result)
    book.close()


def decomposition_sheet(book: Book, result: Decomposition) -> None:
    """The one sheet."""
    sheet = book.add_worksheet(book.say("decompose.sheet"))
    _DecompositionSheet(book, sheet, result, decomposed_table(result)).write()
    sheet.protect("", PROTECT)


class _DecompositionSheet:
    def __init__(self, book: Book, sheet: Sheet, result: Decomposition, table: PrintedTable):
        self.book, self.sheet, self.result, self.table = book, sheet, result, table
        self.styles, self.marks = Styles(book), marks(result.after)[sheet.lang]
        self.names = result.before.table.names
        self.last = TOP + len(self.names)  # the row of the totals, where awards add up
        self.adds_up = len(table.lines) > len(self.names)
        self.change = BEFORE + 1 + len(result.causes)
        self.heads = [head_of(column, sheet.lang) for column in table.columns]
        self.widths = [14 if column < BEFORE else max(12, min(24, width(text) + 2))
                       for column, text in enumerate(self.heads)]  # fmt: skip
        self.figure = self.styles.figure(table.columns[BEFORE].number)

    def write(self) -> None:
        sheet, table, lang = self.sheet, self.table, self.sheet.lang
        sheet.merge_range(0, 0, 0, self.change + 1, table.title[lang], self.styles.title())
        unit = table.units.label(table.unit.name, lang)
        sheet.write(1, 0, sheet.say("workbook.unit_line", unit=unit) if unit else "", self.styles.note())
        StudySheet(sheet, table, HEAD, self.styles, LineCells(table, TOP)).write(self.widths)
        sheet.freeze_panes(TOP, BEFORE)
        row = self.below(self.last + 2)
        row = self.charts(row + 1)
        sheet.print_area(0, 0, row, self.change + 1)
        sheet.repeat_rows(HEAD)
        one_page_wide(sheet, landscape=len(self.names) > CHARTED)
        if len(self.names) <= CHARTED:
            sheet.fit_to_pages(1, 1)  # or a page would end within a chart

    def below(self, row: int) -> int:
        """How the parts were found, and old → new of everything changed; the row after them."""
        before, after, lang = self.result.before, self.result.after, self.sheet.lang
        lines = [how(self.result, lang), *(changed_text(after.model, change)[lang] for change in after.changed)]
        lines += [*told([before.doubts, after.doubts], lang), *[line[lang] for line in standing_lines(before)]]
        for place, text in enumerate(lines):
            self.sheet.write(row + place, 0, text, self.styles.note())
        return row + len(lines)

    # ---- charts

    def charts(self, row: int) -> int:
        if not self.result.causes:
            return row
        name = self.sheet.get_name()
        if len(self.names) <= CHARTED:
            parts = self.book.add_chart({"type": "column", "subtype": "stacked"})
            for column in range(BEFORE + 1, self.change):
                parts.add_series({
                    "name": [name, HEAD, column], "categories": [name, TOP, 1, self.last - 1, 1],
                    "values": [name, TOP, column, self.last - 1, column], "gap": 60,
                })  # fmt: skip
            self.placed(parts, row, self.sheet.say("decompose.chart_parts") + self.marks)
            row += 19
        self.placed(self.waterfall(name), row, [name, 1, self.change + 3], legend=False)
        return row + 19

    def placed(self, chart: SheetChart, row: int, title: str | list[str | int], legend: bool = True) -> None:
        chart.set_title({"name": title, "name_font": {"size": 13}})
        chart.set_legend({"position": "bottom"} if legend else {"none": True})
        chart.set_x_axis({"label_position": "low"})
        chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}})
        chart.set_size({"width": int(min(7 * sum(self.widths), 1600)), "height": 360})
        self.sheet.insert_chart(row, 0, chart)

    def choice(self, chosen: int) -> str:
        """The yellow cell in which a county is chosen, and its chart's title; gives the county's row as a formula."""
        sheet, names, column = self.sheet, list(self.names), self.change
        codes = len(set(names)) < len(names)
        texts, first = (self.result.before.table.codes, letters(0)) if codes else (names, letters(1))
        span = f"${first}${TOP + 1}:${first}${self.last + (self.adds_up and not codes)}"  # the total has no code
        sheet.write(1, column, self.sheet.say("decompose.choose"), self.styles.head())
        sheet.write_string(1, column + 1, texts[chosen], self.styles.input("@"))
        sheet.data_validation(1, column + 1, 1, column + 1, {"validate": "list", "source": f"={span}"})
        cell, text = f"${letters(column + 1)}$2", self.sheet.say("decompose.chart_steps") + self.marks
        write_formula(sheet, 1, column + 3, f'{cell}&"{text}"', self.styles.note(), texts[chosen] + text)
        return f"MATCH({cell},{span},0)"

    def figures_of(self, column: PrintedColumn) -> list[Fraction]:
        """Those of the units."""
        figures = self.table.figures[column.key][: len(self.names)]
        return [figure for figure in figures if isinstance(figure, Fraction)]

    def waterfall(self, name: str) -> SheetChart:
        """Helper cells beside the table, of the county chosen: what lies below each step, and the step."""
        sheet, start = self.sheet, self.change + 3
        sheet.set_column(start, start + 5, 14)
        *figures, changes, _ = (self.figures_of(column) for column in self.table.columns[BEFORE:])
        chosen = max(range(len(changes)), key=lambda place: abs(changes[place]))
        pick = self.choice(chosen)
        old, *parts = (column[chosen] for column in figures)
        for column, key in enumerate(("step", "figure", "under", "whole", "up", "down")):
            sheet.write(HEAD, start + column, self.sheet.say(f"decompose.{key}"), self.styles.head())
        levels, at = list(accumulate(parts, initial=old)), letters(start + 1)
        end = TOP + 1 + len(parts)
        for place, value in enumerate([old, *parts, levels[-1]]):
            row, column = TOP + place, BEFORE + place + (place > len(parts))
            source, cell = letters(column), f"{at}{row + 1}"
            write_formula(sheet, row, start, f"{source}${HEAD + 1}", self.styles.text(), self.heads[column])
            cells: list[tuple[str, Value]] = [(f"INDEX({source}${TOP + 1}:{source}${self.last + 1},{pick})", value)]
            if row in (TOP, end):
                cells += [("0", 0), (cell, value), ("0", 0), ("0", 0)]
            else:
                sums = ",".join(f"SUM({at}${TOP + 1}:{at}{upto})" for upto in (row, row + 1))
                cells += [(f"MIN({sums})", min(levels[place - 1 : place + 1])), ("0", 0)]
                cells += [(f"MAX({cell},0)", max(value, Fraction(0))), (f"MAX(-{cell},0)", max(-value, Fraction(0)))]
            for shift, (text, held) in enumerate(cells, start=1):
                write_formula(sheet, row, start + shift, text, self.figure, held)
        chart = self.book.add_chart({"type": "column", "subtype": "stacked"})
        for shift, fill in ((2, None), (3, WHOLE), (4, GOOD), (5, BAD)):
            chart.add_series({
                "name": [name, HEAD, start + shift], "categories": [name, TOP, start, end, start],
                "values": [name, TOP, start + shift, end, start + shift], "gap": 40,
                "fill": {"color": fill} if fill else {"none": True},
            })  # fmt: skip
        return chart
