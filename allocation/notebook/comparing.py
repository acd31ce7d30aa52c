"""`allocation.compare`: scenarios beside a run, or beside a model on its own table."""

from __future__ import annotations

from allocation.notebook.arguments import TRUTH, takes
from allocation.notebook.comparison_view import ComparisonView
from allocation.notebook.kinds import BASE
from allocation.notebook.model_view import ModelView
from allocation.notebook.runs import RunView, comparison
from allocation.notebook.spoken import spoken


@takes(base=BASE, reference=TRUTH)
def compare(base: ModelView | RunView, *scenarios: object, reference: bool = False, **named: object) -> ComparisonView:
    """Scenarios beside a baseline: `base`, a run, or a model on its own table.

    A scenario is settings (`{"pool": 6000}`, `"pool=6000"`), a Run of the same model and counties, or a scenario file
    by name or path; given by keyword, the keyword is its label. What it sets, it sets on top of the baseline.
    Raises AllocationError with all problems.
    """
    with spoken():
        if isinstance(base, ModelView):
            base = base.run(reference=reference)
    return comparison(base, *scenarios, **named)
