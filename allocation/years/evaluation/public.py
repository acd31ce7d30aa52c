"""What the public may see of an evaluation."""

from __future__ import annotations

from allocation.errors import Problem
from allocation.years.evaluation.parts import EvaluationPlan


def public_problems(evaluation: EvaluationPlan, file: str) -> list[Problem]:
    return []
