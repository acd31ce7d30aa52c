"""evaluate: every figure of the report stands in a labelled cell of sheet 评估, live, and follows an edit of 数据."""

from __future__ import annotations

import re
import sys
from fractions import Fraction

import pytest
from evaluated import TWO_YEARS, evaluation_sheets, report, shipped_evaluation, without_quotations, write_evaluation
from openpyxl import load_workbook
from word import ROOT, lines, numbers, rows

from allocation.documents.parts import Grid
from allocation.texts import say
from allocation.xlsx.evaluation_cells import points_of

sys.path.append(str(ROOT / "tests" / "readings"))  # the recorded workbook and what recalculates it
from recalculation import differences, plain, recalculated  # noqa: E402
from recorded_book import ERROR, Book  # noqa: E402


@pytest.fixture(scope="module")
def books(monitor, tmp_path_factory):
    """books(2018, "zh"): the file, opened for its stored figures."""
    folder, made = tmp_path_factory.mktemp("workbooks"), {}

    def opened(year: int, lang: str):
        if (year, lang) not in made:
            path = folder / f"{year}.{lang}.xlsx"
            write_evaluation(monitor(year), path, lang)
            made[year, lang] = load_workbook(path, data_only=True)
        return made[year, lang]

    return opened


@pytest.fixture(scope="module")
def recorded(monitor):
    book = Book("zh")
    evaluation_sheets(book, monitor(2018))
    return book


def shown(cell) -> str:
    """A figure as its number format shows it, without a sign; a text as it is."""
    value = cell.value
    if not isinstance(value, int | float):
        return str(value or "")
    form = cell.number_format
    if form.endswith("%"):
        return f"{abs(value):.2%}"
    return f"{abs(value):.2f}" if ".00" in form else f"{abs(value):,.0f}"


