"""XlsxWriter, where it reads more into a text than a text: rich strings in XML, chart titles that look like cells."""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from allocation import excel_limits
from allocation.limits import COLUMNS, ROWS


class TextSheet(Worksheet):
    """A sheet that takes `<r>…</r>` for what it says, not for the XML of a rich string.

    What Excel cannot hold XlsxWriter leaves out with a warning, or writes into a file that will not open: we refuse it.
    """

    def _where(self, row: int, col: int) -> str:
        return f"{self.get_name()}!{xl_rowcol_to_cell(row, col)}"

    def _check_dimensions(self, row: int, col: int, ignore_row: bool = False, ignore_col: bool = False):
        if row >= ROWS:
            excel_limits.refuse("rows", ROWS, row + 1, self.get_name())
        if col >= COLUMNS:
            excel_limits.refuse("columns", COLUMNS, col + 1, self.get_name())
        return super()._check_dimensions(row, col, ignore_row, ignore_col)

    def _write_formula(self, row: int, col: int, formula: str, cell_format=None, value=0):
        excel_limits.check_formula(formula.removeprefix("="), self._where(row, col))
        return super()._write_formula(row, col, formula, cell_format, value)

    def write_comment(self, row: int, col: int, comment: str, options=None):
        self._fits(row, col, comment)
        return super().write_comment(row, col, comment, options)

    def _fits(self, row: int, col: int, text: str) -> None:
        if len(text) > excel_limits.CELL:
            excel_limits.refuse("cell", excel_limits.CELL, len(text), self._where(row, col))

    def _write_string(self, row: int, col: int, string: str, cell_format=None):
        self._fits(row, col, string)
        if not (string.startswith("<r>") and string.endswith("</r>")):
            return super()._write_string(row, col, string, cell_format)
        style = [cell_format] if cell_format else []
        return self._write_rich_string(row, col, string[:1], Format(), string[1:], *style)


class TextBook(Workbook):
    """A workbook of such sheets; the name of a chart is a text, or a cell given as a list."""

    worksheet_class = TextSheet

    def add_chart(self, options: dict):
        chart = super().add_chart(options)
        cells = chart._process_names
        chart._process_names = lambda name, formula: cells(name, formula) if isinstance(name, list) else (name, formula)
        return chart
