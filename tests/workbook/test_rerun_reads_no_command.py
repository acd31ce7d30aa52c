"""What a run was made with is in its record: however it was typed, or not typed at all, the command is never read."""

from __future__ import annotations

import ast
import json
from itertools import product
from pathlib import Path

import openpyxl
import pytest
from desk import some
from own_code import trees
from test_rerun_kinds import SCENARIO, alike

ODD = ('我的 表 "一"', "@甲=2", "a'b c", "--sheet 乙", "x --advance=3 y")
HEAD = "行政区代码,名称,城市规模,落户人数（人）,财政收入（万元）,城镇化率（%）,困难系数,上年分配额（万元）"
ADVANCE = "县（市、区）,提前下达数\n古塔区,900\n凌河区,100\n黑山县,10\n凌海市,10\n"


def two_sheets(folder: Path, name: str) -> Path:
    """The table on a sheet of that name, beside one with other figures that fits as well."""
    book, lines = openpyxl.Workbook(), (folder / "inputs" / "reward.csv").read_text("utf-8-sig").splitlines()[:5]
    assert lines[0] == HEAD
    for sheet, more in ((book.active, 1), (book.create_sheet(name), 0)):
        for number, line in enumerate(lines):
            cells = line.split(",")
            figures = [float(cell) for cell in cells[3:]] if number else cells[3:]
            sheet.append([*cells[:3], *([figures[0] + more, *figures[1:]] if number else figures)])
    path = folder / "inputs" / "两表.xlsx"
    book.save(path)
    (folder / "inputs" / "reward.csv").unlink()
    return path


@pytest.mark.parametrize(("name", "joined"), some(product(ODD, [True, False]), 1))
def test_the_sheet_that_was_asked_for_is_read_again_whatever_its_name(allocation, folder, name, joined):
    table = two_sheets(folder, name)
    sheet = [f"--sheet={name}"] if joined else ["--sheet", name]
    told = allocation(["run", "reward", "--input", str(table), *sheet])
    assert told.code == 0, told.text
    alike(allocation, folder, folder / "outputs" / "reward.xlsx")


@pytest.mark.parametrize(
    "command", ["compare reward two.toml --set settled@古塔区=200 --set pool=900", "timeline reward"]
)
def test_several_runs_are_of_the_sheet_that_was_asked_for_with_every_figure_that_was_set(allocation, folder, command):
    (folder / "two.toml").write_text(SCENARIO, encoding="utf-8")
    table = two_sheets(folder, ODD[0])
    year = ["--set", "settled@古塔区#2017=200"] if "timeline" in command else ["--year", "2017"]
    if "timeline" in command:
        book = openpyxl.load_workbook(table)
        for sheet in book:
            sheet.insert_cols(1)
            for row, cells in enumerate(sheet.iter_rows(max_col=1)):
                cells[0].value = 2017 if row else "年份"
        book.save(table)
    told = allocation([*command.split(), "--input", str(table), f"--sheet={ODD[0]}", *year])
    assert told.code == 0, told.text
    (written,) = (folder / "outputs").glob("*.xlsx")
    alike(allocation, folder, written)


@pytest.mark.parametrize(("code", "joined"), some(product(["a@b =1", "辖 区", '"甲" 县', "@甲=2"], [True, False]), 1))
def test_the_unit_whose_award_is_the_pool_is_named_again(allocation, folder, code, joined):
    above = folder / "上级 @=1"
    assert allocation(["run", "reward", "--set", "pool=2600", "--out", str(above)]).code == 0
    path = above / "reward.json"
    record = json.loads(path.read_text("utf-8"))
    del record["seals"]
    record["awards"][code] = record["awards"].pop("210702")
    path.write_text(json.dumps(record), encoding="utf-8")
    option = [f"--pool-from={path}@{code}"] if joined else ["--pool-from", f"{path}@{code}"]
    told = allocation(["run", "reward", *option])
    assert told.code == 0, told.text
    alike(allocation, folder, folder / "outputs" / "reward.xlsx", "--input", str(above))


@pytest.mark.parametrize("years", some(["--recover-years=3", "--recover-years 2", ""], 1))
def test_over_how_many_years_what_was_overpaid_comes_back_is_on_record(allocation, folder, years):
    (folder / "inputs" / "预拨 --recover-years=5.csv").write_text(ADVANCE, encoding="utf-8-sig")
    told = allocation(f"run reward --year 2017 --advance 'inputs/预拨 --recover-years=5.csv' {years}")
    assert told.code == 0, told.text
    alike(allocation, folder, folder / "outputs" / "reward.xlsx")


def test_a_case_in_which_nothing_is_typed_is_made_again_with_its_parts(allocation, folder):
    (folder / "inputs" / "预拨.csv").write_text(ADVANCE, encoding="utf-8-sig")
    case = (
        'model = "reward"\ntable = "inputs/reward.csv"\n\n[facts]\nbudget_year = 2017\n\n[settings]\n'
        'pool = { value = 900, state = "已定", basis = "会议纪要" }\n\n[files]\nsettlement = "inputs/预拨.csv"\n'
    )
    (folder / "奖励.toml").write_text(case, encoding="utf-8")
    told = allocation("run 奖励.toml")
    assert told.code == 0, told.text
    alike(allocation, folder, folder / "outputs" / "reward.xlsx")


def test_a_record_that_does_not_say_the_kind_of_an_attached_file_is_not_guessed_at(allocation, folder):
    (folder / "inputs" / "预拨.csv").write_text(ADVANCE, encoding="utf-8-sig")
    assert allocation("run reward --year 2017 --advance inputs/预拨.csv").code == 0
    path = folder / "outputs" / "reward.json"
    record = json.loads(path.read_text("utf-8"))
    for attached in record["attached"]:
        assert attached.pop("kind") == "settlement"
        attached.pop("settings")
    path.write_text(json.dumps(record), encoding="utf-8")
    told = allocation("rerun outputs/reward.json --out 重做 --input inputs")
    assert told.code == 2 and "没有写明附表“预拨.csv”是哪一种" in told.err and not (folder / "重做").exists()


def reads(tree: ast.Module) -> list[str]:
    """Where a typed command is anything but handed on, as a whole, into another record."""
    every = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "command"]
    ours = [node for node in every if ast.unparse(node.value) not in ("click", "scenario", "context")]  # click's words
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)] if ours else []
    handed = [node for call in calls if ast.unparse(call.func) == "record_of" for node in call.args]
    return [f"{node.lineno}: {ast.unparse(node)}" for node in ours if node not in handed]


def test_no_file_of_the_package_reads_a_typed_command():
    assert {name: lines for name, tree in trees().items() if (lines := reads(tree))} == {}
    assert reads(ast.parse("typed = record.command.split()")) and reads(ast.parse("re.search('--sheet', held.command)"))
