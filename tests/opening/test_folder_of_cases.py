"""The cases of a folder that say one thing differently, and one table of each unit with all its funds."""

from __future__ import annotations

import csv
import re
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from allocation.opening.differing import cases_of
from tests.desk import examples, some

UNITS = {"210702": "古塔区", "210703": "凌河区", "210726": "黑山县"}
SECOND = """[model]
zh = "第二项补助资金分配"
en = "Second grant allocation"
basis = ["示例办法"]
award = "grant"
pool = "fund"
compare_with = "before"

[[parameter]]
name = "fund"
zh = "资金"
en = "Fund"
unit = "元"
value = 5000000

[[input]]
name = "people"
zh = "落户人数"
en = "People settled"
unit = "万人"

[[input]]
name = "before"
zh = "上年分配额"
en = "Last year's award"
unit = "元"
default = 0

[[column]]
name = "grant"
zh = "补助"
en = "Grant"
unit = "元"
formula = "largest_remainder(fund, share(fund, people), to = 1)"
"""
HEAD = "行政区代码,名称,城市规模,落户人数（人）,财政收入（万元）,城镇化率（%）,困难系数,上年分配额（万元）"
FIGURE = st.one_of(st.none(), st.integers(0, 3))
GIVEN = st.fixed_dictionaries({"one": st.tuples(*[FIGURE] * 3), "two": st.tuples(*[FIGURE] * 3),
                               "other": st.tuples(*[FIGURE] * 3)})  # fmt: skip


def text_of(figure: int | None, times: str = "") -> str:
    return "" if figure is None else f"{figure}{times}"


