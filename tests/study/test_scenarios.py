"""Scenario files and the parameter workbook: inheritance, one run never leaking into the next, every slip said."""

from fractions import Fraction as F
from pathlib import Path

import pytest
from desk import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from allocation.analysis.parameter_workbook import entries, read_scenarios, write_scenarios
from allocation.analysis.scenarios import BASELINE, Scenario, load_scenario, run_scenario
from allocation.errors import AllocationError
from allocation.run.finding import find
from allocation.run.scenario import Change
from allocation.texts import Both

ROOT = Path(__file__).parent.parent.parent
FOUND = find("incentive_fund", None, None)
MODEL, TABLES = FOUND.model, (FOUND.table,)


def scenario(*changes: Change) -> Scenario:
    return Scenario("s", Both("情景", "scenario"), (changes,))


def awards(one: Scenario) -> tuple:
    return run_scenario(MODEL, TABLES, one).figures("award")


def write(folder: Path, name: str, text: str, inherit: str = "") -> Path:
    path = folder / f"{name}.toml"
    head = '[scenario]\nzh = "甲"\nen = "A"\n' + (f'inherit = "{inherit}"\n' if inherit else "")
    path.write_text(head + text, encoding="utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(AllocationError) as caught:
        load_scenario(path)
    return [problem.id for problem in caught.value.problems]


def test_every_shipped_scenario_runs_and_moves_something():
    for file in sorted((ROOT / "inputs" / "scenarios").glob("*.toml")):
        one = load_scenario(file)
        assert run_scenario(MODEL, TABLES, one).changed, file.name
        assert awards(one) != awards(BASELINE), file.name


def test_a_child_stands_on_its_parent_and_may_change_the_same_figure(tmp_path):
    write(tmp_path, "parent", '[[change]]\naddress = "pool"\nset = 6000\n')
    child = write(tmp_path, "child", '[[change]]\naddress = "pool"\nscale = "50%"\n', inherit="parent")
    run = run_scenario(MODEL, TABLES, load_scenario(child))
    assert run.figure("pool") == 3000
    assert [(c.name, c.old, c.new) for c in run.changed] == [("pool", 5000, 3000)]


def test_the_same_figure_twice_in_one_file_is_an_error(tmp_path):
    text = '[[change]]\naddress = "pool"\nset = 6000\n[[change]]\naddress = "奖励资金总额"\nadd = 1\n'
    with pytest.raises(AllocationError) as caught:
        run_scenario(MODEL, TABLES, load_scenario(write(tmp_path, "twice", text)))
    assert [problem.id for problem in caught.value.problems] == ["scenario.twice"]
    assert "twice.toml" in caught.value.text("zh")


def test_scenarios_that_inherit_in_a_circle_are_refused(tmp_path):
    write(tmp_path, "a", "", inherit="b")
    assert problems(write(tmp_path, "b", "", inherit="a")) == ["scenarios.inherit_circle"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('[[change]]\naddress = "pool"\n', "scenarios.one_way"),
        ('[[change]]\naddress = "pool"\nset = 1\nadd = 1\n', "scenarios.one_way"),
        ('[[change]]\nadress = "pool"\nset = 1\n', "model.key_unknown"),
        ('[[change]]\naddress = "pool"\nscale = "viel"\n', "model.not_number"),
        ("[[change]\n", "model.toml"),
    ],
)
def test_a_slip_in_a_scenario_file_is_said(tmp_path, text, wanted):
    assert wanted in problems(write(tmp_path, "slip", text))


def test_an_unknown_name_is_an_error_with_the_nearest_one(tmp_path):
    path = write(tmp_path, "unknown", '[[change]]\naddress = "hold_harmles"\nset = 1\n')
    with pytest.raises(AllocationError) as caught:
        run_scenario(MODEL, TABLES, load_scenario(path))
    assert "hold_harmless" in caught.value.text("zh")


@settings(max_examples=examples(15), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(3000, 9000), st.integers(0, 80), st.integers(1, 300))
def test_one_scenario_then_another_then_the_first_again_gives_the_first(pool, floor, people):
    first = scenario(Change("pool", F(pool)), Change("settled[cross_province]@黑山县", F(people)))
    second = scenario(Change("hold_harmless", F(floor, 100)))
    before = awards(first)
    awards(second)
    assert awards(first) == before
    assert MODEL.parameters["pool"].value == 5000


def test_a_parameter_workbook_with_nothing_filled_in_changes_nothing(tmp_path):
    for lang in ("zh", "en"):
        path = tmp_path / f"{lang}.xlsx"
        write_scenarios(MODEL, path, 2, lang)
        read = read_scenarios(path, MODEL)
        assert [one.layers for one in read] == [((),), ((),)]
        assert awards(read[0]) == awards(BASELINE)


