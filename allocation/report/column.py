"""Each column that can be shown, by its key: an entry of the model, a text of each place, a derived figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from allocation.language import tree
from allocation.language.units import MU, PURE, SQUARE_METRE, Unit, combine
from allocation.language.units import YEAR as UNIT_OF_YEARS
from allocation.policy.model import Column, Input, Model
from allocation.report.printed import NOTHING, PrintedColumn
from allocation.report.terms import Term, above_zero
from allocation.run.run import Run
from allocation.texts import both
from allocation.texts.decimals import UNROUNDED

CODE, NAME, CHANGE = "code", "name", "change"  # as model files spell them
NOTE = "_printed_note"  # 备注（印）, as records of editions spell it
PLACE, NUMBER, YEAR = ".place", ".number", ".year"  # 地区, 序号, 年度: no author's name begins with a dot
CHANGE_PART, SHARE, EACH, IN_MU = ".change_part", ".share", ".each", ".mu"
CHANGE_PLACES = 3  # of a change as a part of last year's figure: one decimal of its percentage
PERCENT = Unit("%", Fraction(1), ())
AT_MOST = 2  # decimals of a score; the sheet 测算 shows them all


def column_of(run: Run, key: str) -> PrintedColumn:
    """The column of a key, an entry of the model where it is none of those above."""
    return COLUMNS[key](run) if key in COLUMNS else entry_column(run, key)


def entry_column(run: Run, name: str) -> PrintedColumn:
    """An input or column of the model, one figure or text a place."""
    model, entry = run.model, run.model.entry(name)
    assert isinstance(entry, Input | Column)
    blank = getattr(entry, "optional", False) or name in run.blank
    blank = blank or (name in model.columns and None in run.figures(name))
    kind: Literal["number", "text", "truth"] = "text" if getattr(entry, "text", False) else "number"
    if isinstance(entry, Column) and entry.kind in ("text", "truth"):
        kind = "text" if entry.kind == "text" else "truth"
    item = entry.item or NOTHING if entry.heading else NOTHING
    before, places = name == model.compare_with, entry.decimals
    if before:  # as last year's award stands beside this one
        issued = model.columns[model.award].decimals
        places = issued if issued is None or places is None else max(places, issued)
    return PrintedColumn(
        name, entry.label, entry.unit, places, kind, total_kind(model, name), entry.heading or NOTHING, item,
        entry=name, may_be_blank=blank or before, default=getattr(entry, "default", None), stands=before,
    )  # fmt: skip


def _text(key: str, message: str, stub: bool = False) -> Callable[[Run], PrintedColumn]:
    return lambda run: PrintedColumn(key, both(f"workbook.{message}"), kind="text", stub=stub)


def _number(run: Run) -> PrintedColumn:
    return PrintedColumn(NUMBER, both("workbook.serial"), PURE, 0)


def _change(run: Run) -> PrintedColumn:
    """A blank last year counts as none."""
    model, award = run.model, run.model.columns[run.model.award]
    before = _in_unit(Term(model.compare_with, or_0=True).node, model.inputs[model.compare_with].unit, award.unit)
    return PrintedColumn(
        CHANGE, both("workbook.change"), award.unit, award.decimals, total=total_kind(model, model.award), signed=True,
        node=tree.Binary("-", Term(model.award).node, before), identity=(("", model.award), ("-", model.compare_with)),
    )  # fmt: skip


def _in_unit(node: tree.Node, unit: Unit, other: Unit) -> tree.Node:
    factor = unit.factor_to(other) if unit.same_kind(other) else Fraction(1)
    return node if factor == 1 else tree.Convert(node, factor, other.name)


def total_kind(model: Model, name: str) -> Literal["sum", "blank"]:
    """What a line over several units has of an entry."""
    return "sum" if model.adds_up(name) else "blank"


def _change_part(run: Run) -> PrintedColumn:
    last = run.model.compare_with
    award, before = run.model.columns[run.model.award].unit, run.model.inputs[last].unit
    return PrintedColumn(
        CHANGE_PART, both("workbook.change_part"), PERCENT, CHANGE_PLACES, total="own",
        node=tree.Binary("/", Term(CHANGE).node, _in_unit(Term(last).node, before, award)),
        guard=above_zero(Term(last, or_0=True).node), identity=(("", CHANGE), ("÷", last)),
    )  # fmt: skip


def share_of(key: str, of: str) -> PrintedColumn:
    """A column's part of its total."""
    whole = Term(of, "whole").node
    node = tree.Binary("/", Term(of).node, whole)
    return PrintedColumn(key, both("workbook.share"), PERCENT, total="own", node=node, guard=above_zero(whole))


