"""The decomposition workbook: the closed table with live sums, and two native charts that follow its cells.

The second chart climbs from the award before to the award after, a step a cause, for the county chosen in a cell.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from pathlib import Path

from allocation.analysis.decompose import Decomposition, how
from allocation.doubts.doubt import told
from allocation.report.formats import number_format
from allocation.run.decisions import standing_lines
from allocation.run.marks import marks
from allocation.sheets.sheet import Book, Sheet
from allocation.texts import say
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import PROTECT, one_page_wide, plain, write_formula
from allocation.xlsx.layout import letters
from allocation.xlsx.pages import changed_text
from allocation.xlsx.styles import BAD, GOOD, Styles, width

HEAD, TOP, BEFORE = 3, 4, 2  # header row, first county row, column of the award before
CHARTED = 40  # counties a chart can show and still be read
WHOLE = "#5B7DB1"


def write_decomposition(result: Decomposition, causes: list[str], path: Path, lang: str) -> None:
    """One sheet; `causes` head the columns."""
    model = result.before.model
    book = figure_book(path, lang, say(lang, "decompose.title", model=model.label), result.before, result.after)
    sheet = book.add_worksheet(say(lang, "decompose.sheet"))
    _DecompositionSheet(book, sheet, result, causes, lang).write()
    sheet.protect("", PROTECT)
    book.close()


class _DecompositionSheet:
    def __init__(self, book: Book, sheet: Sheet, result: Decomposition, causes: list[str], lang: str):
        self.book, self.sheet, self.result, self.causes, self.lang = book, sheet, result, causes, lang
        self.marks = marks(result.after, lang)
        self.styles, self.table = Styles(book), result.before.table
        self.award = result.before.model.columns[result.before.model.award]
        self.figure = self.styles.figure(number_format(self.award.unit, self.award.decimals))
        self.last = TOP + len(self.table)  # the row of the totals, where awards add up
        self.adds_up = result.before.model.adds_up(result.before.model.award)
        self.change = BEFORE + 1 + len(causes)
        old = result.before.figures(result.before.model.award)
        texts = [say(lang, key) for key in ("workbook.code", "workbook.name", "study.before")]
        self.heads = [*texts, *causes, say(lang, "study.change"), say(lang, "study.after")]
        self.widths = [14 if column < BEFORE else max(12, min(24, width(text) + 2))
                       for column, text in enumerate(self.heads)]  # fmt: skip
        self.old, self.rows = [*old, sum(old, Fraction(0))], result.closed()

    def write(self) -> None:
        sheet, lang, model = self.sheet, self.lang, self.result.before.model
        title = say(lang, "decompose.title", model=model.label) + self.marks
        sheet.merge_range(0, 0, 0, self.change + 1, title, self.styles.title())
        unit = model.units.label(self.award.unit.name, lang)
        sheet.write(1, 0, say(lang, "workbook.unit_line", unit=unit) if unit else "", self.styles.note())
        for column, text in enumerate(self.heads):
            sheet.write(HEAD, column, text, self.styles.head())
            sheet.set_column(column, column, self.widths[column])
        for place in range(len(self.table) + self.adds_up):
            self.row(place)
        sheet.freeze_panes(TOP, BEFORE)
        row = self.below(self.last + 2)
        row = self.charts(row + 1)
        sheet.print_area(0, 0, row, self.change + 1)
        sheet.repeat_rows(HEAD)
        one_page_wide(sheet, landscape=len(self.table) > CHARTED)
        if len(self.table) <= CHARTED:
            sheet.fit_to_pages(1, 1)  # or a page would end within a chart

    def row(self, place: int) -> None:
        """A county, or the total: parts as figures or their sum, then the change and what it leads to, live."""
        sheet, row, total = self.sheet, TOP + place, place == len(self.table)
        codes, names = (*self.table.codes, ""), (*self.table.names, say(self.lang, "workbook.total"))
        style = self.styles.figure(self.figure.num_format, bold=True) if total else self.figure
        for column, text in enumerate((codes[place], names[place])):
            sheet.write_string(row, column, text, self.styles.text(bold=total, num_format="@"))
        figures = [self.old[place], *self.rows[place][:-1]]
        for column, value in enumerate(figures, start=BEFORE):
            letter = letters(column)
            if total:
                write_formula(sheet, row, column, f"SUM({letter}{TOP + 1}:{letter}{self.last})", style, value)
            else:
                sheet.write_number(row, column, plain(value), style)
        change, first, after = letters(self.change), letters(BEFORE + 1), letters(self.change - 1)
        text = f"SUM({first}{row + 1}:{after}{row + 1})" if self.causes else "0"
        write_formula(sheet, row, self.change, text, style, self.rows[place][-1])
        new = self.old[place] + self.rows[place][-1]
        write_formula(sheet, row, self.change + 1, f"{letters(BEFORE)}{row + 1}+{change}{row + 1}", style, new)

    def below(self, row: int) -> int:
        """How the parts were found, and old → new of everything changed; the row after them."""
        lines = [how(self.result, self.lang)]
        lines += [changed_text(self.result.after.model, change, self.lang) for change in self.result.after.changed]
        lines += told([self.result.before.doubts, self.result.after.doubts], self.lang)
        lines += standing_lines(self.result.before, self.lang)
        for place, text in enumerate(lines):
            self.sheet.write(row + place, 0, text, self.styles.note())
        return row + len(lines)

    # ---- charts

    def charts(self, row: int) -> int:
        if not self.causes:
            return row
        name = self.sheet.get_name()
        if len(self.table) <= CHARTED:
            parts = self.book.add_chart({"type": "column", "subtype": "stacked"})
            for column in range(BEFORE + 1, self.change):
                parts.add_series({
                    "name": [name, HEAD, column], "categories": [name, TOP, 1, self.last - 1, 1],
                    "values": [name, TOP, column, self.last - 1, column], "gap": 60,
                })  # fmt: skip
            self.placed(parts, row, say(self.lang, "decompose.chart_parts") + self.marks)
            row += 19
        self.placed(self.waterfall(name), row, [name, 1, self.change + 3], legend=False)
        return row + 19

    def placed(self, chart, row: int, title: str | list, legend: bool = True) -> None:
        chart.set_title({"name": title, "name_font": {"size": 13}})
        chart.set_legend({"position": "bottom"} if legend else {"none": True})
        chart.set_x_axis({"label_position": "low"})
        chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}})
        chart.set_size({"width": int(min(7 * sum(self.widths), 1600)), "height": 360})
        self.sheet.insert_chart(row, 0, chart)

    def choice(self, chosen: int) -> str:
        """The yellow cell in which a county is chosen, and its chart's title; gives the county's row as a formula."""
        sheet, names, column = self.sheet, list(self.table.names), self.change
        codes = len(set(names)) < len(names)
        texts, first = (self.table.codes, letters(0)) if codes else (names, letters(1))
        span = f"${first}${TOP + 1}:${first}${self.last + (self.adds_up and not codes)}"  # the total has no code
        sheet.write(1, column, say(self.lang, "decompose.choose"), self.styles.head())
        sheet.write_string(1, column + 1, texts[chosen], self.styles.input("@"))
        sheet.data_validation(1, column + 1, 1, column + 1, {"validate": "list", "source": f"={span}"})
        cell, text = f"${letters(column + 1)}$2", say(self.lang, "decompose.chart_steps") + self.marks
        write_formula(sheet, 1, column + 3, f'{cell}&"{text}"', self.styles.note(), texts[chosen] + text)
        return f"MATCH({cell},{span},0)"

    def waterfall(self, name: str):
        """Helper cells beside the table, of the county chosen: what lies below each step, and the step."""
        sheet, start = self.sheet, self.change + 3
        sheet.set_column(start, start + 5, 14)
        chosen = max(range(len(self.table)), key=lambda place: abs(self.rows[place][-1]))
        pick, old, parts = self.choice(chosen), self.old[chosen], self.rows[chosen][:-1]
        for column, key in enumerate(("step", "figure", "under", "whole", "up", "down")):
            sheet.write(HEAD, start + column, say(self.lang, f"decompose.{key}"), self.styles.head())
        levels, at = list(accumulate(parts, initial=old)), letters(start + 1)
        figures, end = [old, *parts, levels[-1]], TOP + 1 + len(parts)
        for place, value in enumerate(figures):
            row, column = TOP + place, BEFORE + place + (place > len(parts))
            source, cell = letters(column), f"{at}{row + 1}"
            write_formula(sheet, row, start, f"{source}${HEAD + 1}", self.styles.text(), self.heads[column])
            cells = [(f"INDEX({source}${TOP + 1}:{source}${self.last + 1},{pick})", value)]
            if row in (TOP, end):
                cells += [("0", 0), (cell, value), ("0", 0), ("0", 0)]
            else:
                sums = ",".join(f"SUM({at}${TOP + 1}:{at}{upto})" for upto in (row, row + 1))
                cells += [(f"MIN({sums})", min(levels[place - 1 : place + 1])), ("0", 0)]
                cells += [(f"MAX({cell},0)", max(value, 0)), (f"MAX(-{cell},0)", max(-value, 0))]
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
