"""What figures decided anew bring whom, on this year's pool, also where what is attached makes it up again."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from attaching import attached
from shipped import HOUSE

from allocation.analysis.decided import decided_figures, effect
from allocation.policy.model import Ground
from allocation.run.finding import find
from allocation.run.run import run_model

WEEK = HOUSE / "inputs" / "week"


def test_the_pool_stays_this_years_also_where_adjustments_and_sources_make_it_up_again():
    """Last year's total was another; who gains by another weight is told all the same."""
    base = find("incentive_fund", None, None)
    parts = attached(base.model, base.table, adjustments=WEEK / "adjustments.csv", sources=WEEK / "sources.csv")
    parameters = dict(parts.model.parameters)
    pool = parameters[base.model.pool]
    parameters[pool.name] = replace(pool, grounds={"": Ground(pool.figures[""] - 500)})
    rate = parameters["origin_rate.cross_province"]
    parameters[rate.name] = replace(rate, grounds={"": Ground(Fraction(1))})
    run = run_model(replace(parts.model, parameters=parameters), [parts.table], parts.changes)
    told = effect(run, decided_figures(run.model))
    assert told.gains and told.losses and told.why.zh == ""
