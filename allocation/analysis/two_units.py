"""Two units side by side (县与县比): what each award is made of, and which part makes most of the difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from operator import itemgetter

from allocation.classes import dataclass
from allocation.report.printed import PrintedTable
from allocation.report.tables import award_table
from allocation.run.run import Run
from allocation.texts import Speaker
from allocation.texts.decimals import figure_text

CHANGE = "change"  # the column of the award table that says how far each is from last year


@dataclass(frozen=True)
class TwoUnits:
    """`table`: 资金测算表 with 合计 and these two; `parts`: of its columns those that the award is the sum of, each
    with the first unit's figure less the second's."""

    run: Run
    table: PrintedTable
    parts: tuple[tuple[str, Fraction], ...]

    @property
    def gap(self) -> Fraction:
        """The first unit's award less the second's."""
        first, second = self.known(self.run.model.award)
        return first - second

    @property
    def largest(self) -> str:
        """The part that makes most of the difference, in its direction; empty where the awards are alike."""
        way = -1 if self.gap < 0 else 1
        name, most = max(((name, by * way) for name, by in self.parts), key=itemgetter(1), default=("", Fraction(0)))
        return name if self.gap and most > 0 else ""

    def known(self, key: str) -> list[Fraction]:
        """The figures of the two; 0 where there is none."""
        return list(map(_number, self.table.figures[key][-2:]))

    def told(self, speaker: Speaker) -> list[str]:
        """By how much they differ, by which part most, and how each stands to last year."""
        names = [self.run.table.names[line.rows[0]] for line in self.table.lines[-2:]]
        slots = {"a": names[0], "b": names[1], "unit": self.table.units.label(self.table.unit.name, speaker.lang)}
        said = [speaker.say("explain.two_gap", **slots, **self._of(self.run.model.award, slots))]
        if self.largest:
            column = self.table.column(self.largest)
            label = column.label if column else ""
            said.append(speaker.say("explain.two_part", label=label, **slots, **self._of(self.largest, slots)))
        if self.table.column(CHANGE) and all(isinstance(by, Fraction) for by in self.table.figures[CHANGE][-2:]):
            said.append(speaker.say("explain.two_change", **slots, **self._of(CHANGE, slots, signed=True)))
        return said

    def _of(self, key: str, slots: dict[str, str], signed: bool = False) -> dict[str, str]:
        column = self.table.column(key)
        places = column.decimals if column else None
        first, second = self.known(key)
        gap = figure_text(abs(first - second), places)
        return {"first": figure_text(first, places, signed=signed),
                "second": figure_text(second, places, signed=signed), "gap": gap}  # fmt: skip


def two_units(run: Run, row: int, other: int) -> TwoUnits:
    """`row` and `other`: places in the run's table, two different ones."""
    whole = award_table(run)
    units = {line.rows[0]: replace(line, indent=0) for line in whole.lines if not line.summed}
    total = [line for line in whole.lines if line.kind == "total"]
    table = replace(whole, lines=(*total, units[row], units[other]), below=(), notes=())
    figures = {name: table.figures[name][-2:] for name in parts_of_award(table, run.model.award)}
    parts = ((name, first, second) for name, (first, second) in figures.items())
    known = [(name, _number(first) - _number(second)) for name, first, second in parts]
    return TwoUnits(run, table, tuple(known))


def parts_of_award(table: PrintedTable, award: str) -> list[str]:
    """The columns that the award is the sum of, as the table's own equations have it: `尾差 = 分配额 − 初步额 − …`."""
    for column in table.columns:
        terms = {key: sign for sign, key in column.identity}
        others = [key for key in terms if key != award]
        if terms.get(award) == "+" and others and all(terms[key] == "-" for key in others):
            return [*(part for key in others for part in _addends(table, key)), column.key]
    return []


def _addends(table: PrintedTable, key: str) -> Iterator[str]:
    column = table.column(key)
    if column and column.identity and all(sign == "+" for sign, _ in column.identity):
        for _, part in column.identity:
            yield from _addends(table, part)
    else:
        yield key


def _number(value: object) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(0)
