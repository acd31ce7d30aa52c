"""evaluate: whatever formulas an evaluation file holds, it is refused with words, or its sheet recalculates to what is
stored and its report and public edition are written."""

from __future__ import annotations

import random
import re
import sys

import pytest
from desk import some
from evaluation_pages import example
from word import ROOT

from allocation.documents.evaluation import EvaluationReport
from allocation.errors import AllocationError
from allocation.policy.loading import model_from_text
from allocation.sheets.memory import MemoryBook
from allocation.xlsx.evaluation import evaluation_sheets
from allocation.xlsx.evaluation_public import public_sheets
from allocation.years.evaluation.loading import evaluation_from_text
from allocation.years.evaluation.public import public_plan
from allocation.years.timeline import read_years, timeline

sys.path.append(str(ROOT / "tests" / "readings"))  # the recorded workbook and what recalculates it
from recalculation import differences, recalculated  # noqa: E402
from recorded_book import Book  # noqa: E402

FORMULAS = (
    "total({0})", "last({0})", "since({0}, first)", "count({0} > 0)", "{0} - {1}", "abs({0})", "highest({0})",
    "{0} > {1}", "{0} / {1}", "round({0}, 2)", "mean({0})", "since({0}, 2)", "-{0}", "total(last({0}))", "rank({0})",
    "not given(last({0}))", "max({0}, {1})", "{0} if {0} > 1 else {1}", "_units", "_it", "1", "lowest({0})",
    "({0} - {1}) * 2", "{0} - ({1} - {0})",
    "total({0}) - total(since({0}, first))", "total({0}) / total({1})", "count({0} > {1})", "min({0}, {1}) + {0}",
)  # fmt: skip
KEYS = re.compile(r'(show|when|of|by|total|steps) = "([^"]*)"')
SLOTS = re.compile(r"\{([^{}\n=]*)\}")


def changed(text: str, names: list[str], draw: random.Random) -> str:
    """An evaluation file with up to three other formulas, and perhaps more of it public."""
    for _ in range(draw.randint(1, 3)):
        keyed = draw.random() < 0.7
        place = draw.choice([*(KEYS if keyed else SLOTS).finditer(text)])
        start, end = place.span(2 if keyed else 1)
        text = text[:start] + draw.choice(FORMULAS).format(*draw.choices(names, k=2)) + text[end:]
    return text.replace("public = false", "public = true") if draw.random() < 0.2 else text


@pytest.mark.parametrize("start", some(range(0, 12000, 800), 1))
def test_a_file_with_any_formulas_is_refused_or_told_and_recalculates(tmp_path, start):
    files = example("zh")
    model = model_from_text(files["models/绿地监测.toml"], "绿地监测.toml")
    (tmp_path / "年.csv").write_text(files["inputs/绿地监测.csv"], encoding="utf-8")
    years, taken = timeline(model, read_years([tmp_path / "年.csv"], model)), 0
    for seed in range(start, start + 120):
        text = changed(files["models/evaluations/绿地监测.toml"], [*model.inputs, *model.columns], random.Random(seed))
        try:
            plan = evaluation_from_text(text, "绿地监测.toml", model)
        except AllocationError as error:
            assert all("绿地监测.toml: " in problem.where for problem in error.problems) and error.text("zh"), seed
            continue
        taken += 1
        book = Book("zh")
        evaluation_sheets(book, years, plan)
        assert differences(book, recalculated(book)) == [], seed
        assert EvaluationReport(years, plan, "zh").parts and EvaluationReport(years, plan, "en").parts, seed
        public = public_plan(plan)
        assert EvaluationReport(years, public, "zh").parts, seed
        public_sheets(MemoryBook("zh"), years, public)
    assert taken > 0
