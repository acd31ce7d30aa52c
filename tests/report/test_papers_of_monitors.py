"""Papers of models that share nothing out: what they are called, and what of them is added up."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from shipped import HOUSE, sample_model, sample_table

from allocation.record.record import EVERY_TERM, PAPERS, Record
from allocation.report.lines import whole_line
from allocation.report.tables import annex_table, award_table, named_paper, shown_table, summary_table
from allocation.run.run import Run, run_model
from allocation.tables.reading import read_table
from allocation.xlsx.writer import write_workbook
from allocation.years.timeline import read_years, timeline
from allocation.years.years_table import years_table

SHIPPED = sorted({path.stem for path in (HOUSE / "models").glob("*.toml")} - {"incentive_fund"})
WITHOUT_POOL = [name for name in SHIPPED if not sample_model(name).pool]


@cache
def first_run(name: str) -> Run:
    model, table = sample_model(name), sample_table(name.partition("@")[0])
    if model.years:
        return timeline(model, read_years([table], model)).runs[0]
    return run_model(model, read_table(table, model), reference=True)


@pytest.mark.parametrize("name", WITHOUT_POOL)
def test_what_shares_nothing_out_is_no_table_of_awards(name):
    run = first_run(name)
    titles = [table.title for table in (annex_table(run), award_table(run), shown_table(run, "terminal"))]
    titles.append(named_paper(run))
    assert run.model.paper.zh
    for title in titles:
        assert run.model.paper.zh in title.zh and run.model.paper.en in title.en
        assert "分配" not in title.zh and "awards" not in title.en


def test_what_shares_something_out_is_a_table_of_awards():
    run = first_run("bond_limit")
    assert "债务限额分配表" in annex_table(run).title.zh and "测算表" in award_table(run).title.zh


def written(run: Run, path: Path, papers: int = PAPERS) -> openpyxl.Workbook:
    write_workbook(run, path, "zh", Record("run", papers=papers))
    return openpyxl.load_workbook(path)


def lines(book: openpyxl.Workbook, sheet: str) -> dict[str, tuple]:
    """{what a line is called, without room before it: its cells}."""
    rows = [row for row in book[sheet].iter_rows() if row[-1].value is not None or row[2].value is not None]
    place = 1 if sheet == "附件" else 0
    return {str(row[place].value).strip("　 "): row for row in rows if row[place].value}


def test_kinds_that_are_booked_apart_have_a_sum_for_checking_only_and_no_shares(tmp_path):
    run = first_run("quota_book")
    book = written(run, tmp_path / "book.xlsx")
    for sheet, sums in (("附件", ["年度新增小计", "增减挂钩节余小计"]), ("资金测算表", ["年度新增小计"])):
        told = lines(book, sheet)
        assert "合计" not in told and not any(cell.font.b for cell in told["合计（只作核对）"])
        assert all(any(cell.font.b for cell in told[name]) for name in sums)
    assert not any("占合计" in column.label.zh for column in award_table(run).columns)
    kinds = [line for line in summary_table(run).lines if line.label.zh.startswith("指标类型")]
    others = [line for line in summary_table(run).lines if line.label.zh.startswith("持有单位")]
    assert kinds and all(line.stands_out for line in kinds)
    assert others and not any(line.stands_out for line in others)  # of several kinds together


def test_what_a_sum_by_class_tells_again_stands_back_and_is_not_bold(tmp_path):
    told = lines(written(first_run("quota_book"), tmp_path / "book.xlsx"), "分类汇总")
    within, outer = told["其中：古塔区"], told["指标类型：年度新增"]
    assert within[0].alignment.horizontal == "left" and within[0].alignment.indent > 1
    assert not any(cell.font.b for cell in within) and all(cell.font.b for cell in outer)


def test_entries_of_one_kind_add_up_as_anything_does():
    run = first_run("quota_book")
    rows = tuple(row for row, kind in enumerate(run.figures("kind")) if kind == "年度新增")
    assert len(rows) > 1 and whole_line(run, rows).stands_out
    assert not whole_line(run, tuple(range(len(run.table)))).stands_out


def numbers(book: openpyxl.Workbook) -> list[str]:
    sheet = book["资金测算表"]
    (row,) = [row for row in sheet.iter_rows(max_row=12, values_only=True) if row[0] == "栏次"]
    return [str(cell) for cell in row if cell]


def test_a_sum_of_many_columns_is_told_by_its_first_and_its_last_in_papers_of_today(tmp_path):
    run = first_run("land_supply")
    today = [text.replace("\n", "") for text in numbers(written(run, tmp_path / "today.xlsx"))]
    before = [text.replace("\n", "") for text in numbers(written(run, tmp_path / "before.xlsx", EVERY_TERM))]
    assert "(9)=(1)+…+(8)" in today and "(19)=(18)-(9)" in today
    assert "(9)=(1)+(2)+(3)+(4)+(5)+(6)+(7)+(8)" in before
    assert max(text.count("\n") for text in numbers(written(first_run("land_quota"), tmp_path / "quota.xlsx"))) <= 3


def test_columns_of_both_signs_are_each_named(tmp_path):
    (closing,) = [text for text in numbers(written(first_run("quota_book"), tmp_path / "b.xlsx")) if "=" in text]
    assert re.sub(r"\s", "", closing) == "(10)=(3)+(4)-(5)+(6)-(7)-(8)-(9)" and closing.count("\n") == 3


def test_the_cover_speaks_of_no_awards_where_none_are(tmp_path):
    cover = written(first_run("coverage_monitor"), tmp_path / "c.xlsx")["封面"]
    told = "\n".join(str(cell) for row in cover.iter_rows(values_only=True) for cell in row if cell)
    assert "公租房保障和居住证覆盖监测表：序号" in told and "地区数" in told and "参与分配" not in told


def test_a_book_of_several_years_has_a_sum_for_checking_only_as_well():
    model = sample_model("quota_book")
    table = years_table(timeline(model, read_years([sample_table("quota_book")], model)), "terminal")
    (whole,) = [line for line in table.lines if line.kind == "total"]
    assert whole.label.zh == "合计（只作核对）" and not whole.stands_out
