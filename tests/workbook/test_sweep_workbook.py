"""The workbook of a sweep: what it says of itself, the same figures as were found, bounded, the same bytes again."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from allocation import load_model, read_table
from allocation.analysis.asked import ask
from allocation.lab.ranges import parse_factors
from allocation.lab.sweep import BROKEN, Swept, baseline, make_sweep, run_some
from allocation.lab.sweep_measures import findings
from allocation.run.run import run_model
from allocation.xlsx import sweep_charts, sweep_sheets
from allocation.xlsx.sweep import write_sweep

HEADS = ["低于基准的占比", "在下限的占比", "在上限的占比"]
SHARED = Path(__file__).parent.parent / "cases" / "shared"
MODEL = load_model(SHARED / "models" / "reward.toml")
TABLE = replace(read_table(SHARED / "inputs" / "reward.csv", MODEL), illustrative=True)


def found(texts: list[str], samples: int = 0, lost: int = 0):
    base = run_model(MODEL, TABLE, exact=False)
    factors = parse_factors(texts, MODEL, (TABLE,), "--range")
    sweep = make_sweep(base, factors, [ask("highest(award) / lowest(award)", MODEL, TABLE)], None, samples, 5)
    rows = run_some(sweep, [sweep.changes(run) for run in range(sweep.runs)])
    rows[:lost, 0] = BROKEN
    return findings(Swept(sweep, base, rows, baseline(sweep)))


def written(tmp_path, one, lang: str = "zh"):
    path = tmp_path / "sweep.xlsx"
    write_sweep(one, path, lang, "allocation sweep reward", "reward_sweep.parquet")
    return openpyxl.load_workbook(path)


def lines(sheet) -> list[list]:
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


def test_samples_fill_five_sheets_that_say_what_they_are(tmp_path):
    one = found(["pool=±20%", "settled@each=±10%"], 16)
    book = written(tmp_path, one)
    assert book.sheetnames == ["概要", "各地范围", "敏感度", "图表", "样本"]
    for sheet in book:
        assert sheet["A1"].value == "落户奖励资金分配（示例）：抽样试算（浮点试算）（示例数据）", sheet.title
    summary = lines(book["概要"])
    assert ["落户人数", "settled@each=±10%", "乘以", "0.9", "1.1", "细分（0.0001）", 4] in summary
    said = dict(row for row in summary if len(row) == 2)
    assert "种子 5，共运行 64 次；百分位取自 A、B 两组样本中可用的 32 次" in said["运行"]
    assert len(said["模型校验码 SHA-256"]) == 64 and said["数据文件校验码 SHA-256"] == TABLE.sha256
    assert said["算法"] == "浮点（浮点试算）" and "不得引用" in said["数据性质"] and "不计入的运行" not in said


def test_ranges_and_indices_are_those_found_and_codes_are_text(tmp_path):
    one = found(["pool=±20%", "settled@each=±10%"], 16)
    book = written(tmp_path, one)
    rows = lines(book["各地范围"])
    assert rows[3][:6] == ["行政区代码", "名称", "单位", "基准", "平均", "标准差"] and rows[3][-3:] == HEADS
    for at, row in enumerate(rows[4:8]):
        assert row[:3] == [TABLE.codes[at], TABLE.names[at], "万元"]
        assert row[3:] == pytest.approx([values[at] for values in one.spread.values()])
    assert rows[8][1] == "highest(award) / lowest(award)" and rows[8][-2:] == ["—", "—"]
    assert {book["各地范围"].cell(5, column).number_format for column in (14, 15, 16)} == {"0.0%"}
    indices = lines(book["敏感度"])
    assert indices[2] == ["行政区代码", "名称", "资金总额", "落户人数（各地）", "一阶之和"]
    wanted = [one.indices.first, one.indices.first_low, one.indices.first_high]
    wanted += [one.indices.total, one.indices.total_low, one.indices.total_high]
    assert indices[5][2:8] == pytest.approx([values[1, 0] for values in wanted])
    assert indices[5][-1] == pytest.approx(one.indices.first[1].sum())


def test_what_does_not_vary_has_a_dash_for_an_index(tmp_path):
    book = written(tmp_path, found(["urban@210702=0.5:0.6", "cap_rate=4:5"], 16))
    rows = lines(book["敏感度"])
    assert isinstance(rows[4][5], float)
    book = written(tmp_path, found(["revenue@210702=±10%"], 16))
    assert lines(book["敏感度"])[4][2:] == ["—"] * 7


def test_lost_runs_are_said_and_without_indices_there_is_no_sheet_for_them(tmp_path):
    book = written(tmp_path, found(["pool=±20%", "cap_rate=2:4"], 16, lost=3), "en")
    assert book.sheetnames == ["Summary", "Ranges", "Charts", "Samples"]
    said = dict(row for row in lines(book["Summary"]) if len(row) == 2)
    assert "3 fail a check (of 64)" in said["Runs left out"] and "no indices" in said["Sensitivity"]
    assert [row[1] for row in lines(book["Samples"])[4:9]] == ["fails a check"] * 3 + ["held"] * 2


def test_a_grid_has_a_row_a_combination(tmp_path):
    one = found(["pool=800:1200:200", "floor_rate=50%,110%"])
    book = written(tmp_path, one)
    assert book.sheetnames == ["概要", "各地范围", "图表", "组合"]
    rows = lines(book["组合"])
    assert rows[3][:4] == ["序号", "状态", "资金总额", "保基数比例"] and len(rows) == 4 + 6
    assert rows[4][:4] == [1, "正常", 800, 0.5] and rows[4][4:] == pytest.approx(one.swept.outcomes[0].tolist())
    assert rows[5] == [2, "不能运行", 800, 1.1, *["—"] * 5]
    assert "第 2 次不能运行" in str(lines(book["概要"]))


def test_samples_shown_are_bounded_and_the_sheet_says_where_all_are(tmp_path, monkeypatch):
    monkeypatch.setattr(sweep_sheets, "MOST_SAMPLES", 20)
    rows = lines(written(tmp_path, found(["pool=±20%"], 16))["样本"])
    assert rows[1] == ["前 20 行，共 48 行；全部在 reward_sweep.parquet"] and len(rows) == 24
    monkeypatch.setattr(sweep_sheets, "MOST_CELLS", 40)
    assert len(lines(written(tmp_path, found(["pool=800:1200:20"]))["组合"])) == 4 + 40 // 8


def test_charts_stack_up_to_the_percentiles_and_the_indices_to_one(tmp_path, monkeypatch):
    monkeypatch.setattr(sweep_charts, "MOST", 3)
    one = found(["pool=±20%", "settled@each=±10%"], 16)
    sheet = written(tmp_path, one)["图表"]
    assert len(sheet._charts) == 2 and "前 3 个地区，共 4 个" in sheet["A2"].value
    rows = [[cell.value for cell in row[16:]] for row in sheet.iter_rows(min_row=2, max_row=5)]
    assert rows[0] == [None, "P5", "P5–P25", "P25–P75", "P75–P95", "基准", "资金总额", "落户人数（各地）", "交互"]
    for at, row in enumerate(rows[1:]):
        assert row[0] == TABLE.names[at]
        assert sum(row[1:5]) == pytest.approx(one.spread["p95"][at]) and row[5] == one.spread["baseline"][at]
        assert sum(row[6:]) == pytest.approx(max(1, sum(row[6:8])))


def test_negative_figures_are_not_stacked(tmp_path):
    one = found(["pool=±20%", "settled@each=±10%"], 16)
    below = replace(one, spread={**one.spread, "lowest": one.spread["lowest"] - 10_000})
    sheet = written(tmp_path, below)["图表"]
    assert len(sheet._charts) == 1 and "有负数" in sheet["A3"].value


def test_the_same_sweep_gives_the_same_bytes(tmp_path):
    contents = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, found(["pool=±20%"], 16))
        with zipfile.ZipFile(tmp_path / name / "sweep.xlsx") as file:
            contents.append({part: file.read(part) for part in file.namelist()})
    assert (
        contents[0] == contents[1]
        and (tmp_path / "a/sweep.xlsx").read_bytes() == (tmp_path / "b/sweep.xlsx").read_bytes()
    )
