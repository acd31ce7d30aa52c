"""Workbooks from a notebook: those of the command line, whole or not at all, never over what they came from."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

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


def save_run(run: Run, origin: Origin, path: Path, lang: str) -> Path:
    """Writes the run's workbook. Raises AllocationError."""
    _must_hold([(run.model.label, run)])
    mapping = find_mapping(run.model, origin.folder)
    record = record_of(run, origin.command)
    return _placed(path, origin, lambda beside: write_workbook(run, beside, lang, record, mapping))


def save_comparison(comparison: Comparison, origin: Origin, path: Path, lang: str) -> Path:
    """Writes the comparison workbook. Raises AllocationError."""
    _must_hold([(scenario.label, run) for scenario, run in zip(comparison.scenarios, comparison.runs, strict=True)])
    return _placed(path, origin, lambda beside: write_comparison(comparison, beside, lang))


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


def _placed(path: Path, origin: Origin, write: Callable[[Path], None]) -> Path:
    if path.suffix.lower() != ".xlsx":
        raise AllocationError(Problem("notebook.not_xlsx", {"found": path.name}, str(path)))
    if os.path.realpath(path) in map(os.path.realpath, origin.files):
        raise AllocationError(Problem("workbook.over_input", where=str(path)))
    place({path: write})
    return path
