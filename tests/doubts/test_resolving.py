"""A doubt marks what is written and blocks what leaves the house until a person resolves it with a reason."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

import allocation.notebook as al
from allocation.doubts.beside import Beside
from allocation.doubts.doubting import doubts_beside
from allocation.errors import AllocationError
from allocation.policy.loading import load_model
from allocation.tables.reading import read_table
from allocation.verify.verifying import verify

OWN = "--input inputs/own.csv --set pool=1000 --year 2018"
SWAPPED = {"210702,古塔区": "210702,凌河区", "210703,凌河区": "210703,古塔区"}
ID = re.compile(r"\b[a-z]+-[0-9a-f]{8}\b")


def own_table(folder: Path, changes: dict[str, str] = SWAPPED, name: str = "own.csv", remarks: str = "") -> None:
    text = (folder / "inputs/reward.csv").read_text(encoding="utf-8-sig")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    if remarks:
        head, *rows = text.splitlines()
        text = "\n".join([head + ",备注", *(f"{row},{remarks if row.startswith('210726') else ''}" for row in rows)])
    (folder / "inputs" / name).write_text(text + "\n", encoding="utf-8")


SIGNED = "--why {why} --basis 会议纪要 --by 张三 --reviewed 李四 --date 2018-03-01"


def own_case(folder: Path, pool: str = "1000", table: str = "own.csv") -> str:
    """The case of somebody's own table."""
    text = f'model = "reward"\ntable = "inputs/{table}"\n[facts]\nbudget_year = 2018\n[settings]\npool = {pool}\n'
    (folder / "case.toml").write_text(text, encoding="utf-8")
    return "case.toml"


def ids(text: str) -> list[str]:
    return list(dict.fromkeys(ID.findall(text)))


def texts(book: Path, sheet: str) -> str:
    cells = (cell for row in load_workbook(book)[sheet].iter_rows(values_only=True) for cell in row)
    return "\n".join(str(cell) for cell in cells if cell is not None)


def test_a_doubt_is_printed_marked_and_written_wherever_the_run_is(allocation, folder):
    own_table(folder)
    told = allocation(f"run reward {OWN}")
    (id,) = ids(told.out)
    assert told.code == 0 and "own.csv: B2" in told.out and "recipients_reward.csv: A2" in told.out
    assert allocation(f"check reward {OWN} --lang en").out.count(id) == 1
    book, record = folder / "outputs/reward.xlsx", json.loads((folder / "outputs/reward.json").read_text("utf-8"))
    assert record["doubts"][id]["state"] == "open"
    for sheet in ("封面", "核对", "溯源"):
        assert id in texts(book, sheet)
    assert "（待核）" in texts(book, "资金测算表") and "（待核）" in told.out
    assert verify(book, folder / "outputs/reward.json").clean


@pytest.mark.parametrize("stage", ["征求意见稿", "送审稿", "上会稿", "正式稿"])
def test_an_open_doubt_refuses_every_stage_but_a_trial(allocation, folder, stage):
    own_table(folder)
    assert allocation(f"run reward {OWN} --stage 试算").code == 0
    told = allocation(f"run reward {OWN} --stage {stage} --reason 改")
    assert told.code == 2 and "只能试算" in told.err and len(ids(told.err)) == 1
    assert len([*(folder / "outputs/versions").glob("*.xlsx")]) == 1


@pytest.mark.parametrize("command", ["run {} --edition 公开", "notices {}"])
def test_an_open_doubt_refuses_editions_and_notices(allocation, folder, command):
    own_table(folder)
    case = own_case(folder)
    told = allocation(command.format(case))
    assert told.code == 2 and "只能试算" in told.err and not (folder / "outputs").exists()
    (id,) = ids(told.err)
    short = allocation(command.format(case) + f" --resolve {id}=已核对")
    assert short.code == 2 and all(
        word in short.err for word in ("依据", "经办人", "复核人", "日期", "allocation resolve")
    )
    assert allocation(f"resolve {case} {id} " + SIGNED.format(why="已核对")).code == 0
    assert allocation(command.format(case)).code == 0


