"""What the formula of a derived column speaks of: the figures of its own line, of 合计, of a line's rows, of the run.

A term is a name of the model language, so that a share or a change is a formula like any other: the numbers reading
works it out over lines as it does over counties, and the workbook reading writes it with the cells of the line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal

import numpy as np

from allocation.classes import dataclass
from allocation.errors import AllocationError
from allocation.language import tree
from allocation.language.units import PURE, Units
from allocation.patterns import LatePattern
from allocation.policy.model import Input, Model
from allocation.readings.evaluated import Active, Evaluated
from allocation.readings.nodes import COMPARISONS
from allocation.readings.numbers import Evaluator
from allocation.tables.keys import Figure
from allocation.tables.table import Table
from allocation.texts import Both

Of = Literal["line", "whole", "rows", "run"]
_SPELT = LatePattern(r"(line|whole|rows|run)(_or_0)?\((.*)\)")  # no author's name has brackets
_NO_MODEL = Model(
    name="", label=Both("", ""), basis=(), award="", pool="", effective=(None, None), parameters={}, inputs={},
    columns={}, checks=(), order=(), units=Units(), text="", file="",
)  # fmt: skip


@dataclass(frozen=True)
class Term:
    """`of`: the column `key` on the same line, or on that of 合计; the sum of an entry over the line's rows, printed or
    not; the figure that is one a run. `or_0`: a blank counts as nothing; else what rests on a blank is blank.
    """

    key: str
    of: Of = "line"
    or_0: bool = False

    @property
    def name(self) -> str:
        return f"{self.of}{'_or_0' if self.or_0 else ''}({self.key})"

    @property
    def node(self) -> tree.Name:
        return tree.Name(self.name)


def term_of(name: str) -> Term:
    """The term that a name in the formula of a derived column stands for."""
    spelt = _SPELT.fullmatch(name)
    if spelt is None:
        raise ValueError(f"no term: {name}")
    of: Of = spelt[1]  # type: ignore[assignment]  # the pattern takes these four alone
    return Term(spelt[3], of, bool(spelt[2]))


def terms_in(node: tree.Node) -> tuple[Term, ...]:
    return tuple(dict.fromkeys(term_of(name.id) for name in tree.names(node)))


class LineEvaluator(Evaluator):
    """The numbers reading over lines. Two figures are compared as they stand, as their cells are."""

    def visit(self, node: tree.Node, active: Active) -> Evaluated:
        if not isinstance(node, tree.Compare):
            return super().visit(node, active)
        left, right = self.visit(node.left, active), self.visit(node.right, active)
        return Evaluated(node, np.asarray(COMPARISONS[node.op](left.data, right.data), bool), (left, right))


def over_terms(terms: Sequence[Term], figures: Mapping[str, Sequence[Figure | bool]], count: int) -> LineEvaluator:
    """The numbers reading with lines in place of counties and terms in place of inputs; blanks are 0."""
    names = tuple(str(place) for place in range(count))
    inputs = {term.name: Input(term.name, Both(term.name, term.name), PURE) for term in terms}
    values = {name: tuple(_number(value) for value in figures[name]) for name in inputs}
    return LineEvaluator(replace(_NO_MODEL, inputs=inputs), Table(names, names, values), {}, exact=True)


def _number(value: Figure | bool) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(0)


def above_zero(node: tree.Node) -> tree.Compare:
    """The guard of what is divided by a figure that must be one to divide by."""
    return tree.Compare(">", node, tree.Number(Fraction(0)))


def worked_out(
    node: tree.Node, guard: tree.Node | None, figures: Mapping[str, Sequence[Figure | bool]], count: int
) -> tuple[Figure, ...]:
    """A derived column on `count` lines: None where a term is blank that must not be, or all are, or the `guard` does
    not hold.

    `figures` has those of each term, by its name, one a line.
    """
    terms = tuple(dict.fromkeys(term for part in (guard, node) if part for term in terms_in(part)))
    lines = over_terms(terms, figures, count)
    holds = np.array(
        [[all(term.or_0 or figures[term.name][line] is not None for term in terms) for line in range(count)]]
    )
    if terms:
        holds = holds & [[any(figures[term.name][line] is not None for term in terms) for line in range(count)]]
    if guard is not None:
        holds = holds & _on_lines(lines, guard, holds, count)
    data = _on_lines(lines, node, holds, count)
    return tuple(value if stands else None for value, stands in zip(data[0], holds[0], strict=True))


def _on_lines(lines: LineEvaluator, node: tree.Node, holds: np.ndarray, count: int) -> np.ndarray:
    evaluated = lines.guarded(node, Both("", ""), active=Active(np.array([[True]]), holds))
    if evaluated is None:
        raise AllocationError(lines.problems)
    return np.broadcast_to(evaluated.data, (1, count))
