"""A result workbook opened as a case: what its record says, with what was edited in it since, old → new."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from allocation.case import facts_of
from allocation.errors import AllocationError, Problem
from allocation.files.given_files import given_digest
from allocation.policy.model import Model
from allocation.record.record import CaseKept
from allocation.report.changed import changed_text
from allocation.run.finding import ModelWithTable
from allocation.run.scenario import Changed, apply_changes
from allocation.verify.originals_verified import original_figures
from allocation.verify.own_figures import runs_in
from allocation.verify.provenance import edited, original_tables
from allocation.verify.reopened import reopen


def open_result(path: Path) -> ModelWithTable:
    """The model and the table that a result workbook holds now. Raises all that is wrong with what is in it."""
    book = reopen(path)
    every = runs_in(book)
    if len(every) != 1 or every[0].problems:
        problems = [problem for in_book in every for problem in in_book.problems]
        raise AllocationError(problems or [Problem("case.several_runs", where=path.name)])
    in_book = every[0]
    originals = original_tables(path.resolve(), book, every)
    changes = edited(book, every, [original_figures(book, in_book, originals[0])])
    model, tables, _ = apply_changes(in_book.model, (in_book.table,), in_book.changes)
    notes = [_note(in_book.model, change, path.name) for change in changes]
    table = replace(tables[0], notes=(*tables[0].notes, *notes))
    facts = facts_of(book.record.facts, CaseKept(path.name, given_digest(path)))
    return ModelWithTable(model, table, path, path, None, facts)


def _note(model: Model, change: Changed, file: str) -> Problem:
    text = changed_text(model, change)
    return Problem("case.edited", {"text": text}, file)
