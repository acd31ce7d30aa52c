"""The numbers reading: one walk for exact fractions and for float64, over scenarios × counties at once.

Every evaluated node keeps those below it, so that an explanation is printed from the very values that were computed.
"""

from __future__ import annotations

from copy import copy

import numpy as np

from allocation import arrays
from allocation.errors import AllocationError, Problem
from allocation.language import tree
from allocation.readings.alike import Alike, lightened, parameter_picked, picked, result_kinds, spread
from allocation.readings.evaluated import Active, Evaluated
from allocation.readings.evaluation import Evaluation
from allocation.readings.nodes import VISITS
from allocation.texts import Both


class Evaluator(Evaluation):
    """The walk over the columns of a model in one period."""

    def columns(self) -> None:
        """Computes every column; problems are gathered, what rests on a failed column is passed over."""
        for name in self.model.order:
            column = self.model.columns[name]
            if {part.id for part in tree.names(column.node)} & self.failed:
                self.failed.add(name)
                continue
            figures = self.guarded(column.node, column.label, column.where)
            if figures is None:
                self.failed.add(name)
            else:
                self.values[name] = figures if len(self.variants) == 1 else lightened(figures)
                self.kinds.note(name, result_kinds(figures, self.shared(column.node)))
                self.in_common.column(name, self.rests_on(column.node))

    def guarded(self, node: tree.Node, label: Both, where: str = "", active: Active | None = None) -> Evaluated | None:
        """The node where it is `active`, or None with its problems kept: blanks of all inputs first, else one fault."""
        before = len(self.problems)
        self.current = label
        meter, counter = arrays.METER.set(self.effort.spend), arrays.UNDECIDED.set(self.count_undecided)
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                evaluated = self.visit(node, active) if active else self.once_a_kind(node)
            self._finite(evaluated)
        except OverflowError:
            self.problems.append(Problem("run.not_finite", {"column": label}, where))
            return None
        except AllocationError as error:
            if error.runs is not None:
                self.refused = self.refused | error.runs
            if len(self.problems) == before:
                self.problems += [self.named(problem, label, where) for problem in error.problems]
            return None
        finally:
            arrays.METER.reset(meter)
            arrays.UNDECIDED.reset(counter)
        return evaluated if len(self.problems) == before else None

    def once_a_kind(self, node: tree.Node) -> Evaluated:
        """The node in every county of every scenario; worked out once for scenarios alike in all that it names."""
        shared = self.shared(node)
        if shared is None:
            return self.in_common.once(node, self.rests_on(node), lambda: self.visit(node, Active()), self.problems)
        few = self._of_kinds(node, shared)
        try:
            evaluated = few.visit(node, Active())
        except AllocationError as error:
            raise AllocationError(error.problems, None if error.runs is None else shared.spread(error.runs)) from None
        finally:
            self.refused = self.refused | shared.spread(few.refused)
        return spread(evaluated, shared)

    def shared(self, node: tree.Node) -> Alike | None:
        """The scenarios alike in all that a formula rests on; None where that is not worth while, or was a year ago."""
        names = self.rests_on(node)
        return self.kinds.shared(names) if names else None

    def rests_on(self, node: tree.Node) -> frozenset[str]:
        """Names in a formula, and the inputs that stand for what was before; none where periods were computed."""
        rests = self.in_common.rests
        if id(node) not in rests:
            past = [part for part in node.walk() if isinstance(part, tree.Call) and part.fn in ("last", "since")]
            before = {name for part in past for name in self.model.before(part.named("x"))}
            names = before.union(name.id for name in tree.names(node))
            rests[id(node)] = node, frozenset() if past and self.past else frozenset(names)
        return rests[id(node)][1]

    def _of_kinds(self, node: tree.Node, shared: Alike) -> Evaluator:
        """This evaluator with the first scenario of each kind alone; problems and notes are kept here."""
        few = copy(self)
        few.rows_cache = self.rows_of_kinds.setdefault(id(shared), {})
        few.refused = np.zeros(1, bool)
        varied = self.rests_on(node) & self.kinds.known.keys()
        few.values = self.values | {name: picked(self.values[name], shared) for name in varied & self.values.keys()}
        few.parameters = {**self.parameters} | {
            name: parameter_picked(self.parameters[name], shared) for name in varied & self.parameters.keys()
        }
        return few

    def _finite(self, evaluated: Evaluated) -> None:
        if evaluated.figures.dtype.kind == "f" and not np.isfinite(evaluated.figures).all():
            self.refused = self.refused | ~np.isfinite(evaluated.figures).all(axis=-1)
            raise OverflowError

    def visit(self, node: tree.Node, active: Active) -> Evaluated:
        return VISITS[type(node)](self, node, active)
