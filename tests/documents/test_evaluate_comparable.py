"""evaluate: totals of years compare over the counties that are there in all of them; a year's own are of all it has."""

from __future__ import annotations

import sys
from fractions import Fraction

import pytest
from evaluated import TWO_YEARS, evaluation_sheets, report, write_evaluation
from openpyxl import load_workbook
from word import MONITOR, ROOT, lines, rows

from allocation.documents.parts import Grid, Picture, Sentences
from allocation.run.finding import find
from allocation.xlsx import evaluation_cells
from allocation.years.comparable import comparable
from allocation.years.timeline import read_years, timeline

sys.path.append(str(ROOT / "tests" / "readings"))  # the recorded workbook and what recalculates it
from recalculation import differences, plain, recalculated  # noqa: E402
from recorded_book import Book, Formula  # noqa: E402

NEW = TWO_YEARS + "203,丙县,2017,1000,300,900,450,50,60,29%,49%,\n"
OTHERS = TWO_YEARS.replace("201,甲县,2017", "203,丙县,2017").replace("202,乙县,2017", "204,丁县,2017")
OTHERS = OTHERS.replace("{first},100,,,", "{first},100,40%,50%,").replace("{second},200,,,", "{second},200,25%,33%,")


@pytest.fixture(scope="module")
def without(tmp_path_factory):
    """without(text): the shipped monitor's run over all its years without the lines that hold a text."""
    folder, made = tmp_path_factory.mktemp("years"), {}
    model = find("urbanisation_monitor", MONITOR, 2016).model

    def run(*texts: str):
        if texts not in made:
            kept = [line for line in MONITOR.read_text("utf-8-sig").splitlines() if not any(t in line for t in texts)]
            path = folder / f"{len(made)}.csv"
            path.write_text("\n".join(kept) + "\n", encoding="utf-8")
            made[texts] = timeline(model, read_years([path], model))
        return made[texts]

    return run


@pytest.fixture(scope="module")
def shrunk(without):
    """义县 is there in 2016 and 2017 only: six counties compare, as they do in `six`."""
    return without("义县,2018", "义县,2019", "义县,2020")


@pytest.fixture(scope="module")
def six(without):
    return without("义县,")


@pytest.fixture(scope="module")
def book(shrunk):
    made = Book("zh")
    evaluation_sheets(made, shrunk)
    return made


def texts(found, lang: str) -> list[str]:
    return [one.text for one in report(found, lang) if isinstance(one, Sentences)]


# ---- the report


def test_trends_are_over_the_counties_of_every_year_and_say_so(shrunk, six):
    said, plain_ones = texts(shrunk, "zh"), texts(six, "zh")
    basis = "按各年均有数据的6个县（市、区）计算，"
    trends = [text for text in plain_ones if "由2016年的" in text]
    assert len(trends) == 4
    for text in trends:
        assert any(text == one.replace(basis, "") for one in said), text
    assert any(f"{basis}户籍人口城镇化率由2016年的45.13%变为2020年的46.80%，上升1.67个百分点" in one for one in said)
    assert any(f"{basis}当年落户人数由2016年的13,700人变为2020年的19,107人，增加5,407人" in one for one in said)
    assert sum(one.count(basis) for one in said) == 6  # with the sentence on the counties in the first section
    assert not any("5.29个百分点" in one or "3,907" in one for one in said)


def test_the_same_in_english(shrunk):
    said, basis = "\n".join(texts(shrunk, "en")), " (of the 6 counties with figures in every year)"
    assert said.count(basis) == 5
    assert f"people{basis}: from 45.13% in 2016 to 46.80% in 2020, up 1.67 percentage points." in said
    assert f"People settled in the year{basis}: from 13,700 in 2016 to 19,107 in 2020, 5,407 more." in said
    assert "Comparisons between years are of the 6 counties with figures in every year, without 义县." in said


