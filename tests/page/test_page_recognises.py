"""What is dropped on the desk is known by what stands in it: a table by its headings, never a file by its name."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from shipped import HOUSE

from allocation.page.desk import Desk
from allocation.page.recognising import recognised
from allocation.run.finding import default_input
from allocation.tables.grid import open_grid
from allocation.tables.stored import StoredRows
from allocation.texts import both


def book(*rows: tuple[object, ...], sheet: str = "数据") -> bytes:
    made = openpyxl.Workbook()
    made.active.title = sheet
    for row in rows:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


TABLE = (
    ("行政区代码", "名称", "落户人数（人）"),
    ("210702", "古塔区", 180),
    ("210703", "凌河区", 260),
    ("210726", "黑山县", 90),
)


@pytest.mark.parametrize("name", ["底稿.xlsx", "result.xls", "a b'c🙂.csv", "incentive_fund.xlsx", "无后缀"])
def test_a_table_is_known_whatever_it_is_called(folder, name):
    path = folder / name
    path.write_bytes(book(*TABLE))
    what = recognised(path)
    assert what.kind == "table" and "dated" in [fit.name for fit in what.fits if not fit.lacking]


def test_a_lone_cell_at_the_far_end_of_a_sheet_is_not_walked_to(folder, monkeypatch):
    made = openpyxl.load_workbook(io.BytesIO(book(*TABLE)))
    made.active.cell(1_048_576, 16_384, "x")
    made.save(folder / "far.xlsx")
    (folder / "near.xlsx").write_bytes(book(*TABLE))
    sheet = open_grid("far.xlsx", (folder / "far.xlsx").read_bytes())[0]
    assert [*sheet.rows_of(1)] == [0, 1, 2, 3] and sheet.cell(2, 1).text == "凌河区"
    assert sheet.cell(1_048_575, 16_383).text == "x" and sheet.cell(1_048_575, 1).empty
    asked: list[int] = []
    cell = StoredRows.cell
    monkeypatch.setattr(StoredRows, "cell", lambda rows, *at: asked.append(1) or cell(rows, *at))
    far, near = recognised(folder / "far.xlsx"), recognised(folder / "near.xlsx")
    assert far.fits == near.fits and near.fits[0].rows == 3
    assert len(asked) < 20_000


@pytest.mark.parametrize("model", [path.stem for path in sorted((HOUSE / "inputs").glob("*.toml"))])
def test_the_table_of_every_sample_is_known_as_its_models(model):
    table, _ = default_input(model)
    what = recognised(Path(table))
    assert what.kind == "table" and model in [fit.name for fit in what.fits if not fit.lacking]
    assert not what.sure or what.fits[0].name == model


def test_what_is_unknown_is_told_with_what_was_looked_for(server):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("黑山县.csv", "a")
    word = io.BytesIO()
    with zipfile.ZipFile(word, "w") as archive:
        archive.writestr("[Content_Types].xml", "a")
        archive.writestr("word/document.xml", "a")
    handed = {
        "附件.docx": (word.getvalue(), "paper", "核对"),
        "表.zip": (packed.getvalue(), "packed", "解压"),
        "空.xlsx": (b"", "unknown", "空"),
        "其他.csv": ("甲,乙\n1,2\n".encode(), "unknown", "甲"),
        "其他.toml": (b"a = 1\n", "unknown", "scenario"),
        "情景.toml": ('[scenario]\nzh = "多一千"\n'.encode(), "scenario", "多一千"),
        "加密.xlsx": (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "unknown", "密码"),
    }
    names = {server.hand(name, data): (kind, word) for name, (data, kind, word) in handed.items()}
    for file in server.ask("drop.recognise", {"names": [*names]})["files"]:
        kind, word = names[file["name"]]
        said = file["said"] + "".join(problem["text"] for problem in file["problems"])
        assert file["kind"] == kind and word in said, file


def test_a_folder_of_single_rows_is_taken_for_returns(server):
    desk = Desk(server.folder)
    names = [desk.take(f"{row[1]}.xlsx", book(TABLE[0], row), "报来的表") for row in TABLE[1:]]
    assert all(name.startswith("报来的表/") for name in names)
    answer = server.ask("drop.recognise", {"names": names})
    assert answer["returns"]["model"] == "dated" and answer["returns"]["folder"] == "报来的表"
    assert sorted(answer["returns"]["names"]) == sorted(names)


def test_what_lies_on_the_desk_is_taken_as_it_lies_there(folder):
    desk = Desk(folder)
    (folder / "2017 年 表.csv").write_bytes(b"a,b\n")
    assert desk.take("2017 年 表.csv", b"a,b\n") == "2017 年 表.csv"
    assert desk.take("reward.csv", (folder / "inputs" / "reward.csv").read_bytes()) == "inputs/reward.csv"
    assert desk.take("a.csv", b"1", "../../outside") == "outside/a.csv"
    assert desk.take("a.x:y", b"1", "\\\\disk\\\\of") == "of/a.x_y"


def test_a_sample_is_copied_onto_the_desk_and_a_blank_form_is_the_commands(server, allocation):
    sample = server.ask("drop.samples")[0]["sample"]
    name = server.ask("drop.sample", {"sample": sample})["name"]
    work = server.ask("desk.begin", {"model": name})
    answer = server.ask("work.awards", {"work": work["id"]})
    assert answer["table"]["lines"] and not answer["problems"]
    blank = server.ask("drop.blank", {"model": "reward"})["name"]
    assert allocation(["template", "reward", "--out", "typed"]).code == 0
    assert (server.folder / blank).read_bytes() == (server.folder / "typed" / blank).read_bytes()


@pytest.mark.parametrize("name", ["week/ledger_1", "week/receipts_1", "week/adjustments", "week/sources"])
def test_a_form_that_goes_with_a_case_is_known_as_one(name):
    what = recognised(HOUSE / "inputs" / f"{name}.csv")
    assert what.kind == "form" and what.label == both(f"sheets.{name.partition('/')[2].partition('_')[0]}")


def test_the_names_of_counties_alone_speak_for_no_model(folder):
    """A land table with one heading misspelt is not taken for a model that asks for nothing but a county's name."""
    head = ("行政区代码", "名称", "所属县（市）区", "所属城镇", "城镇类型", "上年落户人数（人）", "常住人口（万人）")
    (folder / "a.xlsx").write_bytes(book(head, ("210702001", "甲镇", "古塔区", "甲镇", "建制镇", 120, 3.1)))
    what = recognised(folder / "a.xlsx")
    assert not what.sure and what.fits[0].name == "land_quota" and what.fits[0].lacking


def test_a_rule_of_one_column_is_not_offered_for_a_table_with_nearly_all_of_another(tmp_path):
    heads = ["名称", "当年落户人数", "以前年度落户人数/上年", "以前年度落户人数/前年", "以前年度落户人数/大前年",
             "常住人口", "随迁子女义务教育在校生数", "工作努力程度得分", "上年分配额"]  # fmt: skip
    path, figures = tmp_path / "汇总.xlsx", range(1, len(heads))
    path.write_bytes(book(tuple(heads), ("古塔区", *figures), ("黑山县", *figures)))
    what = recognised(path)
    assert what.fits[0].name == "incentive_fund" and what.fits[0].lacking and not what.sure
