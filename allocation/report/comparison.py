"""Scenarios side by side, described once: of each what it hands out, and how that stands to the first, the baseline.

A column of the table is one kind of figure of one scenario; those of one scenario stand together below its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from allocation.allotting import Bounded
from allocation.classes import dataclass
from allocation.language import tree
from allocation.language.units import PURE, combine
from allocation.policy.model import Model
from allocation.readings.evaluated import Evaluated
from allocation.report.column import CHANGE_PLACES, CODE, NAME, PERCENT, PLACE, column_of, total_kind
from allocation.report.cut import TODAY, Cut
from allocation.report.lines import lines_of
from allocation.report.printed import NOTHING, PrintedColumn, PrintedLine, PrintedTable, Shown
from allocation.report.terms import Term, above_zero
from allocation.run.marks import marks, study_heading
from allocation.run.run import Run
from allocation.tables.table import number
from allocation.texts import LANGUAGES, Both, both, say
from allocation.texts.decimals import UNROUNDED

AWARD, MOVED, MOVED_PART, PART, HEAD, RANK, BOUND = "award", "change", "change_part", "share", "each", "rank", "bound"
KINDS = (AWARD, MOVED, MOVED_PART, PART, HEAD, RANK, BOUND)
AGAINST = (MOVED, MOVED_PART)  # what the baseline has not
SHOWN_TO = {"workbook": KINDS, "screen": (AWARD, MOVED), "file": (AWARD, PART)}
STUBS = {"workbook": (PLACE,), "screen": (CODE, NAME), "file": (CODE, NAME)}
FLOOR, CAP = "floor", "cap"
NOTICED = Fraction(1, 10**9)  # a change of less is none


@dataclass(frozen=True)
class ComparedRun:
    """One of the runs that stand side by side; the first, number 0, is what the others are set against."""

    number: int
    label: Both
    run: Run

    def key(self, kind: str) -> str:
        """That of its column of a kind; no author's name holds a colon, nor what it has of the model."""
        return f"{self.number}:{kind}"

    def entry(self, name: str) -> str:
        """What an entry of the model is called in the table: each run has figures of its own."""
        return f"{self.number}::{name}"


def entry_of(key: str) -> tuple[int, str]:
    """The number of the run that a key is of, and the kind or the name of the entry."""
    number, _, name = key.partition(":")
    return int(number), name.removeprefix(":")


def compared_runs(runs: Sequence[Run], labels: Sequence[Both]) -> tuple[ComparedRun, ...]:
    return tuple(ComparedRun(place, label, run) for place, (run, label) in enumerate(zip(runs, labels, strict=True)))


def comparison_table(runs: Sequence[ComparedRun], reader: str, cut: Cut = TODAY) -> PrintedTable:
    """What a reader is shown: 比较 of the `workbook`, with 合计 first; a `screen`, with 合计 last where there is one; a
    `file` for other programs, of units alone.
    """
    base, model = runs[0].run, runs[0].run.model
    columns = (*(column_of(base, key) for key in STUBS[reader]), *_columns(runs, reader, cut))
    title = [say(lang, "comparison.title", model=study_heading(base)[lang]) + marks(base)[lang] for lang in LANGUAGES]
    return PrintedTable(
        "comparison", Both(*title), model.columns[model.award].unit, model.units,
        _lines(base, reader), columns, _values(runs, columns),
        marks=Both(*(marks(base)[lang] for lang in LANGUAGES)),
    )  # fmt: skip


def _lines(base: Run, reader: str) -> tuple[PrintedLine, ...]:
    """On 比较 the line of 合计 stands, without a word in it, also where nothing adds up."""
    adds = base.model.adds_up(base.model.award)
    total = {"workbook": "first", "screen": "last" if adds else "none", "file": "none"}[reader]
    lines = lines_of(base, total=total, grouped=False)
    return lines if adds or reader != "workbook" else (replace(lines[0], label=NOTHING), *lines[1:])


def _columns(runs: Sequence[ComparedRun], reader: str, cut: Cut) -> list[PrintedColumn]:
    """Of each run those kinds that say something; on a screen what is handed out stands below the name of its run."""
    model = runs[0].run.model
    shared = model.adds_up(model.award) or cut.share_without_total
    said = {HEAD: bool(model.per_person), BOUND: sharing(model) is not None, PART: shared}
    columns = []
    for each in runs:
        for kind in SHOWN_TO[reader]:
            if not said.get(kind, True) or not each.number and kind in AGAINST:
                continue
            column = _column(runs[0], each, kind)
            if kind == AWARD and cut.share_without_total:
                column = replace(column, total="sum")  # that shares were taken of; it stands nowhere on the sheet
            if reader != "screen":
                column = replace(column, heading=each.label, item=column.label)
            elif kind == AWARD:
                column = replace(column, label=each.label)
            columns.append(column)
    return columns


