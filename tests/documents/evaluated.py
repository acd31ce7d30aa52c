"""Two counties in two years, and the figures an evaluation report may say of a run."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from itertools import combinations
from pathlib import Path

from word import ROOT

from allocation.documents import evaluate as word_report
from allocation.documents.evaluation import EvaluationReport
from allocation.policy.loading import load_model
from allocation.xlsx import evaluation as book_of_years
from allocation.years.evaluation.loading import load_evaluation
from allocation.years.evaluation.parts import EvaluationPlan

HEAD = "代码,名称,年度,户籍人口,户籍城镇人口,常住人口,常住城镇人口,当年落户人数,当年落户目标,"
HEAD += "第一年的上年户籍人口城镇化率,第一年的上年常住人口城镇化率,数据说明\n"
TWO_YEARS = """201,甲县,2016,10000,4000,9000,4500,100,100,40%,50%,
202,乙县,2016,20000,5000,18000,6000,300,200,25%,33%,
201,甲县,2017,10000,3900,9000,4500,{first},100,,,
202,乙县,2017,20000,5200,18000,6000,{second},200,,,{note}
"""


@cache
def shipped_evaluation() -> EvaluationPlan:
    name = "urbanisation_monitor.toml"
    return load_evaluation(ROOT / "models" / "evaluations" / name, load_model(ROOT / "models" / name))


def report(found, lang: str) -> list:
    """The shipped evaluation's report of these years; likewise below."""
    return EvaluationReport(found, shipped_evaluation(), lang).parts


def title(found, lang: str) -> str:
    return EvaluationReport(found, shipped_evaluation(), lang).title


def write_report(found, path: Path, lang: str) -> None:
    word_report.write_report(EvaluationReport(found, shipped_evaluation(), lang), path)


def write_evaluation(found, path: Path, lang: str) -> None:
    book_of_years.write_evaluation(found, shipped_evaluation(), path, lang)


def evaluation_sheets(book, found) -> None:
    book_of_years.evaluation_sheets(book, found, shipped_evaluation())


def people(value) -> str:
    return f"{int(value):,}"


def points(value) -> str:
    return f"{float(abs(value) * 100):.2f}"


def told(found) -> set[str]:
    """Every figure a report may say: the runs' own, their totals and differences, counts, ranks and years."""
    said = {str(year) for year in found.years} | {str(n) for n in range(len(found.counties) + 1)}
    for run in found.runs:
        for name, entry in {**run.model.inputs, **run.model.columns}.items():
            values = [value for value in run.figures(name) if isinstance(value, Fraction)]
            if entry.unit.name in ("人", "户"):
                said |= {people(value) for value in (*values, sum(values))}
            elif entry.unit.is_percent:
                said |= {f"{points(value)}%" for value in values} | {points(value) for value in values}
    for name in ("registered_rate", "resident_rate", "completion"):
        paths = [[value for value in found.path(name, code) if value is not None] for code in found.counties]
        for path in (*paths, [run.figure(f"{name}_all") for run in found.runs]):
            said |= {points(one - other) for one, other in combinations(path, 2)}
    gaps = [run.figure("registered_rate_all") - run.figure("resident_rate_all") for run in found.runs]
    pairs = zip(*(found.runs[-1].figures(name) for name in ("registered_rate", "resident_rate")), strict=True)
    said |= {points(one) for one in (*gaps, gaps[-1] - gaps[0], *(one - other for one, other in pairs))}
    for run in found.runs:
        for done, wanted in (("settled", "settled_target"), ("settled_to_date", "target_to_date")):
            said.add(people(abs(run.total(done) - run.total(wanted))))
    said.add(people(abs(found.runs[-1].total("settled") - found.runs[0].total("settled"))))
    return said


def without_quotations(texts: list[str], found) -> str:
    """The report's own words: without what it quotes from the model, the table and its own numbering."""
    model = found.run.model
    text = "\n".join(texts)
    quoted = [*model.basis, *(table.file for table in found.run.tables)]
    notes = [note for run in found.runs for name in ("data_note", "year_note") for note in run.figures(name)]
    quoted += [str(note).rstrip("。") for note in notes if note]
    for words in quoted:
        text = text.replace(words, "")
    text = re.sub(r"(表|图|Table |Figure )\d  ?", "", text)
    text = re.sub(r"(?m)^\d\. ", "", text)
    return text.replace("四舍五入到 4 位小数", "").replace("rounded to 4 decimals", "")
