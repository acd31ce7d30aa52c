"""XlsxWriter, where it reads more into a text than a text: rich strings in XML, chart titles that look like cells."""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet


class TextSheet(Worksheet):
    """A sheet that takes `<r>…</r>` for what it says, not for the XML of a rich string."""

    def _write_string(self, row: int, col: int, string: str, cell_format=None):
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
