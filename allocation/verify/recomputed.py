"""A workbook computed again from what it holds, and written once more by its own writers, into memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from allocation.analysis.compare import Comparison
from allocation.analysis.scenarios import Scenario
from allocation.case import facts_of
from allocation.classes import dataclass
from allocation.errors import AllocationError
from allocation.record.in_book import SHEET as RECORD_SHEET
from allocation.record.record import EVALUATION, SCHEMA, YEARS
from allocation.run.run import Run, run_model
from allocation.run.scenario import Change
from allocation.sheets.memory import MemoryBook
from allocation.verify.originals_verified import edited_counts, put_counts
from allocation.verify.own_figures import RunInBook
from allocation.verify.reopened import OpenSheet, Reopened
from allocation.verify.restoring import as_written, with_recorded
from allocation.verify.roles import Roles
from allocation.xlsx.comparison import comparison_sheets
from allocation.xlsx.evaluation import evaluation_sheets
from allocation.xlsx.import_mapping import Mapping, default_mapping
from allocation.xlsx.importing import find_mapping
from allocation.xlsx.layout import Layout
from allocation.xlsx.pages import cover_line
from allocation.xlsx.styles import Styles
from allocation.xlsx.timeline import timeline_sheets
from allocation.xlsx.trace import write_trace
from allocation.xlsx.writer import write_sheets
from allocation.years.evaluation.loading import evaluation_of_record
from allocation.years.timeline import Timeline, year_of, year_runs

STATE = 4, 2  # the cell of 核对 that holds 状态; of several runs, that of the first, with the others beside it


@dataclass(frozen=True)
class Rewritten:
    """`roles` by the name of each sheet that is compared. `mapped`: whether the columns of 导入表 are known."""

    expected: MemoryBook
    roles: dict[str, Roles]
    mapped: bool = True


def rerun(book: Reopened, every: Sequence[RunInBook]) -> tuple[Run, ...]:
    """The run of each of the sources. Raises what the engine says, and of which run."""
    facts = facts_of(book.record.facts, book.record.case)
    run_again = partial(run_model, exact=book.record.exact, reference=book.record.reference, facts=facts)
    if book.record.kind in YEARS:
        changes = [
            Change(f"{change.address}#{in_book.table.year}", change.value)
            for in_book in every
            for change in in_book.changes
        ]
        run = run_again(every[-1].model, [in_book.table for in_book in every], changes)
        return year_runs(with_recorded(run, book.record))
    runs, problems = [], []
    for in_book in every:
        try:
            run = run_again(in_book.model, in_book.table, in_book.changes)
        except AllocationError as error:
            of = [in_book.part[book.lang]] if book.several else []
            problems += [
                replace(problem, where=": ".join(filter(None, [*of, problem.where]))) for problem in error.problems
            ]
        else:
            model = as_written(run.model, in_book.model)
            whole = with_recorded(replace(run, model=model, changed=in_book.before), book.record)
            of_run = whole.doubts.only(in_book.kept.doubted) if book.several else whole.doubts
            runs.append(replace(whole, recorded_doubts=of_run))
    if problems:
        raise AllocationError(problems)
    return tuple(runs)


def rewrite(book: Reopened, every: Sequence[RunInBook], runs: tuple[Run, ...], edited: bool) -> Rewritten:
    """As the writers write it of the figures as they are now; `edited`: they are no longer those it was written of."""
    if not book.several:
        return _one(book, every[0], runs[0], edited)
    expected = MemoryBook(book.lang)
    if book.record.kind in YEARS:
        ahead = tuple(year_of(in_book.table) for in_book in every if in_book.kept.projected)
        over_years = Timeline(runs[-1], runs, ahead, cut=book.cut)
        if book.record.kind == EVALUATION:
            evaluation = evaluation_of_record(book.record, runs[-1].model)
            evaluation_sheets(expected, over_years, evaluation)
        else:
            timeline_sheets(expected, over_years)
        _as_recorded(book, expected)
        return Rewritten(expected, _roles(book, expected))
    scenarios = [Scenario(in_book.kept.name, in_book.part) for in_book in every]
    comparison_sheets(expected, Comparison(tuple(scenarios), runs, cut=book.cut))
    _as_recorded(book, expected)
    return Rewritten(expected, _roles(book, expected))


def _roles(book: Reopened, expected: MemoryBook) -> dict[str, Roles]:
    """All sheets but 原值: what was written, not what is now."""
    apart = {book.name("originals"), *(() if book.record.schema == SCHEMA else (book.name("trace"),))}
    return {title: Roles(sheet) for title, sheet in expected.sheets.items() if title not in apart}


def _as_recorded(book: Reopened, expected: MemoryBook) -> None:
    """溯源 in words as the record says it; the record itself is no sheet that is compared."""
    expected.sheets.pop(RECORD_SHEET)
    sheet = expected.sheets[book.name("trace")]
    sheet.cells.clear()
    sheet.looks.clear()
    write_trace(sheet, book.record, Styles(expected))


def _one(book: Reopened, in_book: RunInBook, run: Run, edited: bool) -> Rewritten:
    mapping, mapped = _mapping(book, run)
    expected = MemoryBook(book.lang)
    write_sheets(expected, run, book.record, mapping)
    expected.sheets.pop(RECORD_SHEET)
    apart = {book.name("disputes"), *(() if mapped else (book.name("import"),))}
    apart |= set() if book.record.schema == SCHEMA else {book.name("trace")}  # 0.1 said it in other words
    if book.name("originals") in book.sheets:
        counts = edited_counts(book, in_book)
        cover = cover_line(Layout(run.model, len(run.table), book.lang), counts)
        put_counts(expected, book, counts, *cover)
    roles = {title: Roles(sheet, edited) for title, sheet in expected.sheets.items() if title not in apart}
    return Rewritten(expected, roles, mapped)


def _mapping(book: Reopened, run: Run) -> tuple[Mapping, bool]:
    """The mapping whose headers 导入表 has, and whether there is one."""
    sheet, plain = book.sheets.get(book.name("import")), default_mapping(run.model)
    shelved = find_mapping(run.model) or plain
    if sheet is None:
        return shelved, True
    alike = [mapping for mapping in (shelved, *shelved.besides, plain) if _headed(book, sheet, mapping)]
    return (max(alike, key=lambda mapping: _lines_of(sheet, mapping)), True) if alike else (shelved, False)


def _headed(book: Reopened, sheet: OpenSheet, mapping: Mapping) -> bool:
    heads = [column.zh if book.lang == "zh" else column.en for column in mapping.columns]
    return [sheet.text(0, column) for column in range(len(heads))] == heads


def _lines_of(sheet: OpenSheet, mapping: Mapping) -> int:
    """How many rows say what a line of the mapping says: of its layouts the one a sheet has is told by that."""
    told = [place for place, column in enumerate(mapping.columns) if column.take == "line"]
    lines = {tuple(line.texts.get(mapping.columns[place].name, "") for place in told) for line in mapping.lines}
    rows = {row for row, _ in sheet.values if row}
    return sum(tuple(sheet.text(row, place) for place in told) in lines for row in rows)
