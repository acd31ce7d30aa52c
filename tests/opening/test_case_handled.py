"""A case as people's hands leave it: renamed, copied and deleted sheets are told; nothing filled in goes unread."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from allocation.collecting.files import read_files
from allocation.errors import AllocationError
from allocation.opening.case_book import read_case_book
from allocation.tables.case_sheets import ATTACHED, DATA, DOUBTS, INFO, NOTES, TITLES
from tests.opening.test_case_book import cell_of, filled, written

INFO_ZH = TITLES[INFO].zh


def told(path: Path) -> list[str]:
    try:
        read_case_book(path)
    except AllocationError as error:
        return [problem.id for problem in error.problems]
    return []


def changed(path: Path, change) -> Path:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", [*ATTACHED, DOUBTS, NOTES])
def test_a_filled_sheet_under_another_name_is_told_and_an_empty_one_is_not(tmp_path, kind, lang):
    path = written(tmp_path / "case.xlsx", lang=lang)

    def rename(book):
        book[TITLES[kind][lang]].title = "另一个名字"

    assert told(changed(path, rename)) == []
    assert told(filled(path, "另一个名字", {"A8": "210702", "C8": "5", "D8": "6"})) == ["case.renamed"]


def test_ones_own_sheets_and_a_copy_beside_the_sheet_are_left_alone(tmp_path):
    path = written(tmp_path / "case.xlsx")

    def copied(book):
        book.copy_worksheet(book["研究调整"]).title = "研究调整 (2)"
        book.create_sheet("我的草稿")["A1"] = 5

    changed(path, copied)
    assert told(filled(path, "研究调整 (2)", {"C5": 5})) == []


@pytest.mark.parametrize("kind", [INFO, DATA, "ledger"])
def test_a_sheet_in_both_languages_is_told(tmp_path, kind):
    path = written(tmp_path / "case.xlsx")

    def copied(book):
        book.copy_worksheet(book[TITLES[kind].zh]).title = TITLES[kind].en

    assert told(changed(path, copied)) == ["case.two_sheets"]


def test_a_case_without_its_data_says_so(tmp_path):
    path = written(tmp_path / "case.xlsx")
    assert told(changed(path, lambda book: book.remove(book["数据"]))) == ["case.no_data"]
    with pytest.raises(AllocationError) as raised:  # and no form is taken for it
        read_case_book(path)
    assert "像是它" not in raised.value.problems[0].text("zh")
    (tmp_path / "数.csv").write_text("x", encoding="utf-8")
    assert told(filled(path, INFO_ZH, {cell_of(path, INFO_ZH, "数据"): "数.csv"})) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sheet_that_looks_like_the_data_under_another_name_is_named(tmp_path, lang):
    def rename(book):
        book[TITLES[DATA][lang]].title = "Sheet1"
        book.create_sheet("我的草稿")["A1"] = "行政"

    with pytest.raises(AllocationError) as raised:
        read_case_book(changed(written(tmp_path / "case.xlsx", lang=lang), rename))
    (problem,) = raised.value.problems
    assert problem.id == "case.no_data" and [*problem.slots["like"]] == ["Sheet1"]
    assert "“Sheet1”表像是它" in problem.text("zh") and "'Sheet1' looks like it" in problem.text("en")


@pytest.mark.parametrize("text", ["6000", "6,000", "6000万元", "６０００", "0.6亿元"])
def test_an_amount_typed_as_a_text_is_the_figure_it_says(tmp_path, text):
    from allocation.opening.settings import with_case
    from allocation.run.finding import model_of_year

    path = written(tmp_path / "case.xlsx")
    filled(path, INFO_ZH, {cell_of(path, INFO_ZH, "奖励资金总额", 3): text,
                           cell_of(path, INFO_ZH, "奖励资金总额", 4): "　已定 "})  # fmt: skip
    pool = with_case(model_of_year("incentive_fund", None), read_case_book(path)).parameters["pool"]
    assert pool.value == 6000 and pool.state("") == "decided"


def test_a_case_among_the_returned_tables_is_refused_as_one(tmp_path):
    written(tmp_path / "古塔区.xlsx")
    _, _, (file,) = read_files("incentive_fund", [tmp_path / "古塔区.xlsx"], None)
    assert [problem.id for problem in file.problems] == ["collect.case"]


def test_a_figure_whose_state_was_cleared_is_not_decided(tmp_path):
    from allocation.opening.settings import with_case
    from allocation.run.finding import model_of_year

    path = written(tmp_path / "case.xlsx")
    label = "困难程度系数下限"
    filled(path, INFO_ZH, {cell_of(path, INFO_ZH, label, 3): 0.7, cell_of(path, INFO_ZH, label, 4): None})
    low = with_case(model_of_year("incentive_fund", None), read_case_book(path)).parameters["hardship_low"]
    assert low.keys_in("open") == ("",) and float(low.value) == 0.7
