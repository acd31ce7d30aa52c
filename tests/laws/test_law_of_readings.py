"""The law of the readings on a few models; `law_of_readings.py` tries thousands, CI sixty with LibreOffice."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

import pytest
from law_books import FORCED, Tally, disagreements, judged, made
from law_models import CALLS
from plain_calls import CALLS as PLAIN_CALLS
from recalculation import needs_libreoffice, recalculated

from allocation.language.functions import FUNCTIONS
from allocation.readings import across, excel_functions

HERE = Path(__file__).parent
SEED = 4
FEWER = 1 if os.environ.get("CI") == "true" else 4  # on a desk every fourth function


def test_every_function_of_the_table_is_made_and_worked_out_plainly():
    """The list form of a largest remainder is written by the loader: the models have it under its author's name."""
    authors = {name for name, row in FUNCTIONS.items() if row.group != "internal"}
    assert set(CALLS) == set(PLAIN_CALLS) == authors
    assert set(FORCED) == set(FUNCTIONS)


@pytest.mark.parametrize("file", ["amounts.py", "plain_evaluator.py", "plain_calls.py"])
def test_the_plain_evaluator_knows_nothing_of_the_package(file):
    imports = [node for node in ast.walk(ast.parse((HERE / file).read_text())) if isinstance(node, ast.ImportFrom)]
    modules = {node.module.partition(".")[0] for node in imports}
    assert modules - set(sys.stdlib_module_names) <= {"amounts", "plain_evaluator"}


@pytest.fixture(scope="module")
def cases():
    return [made(number, SEED * 100_000 + number) for number in range(len(FORCED))]


def test_engine_plain_evaluator_and_formualizer_agree(cases):
    tally, findings = Tally(), []
    for case in cases[::FEWER]:
        opened = case.book.opened()
        found = recalculated(case.book, opened)
        findings += disagreements(case, found, tally)
    assert list(map(str, findings)) == []
    assert (tally.models, tally.unlike) == (len(cases[::FEWER]), 0)


def noticed(forced: str) -> bool:
    few = (made(FORCED.index(forced), seed) for seed in range(6))
    return any(list(disagreements(case, recalculated(case.book), Tally())) for case in few)


def test_the_law_notices_a_workbook_that_takes_the_mean_for_the_total(monkeypatch):
    monkeypatch.setitem(excel_functions.CALLS, "total", excel_functions.CALLS["mean"])
    assert noticed("total")


def test_the_law_notices_an_engine_that_takes_the_highest_for_the_lowest(monkeypatch):
    monkeypatch.setitem(across.CALLS, "lowest", across.CALLS["highest"])
    assert noticed("lowest")


@pytest.mark.skipif(os.environ.get("CI") != "true", reason="a start of LibreOffice: CI's")
def test_sixty_models_agree_as_written_and_edited_in_libreoffice(tmp_path):
    needs_libreoffice()
    tally = Tally()
    findings = judged([made(number, number) for number in range(60)], tmp_path, tally)
    assert list(map(str, findings)) == []
    assert (tally.models, tally.edits > 50, tally.unlike) == (60, True, 0)
