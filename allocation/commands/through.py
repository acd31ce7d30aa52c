"""--through: the part of the year, such as a quarter, up to which figures are asked for or have come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from allocation.policy.model import Model
    from allocation.policy.parts_of_year import PartOfYear

THROUGH = click.option("--through", default="")


def part_through(model: Model, said: str) -> PartOfYear | None:
    """The part that was named; None where none was, and the whole year is meant."""
    from allocation.policy.parts_of_year import part_of_year

    return part_of_year(model, said) if said else None
