"""What must stand beside every title; apart from the styles, because the command line says it too."""

from __future__ import annotations

from collections.abc import Iterable

from allocation.case import issue_key
from allocation.policy.pool_parameters import pool_parameters
from allocation.run.decisions import expected, model_of, pending
from allocation.run.run import Run
from allocation.texts import Both, both, in_brackets, say
from allocation.texts.vocabulary import the_word


def mark_keys(run: Run) -> tuple[str, ...]:
    """What a reader must be told of the run, by key: for reference, a trial, with estimates or illustrative figures."""
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


def year_text(run: Run, lang: str) -> str:
    """The year as a title begins with it: `2024年`, `2024`; of data of another year also that; empty without one.

    A batch that must be told stands with it: `提前下达2024年（2022年数据）`.
    """
    said, other = _told(run)
    batch = said[lang]
    if not run.year:
        return batch
    year = say(lang, "workbook.title_year", year=run.year)
    year += say(lang, "workbook.data_year", year=other) if other else ""
    return say(lang, "workbook.batch_year", batch=batch, year=year) if batch else year


def fund_name(run: Run, lang: str) -> str:
    """What is issued: the fund as its case calls it, else the model's name without the word for sharing it out."""
    if not run.facts.fund:
        return run.model.label[lang].removesuffix(the_word("part_words.allocation")).removesuffix(" allocation")
    return run.facts.fund.removesuffix(the_word("part_words.allocation")) + (
        say(lang, "workbook.corrected") if run.part("correction") else ""
    )


def heading(run: Run, lang: str) -> str:
    """Batch, year and fund, as the terminal and studies head what they show: `2017 …资金分配`, `追加2017年…资金`."""
    fund = fund_name(run, lang) if run.facts.fund else run.model.label[lang]
    batch, other = _told(run)
    if batch[lang] or other:
        return say(lang, "workbook.heading", year=year_text(run, lang), fund=fund)
    return f"{run.year or ''} {fund}".strip()


def study_heading(run: Run, lang: str) -> str:
    """What a comparison is of: the model, and of a case its batch, year and fund."""
    batch, other = _told(run)
    of_issue = run.facts.fund or run.facts.kept or batch[lang] or other
    return heading(run, lang) if of_issue else run.model.label[lang]


def mark_words(keys: Iterable[str], lang: str) -> list[str]:
    """The marks as names of files, footers and cells say them: `参数待定`."""
    return [say(lang, f"marks.{key}") for key in keys]


def in_title(keys: Iterable[str], lang: str) -> str:
    """The same as they stand behind a title: `（参数待定）`."""
    return "".join(in_brackets(word, lang) for word in mark_words(keys, lang))


def marks(run: Run, lang: str) -> str:
    """What must stand behind every title of a run."""
    return in_title(mark_keys(run), lang)


def mark_note(key: str) -> Both:
    """What one mark says to a reader outside the office."""
    return both(f"marks.note_{key}")
