"""The public edition of an evaluation, beside what its own writer writes of the evaluation that it was made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from allocation.errors import AllocationError, Problem
from allocation.record.record import EVALUATION, Record
from allocation.sheets.memory import MemoryBook
from allocation.verify.comparing import Difference, SheetComparison
from allocation.verify.edition_verified import EditionVerdict
from allocation.verify.own_figures import runs_in
from allocation.verify.recomputed import rerun
from allocation.verify.reopened import Reopened, reopen
from allocation.verify.roles import Roles
from allocation.xlsx.evaluation_public import public_record, public_sheets
from allocation.years.evaluation.loading import evaluation_of_record
from allocation.years.evaluation.parts import EvaluationPlan
from allocation.years.evaluation.public import public_plan
from allocation.years.timeline import Timeline


def evaluation_whole(record: Record, edition: Path, folders: Iterable[Path]) -> Reopened | None:
    """The workbook of the evaluation that an edition was made from, by its content."""
    for folder in dict.fromkeys(folder.resolve() for folder in folders if folder.is_dir()):
        for file in sorted(folder.glob("*.xlsx")):
            if file == edition.resolve():
                continue
            try:
                book = reopen(file)
            except AllocationError:  # another's file
                continue
            if book.record.kind == EVALUATION and book.record.content == record.content:
                return book
    return None


def verify_evaluation_edition(path: Path, book: Reopened, sheets: Iterable[Difference]) -> EditionVerdict:
    """`sheets`: what is known to differ before its cells are looked at.

    Raises AllocationError where the evaluation that it was made from is not beside it.
    """
    record = book.record
    first = next(iter([*book.sheets.values(), *book.others]))
    verdict = EditionVerdict(differences=[*sheets])
    verdict.differences += [Difference("record", first.title, column=key) for key in record.unsealed()]
    whole = evaluation_whole(record, path, (path.resolve().parent, path.resolve().parent.parent))
    if whole is None:
        raise AllocationError(Problem("verify.edition_alone", where=path.name))
    years, plan = _made_of(whole)
    verdict.model, verdict.whole = years.run.model, whole.file
    expected = MemoryBook(record.lang)
    public_sheets(expected, years, plan)
    opened = {sheet.title: sheet for sheet in (*book.sheets.values(), *book.others)}
    for title, sheet in expected.sheets.items():
        if title not in opened:
            verdict.differences.append(Difference("sheet_gone", title))
            continue
        compared = SheetComparison(sheet, opened[title], Roles(sheet))
        verdict.differences += compared.differences(exact=True, flat=False)
        verdict.cells += len(sheet.cells)
    wanted = replace(public_record(years, plan, record.lang), versions=record.versions)
    if replace(record, seals={}) != replace(wanted, seals={}):
        raise AllocationError(Problem("verify.whole_edited", where=whole.file))
    return verdict


def _made_of(whole: Reopened) -> tuple[Timeline, EvaluationPlan]:
    """The years of an evaluation, worked out again, and what the public may see of them."""
    runs = rerun(whole, runs_in(whole))
    return Timeline(runs[-1], runs), public_plan(evaluation_of_record(whole.record, runs[-1].model))
