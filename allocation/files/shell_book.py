"""XlsxWriter, where it reads more into a text than a text: the name of a chart that looks like a cell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart


class ShellBook(Workbook):
    """All of a workbook but its cells; the name of a chart is a text, or a cell given as a list."""

    def add_chart(self, options: dict[str, Any]) -> Chart:  # type: ignore[override]  # of a kind there is: never None
        chart = super().add_chart(options)
        if chart is None:
            raise ValueError(options)
        of_cells: Callable[[object, object], object] = chart._process_names

        def process_names(name: object, formula: object) -> object:
            return of_cells(name, formula) if isinstance(name, list) else (name, formula)

        chart._process_names = process_names  # type: ignore[method-assign]  # XlsxWriter leaves no other door
        return chart
