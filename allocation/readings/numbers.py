"""The numbers reading: one walk for exact fractions and for float64, over scenarios × counties at once.

Every evaluated node keeps those below it, so that an explanation is printed from the very values that were computed.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from allocation import arrays
from allocation.errors import AllocationError, Problem
from allocation.language import tree
from allocation.readings.effort import spend
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
                self.values[name] = figures

    def guarded(self, node: tree.Node, label: Both, where: str = "", active: Active | None = None) -> Evaluated | None:
        """The node where it is `active`, or None with its problems kept: blanks of all inputs first, else one fault."""
        before = len(self.problems)
        self.current = label
        meter = arrays.METER.set(partial(spend, self))
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                evaluated = self.visit(node, active or Active())
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
        return evaluated if len(self.problems) == before else None

    def _finite(self, evaluated: Evaluated) -> None:
        if evaluated.data.dtype.kind == "f" and not np.isfinite(evaluated.data).all():
            self.refused = self.refused | ~np.isfinite(evaluated.data).all(axis=-1)
            raise OverflowError

    def visit(self, node: tree.Node, active: Active) -> Evaluated:
        return VISITS[type(node)](self, node, active)