@pytest.mark.parametrize(("lang", "label"), [("zh", "合计（各年均有的6个）"), ("en", "Total (6 in every year)")])
def test_tables_and_the_picture_of_totals_are_over_the_same_counties(shrunk, six, lang, label):
    parts, plain_ones = report(shrunk, lang), report(six, lang)
    tables, plain_tables = ([one for one in made if isinstance(one, Grid)][-3:] for made in (parts, plain_ones))
    for table, plain_table in zip([one for one in parts if isinstance(one, Grid) and one.rows[-1][0] == label],
                                  [one for one in plain_tables if "2016" in one.heads], strict=True):  # fmt: skip
        assert table.rows[-1][1:] == plain_table.rows[-1][1:]
        assert "6" in table.note and table.note != plain_table.note
    assert len(tables) == 3
    drawn, alone = (
        next(p for p in made if isinstance(p, Picture) and p.kind == "lines" and len(p.series) == 2)
        for made in (parts, plain_ones)
    )
    assert drawn.series == alone.series and "6" in drawn.caption and "6" not in alone.caption


def test_the_year_itself_is_of_all_its_counties(small, folder):
    _, path = small(body=NEW)
    text = "\n".join(lines(path))
    assert "2017年末，3个县（市、区）户籍人口合计31,000人，其中城镇户籍人口9,400人，户籍人口城镇化率30.32%" in text
    assert "30.32%，比上年上升0.33个百分点（按两年均有数据的2个县（市、区）计算）。" in text
    assert "常住人口城镇化率39.25%，与上年持平（按两年均有数据的2个县（市、区）计算）。" in text
    table = next(row for row in rows(path) if row[0] == "合计" and row[1] == "31,000")
    assert table[3:5] == ["30.32%", "+0.33"]
    assert "合计的按两年均有数据的2个县（市、区）计算。" in text
    sheet = load_workbook(next((folder / "outputs").glob("*.xlsx")), data_only=True)["评估"]
    titles = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert "2017年末城镇化率（单位：人）（合计的比上年按两年均有数据的2个县（市、区）计算）" in titles
    assert "当年落户人数由2016年的400人变为2017年的300人，减少100人。" in text


def test_who_met_every_target_is_not_said_of_years_without_figures(small):
    _, path = small(body=NEW.replace("50,60", "60,60"))
    assert "各年均达到当年目标的有3个：甲县、乙县、丙县（2016年无数据）。" in "\n".join(lines(path))
    _, path = small(body=NEW.replace("50,60", "60,60"), more="--lang en")
    assert "(3): 甲县, 乙县, 丙县 (no figures of 2016)." in "\n".join(lines(path))


def test_years_that_are_alike_say_nothing_of_it(small):
    _, path = small()
    text = "\n".join(lines(path))
    assert "均有" not in text.replace("各年均达到", "") and "变为" in text


def test_no_county_in_every_year_is_no_comparison(small, folder):
    for lang, said, never in (
        ("zh", "没有各年均有数据的县（市、区），合计数不作年度比较。", ("变为", "比上年上升", "与上年持平")),
        (
            "en",
            "No county has figures in every year: totals are not compared between years.",
            ("from 30", "level with"),
        ),
    ):
        told, _ = small(body=OTHERS, more=f"--lang {lang} --out {lang}")
        assert told.code == 0, told.text
        text = "\n".join(lines(next((folder / lang).glob("*.docx"))))
        assert text.count(said) == 2 and not any(words in text for words in never)
        name = "评估" if lang == "zh" else "Evaluation"
        sheet = load_workbook(next((folder / lang).glob("*.xlsx")), data_only=True)[name]
        last = [
            row for row in sheet.iter_rows(values_only=True) if row[1] and str(row[1]).startswith(("合计（", "Total ("))
        ]
        assert len(last) == 3 and all(value is None for row in last for value in row[2:5])


# ---- the workbook


def row_of(book: Book, block: str, label: str) -> int:
    """The row of the first cell named `label` below the block whose title starts so."""
    cells = book.sheets["评估"].cells
    top = next(row for (row, at), text in sorted(cells.items()) if at == 0 and str(text).startswith(block))
    return next(row for (row, at), text in sorted(cells.items()) if at == 1 and text == label and row > top)


def held(book: Book, row: int) -> list[object]:
    cells = book.sheets["评估"].cells
    values = [cells.get((row, at)) for at in range(2, 8)]
    return [value.value if isinstance(value, Formula) else value for value in values]


def test_the_sheet_recalculates_to_what_is_stored(book):
    assert differences(book, recalculated(book)) == []


