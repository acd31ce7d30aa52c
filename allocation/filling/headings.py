"""Which column of a sheet each column of a layout is, by the headings over it: several rows of them, merged or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from allocation.classes import dataclass
from allocation.errors import Problem, nearest
from allocation.language.units import Unit, Units
from allocation.tables.cells import SourceSheet, letters
from allocation.tables.headings import split_unit
from allocation.tables.said_units import units_in
from allocation.tables.spelling import fold, tidy
from allocation.texts.vocabulary import Pattern
from allocation.xlsx.import_mapping import ImportColumnSpec

UNIT_LINE = Pattern("table_words.sealed_unit")


@dataclass(frozen=True)
class HeadingOver:
    """What stands over a column, from top to bottom; each text once where it is merged over several rows."""

    column: int
    texts: tuple[str, ...]

    @property
    def path(self) -> str:
        return "/".join(self.texts)

    def fits(self, wanted: str) -> int:
        """How well it is what a layout calls so: 0 not at all, 3 wholly, 2 from below, 1 but for its unit."""
        said, path = fold(wanted), fold(self.path)
        if said == path:
            return 3
        if path.endswith("/" + said):
            return 2
        bare = fold("/".join(split_unit(text)[0] for text in self.texts))
        return int(said == bare or bare.endswith("/" + said))


def headings_of(sheet: SourceSheet, rows: Sequence[int]) -> list[HeadingOver]:
    """Over every column, in `rows` from zero. A cell merged over columns stands over each."""
    width = max((len(sheet.rows[row]) for row in rows if row < len(sheet.rows)), default=0)
    headings = []
    for column in range(width):
        texts = [tidy(sheet.cell(row, column).text) for row in rows]
        told = tuple(text for place, text in enumerate(texts) if text and text not in texts[:place])
        if told:
            headings.append(HeadingOver(column, told))
    return headings


def called(column: ImportColumnSpec) -> str:
    """What a layout calls its column on the receiving system's sheet."""
    return column.heading or column.zh


def closest(headings: Sequence[HeadingOver], names: Sequence[str]) -> list[HeadingOver]:
    """Those that fit any of the names best; none where none fits, several where they fit alike."""
    fits = {heading: max(heading.fits(name) for name in names) for heading in headings}
    return [heading for heading, fit in fits.items() if fit and fit == max(fits.values())]


def matched(
    headings: Sequence[HeadingOver],
    columns: Sequence[ImportColumnSpec],
    where: str,
    problems: list[Problem],
) -> dict[str, HeadingOver]:
    """The heading of each column by its name; those that have none, or several, join `problems`."""
    over: dict[str, HeadingOver] = {}
    taken: dict[int, str] = {}
    for column in columns:
        best = closest(headings, [called(column)])
        if len(best) != 1:
            cells = [letters(heading.column) for heading in best]
            near = nearest(called(column), [text for heading in headings for text in (heading.path, heading.texts[-1])])
            slots = {"heading": called(column), "name": column.name, "nearest": near or "—", "columns": cells}
            problems.append(Problem("filling.heading_twice" if best else "filling.no_heading", slots, where))
            continue
        other = taken.setdefault(best[0].column, column.name)
        if other != column.name:
            slots = {"heading": best[0].path, "name": column.name, "other": other}
            problems.append(Problem("filling.heading_shared", slots, where))
        over[column.name] = best[0]
    return over


def moved(headings: Sequence[HeadingOver], pinned: Mapping[str, str], where: str) -> list[Problem]:
    """Where a workbook has other headings than the one that a mapping was made for: each heading that is gone, that
    stands over another column, and each that is new."""
    now = {letters(heading.column): heading.path for heading in headings}
    problems = []
    for column, path in pinned.items():
        if fold(now.get(column, "")) == fold(path):
            continue
        there = [at for at, other in now.items() if fold(other) == fold(path)]
        slots = {"heading": path, "column": column, "now": there, "found": now.get(column, "")}
        problems.append(Problem("filling.heading_moved" if there else "filling.heading_gone", slots, where))
    known = {fold(path) for path in pinned.values()}
    fresh = {at: path for at, path in now.items() if fold(path) not in known}
    problems += [Problem("filling.heading_new", {"heading": path, "column": at}, where) for at, path in fresh.items()]
    return [*problems, Problem("filling.heading_pinned", advice=True)] if problems else []


def said_over(sheet: SourceSheet, top: int, heading: HeadingOver, unit: Unit, units: Units) -> list[Unit]:
    """The units that a heading says, or else a line 单位： above the headings of those of the kind of `unit`."""
    said = [each for text in heading.texts for each in units_in(_bracketed(text), units)]
    if said:
        return said
    above = [cell.text for cells in sheet.rows[:top] for cell in cells
             if isinstance(cell.value, str) and not cell.merged and UNIT_LINE.search(fold(cell.value))]  # fmt: skip
    return [each for text in above for each in units_in(text, units) if each.same_kind(unit)]


def unit_problems(
    sheet: SourceSheet, top: int, columns: Sequence[ImportColumnSpec], over: Mapping[str, HeadingOver], units: Units
) -> list[Problem]:
    """Where a heading, or a line 单位： above all of them, says another unit than the layout."""
    problems = []
    for column in columns:
        if column.unit is None or column.name not in over:
            continue
        unit, heading = units.parse(column.unit), over[column.name]
        told = said_over(sheet, top, heading, unit, units)
        if told and not any(each.same_kind(unit) and each.scale == unit.scale for each in told):
            slots = {"heading": heading.path, "found": [each.name for each in told], "unit": column.unit,
                     "name": column.name}  # fmt: skip
            problems.append(Problem("filling.unit_differs", slots, sheet.where(top, heading.column)))
    return problems


def _bracketed(text: str) -> str:
    """What stands in brackets behind a heading, or the heading itself, which may be a unit alone."""
    return split_unit(text)[1] or text
