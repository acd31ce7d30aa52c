"""evaluate: a fictional city's monitor, with names, figures and words of its own, gives its report by files alone."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from evaluation_pages import MODELS, console, example, lay_out, quoted
from openpyxl import load_workbook
from word import ROOT, lines, rows

from allocation.documents import evaluate as evaluate_module

OLD = ROOT / "tests" / "old_files" / "0.2" / "evaluated"  # of 0.2: no file of the evaluation is kept in its record


@pytest.fixture(autouse=True)
def undrawn(monkeypatch) -> None:
    monkeypatch.setattr(evaluate_module, "draw", lambda picture: None)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_example_of_the_page_gives_the_report_that_the_page_quotes(folder, allocation, lang):
    lay_out(lang, folder)
    told = allocation(f"evaluate {MODELS[lang]} --lang {lang}")
    assert told.code == 0 and console(lang) in told.out, told.text
    report, book = (next((folder / "outputs").glob(f"*.{ending}")) for ending in ("docx", "xlsx"))
    assert quoted(lang) in lines(report)
    assert [row[0] for row in rows(report)][1:5] == ["西街", "东街", "新街", "南街"]  # by parks per person
    sheet = load_workbook(book, data_only=True)["评估" if lang == "zh" else "Evaluation"]
    held = {row[1]: row[2:5] for row in sheet.iter_rows(values_only=True) if row[1]}
    assert held["没有完成计划的街道" if lang == "zh" else "Streets short of the plan"][:2] == (2, 3)
    assert allocation(["verify", str(book)]).code == 0


def test_an_evaluation_is_verified_and_made_again_by_the_file_in_its_record(folder, allocation):
    lay_out("zh", folder)
    assert allocation("evaluate 绿地监测").code == 0
    shutil.rmtree(folder / "models" / "evaluations")
    book = next((folder / "outputs").glob("*.xlsx"))
    assert allocation(["verify", str(book)]).code == 0
    told = allocation(["rerun", str(book), "--out", "again", "--input", "inputs"])
    assert told.code == 0 and (folder / "again" / book.name).read_bytes() == book.read_bytes(), told.text


def test_what_0_2_wrote_of_an_evaluation_is_verified_and_made_again(folder, allocation):
    shutil.copytree(OLD, folder / "old")
    book = next((folder / "old").glob("*.xlsx"))
    told = allocation(["verify", str(book)])
    assert told.code == 0 and "全部相符" in told.out, told.text
    told = allocation(["rerun", str(book), "--out", "again"])
    assert told.code == 0, told.text


def test_a_model_without_an_evaluation_file_is_told_where_to_put_one(folder, allocation):
    told = allocation("evaluate reward")
    assert told.code == 2 and "models/evaluations/reward.toml" in told.err and "urbanisation_monitor" in told.err


SLIPS = {
    "全市人均}平方米⟦": "全市人钧}平方米⟦",
    'when = "total(新增) < total(计划)"': 'when = "total(新增) - total(计划)"',
    'of = "欠账 > 0"': 'of = "total(欠账) > 0"',
    "{_count}个": "{_coumt}个",
    'kind = "years"\nof': 'kind = "years"\nby = "人口"\nof',
    'name = "_moved"': 'nam = "_moved"',
    'show = "完成率"': 'show = "完成律"',
    'show = "count(欠账 > 0)"': 'show = "total(新增 if 新增 > 计划 else 0)"',
    'axis = { zh = "平方米/人"': 'rows = ["全市人均"]\naxis = { zh = "平方米/人"',
    "（{_year}年）": "（{_year年）",
    'show = "欠账"\n': 'show = "欠账"\npoints = true\n',
    "{total(计划) - total(新增)}": "{total(计划) - total(新增) : 百分点}",
}
SAID = (
    "没有“全市人钧”这个名称；最接近的是“全市人均”",
    "“total(新增) - total(计划)”不是条件",
    "“total(欠账) > 0”是全部只有一个的数",
    "花括号里的“_coumt”不认识；最接近的是“_count”",
    'kind = "years" 里不用“by”',
    "不认识的键“nam”；最接近的是“name”",
    "没有“完成律”这个名称；最接近的是“完成率”",
    "不能写在工作簿“评估”表里",
    "of（各地各一条线）和 rows（合计的线）写一个",
    "花括号或双方括号不成对",
    "“欠账”的单位是公顷，不能写成百分点",
    "“total(计划) - total(新增)”的单位是公顷，不能写成百分点",
)


def test_all_slips_of_an_evaluation_file_are_told_at_once_with_file_and_place(folder, allocation):
    lay_out("zh", folder)
    path = folder / "models" / "evaluations" / "绿地监测.toml"
    text = path.read_text("utf-8")
    for right, wrong in SLIPS.items():
        assert right in text, right
        text = text.replace(right, wrong, 1)
    path.write_text(text, encoding="utf-8")
    told = allocation("evaluate 绿地监测")
    assert told.code == 2 and not (folder / "outputs").exists()
    assert [words for words in SAID if words not in told.err] == [], told.err
    assert told.err.count("绿地监测.toml: ") >= len(SAID)
    assert allocation("evaluate 绿地监测 --lang en").code == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_hold_the_same_example(lang):
    assert [Path(path).suffix for path in example(lang)] == [".toml", ".csv", ".toml"]
    other = example("en" if lang == "zh" else "zh")
    assert [text.count("\n") for text in example(lang).values()] == [text.count("\n") for text in other.values()]


def test_a_title_is_never_left_out(folder, allocation):
    lay_out("zh", folder)
    path = folder / "models" / "evaluations" / "绿地监测.toml"
    text = path.read_text("utf-8")
    kinds = re.search(r"^kind = .*$", text, re.M)
    assert kinds
    path.write_text(text.replace(kinds[0], "kind = []"), encoding="utf-8")
    assert "kind 里要有一条不写 year 的" in allocation("evaluate 绿地监测").err
    path.write_text(text.replace("公园绿地{_kind}", "公园绿地{1 / (total(新增) - total(新增))}", 1), encoding="utf-8")
    assert allocation("evaluate 绿地监测").code == 0
    [report] = (folder / "outputs").glob("*.docx")
    assert "公园绿地监测（虚构市）" in lines(report)


def test_a_number_out_of_its_bounds_is_told_with_the_bound_in_words(folder, allocation):
    lay_out("zh", folder)
    path = folder / "models" / "evaluations" / "绿地监测.toml"
    path.write_text(path.read_text("utf-8").replace("most = 2", "most = 0"), encoding="utf-8")
    assert "写的是 0，应为 不小于1的数" in allocation("evaluate 绿地监测").err
    assert "found 0; expected a number of 1 or more" in allocation("evaluate 绿地监测 --lang en").err