def test_what_is_issued_needs_another_person_to_review(allocation, folder):
    own_table(folder)
    case = own_case(folder)
    (id,) = ids(allocation(f"check {case}").out)
    told = allocation(f"resolve {case} {id} --why 已核对 --basis 来函 --by 张三 --reviewed 张三 --date 2018-03-01")
    assert told.code == 0 and "另一人" in told.out
    assert allocation(f"run {case} --stage 征求意见稿").code == 0
    refused = allocation(f"run {case} --stage 正式稿 --reason 定稿")
    assert (
        refused.code == 2
        and "经办人以外的人" in refused.err
        and "依据" not in refused.err.split("还缺：")[1].split("；")[0]
    )
    assert allocation(f"notices {case}").code == 2
    assert allocation(f"resolve {case} {id} " + SIGNED.format(why="已核对")).code == 0
    assert allocation(f"run {case} --stage 正式稿 --reason 定稿").code == 0


def test_a_reason_is_kept_with_the_version_and_not_asked_again_until_a_figure_moves(allocation, folder):
    own_table(folder)
    case = own_case(folder)
    (id,) = ids(allocation(f"check {case}").out)
    assert allocation(f"resolve {case} {id} " + SIGNED.format(why="民政部门来函，已更名")).code == 0
    first = f"run {case} --stage 送审稿"
    assert allocation(first).code == 0
    (book,) = (folder / "outputs/versions").glob("*送审稿*.xlsx")
    record = json.loads(next((folder / "outputs/versions").glob("*送审稿*.json")).read_text("utf-8"))
    kept = {key: record["doubts"][id][key] for key in ("state", "reason", "basis", "prepared", "reviewed", "date")}
    assert [*kept.values()] == ["resolved", "民政部门来函，已更名", "会议纪要", "张三", "李四", "2018-03-01"]
    assert all("民政部门来函，已更名" in texts(book, sheet) for sheet in ("核对", "溯源"))
    assert "待核）" not in texts(book, "资金测算表") and verify(book).clean
    again = allocation(first)
    assert again.code == 0 and len([*(folder / "outputs/versions").glob("*.xlsx")]) == 1  # the same version once more
    later = allocation(f"run reward {OWN} --set size_rate.大城市=0.9 --stage 上会稿 --reason 调整系数")
    assert later.code == 0 and "民政部门来函，已更名" in later.out
    own_table(folder, {**SWAPPED, "210726,黑山县": "210726,凌海市", "210781,凌海市": "210781,黑山县"})
    moved = allocation(f"run reward {OWN} --set size_rate.大城市=0.9 --stage 上会稿 --reason 又改")
    assert moved.code == 2 and ids(moved.err) and id not in ids(moved.err)


def test_a_correction_is_refused_while_a_doubt_is_open(allocation, folder):
    plain = "--set pool=1000 --year 2018"
    assert allocation(f"run reward {plain} --stage 正式稿 --date 2018-03-01").code == 0
    own_table(folder)
    case = own_case(folder)
    command = f"correct {case} --set size_rate.大城市=0.9 --reason 更正 --date 2018-04-01"
    told = allocation(command)
    assert told.code == 2 and "只能试算" in told.err
    for id in ids(told.err):
        assert allocation(f"resolve {case} {id} " + SIGNED.format(why="已核对")).code == 0
    assert allocation(command).code == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("names-00000000=为什么", "没有编号为"),
        ("{id}=", "没有写核实"),
        ("{id}='  '", "没有写核实"),
        ("{id}", "应写作 编号="),
    ],
)
def test_what_resolves_nothing_is_an_error_that_lists_what_is_open(allocation, folder, given, said):
    own_table(folder)
    (id,) = ids(allocation(f"check reward {OWN}").out)
    told = allocation(["run", "reward", *OWN.split(), "--resolve", given.format(id=id)])
    assert told.code == 2 and said in told.err and id in told.err.split("待核的有")[1]
    assert not (folder / "outputs").exists()


