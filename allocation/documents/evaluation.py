"""The evaluation report as data: the parts that an evaluation file lists, told by the figures of a run over years."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import count
from typing import Any

from allocation.documents.parts import Grid, Heading, Picture, Printed, Sentences
from allocation.readings.words import sentence as in_words
from allocation.run.marks import marks
from allocation.run.run import Run
from allocation.texts import Speaker, say
from allocation.xlsx.timeline import make_year_plans
from allocation.years.evaluation.figures import Value
from allocation.years.evaluation.formulas import CheckedFormula
from allocation.years.evaluation.parts import (
    BarsPart,
    EvaluationPlan,
    HeadingPart,
    LinesPart,
    NamedLines,
    NotesPart,
    Paragraph,
    ReportPart,
    ShownColumn,
    TablePart,
    UnitList,
    YearsPart,
)
from allocation.years.evaluation.sayings import value_text
from allocation.years.evaluation.telling import Around, Telling, shown
from allocation.years.timeline import Timeline


class EvaluationReport(Speaker):
    """The report of one evaluation in one language: its title, its parts in order, the marks of its years."""

    def __init__(self, timeline: Timeline, evaluation: EvaluationPlan, lang: str):
        self.timeline, self.evaluation, self.lang = timeline, evaluation, lang

    @property
    def title(self) -> str:
        """The model's own name where the title speaks of a figure that there is none of."""
        evaluation, telling = self.evaluation, self._telling(live=False)
        kind = evaluation.kinds.get(telling.year) or evaluation.kinds.get(None)
        said = telling.said(evaluation.title, Around({"_kind": kind[self.lang] if kind else ""}))
        return said or evaluation.model.label[self.lang]

    @property
    def parts(self) -> list[Printed]:
        """Tables and pictures are numbered."""
        live = "_live" in self.evaluation.text and make_year_plans(self.timeline, self.lang)[0].live
        telling = self._telling(live)
        printed: list[Printed] = []
        for part in self.evaluation.parts:
            if telling.holds(part.when):
                printed += PRINTERS[type(part)](telling, part)
        return [*self._numbered(printed)]

    @property
    def marks(self) -> str:
        """The marks of any of the years."""
        texts = [marks(run)[self.lang] for run in self.timeline.runs]
        return max(texts, key=len)

    def _telling(self, live: bool) -> Telling:
        return Telling(self.timeline, self.evaluation, self.lang, live)

    def _numbered(self, parts: Iterable[Printed]) -> Iterator[Printed]:
        """Tables and pictures are counted apart."""
        numbers = {"table": count(1), "figure": count(1)}
        for part in parts:
            if isinstance(part, Grid | Picture):
                key = "table" if isinstance(part, Grid) else "figure"
                yield replace(
                    part, caption=self.say(f"evaluate.{key}", number=next(numbers[key]), caption=part.caption)
                )
            else:
                yield part


# ---- paragraphs


def _heading(telling: Telling, part: HeadingPart) -> Iterator[Printed]:
    yield Heading(part.text[telling.lang])


def _paragraph(telling: Telling, part: Paragraph) -> Iterator[Printed]:
    if text := telling.joined([telling.sentence(sentence) for sentence in part.sentences]):
        yield Sentences(text)


def _unit_list(telling: Telling, part: UnitList) -> Iterator[Printed]:
    rows, _ = telling.listed(part.listing)
    for row in rows[: part.listing.most]:
        if text := telling.said(part.saying, Around(row=row).with_unit(row, telling.unit_words(row))):
            yield Sentences(text)


def _named_lines(telling: Telling, part: NamedLines) -> Iterator[Printed]:
    for words in NAMED[part.kind](telling, part):
        if text := telling.said(part.saying, Around(words)):
            yield Sentences(text)


def _sources(telling: Telling, part: NamedLines) -> Iterator[dict[str, object]]:
    for name in part.names:
        entry = telling.model.inputs[name]
        yield {"_label": entry.label, "_source": entry.source}


def _rules(telling: Telling, part: NamedLines) -> Iterator[dict[str, object]]:
    for name in part.names:
        column = telling.model.columns[name]
        yield {"_label": column.label, "_words": in_words(telling.model, column.node)}


def _checks(telling: Telling, part: NamedLines) -> Iterator[dict[str, object]]:
    for check in telling.run.checks:
        if not check.ok:
            yield {"_label": check.label, "_names": list(check.counties)}


def _notes(telling: Telling, part: NotesPart) -> Iterator[Printed]:
    """Of each year what is said of it once, then what is said of a unit, without their full stops."""
    for run in telling.timeline.runs:
        for note in part.notes:
            held = _notes_in(run, note.name)
            lines = [*zip(run.table.names, held, strict=False)]
            if not note.unit:
                lines = [("", text) for text in dict.fromkeys(held)]
            for name, text in lines:
                words: dict[str, object] = {"_at": run.table.year, "_name": name, "_note": text}
                if text and (said := telling.said(note.saying, Around(words))):
                    yield Sentences(said)