def _each(run: Run) -> PrintedColumn:
    """What is handed out a head, over the people of the line's rows; land is read in square metres."""
    model = run.model
    award, people = model.columns[model.award], model.entry(model.per_person)
    square = model.units.parse(SQUARE_METRE)
    factor = award.unit.scale if award.unit.dims == square.dims and award.unit.scale > square.scale else Fraction(1)
    factor = factor if factor.denominator == 1 else Fraction(1)
    node = Term(model.award).node
    unit = award.unit if factor == 1 else square
    return PrintedColumn(
        EACH, both("workbook.each", people=people.label), combine(unit, people.unit, -1),
        UNROUNDED if factor == 1 else AT_MOST, total="own",
        node=tree.Binary("/", node if factor == 1 else tree.Convert(node, factor), Term(people.name, "rows").node),
        guard=above_zero(Term(people.name, "rows", or_0=True).node),
    )  # fmt: skip


def _mu(run: Run) -> PrintedColumn:
    """What is handed out, in 亩: a factor without a remainder, so that it has the decimals of the award."""
    model, mu = run.model, run.model.units.parse(MU)
    award = model.columns[model.award]
    node = _in_unit(Term(model.award).node, award.unit, mu)
    return PrintedColumn(IN_MU, award.label, mu, award.decimals, total=total_kind(model, model.award), node=node)


COLUMNS: dict[str, Callable[[Run], PrintedColumn]] = {
    CODE: _text(CODE, "code"),
    NAME: _text(NAME, "name", stub=True),
    PLACE: _text(PLACE, "county", stub=True),
    NUMBER: _number,
    YEAR: lambda run: PrintedColumn(YEAR, both("importing.year"), run.model.units.parse(UNIT_OF_YEARS), 0),
    NOTE: _text(NOTE, "printed_note"),
    CHANGE: _change,
    CHANGE_PART: _change_part,
    SHARE: lambda run: share_of(SHARE, run.model.award),
    EACH: _each,
    IN_MU: _mu,
}


def factor_columns_of(run: Run) -> tuple[PrintedColumn, ...]:
    """Value, weight, share and amount of each factor."""
    model, columns = run.model, [column_of(run, PLACE)]
    for place, factor in enumerate(model.factors, start=1):
        value, amount = entry_column(run, factor.value), entry_column(run, factor.amount)
        named = model.entry(factor.amount)
        assert isinstance(named, Column)
        head = named.item or model.entry(factor.value).label
        weight = PrintedColumn(
            f"{place}.weight", model.entry(factor.weight).label, PERCENT, total="own",
            node=Term(factor.weight, "run").node,
        )  # fmt: skip
        share = replace(share_of(f"{place}.share", f"{place}.value"), decimals=6)
        columns += [
            replace(value, key=f"{place}.value", heading=head, item=value.head, total="sum", decimals=_at_most(value)),
            replace(weight, heading=head, item=both("workbook.weight")),
            replace(share, heading=head, item=both("workbook.share_of_factor")),
            replace(amount, key=f"{place}.amount", heading=head, item=both("workbook.amount")),
        ]
    return tuple(columns)


def _at_most(column: PrintedColumn) -> int | None:
    """A score is printed with two decimals at most."""
    if column.unit.is_percent:
        return column.decimals
    return AT_MOST if column.decimals is None else min(column.decimals, AT_MOST)
