"""The evaluation report as a Word document."""

from __future__ import annotations

from pathlib import Path

from allocation.documents.evaluation import EvaluationReport
from allocation.documents.page import Paper, said_date
from allocation.documents.parts import Grid, Heading, Picture, Sentences
from allocation.documents.pictures import draw


def write_report(report: EvaluationReport, path: Path, date: str = "") -> None:
    """Raises AllocationError where python-docx is not installed."""
    parts, heading, mark = report.parts, report.title, report.marks
    paper = Paper(heading + mark, report.lang)
    paper.title(heading)
    if report.evaluation.public:
        paper.mark(report.say("evaluate.public_mark").strip())
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
                png = draw(part)
                if png:
                    paper.picture(png, caption + mark)
                elif not unseen:
                    unseen = True
                    paper.text(report.say("evaluate.no_picture"))
    if date:
        paper.blank()
        paper.right(said_date(date)[report.lang])
    paper.save(path)
