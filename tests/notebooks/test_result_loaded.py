"""`al.load` of a result workbook: what stands in it runs again, and what was edited since is told."""

from __future__ import annotations

import warnings
from fractions import Fraction

import pytest
from desk import examples
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

import allocation as al
from allocation.opening.splicing import with_cells


@pytest.fixture
def result(allocation, folder):
    told = allocation("run reward --year 2017 --set pool=960 --date 2017-08-20")
    assert told.code == 0, told.text
    return folder / "outputs" / "reward.xlsx"


def noted(path) -> tuple[al.Run, list[str]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run = al.load(path).run()
    return run, [str(note.message) for note in caught if getattr(note.message, "id", "") == "case.edited"]


def test_a_result_runs_again_as_it_stands(result, allocation):
    run, edits = noted(result)
    assert run.total == 960 and edits == []
    again = al.load(result).run(pool=970)
    assert again.total == 970
    saved = again.to_excel(result.parent / "again.xlsx")
    assert allocation(["verify", str(saved)]).code == 0


@settings(max_examples=examples(8), deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.integers(901, 1400), st.integers(50, 200))
def test_each_edit_of_a_result_is_told_old_and_new_and_counts(result, pool, settled):
    book = load_workbook(result)
    places = {name: next((cell.row - 1, cell.column - 1) for row in book[name].iter_rows() for cell in row
                         if cell.value == value) for name, value in (("参数", 960), ("数据", 90))}  # fmt: skip
    cells = {"参数": {places["参数"]: Fraction(pool)}, "数据": {places["数据"]: Fraction(settled)}}
    edited = result.parent / "edited.xlsx"
    edited.write_bytes(with_cells(edited.name, result.read_bytes(), cells))
    run, edits = noted(edited)
    assert run.total == pool and run.frame.loc["210726", "settled"] == settled
    told = "\n".join(edits).replace(",", "")
    assert (f"960 万元 → {pool}" in told) is (pool != 960) and (f"90 人 → {settled}" in told) is (settled != 90)
    assert len(edits) == (pool != 960) + (settled != 90)


def test_a_result_takes_no_other_table(result):
    with pytest.raises(al.AllocationError, match="结果工作簿当底稿打开时"):
        al.load(result).run("inputs/reward.csv")
    frame = al.load(result).table().frame
    assert al.load(result).run(frame).total == 960
