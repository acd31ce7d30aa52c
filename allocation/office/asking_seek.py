"""A question about a target becomes the search for it, and the run of what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from allocation.analysis.asked import ask
from allocation.analysis.seek import Limits, Target, reach, seek
from allocation.analysis.sought import SoughtRun
from allocation.office.asked import SeekQuestion
from allocation.office.asking import on_base
from allocation.office.asking_numbers import in_unit, open_with_numbers
from allocation.policy.model import Model, Parameter
from allocation.run.finding import ModelWithTable
from allocation.run.required import is_lacking
from allocation.run.run import run_model
from allocation.run.scenario import Change, entry_of, figure_key, name_of
from allocation.tables.table import number


def open_search(question: SeekQuestion) -> tuple[ModelWithTable, Sequence[Change], SoughtRun]:
    """What was searched with the changes that hold in all of it, and what was found. Raises all that is wrong.

    A change of the very parameter that is varied holds in none of it: the search starts from there.
    """
    options = {f"--{name}": getattr(question, name) for name in ("target", "low", "high", "step", "within")}
    material, changes, numbers = open_with_numbers(question, options, [question.vary])
    starts = [change for change in changes if _moves(material.model, change, question.vary)]
    if starts:  # what is varied starts from what was set for it
        material, changes = on_base(material, starts), [change for change in changes if change not in starts]
    model = material.model
    asked, varied = ask(question.figure, model, material.table), entry_of(model, question.vary).unit
    units = {"target": asked.unit, "within": asked.unit, "low": varied, "high": varied, "step": varied}
    known = in_unit(numbers, units, model.units)
    wanted = number(known.pop("target"))
    target = Target(model, [material.table], question.vary, asked, wanted, changes, question.reference)
    limits = Limits(**known)
    blank = is_lacking(model, material.table, question.vary)
    if blank:
        limits = reach(target, limits)
        material = on_base(material, [Change(question.vary, limits.high)])
        target = replace(target, model=material.model, tables=[material.table])
    sought = seek(target, limits)
    sought = replace(sought, present=None) if blank else sought
    near = sought.answer or sought.below or sought.above
    assert near is not None, "the search found at least one value that runs"
    with_answer = [*changes, Change(question.vary, near.value)]
    run = run_model(material.model, [material.table], with_answer, reference=question.reference)
    return material, changes, SoughtRun(sought, asked, run)


def _moves(model: Model, change: Change, address: str) -> bool:
    """Whether a change is of the very figure of a parameter that an address names."""
    entry = entry_of(model, address)
    if not isinstance(entry, Parameter) or name_of(model, change) != entry.name:
        return False
    return figure_key(entry, change) == figure_key(entry, Change(address, None))
