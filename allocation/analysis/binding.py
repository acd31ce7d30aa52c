"""Which bounds and rules hold a figure where it is: read from the nodes computed, nothing is computed again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from allocation.language import tree
from allocation.readings.amounts import amount, unit_of
from allocation.readings.derivation import PAST, both, is_across
from allocation.readings.evaluated import Evaluated
from allocation.readings.figures import branch, quota, side, taken, value_at
from allocation.readings.words import sentence
from allocation.run import Run
from allocation.texts import Both, say


@dataclass(frozen=True)
class BindingRule:
    """One bound or rule at work in `column`. `limit` is the named figure that binds, `""` where it has no name.

    `kind` is floor, cap, both, free, rounding, exception, least or short.
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

    def visit(self, found: Evaluated, column: str, seen: set[str]) -> Iterator[BindingRule]:
        node = found.node
        if isinstance(node, tree.Name):
            yield from self.column(node.id, seen)
            return
        if is_across(node) or isinstance(node, tree.Call) and node.fn in (*PAST, "rank"):
            return
        rule = self.rule(found, column)
        if rule:
            yield rule
        for part in self.inner(found):
            yield from self.visit(part, column, seen)

    def inner(self, found: Evaluated) -> tuple[Evaluated, ...]:
        """The parts the figure grows with: the branch taken, the operand that decides, not what is taken off."""
        node, parts = found.node, found.parts
        match node:
            case tree.Call(fn="bounded_share"):
                return (bound(found, self.row) or parts[1], parts[0])
            case tree.Call(fn="largest_remainder" | "row_remainder"):
                return quota(found), parts[0]
            case tree.Call(fn="min" | "max"):
                return (decisive(found, self.row),)
            case tree.If():
                return (branch(found, self.row),)
            case tree.Binary(op="-" | "/"):
                return parts[:1]
            case tree.Derived(call=call) if call.fn not in ("clip", "sum_over"):
                return ()
        return parts

    def rule(self, found: Evaluated, column: str) -> BindingRule | None:
        node = found.node
        if isinstance(node, tree.If) and node.source and value_at(found.parts[0].data, self.row):
            return self.made("exception", column, source=node.source)
        if not isinstance(node, tree.Call):
            return None
        if node.fn == "bounded_share":
            return self.bounded(found, column)
        if node.fn in ("largest_remainder", "row_remainder"):
            return self.rounded(found, column)
        if node.fn == "min":
            held = decisive(found, self.row)
            return self.made("least", column, held, all=self.words(found), x=self.words(held), figure=self.figure(held))
        if node.fn == "fill" and self.value(found) < self.value(found.parts[1]):
            return self.made("short", column, need=self.figure(found.parts[1]), figure=self.figure(found))
        return None

    def bounded(self, found: Evaluated, column: str) -> BindingRule:
        limit, kind = bound(found, self.row), side(found.bounded, self.row)
        if limit is None:
            level = both(lambda lang: amount(value_at(found.bounded.level, self.row), None, lang))
            return self.made("free", column, level=level)
        by = [self.run.model.entry(name).label for name in depends(self.run, limit, self.row)]
        name = self.words(limit) if isinstance(limit.node, tree.Name) else ""
        return self.made(kind, column, limit, figure=self.figure(limit), name=name, by=by)

    def rounded(self, found: Evaluated, column: str) -> BindingRule | None:
        less = self.value(quota(found)) - self.value(found)
        if less <= 0:
            return None
        lost = both(lambda lang: amount(less, unit_of(self.run.model, found.node), lang))
        return self.made("rounding", column, lost=lost, before=self.figure(quota(found)), after=self.figure(found))

    # ---- texts

    def made(self, kind: str, column: str, limit: Evaluated | None = None, **slots: object) -> BindingRule:
        slots["column"] = self.run.model.entry(column).label
        named = limit.node.id if limit and isinstance(limit.node, tree.Name) else ""
        return BindingRule(kind, column, both(lambda lang: say(lang, f"explain.rule_{kind}", **slots)), named)

    def words(self, found: Evaluated) -> Both:
        return both(lambda lang: sentence(self.run.model, found.node, lang))

    def value(self, found: Evaluated):
        return value_at(found.data, self.row)

    def figure(self, found: Evaluated) -> Both:
        return both(lambda lang: amount(self.value(found), unit_of(self.run.model, found.node), lang))


def bound(found: Evaluated, row: int) -> Evaluated | None:
    """The floor or cap a share is held at; None between them. Without the right bound it was let go: no claim."""
    at = side(found.bounded, row)
    sides = [key for key in ("floor", "cap") if found.node.arg(key) is not None]
    wanted = "cap" if at == "both" and "cap" in sides else "floor" if at == "both" else at
    return found.parts[2 + sides.index(wanted)] if wanted in sides else None


def decisive(found: Evaluated, row: int) -> Evaluated:
    """The operand of `min` or `max` that the figure came from."""
    extreme = min if found.node.fn == "min" else max
    return extreme(found.parts, key=lambda part: value_at(part.data, row))


def depends(run: Run, found: Evaluated, row: int) -> list[str]:
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

    visit(found)
    return list(leaves)


def earlier(run: Run, node: tree.Call) -> tuple[str, ...]:
    """The input that `last` or `since` read in the first period; none where the year before was itself computed."""
    periods = 1 if node.fn == "last" else int(node.arg("n").value)
    beyond = periods - len(run.tables)
    before = run.model.entry(node.arg("x").id).before
    return before[beyond : beyond + 1] if beyond >= 0 else ()
