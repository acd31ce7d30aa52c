"""更正影响表: every county's award before and after a correction of the data, and the figures that were corrected."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from allocation.analysis.data_compare import Correction
from allocation.doubts.doubt import told
from allocation.report.formats import number_format
from allocation.run.marks import marks, year_text
from allocation.sheets.sheet import Sheet
from allocation.tables.keys import Figure
from allocation.texts import say
from allocation.texts.decimals import SIGNED, cell_format
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import one_page_wide, plain
from allocation.xlsx.styles import Styles

HEAD = 4  # zero-based


def title_of(correction: Correction, lang: str) -> str:
    """With what stands beside the titles of either run."""
    run = correction.new
    slots = {"year": year_text(run, lang), "model": run.facts.fund or run.model.label}
    title = say(lang, "ledger.compare_title", **slots).strip()
    return title + max((marks(each, lang) for each in (correction.old, correction.new)), key=len)


def write_correction(correction: Correction, path: Path, lang: str) -> None:
    """One sheet of values."""
    book = figure_book(path, lang, title_of(correction, lang), correction.old, correction.new)
    sheet = book.add_worksheet(say(lang, "ledger.compare_sheet"))
    _CorrectionSheet(sheet, correction, Styles(book), lang).write()
    book.close()


class _CorrectionSheet:
    def __init__(self, sheet: Sheet, correction: Correction, styles: Styles, lang: str):
        self.sheet, self.correction, self.styles, self.lang = sheet, correction, styles, lang
        self.model = correction.new.model
        self.award = self.model.columns[self.model.award]
        self.number = number_format(self.award.unit, self.award.decimals)

    def write(self) -> None:
        sheet, correction, lang = self.sheet, self.correction, self.lang
        for column, size in enumerate((14, 18, 16, 16, 14, 12)):
            sheet.set_column(column, column, size)
        sheet.merge_range(0, 0, 0, 5, title_of(correction, lang), self.styles.title())
        sheet.set_row(0, 42)
        files = {"old": correction.old.table.file, "new": correction.new.table.file}
        sheet.merge_range(1, 0, 1, 5, say(lang, "ledger.compare_tables", **files), self.styles.note(text_wrap=True))
        unit = self.model.units.label(self.award.unit.name, lang)
        sheet.merge_range(2, 0, 2, 5, say(lang, "workbook.unit_line", unit=unit), self.styles.get(align="right"))
        self._figures(self._awards(HEAD) + 1)
        sheet.repeat_rows(HEAD)
        sheet.set_portrait()
        one_page_wide(sheet)

    def _awards(self, row: int) -> int:
        """合计, then a county a row; gives the row after the last."""
        lang, lines = self.lang, self.correction.lines
        heads = [say(lang, "workbook.code"), say(lang, "workbook.name")]
        keys = ("old", "new", "change", "change_part")
        heads += [say(lang, f"ledger.compare_{key}", award=self.award.label) for key in keys]
        for column, text in enumerate(heads):
            self.sheet.write(row, column, text, self.styles.head())
        self.sheet.set_row(row, 30)
        old, new = (sum((getattr(line, key) or Fraction(0) for line in lines), Fraction(0)) for key in ("old", "new"))
        if not self.correction.new.model.adds_up(self.correction.new.model.award):
            old = new = None
        self._line(row + 1, "", say(lang, "workbook.total") if old is not None else "", old, new, bold=True)
        for place, line in enumerate(lines, start=row + 2):
            self._line(place, line.code, line.county, line.old, line.new)
        return row + 2 + len(lines)

    def _line(
        self, row: int, code: str, name: str, old: Fraction | None, new: Fraction | None, bold: bool = False
    ) -> None:
        self.sheet.write_string(row, 0, code, self.styles.text(bold=bold))
        self.sheet.write_string(row, 1, name, self.styles.text(bold=bold))
        self.sheet.set_row(row, 20)
        both = old is not None and new is not None
        self._figure(row, 2, old, self.number, bold)
        self._figure(row, 3, new, self.number, bold)
        self._figure(row, 4, new - old if both else None, SIGNED.format(self.number), bold)
        self._figure(row, 5, new / old - 1 if both and old else None, SIGNED.format(cell_format(1, percent=True)), bold)

    def _figure(self, row: int, column: int, value: Figure, number: str, bold: bool = False) -> None:
        style = self.styles.figure(number, bold=bold)
        if value is None:
            self.sheet.write_string(row, column, "—", style)
        elif isinstance(value, str):
            self.sheet.write_string(row, column, value, style)
        else:
            self.sheet.write_number(row, column, plain(value), style)

    def _figures(self, row: int) -> None:
        """What was corrected, and who stands in one table only."""
        sheet, correction, lang = self.sheet, self.correction, self.lang
        for key in ("only_old", "only_new"):
            if counties := getattr(correction, key):
                text = say(lang, f"ledger.compare_{key}", counties=counties)
                sheet.merge_range(row, 0, row, 5, text, self.styles.note(text_wrap=True))
                row += 1
        for text in told([correction.old.doubts, correction.new.doubts], lang):
            sheet.merge_range(row, 0, row, 5, text, self.styles.note(text_wrap=True))
            row += 1
        heads = [say(lang, "ledger.head_county"), say(lang, "ledger.compare_figures"), "",
                 say(lang, "ledger.compare_figure_old"), say(lang, "ledger.compare_figure_new"),
                 say(lang, "ledger.letter_unit")]  # fmt: skip
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
            sheet.merge_range(row + 1, 0, row + 1, 5, say(lang, "ledger.compare_alike"), self.styles.note(border=1))