def test_the_sheet_compares_years_over_the_counties_of_all_of_them(book, six):
    common = "各年均有数据的6个县（市、区）合计（用于年度比较，不含义县）"
    runs = six.runs
    for label, path in (
        ("当年落户人数合计", [run.total("settled") for run in runs]),
        ("户籍人口合计", [run.total("registered") for run in runs]),
    ):
        assert held(book, row_of(book, common, label)) == [*path, path[-1] - path[0]]
    for label, name in (("户籍人口城镇化率", "registered_rate"), ("当年完成率", "completion")):
        path = [run.figure(f"{name}_all") for run in runs]
        path, moved = [plain(value) for value in path], plain((path[-1] - path[0]) * 100)
        assert held(book, row_of(book, common, label)) == [*path, moved]
        assert held(book, row_of(book, f"各年{label}", "合计（各年均有的6个）")) == [*path, moved]


def test_sums_of_other_counties_are_not_compared_in_the_overview(book, shrunk):
    row = row_of(book, "各年合计（各年实有的县（市、区），范围不同", "当年落户人数合计")
    assert held(book, row) == [*(run.total("settled") for run in shrunk.runs), None]
    step = row_of(book, "各年合计", "户籍人口城镇化率比上年增减")
    both = comparable(shrunk.runs[1:3])
    before, now = (
        round(sum(run.amounts("registered_urban")[row] for row in both.rows(run))
              / sum(run.amounts("registered")[row] for row in both.rows(run)), 4)
        for run in both.runs
    )  # fmt: skip
    assert len(both.codes) == 6 and (now - before) * 100 == Fraction("0.42")
    assert held(book, step)[2] == 0.42


def test_the_comparison_follows_an_edit_of_a_county_of_every_year_and_of_no_other(book, shrunk):
    opened, run = book.opened(), shrunk.runs[0]
    moved = "评估", row_of(book, "各年均有数据的6个", "当年落户人数合计") + 1, 8
    step = "评估", row_of(book, "各年合计", "户籍人口城镇化率比上年增减") + 1, 5
    whole, *parts = (4 + list(run.model.inputs).index(key) for key in ("settled", "by_channel.other", "by_quarter.q4"))
    opened.evaluate_all()
    assert plain(opened.get_value(*moved)) == 5407
    for name, wanted in (("义县", 5407), ("古塔区", 5407 - 300)):
        row = 7 + run.table.names.index(name)
        more = 2000 - opened.get_value("数据2016", row, whole)
        for column in (whole, *parts):  # a sum that its parts do not add up to stops the workbook
            opened.set_value("数据2016", row, column, opened.get_value("数据2016", row, column) + more)
        opened.evaluate_all()
        assert plain(opened.get_value(*moved)) == wanted, name
    before = plain(opened.get_value(*step))
    urban = 4 + list(run.model.inputs).index("registered_urban")
    opened.set_value("数据2017", 7 + run.table.names.index("义县"), urban, 1)
    opened.evaluate_all()
    assert plain(opened.get_value(*step)) == before
    opened.set_value("数据2017", 7 + run.table.names.index("古塔区"), urban, 1)
    opened.evaluate_all()
    assert plain(opened.get_value(*step)) > before + 5


def test_the_chart_of_totals_stands_on_the_cells_that_compare(shrunk, six, tmp_path):
    path = tmp_path / "charts.xlsx"
    write_evaluation(shrunk, path, "zh")
    charts, values = load_workbook(path)["评估图表"]._charts, load_workbook(path, data_only=True)["评估"]
    at = values[charts[0].series[0].val.numRef.f.split("!")[1].replace("$", "")]
    assert [cell.value for cell in at[0]] == [float(run.figure("registered_rate_all")) for run in six.runs]
    assert "各年均有数据的6个县（市、区）合计" in charts[0].title.tx.rich.p[0].r[0].t


def test_a_formula_longer_than_excel_takes_is_its_figure(book, shrunk, monkeypatch):
    row = row_of(book, "各年均有数据的6个", "当年落户人数合计")
    longest = max(len(one.text) for (sheet, *_), one in book.formulas().items() if sheet == "评估")
    assert longest < evaluation_cells.LONGEST and isinstance(book.sheets["评估"].cells[row, 2], Formula)
    monkeypatch.setattr(evaluation_cells, "LONGEST", 60)
    made = Book("zh")
    evaluation_sheets(made, shrunk)
    assert made.sheets["评估"].cells[row, 2] == 13700 and differences(made, recalculated(made)) == []
