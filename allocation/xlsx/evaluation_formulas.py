"""Formulas of an evaluation as Excel text over the sheets of the years.

What another cell of the sheet shows already is taken from there. A figure of the units of several years alone is worked
out from their own cells; where that cannot be said in a formula, the figure itself is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace

from allocation.classes import dataclass
from allocation.language import tree
from allocation.policy.model import Model
from allocation.readings.each import periods_of
from allocation.readings.excel_text import number, scaled
from allocation.run.run import Run
from allocation.xlsx.layout import FIRST
from allocation.xlsx.plan import Plan
from allocation.xlsx.printed_text import unbroken
from allocation.years.comparable import Comparable
from allocation.years.evaluation.formulas import FIRST as FIRST_YEAR
from allocation.years.evaluation.on_sheet import ACROSS, EACH, PAST

Known = Callable[[tree.Node, int], str]
SIGNS = {"==": "=", "!=": "<>"}
LOOSE = {"+": 1, "-": 1, "*": 2, "/": 2}


class NotSaid(Exception):
    """No formula says it here."""


def nothing_known(node: tree.Node, place: int) -> str:
    return ""


@dataclass(frozen=True)
class Spot:
    """For what a formula is written: a year by its place, a unit by its code (empty of all together), over which units
    (None of all), and the cells that show something already. `strict`: from those cells alone."""

    place: int
    code: str = ""
    over: Comparable | None = None
    known: Known = nothing_known
    strict: bool = False


@dataclass
class YearFormulas:
    """`read`: the places of the years whose sheets the texts made so far take figures from."""

    model: Model
    runs: Sequence[Run]
    plans: Sequence[Plan]
    read: set[int] = field(default_factory=set)

    def text(self, node: tree.Node, spot: Spot) -> str:
        """A formula's text that shows no figure where a year that it takes figures from is not right."""
        self.read = set()
        return self.guarded(self._text(node, spot))

    def bare(self, node: tree.Node, spot: Spot) -> str:
        """The same, whatever the years hold."""
        return self._text(node, spot)

    def points(self, node: tree.Node, spot: Spot) -> str:
        """The same of a rate in percentage points."""
        self.read = set()
        text = self._text(node, spot)
        bare = isinstance(node, tree.Name) or spot.known(node, spot.place)
        return self.guarded(f"ROUND({text}*100,2)" if bare else f"ROUND(({text})*100,2)")

    def guarded(self, text: str) -> str:
        for place in sorted(self.read):
            text = self.plans[place].layout.unless_broken(text)
        return text

    # ---- nodes

    def _text(self, node: tree.Node, spot: Spot) -> str:
        if cell := spot.known(node, spot.place):
            return cell
        match node:
            case tree.Number(value=value):
                return number(value)
            case tree.Name():
                return self._name(node, spot)
            case tree.Negative(of=of):
                return f"-{self._brackets(of, spot, 3)}"
            case tree.Binary(op=op, left=left, right=right):
                strength = LOOSE[op]
                return f"{self._brackets(left, spot, strength)}{op}{self._brackets(right, spot, strength + 1)}"
            case tree.Convert(of=of, factor=factor):
                return scaled(self._brackets(of, spot, 2), factor)
            case tree.Compare(op=op, left=left, right=right):
                return f"{self._brackets(left, spot, 1)}{SIGNS.get(op, op)}{self._brackets(right, spot, 1)}"
            case tree.Call():
                return self._call(node, spot)
        raise NotSaid

    def _brackets(self, node: tree.Node, spot: Spot, strength: int) -> str:
        text = self._text(node, spot)
        bound = 1 if isinstance(node, tree.Negative) else LOOSE[node.op] if isinstance(node, tree.Binary) else 4
        return text if bound >= strength or spot.known(node, spot.place) else f"({text})"

    def _name(self, node: tree.Name, spot: Spot) -> str:
        if spot.strict:
            raise NotSaid
        name, layout = node.id, self.plans[spot.place].layout
        if name in self.model.parameters:
            return layout.parameter(name)
        column = self.model.columns.get(name)
        if column and column.shape == "scalar":
            if spot.over is not None:
                return self._text(column.node, spot)
            self.read.add(spot.place)
            return layout.column(name)
        return self._cell(name, spot)

    def _cell(self, name: str, spot: Spot) -> str:
        """A unit's own cell of a year."""
        codes = self.runs[spot.place].table.codes
        if spot.code not in codes:
            raise NotSaid
        self.read.add(spot.place)
        return place_of(self.plans[spot.place], name).replace("{r}", str(FIRST + codes.index(spot.code) + 1))

    def _call(self, node: tree.Call, spot: Spot) -> str:
        if node.fn in PAST:
            return self._text(node.needed("x"), replace(spot, place=self._past(node, spot)))
        if node.fn in ACROSS or node.fn == "count":
            return self._across(node, spot)
        if node.fn in EACH:
            return f"{EACH[node.fn]}({','.join(self._text(part, spot) for part in node.rest('x'))})"
        if node.fn == "round":
            return f"ROUND({self._text(node.needed('x'), spot)},{node.whole('digits')})"
        raise NotSaid

    def _past(self, node: tree.Call, spot: Spot) -> int:
        back = periods_of(node)
        place = 0 if back == FIRST_YEAR else spot.place - back
        if place < 0:
            raise NotSaid
        return place

    def _across(self, node: tree.Call, spot: Spot) -> str:
        if spot.strict or node.arg("by"):
            raise NotSaid
        x = node.needed("x")
        if node.fn == "count":
            return self._count(x, spot)
        spans = self._spans(x, spot)
        joined = ",".join(spans)
        if node.fn == "mean" and len(spans) > 1:
            return f"SUM({joined})/COUNT({joined})"
        return ACROSS[node.fn].format(joined)

    def _count(self, test: tree.Node, spot: Spot) -> str:
        match test:
            case tree.Call(fn="given"):
                name = test.named("x")
                read = set(self.read)
                spans = self._spans(test.needed("x"), spot)
                if name in self.plans[spot.place].may_be_blank:
                    return "+".join(f'SUMPRODUCT(--({span}<>""))' for span in spans)
                self.read = read  # how many rows there are does not hang on what stands in them
                return "+".join(f"ROWS({span})" for span in spans)
            case tree.Compare(op=op, left=left, right=tree.Number(value=value)):
                counted = (
                    f"SUMPRODUCT(--({span}{SIGNS.get(op, op)}{number(value)}))" for span in self._spans(left, spot)
                )
                return "+".join(counted)
            case tree.Compare(op=op, left=left, right=tree.Name() as right):
                pairs = zip(self._spans(left, spot), self._spans(right, spot), strict=True)
                return "+".join(f"SUMPRODUCT(--({before}{SIGNS.get(op, op)}{after}))" for before, after in pairs)
        raise NotSaid

    def _spans(self, node: tree.Node, spot: Spot) -> list[str]:
        """A name's cells of all units that are spoken of: a span for every unbroken run of rows."""
        if isinstance(node, tree.Call) and node.fn in PAST:
            return self._spans(node.needed("x"), replace(spot, place=self._past(node, spot)))
        if not isinstance(node, tree.Name) or node.id in self.model.parameters:
            raise NotSaid
        plan, run = self.plans[spot.place], self.runs[spot.place]
        sheet, _, cell = place_of(plan, node.id).partition("!")
        if "{r}" not in cell:
            raise NotSaid
        self.read.add(spot.place)
        rows = range(len(run.table)) if spot.over is None else spot.over.rows(run)
        ends = ([cell.replace("{r}", f"${plan.layout.first + row}") for row in span] for span in unbroken(rows))
        return [f"{sheet}!{first}:{last}" for first, last in ends]


def place_of(plan: Plan, name: str) -> str:
    return plan.layout.input(name) if name in plan.layout.inputs else plan.layout.column(name)


def by_node(cells: Mapping[tree.Node, str], of: int, but: str = "") -> Known:
    """Cells of one year by what they show, but for the one that is being written."""
    return lambda node, place: cell if place == of and (cell := cells.get(node, "")) != but else ""
