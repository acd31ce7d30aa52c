"""Checks of a first year that compare it with the year before: asked of last year's book where one is at hand, else
said not to have been asked."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from allocation.arrays import in_columns
from allocation.classes import dataclass
from allocation.doubts.beside import REGISTER, Listing
from allocation.language import tree
from allocation.policy.model import Check
from allocation.readings.evaluated import Evaluated
from allocation.readings.evaluation import Past
from allocation.readings.numbers import Evaluator
from allocation.tables.keys import Figure
from allocation.tables.table import Table


@dataclass(frozen=True)
class YearBefore:
    """What a run of one year knows of the year before: the evaluator that asks."""

    evaluator: Evaluator | None = None

    def asks(self, evaluator: Evaluator, check: Check) -> Evaluator | None:
        """Who is asked: the run itself, or the run after last year's book; None where nothing is known."""
        if check.year_before is None or evaluator.past or _given(evaluator, check.year_before):
            return evaluator
        return self.evaluator


def year_before(evaluator: Evaluator) -> YearBefore:
    """That of a run of one year whose model asks for it."""
    table = evaluator.table
    wanted = any(check.year_before is not None for check in evaluator.model.checks)
    if not wanted or evaluator.past or evaluator.failed or table.beside is None or len(evaluator.variants) > 1:
        return YearBefore()
    listing = next((known for known in table.beside.listings if _is_of_it(known, table.year)), None)
    past = _past(evaluator, listing) if listing else None
    if listing is None or past is None:
        return YearBefore()
    after = Evaluator(evaluator.model, table, evaluator.parameters, evaluator.exact, (past,))
    after.columns()
    return YearBefore() if after.problems else YearBefore(after)


def _is_of_it(listing: Listing, year: int | None) -> bool:
    known = bool(listing.awards or listing.figures)
    return known and listing.kind != REGISTER and (year is None or listing.year in (None, year - 1))


def _given(evaluator: Evaluator, names: tuple[str, ...]) -> bool:
    """Whether a row has one of the inputs that stand for the year before."""
    return any(value is not None for name in names for value in evaluator.table.values.get(name, ()))


def _past(evaluator: Evaluator, listing: Listing) -> Past | None:
    """The year before worked out from its inputs; what was issued then is what the listing says, where it does."""
    model = evaluator.model
    codes, names = (tuple(getattr(unit, key) for unit in listing.units) for key in ("code", "name"))
    inputs = {name: _by_code(listing.figures.get(name, {}), codes) for name in model.inputs}
    table = Table(codes, names, inputs, listing.year)
    before = Evaluator(model, table, evaluator.parameters, evaluator.exact)
    before.columns()
    awards = _by_code(listing.awards, codes)
    if any(award is not None for award in awards):
        before.values[model.award] = _figures(model.columns[model.award].node, awards, evaluator.exact)
        _follow(before)
    elif model.award not in before.values or model.award in before.failed:
        return None
    blank = (None,) * len(codes)
    for name, column in model.columns.items():
        if name not in before.values:
            before.values[name] = _figures(column.node, blank, evaluator.exact)
    return Past(codes, before.values)


def _follow(before: Evaluator) -> None:
    """What rests on what was issued, worked out again from it."""
    model, fresh = before.model, {before.model.award}
    for name in model.order:
        node = model.columns[name].node
        read = {part.id for part in tree.names(node)}
        if name != model.award and read & fresh and read <= before.values.keys() | before.parameters.keys():
            fresh.add(name)
            again = before.guarded(node, model.columns[name].label)
            if again is not None:
                before.values[name] = again


def _by_code(figures: Mapping[str, Figure], codes: tuple[str, ...]) -> tuple[Figure, ...]:
    return tuple(figures.get(code) for code in codes)


def _figures(node: tree.Node, column: tuple[Figure, ...], exact: bool) -> Evaluated:
    missing = np.array([[value is None for value in column]])
    plain = [value if isinstance(value, Fraction) else Fraction(0) for value in column]
    data = np.empty((1, len(plain)), object if exact else float)
    data[0, :] = plain if exact else [float(value) for value in plain]
    return Evaluated(node, in_columns(data) if exact else data, missing=missing)
