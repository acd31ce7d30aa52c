"""What every section of an evaluation report needs: the runs, the language, and how its sentences are worded."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from allocation.documents.parts import Grid, percent, points
from allocation.run.run import Run
from allocation.texts import say
from allocation.texts.spans import year_span
from allocation.years.comparable import comparable
from allocation.years.timeline import Timeline

RATES = ("registered_rate", "resident_rate")
WAYS = ("up", "down", "level")


def side(value: Fraction, names: tuple[str, str, str]) -> str:
    """The first name above 0, the second at 0, the third below."""
    return names[0] if value > 0 else names[2] if value < 0 else names[1]


class Telling:
    """The report's year is the last one; `span` is written 2016—2018.

    `common` are the counties over which totals of all the years compare, `both` those of the last two.
    """

    def __init__(self, timeline: Timeline, lang: str):
        self.found, self.lang = timeline, lang
        self.run: Run = timeline.runs[-1]
        self.year, self.first = timeline.years[-1], timeline.years[0]
        self.names = self.run.table.names
        self.common, self.both = comparable(timeline.runs), comparable(timeline.runs[-2:])
        self.basis = "" if self.common.alike else len(self.common.codes)
        self.step_basis = "" if self.both.alike else len(self.both.codes)
        self.span = year_span(self.first, self.year, lang)

    def say(self, key: str, **slots: object) -> str:
        return say(self.lang, f"evaluate.{key}", **slots)

    def label(self, name: str) -> str:
        return self.run.model.entry(name).label[self.lang]

    def joined(self, texts: Sequence[str]) -> str:
        return (" " if self.lang == "en" else "").join(filter(None, texts))

    def step(self, name: str) -> Fraction | None:
        """By how much a rate of the counties of both years moved over the year before; None where nothing compares."""
        path = self.both.path(name)
        return path[1] - path[0] if len(path) == 2 else None

    def total_label(self) -> str:
        """Of a row that compares years."""
        return self.say("total" if self.common.alike else "total_common", common=self.basis)

    def of_counties(self, name: str, counties: Sequence[int], values: Sequence[Fraction]) -> str:
        """The counties of these rows with a figure each in percentage points."""
        told = [
            self.say("moved", name=self.names[row], points=points(abs(value)))
            for row, value in zip(counties, values, strict=True)
        ]
        return self.say(name, count=len(told), names=told)

    def years_table(self, name: str) -> Grid:
        """A rate of every county in every year, and how it changed."""
        change = [self.say("span_change")] if self.first != self.year else []
        heads = (self.say("name"), *map(str, self.found.years), *change)
        paths = {county: self.found.numbers(name, code) for code, county in self.found.counties.items()}
        paths[self.total_label()] = self.common.path(name) or (None,) * len(self.found.years)
        rows = []
        for county, path in paths.items():
            first, last = path[0], path[-1]
            step = "—" if first is None or last is None else points(last - first, sign=True)
            moved = [step] if change else []
            rows.append((county, *("—" if value is None else percent(value) for value in path), *moved))
        return Grid(
            self.say("table_years", label=self.label(name)),
            heads,
            tuple(rows),
            note=self.say("note_points", span=self.span if change else "", common=self.basis),
        )
