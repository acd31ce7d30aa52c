"""How the sentences of an evaluation are told: by the figures of a run over years, and filled from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from fractions import Fraction

from allocation.classes import dataclass
from allocation.run.run import Run
from allocation.texts.spans import year_span
from allocation.years.comparable import Comparable
from allocation.years.evaluation.figures import Bound, Value, YearFigures
from allocation.years.evaluation.formulas import CheckedFormula
from allocation.years.evaluation.parts import Clause, EvaluationPlan, Sentence, UnitsTold
from allocation.years.evaluation.public import public_formulas
from allocation.years.evaluation.sayings import Saying, Slot, filled, value_text
from allocation.years.timeline import Timeline

Words = dict[str, object]


@dataclass
class Around:
    """What a text may speak of besides the run: words and figures of names, and of which unit it is told."""

    words: Words = field(default_factory=dict)
    bound: dict[str, int | Sequence[int]] = field(default_factory=dict)
    row: int | None = None

    def with_unit(self, row: int, words: Mapping[str, object]) -> Around:
        return Around({**self.words, **words}, self.bound, row)


class Telling:
    """The report's year is the last one."""

    def __init__(self, timeline: Timeline, evaluation: EvaluationPlan, lang: str, live: bool):
        self.timeline, self.evaluation, self.lang = timeline, evaluation, lang
        self.run: Run = timeline.runs[-1]
        self.model = self.run.model
        self.names, self.codes = self.run.table.names, self.run.table.codes
        self.first, self.year = timeline.years[0], timeline.years[-1]
        told = public_formulas(evaluation) if evaluation.public else ()
        self.figures = YearFigures(timeline, self._numbers(live), evaluation.open if evaluation.public else None, told)
        self.common = self.figures.common
        self.words = self._words()
        self._units: dict[tuple[CheckedFormula, int], tuple[Value, ...]] = {}

    def _numbers(self, live: bool) -> dict[str, int]:
        runs = self.timeline.runs
        moves = sum({*before.table.codes} != {*now.table.codes} for before, now in zip(runs, runs[1:], strict=False))
        there = frozenset.intersection(*(frozenset(run.table.codes) for run in runs))
        return {
            "_year": self.year, "_first": self.first, "_years": len(runs), "_units": len(self.names),
            "_common": 0, "_compared": len(there), "_moves": moves, "_live": int(live),
            "_illustrative": int(any(table.illustrative for table in self.timeline.run.tables)),
            "_reference": int(any(run.by_reference for run in runs)),
        }  # fmt: skip

    def _words(self) -> Words:
        files = [table.file for table in self.timeline.run.tables]
        return {
            **self.figures.bound, "_year": str(self.year), "_first": str(self.first),
            "_span": year_span(self.first, self.year, self.lang), "_others": self.common.others,
            "_basis": list(self.model.basis), "_model": self.model.label, "_files": list(dict.fromkeys(files)),
        }  # fmt: skip

    # ---- a text

    def holds(self, test: CheckedFormula | None, around: Around | None = None, over: Comparable | None = None) -> bool:
        return test is None or self.value(test, around or Around(), over) is True

    def said(self, saying: Saying, around: Around | None = None) -> str | None:
        """The text, None where its condition does not hold or a figure is not there."""
        around = around or Around()
        over = self.figures.compared(saying.back) if saying.back else None
        basis = self.figures.compared(saying.back)
        count = 0 if basis.alike else len(basis.codes)
        around = Around({"_common": count, **around.words}, {"_common": count, **around.bound}, around.row)
        if not self.holds(saying.when, around, over):
            return None

        def slot_text(slot: Slot) -> str:
            assert slot.formula is not None
            return value_text(slot.formula, self.value(slot.formula, around, over), slot.points)

        return filled(saying[self.lang], self.lang, {**self.words, **around.words}, slot_text)

    def said_looking_back(self, saying: Saying, back: int) -> str | None:
        """A note on figures that look back so many years: `_common` counts the units they compare."""
        basis = self.figures.compared(back)
        return self.said(saying, Around({"_common": 0 if basis.alike else len(basis.codes)}))

    def first_said(self, sayings: Sequence[Saying], around: Around | None = None) -> str:
        """The first that holds; empty where none does."""
        return next((text for text in (self.said(saying, around) for saying in sayings) if text), "")

    def value(self, formula: CheckedFormula, around: Around, over: Comparable | None) -> Value:
        if formula.whole:
            return self.figures.whole(formula, over=over, bound=_named_in(formula, around.bound))
        if around.row is None:
            return None
        return self.of_units(formula, around.bound)[around.row]

    def of_units(self, formula: CheckedFormula, bound: Bound) -> tuple[Value, ...]:
        """Each unit's figure in the year evaluated."""
        spelt = _named_in(formula, bound)
        key = formula, hash(tuple((name, tuple(held) if isinstance(held, Sequence) else held)
                                  for name, held in sorted(spelt.items())))  # fmt: skip
        if key not in self._units:
            self._units[key] = self.figures.of_units(formula, bound=spelt)
        return self._units[key]

    # ---- sentences

    def joined(self, texts: Sequence[str | None]) -> str:
        return (" " if self.lang == "en" else "").join(text.strip() for text in texts if text)

    def sentence(self, sentence: Sentence) -> str | None:
        around = Around({"_label": sentence.label[self.lang]} if sentence.label else {})
        for clause in sentence.clauses:
            around.words[clause.name] = self._clause(clause, around)
        if sentence.changes:
            return self.joined([self.said(sentence.saying, Around({**around.words, **words}))
                                for words in self._changes()])  # fmt: skip
        when: Sequence[Sequence[int]] = ()
        if sentence.in_years:
            when = self._in_years(sentence.in_years, around)
        if sentence.steps:
            self._steps(sentence.steps, around)
        if sentence.listing:
            rows, alike = self.listed(sentence.listing, around.bound)
            if not rows:
                return None
            shown = rows[: sentence.listing.most]
            around.bound |= {"_count": len(rows)}
            items = Around(around.words, {**around.bound, "_alike": alike})
            around.words |= {"_count": len(rows),
                             "_names": [self._item(sentence.items, row, items, when) for row in shown]}  # fmt: skip
        return self.said(sentence.saying, around)

    def _clause(self, clause: Clause, around: Around) -> str:
        inner = Around(dict(around.words))
        if clause.in_years:
            self._in_years(clause.in_years, inner)
        return self.first_said(clause.sayings, inner)

    def _in_years(self, test: CheckedFormula, around: Around) -> list[list[int]]:
        """The years in which something holds, of all units or of each, and how many they are."""
        years = self.timeline.years
        if test.whole:
            held = [year for place, year in enumerate(years) if self.figures.whole(test, place) is True]
            around.words["_when"], around.bound["_times"] = held, len(held)
            return []
        paths = self.figures.unit_paths(test)
        when = [[year for year, value in zip(years, paths[code], strict=True) if value is True] for code in self.codes]
        around.bound["_times"] = [len(held) for held in when]
        return when

    def _steps(self, formula: CheckedFormula, around: Around) -> None:
        """The years in which a figure of all units rose over the year before, stayed or fell."""
        path = self.figures.path(formula, self.common)
        years: dict[str, list[int]] = {"_up": [], "_level": [], "_down": []}
        for year, before, now in zip(self.timeline.years[1:], path, path[1:], strict=False):
            if before is not None and now is not None:
                years["_up" if now > before else "_down" if now < before else "_level"].append(year)
        around.words |= years
        around.bound |= {f"{way}s": len(held) for way, held in years.items()}

    def _changes(self) -> list[Words]:
        """Years whose units are not those of the year before."""
        told: list[Words] = []
        runs = self.timeline.runs
        for before, now in zip(runs, runs[1:], strict=False):
            then, here = (dict(zip(run.table.codes, run.table.names, strict=True)) for run in (before, now))
            came = [name for code, name in here.items() if code not in then]
            went = [name for code, name in then.items() if code not in here]
            if came or went:
                told.append({"_at": now.table.year, "_came": came, "_went": went})
        return told

    def listed(self, listing: UnitsTold, bound: Bound | None = None) -> tuple[list[int], list[int]]:
        """The rows that are told of, in order, equal ones by code; and for each row how many stand where it does."""
        bound = bound or {}
        rows = list(range(len(self.names)))
        if listing.of:
            tests = self.of_units(listing.of, bound)
            rows = [row for row in rows if tests[row] is True]
        if listing.by is None:
            return rows, [len(rows)] * len(self.names)
        by = self.of_units(listing.by, bound)
        values = {row: value for row in rows if isinstance(value := by[row], Fraction)}
        sign = 1 if listing.lowest_first else -1
        ordered = sorted(values, key=lambda row: (sign * values[row], self.codes[row]))
        held = list(values.values())
        return ordered, [held.count(values[row]) if row in values else 0 for row in range(len(self.names))]

    def _item(self, items: Sequence[Saying], row: int, around: Around, when: Sequence[Sequence[int]]) -> str:
        return self.first_said(items, around.with_unit(row, self.unit_words(row, when))) or self.names[row]

    def unit_words(self, row: int, when: Sequence[Sequence[int]] = ()) -> Words:
        absent = [run.table.year for run in self.timeline.runs if self.codes[row] not in run.table.codes]
        return {"_name": self.names[row], "_when": when[row] if when else [], "_absent": absent}


def _named_in(formula: CheckedFormula, bound: Bound) -> Bound:
    """The names that the formula spells, so that equal formulas are worked out once."""
    names = {part.id for part in formula.node.names}
    return {name: held for name, held in bound.items() if name in names}


def shown(formula: CheckedFormula, value: Value, points: bool = False) -> str:
    """A figure in a table."""
    return value_text(formula, value, points, signed=points) or "—"
