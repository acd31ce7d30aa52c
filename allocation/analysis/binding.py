"""Which bounds and rules hold a figure where it is: read from the nodes computed, nothing is computed again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allocation.allotting import Bounded
from allocation.classes import dataclass
from allocation.language import tree
from allocation.readings.amounts import amount, unit_of
from allocation.readings.at_row import branch, taken, value_at
from allocation.readings.derivation import PAST, in_both, is_across
from allocation.readings.evaluated import Evaluated
from allocation.readings.figures import quota, side
from allocation.readings.tails import takes_the_tail
from allocation.readings.words import sentence
from allocation.run.run import Run
from allocation.texts import Both, both


@dataclass(frozen=True)
class BindingRule:
    """One bound or rule at work in `column`. `limit` is the named figure that binds, `""` where it has no name.

    `kind` is floor, cap, both, free, rounding, half_up, tail, exception, least or short.
    """

    kind: str
    column: str
    text: Both
    limit: str = ""


def rules(run: Run, name: str, row: int) -> tuple[BindingRule, ...]:
    """What binds the figure `name` of the last period, the outermost rule first."""
    return tuple(_Binding(run, row).column(name, set()))


@dataclass(frozen=True)
class _Binding:
    run: Run
    row: int

    def column(self, name: str, seen: set[str]) -> Iterator[BindingRule]:
        """The rules of a named column and of those it flows from; each column speaks once."""
        if name in self.run.model.columns and name not in seen:
            seen.add(name)
            yield from self.visit(self.run.periods[-1][name], name, seen)

    def visit(self, computed: Evaluated, column: str, seen: set[str]) -> Iterator[BindingRule]:
        node = computed.node
        if isinstance(node, tree.Name):
            yield from self.column(node.id, seen)
            return
        if is_across(node) or isinstance(node, tree.Call) and node.fn in (*PAST, "rank"):
            return
        rule = self.rule(computed, column)
        if rule:
            yield rule
        for part in self.inner(computed):
            yield from self.visit(part, column, seen)

    def inner(self, computed: Evaluated) -> tuple[Evaluated, ...]:
        """The parts the figure grows with: the branch taken, the operand that decides, not what is taken off."""
        node, parts = computed.node, computed.parts
        match node:
            case tree.Call(fn="bounded_share") as share:
                return (bound(computed, share, self.row) or parts[1], parts[0])
            case tree.Call(fn="largest_remainder" | "row_remainder"):
                return quota(computed), parts[0]
            case tree.Call(fn="min" | "max"):
                return (decisive(computed, self.row),)
            case tree.If():
                return (branch(computed, self.row),)
            case tree.Binary(op="-" | "/"):
                return parts[:1]
            case tree.Derived(call=call) if call.fn not in ("clip", "sum_over"):
                return ()
        return parts

    def rule(self, computed: Evaluated, column: str) -> BindingRule | None:
        node = computed.node
        if isinstance(node, tree.If) and node.source and value_at(computed.parts[0].data, self.row):
            return self.made("exception", column, source=node.source)
        if not isinstance(node, tree.Call):
            return None
        if node.fn == "bounded_share":
            return self.bounded(computed, node, column)
        if node.fn in ("largest_remainder", "row_remainder"):
            return self.rounded(computed, column)
        if node.fn == "min":
            held = decisive(computed, self.row)
            return self.made(
                "least", column, held, all=self.words(computed), x=self.words(held), figure=self.figure(held)
            )
        if node.fn == "fill" and self.value(computed) < self.value(computed.parts[1]):
            return self.made("short", column, need=self.figure(computed.parts[1]), figure=self.figure(computed))
        return None

    def bounded(self, computed: Evaluated, share: tree.Call, column: str) -> BindingRule:
        limit, held = bound(computed, share, self.row), bounds_of(computed)
        if limit is None:
            level = in_both(lambda lang: amount(value_at(held.level, self.row), None, lang))
            return self.made("free", column, level=level)
        kind = side(held, self.row)
        by = [self.run.model.entry(name).label for name in depends(self.run, limit, self.row)]
        name = self.words(limit) if isinstance(limit.node, tree.Name) else ""
        return self.made(kind, column, limit, figure=self.figure(limit), name=name, by=by)

    def rounded(self, computed: Evaluated, column: str) -> BindingRule | None:
        less = self.value(quota(computed)) - self.value(computed)
        if less <= 0:
            return None
        lost = in_both(lambda lang: amount(less, unit_of(self.run.model, computed.node), lang))
        named = isinstance(computed.node, tree.Call) and computed.node.arg("tail") is not None
        kind = "tail" if takes_the_tail(computed, self.row) else "half_up" if named else "rounding"
        return self.made(kind, column, lost=lost, before=self.figure(quota(computed)), after=self.figure(computed))

    # ---- texts

    def made(self, kind: str, column: str, limit: Evaluated | None = None, **slots: object) -> BindingRule:
        slots["column"] = self.run.model.entry(column).label
        named = limit.node.id if limit and isinstance(limit.node, tree.Name) else ""
        return BindingRule(kind, column, both(f"explain.rule_{kind}", **slots), named)

    def words(self, computed: Evaluated) -> Both:
        return sentence(self.run.model, computed.node)

    def value(self, computed: Evaluated) -> Any:
        return value_at(computed.data, self.row)

    def figure(self, computed: Evaluated) -> Both:
        return in_both(lambda lang: amount(self.value(computed), unit_of(self.run.model, computed.node), lang))


def bounds_of(share: Evaluated) -> Bounded:
    """What a bounded share that was computed was bound by."""
    assert share.bounded is not None
    return share.bounded


def bound(computed: Evaluated, share: tree.Call, row: int) -> Evaluated | None:
    """The floor or cap a share is held at; None between them. Without the right bound it was let go: no claim."""
    at = side(bounds_of(computed), row)
    sides = [key for key in ("floor", "cap") if share.arg(key) is not None]
    wanted = "cap" if at == "both" and "cap" in sides else "floor" if at == "both" else at
    return computed.parts[2 + sides.index(wanted)] if wanted in sides else None


def decisive(computed: Evaluated, row: int) -> Evaluated:
    """The operand of `min` or `max` that the figure came from."""
    extreme = min if isinstance(computed.node, tree.Call) and computed.node.fn == "min" else max
    values: list[Any] = [value_at(part.data, row) for part in computed.parts]
    return computed.parts[values.index(extreme(values))]


def depends(run: Run, computed: Evaluated, row: int) -> list[str]:
    """Inputs and parameters that made a figure of the county: branches not taken, operands that lost left out."""
    leaves: dict[str, None] = {}
    seen: set[str] = set()

    def visit(part: Evaluated) -> None:
        node = part.node
        if isinstance(node, tree.Name) and node.id in run.model.columns:
            if node.id not in seen:
                seen.add(node.id)
                visit(run.periods[-1][node.id])
        elif isinstance(node, tree.Name):
            leaves[node.id] = None
        elif isinstance(node, tree.Call) and node.fn in PAST:
            leaves.update(dict.fromkeys(earlier(run, node)))
        elif isinstance(node, tree.Call) and node.fn in ("min", "max"):
            visit(decisive(part, row))
        else:
            for below in taken(part, row):
                visit(below)

    visit(computed)
    return list(leaves)


def earlier(run: Run, node: tree.Call) -> tuple[str, ...]:
    """The input that `last` or `since` read in the first period; none where the year before was itself computed."""
    periods = 1 if node.fn == "last" else node.whole("n")
    beyond = periods - len(run.tables)
    name = node.named("x")
    before = (run.model.inputs.get(name) or run.model.columns[name]).before
    return before[beyond : beyond + 1] if beyond >= 0 else ()