def _column(base: ComparedRun, each: ComparedRun, kind: str) -> PrintedColumn:
    model = each.run.model
    award = model.columns[model.award]
    adds = total_kind(model, model.award)
    mine, first = Term(each.key(AWARD)), Term(base.key(AWARD)).node
    column = PrintedColumn(each.key(kind), both(f"comparison.{kind}"))
    match kind:
        case "award":
            return replace(column, unit=award.unit, decimals=award.decimals, total=adds, entry=each.entry(model.award))
        case "change":
            node = tree.Binary("-", mine.node, first)
            return replace(column, unit=award.unit, decimals=award.decimals, total=adds, node=node, signed=True)
        case "change_part":
            node = tree.Binary("/", Term(each.key(MOVED)).node, first)
            return replace(column, unit=PERCENT, decimals=CHANGE_PLACES, node=node, guard=above_zero(first))
        case "share":
            whole = replace(mine, of="whole").node
            some = tree.Compare("!=", whole, tree.Number(Fraction(0)))
            return replace(column, unit=PERCENT, node=tree.Binary("/", mine.node, whole), guard=some)
        case "each":
            people = Term(each.entry(model.per_person), "rows")
            unit = combine(award.unit, model.entry(model.per_person).unit, -1)
            guard = above_zero(replace(people, or_0=True).node)
            node = tree.Binary("/", mine.node, people.node)
            return replace(column, unit=unit, decimals=UNROUNDED, node=node, guard=guard)
        case "rank":
            rank = tree.Call("rank", (("x", mine.node),))
            return replace(column, unit=PURE, kind="ordinal", node=rank)
    words = tuple((side, both(f"workbook.at_{side}")) for side in (FLOOR, CAP))
    return replace(column, kind="text", entry=each.key(BOUND), words=words)


def _values(runs: Sequence[ComparedRun], columns: Sequence[PrintedColumn]) -> dict[str, Sequence[Shown]]:
    base, model = runs[0].run, runs[0].run.model
    values: dict[str, Sequence[Shown]] = {CODE: base.table.codes, NAME: base.table.names, PLACE: base.table.names}
    keys = {column.key for column in columns}
    for each in runs:
        values[each.entry(model.award)] = each.run.amounts(model.award)
        if each.key(HEAD) in keys:
            values[each.entry(model.per_person)] = each.run.figures(model.per_person)
        if each.key(BOUND) in keys:
            values[each.key(BOUND)] = _sides(each.run)
    return values


def sharing(model: Model) -> tuple[str, Mapping[str, str]] | None:
    """The column that shares the award within bounds, and which columns are its `floor` and `cap`; None without one of
    its own."""
    name, bounds = bounds_of_award(model)
    return (name, bounds) if bounds and name != model.award else None


def bounds_of_award(model: Model) -> tuple[str, Mapping[str, str]]:
    """The same where the award itself is shared within bounds; no bounds of an award without a `floor` or `cap`."""
    name, node = model.award, model.columns[model.award].node
    while isinstance(node, tree.Call) and node.fn == "largest_remainder" and isinstance(node.arg("quota"), tree.Name):
        name = node.named("quota")
        node = model.columns[name].node if name in model.columns else node.needed("quota")
    if name == model.award and isinstance(node, tree.Call) and node.fn == "largest_remainder":
        node = node.needed("quota")
    if not (isinstance(node, tree.Call) and node.fn == "bounded_share"):
        return name, {}
    given = {side: node.arg(side) for side in (CAP, FLOOR)}
    bounds = {side: bound.id for side, bound in given.items() if isinstance(bound, tree.Name)}
    return name, {side: bound for side, bound in bounds.items() if bound in model.columns}


def _sides(run: Run) -> tuple[str | None, ...]:
    """Who sits at a bound of the sharing behind the award, and at which."""
    bounded = _bounded(run.periods[-1][run.model.award])
    if bounded is None:
        return (None,) * len(run.table)
    held = zip(bounded.at_floor[0], bounded.at_cap[0], strict=True)
    return tuple(FLOOR if low else CAP if high else None for low, high in held)


def _bounded(award: Evaluated) -> Bounded | None:
    """The bounds of the sharing nearest to the award, through rounding and named columns."""
    while award.bounded is None:
        inner = [part for part in award.parts if part.data.shape[-1] > 1 or part.bounded is not None]
        if len(inner) != 1:
            return None
        award = inner[0]
    bounded = award.bounded
    return bounded if np.ndim(bounded.at_floor) == 2 else None


def movers(table: PrintedTable, each: ComparedRun, sign: int) -> tuple[str, ...]:
    """Who gains against the baseline (`sign` 1) or loses (-1), most first."""
    changes = zip(table.lines, table.figures[each.key(MOVED)], strict=True)
    moved = [(line.label.zh, sign * number(change)) for line, change in changes if line.kind == "unit"]
    return tuple(name for name, shift in sorted(moved, key=lambda pair: -pair[1]) if shift > NOTICED)
