"""Verification: a workbook of ours recomputed from its own 参数 and 数据, and every cell that differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from pathlib import Path

from allocation import __version__
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.file_plans import mend
from allocation.policy.model import Model
from allocation.record.record import EDITION, EVALUATION
from allocation.run.run import Run
from allocation.sheets.memory import MemorySheet
from allocation.tables.table import Table
from allocation.texts import say
from allocation.verify.comparing import ComparedAs, Difference, SheetComparison, normal
from allocation.verify.edition_verified import verify_edition
from allocation.verify.evaluation_edition import verify_evaluation_edition
from allocation.verify.originals_verified import original_differences, original_figures
from allocation.verify.own_figures import RunInBook, runs_in
from allocation.verify.provenance import (
    Edited,
    award_changes,
    county_differences,
    edited,
    original_tables,
    record_differences,
)
from allocation.verify.recomputed import STATE, Rewritten, rerun, rewrite
from allocation.verify.reopened import OpenSheet, Reopened, reopen
from allocation.verify.versions_verified import (
    case_not_kept,
    sheet_differences,
    unknown_to_journal,
    unlike_registered,
)

CAUSES = (
    "record", "model", "originals", "manifest", "issued", "registered", "renamed", "recoded", "header", "sheet_gone",
    "sheet_renamed", "sheet_hidden", "row_hidden", "column_hidden",
    "row_gone", "row_added", "row_moved", "row_blank", "name", "masked", "flattened", "typed", "formula",
)  # fmt: skip
MOVES = ("row_gone", "row_added", "row_moved", "row_blank")  # formulas below then name other cells, by right


@dataclass
class Verdict:
    """`differences` have causes first. `edited` and `awards` are old → new since the workbook was written.

    `stopped` says why the workbook shows no award, `failed` which checks it does not pass, `notes` what else a reader
    must know; `cells` is how many were compared. `whole`: the result workbook an edition was compared with.
    """

    file: str
    model: Model | None
    differences: list[Difference] = field(default_factory=list)
    edited: list[Edited] = field(default_factory=list)
    awards: list[Edited] = field(default_factory=list)
    stopped: list[Problem] = field(default_factory=list)
    failed: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    cells: int = 0
    whole: str = ""

    @property
    def clean(self) -> bool:
        return not (self.differences or self.stopped or self.failed)


def verify(path: Path, manifest: Path | None = None) -> Verdict:
    """Raises AllocationError when the file is no workbook of ours, or cannot be recomputed from what is in it."""
    mend(path.parent)
    verdict = _verified(path, manifest)
    verdict.failed += [*unknown_to_journal(path), *case_not_kept(path)]
    return verdict


def _verified(path: Path, manifest: Path | None) -> Verdict:
    book = reopen(path)
    if book.record.kind == EDITION:
        of_evaluation = book.record.edition is not None and book.record.edition.of == EVALUATION
        edition = (verify_evaluation_edition(path, book, _sheets(book)) if of_evaluation
                   else verify_edition(path, book, manifest, _sheets(book)))  # fmt: skip
        return Verdict(path.name, edition.model, edition.differences, failed=edition.failed, notes=edition.notes,
                       cells=edition.cells, whole=edition.whole)  # fmt: skip
    path, every = path.resolve(), runs_in(book)
    if book.several and manifest:
        raise AllocationError(Problem("verify.no_manifest", where=str(manifest)))
    verdict = Verdict(book.file, every[0].model)
    verdict.differences = [*record_differences(book, manifest), *_sheets(book)]
    originals = original_tables(path, book, every)
    if not book.several:
        verdict.differences += original_differences(book, every[0])
    pairs = zip(every, originals, strict=True)
    for in_book, original in {each.sheet.title: (each, table) for each, table in pairs}.values():
        verdict.differences += county_differences(in_book, original)
    figures = originals if book.several else [original_figures(book, every[0], originals[0])]
    verdict.edited = edited(book, every, figures)
    verdict.notes = _notes(book, every, originals, figures)
    problems = [problem for in_book in every for problem in in_book.problems]
    try:
        if problems:
            raise AllocationError(problems)
        runs = rerun(book, every)
    except AllocationError as error:
        checks = book.sheets.get(book.name("checks"))
        verdict.stopped = [*error.problems, *(_failing(checks, book, every) if problems and checks else [])]
        verdict.notes.append(Problem("verify.not_compared"))
        if checks and not _stopped(checks, every):
            verdict.differences.append(Difference("shown", checks.title))
    else:
        for in_book, run in zip(every, runs, strict=True):
            verdict.awards += award_changes(in_book, run)
            verdict.failed += _failed(in_book, run)
        rewritten = rewrite(book, every, runs, bool(verdict.edited or verdict.awards))
        _compare(book, every, rewritten, verdict)
        if not book.several:
            _compare_versions(path.parent, book, runs[0], verdict)
    unlike = None if book.several else unlike_registered(path, book)
    if unlike and (not verdict.clean or verdict.edited or verdict.awards):
        verdict.differences.append(unlike)
    elif unlike:
        verdict.notes.append(Problem("verify.version_resaved", {"version": unlike.column}))
    verdict.differences.sort(
        key=lambda difference: CAUSES.index(difference.kind) if difference.kind in CAUSES else len(CAUSES)
    )
    return verdict


def _notes(
    book: Reopened, every: Sequence[RunInBook], originals: Sequence[Table | None], figures: Sequence[Table | None]
) -> list[Problem]:
    """Who wrote the workbook, where it was not us; input files not at hand, and what served in their stead."""
    said = book.record.versions.allocation
    notes = [] if said == __version__ else [Problem("verify.other_version", {"found": said, "own": __version__})]
    absent = {in_book.table.file: "verify.no_input" if held is None else "verify.by_originals"
              for in_book, table, held in zip(every, originals, figures, strict=True)
              if in_book.table.file and table is None}  # fmt: skip
    return [*notes, *(Problem(kind, {"file": file}) for file, kind in absent.items())]


def _sheets(book: Reopened) -> list[Difference]:
    """Sheets under other names, and what is hidden."""
    differences = [Difference("sheet_renamed", sheet.title, expected=name)
             for name, sheet in book.sheets.items() if sheet.title != name]  # fmt: skip
    hidden = [book.name(key) for key in ("originals", "choices")]  # the program hides them itself
    differences += [Difference("sheet_hidden", sheet.title) for sheet in [*book.sheets.values(), *book.others]
              if sheet.hidden and sheet.title not in hidden]  # fmt: skip
    differences += [Difference("column_hidden" if line.isalpha() else "row_hidden", sheet.title, line)
              for sheet in book.sheets.values() for line in sheet.hidden_lines]  # fmt: skip
    return differences + [
        Difference("masked", sheet.title, place) for sheet in book.sheets.values() for place in sheet.masked
    ]


def _compare_versions(folder: Path, book: Reopened, run: Run, verdict: Verdict) -> None:
    compared = sheet_differences(folder, book, run, bool(verdict.edited or verdict.awards))
    if compared is None:
        verdict.notes.append(Problem("verify.versions_unchecked", {"sheet": say(book.lang, "versions.sheet")}))
        return
    verdict.differences += compared[0]
    verdict.cells += compared[1]


def _compare(book: Reopened, every: Sequence[RunInBook], rewritten: Rewritten, verdict: Verdict) -> None:
    """The workbook beside the one its own writers write of the same figures."""
    sheets, titles = _find_sheets(book, rewritten, verdict)
    checks = sheets.get(book.name("checks"))
    stopped = checks is not None and _stopped(checks, every)
    if checks is not None and stopped:
        state = Problem("verify.state", {"found": "，".join(checks.text(*cell) or "—" for cell in _states(every))})
        verdict.stopped = _failing(checks, book, every) or [state]
    if not rewritten.mapped and book.name("import") in sheets:
        verdict.differences.append(Difference("mapping", sheets[book.name("import")].title))
    comparisons = [
        SheetComparison(rewritten.expected.sheets[name], sheets[name], roles, ComparedAs(not stopped, titles))
        for name, roles in rewritten.roles.items()
        if name in sheets
    ]
    moved = any(difference.kind in MOVES for difference in verdict.differences)
    moved = moved or any(comparison.moved for comparison in comparisons)
    bare = not any(sheet.formulas for name, sheet in sheets.items() if name != book.name("originals"))
    verdict.notes += [Problem("verify.values_only")] if bare else []
    for comparison in comparisons:
        if comparison.flattened and not bare:
            verdict.differences.append(Difference("flattened", comparison.sheet.title, actual=comparison.flattened))
        verdict.differences += comparison.differences(exact=not moved, flat=bool(comparison.flattened))
        verdict.cells += len(comparison.expected.cells)
    for name, expected in rewritten.expected.sheets.items():
        if name in sheets and not all(expected.header in text for text in sheets[name].headers):
            verdict.differences.append(Difference("header", sheets[name].title, expected=expected.header))
    verdict.differences += [] if moved else _names(book, rewritten, titles)


def _failed(in_book: RunInBook, run: Run) -> list[Problem]:
    """The checks a run does not pass."""
    broken = [check for check in run.checks if not check.ok and check.severity == "error"]
    return [
        Problem(
            "verify.failed", {"part": in_book.part, "check": check.label, "counties": check.beside, "read": check.read}
        )
        for check in broken
    ]


def _find_sheets(book: Reopened, rewritten: Rewritten, verdict: Verdict) -> tuple[dict[str, OpenSheet], dict[str, str]]:
    """The sheets by name, and what each was called when written; sheets gone or renamed are differences."""
    sheets, titles = dict(book.sheets), {}
    for name, expected in rewritten.expected.sheets.items():
        if name not in sheets:
            like = _like(expected, [sheet for sheet in book.others if sheet.title not in titles])
            kind = Difference("sheet_renamed", like.title, expected=name) if like else Difference("sheet_gone", name)
            verdict.differences.append(kind)
            if like is None:
                continue
            sheets[name] = like
        titles[sheets[name].title] = name
    known = {*titles, say(book.lang, "versions.sheet")}
    extra = [sheet.title for sheet in [*book.sheets.values(), *book.others] if sheet.title not in known]
    verdict.notes += [Problem("verify.extra_sheets", {"sheets": extra})] if extra else []
    return sheets, titles


def _states(every: Sequence[RunInBook]) -> list[tuple[int, int]]:
    """The cell of 状态 of each run."""
    return [(STATE[0], STATE[1] + number) for number in range(len(every))]


def _stopped(checks: OpenSheet, every: Sequence[RunInBook]) -> bool:
    """Whether the workbook shows no awards; 核对 says why."""
    return any(checks.values.get(cell) != 0 for cell in _states(every))


def _failing(checks: OpenSheet, book: Reopened, every: Sequence[RunInBook]) -> list[Problem]:
    """The lines of 核对 that count something wrong, but for those that follow from others."""
    last, follows = max(row for row, _ in checks.values), say(book.lang, "workbook.follows")
    lines = []
    for in_book, (state, column) in zip(every, _states(every), strict=True):
        counted = column if book.several else column + 1  # where a line that counts has something in any case
        wrong = [row for row in range(state + 2, last + 1)
                 if checks.text(row, counted) not in ("", follows) and checks.text(row, column) != "0"]  # fmt: skip
        lines += [Problem("verify.line", {"part": in_book.part, "line": checks.text(row, 1)}) for row in wrong]
    return lines


def _names(book: Reopened, rewritten: Rewritten, titles: dict[str, str]) -> list[Difference]:
    """Defined names that no longer point to their parameter, and those of one sheet that stand before them."""
    names, sheet = book.names, book.needed("parameters").title
    known = {name.upper(): target for name, target in rewritten.expected.names.items()}
    shadowed = [
        (name, known[bare]) for name in names if "!" in name and (bare := name.rpartition("!")[2].upper()) in known
    ]
    return [
        Difference("name", sheet, column=name, actual=names[name], expected=target) for name, target in shadowed
    ] + [
        Difference("name", sheet, column=name, actual=names.get(name, ""), expected=target)
        for name, target in rewritten.expected.names.items()
        if normal(names.get(name, ""), titles) != normal(target, {})
    ]


def _like(expected: MemorySheet, others: list[OpenSheet]) -> OpenSheet | None:
    """The sheet that has half of the expected texts, or more, where they should be."""
    texts = {place: cell for place, cell in expected.cells.items() if isinstance(cell, str)}
    fits = {id(sheet): sum(sheet.values.get(place) == cell for place, cell in texts.items()) for sheet in others}
    best = max(others, key=lambda sheet: fits[id(sheet)], default=None)
    return best if best and fits[id(best)] * 2 >= len(texts) else None
