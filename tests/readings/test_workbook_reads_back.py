"""A result workbook as other programs find it: figures without recalculating, plain formulas only, the same bytes, and
a sheet 数据 that this program itself reads again.
"""

from __future__ import annotations

import re
import zipfile
from functools import cache

import openpyxl
import pandas
import pytest
from recalculation import figures, is_number, places
from recorded_book import cells_of, plain
from recorded_book import formula_cells as read_formulas
from shipped import HOUSE

from allocation.record.recording import record_of
from allocation.run.finding import find
from allocation.run.run import Run, run_model
from allocation.tables.reading import read_table
from allocation.xlsx.importing import find_mapping
from allocation.xlsx.layout import Layout, defined_name
from allocation.xlsx.writer import write_workbook

MODELS = (
    "incentive_fund", "infrastructure_subsidy", "land_quota", "meadowland", "地方奖补",
    "public_service_cost", "bond_limit", "ppp_affordability", "surplus_quota", "equalisation_transfer",
    "coverage_monitor",
)  # fmt: skip
KNOWN = {
    "ABS", "AND", "COUNT", "COUNTA", "COUNTBLANK", "EXACT", "FIND",
    "IF", "IFERROR", "INDEX", "INT", "ISNUMBER", "ISTEXT", "LARGE", "LEN",
    "MATCH", "MAX", "MIN", "N", "NA", "NOT", "OR", "ROUND", "ROW", "ROWS", "SMALL", "SQRT", "SUM", "SUMPRODUCT",
    "TRIM",
}  # fmt: skip
LONGEST, DEEPEST = 8192, 64  # what Excel takes of one formula

shipped = pytest.mark.parametrize("name", MODELS)


@cache
def result(name: str) -> Run:
    found = find(name, None, None, None)
    return run_model(found.model, found.table)


def write(run: Run, path, lang: str = "zh"):
    path.parent.mkdir(parents=True, exist_ok=True)
    mapping = find_mapping(run.model, HOUSE / "models")
    write_workbook(run, path, lang, record_of(run), mapping)
    return path


@cache
def formula_cells(path):
    return read_formulas(path)


@cache
def opened(path):
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("workbooks")
    return cache(lambda name: write(result(name), folder / f"{name}.xlsx"))


@shipped
def test_every_formula_cell_stores_its_figure(name, files):
    stored, formulas = cells_of(files(name)), formula_cells(files(name))
    assert len(formulas) > 300
    assert [place for place in formulas if stored[place] is None and not shows_nothing(formulas[place])] == []
    awards = [stored[place] for place in places(result(name), result(name).model.award)]
    assert awards == [plain(value) for value in figures(result(name), result(name).model.award)]
    assert all(is_number(value) for value in awards) and sum(awards) > 0


def shows_nothing(formula: str) -> bool:
    """Only a formula that may give an empty text stores one."""
    return '""' in formula


@shipped
def test_pandas_reads_the_awards_as_numbers(name, files):
    run = result(name)
    layout = Layout(run.model, len(run.table), "zh")
    frame = pandas.read_excel(
        files(name),
        sheet_name=layout.names["calculation"],
        header=None,
        skiprows=layout.first - 1,
        nrows=len(run.table),
        dtype={1: str},
    )
    award = frame[layout.columns[run.model.award]]
    assert award.dtype.kind in "if"
    assert [float(value) for value in award] == [float(value) for value in run.figures(run.model.award)]
    assert list(frame[1]) == list(run.table.codes)


@shipped
def test_the_same_inputs_give_the_same_bytes_in_any_folder(name, files, tmp_path):
    again = write(result(name), tmp_path / "另一处" / "改名.xlsx")
    assert again.read_bytes() == files(name).read_bytes()


@shipped
def test_another_input_gives_other_bytes(name, files, tmp_path):
    run = result(name)
    other = run_model(run.model, run.table.with_values(**moved(run)))
    assert write(other, tmp_path / "x.xlsx").read_bytes() != files(name).read_bytes()