def test_a_reason_where_nothing_is_open_is_an_error_too(allocation, folder):
    told = allocation("run reward --year 2018 --set pool=1000 --resolve names-00000000=x")
    assert told.code == 2 and "待核的有：（没有）" in told.err


def test_right_tables_have_no_doubt(allocation, folder):
    assert "待核" not in allocation("check reward --year 2018 --set pool=1000").out


def test_last_year_s_figures_say_what_leaps_and_a_whole_column_once(allocation, folder):
    own_table(folder, {",180,": ",181,", ",680,": ",681,", ",200\n": ",199\n", ",900": ",899"}, "before.csv")
    assert allocation("run reward --input inputs/before.csv --year 2017 --set pool=1000 --out last").code == 0
    plain = "--year 2018 --set pool=1000"
    for last in ("last/reward.xlsx", "inputs/before.csv"):
        assert "待核" not in allocation(f"check reward {plain} --last {last}").out
    own_table(folder, {"30050.5": "90200", "41200": "123900", "15020.25": "45100", "22300": "67000", ",108570.75": ","})
    leap = allocation(f"check reward {OWN} --last last/reward.xlsx")
    assert len(ids(leap.out)) == 1 and "整列" in leap.out and "古塔区 30050.5 → 90200" in leap.out
    own_table(folder, {"30050.5": "90200", ",108570.75": ","})
    one = allocation(f"check reward {OWN} --last last/reward.xlsx")
    assert len(ids(one.out)) == 1 and "整列" not in one.out and ids(one.out) != ids(leap.out)
    assert allocation(f"check reward {OWN} --last last/reward.json").code == 0
    wrong = allocation("check reward --year 2017 --set pool=1000 --last last/reward.xlsx")
    assert wrong.code == 2 and "以前年度" in wrong.err


def test_a_pool_of_more_than_three_times_last_year_s_is_a_doubt_by_the_table_s_own_column(allocation, folder):
    model = folder / "models/reward.toml"
    text = model.read_text(encoding="utf-8").replace('pool = "pool"', 'pool = "pool"\ncompare_with = "last_award"', 1)
    model.write_text(text, encoding="utf-8")
    told = allocation("check reward --year 2018 --set pool=2800 --set cap_rate=1000%")
    assert [one.split("-")[0] for one in ids(told.out)] == ["pool"] and "上年分配额" in told.out
    assert not ids(allocation("check reward --year 2018 --set pool=2700 --set cap_rate=1000%").out)


def test_an_earlier_version_in_the_out_folder_is_compared_with(allocation, folder):
    assert allocation("run reward --year 2018 --set pool=1000 --stage 试算").code == 0
    own_table(folder, {"210781,凌海市,中等城市,150,22300,52.25,1.02,250\n": "", ",680,108570.75,,,900": ",,,,,"})
    (id,) = ids(allocation(f"run reward {OWN}").out)
    assert id.startswith("missing-")
    next_year = allocation(f"run reward {OWN.replace('2018', '2019')}")
    assert ids(next_year.out) == [id]  # the version of the year before says so as well


def test_remarks_are_kept_on_the_sheet_of_data_and_what_they_say_of_other_figures_is_a_doubt(allocation, folder):
    own_table(folder, {}, remarks="数含在凌海市")
    told = allocation(f"run reward {OWN}")
    assert [one.split("-")[0] for one in ids(told.out)] == ["remark"] and "own.csv: I4" in told.out
    book = folder / "outputs/reward.xlsx"
    sheet = load_workbook(book)["数据"]
    at = next(cell.column for row in sheet.iter_rows() for cell in row if cell.value == "备注")
    assert at == sheet.max_column and "数含在凌海市" in [cell.value for cell in sheet[chr(64 + at)]]
    assert verify(book, folder / "outputs/reward.json").clean
    sheet.parent.save(folder / "outputs/saved.xlsx")
    own_table(folder, {}, remarks="已核对，2018年新设")
    assert not ids(allocation(f"run reward {OWN}").out)


