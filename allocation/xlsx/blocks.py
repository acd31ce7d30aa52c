"""Many scenarios in one workbook: each has its own columns on 参数, 测算, 辅助 and 核对; all share the sheet 数据."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

from allocation.classes import dataclass
from allocation.xlsx.layout import CODE_COLUMNS, WHOLE, Layout, letters


@dataclass
class Block(Layout):
    """The places of scenario `number` (0 is the baseline). `changed` are the inputs it has figures of its own for.

    `start` and `helper_start` count the columns that earlier scenarios take on 测算 and 辅助.
    """

    printed: ClassVar[bool] = False
    summed: ClassVar[bool] = False
    number: int = 0
    changed: tuple[str, ...] = ()
    start: int = 0
    helper_start: int = 0
    changed_columns: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        first = CODE_COLUMNS + self.start
        self.changed_columns = {name: first + place for place, name in enumerate(self.changed)}
        self.columns = {
            name: first + len(self.changed_columns) + place for place, name in enumerate(self.model.columns)
        }

    @property
    def taken(self) -> int:
        """Columns of 测算 this scenario takes, with an empty one behind it."""
        return len(self.changed_columns) + len(self.columns) + 1

    @property
    def value_column(self) -> int:
        """Its column on 参数 and 核对."""
        return 2 + self.number

    def parameter(self, name: str) -> str:
        return self._cell("parameters", self.value_column, f"${self.rows[name][0] + 1}")

    def bands(self, name: str) -> tuple[str, str]:
        return super().bands(name)[0], self._values(name)

    def keyed(self, name: str) -> tuple[str, str]:
        return super().keyed(name)[0], self._values(name)

    def _values(self, name: str) -> str:
        first, last = self.rows[name][0] + 1, self.rows[name][-1] + 1
        return self._span(letters(self.value_column), first, last)

    def input(self, name: str) -> str:
        return (
            self._cell("calculation", self.changed_columns[name], "{r}")
            if name in self.changed_columns
            else super().input(name)
        )

    def helper(self, number: int, whole: bool) -> str:
        column = CODE_COLUMNS + self.helper_start + number
        return self._cell("helpers", column, f"${WHOLE + 1}" if whole else "{r}")

    def check(self, cell: str) -> str:
        return f"'{self.names['checks']}'!${letters(self.value_column)}{cell[2:]}"