def moved(run: Run) -> dict:
    name = next(name for name, entry in run.model.inputs.items() if not entry.text and not entry.optional)
    old = run.table.values[name]
    return {name: (old[0] + 1, *old[1:])}


@shipped
def test_the_data_sheet_is_a_table_this_program_reads_again(name, files):
    run = result(name)
    again = read_table(files(name), run.model, sheet="数据")
    assert (again.codes, again.names, again.order) == (run.table.codes, run.table.names, run.table.order)
    assert {key: again.values[key] for key in run.model.inputs} == {
        key: run.table.values.get(key, (None,) * len(run.table)) for key in run.model.inputs
    }


@shipped
def test_every_parameter_that_is_one_figure_has_a_name_and_nothing_else_has(name, files):
    run = result(name)
    book = opened(files(name))
    layout = Layout(run.model, len(run.table), "zh")
    scalars = {key: entry for key, entry in run.model.parameters.items() if entry.kind == "scalar"}
    own = {key: value for key, value in book.defined_names.items() if not key.startswith("_xlnm")}
    assert set(own) == {defined_name(key) for key in scalars}
    for key, entry in scalars.items():
        assert own[defined_name(key)].attr_text == f"'{layout.names['parameters']}'!$C${layout.rows[key][0] + 1}"
        cell = book[layout.names["parameters"]].cell(layout.rows[key][0] + 1, 3).value
        assert cell == pytest.approx(float(entry.value)) or str(cell).startswith("=")


@shipped
def test_formulas_use_only_functions_that_excel_2010_wps_and_libreoffice_share(name, files):
    for place, formula in formula_cells(files(name)).items():
        bare = re.sub(r'"[^"]*"|\'[^\']*\'', "", formula)
        used = set(re.findall(r"([A-Z][A-Z0-9.]*)\(", bare))
        assert used <= KNOWN, f"{place}: {used - KNOWN}"
        assert not re.search(r"[{}@#\[\]]|_xl", bare), f"{place}: {formula}"
        assert len(formula) <= LONGEST and depth(bare) <= DEEPEST, f"{place}: {formula}"


def depth(formula: str) -> int:
    level = deepest = 0
    for sign in formula:
        level += (sign == "(") - (sign == ")")
        deepest = max(deepest, level)
    return deepest


@shipped
def test_no_macro_no_link_to_another_file_no_array_formula_and_no_change_date(name, files):
    with zipfile.ZipFile(files(name)) as package:
        parts = {part: package.read(part) for part in package.namelist()}
    assert [part for part in parts if re.search(r"vba|externalLink|connections|calcChain|macro", part)] == []
    for part, content in parts.items():
        if part.startswith("xl/worksheets/sheet"):
            assert b't="array"' not in content and b'cm="' not in content, part
        if part.endswith(".rels"):
            assert b'TargetMode="External"' not in content, part
    assert re.findall(rb"20\d\d-\d\d-\d\dT", parts["docProps/core.xml"]) == [b"2000-01-01T"] * 2


@shipped
def test_input_cells_are_unlocked_but_the_one_subtotals_go_by_and_formulas_locked(name, files):
    run = result(name)
    book = opened(files(name))
    layout = Layout(run.model, len(run.table), "zh")
    data = book[layout.names["data"]]
    for key, column in layout.inputs.items():
        assert data.cell(layout.first, column + 1).protection.locked == (key == run.model.group)
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book)
    formulas = [place for place in formula_cells(files(name)) if place[0] != layout.names["parameters"]]
    assert all(book[sheet].cell(row, column).protection.locked for sheet, row, column in formulas)


def test_the_english_workbook_has_the_same_formulas_on_its_own_sheets(files, tmp_path):
    chinese = formula_cells(files("地方奖补"))
    english = formula_cells(write(result("地方奖补"), tmp_path / "en.xlsx", "en"))
    assert len(chinese) == len(english)
    assert not any("测算" in formula or "核对" in formula for formula in english.values())