HELD = "含开发区 不含开发区 数含在凌海市 已并入古塔区 另有经开区数据 另报 一并填报 已剔除开发区 其中新区20人 由市代报"
FREE = "含税 无 与上年一致 另行通知 含量已核 已核对"


@pytest.mark.parametrize(
    ("remark", "kinds"), [*((text, ["remark"]) for text in HELD.split()), *((text, []) for text in FREE.split())]
)
def test_a_remark_that_speaks_of_figures_held_elsewhere_is_a_doubt_and_no_other(remark, kinds, folder):
    own_table(folder, {}, remarks=remark)
    model = load_model(folder / "models/reward.toml")
    table = replace(read_table(folder / "inputs/own.csv", model), beside=Beside())
    assert [one.kind for one in doubts_beside(model, [table])] == kinds


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("注：凌河区的数含在古塔区", ["remark"]),
        ("说明：各县数据均不含经济开发区", ["remark"]),
        ("注：资金包含提前下达部分", []),
        ("数据来源：财政局，黑山县已核对", []),
    ],
)
def test_a_line_below_the_table_that_speaks_of_other_units_figures_is_a_doubt(allocation, folder, line, kinds):
    own_table(folder, {})
    with (folder / "inputs/own.csv").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    assert [one.split("-")[0] for one in ids(allocation(f"check reward {OWN}").out)] == kinds


def test_what_the_register_says_is_counted_twice_is_checked_in_every_run(allocation, folder):
    own_table(folder, {})
    register = "代码,名称,统计包含,已扣除\n210702,古塔区,,\n210703,凌河区,210702,{}\n210726,黑山县,,\n210781,凌海市,,\n"
    for net, kinds in (("", ["twice"]), ("210702@2018", []), ("210702@2017", ["twice"])):
        (folder / "own_register.csv").write_text(register.format(net), encoding="utf-8")
        told = allocation(f"check reward {OWN} --recipients own_register.csv")
        assert [one.split("-")[0] for one in ids(told.out)] == kinds


def test_a_file_that_is_compared_with_is_never_written_over_and_says_what_is_wrong_with_it(allocation, folder):
    own_table(folder, {})
    told = allocation(f"run reward {OWN} --recipients nowhere.csv --last nothing.xlsx")
    assert told.code == 2 and "nowhere.csv" in told.err and "nothing.xlsx" in told.err
    assert allocation("run reward --year 2017 --set pool=1000 --out last").code == 0
    over = allocation(f"run reward {OWN} --last last/reward.json --out last")
    assert over.code == 2 and "last/reward.json" in over.err


def test_in_python_a_run_has_its_doubts_and_takes_reasons(folder):
    own_table(folder)
    model = al.load("reward", 2018)
    run = model.run("inputs/own.csv", pool=1000)
    (doubt,) = run.doubts.open
    assert doubt.text("en") in run._repr_html_() or doubt.id in run._repr_html_()
    settled = model.run("inputs/own.csv", pool=1000, resolve={doubt.id: "renamed"})
    assert not settled.doubts.open and settled.doubts.reasons == {doubt.id: "renamed"}
    with pytest.raises(AllocationError, match="names-0"):
        model.run("inputs/own.csv", pool=1000, resolve={"names-0": "renamed"})


@pytest.mark.parametrize("name", ["nothing.json", "nothing.xlsx", "inputs"])
def test_last_years_file_that_is_not_there_is_said(allocation, folder, name):
    own_table(folder)
    told = allocation(f"check reward {OWN} --last {name}")
    assert told.code == 2 and name in told.err


def test_a_case_typed_without_its_ending_is_named(allocation, folder):
    (folder / "底稿.xlsx").write_bytes(b"")
    told = allocation("run 底稿")
    assert told.code == 2 and "本文件夹有“底稿.xlsx”" in told.err
    assert "本文件夹" not in allocation("run 别的").err
