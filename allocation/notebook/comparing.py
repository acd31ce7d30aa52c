"""`allocation.compare`: scenarios beside a run, or beside a model on its own table."""

from __future__ import annotations

from allocation.errors import AllocationError, Problem
from allocation.notebook.comparison_view import Comparison
from allocation.notebook.model_view import Model
from allocation.notebook.runs import Run, comparison
from allocation.notebook.spoken import spoken


def compare(base: Model | Run, *scenarios: object, reference: bool = False, **named: object) -> Comparison:
    """Scenarios beside a baseline: `base`, a run, or a model on its own table.

    A scenario is settings (`{"pool": 6000}`, `"pool=6000"`), a Run of the same model and counties, or a scenario file
    by name or path; given by keyword, the keyword is its label. What it sets, it sets on top of the baseline.
    Raises AllocationError with all problems.
    """
    with spoken():
        if isinstance(base, Model):
            base = base.run(reference=reference)
        if not isinstance(base, Run):
            raise AllocationError(Problem("notebook.not_base", {"found": type(base).__name__}))
    return comparison(base, *scenarios, **named)
