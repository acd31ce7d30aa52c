"""The formulas of an evaluation: the model's language over the model's names, the rows of the sheet and the run's own.

`last(x)` is a figure of the year before, `since(x, n)` of n years before, `since(x, first)` of the first year. Names of
the run itself begin with an underscore, as no author's may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from fractions import Fraction

from allocation.classes import dataclass
from allocation.language import tree
from allocation.language.check import check, settle
from allocation.language.lists import Lists
from allocation.language.parse import fault, parse, tidy
from allocation.language.typed import Meaning
from allocation.language.units import PURE, Unit
from allocation.policy.building import meaning_of_input, meaning_of_parameter
from allocation.policy.model import Model
from allocation.readings.each import periods_of

FIRST = 1000  # years back, of what speaks of the first year: a number that no author may write
MARK = (-1, -1)
IT = "_it"  # what a wording is said of
NUMBERS = ("_year", "_first", "_years", "_units", "_common", "_compared", "_moves", "_live", "_illustrative",
           "_reference")  # fmt: skip
NUMBER = Meaning("number", "scalar", PURE, role="parameter")


@dataclass(frozen=True)
class CheckedFormula:
    """A checked formula. `back`: how many years it looks back, FIRST where it speaks of the first one."""

    text: str = field(compare=False)
    node: tree.Node
    shape: str
    kind: str
    unit: Unit
    back: int

    @property
    def whole(self) -> bool:
        """Whether it is one figure of all units together."""
        return self.shape == "scalar"

    @property
    def is_rate(self) -> bool:
        """Whether percentage points may be said of it: a number of no unit but %."""
        return self.kind == "number" and not self.unit.dims

    @property
    def adds_up(self) -> bool:
        """Whether a total of what it gives means anything."""
        return self.kind == "number" and self.unit.adds


@dataclass(frozen=True)
class Formulas:
    """Reads formulas over a model. `rows`: what stands for a name of the sheet's rows."""

    model: Model
    rows: Mapping[str, tree.Node] = field(default_factory=dict)

    @property
    def scope(self) -> dict[str, Meaning]:
        model = self.model
        scope = {name: meaning_of_parameter(entry) for name, entry in model.parameters.items()}
        scope |= {name: meaning_of_input(entry) for name, entry in model.inputs.items()}
        for name, column in model.columns.items():
            scope[name] = Meaning(column.kind, column.shape, column.unit, role="column", node=column.node)
        return scope | dict.fromkeys(NUMBERS, NUMBER)

    @property
    def lists(self) -> Lists:
        """`quota[housing]` is the model's `quota.housing`; each family of names is a list of its own."""
        items: dict[str, list[str]] = {}
        for name in (*self.model.parameters, *self.model.inputs, *self.model.columns):
            family, dot, item = name.partition(".")
            if dot:
                items.setdefault(family, []).append(item)
        return Lists({family: tuple(keys) for family, keys in items.items()}, {family: family for family in items})

    def read(
        self, text: str, about: str = "", extra: Mapping[str, Meaning] | None = None, unit: Unit | None = None
    ) -> CheckedFormula:
        """Raises AllocationError that underlines the spot.

        `about`: what `_it` stands for; `extra`: more names; `unit`: what the figure is told in.
        """
        formula = tidy(text)
        scope = self.scope | dict(extra or {})
        node = self._named(parse(text), formula, about, scope)
        node = self.lists.expand(node, formula, {})
        typed = check(_first_marked(node), formula, scope)
        if typed.rough:
            raise fault("irrational", formula, typed.node.span)
        typed = typed if unit is None else settle(typed, unit, formula)
        node = _with_first(typed.node)
        return CheckedFormula(formula, node, typed.shape, typed.kind, typed.unit or PURE, _years_back(node))

    def _named(self, node: tree.Node, formula: str, about: str, scope: Mapping[str, Meaning]) -> tree.Node:
        """With the rows' formulas for their names, and what is spoken of for `_it`."""
        if isinstance(node, tree.Call) and node.fn in ("last", "since"):
            return self._of_the_past(node, formula, about, scope)
        if isinstance(node, tree.Name):
            name = about if node.id == IT and about else node.id
            if name in self.rows and name not in scope:
                return self.rows[name]
            family, dot, item = name.partition("[")
            return tree.Item(family, item.rstrip("]"), span=node.span) if dot else replace(node, id=name)
        return tree.rebuild(node, lambda part: self._named(part, formula, about, scope))

    def _of_the_past(self, node: tree.Call, formula: str, about: str, scope: Mapping[str, Meaning]) -> tree.Node:
        """The past of a row is its formula with the past of every name in it."""
        name = node.needed("x")
        if isinstance(name, tree.Name) and name.id == IT and about:
            name = replace(name, id=about)
        if isinstance(name, tree.Name) and name.id in self.rows and name.id not in scope:
            inner = self.rows[name.id]
            if any(isinstance(part, tree.Call) and part.fn in ("last", "since") for part in inner.walk()):
                raise fault("past_of_past", formula, node.span, name=name.id)
            return _shifted(inner, node)
        if isinstance(name, tree.Name):
            name = self._named(name, formula, about, scope)
        return replace(node, args=(("x", name), *(pair for pair in node.args if pair[0] != "x")))


def _shifted(node: tree.Node, past: tree.Call) -> tree.Node:
    if isinstance(node, tree.Name) and not node.id.startswith("_"):
        return replace(past, args=(("x", node), *(pair for pair in past.args if pair[0] != "x")))
    return tree.rebuild(node, lambda part: _shifted(part, past))


def _first_marked(node: tree.Node) -> tree.Node:
    """`since(x, first)` as the checker takes it: a number of years, with a span that no written number has."""
    if isinstance(node, tree.Call) and node.fn == "since" and node.arg("n") == tree.Name("first"):
        node = _with_years(node, tree.Number(Fraction(1), span=MARK))
    return tree.rebuild(node, _first_marked)


def _with_first(node: tree.Node) -> tree.Node:
    """The same as the readings of an evaluation take it."""
    if isinstance(node, tree.Call) and node.fn == "since" and node.needed("n").span == MARK:
        node = _with_years(node, tree.Number(Fraction(FIRST)))
    return tree.rebuild(node, _with_first)


def _with_years(node: tree.Call, years: tree.Node) -> tree.Call:
    return replace(node, args=(("x", node.needed("x")), ("n", years)))


def _years_back(node: tree.Node) -> int:
    """The farthest year that is spoken of; what a column of the model looks back to is its own affair."""
    calls = (part for part in node.walk() if isinstance(part, tree.Call) and part.fn in ("last", "since"))
    return max((periods_of(call) for call in calls), default=0)
