"""One call of a core function: its arguments by kind, then its own shape and unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Protocol

from allocation.errors import AllocationError
from allocation.language import tree
from allocation.language.functions import FUNCTIONS, IRRATIONAL, Arg
from allocation.language.typed import Meaning, Typed, join
from allocation.language.units import PURE, Unit


class NodeChecker(Protocol):
    """What a call asks of the checker of the formula it stands in."""

    def fault(self, message: str, node: tree.Node, **slots: object) -> AllocationError: ...
    def visit(self, node: tree.Node) -> Typed: ...
    def number(self, node: tree.Node) -> Typed: ...
    def truth(self, node: tree.Node) -> Typed: ...
    def entry(self, node: tree.Name) -> Meaning: ...
    def convert(self, typed: Typed, unit: Unit | None, like: tree.Node) -> tree.Node: ...
    def exact(self, *typed: Typed) -> None: ...
    def pool_shape(self, call: tree.Call, pool: Typed) -> None: ...
    def counted_once(self, call: tree.Call, arg: Arg, typed: Typed, part: tree.Node) -> None: ...


class CallChecker:
    """One call of a core function: its arguments by kind, then its own shape and unit."""

    def __init__(self, checker: NodeChecker, node: tree.Call):
        self.checker, self.node, self.function = checker, node, FUNCTIONS[node.fn]
        self.specs = {arg.name: arg for arg in self.function.args}
        self.lead: Unit | None = None
        self.shape, self.kind, self.rough = "scalar", self.function.kind, node.fn in IRRATIONAL
        self.entry: Meaning | None = None

    def typed(self) -> Typed:
        self.lead = self._lead()
        fresh = tuple((name, self._argument(self.specs[name], part)) for name, part in self.node.args)
        if self.function.rounds:
            self.rough = False
        return Typed(replace(self.node, args=fresh), self._shape(), self.kind, self._unit(), self.rough)

    def _lead(self) -> Unit | None:
        """The unit of the first leading argument that is not a bare literal, else of the first that follows it."""
        for role in ("lead", "same"):
            for name, part in self.node.args:
                if self.specs[name].unit == role:
                    unit = self.checker.visit(part).unit
                    if unit is not None:
                        return unit
        return None

    def _argument(self, arg: Arg, part: tree.Node) -> tree.Node:
        special: dict[str, Callable[[Arg, tree.Node], tree.Node]] = {
            "bands": self._bands_argument,
            "keyed": self._keyed_argument,
            "digits": self._digits_argument,
            "group": self._group_argument,
            "list": self._list_argument,
            "name": self._name_argument,
            "unit": self._unit_argument,
        }
        return special.get(arg.kind, self._figure_argument)(arg, part)

    def _figure_argument(self, arg: Arg, part: tree.Node) -> tree.Node:
        typed = {"number": self.checker.number, "truth": self.checker.truth, "text": self.checker.visit}[arg.kind](part)
        if arg.kind == "text" and typed.kind != "text":
            raise self.checker.fault("needs_text", part)
        self.shape = join(self.shape, typed.shape)
        self.rough = self.rough or typed.rough
        self.checker.counted_once(self.node, arg, typed, part)
        if self.function.group == "allocating":
            self.checker.exact(typed)
            if arg.name == "pool":
                self.checker.pool_shape(self.node, typed)
        if arg.name == "to" and typed.shape != "scalar":
            raise self.checker.fault("to_not_scalar", part)
        if arg.name == "to" and (isinstance(part, tree.Negative) or part == tree.Number(Fraction(0))):
            raise self.checker.fault("to_not_positive", part)
        if arg.kind == "number" and arg.unit in ("same", "lead"):
            return self.checker.convert(typed, self.lead, part)
        if arg.name == "x" and self.node.fn == "step" and self.entry_of_step().by_unit is not None:
            self.checker.exact(typed)
            return self.checker.convert(typed, self.entry_of_step().by_unit, part)
        return typed.node

    def entry_of_step(self) -> Meaning:
        table = self.node.needed("bands")
        if not isinstance(table, tree.Name) or self.checker.entry(table).kind != "bands":
            raise self.checker.fault("needs_bands", table)
        return self.checker.entry(table)

    def _bands_argument(self, arg: Arg, part: tree.Node) -> tree.Node:
        self.entry = self.entry_of_step()
        self.kind = self.entry.value_kind
        return part

    def _keyed_argument(self, arg: Arg, part: tree.Node) -> tree.Node:
        if not isinstance(part, tree.Name) or self.checker.entry(part).kind != "keyed":
            raise self.checker.fault("needs_keyed", part)
        self.entry = self.checker.entry(part)
        self.kind = self.entry.value_kind
        return part

    def _digits_argument(self, arg: Arg, part: tree.Node) -> tree.Node:
        inner = part.of if isinstance(part, tree.Negative) else part
        if not isinstance(inner, tree.Number) or not self._whole(arg, inner.value, inner is not part):
            raise self.checker.fault("needs_digits", part)
        return tree.Number(inner.value if inner is part else -inner.value, span=part.span)

    @staticmethod
    def _whole(arg: Arg, value: Fraction, negative: bool) -> bool:
        """Whether a whole number of the size that its argument takes: a place in a row, periods ago, digits."""
        fits = arg.name in ("place", "tail") or value <= 9
        return value.denominator == 1 and fits and not (arg.name == "n" and (value < 1 or negative))

    def _group_argument(self, arg: Arg, part: tree.Node) -> tree.Node:
        if not isinstance(part, tree.Name) or self.checker.entry(part).kind != "text":
            raise self.checker.fault("needs_group", part)
        if self.checker.entry(part).shape == "scalar":
            raise self.checker.fault("needs_group", part)
        return part

    def _list_argument(self, arg: Arg, part: tree.Node) -> tree.Node:
        raise self.checker.fault("unknown_list", part, lists="—")

    def _name_argument(self, arg: Arg, part: tree.Node) -> tree.Node:
        past = isinstance(part, tree.Call) and part.fn in ("last", "since") and self.node.fn == "given"
        if past:
            typed = self.checker.visit(part)
            self.shape = join(self.shape, typed.shape)
            return typed.node
        allowed = ("input",) if self.node.fn == "given" else ("input", "column")
        if not isinstance(part, tree.Name) or self.checker.entry(part).role not in allowed:
            raise self.checker.fault("needs_input_name", part, name=self.node.fn)
        entry = self.checker.entry(part)
        self.shape = join(self.shape, entry.shape)
        if self.node.fn in ("last", "since"):
            self.kind = entry.kind
        return part

    def _unit_argument(self, arg: Arg, part: tree.Node) -> tree.Node:
        """A code or name in quotes, or a test that holds for the one unit meant."""
        if isinstance(part, tree.Text):
            if not part.value.strip():
                raise self.checker.fault("unit_unnamed", part, name=arg.name)
            return part
        typed = self.checker.visit(part)
        if typed.kind != "truth":
            raise self.checker.fault("needs_unit", part, name=arg.name)
        return typed.node

    def _shape(self) -> str:
        if self.function.shape == "column":
            return "column"
        if self.function.shape == "counties":
            by = self.node.arg("by")
            return f"group:{by.id}" if isinstance(by, tree.Name) else "scalar"
        return self.shape

    def _unit(self) -> Unit | None:
        match self.function.unit:
            case "pure":
                return PURE
            case "entry":
                return self.entry.unit if self.entry else PURE
            case "root":
                return self._root()
        return self.lead

    def _root(self) -> Unit | None:
        if self.lead is None or not self.lead.dims and self.lead.scale == 1:
            return self.lead
        if self.lead.scale != 1 or any(exponent % 2 for _, exponent in self.lead.dims):
            raise self.checker.fault("root_unit", self.node, unit=self.lead.name)
        dims = tuple((base, exponent // 2) for base, exponent in self.lead.dims)
        return Unit(f"√({self.lead.name})", Fraction(1), dims)
