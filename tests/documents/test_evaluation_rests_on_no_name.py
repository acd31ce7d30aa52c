"""evaluate: nothing rests on what an author called a column: other names, the same report and the same cells."""

from __future__ import annotations

import ast
import json
import random
import re
import sys
import tomllib
from functools import cache
from itertools import chain
from pathlib import Path
from tempfile import mkdtemp

import pytest
from desk import some
from evaluated import shipped_evaluation
from own_code import PACKAGE
from word import MONITOR, ROOT

from allocation.documents.evaluation import EvaluationReport
from allocation.policy.loading import model_from_text
from allocation.xlsx.evaluation import evaluation_sheets
from allocation.years.evaluation.loading import evaluation_from_text
from allocation.years.timeline import read_years, timeline

sys.path.append(str(ROOT / "tests" / "readings"))
from recorded_book import Book  # noqa: E402

NAME = "urbanisation_monitor.toml"
LIKELY = (
    "first", "public", "kind", "of", "by", "show", "units", "whole_", "points", "x", "y1", "A1", "R1C1", "sum_",
    "zh", "en", "total_of", "合计", "地区", "率", "数", "目标", "当年", "累计", "比上年", "e", "pi",
    "item", "when", "names", "value", "date", "award", "pool", "市", "label", "count_", "row", "table",
)  # fmt: skip
WORDS = ("zh", "en")


def new_names(names: list[str], seed: int) -> dict[str, str]:
    """For every name another that a stranger could have chosen, but for headings that his tables have already."""
    draw = random.Random(seed)
    pool = [*LIKELY, *("".join(draw.choices("甲乙丙丁戊己庚辛", k=3)) + str(at) for at in range(60))]
    return dict(zip(names, draw.sample(list(dict.fromkeys(pool)), len(names)), strict=True))


def renamed(value, names: dict[str, str], key: str = ""):
    """The content of a file with other names in its formulas and references; words stay, but for what is in braces."""

    def formula(text: str) -> str:
        return re.sub(r"[^\W\d]\w*", lambda word: names.get(word[0], word[0]), text)

    if isinstance(value, dict):
        return {names.get(inner, inner) if key == "whole" else inner: renamed(held, names, inner)
                for inner, held in value.items()}  # fmt: skip
    if isinstance(value, list):
        return [renamed(held, names, key) for held in value]
    if not isinstance(value, str) or key in ("source", "basis", "use", "unit", "department", "item"):
        return value
    if key in WORDS:
        return re.sub(r"\{([^{}]*)\}", lambda slot: "{" + formula(slot[1]) + "}", value)
    return formula(value)


def as_toml(value) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key, ensure_ascii=False)} = {as_toml(held)}"
                                for key, held in value.items()) + " }"  # fmt: skip
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def written(content: dict) -> str:
    return "".join(f"{json.dumps(key, ensure_ascii=False)} = {as_toml(held)}\n" for key, held in content.items())


def told(model_text: str, evaluation_text: str) -> tuple[list, dict]:
    """The report's parts and the sheet's cells, of a table from which some counties go."""
    model = model_from_text(model_text, NAME)
    evaluation = evaluation_from_text(evaluation_text, NAME, model)
    tables = [table for table in read_years([shrunk()], model) if table.year <= 2019]
    years = timeline(model, tables)
    book = Book("zh")
    evaluation_sheets(book, years, evaluation)
    cells = {place: str(cell) for place, cell in book.sheets["评估"].cells.items()}
    return [str(part) for part in EvaluationReport(years, evaluation, "zh").parts], cells


@cache
def shrunk():

    path = Path(mkdtemp()) / "监测.csv"
    kept = [line for line in MONITOR.read_text("utf-8-sig").splitlines() if "义县,2018" not in line]
    kept = [line for line in kept if "义县,2019" not in line and "义县,2020" not in line]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return path


@cache
def as_shipped() -> tuple[list, dict]:
    texts = [(ROOT / "models" / place / NAME).read_text("utf-8") for place in ("", "evaluations")]
    return told(*texts)


@pytest.mark.parametrize("seed", some(range(1, 9), 1))
def test_a_model_with_other_names_gives_the_same_report_and_the_same_cells(seed):
    model = shipped_evaluation().model
    rows = [row["name"] for row in content("evaluations")["row"] if "name" in row]
    names = new_names([*model.inputs, *model.columns, *rows], seed)
    texts = [written(renamed(content(place), names)) for place in ("", "evaluations")]
    assert not any(re.search(rf"\b{name}\b", re.sub('"(zh|en)" = "[^"]*"', "", texts[0])) for name in model.columns)
    assert told(*texts) == as_shipped()


def content(place: str) -> dict:
    return tomllib.loads((ROOT / "models" / place / NAME).read_text("utf-8"))


PLAIN_WORDS = {"resident", "registered", "settled", "behind", "completion"}  # names that prose may use as well
CODE = sorted(
    chain(
        (PACKAGE / "years").rglob("*.py"),
        (PACKAGE / "xlsx").glob("evaluation*.py"),
        (PACKAGE / "documents").glob("evaluat*.py"),
        [PACKAGE / "documents" / "pictures.py", PACKAGE / "documents" / "parts.py"],
        [PACKAGE / "commands" / "evaluate.py"],
    )
)


def test_no_name_of_the_shipped_monitor_stands_in_the_code_of_evaluations():
    model = shipped_evaluation().model
    names = {*model.inputs, *model.columns} - PLAIN_WORDS
    texts = {
        (path.name, node.value)
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert len(CODE) > 15 and len(texts) > 500
    whole = [(file, text) for file, text in texts if text in {*names, *PLAIN_WORDS}]
    within = [(file, text) for file, text in texts for name in names if re.search(rf"\b{name}\b", text)]
    assert whole == [] and within == []