def laid(folder: Path, said: dict[str, tuple], year: dict[str, int]) -> Path:
    """Two cases of one fund and one of another, which counts people in ten thousands."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "子").mkdir(parents=True)
    shutil.copy(Path(__file__).parent.parent / "cases/shared/models/reward.toml", folder / "reward.toml")
    (folder / "second.toml").write_text(SECOND, encoding="utf-8")
    for name in ("one", "two"):
        rows = [f"{code},{unit},小城市,{text_of(figure)},1,50,1,{7 if name == 'one' else 8}"
                for (code, unit), figure in zip(UNITS.items(), said[name], strict=True)]  # fmt: skip
        (folder / f"{name}.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    rows = [f"{code},{unit},{'' if figure is None else f'0.000{figure}'},70000"
            for (code, unit), figure in zip(UNITS.items(), said["other"], strict=True)]  # fmt: skip
    head = "行政区代码,名称,落户人数（万人）,上年分配额（元）"
    (folder / "other.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    for name, model in (("one", "reward"), ("two", "reward"), ("other", "second")):
        text = f'model = "{model}"\ntable = "{name}.csv"\n[facts]\nbudget_year = {year[name]}\n'
        (folder / f"底稿_{name}.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    (tmp_path / "models").mkdir()
    shutil.copy(Path(__file__).parent.parent / "cases/shared/models/reward.toml", tmp_path / "models")
    (tmp_path / "models/second.toml").write_text(SECOND, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_exactly_the_figures_that_cases_give_differently_are_told(place):
    @settings(max_examples=examples(40), deadline=None)
    @given(said=GIVEN, years=st.tuples(*[st.sampled_from([2017, 2018])] * 3))
    def law(said, years):
        year = dict(zip(said, years, strict=True))
        folder = laid(place / "年", said, year)
        told = cases_of(folder, without="versions")
        assert not told.unread and len(told.cases) == 3
        wanted = set()
        for of in (2017, 2018):
            names = [name for name in said if year[name] == of]
            for at, code in enumerate(UNITS):
                figures = {said[name][at] for name in names} - {None}
                wanted |= {(code, of, "落户人数", len(figures))} if len(figures) > 1 else set()
                wanted |= {(code, of, "上年分配额", 2)} if {"one", "two"} <= {*names} else set()
        assert {(entry.code, entry.year, entry.label.zh, len(entry.figures)) for entry in told.differing} == wanted

    law()


def test_both_files_and_cells_are_named_and_copies_of_issued_cases_are_left_alone(allocation, folder):
    (folder / "models/second.toml").write_text(SECOND, encoding="utf-8")
    laid(
        folder / "年",
        {"one": (1, 2, 3), "two": (1, 2, 2), "other": (1, 2, 3)},
        dict.fromkeys(("one", "two", "other"), 2017),
    )
    told = allocation("cases 年")
    assert told.code == 1 and "one.csv: D4" in told.out and "two.csv: D4" in told.out and "4 个数" in told.out
    (folder / "年/versions").mkdir()
    for name in ("two.csv", "底稿_two.toml"):
        (folder / "年" / name).rename(folder / "年/versions" / name)
    told = allocation("cases 年")
    assert told.code == 0 and "没有填得不一样的数" in told.out
    (folder / "年/坏.toml").write_text('model = "reward"\ntable = "没有.csv"\n', encoding="utf-8")
    told = allocation("cases 年")
    assert told.code == 1 and "坏.toml" in told.err
    assert "没有底稿" in allocation("cases inputs").out and allocation("cases 没有").code == 2


def issued(allocation, batch: str, pool: int, stage: str = "正式稿") -> None:
    command = f"run reward --year 2017 --stage {stage} --date 2017-03-01 --batch {batch} --set pool={pool}"
    told = allocation(command)
    if told.code:
        ids = " ".join(f"--resolve {id}=分批" for id in _ids(told.text))
        told = allocation(f"{command} {ids}")
    assert told.code == 0, told.text


def _ids(text: str) -> list[str]:
    return [*dict.fromkeys(re.findall(r"[a-z_]+-[0-9a-f]{8}", text))]


@pytest.fixture
def year(allocation, folder) -> Path:
    (folder / "models/second.toml").write_text(SECOND, encoding="utf-8")
    rows = "210702,古塔区,1\n210703,凌河区,3\n210799,松山新区,4\n"
    (folder / "second.csv").write_text("2017年补助\n行政区代码,名称,落户人数（万人）\n" + rows, encoding="utf-8")
    issued(allocation, "正式下达", 1000)
    issued(allocation, "追加", 460, "试算")
    assert allocation("run second --input second.csv --year 2017").code == 0
    return folder


def test_each_unit_stands_once_with_all_its_funds_and_rows_and_columns_close(allocation, year):
    told = allocation("funds outputs --to 各项.csv")
    assert told.code == 0, told.text
    assert "还没有正式稿的" in told.out
    title, heads, *rows = csv.reader((year / "各项.csv").open(encoding="utf-8-sig"))
    assert title[0].startswith("2017年各单位各项资金")
    assert ["未下达" in head for head in heads[2:]] == [False, True, False, True, False]
    figures = {row[0]: [Fraction(cell) for cell in row[2:]] for row in rows}
    whole = figures.pop("")
    assert [*map(sum, zip(*figures.values(), strict=True))] == whole
    assert whole == [1000, 460, 1460, 500, 1960]  # 5,000,000 yuan in 10,000 yuan
    assert all(row[0] + row[1] == row[2] and row[2] + row[3] == row[4] for row in figures.values())
    assert figures["210799"][:3] == [0, 0, 0] and len(figures) == 5


@pytest.mark.parametrize("lang", some(["zh", "en"], 1))
def test_the_workbook_of_all_funds_has_live_sums(allocation, year, lang):
    assert allocation(f"funds outputs --to 各项.xlsx --lang {lang}").code == 0
    formulas = load_workbook(year / "各项.xlsx").active
    values = load_workbook(year / "各项.xlsx", data_only=True).active
    assert formulas["E4"].value == "=SUM(C4:D4)" and formulas["G4"].value == "=SUM(C4:D4,F4)"
    assert formulas["G9"].value == "=SUM(C9:D9,F9)" and values["G9"].value == 1960


def test_two_results_that_differ_and_a_code_of_two_units_are_refused(allocation, year):
    assert allocation("run second --input second.csv --year 2017 --set fund=4000000 --out 另/再.xlsx").code == 0
    shutil.copy(year / "另/再.json", year / "outputs/再.json")
    told = allocation("funds outputs")
    assert told.code == 2 and "两个不同的测算结果" in told.err
    (year / "outputs/再.json").unlink()
    rows = "210702,凌河区,1\n210703,古塔区,3\n"
    (year / "second.csv").write_text("2017年补助\n行政区代码,名称,落户人数（万人）\n" + rows, encoding="utf-8")
    assert allocation("run second --input second.csv --year 2017").code == 0
    told = allocation("funds outputs --to 各项.csv")
    assert told.code == 2 and "代码 210702" in told.err and not Path("各项.csv").exists()
    assert "没有稿次" in allocation("funds outputs --year 2011").err