def _notes_in(run: Run, name: str) -> list[str]:
    return [str(note or "").rstrip("。.") for note in run.figures(name)] if name in run.periods[-1] else []


# ---- tables


def _table(telling: Telling, part: TablePart) -> Iterator[Printed]:
    columns = [column for column in part.columns if column.only != "sheet"]
    rows, _ = telling.listed(part.listing)
    held = [telling.of_units(column.show, {}) for column in columns]
    lines = [
        (telling.names[row], *(shown(column.show, values[row], column.points)
                               for column, values in zip(columns, held, strict=True)))
        for row in rows
    ]  # fmt: skip
    sums = [_total(telling, column, values) for column, values in zip(columns, held, strict=True)]
    heads = (say(telling.lang, "evaluate.name"), *(column.head[telling.lang] for column in columns))
    back = max((column.total.back for column in columns if column.total), default=0)
    note = telling.said_looking_back(part.note, back) if part.note else None
    total = (say(telling.lang, "evaluate.total"), *sums)
    yield Grid(telling.first_said(part.captions), heads, (*lines, total), note=note or "")


def _total(telling: Telling, column: ShownColumn, values: Sequence[Value]) -> str:
    if column.adds and all(value is None for value in values):
        return "—"  # of figures that nobody gave the total is unknown, not 0
    if column.adds:
        whole = sum((value for value in values if isinstance(value, Fraction)), Fraction(0))
        return shown(column.show, whole)
    if column.total is None:
        return "—"
    return shown(column.total, telling.figures.whole(column.total), column.points)


def _years(telling: Telling, part: YearsPart) -> Iterator[Printed]:
    """A figure of every unit in every year, and how it changed."""
    lang, several = telling.lang, telling.first != telling.year
    change = [say(lang, "evaluate.span_change" if part.of.unit.is_percent else "evaluate.span_grown")] * several
    heads = (say(lang, "evaluate.name"), *map(str, telling.timeline.years), *change)
    common = telling.common
    basis = "" if common.alike else len(common.codes)
    names = telling.timeline.counties
    lines: list[tuple[str, Sequence[Value]]] = []
    lines += [(names[code], path) for code, path in telling.figures.unit_paths(part.of).items()]
    if part.whole:
        label = say(lang, "evaluate.total" if common.alike else "evaluate.total_common", common=basis)
        lines.append((label, telling.figures.path(part.whole, common)))
    rows = []
    for label, path in lines:
        moved = [_moved(part.of, path[0], path[-1])] * several
        rows.append((label, *(shown(part.of, value) for value in path), *moved))
    note = telling.said_looking_back(part.note, 0) if part.note else None
    caption = say(lang, "evaluate.table_years", label=part.label)
    yield Grid(caption, heads, tuple(rows), total=part.whole is not None, note=note or "")


def _moved(formula: CheckedFormula, first: Value, last: Value) -> str:
    if not isinstance(first, Fraction) or not isinstance(last, Fraction):
        return "—"
    return value_text(formula, last - first, points=formula.unit.is_percent, signed=True)


# ---- pictures


def _bars(telling: Telling, part: BarsPart) -> Iterator[Printed]:
    values = [_number(value) for value in telling.of_units(part.of, {})]
    rows = [row for row in telling.listed(part.listing)[0] if values[row] is not None]
    series = {part.label[telling.lang]: tuple(values[row] for row in rows)}
    target = telling.figures.number(part.target) if part.target else None
    sides = say(telling.lang, "evaluate.bar_met"), say(telling.lang, "evaluate.bar_short")
    if rows:
        yield Picture("bars", telling.first_said(part.captions), tuple(telling.names[row] for row in rows), series,
                      part.of.unit.is_percent, target, sides)  # fmt: skip


def _lines(telling: Telling, part: LinesPart) -> Iterator[Printed]:
    if part.only == "sheet":
        return
    years = tuple(str(year) for year in telling.timeline.years)
    series: dict[str, tuple[Fraction | None, ...]] = {}
    if part.of:
        names = telling.timeline.counties
        for code, path in telling.figures.unit_paths(part.of).items():
            series[names[code]] = tuple(map(_number, path))
    else:
        series = {label[telling.lang]: telling.figures.path(formula, telling.common) for formula, label in part.rows}
    series = {label: path for label, path in series.items() if any(value is not None for value in path)}
    if series:
        yield Picture("lines", telling.first_said(part.captions), years, series, part.percent)


def _number(value: Value) -> Fraction | None:
    return value if isinstance(value, Fraction) else None


NAMED: Mapping[str, Callable[[Telling, NamedLines], Iterator[dict[str, object]]]] = {
    "sources": _sources, "rules": _rules, "checks": _checks,
}  # fmt: skip
# Any: each function takes the parts of its own type, which a table from type to function cannot say.
PRINTERS: Mapping[type[ReportPart], Callable[[Telling, Any], Iterator[Printed]]] = {
    HeadingPart: _heading, Paragraph: _paragraph, UnitList: _unit_list, NamedLines: _named_lines, NotesPart: _notes,
    TablePart: _table, YearsPart: _years, BarsPart: _bars, LinesPart: _lines,
}  # fmt: skip
