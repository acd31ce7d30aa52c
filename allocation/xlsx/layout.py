"""Where everything stands in the result workbook: sheets, rows and columns, and the references formulas use."""

from __future__ import annotations

import re
from dataclasses import field
from typing import ClassVar

from allocation.classes import dataclass
from allocation.policy.model import Model
from allocation.report.cut import APPROVAL, TODAY, Cut
from allocation.report.printed import Page
from allocation.run.run import Run
from allocation.texts import Speaker

TITLE, LEGEND, LABEL, UNIT, NAME, WHOLE, FIRST = 0, 1, 2, 3, 4, 5, 6  # zero-based rows of 数据, 测算 and 辅助
CODE_COLUMNS = 3  # 次序, code, name
PARAMETER_FIRST = 4
DATA_STATE, STATE = "$C$4", "$C$5"  # cells of 核对


def shown_sheets(run: Run, page: Page) -> list[str]:
    """The sheets a run has something to say on."""
    empty = {"factors": not run.model.factors, "sums": not run.model.summaries, "disputes": not run.table.disputes}
    empty |= dict.fromkeys(APPROVAL, not page.approval)
    return [key for key in page.cut.sheets if not empty.get(key)]


def letters(column: int) -> str:
    """0 → A, 26 → AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


@dataclass
class Layout(Speaker):
    """References for one model on `count` counties."""

    model: Model
    count: int
    lang: str
    cut: Cut = field(default=TODAY, kw_only=True)
    printed: ClassVar[bool] = True  # whether 资金测算表, with its subtotals, is in the workbook
    summed: ClassVar[bool] = True  # whether 分类汇总 is
    past: tuple[Layout, ...] = field(default=(), kw_only=True)
    names: dict[str, str] = field(init=False)
    rows: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.names = {key: self.cut.sheet_name(key)[self.lang] for key in TODAY.sheets}
        self.rows = self._parameter_rows()
        places = {name: CODE_COLUMNS + i for i, name in enumerate(self.model.inputs)}
        self.inputs = places
        self.columns = {name: CODE_COLUMNS + i for i, name in enumerate(self.model.columns)}

    @property
    def first(self) -> int:
        return FIRST + 1

    @property
    def last(self) -> int:
        return FIRST + self.count

    def _parameter_rows(self) -> dict[str, list[int]]:
        """Zero-based rows of sheet 参数 for each parameter: one, or one for each band or key below a heading."""
        rows, row = {}, PARAMETER_FIRST
        for name, entry in self.model.parameters.items():
            if entry.kind == "scalar":
                rows[name] = [row]
                row += 1
            else:
                size = len(entry.bands) or len(entry.values)
                rows[name] = [row + 1 + i for i in range(size)]
                row += size + 1
        return rows

    def _cell(self, sheet: str, column: int, row: str) -> str:
        return f"'{self.names[sheet]}'!${letters(column)}{row}"

    @property
    def remark(self) -> int:
        """The column of 备注 on 数据, behind the last input."""
        return CODE_COLUMNS + len(self.inputs)

    def parameter(self, name: str) -> str:
        return defined_name(name)

    def bands(self, name: str) -> tuple[str, str]:
        """The edges, of all bands but the last, and the values; no edges where there is one band."""
        first, last = self.rows[name][0] + 1, self.rows[name][-1] + 1
        return self._span("B", first, last - 1) if last > first else "", self._span("C", first, last)

    def keyed(self, name: str) -> tuple[str, str]:
        """The keys and their values."""
        first, last = self.rows[name][0] + 1, self.rows[name][-1] + 1
        return self._span("B", first, last), self._span("C", first, last)

    def _span(self, column: str, first: int, last: int) -> str:
        return f"'{self.names['parameters']}'!${column}${first}:${column}${last}"

    def input(self, name: str) -> str:
        return self._cell("data", self.inputs[name], "{r}")

    def column(self, name: str) -> str:
        """A county's own cell, or the one cell in the row 全表 of a figure that is one a run."""
        scalar = self.model.columns[name].shape == "scalar"
        return self._cell("calculation", self.columns[name], f"${WHOLE + 1}" if scalar else "{r}")

    def entry(self, name: str) -> str:
        """A parameter's cell, an input's or a column's."""
        if name in self.model.parameters:
            return self.parameter(name)
        return self.input(name) if name in self.model.inputs else self.column(name)

    def order(self) -> str:
        return self._cell("data", 0, "{r}")

    def code(self) -> str:
        return self._cell("data", 1, "{r}")

    def name(self) -> str:
        return self._cell("data", 2, "{r}")

    def helper(self, number: int, whole: bool) -> str:
        return self._cell("helpers", CODE_COLUMNS + number, f"${WHOLE + 1}" if whole else "{r}")

    def check(self, cell: str) -> str:
        return f"'{self.names['checks']}'!{cell}"

    def unless_broken(self, text: str) -> str:
        """Nothing that looks like a figure where the data or a check are not right."""
        return f"IF({self.check(STATE)}=0,{text},NA())"


def defined_name(name: str) -> str:
    """`p_<name>`: parameters only, so that no name can be taken for a cell."""
    return "p_" + re.sub(r"[^\w.]", "_", name)