def cells_of(sheet) -> list[list[str]]:
    return [[shown(cell) for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("year", [2018, 2020])
def test_every_number_of_the_report_stands_in_a_cell(written, books, monitor, year, lang):
    said = numbers(without_quotations(lines(written(year, lang)), monitor(year)))
    cells = [text for row in cells_of(books(year, lang)[say(lang, "evaluate.sheet")]) for text in row]
    # A number of its own cell, or the year in a head; percentage points have no sign in a sentence.
    known = {text for text in cells if re.fullmatch(r"[\d,.%]+", text)}
    assert len(said) > 180 and len(known) > 150
    assert [number for number in said if number not in known] == []


def test_a_row_of_a_table_of_the_report_is_a_row_of_the_sheet(written, books):
    made = cells_of(books(2018, "zh")["评估"])
    for row in rows(written(2018, "zh")):
        if row[0] == "名称":
            continue
        wanted = [text.lstrip("+-") for text in row[1:] if text != "—"]
        here = [line for line in made if line[1] == row[0]]
        assert any(all(text in line for text in wanted) for line in here), row


def test_every_figure_is_labelled(books):
    sheet = books(2018, "zh")["评估"]
    for row in sheet.iter_rows(min_row=4):
        if any(isinstance(cell.value, int | float) for cell in row):
            assert row[1].value, f"row {row[0].row} has figures and no name"


def test_the_sheet_recalculates_to_what_is_stored(recorded):
    own = [place for place in recorded.formulas() if place[0] == "评估"]
    assert len(own) > 300
    assert differences(recorded, recalculated(recorded)) == []


def test_no_figure_is_typed_in(recorded):
    figures = [
        (place, cell)
        for place, cell in recorded.sheets["评估"].cells.items()
        if isinstance(cell, int | float | Fraction) and not isinstance(cell, bool)
    ]
    assert figures == []


def place_of(recorded, label: str, column: int, after: str = "") -> tuple[str, int, int]:
    """The cell of the first row named `label` below the block named `after`."""
    cells = recorded.sheets["评估"].cells
    start = next((row for (row, _), text in sorted(cells.items()) if text == after), 0)
    row = next(row for (row, at), text in sorted(cells.items()) if at == 1 and text == label and row > start)
    return "评估", row + 1, column + 1


def test_a_figure_edited_in_a_year_moves_every_figure_that_rests_on_it(recorded, monitor):
    run, opened = monitor(2018).runs[-1], recorded.opened()
    opened.evaluate_all()
    shortfall = place_of(recorded, "义县", 7, "2018年落户目标完成情况（单位：人）")
    met = place_of(recorded, "达到当年目标的个数", 4)
    gap = place_of(recorded, "当年落户人数减当年目标", 4)
    kept = place_of(recorded, "义县", 6, "各年当年完成率")
    assert [plain(opened.get_value(*one)) for one in (shortfall, met, gap, kept)] == [74, 4, 323, 3]
    row = run.table.names.index("义县")
    names = list(run.model.inputs)
    opened.set_value("数据2018", 7 + row, 4 + names.index("settled"), 1800)
    opened.evaluate_all()
    assert plain(opened.get_value(*met)) == "#"  # it contradicts its channels and quarters
    for part in ("by_channel.other", "by_quarter.q4"):
        more = run.figures(part)[row] + 74
        opened.set_value("数据2018", 7 + row, 4 + names.index(part), int(more))
    opened.evaluate_all()
    assert [plain(opened.get_value(*one)) for one in (shortfall, met, gap, kept)] == [0, 5, 397, 2]


def test_points_are_rounded_as_excel_rounds_them():
    assert [points_of(Fraction(tie, 10**5)) for tie in (125, -125, 124)] == [
        Fraction(13, 100), Fraction(-13, 100), Fraction(12, 100),
    ]  # fmt: skip


def test_a_sheet_of_values_does_not_say_that_it_holds_formulas(recorded, monitor, monkeypatch):
    assert recorded.sheets["评估"].cells[1, 0].startswith("各格都是公式")
    monkeypatch.setattr("allocation.readings.excel_effort.BUDGET", 0)
    book = Book("zh")
    evaluation_sheets(book, monitor(2018))
    assert [place for place in book.formulas() if place[0] == "评估"] == []
    assert book.sheets["评估"].cells[1, 0].startswith("数据较多，各格只写算好的数，不写公式")


def test_a_model_without_parameters_says_so_on_their_sheet(recorded):
    said = [cell for cell in recorded.sheets["参数"].cells.values() if cell]
    assert said == ["参数", "本模型没有参数。"]


def test_an_edit_that_cannot_be_shows_no_figure(recorded, monitor):
    run, opened = monitor(2018).runs[-1], recorded.opened()
    opened.set_value("数据2018", 7, 4 + list(run.model.inputs).index("settled_target"), "多")
    opened.evaluate_all()
    for label in ("当年落户人数合计", "达到当年目标的个数", "当年落户人数减当年目标"):
        assert plain(opened.get_value(*place_of(recorded, label, 4))) == ERROR, label


@pytest.mark.parametrize("body", ["comes", "goes"])
def test_counties_that_come_and_go_leave_blank_cells(small, folder, body):
    lines_ = TWO_YEARS.splitlines()
    more = [*lines_, "203,丙县,2017,1000,300,900,450,50,60,29%,49%,"] if body == "comes" else [*lines_[:3]]
    told, _ = small(body="\n".join(more) + "\n")
    assert told.code == 0, told.text
    book = load_workbook(next((folder / "outputs").glob("*.xlsx")), data_only=True)
    made = list(book["评估"].iter_rows(values_only=True))
    start = next(n for n, row in enumerate(made) if row[0] == "各年户籍人口城镇化率")
    county = next(row for row in made[start:] if row[1] == ("丙县" if body == "comes" else "乙县"))
    assert county[2:5] == ((None, 0.3, None) if body == "comes" else (0.25, None, None))
    found = next(row for row in made[start:] if row[1] == "上升的个数")
    assert found[4] == (1 if body == "comes" else 0)


def test_every_line_of_the_overview_has_a_label_and_a_unit(books):
    for lang in ("zh", "en"):
        sheet = books(2018, lang)[say(lang, "evaluate.sheet")]
        count = len(shipped_evaluation().rows)
        labels = [sheet.cell(6 + place, 2).value for place in range(count)]
        assert len(set(labels)) == count and None not in labels
        assert all(sheet.cell(6 + place, 1).value for place in range(count))


# ---- charts


def test_the_charts_stand_on_the_cells_of_the_sheet_and_say_what_they_show(monitor, tmp_path):
    path = tmp_path / "charts.xlsx"
    write_evaluation(monitor(2018), path, "zh")
    sheet = load_workbook(path)["评估图表"]
    values = load_workbook(path, data_only=True)["评估"]
    assert len(sheet._charts) == 4
    for chart, (lines_, first) in zip(
        sheet._charts, ((2, "registered_rate_all"), (7, "completion"), (7, "registered_rate"), (7, "resident_rate")),
        strict=True,
    ):  # fmt: skip
        assert len(chart.series) == lines_ and chart.legend is not None
        for part in (chart.title, chart.x_axis.title, chart.y_axis.title):
            assert part.tx.rich.p[0].r[0].t
        assert "示例数据" in chart.title.tx.rich.p[0].r[0].t
        at = values[chart.series[0].val.numRef.f.split("!")[1].replace("$", "")]
        runs = monitor(2018).runs
        wanted = [one.figure(first) if first.endswith("_all") else one.figures(first)[0] for one in runs]
        assert [cell.value for cell in at[0]] == [float(value) for value in wanted]
    assert len(sheet.row_breaks.brk) == 1 and sheet.page_setup.fitToHeight is None


def test_the_report_has_as_many_tables_by_year_as_the_sheet(monitor, books):
    tables = [one.caption for one in report(monitor(2018), "zh") if isinstance(one, Grid)]
    titles = {row[0].value for row in books(2018, "zh")["评估"].iter_rows() if row[0].value}
    assert [caption for caption in tables if re.sub(r"^表\d  ", "", caption) not in titles] == []
