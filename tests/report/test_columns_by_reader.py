"""What each reader is shown of an issue: the plain annex, the screen, the letters, wherever a part adds its own."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from shipped import sample_model, sample_table

from allocation.case import TOTAL_LAST
from allocation.parts.correction import Approved
from allocation.parts.extending import extend
from allocation.parts.part import Given
from allocation.policy.model import Model
from allocation.policy.naming import PRINTED
from allocation.report.column import CHANGE, CODE, NAME
from allocation.report.columns import READERS, columns_for
from allocation.report.printed import PrintedTable
from allocation.report.tables import annex_table, edition_tables, shown_table
from allocation.run.run import Run, run_model
from allocation.tables.reading import read_table
from allocation.tables.table import Table

FUND = "incentive_fund@2017"


@cache
def sample(name: str) -> tuple[Model, Table]:
    model = sample_model(name)
    return model, read_table(sample_table(name.partition("@")[0]), model)


def issued_with(name: str, given: dict[str, Given]) -> Run:
    extended = extend(*sample(name), given)
    return run_model(extended.model, extended.table, extended.changes, reference=True)


@cache
def issued(name: str = FUND) -> Run:
    return issued_with(name, {})


def settled(folder: Path, part: Fraction) -> Run:
    """A settlement where `part` of each award was paid in advance, in whole units."""
    run = issued()
    pairs = zip(run.table.codes, run.amounts(run.model.award), strict=True)
    lines = [f"{code},{int(award * part)}" for code, award in pairs]
    path = folder / "advance.csv"
    path.write_text("\n".join(["代码,提前下达数", *lines]) + "\n", encoding="utf-8")
    return issued_with(FUND, {"settlement": Given(path)})


@pytest.fixture(scope="module")
def half(tmp_path_factory) -> Run:
    return settled(tmp_path_factory.mktemp("half"), Fraction(1, 2))


@pytest.fixture(scope="module")
def more(tmp_path_factory) -> Run:
    return settled(tmp_path_factory.mktemp("more"), Fraction(3, 2))


def heads(table: PrintedTable) -> list[str]:
    """Each heading as it is printed, with its unit where that is not the table's."""
    return [table.units.with_own_unit(column.head.zh, column.unit, table.unit, "zh") for column in table.columns]


def test_the_keys_that_model_files_write_are_those_of_the_columns():
    assert set(PRINTED) == {CODE, NAME, CHANGE}


def test_an_annex_has_a_number_a_place_and_an_amount():
    table = annex_table(issued())
    assert heads(table) == ["序号", "地区", "金额", "备注"]
    assert [line.kind for line in table.lines][:2] == ["total", "subtotal"]
    numbers = [table.cell(table.columns[0], place, "zh") for place in range(len(table.lines))]
    assert [number for number in numbers if number] == list(range(1, len(issued().table) + 1))
    last = replace(issued(), facts=replace(issued().facts, annex_total=TOTAL_LAST))
    assert annex_table(last).lines[-1].kind == "total"


def test_an_annex_of_land_has_hectares_and_mu():
    table = annex_table(issued("land_quota"))
    assert heads(table)[2:] == ["新增建设用地指标", "新增建设用地指标（亩）", "备注"]
    hectares, mu = (table.figures[column.key] for column in table.columns[2:4])
    assert [figure * 15 for figure in hectares] == list(mu)


def test_an_annex_after_advances_has_what_is_due_what_was_paid_and_what_is_paid_now(half, more):
    """Whatever the figures are: an edited cell may give any of them something to say."""
    columns = ["核定下达", "应抵扣（已提前下达）", "本次下达", "待以后年度收回", "备注"]
    assert heads(annex_table(half))[2:] == heads(annex_table(more))[2:] == columns


def test_an_annex_of_a_correction_has_what_was_approved_what_it_is_now_and_the_difference():
    run = issued()
    amounts = {code: award + 1 for code, award in zip(run.table.codes, run.amounts("award"), strict=True)}
    corrected = issued_with(FUND, {"correction": Given(Approved("正式稿", amounts, 2018))})
    assert [column.key for column in columns_for(corrected, "annex")][2:5] == ["_approved", "_corrected", "_difference"]


@pytest.mark.parametrize("reader", ["terminal", "notebook"])
def test_a_share_is_of_the_whole_also_where_the_award_goes_by_another_name(half, reader):
    table = shown_table(half, reader)
    shares = {line.label.zh: share for line, share in zip(table.lines, table.figures[".share"], strict=True)}
    awards = dict(zip(issued().table.names, issued().amounts("award"), strict=True))
    assert shares["合计"] == 1 and shares["黑山县"] == awards["黑山县"] / sum(awards.values())


def test_the_word_for_the_total_stands_in_no_column_of_notes():
    run = issued()
    noted = replace(run, tables=(replace(run.table, printed_notes=("说明",) * len(run.table)),))
    [table] = edition_tables(noted, "county", [range(3)])
    stub = [column.key for column in table.columns if column.stub]
    assert table.columns[-1].key == "_printed_note" and stub == [NAME] and table.lines[0].kind == "total"


@pytest.mark.parametrize("reader", READERS)
def test_no_reader_is_shown_a_column_twice(more, reader):
    keys = [column.key for column in columns_for(more, reader)]
    assert keys and len(set(keys)) == len(keys)
