"""The checks of a run: the promise of the total and the model's own, each held, failed, or not asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from allocation.arrays import snap, total
from allocation.classes import dataclass
from allocation.errors import Problem
from allocation.language import tree
from allocation.policy.model import Check
from allocation.readings.evaluated import Evaluated
from allocation.readings.numbers import Evaluator
from allocation.run.blank_inputs import blank_cells, cells_to_mend
from allocation.tables.keys import Figure
from allocation.tables.table import number
from allocation.texts import Both, both, shortened

if TYPE_CHECKING:
    from allocation.run.year_before import YearBefore


@dataclass(frozen=True)
class CheckResult:
    """A check of the model or a built-in one: `ok`, or the counties and figures it fails on."""

    name: str
    label: Both
    severity: str
    ok: bool
    counties: tuple[str, ...] = ()
    detail: tuple[Fraction, ...] = ()
    wrong: int = 0  # on how many counties it fails; `counties` names the first few
    year: int | None = None  # of a run over several years: the one it was asked of
    read: tuple[Both, ...] = ()  # of one that fails: the figures it rests on
    cells: tuple[str, ...] = ()  # of one that fails: where the figures stand that its model file says to mend
    unasked: Both | None = None  # why it was not asked: it compares with a year before that nobody gave
    compared: bool = False  # whether it was asked of last year's book that stands beside the table

    @property
    def beside(self) -> tuple[str, ...]:
        """The counties to be named where those that `read` tells of are not all; none where they are."""
        from allocation.run.failing import UNITS

        return self.counties if self.wrong > UNITS or not self.read else ()

    @property
    def said(self) -> Both:
        """Its label and what stands behind it."""
        return self.label + self.behind

    @property
    def behind(self) -> Both:
        """`（古塔区、凌河区）：古塔区“奖补额”为 …`: what it fails on, and the figures; empty where it holds."""
        nothing = Both("", "")
        if self.unasked:
            return both("run.unasked_behind", why=self.unasked)
        if self.ok:
            return nothing
        where = both("workbook.counties", counties=self.beside) if self.beside else nothing
        return where + (both("run.read", read=self.read) if self.read else nothing)

    @property
    def in_table(self) -> Both:
        """What stands behind it, and the cells to look at: for those who have the table at hand."""
        return self.behind + (both("run.cells", cells=self.cells) if self.cells else Both("", ""))


def checks_of(evaluator: Evaluator) -> list[CheckResult]:
    model = evaluator.model
    results = [closing(evaluator)] if model.pool and not {model.pool, model.award} & evaluator.failed else []
    before = _before(evaluator)
    for check in model.checks:
        if {part.id for part in tree.names(check.node)} & evaluator.failed:
            continue  # only where it was asked to run partly
        asked = before.asks(evaluator, check) if before else evaluator
        if asked is None:
            results.append(_unasked(check))
            continue
        answer = asked.guarded(check.node, check.label, f"{model.file}: [[check]] {check.name}")
        if answer is not None:
            result = _checked(asked, check, answer)
            results.append(replace(result, compared=asked is not evaluator))
        elif asked is not evaluator:
            results.append(_unasked(check))
    return results


def _before(evaluator: Evaluator) -> YearBefore | None:
    """What is known of the year before, where a check compares with it."""
    if all(check.year_before is None for check in evaluator.model.checks):
        return None
    from allocation.run.year_before import year_before

    return year_before(evaluator)


def _unasked(check: Check) -> CheckResult:
    return CheckResult(check.name, check.label, check.severity, True, unasked=both("run.no_year_before"))


def broken_of(evaluator: Evaluator) -> list[Problem]:
    """Error checks that can be asked although columns failed: what they find is often why the columns failed."""
    model, problems = evaluator.model, []
    evaluator.problems = []
    for check in model.checks:
        if check.severity == "error" and not {part.id for part in tree.names(check.node)} & evaluator.failed:
            result = evaluator.guarded(check.node, check.label)
            if result is not None and not result.data.all():
                checked = _checked(evaluator, check, result)
                slots = {"check": check.label, "counties": checked.beside, "read": checked.read}
                slots |= blank_cells(evaluator, check)
                problems.append(Problem("run.check_broken", slots))
    return problems


def _checked(evaluator: Evaluator, check: Check, answer: Evaluated) -> CheckResult:
    rows = evaluator.rows_of(~answer.data)
    if not rows:
        return CheckResult(check.name, check.label, check.severity, True)
    from allocation.run.failing import behind_group, rests_on

    cells = cells_to_mend(evaluator, check, rows)
    if groups := _groups(evaluator, check, rows):
        said = rests_on(evaluator.model, check, answer, [*groups.values()], [*groups])
        read = (*said, *behind_group(evaluator.model, evaluator.table, check, rows))
        counties = tuple(shortened([*groups], 10))
        return CheckResult(check.name, check.label, check.severity, False, counties, (), len(groups), read=read,
                           cells=cells)  # fmt: skip
    counties = evaluator.counties(rows) if check.shape != "scalar" else ()
    names = [evaluator.table.names[row] for row in rows]
    read = rests_on(evaluator.model, check, answer, rows, names)
    return CheckResult(check.name, check.label, check.severity, False, counties, (), len(rows), read=read, cells=cells)


def _groups(evaluator: Evaluator, check: Check, rows: Sequence[int]) -> dict[str, int]:
    """Of a check of groups, by text each group it fails on with its first row; none of other checks."""
    _, _, name = check.shape.partition(":")
    texts = evaluator.table.values.get(name, ())
    groups: dict[str, int] = {}
    for row in rows if texts else ():
        groups.setdefault(str(texts[row]), row)
    return groups


def closing(evaluator: Evaluator) -> CheckResult:
    """The promise: what is handed out adds up to the pool, in the published unit."""
    from allocation.run.failing import apart

    model = evaluator.model
    handed, wanted = closes(evaluator)
    ok = bool((snap(handed) == snap(wanted)).all())
    named = {"award": model.entry(model.award).label, "pool": model.entry(model.pool).label}
    label = both("run.closing", **named)
    detail = tuple(number(as_figure(amount.flat[0])) for amount in (handed, wanted))
    read = () if ok else (apart(model.entry(model.award).unit, *detail),)
    return CheckResult("closing", label, "error", ok, (), detail, read=read)


def closes(evaluator: Evaluator) -> tuple[np.ndarray, np.ndarray]:
    """What is handed out and what there is, in the award's unit, each (scenario or 1, 1)."""
    model = evaluator.model
    handed = total(evaluator.wide(evaluator.values[model.award].figures))
    factor = model.entry(model.pool).unit.scale / model.columns[model.award].unit.scale
    return handed, _pool(evaluator) * (factor if evaluator.exact else float(factor))


def _pool(evaluator: Evaluator) -> np.ndarray:
    name = evaluator.model.pool
    pool: Any = evaluator.parameters[name] if name in evaluator.model.parameters else evaluator.values[name].figures
    if isinstance(pool, dict | list):
        raise TypeError(f"no amount: {name}")
    figures: np.ndarray = pool
    return figures


def as_figure(value: object) -> Figure | bool:
    """A NumPy value as an exact fraction (a float by its shortest decimal), a text or a truth."""
    if value is None or isinstance(value, (Fraction, str)):
        return value
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    return Fraction(Decimal(repr(float(value)))) if isinstance(value, float) else Fraction(str(value))
