"""The figures a bureau decides on: last year's beside this year's, on what paper, and what their change brings whom."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from allocation.classes import dataclass
from allocation.errors import AllocationError
from allocation.policy.model import Ground, Model, Parameter
from allocation.policy.pool_parameters import pool_parameters
from allocation.run.run import Run, run_model
from allocation.run.scenario import Change, apply_changes
from allocation.tables.keys import Figure
from allocation.texts import LANGUAGES, Both, both

GROUNDED = ("", "case", "sample", "sources", "pool_from")  # origins beside which the case's word of a figure holds
MOST = 5  # who gain, and who lose, most


@dataclass(frozen=True)
class DecidedFigure:
    """One figure of a parameter; `last` None where nobody gave last year's, or gave it so that it cannot be used: then
    it is `unread`. `state` is one of STATES; `ground` is empty where the figure is not the one it speaks of.
    """

    entry: Parameter
    key: str
    figure: Figure
    state: str
    ground: Ground
    origin: str = ""
    last: Figure = None
    unread: bool = False

    @property
    def address(self) -> str:
        return self.entry.address(self.key)

    @property
    def moved(self) -> bool:
        return self.last is not None and self.figure is not None and self.last != self.figure


def decided_figures(model: Model) -> tuple[DecidedFigure, ...]:
    """Every figure that law leaves to the bureau, that only it knows, or that it gave or said anything of."""
    figures = []
    for entry in model.parameters.values():
        if entry.name.startswith("_"):
            continue  # what was attached to the issue says itself who decided
        figures += [_figure(model, entry, key) for key in entry.figures if _is_own(model, entry, key)]
    return tuple(figures)


def _is_own(model: Model, entry: Parameter, key: str) -> bool:
    said = key in {*entry.origins, *entry.grounds, *entry.states}
    return said or entry.decide or entry.required or entry in pool_parameters(model)


def _figure(model: Model, entry: Parameter, key: str) -> DecidedFigure:
    ground, origin = entry.grounds.get(key, Ground()), entry.origins.get(key, "")
    last = _measured(model, entry, key, ground.last)
    unread = last is None and ground.last is not None
    if origin not in GROUNDED:
        ground = Ground(ground.last)
    return DecidedFigure(entry, key, entry.figures[key], entry.state(key) or "decided", ground, origin, last, unread)


def _measured(model: Model, entry: Parameter, key: str, last: Figure) -> Figure:
    """Last year's figure as the model would take it now; None where it would not."""
    if last is None:
        return None
    try:
        changed = apply_changes(model, (), [Change(entry.address(key), last)])[0]
    except AllocationError:
        return None
    return changed.parameters[entry.name].figures[key]


@dataclass(frozen=True)
class UnitMoved:
    """What one unit receives by last year's figures and by this year's."""

    row: int
    before: Fraction
    now: Fraction

    @property
    def change(self) -> Fraction:
        return self.now - self.before


@dataclass(frozen=True)
class DecidedEffect:
    """What the change of the decided figures but the pool brings whom, on this year's table and pool.

    `why`: why nothing can be said of it, empty otherwise; `unknown`: of how many figures last year's is not known.
    """

    why: Both = Both("", "")
    gains: tuple[UnitMoved, ...] = ()
    losses: tuple[UnitMoved, ...] = ()
    unknown: int = 0


def effect(run: Run, figures: Sequence[DecidedFigure]) -> DecidedEffect:
    """Who gains and who loses most, largest first."""
    award = run.model.columns[run.model.award]
    pools = {entry.name for entry in pool_parameters(run.model)}
    others = [figure for figure in figures if figure.entry.name not in pools]
    unknown = sum(figure.last is None for figure in others)
    moved = [figure for figure in others if figure.moved]
    if not run.shared:
        return DecidedEffect(_both("effect_no_number"), unknown=unknown)
    if not moved:
        return DecidedEffect(_both("effect_unknown" if unknown == len(others) else "effect_same"), unknown=unknown)
    changes = [Change(figure.address, figure.last) for figure in moved]
    try:
        before = run_model(
            run.model, run.tables, changes, exact=run.exact, reference=run.reference, facts=run.facts
        )  # fmt: skip
    except AllocationError as error:
        problem = error.problems[0]
        return DecidedEffect(_both("effect_not_run", problem=Both(*(problem.text(lang) for lang in LANGUAGES))))
    if broken := [check.said for check in before.checks if not check.ok and check.severity == "error"]:
        return DecidedEffect(_both("effect_not_run", problem=broken[0]))
    pairs = zip(before.amounts(award.name), run.amounts(award.name), strict=True)
    every = [UnitMoved(row, then, now) for row, (then, now) in enumerate(pairs)]
    every.sort(key=lambda unit: (-unit.change, run.table.codes[unit.row]))
    gains, losses = [[unit for unit in every if unit.change * sign > 0] for sign in (1, -1)]
    losses.sort(key=lambda unit: (unit.change, run.table.codes[unit.row]))
    if not gains and not losses:
        return DecidedEffect(_both("effect_none"), unknown=unknown)
    return DecidedEffect(gains=tuple(gains[:MOST]), losses=tuple(losses[:MOST]), unknown=unknown)


def _both(key: str, **slots: object) -> Both:
    return both(f"approval.{key}", **slots)
