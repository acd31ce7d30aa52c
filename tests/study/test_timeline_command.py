"""timeline: what is wrong with any file, year, --set or --growth is said at once; who comes or goes is said as well."""

from __future__ import annotations

import csv
import shlex
import sys

import pytest
from openpyxl import load_workbook
from shipped import HOUSE, sample_table

from allocation.cli import main
from allocation.tables import reading
from allocation.tables.grid import read_bytes

SHIPPED = sample_table("dynamic_fund").read_text(encoding="utf-8-sig").splitlines()
TITLE, HEAD, *ROWS = list(csv.reader(SHIPPED))
FUND = f"{HOUSE.as_posix()}/models/dynamic_fund.toml"
BUREAU = "--set pool=5000 --set base_people=17350"
FILES = {"2017.csv": "2017", "2018.csv": "2018", "2019.csv": "2019"}


@pytest.fixture
def years(tmp_path, monkeypatch):
    """years(change) writes a file a year, its rows as `change(year, rows)` gives them, into the folder worked in."""
    monkeypatch.chdir(tmp_path)

    def write(change=lambda year, rows: rows) -> None:
        for name, year in FILES.items():
            rows = change(year, [list(row) for row in ROWS if row[2] == year])
            with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([TITLE, HEAD, *rows])

    return write


@pytest.fixture
def say(monkeypatch, capsys):
    """say("--until 2021 …") runs dynamic_fund over the files of `years`: exit code and all that was said."""

    def run(more: str = "", files=tuple(FILES), lang: str = "zh", model: str = FUND) -> tuple[int, str]:
        given = " ".join(f"--input {name}" for name in files)
        command = f"allocation timeline {model} {given} {BUREAU if model == FUND else ''} --lang {lang} {more}"
        monkeypatch.setattr(sys, "argv", shlex.split(command))
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main()
        told = capsys.readouterr()
        return stopped.value.code, told.out + told.err

    return run


def changed(year: str, place: int, column: int, value: str):
    """One cell of one year's file."""

    def change(own: str, rows: list) -> list:
        if own == year:
            rows[place][column] = value
        return rows

    return change


def test_all_files_settings_and_growths_are_said_to_be_wrong_at_once(years, say, tmp_path):
    def change(year: str, rows: list) -> list:
        rows = changed("2017", 1, 3, "许多")(year, rows)
        return changed("2019", 2, 5, "-5")(year, rows)

    years(change)
    code, said = say('--until 2021 --growth "settled[in_city]=5" --growth "pool=5%" --set poll=1 --set "pool#2017=-1"')
    assert code == 2 and not (tmp_path / "outputs").exists()
    for words in ("2017.csv: D4", "2019.csv: F5", "--growth settled[in_city]", "“pool”是参数", "“poll”", "pool#2017"):
        assert words in said, words
    code, said = say(files=("没有.csv", "2019.csv"), more="--set poll=1")
    assert code == 2 and all(words in said for words in ("没有.csv", "2019.csv: F5", "“poll”"))


def test_a_file_that_cannot_be_read_is_not_said_to_be_a_gap_nor_its_year_to_be_unknown(years, say, tmp_path):
    years()
    (tmp_path / "2018.csv").write_text("随便\n", encoding="utf-8")
    code, said = say('--set "pool#2018=5000"')
    assert code == 2 and "2018.csv" in said and "共 1 处" in said


def test_a_wrong_setting_is_said_where_no_table_can_be_read(years, say, tmp_path):
    for name in FILES:
        (tmp_path / name).write_text("随便\n", encoding="utf-8")
    code, said = say('--set poll=1 --set "pool#2018=1" --set pool=许多')
    assert code == 2 and "“poll”" in said and "pool: " in said and "pool#2018" not in said and "共 5 处" in said


def test_a_table_is_read_once_to_learn_its_years_and_once_a_year(years, say, monkeypatch):
    years()
    opened = []
    monkeypatch.setattr(reading, "read_bytes", lambda path: opened.append(path.name) or read_bytes(path))
    assert say("--out t.xlsx")[0] == 0
    assert sorted(opened) == sorted(FILES)
    opened.clear()
    assert say("--out t.xlsx", files=(sample_table("dynamic_fund").as_posix(),))[0] == 0
    assert len(opened) == 1 + len({row[2] for row in ROWS})


