"""The award as a part finds it: its unit, the step it is published in."""

from __future__ import annotations

from fractions import Fraction

from allocation.errors import AllocationError, Problem
from allocation.language.units import Unit
from allocation.policy.model import Column, Model
from allocation.texts import decimal_text
from allocation.texts.decimals import last_place


def award_column(model: Model) -> Column:
    """The award that the model calculates, whatever parts have put in its place."""
    return model.columns[model.calculated or model.award]


def award_unit(model: Model) -> Unit:
    return award_column(model).unit


def step(model: Model) -> Fraction:
    """The award's published unit. Raises AllocationError for an award that is not rounded."""
    award = award_column(model)
    if award.decimals is None:
        raise AllocationError(Problem("adjust.not_rounded", {"award": award.label}))
    return last_place(award.decimals)


def step_text(model: Model) -> str:
    """The unit as a formula writes it."""
    return decimal_text(step(model))
