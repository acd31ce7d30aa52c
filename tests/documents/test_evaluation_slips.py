"""What an author of an evaluation file gets wrong so that a text would never be said is told when the file is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from evaluation_pages import lay_out

from allocation.errors import AllocationError
from allocation.policy.loading import load_model
from allocation.years.evaluation.loading import load_evaluation

FILE = Path("models/evaluations/绿地监测.toml")


def problems(old: str, new: str) -> list[str]:
    """The ids of what is wrong with the page's example once something in it is written otherwise."""
    lay_out("zh", Path())
    model = load_model(Path("models/绿地监测.toml"))
    text = FILE.read_text("utf-8")
    assert old in text
    load_evaluation(FILE, model)
    FILE.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(AllocationError) as refused:
        load_evaluation(FILE, model)
    assert all(problem.text("zh") and problem.text("en") for problem in refused.value.problems)
    return [problem.id for problem in refused.value.problems]


def test_the_label_of_what_is_spoken_of_is_no_word_where_nothing_is_spoken_of(folder):
    assert problems("新增绿地比计划少", "{_label}比计划少") == ["evaluate.no_word"]


def test_a_figure_divided_by_nought_is_never_said_and_refused(folder):
    assert problems("{total(计划) - total(新增)}公顷。", "{total(计划) / 0}公顷。") == ["evaluate.never_said"]


def test_a_row_that_names_a_row_below_it_is_told_so(folder):
    rows = '[[row]]\nname = "甲"\nshow = "乙 + 1"\nzh = "甲"\nen = "a"\n\n[[row]]\nname = "乙"\nshow = "total(绿地)"\n'
    assert problems("[[row]]\n", f"{rows}\n[[row]]\n") == ["evaluate.row_below"]
