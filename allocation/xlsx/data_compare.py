"""更正影响表: every county's award before and after a correction of the data, and the figures that were corrected."""

from __future__ import annotations

from pathlib import Path

from allocation.analysis.data_compare import Correction, corrected_awards
from allocation.doubts.doubt import told
from allocation.report.formats import number_format
from allocation.report.printed import PrintedTable, Shown
from allocation.run.marks import marks, year_text
from allocation.sheets.sheet import Sheet
from allocation.texts import say
from allocation.texts.decimals import SIGNED
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.fitting import height_of, lines_needed
from allocation.xlsx.grids import cell_number, one_page_wide
from allocation.xlsx.styles import Styles

HEAD = 4  # zero-based
WIDTHS = (14, 18, 16, 16, 14, 12)


def title_of(correction: Correction, lang: str) -> str:
    """With what stands beside the titles of either run."""
    run = correction.new
    slots = {"year": year_text(run)[lang], "model": run.facts.fund or run.model.label}
    title = say(lang, "ledger.compare_title", **slots).strip()
    return title + max((marks(each)[lang] for each in (correction.old, correction.new)), key=len)


def write_correction(correction: Correction, path: Path, lang: str) -> None:
    """One sheet of values."""
    book = figure_book(path, lang, title_of(correction, lang), correction.old, correction.new)
    sheet = book.add_worksheet(book.say("ledger.compare_sheet"))
    _CorrectionSheet(sheet, correction, Styles(book)).write()
    book.close()


class _CorrectionSheet:
    def __init__(self, sheet: Sheet, correction: Correction, styles: Styles):
        self.sheet, self.correction, self.styles = sheet, correction, styles
        self.model = correction.new.model

    def write(self) -> None:
        sheet, correction = self.sheet, self.correction
        for column, size in enumerate(WIDTHS):
            sheet.set_column(column, column, size)
        sheet.merge_range(0, 0, 0, 5, title_of(correction, sheet.lang), self.styles.title())
        sheet.set_row(0, 42)
        files = {"old": correction.old.table.file, "new": correction.new.table.file}
        self._note(1, sheet.say("ledger.compare_tables", **files))
        unit = self.model.units.label(self.model.columns[self.model.award].unit.name, sheet.lang)
        sheet.merge_range(2, 0, 2, 5, sheet.say("workbook.unit_line", unit=unit), self.styles.get(align="right"))
        self._figures(self._awards(corrected_awards(correction, "workbook")) + 1)
        sheet.repeat_rows(HEAD)
        sheet.set_portrait()
        one_page_wide(sheet)

    def _awards(self, table: PrintedTable) -> int:
        """合计, then a county a row; gives the row after the last."""
        for at, column in enumerate(table.columns):
            self.sheet.write(HEAD, at, column.label[self.sheet.lang], self.styles.head())
            number = SIGNED.format(column.number) if column.signed else column.number
            for place, line in enumerate(table.lines):
                value, row = table.cell(column, place, self.sheet.lang), HEAD + 1 + place
                if column.kind == "text":
                    self.sheet.write_string(row, at, str(value or ""), self.styles.text(bold=line.summed))
                else:
                    self._figure(row, at, value, number, line.summed)
        self.sheet.set_row(HEAD, 30)
        for place in range(len(table.lines)):
            self.sheet.set_row(HEAD + 1 + place, 20)
        return HEAD + 1 + len(table.lines)

    def _figure(self, row: int, column: int, value: Shown, number: str, bold: bool = False) -> None:
        style = self.styles.figure(number, bold=bold)
        if value is None:
            self.sheet.write_string(row, column, "—", style)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, value, style)
        else:
            self.sheet.write_number(row, column, cell_number(value), style)

    def _note(self, row: int, text: str) -> None:
        """Across the sheet, in a row as high as the text needs: no program makes room for what is in merged cells."""
        self.sheet.merge_range(row, 0, row, len(WIDTHS) - 1, text, self.styles.note(text_wrap=True))
        self.sheet.set_row(row, height_of(lines_needed(text, sum(WIDTHS))))

    def _figures(self, row: int) -> None:
        """What was corrected, and who stands in one table only."""
        sheet, correction, lang = self.sheet, self.correction, self.sheet.lang
        for key in ("only_old", "only_new"):
            if counties := getattr(correction, key):
                text = sheet.say(f"ledger.compare_{key}", counties=counties)
                self._note(row, text)
                row += 1
        for text in told([correction.old.doubts, correction.new.doubts], lang):
            self._note(row, text)
            row += 1
        heads = [sheet.say("ledger.head_county"), sheet.say("ledger.compare_figures"), "",
                 sheet.say("ledger.compare_figure_old"), sheet.say("ledger.compare_figure_new"),
                 sheet.say("ledger.letter_unit")]  # fmt: skip
        for column, text in enumerate(heads):
            sheet.write(row, column, text, self.styles.head())
        sheet.merge_range(row, 1, row, 2, heads[1], self.styles.head())
        for place, figure in enumerate(correction.figures, start=row + 1):
            entry = self.model.inputs[figure.name]
            number = number_format(entry.unit, entry.decimals, "text" if entry.text else "number")
            sheet.write_string(place, 0, figure.county, self.styles.text())
            sheet.merge_range(place, 1, place, 2, entry.label[lang], self.styles.text(text_wrap=True))
            self._figure(place, 3, figure.old, number)
            self._figure(place, 4, figure.new, number)
            unit = self.model.units.label(entry.unit.name, lang)
            sheet.write_string(place, 5, unit, self.styles.text(align="center"))
            sheet.set_row(place, 30 if len(entry.label[lang]) > 16 else 18)
        if not correction.figures:
            sheet.merge_range(row + 1, 0, row + 1, 5, sheet.say("ledger.compare_alike"), self.styles.note(border=1))
