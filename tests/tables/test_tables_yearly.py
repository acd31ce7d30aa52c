"""The blank table of a model that runs over years has a year column, and reads back year by year."""

from __future__ import annotations

from dataclasses import replace

import pytest
from openpyxl import load_workbook
from people_tables import REVENUE, SETTLED, model_of
from shipped import HOUSE

from allocation.errors import AllocationError
from allocation.policy.loading import load_model
from allocation.tables.reading import read_table
from allocation.tables.template import YEARLY_ROWS, write_template
from allocation.years.timeline import read_years

YEARLY = replace(model_of(SETTLED, REVENUE), years=True)


def heads(sheet) -> list[str]:
    return [sheet.cell(3, column).value for column in range(1, 4)]


@pytest.mark.parametrize(("lang", "word"), [("zh", "年度"), ("en", "Year")])
def test_the_year_column_stands_behind_the_name_and_no_year_in_the_title(tmp_path, lang, word):
    path = tmp_path / "各年.xlsx"
    write_template(YEARLY, path, lang, year=2018)
    sheet = load_workbook(path)["数据"]
    assert heads(sheet)[2] == word and "2018" not in sheet["A1"].value
    assert sheet.cell(3, 4).value.startswith(SETTLED.label[lang])
    assert sheet.cell(3, 3).comment.text and not sheet.cell(5, 3).protection.locked
    assert any(f"C5:C{4 + YEARLY_ROWS}" in str(rule.sqref) for rule in sheet.data_validations.dataValidation)


def test_a_model_of_one_year_has_none(tmp_path):
    write_template(model_of(SETTLED, REVENUE), tmp_path / "一年.xlsx")
    sheet = load_workbook(tmp_path / "一年.xlsx")["数据"]
    assert heads(sheet)[2].startswith("落户人数") and "年度写在标题前" in sheet["A2"].value


def test_a_filled_table_of_two_years_reads_back(tmp_path):
    path = tmp_path / "各年.xlsx"
    write_template(YEARLY, path)
    book = load_workbook(path)
    lines = [["210702", "古塔区", 2017, 5, 1.25], ["210703", "凌河区", 2017, 6, 1],
             ["210702", "古塔区", 2018, 7, 2], ["210703", "凌河区", 2018, 8, 3]]  # fmt: skip
    for row, line in enumerate(lines, start=5):
        for column, value in enumerate(line, start=1):
            book["数据"].cell(row, column).value = value
    book.save(path)
    first, second = read_years([path], YEARLY)
    assert (first.year, second.year) == (2017, 2018)
    assert first.values["settled"] == (5, 6) and second.values["settled"] == (7, 8)
    book["数据"]["C6"].value = None
    book.save(path)
    with pytest.raises(AllocationError, match="C6"):
        read_years([path], YEARLY)


@pytest.mark.parametrize(("year", "shown"), [(None, 2017), (2019, 2019)])
def test_the_example_has_its_year_in_the_column(tmp_path, year, shown):
    write_template(YEARLY, tmp_path / "例.xlsx", example=True, year=year)
    table = read_table(tmp_path / "例.xlsx", YEARLY)
    assert table.year == shown and len(table) == 3


@pytest.mark.parametrize("name", ["urbanisation_monitor", "dynamic_fund"])
def test_the_shipped_models_over_years_say_so_and_their_tables_have_the_column(name, tmp_path):
    model = load_model(HOUSE / "models" / f"{name}.toml")
    assert model.years
    write_template(model, tmp_path / "空.xlsx")
    assert heads(load_workbook(tmp_path / "空.xlsx")["数据"])[2] == "年度"
    assert len({table.year for table in read_years([HOUSE / "inputs" / f"{name}.csv"], model)}) == 5


def test_every_other_shipped_table_is_of_one_year():
    for path in (HOUSE / "models").glob("*.toml"):
        table = HOUSE / "inputs" / f"{path.stem}.csv"
        model = load_model(path)
        if table.exists() and not model.years:
            assert len(read_years([table], model)) == 1, path.name
