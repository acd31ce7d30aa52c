"""Workbooks from a notebook: those of the command line, whole or not at all, never over what they came from."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.whole_files import place
from allocation.record.recording import record_of
from allocation.run.run import Run
from allocation.texts import Both
from allocation.xlsx.comparison import write_comparison
from allocation.xlsx.importing import find_mapping
from allocation.xlsx.writer import write_workbook

if TYPE_CHECKING:
    from allocation.analysis.compare import Comparison
    from allocation.notebook.origin import Origin


@dataclass(frozen=True)
class BookAsked:
    """A workbook that is asked for of what came from `origin`, in a language. Raises AllocationError."""

    path: Path
    origin: Origin
    lang: str

    def of_run(self, run: Run) -> Path:
        _must_hold([(run.model.label, run)])
        mapping = find_mapping(run.model, self.origin.folder)
        record = record_of(run, self.origin.command)
        return self._placed(lambda beside: write_workbook(run, beside, self.lang, record, mapping))

    def of_comparison(self, comparison: Comparison) -> Path:
        _must_hold([(scenario.label, run) for scenario, run in zip(comparison.scenarios, comparison.runs, strict=True)])
        return self._placed(lambda beside: write_comparison(comparison, beside, self.lang))

    def _placed(self, write: Callable[[Path], None]) -> Path:
        if self.path.suffix.lower() != ".xlsx":
            raise AllocationError(Problem("notebook.not_xlsx", {"found": self.path.name}, str(self.path)))
        if os.path.realpath(self.path) in map(os.path.realpath, self.origin.files):
            raise AllocationError(Problem("workbook.over_input", where=str(self.path)))
        place({self.path: write})
        return self.path


def _must_hold(runs: list[tuple[Both, Run]]) -> None:
    """A result that breaks a check is not written."""
    problems = [
        Problem(
            "notebook.check_failed",
            {"run": label, "check": check.label, "counties": check.beside, "read": check.read},
        )
        for label, run in runs
        for check in run.checks
        if not check.ok and check.severity == "error"
    ]
    if problems:
        raise AllocationError(problems)
