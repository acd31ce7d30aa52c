"""What must stand beside every title; apart from the styles, because the command line says it too."""

from __future__ import annotations

from collections.abc import Iterable

from allocation.case import issue_key
from allocation.policy.pool_parameters import pool_parameters
from allocation.run.decisions import expected, model_of, pending
from allocation.run.run import Run
from allocation.texts import Both, Worded, both, in_brackets
from allocation.texts.vocabulary import the_word


def mark_keys(run: Run) -> tuple[str, ...]:
    """What a reader must be told of the run, by key: for reference, a trial, with estimates or illustrative figures."""
    return run.once(_mark_keys)


def _mark_keys(run: Run) -> tuple[str, ...]:
    model = model_of(run)
    totals = {entry.name for entry in pool_parameters(model)}
    only_expected = {entry.name for entry, _ in expected(model)}
    standing = {
        "reference": run.by_reference,
        "float": not run.exact,
        "estimate": any(table.estimates for table in run.tables),
        "illustrative": any(table.illustrative for table in run.tables),
        "doubt": bool(run.doubts.open_data),
        "pending": bool({entry.name for entry, _ in pending(model)} - totals),
        "open_total": any(entry.name in totals for entry, _ in pending(model)),
        "expected_total": bool(only_expected & totals),
        "expected": bool(only_expected - totals),
    }
    return tuple(key for key, holds in standing.items() if holds)


def _told(run: Run) -> tuple[Both, int | None]:
    """What a title must tell beside its year: the batch, and the year of the data where that is another."""
    other = run.table.year if run.year and run.table.year != run.year else None
    return issue_key("", run.facts, run.table.year).said, other


def year_text(run: Run) -> Both:
    """The year as a title begins with it: `2024年`, `2024`; of data of another year also that; empty without one.

    A batch that must be told stands with it: `提前下达2024年（2022年数据）`.
    """
    batch, other = _told(run)
    if not run.year:
        return batch
    year = both("workbook.title_year", year=run.year)
    year = year + both("workbook.data_year", year=other) if other else year
    return both("workbook.batch_year", batch=batch, year=year) if batch.zh else year


def fund_name(run: Run) -> Both:
    """What is issued: the fund as its case calls it, else the model's name without the word for sharing it out."""
    word = the_word("part_words.allocation")
    if not run.facts.fund:
        return Both(
            *(text.removesuffix(word).removesuffix(" allocation") for text in (run.model.label.zh, run.model.label.en))
        )
    fund = run.facts.fund.removesuffix(word)
    return Both(fund, fund) + both("workbook.corrected") if run.part("correction") else Both(fund, fund)


def heading(run: Run) -> Both:
    """Batch, year and fund, as the terminal and studies head what they show: `2017 …资金分配`, `追加2017年…资金`."""
    fund = fund_name(run) if run.facts.fund else run.model.label
    batch, other = _told(run)
    if batch.zh or other:
        return both("workbook.heading", year=year_text(run), fund=fund)
    return Worded(lambda lang: f"{run.year or ''} {fund[lang]}".strip())


def study_heading(run: Run) -> Both:
    """What a comparison is of: the model, and of a case its batch, year and fund."""
    batch, other = _told(run)
    of_issue = run.facts.fund or run.facts.kept or batch.zh or other
    return heading(run) if of_issue else run.model.label


def mark_words(keys: Iterable[str]) -> list[Both]:
    """The marks as names of files, footers and cells say them: `参数待定`."""
    return [both(f"marks.{key}") for key in keys]


def in_title(keys: Iterable[str]) -> Both:
    """The same as they stand behind a title: `（参数待定）`."""
    words = mark_words(keys)
    return Worded(lambda lang: "".join(in_brackets(word[lang], lang) for word in words))


def marks(run: Run) -> Both:
    """What must stand behind every title of a run."""
    return in_title(mark_keys(run))


def mark_note(key: str) -> Both:
    """What one mark says to a reader outside the office."""
    return both(f"marks.note_{key}")
