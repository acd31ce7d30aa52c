"""What searches have in common: figures that only ranges give, and checks that an answer does not pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from allocation.commands.screen import Screen
from allocation.texts.decimals import typed

if TYPE_CHECKING:
    from allocation.run.finding import ModelWithTable
    from allocation.run.run import Run


def standing(material: ModelWithTable, ranges: Sequence[str], screen: Screen) -> ModelWithTable:
    """The model with its table, where figures that only `ranges` give stand at the middle of them; it is said."""
    from allocation.lab.ranges import stand_ins
    from allocation.run.scenario import apply_changes, entry_of
    from allocation.tables.table import number

    changes = stand_ins(ranges, material.model, material.table)
    for change in changes:
        label = entry_of(material.model, change.address).label
        slots = {"address": change.address, "value": typed(number(change.value)), "label": label}
        screen.warn("study.stand_in", **slots)
    model, (table,), _ = apply_changes(material.model, (material.table,), changes)
    return replace(material, model=model, table=table)


def say_failed(run: Run, message: str, screen: Screen) -> None:
    """Names the checks that the run does not pass, if any."""
    failed = [check.said for check in run.checks if not check.ok and check.severity == "error"]
    if failed:
        screen.tell(message, checks=failed)
