"""How a sheet is read when it comes back: by what its writer said each cell is for, and by nothing else."""

from __future__ import annotations

from functools import cached_property

from allocation.sheets.looks import Role
from allocation.sheets.memory import Formula, MemorySheet, Place


class Roles:
    """`keys`: the columns whose texts tell rows apart, from row `first` on; `foot`: the row below the table on which
    people write, where there is one. `headings`: rows of headings. `loose`: columns in which people may edit something.
    """

    def __init__(self, sheet: MemorySheet, edited: bool = False):
        """`edited`: the figures are no longer those it was written of."""
        by_role: dict[Role, list[Place]] = {}
        for place, worn in sheet.looks.items():
            by_role.setdefault(worn.role, []).append(place)
        keyed = by_role.get(Role.KEY, [])
        self.sheet, self.edited = sheet, edited
        self.keys = tuple(sorted({column for _, column in keyed}))
        self.first = min((row for row, _ in keyed), default=0)
        self.headings = {row for row, _ in by_role.get(Role.HEADING, [])}
        self.inputs = {*by_role.get(Role.INPUT, [])}
        self.loose = {column for _, column in self.inputs}
        self.fill_in = {*by_role.get(Role.FILL_IN, [])}
        self.areas = [area for area in sheet.areas if area.role is not Role.THEN or edited]
        end = max((row for row, _ in keyed), default=0)
        self.foot = min((row for row, _ in self.fill_in if keyed and row > end), default=None)

    def left_to_people(self, row: int, column: int) -> bool:
        """Whether what stands there is people's, or cannot be said again."""
        if (row, column) in self.inputs or (row, column) in self.fill_in:
            return True
        areas = [area.role for area in self.areas if area.holds(row, column)]
        return any(role is not Role.FILL_IN or (row, column) not in self.sheet.cells for role in areas)

    def called(self, row: int) -> str:
        """A row's name, blank or not, else the last of its keys, else its first text; of a heading nothing."""
        return "" if row < self.first or row in self.headings else self._names.get(row, "")

    @cached_property
    def _names(self) -> dict[int, str]:
        names: dict[Role, dict[int, str]] = {Role.LABEL: {}, Role.KEY: {}, Role.NAME: {}}
        for (row, column), worn in sorted(self.sheet.looks.items(), key=lambda held: held[0]):
            label = worn.role is Role.LABEL and not isinstance(self.sheet.cells.get((row, column)), str)
            text = shown_text(self.sheet, row, column) if worn.role in names and not label else ""
            if (text or worn.role is Role.NAME) and not (worn.role is Role.LABEL and row in names[Role.LABEL]):
                names[worn.role][row] = text
        return names[Role.LABEL] | names[Role.KEY] | names[Role.NAME]

    def head(self, row: int, column: int) -> str:
        """The column's heading; of a merged upper one, the text to the left of it."""
        lower = max((head for head in self.headings if head < row), default=None)
        if lower is None or row in self.headings:
            return ""
        texts = [shown_text(self.sheet, lower, column)]
        if lower - 1 in self.headings:
            upper = [shown_text(self.sheet, lower - 1, place) for place in range(column, -1, -1)]
            texts.insert(0, next((text for text in upper if text), "") if texts[0] else upper[0])
        return "/".join(dict.fromkeys(text for text in texts if text))


def shown_text(sheet: MemorySheet, row: int, column: int) -> str:
    cell = sheet.cells.get((row, column), "")
    return str(cell.value if isinstance(cell, Formula) else cell).strip()
