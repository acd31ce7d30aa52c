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
from allocation.run.finding import ModelWithTable
from allocation.run.required import is_lacking
from allocation.run.run import run_model
from allocation.run.scenario import Change, entry_of
from allocation.tables.table import number


def open_search(question: SeekQuestion) -> tuple[ModelWithTable, Sequence[Change], SoughtRun]:
    """What was searched with the changes that hold in all of it, and what was found. Raises all that is wrong."""
    options = {f"--{name}": getattr(question, name) for name in ("target", "low", "high", "step", "within")}
    material, changes, numbers = open_with_numbers(question, options, [question.vary])
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
