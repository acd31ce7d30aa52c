"""XlsxWriter, where it reads more into a text than a text: rich strings in XML, chart titles that look like cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from allocation.files import excel_limits
from allocation.files.limits import COLUMNS, ROWS

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart


class TextSheet(Worksheet):
    """A sheet that takes `<r>…</r>` for what it says, not for the XML of a rich string.

    What Excel cannot hold XlsxWriter leaves out with a warning, or writes into a file that will not open: we refuse it.
    Formulas are written as they are: XlsxWriter looks in each for some thirty functions newer than Excel 2010; ours has
    none of them (a test says so), and the search was a quarter of the time of writing.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def _xml_formula_element(self, formula: str, result: object, attributes: Sequence[tuple[str, object]] = ()) -> None:
        """An empty text is a result like others; XlsxWriter leaves its type out, as if nothing had been worked out."""
        super()._xml_formula_element(formula, result, [*attributes, ("t", "str")] if result == "" else attributes)

    def _where(self, row: int, col: int) -> str:
        return f"{self.name}!{xl_rowcol_to_cell(row, col)}"

    def _check_dimensions(self, row: int, col: int, ignore_row: bool = False, ignore_col: bool = False) -> int:
        if row >= ROWS:
            excel_limits.refuse("rows", ROWS, row + 1, str(self.name))
        if col >= COLUMNS:
            excel_limits.refuse("columns", COLUMNS, col + 1, str(self.name))
        return super()._check_dimensions(row, col, ignore_row, ignore_col)

    def _write_formula(
        self, row: int, col: int, formula: str, cell_format: Format | None = None, value: object = 0
    ) -> Literal[0, -1, -2]:
        excel_limits.check_formula(formula.removeprefix("="), self._where(row, col))
        return super()._write_formula(row, col, formula, cell_format, value)

    def write_comment(  # type: ignore[override]  # by row and column alone: we give no cell by its name
        self, row: int, col: int, comment: str, options: dict[str, Any] | None = None
    ) -> Literal[0, -1, -2]:
        self._fits(row, col, comment)
        return super().write_comment(row, col, comment, options)

    def _fits(self, row: int, col: int, text: str) -> None:
        if len(text) > excel_limits.CELL:
            excel_limits.refuse("cell", excel_limits.CELL, len(text), self._where(row, col))

    def _write_string(self, row: int, col: int, string: str, cell_format: Format | None = None) -> Literal[0, -1, -2]:
        self._fits(row, col, string)
        if not (string.startswith("<r>") and string.endswith("</r>")):
            return super()._write_string(row, col, string, cell_format)
        style = [cell_format] if cell_format else []
        return 0 if self._write_rich_string(row, col, string[:1], Format(), string[1:], *style) == 0 else -1


class TextBook(Workbook):
    """A workbook of such sheets; the name of a chart is a text, or a cell given as a list."""

    worksheet_class = TextSheet

    def add_worksheet(self, name: str | None = None, worksheet_class: type[Worksheet] | None = None) -> TextSheet:
        sheet = super().add_worksheet(name, worksheet_class)
        if not isinstance(sheet, TextSheet):
            raise TypeError(worksheet_class)
        return sheet

    def add_chart(self, options: dict[str, Any]) -> Chart:  # type: ignore[override]  # of a kind there is: never None
        chart = super().add_chart(options)
        if chart is None:
            raise ValueError(options)
        of_cells: Callable[[object, object], object] = chart._process_names

        def process_names(name: object, formula: object) -> object:
            return of_cells(name, formula) if isinstance(name, list) else (name, formula)

        chart._process_names = process_names  # type: ignore[method-assign]  # XlsxWriter leaves no other door
        return chart
