"""Shapes, kinds and units of a parsed formula; conversions put in; irrational figures kept inside a rounding.

The checker returns the tree the readings walk: derived calls are `Derived`, changes of unit are `Convert`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from allocation.errors import AllocationError, nearest
from allocation.files.limits import FORMULA_NODES
from allocation.language import tree
from allocation.language.calls import CallChecker
from allocation.language.functions import FUNCTIONS, Arg, Function
from allocation.language.parse import fault
from allocation.language.rewrites import rewrite
from allocation.language.typed import Meaning, Typed, join
from allocation.language.units import PURE, Unit, combine, power


def check(node: tree.Node, formula: str, scope: Mapping[str, Meaning]) -> Typed:
    """The typed tree of `node`. Raises AllocationError that underlines the spot in `formula`."""
    typed = _FormulaChecker(formula, scope).visit(node)
    if _size(typed.node, {}) > FORMULA_NODES:
        raise fault("too_many_terms", formula, node.span, most=FORMULA_NODES)
    return typed


def _size(node: tree.Node, known: dict[int, int]) -> int:
    """The nodes a reading walks: derived calls repeat their arguments, so nesting them multiplies."""
    if id(node) not in known:
        known[id(node)] = 1 + sum(_size(part, known) for part in node.parts())
    return known[id(node)]


def settle(typed: Typed, unit: Unit, formula: str) -> Typed:
    """The formula's result in the column's unit; refuses irrational results and conversions after a rounding."""
    if typed.rough:
        raise fault("irrational", formula, typed.node.span)
    if typed.kind != "number" or typed.unit is None:
        return replace(typed, unit=unit)
    if typed.unit.dims != unit.dims:
        raise fault("result_unit", formula, typed.node.span, found=typed.unit.name or "1", expected=unit.name or "1")
    factor = typed.unit.scale / unit.scale
    if factor == 1:
        return replace(typed, unit=unit)
    if _rounded(typed.node):
        raise fault("rounded_unit", formula, typed.node.span, found=typed.unit.name, expected=unit.name)
    return replace(typed, node=tree.Convert(typed.node, factor, unit.name, span=typed.node.span), unit=unit)


def _rounded(node: tree.Node) -> bool:
    """Whether a rounding decides the result, also behind an `if`, a `min` or a `max`."""
    match node:
        case tree.If(then=then, otherwise=otherwise):
            return _rounded(then) or _rounded(otherwise)
        case tree.Derived(body=body):
            return _rounded(body)
        case tree.Call(fn="min" | "max"):
            return any(_rounded(part) for part in node.rest("x"))
        case tree.Call(fn=fn):
            return FUNCTIONS[fn].rounds
    return False


class _FormulaChecker:
    def __init__(self, formula: str, scope: Mapping[str, Meaning]):
        self.formula = formula
        self.scope = scope
        self.seen: dict[int, tuple[tree.Node, Typed]] = {}  # a derived call repeats its arguments: each is checked once

    def fault(self, message: str, node: tree.Node, **slots: object) -> AllocationError:
        return fault(message, self.formula, node.span, **slots)

    def visit(self, node: tree.Node) -> Typed:
        if id(node) not in self.seen:
            self.seen[id(node)] = node, self._visit(node)
        return self.seen[id(node)][1]

    def _visit(self, node: tree.Node) -> Typed:
        match node:
            case tree.Number():
                return Typed(node, "scalar", "number", None)
            case tree.Text():
                raise self.fault("text_alone", node)
            case tree.Name():
                return self._name(node)
            case tree.Negative():
                of = self.number(node.of)
                return replace(of, node=replace(node, of=of.node))
            case tree.Not():
                of = self.truth(node.of)
                return replace(of, node=replace(node, of=of.node))
            case tree.Binary():
                return self._binary(node)
            case tree.Power():
                of = self.number(node.of)
                return replace(of, node=replace(node, of=of.node), unit=of.unit and power(of.unit, node.exponent))
            case tree.Compare():
                return self._compare(node)
            case tree.Member():
                of = self.visit(node.of)
                if of.kind != "text":
                    raise self.fault("in_needs_text", node.of)
                return Typed(replace(node, of=of.node), of.shape, "truth", PURE)
            case tree.Logic():
                parts = [self.truth(part) for part in node.operands]
                shape = parts[0].shape
                for part in parts[1:]:
                    shape = join(shape, part.shape)
                return Typed(replace(node, operands=tuple(part.node for part in parts)), shape, "truth", PURE)
            case tree.If():
                return self._if(node)
            case tree.Derived():  # written by the loader: sum_over
                body = self.visit(node.body)
                return replace(body, node=replace(node, body=body.node))
            case tree.Call():
                return self._call(node)
        raise self.fault("not_allowed", node)

    def number(self, node: tree.Node) -> Typed:
        typed = self.visit(node)
        if typed.kind != "number":
            raise self.fault("needs_number", node)
        return typed

    def truth(self, node: tree.Node) -> Typed:
        typed = self.visit(node)
        if typed.kind != "truth":
            raise self.fault("needs_truth", node)
        return typed

    def entry(self, node: tree.Name) -> Meaning:
        entry = self.scope.get(node.id)
        if entry is None:
            known = [name for name, meaning in self.scope.items() if meaning is not None]
            raise self.fault("unknown_name", node, name=node.id, nearest=nearest(node.id, known) or "—")
        return entry

    def _name(self, node: tree.Name) -> Typed:
        entry = self.entry(node)
        if entry.kind in ("bands", "keyed"):
            raise self.fault("table_alone", node, name=node.id, function="step" if entry.kind == "bands" else "pick")
        return Typed(node, entry.shape, entry.kind, entry.unit)

    def convert(self, typed: Typed, unit: Unit | None, like: tree.Node) -> tree.Node:
        """`typed` in `unit`; a literal or an unknown unit stays as it is."""
        if unit is None or typed.unit is None:
            return typed.node
        if typed.unit.dims != unit.dims:
            slots = {"left": unit.name or "1", "right": typed.unit.name or "1"}
            raise self.fault("units_differ", like, **slots)
        factor = typed.unit.scale / unit.scale
        if factor == 1:
            return typed.node
        return tree.Convert(typed.node, factor, unit.name, span=typed.node.span)

    def _binary(self, node: tree.Binary) -> Typed:
        left, right = self.number(node.left), self.number(node.right)
        shape, rough = join(left.shape, right.shape), left.rough or right.rough
        if node.op == "/" and shape == right.shape and self._counts(right.node, shape.removeprefix("group:")):
            shape = "column"  # each county's equal part of what its group has: it counts once a group
        if node.op in "+-":
            unit = left.unit or right.unit
            summed = replace(node, left=left.node, right=self.convert(right, unit, node))
            return Typed(summed, shape, "number", unit, rough)
        fresh: tree.Node = replace(node, left=left.node, right=right.node)
        if left.unit is None and right.unit is None:
            return Typed(fresh, shape, "number", None, rough)
        unit = combine(left.unit or PURE, right.unit or PURE, 1 if node.op == "*" else -1)
        if not unit.dims and unit.scale != 1:  # 万元 ÷ 元 is a pure number at once, or 1 would mean 1 万元/元
            fresh, unit = tree.Convert(fresh, unit.scale, "", span=node.span), PURE
        return Typed(fresh, shape, "number", unit, rough)

    def _compare(self, node: tree.Compare) -> Typed:
        literal, other = (node.left, node.right) if isinstance(node.left, tree.Text) else (node.right, node.left)
        if isinstance(literal, tree.Text):
            typed = self.visit(other)
            if typed.kind != "text" or node.op not in ("==", "!="):
                raise self.fault("text_compare", node)
            negated = node.op == "!="
            return Typed(tree.Member(typed.node, (literal.value,), negated, span=node.span), typed.shape, "truth", PURE)
        left, right = self.visit(node.left), self.visit(node.right)
        shape = join(left.shape, right.shape)
        if left.kind == right.kind == "text" and node.op in ("==", "!="):
            return Typed(replace(node, left=left.node, right=right.node), shape, "truth", PURE)
        if left.kind != "number" or right.kind != "number":
            raise self.fault("compare_kinds", node)
        self.exact(left, right)
        fresh = replace(node, left=left.node, right=self.convert(right, left.unit or right.unit, node))
        return Typed(fresh, shape, "truth", PURE)

    def exact(self, *typed: Typed) -> None:
        for part in typed:
            if part.rough:
                raise self.fault("irrational", part.node)

    def pool_shape(self, call: tree.Call, pool: Typed) -> None:
        """A pool is one figure a run, or one a group when `by` is given."""
        by = call.arg("by")
        if pool.shape != "scalar" and not (isinstance(by, tree.Name) and pool.shape == f"group:{by.id}"):
            raise self.fault("pool_shape", call.needed("pool"))

    def counted_once(self, call: tree.Call, arg: Arg, typed: Typed, part: tree.Node) -> None:
        """What is added up over counties is a figure a county: one of a group would count once for each of its own.

        Within the group itself it is the same for all, as a figure of the whole run is: an equal split.
        """
        by, group = call.arg("by"), typed.shape.removeprefix("group:")
        if arg.adds and group != typed.shape and not (isinstance(by, tree.Name) and by.id == group):
            message = "group_claimed" if FUNCTIONS[call.fn].group == "allocating" else "group_added"
            start, end = part.span
            raise self.fault(message, part, x=self.formula[start:end], by=group)

    def _counts(self, node: tree.Node, group: str) -> bool:
        """Whether a figure is the number of a group's counties, under whatever name."""
        while isinstance(node, tree.Name) and (formula := self.entry(node).node) is not None:
            node = formula
        if not (isinstance(node, tree.Call) and node.arg("by") == tree.Name(group)):
            return False
        return node.fn == "count" or node.fn == "total" and isinstance(node.arg("x"), tree.Number)

    def _if(self, node: tree.If) -> Typed:
        test, then, other = self.truth(node.test), self.visit(node.then), self.visit(node.otherwise)
        if then.kind != other.kind:
            raise self.fault("branch_kinds", node)
        shape = join(join(then.shape, other.shape), test.shape)
        if then.kind != "number":
            fresh = replace(node, test=test.node, then=then.node, otherwise=other.node)
            return Typed(fresh, shape, then.kind, then.unit)
        unit = then.unit or other.unit
        fresh = replace(node, test=test.node, then=then.node, otherwise=self.convert(other, unit, node))
        return Typed(fresh, shape, "number", unit, then.rough or other.rough)

    def _call(self, node: tree.Call) -> Typed:
        function = FUNCTIONS[node.fn]
        if function.derived:
            return self._derived(node, function)
        many = [arg for arg in function.args if arg.many and function.group != "internal"]
        if many and len(node.args) < 2:
            raise self.fault("needs_two", node, name=node.fn, across="lowest" if node.fn == "min" else "highest")
        return CallChecker(self, node).typed()

    def _derived(self, node: tree.Call, function: Function) -> Typed:
        """A derived call: what it adds up is looked at as written, the rest in the core formula it stands for."""
        if function.group == "allocating":
            self.pool_shape(node, self.visit(node.needed("pool")))
        for arg in function.args:
            if arg.adds:
                part = node.needed(arg.name)
                self.counted_once(node, arg, self.visit(part), part)
        fresh = rewrite(node)
        body = self.visit(fresh.body)
        if body.unit is not None and not body.unit.dims and body.unit.scale == 1:
            body = replace(body, unit=PURE)
        elif body.unit is not None and function.unit == "lead":
            lead = self.visit(node.needed(next(arg.name for arg in function.args if arg.unit == "lead")))
            same = lead.unit and lead.unit.dims == body.unit.dims and lead.unit.scale == body.unit.scale
            body = replace(body, unit=lead.unit if same else body.unit)
        shape = "column" if function.shape == "column" else body.shape
        return replace(body, node=replace(fresh, body=body.node), shape=shape)