def test_what_staff_type_into_the_parameter_workbook_is_the_scenario(tmp_path):
    path = tmp_path / "p.xlsx"
    write_scenarios(MODEL, path, 1, "zh")
    book = load_workbook(path)
    sheet = book.worksheets[0]
    rows = {sheet.cell(row, 7).value: row for row in range(5, 5 + len(entries(MODEL)))}
    sheet["B2"], sheet["B3"] = "减半", "Halved"
    sheet.cell(rows["pool"], 4).value = "2,500".replace(",", "")
    sheet.cell(rows["hold_harmless"], 4).value = 0.45
    sheet.cell(rows["tilt.2"], 4).value = 1.1
    book.save(path)
    (one,) = read_scenarios(path, MODEL)
    assert one.label == Both("减半", "Halved")
    assert {c.address: c.value for c in one.layers[0]} == {"pool": 2500, "hold_harmless": F(9, 20), "tilt.2": F(11, 10)}
    assert sum(awards(one)) == 2500


def test_every_bad_cell_of_a_parameter_workbook_is_said_with_its_place(tmp_path):
    path = tmp_path / "p.xlsx"
    write_scenarios(MODEL, path, 2, "zh")
    book = load_workbook(path)
    book.worksheets[0]["D5"] = "很多"
    book.worksheets[0]["G6"], book.worksheets[0]["D6"] = "weight.没有", 1
    book.worksheets[1]["D4"] = "改了表头"
    book.save(path)
    with pytest.raises(AllocationError) as caught:
        read_scenarios(path, MODEL)
    text = caught.value.text("zh")
    assert "情景1!D6" in text
    assert "情景2" in text


def filled(path: Path, fill, sheets: int = 1) -> Path:
    """The blank parameter workbook after `fill(book, rows)`; `rows` gives the row of each address."""
    write_scenarios(MODEL, path, sheets, "zh")
    book = load_workbook(path)
    rows = {book.worksheets[0].cell(row, 7).value: row for row in range(5, 5 + len(entries(MODEL)))}
    fill(book, rows)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (4, 5, ("超出范围", "D")),
        (3, 0.45, ("现值", "C", "新值")),
        (4, "=0.1+0.3", ("没有保存计算结果", "D")),
    ],
)
def test_a_wrong_cell_of_the_parameter_workbook_is_named(tmp_path, column, value, words):
    row = []

    def fill(book, rows):
        row.append(rows["hold_harmless"])
        book.worksheets[0].cell(rows["hold_harmless"], column).value = value

    with pytest.raises(AllocationError) as caught:
        read_scenarios(filled(tmp_path / "p.xlsx", fill), MODEL)
    text = caught.value.text("zh")
    assert f"情景1!{words[-1] if len(words) == 2 else words[1]}{row[0]}" in text and words[0] in text, text


def test_a_figure_with_its_unit_may_be_typed_into_the_parameter_workbook(tmp_path):
    def fill(book, rows):
        book.worksheets[0].cell(rows["pool"], 4).value = "0.6亿元"

    (one,) = read_scenarios(filled(tmp_path / "p.xlsx", fill), MODEL)
    assert sum(awards(one)) == 6000


def test_a_copied_sheet_keeps_its_own_title(tmp_path):
    def fill(book, rows):
        book.worksheets[1]["B2"] = "情景1"

    first, second = read_scenarios(filled(tmp_path / "p.xlsx", fill, 2), MODEL)
    assert (first.label.zh, second.label.zh) == ("情景1", "情景1（情景2）")


def test_the_parameter_workbook_says_its_model_year_and_the_edges_of_bands(tmp_path):
    def fill(book, rows):
        sheet = book.worksheets[0]
        assert MODEL.label.zh in sheet["A1"].value and str(MODEL.effective[0]) in sheet["A1"].value
        texts = [sheet.cell(rows[f"tilt.{place}"], 2).value for place in (1, 2, 3)]
        assert texts == ["1（≤ 0.5 %）", "2（> 0.5 %，≤ 1 %）", "3（> 1 %）"]

    filled(tmp_path / "p.xlsx", fill)


def test_a_scenario_file_needs_no_english_title(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text('[scenario]\nzh = "增资"\n[[change]]\naddress = "pool"\nset = 6000\n', encoding="utf-8")
    assert load_scenario(path).label == Both("增资", "增资")


def test_a_parameter_workbook_prints_on_pages_as_wide_as_it_is_with_every_text_whole(tmp_path):
    write_scenarios(MODEL, tmp_path / "s.xlsx", 1, "zh")
    (sheet,) = load_workbook(tmp_path / "s.xlsx").worksheets
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToWidth in (None, 1)
    assert sheet.page_setup.fitToHeight == 0 and sheet.page_setup.orientation == "landscape"
    for row in range(5, sheet.max_row + 1):
        for column, size in (("A", 34), ("B", 24), ("F", 44)):
            lines = -(-sum(2 if ord(sign) > 0x2E80 else 1 for sign in sheet[f"{column}{row}"].value or "") // size)
            assert (sheet.row_dimensions[row].height or 15) >= 15 * lines
    assert {sheet[f"C{row}"].number_format for row in range(5, sheet.max_row + 1)} == {"General", "0.00%"}