def test_rates_have_no_total_and_years_are_not_called_scenarios(say, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (HOUSE / "models" / "urbanisation_monitor.toml").read_text(encoding="utf-8")
    text = text.replace('award = "settled_to_date"', 'award = "registered_rate"')
    (tmp_path / "rates.toml").write_text(text, encoding="utf-8")
    table = sample_table("urbanisation_monitor").as_posix()
    code, said = say("--out rates.xlsx", files=(table,), model="rates.toml")
    row = next(line.split() for line in said.splitlines() if "古塔区" in line)
    assert code == 0 and row[2] == "95.35%" and "合计" not in said
    years_book = load_workbook(tmp_path / "rates.xlsx")
    assert years_book["参数"]["A2"].value == "本模型没有参数。"
    assert years_book["各年"].cell(4, 8).value == "比上年增减"  # of people or rates no amount (额)
    assert say("--out fund.xlsx", files=(sample_table("dynamic_fund").as_posix(),))[0] == 0
    assert load_workbook(tmp_path / "fund.xlsx")["参数"]["A2"].value.startswith("每年一列")


def test_years_twice_and_missing_are_said_together_with_a_wrong_setting(years, say):
    years()
    code, said = say(files=("2017.csv", "2017.csv", "2019.csv"), more="--set poll=1 --set pool#2030=5")
    assert code == 2
    assert all(words in said for words in ("2017 年的数据有两份", "2017 年之后缺年度", "“poll”", "pool#2030"))


def test_counties_that_come_go_or_change_their_code_are_named_with_the_year(years, say, tmp_path):
    def change(year: str, rows: list) -> list:
        if year == "2018":
            rows[0][0] = "210799"  # 古塔区 under another code
            return rows[:-1]
        return rows[1:] if year == "2019" else rows

    years(change)
    code, said = say("--out t.xlsx")
    lines = [
        "2018 年不再有北镇市",
        "古塔区从 2018 年起换了代码，作为两个地区计算，没有上年数；请核对代码",
        "2019 年新增北镇市，没有上年数",
        "2019 年不再有古塔区",
    ]
    assert code == 0 and all(f"  · {line}\n" in said for line in lines)
    texts = [str(cell.value) for cell in load_workbook(tmp_path / "t.xlsx")["各年"]["A"]]
    assert texts[-4:] == lines[:2] + lines[2:]
    code, said = say("--out e.xlsx", lang="en")
    assert code == 0 and "no longer there in 2018: 北镇市" in said


def test_nobody_comes_or_goes_where_all_years_have_the_same_counties(years, say, tmp_path):
    years(lambda year, rows: rows[::-1] if year == "2018" else rows)
    code, said = say("--out t.xlsx")
    assert code == 0 and "换了代码" not in said and "不再有" not in said and "新增" not in said
    sheet = load_workbook(tmp_path / "t.xlsx")["各年"]
    assert sheet.cell(sheet.max_row, 1).value.isdigit()


def test_both_charts_stand_on_one_printed_page(years, say, tmp_path):
    years()
    assert say("--out t.xlsx")[0] == 0
    page = load_workbook(tmp_path / "t.xlsx")["图表"]
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (None, None)  # 1 and 1
    assert page.sheet_properties.pageSetUpPr.fitToPage and page.page_setup.orientation == "portrait"


def test_the_same_code_under_another_name_is_said_and_stays_the_same_county(years, say, tmp_path):
    years(
        lambda year, rows: [
            [row[0], row[1].replace("黑山", "黒山"), *row[2:]] if year == "2018" else row for row in rows
        ]
    )
    code, said = say("--out t.xlsx")
    assert code == 0 and "2018 年有的地区代码没变，名称与 2017 年不同：黑山县 → 黒山县（210726）" in said
    assert "2019 年有的地区代码没变，名称与 2018 年不同：黒山县 → 黑山县（210726）" in said
    assert any("黒山县（210726）" in str(cell.value) for cell in load_workbook(tmp_path / "t.xlsx")["各年"]["A"])
    code, said = say("--out e.xlsx", lang="en")
    assert code == 0 and "the same code under another name in 2018 than in 2017: 黑山县 → 黒山县 (210726)" in said


def test_a_figure_that_leaps_is_named_with_both_years_and_only_where_it_is_given(years, say):
    first = ROWS[0][3]
    years(changed("2018", 0, 3, f"{first}0"))
    code, said = say("--out t.xlsx")
    county = f"古塔区 {first} → {first}0"
    assert code == 0 and f"2018 年“当年落户人数/跨省”与 2017 年相差 3 倍以上：{county}；请核对" in said
    assert "2019 年“当年落户人数/跨省”与 2018 年相差 3 倍以上：古塔区" in said
    years()
    code, said = say('--out t.xlsx --until 2020 --growth "settled[in_city]=250%"')
    assert code == 0 and "倍以上" not in said
