"""All doubts of a run, from its table and what stands beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from allocation.doubts.beside import Beside, register_listing
from allocation.doubts.doubt import Doubt, settled
from allocation.doubts.held import remark_doubts, twice_doubts
from allocation.doubts.sizes import size_doubts
from allocation.doubts.units import Explained, unit_doubts

if TYPE_CHECKING:
    from allocation.run import Run

FAR = "run.far_from_before"


def with_doubts(run: Run, beside: Beside, asked: bool = False) -> Run:
    """The run with its doubts, open and resolved. `asked`: a person named the register.

    Raises AllocationError for a reason that resolves nothing.
    """
    doubts = find_doubts(run, beside, asked)
    far = next((note for note in run.notes if note.id == FAR), None)
    if far and any(one.kind == "pool" for one in doubts):  # the run said the same, and in which unit it was read
        doubts = [replace(one, problem=far) if one.kind == "pool" else one for one in doubts]
        run = replace(run, notes=tuple(note for note in run.notes if note != far))
    return replace(run, doubts=settled(doubts, beside.given, beside.earlier))


def find_doubts(run: Run, beside: Beside, asked: bool = False) -> list[Doubt]:
    """Of the last table of a run; a model over years says itself what moves from one year to the next."""
    model, table = run.model, run.table
    registers = tuple(register_listing(one, asked) for one in beside.registers)
    explained = Explained(registers, beside.moves, table.year)
    number = model.columns[model.award].kind == "number" and run.shared
    return [
        *unit_doubts(table, beside, registers),
        *size_doubts(model, table, run.total(model.award) if number else None, beside, explained),
        *remark_doubts(table),
        *twice_doubts(table, beside.registers),
    ]
