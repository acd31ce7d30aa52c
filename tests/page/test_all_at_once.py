"""All that is wrong with a table is told in one go: what is told of each fault alone is told of both together."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

import pytest

from allocation.page.desk import Desk
from allocation.page.works import Work
from allocation.page.workshop import Workshop

# A fault: row and column of the table, from zero, and what stands there instead.
FAULTS = {
    "blank figure": (1, 3, ""), "blank figure of another column": (3, 5, ""), "text": (2, 4, "很多"),
    "text where another total is wrong": (3, 3, "约九十"), "wrong total": (5, 3, "999"),
    "another wrong total": (5, 4, "9"),
    "odd class": (4, 2, "特大"), "negative": (4, 3, "-150"), "not whole": (2, 7, "300.5"),
    "too large": (1, 4, "9999999"),
    "no code": (3, 0, ""), "code twice": (2, 0, "210702"), "percentage": (4, 5, "152.25"), "error": (2, 6, "#REF!"),
    "not a number": (1, 6, "零点九二"), "total is no figure": (5, 7, "见附件"),
}  # fmt: skip
SETTINGS = {"": {}, "pool": {"pool": "没有"}}


def told(folder: Path, *faults: str, settings: str = "") -> dict[tuple[str, str], str]:
    with (folder / "inputs" / "reward.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    for row, column, text in (FAULTS[fault] for fault in faults):
        rows[row][column] = text
    with (folder / "表.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    work = Work(id="1", model="reward", table="表.csv", settings=SETTINGS[settings])
    return {(problem.id, problem.where): problem.text("zh") for problem in Workshop(Desk(folder)).answer(work).problems}


@pytest.fixture
def alone(folder) -> dict[str, dict[tuple[str, str], str]]:
    return {fault: told(folder, fault) for fault in FAULTS}


def test_what_is_told_of_each_fault_is_told_of_both(folder, alone):
    silent = []
    assert all(alone.values()), [fault for fault, problems in alone.items() if not problems]
    for one, other in itertools.combinations(FAULTS, 2):
        if FAULTS[one][:2] == FAULTS[other][:2]:
            continue
        both = told(folder, one, other)
        if "no code" in (one, other) and FAULTS[one][0] == FAULTS[other][0]:
            continue  # a row without a code is nobody's: what else is wrong with it is told once it has one
        to_come = any(id == "tables.totals_to_come" for id, _ in both)
        for problem in {**alone[one], **alone[other]}:
            told_later = problem[0] == "tables.total_differs" and to_come  # it is said that this could not be looked at
            if problem not in both and not told_later and problem[0] != "tables.totals_to_come":
                silent.append((one, other, problem))
    assert not silent, silent


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_setting_hides_no_fault_of_the_table(folder, alone, fault):
    assert alone[fault].keys() <= told(folder, fault, settings="pool").keys()


def test_a_figure_in_scientific_writing_that_was_typed_as_text_is_said(folder):
    table = (folder / "inputs" / "reward.csv").read_text("utf-8-sig")
    (folder / "表.csv").write_text(table.replace("大城市,180,", "大城市,1.8e2,"), "utf-8-sig")
    answer = Workshop(Desk(folder)).answer(Work(id="1", model="reward", table="表.csv"))
    assert answer.run
    (spelled,) = (note for note in answer.run.notes if note.id == "tables.spelled")
    assert "“1.8e2”按 180" in spelled.text("zh") and spelled.where == "表.csv: D2"
