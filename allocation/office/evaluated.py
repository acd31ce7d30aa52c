"""What is written of an evaluation: report and workbook, and their public edition where one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from allocation.classes import dataclass
from allocation.documents.evaluate import write_report
from allocation.documents.evaluation import EvaluationReport
from allocation.errors import AllocationError
from allocation.policy.stages import EDITIONS
from allocation.run.decisions import held_back
from allocation.run.shelf import base_name
from allocation.texts import say
from allocation.xlsx.evaluation import write_evaluation
from allocation.xlsx.evaluation_public import write_public
from allocation.years.evaluation.parts import EvaluationPlan
from allocation.years.timeline import Timeline

PUBLIC = "public"


@dataclass(frozen=True)
class EvaluationPaper:
    """`kind`: report or workbook."""

    kind: str
    path: Path
    write: Callable[[Path], None]


def evaluation_files(
    years: Timeline, evaluation: EvaluationPlan, public: EvaluationPlan | None, folder: Path, lang: str, date: str = ""
) -> list[EvaluationPaper]:
    """Named by the model and the last year. Raises AllocationError where the public may not see them yet."""
    stem = f"{base_name(years.run.model.name)}_{years.years[-1]}"
    report = folder / f"{stem}_{say(lang, 'evaluate.ending')}.docx"
    workbook = folder / f"{stem}_{say(lang, 'evaluate.workbook')}.xlsx"

    def written(plan: EvaluationPlan) -> Callable[[Path], None]:
        return lambda path: write_report(EvaluationReport(years, plan, lang), path, date)

    files = [
        EvaluationPaper("report", report, written(evaluation)),
        EvaluationPaper("workbook", workbook, lambda path: write_evaluation(years, evaluation, path, lang)),
    ]
    if public is None:
        return files
    if problems := held_back(years.run, outside=True):
        raise AllocationError(problems)
    named = partial(_public_name, word=EDITIONS[PUBLIC][lang])
    return [
        *files,
        EvaluationPaper("report", named(report), written(public)),
        EvaluationPaper("workbook", named(workbook), lambda path: write_public(years, public, path, lang)),
    ]


def _public_name(path: Path, word: str) -> Path:
    return path.with_stem(f"{path.stem}_{word}")
