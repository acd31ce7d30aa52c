"""The 公开 edition of an evaluation's workbook: the public figures as values, and nothing that they were made from."""

from __future__ import annotations

from pathlib import Path
from platform import python_version

from allocation import __version__
from allocation.record.in_book import write_record
from allocation.record.record import (
    EDITION,
    EVALUATION,
    EditionKept,
    ModelKept,
    Program,
    Record,
)
from allocation.record.recording import evaluation_content
from allocation.run.marks import marks
from allocation.sheets.sheet import Book
from allocation.xlsx.evaluation import evaluation_blocks
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import PROTECT
from allocation.xlsx.styles import Styles
from allocation.years.evaluation.parts import EvaluationPlan
from allocation.years.timeline import Timeline

PUBLIC = "public"


def write_public(timeline: Timeline, plan: EvaluationPlan, path: Path, lang: str) -> None:
    """`plan` is what the public may see. Writes the workbook to `path`; the caller renames it into place."""
    book = figure_book(path, lang, timeline.run.model.label[lang], *timeline.runs)
    public_sheets(book, timeline, plan)
    write_record(book, public_record(timeline, plan, lang))
    book.close()


def public_sheets(book: Book, timeline: Timeline, plan: EvaluationPlan) -> None:
    """Sheets 评估 and 评估图表, marked on every page."""
    for sheet in evaluation_blocks(book, timeline, plan, [], Styles(book)):
        sheet.set_header("&R" + book.say("evaluate.public_mark") + marks(timeline.run)[book.lang])
        sheet.protect("", PROTECT)


def public_record(timeline: Timeline, plan: EvaluationPlan, lang: str) -> Record:
    """What it is, and by a hash from which evaluation: of the model its name alone."""
    kept = EditionKept(PUBLIC, (), tuple(timeline.runs[-1].table.codes), of=EVALUATION)
    return Record(
        EDITION, lang=lang, model=ModelKept(timeline.run.model.name), versions=Program(__version__, python_version()),
        content=evaluation_content(timeline.runs, plan.text), edition=kept,
    )  # fmt: skip
