"""The evaluation report as a Word document."""

from __future__ import annotations

from pathlib import Path

from allocation.documents.evaluation import report, report_marks, title
from allocation.documents.page import Paper, said_date
from allocation.documents.parts import Grid, Heading, Picture, Sentences
from allocation.documents.pictures import draw
from allocation.texts import say
from allocation.years.evaluation.parts import EvaluationPlan
from allocation.years.timeline import Timeline


def write_report(years: Timeline, evaluation: EvaluationPlan, path: Path, lang: str, date: str = "") -> None:
    """Raises AllocationError where python-docx is not installed."""
    parts, heading = report(years, evaluation, lang), title(years, evaluation, lang)
    mark = report_marks(years, lang)
    paper = Paper(heading + mark, lang)
    paper.title(heading)
    if evaluation.public:
        paper.mark(say(lang, "evaluate.public_mark").strip())
    if mark:
        paper.mark(mark.strip())
    paper.blank()
    unseen = False
    for part in parts:
        match part:
            case Heading(text=text):
                paper.heading(text)
            case Sentences(text=text):
                paper.text(text)
            case Grid(caption=caption, heads=heads, rows=rows):
                paper.table(caption + mark, heads, rows, bold_last=part.total, note=part.note)
            case Picture(caption=caption):
                png = draw(part, lang)
                if png:
                    paper.picture(png, caption + mark)
                elif not unseen:
                    unseen = True
                    paper.text(say(lang, "evaluate.no_picture"))
    if date:
        paper.blank()
        paper.right(said_date(date, lang))
    paper.save(path)
