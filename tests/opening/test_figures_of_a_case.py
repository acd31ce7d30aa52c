"""No figure of a case workbook counts in silence as another: said twice, of another unit, label or heading."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from allocation.analysis.parameter_workbook import HEADS, read_scenarios, write_scenarios
from allocation.case import CaseFile, Setting
from allocation.errors import AllocationError, Problem, tried
from allocation.opening.beginning import beginning
from allocation.opening.case_book import SETTINGS, read_case_book
from allocation.opening.case_toml import read_case_toml
from allocation.opening.settings import with_case
from allocation.policy.loading import load_model
from allocation.policy.model import Input, Parameter
from allocation.run.finding import find, model_of_year
from allocation.run.scenario import Change, apply_changes, parse_value
from allocation.xlsx.case_form import case_writer

ROW = {entry.key: column for column, entry in enumerate(SETTINGS, start=1)}


def book_with(path: Path, lang: str, *steps) -> Path:
    """A new case of the shipped fund with its pool, 6000, and what the steps change."""
    model = model_of_year("incentive_fund", None)
    case_writer(model, path, lang, beginning(model, 2024, None, None))(path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    rows = {sheet.cell(row, ROW["address"]).value: row for row in range(1, sheet.max_row + 1)}
    sheet.cell(rows["pool"], ROW["value"]).value = 6000
    for step in steps:
        step(sheet, rows)
    book.save(path)
    return path


def put(name: str, what: str, value: object, form: str = ""):
    def step(sheet, rows) -> None:
        cell = sheet.cell(rows[name], ROW[what])
        cell.value, cell.number_format = value, form or cell.number_format

    return step


def once_more(row_of: str, **values: object):
    def step(sheet, rows) -> None:
        at = rows[row_of] + 1
        sheet.insert_rows(at)
        for what, value in values.items():
            sheet.cell(at, ROW[what]).value = value

    return step


def renamed(old: str, new: str):
    def step(sheet, rows) -> None:
        cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == old)
        cell.value = new

    return step


def swapped(sheet, rows) -> None:
    first, other = (sheet.cell(rows[name], ROW["label"]) for name in ("hold_harmless", "growth_cap"))
    first.value, other.value = other.value, first.value


def year_again(sheet, rows) -> None:
    at = next(row for row in range(1, 20) if sheet.cell(row, 1).value == "预算年度")
    sheet.insert_rows(at + 1)
    sheet.cell(at + 1, 1).value, sheet.cell(at + 1, 2).value = "预算年度", 2023


WRONG = {
    "a figure twice": ("case.row_twice", once_more("pool", value=7000, address="pool")),
    "once by its label": ("case.row_twice", once_more("pool", label="奖励资金总额", unit="万元", value=7000)),
    "a fact twice": ("case.row_twice", year_again),
    "a format that scales": ("tables.scaled", put("pool", "value", 60_000_000, "0!.0000,")),
    "a figure in yuan": ("case.unit_other", put("pool", "unit", "元")),
    "a figure in hundred millions": ("case.unit_other", put("pool", "unit", "亿元")),
    "no unit of money": ("case.unit_other", put("pool", "unit", "人")),
    "labels sorted apart from names": ("case.label_other", swapped),
    "another heading of the figures": ("case.no_column", renamed("本年数", "今年数")),
    "another heading of the states": ("case.no_column", renamed("状态", "情况")),
    "a percentage of money": ("tables.percent_unexpected", put("pool", "value", 60, "0%")),
    "a percentage of money where no unit stands": (
        "tables.percent_unexpected", lambda *at: (put("pool", "value", 60, "0%")(*at), put("pool", "unit", "")(*at))
    ),
    "a percentage of money typed": ("tables.percent_unexpected", put("pool", "value", "6000%")),
    "a date": ("tables.date", put("pool", "value", datetime(2024, 1, 1), "yyyy-mm-dd")),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_a_figure_might_be_taken_for_is_asked_not_guessed(tmp_path, what):
    id, step = WRONG[what]
    with pytest.raises(AllocationError) as raised:
        with_case(model_of_year("incentive_fund", None), read_case_book(book_with(tmp_path / "c.xlsx", "zh", step)))
    assert {problem.id for problem in raised.value.problems} == {id}
    assert all("!" in problem.where for problem in raised.value.problems)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("step", "pool"),
    [
        (put("pool", "unit", "万 元"), 6000),
        (put("pool", "unit", ""), 6000),
        (put("pool", "value", 6000, '#,##0"万元"'), 6000),
        (put("pool", "value", "60000000元"), 6000),
        (put("pool", "label", "本单位的总额"), 6000),
        (put("pool", "label", "项目"), 6000),  # a heading of the sheet in a row that has a name
        (put("pool", "label", "参数"), 6000),
    ],
)
def test_what_a_row_may_say_in_its_own_words_changes_no_figure(tmp_path, lang, step, pool):
    model = with_case(model_of_year("incentive_fund", None), read_case_book(book_with(tmp_path / "c.xlsx", lang, step)))
    assert model.parameters["pool"].value == pool


def test_a_name_goes_before_another_parameter_s_label_and_a_label_of_two_is_asked(tmp_path):
    text = Path("tests/cases/shared/models/reward.toml")
    text = (Path(__file__).parents[2] / text).read_text(encoding="utf-8")
    file = tmp_path / "own.toml"
    file.write_text(text.replace('en = "Hold-harmless rate"', 'en = "cap_rate"'), encoding="utf-8")
    model = load_model(file)
    case = CaseFile(tmp_path / "c.toml", "own", tmp_path, settings=(Setting("cap_rate", Fraction(2)),))
    changed = with_case(model, case)
    assert (changed.parameters["cap_rate"].value, changed.parameters["floor_rate"].value) == (2, Fraction(1, 2))
    file.write_text(text.replace('zh = "保基数比例"', 'zh = "资金总额"'), encoding="utf-8")
    model = load_model(file)
    case = CaseFile(tmp_path / "c.toml", "own", tmp_path, settings=(Setting("资金总额", Fraction(2)),))
    with pytest.raises(AllocationError) as raised:
        with_case(model, case)
    assert [problem.id for problem in raised.value.problems] == ["case.label_of_several"]


SLIPS = {
    "two spellings of one key": ("files.spelt_twice", 'pool = 6000\n" pool" = 7000'),
    "letters of another width": ("files.spelt_twice", 'pool = 6000\n"ｐool" = 7000'),
    "a list without its item": ("scenario.needs_item", "pool = 6000\nweight = 0.5"),
    "a percentage of money": ("tables.percent_unexpected", 'pool = "6000%"'),
}


@pytest.mark.parametrize("what", SLIPS)
def test_a_case_in_toml_is_asked_too(tmp_path, what):
    id, lines = SLIPS[what]
    file = tmp_path / "c.toml"
    file.write_text(f'model = "incentive_fund"\ntable = "t.csv"\n[settings]\n{lines}\n', encoding="utf-8")
    with pytest.raises(AllocationError) as raised:
        with_case(model_of_year("incentive_fund", None), read_case_toml(file))
    assert [problem.id for problem in raised.value.problems] == [id]


def test_a_percentage_is_refused_wherever_a_figure_is_counted_and_taken_wherever_a_ratio_is():
    material = find("incentive_fund", None, None)
    model = material.model
    for address in (*model.parameters, *model.inputs):
        entry = model.entry(address)
        if isinstance(entry, Parameter) and entry.kind != "scalar" or isinstance(entry, Input) and entry.text:
            continue
        free = replace(entry, min=None, max=None, decimals=None) if isinstance(entry, Parameter) else entry
        known = replace(model, parameters={**model.parameters, address: free}) if free is not entry else model
        for how in ("set", "add"):
            problems: list[Problem] = []
            tried(problems, apply_changes, known, (material.table,), [Change(address, parse_value("10%"), how)])
            refused = [problem.id for problem in problems if problem.id == "tables.percent_unexpected"]
            assert refused == ["tables.percent_unexpected"] * bool(entry.unit.dims), (address, how)


ROWS = {
    "another unit": ("case.unit_other", "unit", "元"),
    "another label": ("case.label_other", "label", "保基数比例"),
    "a format that scales": ("tables.scaled", "new", (60_000_000, "0!.0000,")),
    "a percentage of money": ("tables.percent_unexpected", "new", (60, "0%")),
    "a date": ("tables.date", "new", (datetime(2024, 1, 1), "yyyy-mm-dd")),
}


@pytest.mark.parametrize("what", ROWS)
def test_a_parameter_workbook_is_read_as_a_case_is(tmp_path, what):
    id, head, value = ROWS[what]
    model, file = model_of_year("incentive_fund", None), tmp_path / "s.xlsx"
    write_scenarios(model, file, 1, "zh")
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    row = next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, len(HEADS)).value == "pool")
    sheet.cell(row, HEADS.index("new") + 1).value = 6000
    cell = sheet.cell(row, HEADS.index(head) + 1)
    cell.value, cell.number_format = value if isinstance(value, tuple) else (value, cell.number_format)
    book.save(file)
    with pytest.raises(AllocationError) as raised:
        read_scenarios(file, model)
    assert [problem.id for problem in raised.value.problems] == [id]
