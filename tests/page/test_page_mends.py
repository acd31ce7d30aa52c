"""Cells mended on the page: what is read then is what a command reads of the mended table, and nothing else changed."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import urllib.error
import zipfile
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from shipped import sample_table

from allocation.errors import AllocationError
from allocation.office.asked import RunQuestion
from allocation.office.asking import open_run
from allocation.opening.text_splicing import with_text_cells
from allocation.page.desk import Desk
from allocation.page.mending import cell_value, grid, mended, mended_copy
from allocation.page.works import Works
from allocation.page.workshop import Workshop
from allocation.tables.cells import SourceCell

HEADS = ("行政区代码", "名称", "落户人数（人）")
FAULTS = ("", "三百", "12个", "-5", "#REF!", "2017-01-01", "1e99", "1/0", "=1+1x", "  ", "一二")
TYPED = {"1,234": 1234, "１２３": 123, "56": 56, " 78 ": 78, "910": 910}


def messy(seed: int) -> list[list[object]]:
    """A table in which some cells are wrong."""
    draw = random.Random(seed)
    rows: list[list[object]] = [["2017年落户人数表"], [*HEADS]]
    for number in range(draw.randint(3, 9)):
        figure = draw.choice(FAULTS) if draw.random() < 0.5 else draw.randint(1, 900)
        rows.append([f"2107{number + 2:02}", f"{'甲乙丙丁戊己庚辛壬'[number]}县", figure])
    return rows


def as_book(rows: list[list[object]]) -> bytes:
    made = openpyxl.Workbook()
    made.active.title = "数据"
    made.create_sheet("说明").append(["=1+1", "不动"])
    for row in rows:
        made.active.append([None if value == "" else value for value in row])
    for row in made.active.iter_rows():
        for cell in row:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def as_text(rows: list[list[object]], encoding: str, sign: str, end: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=sign, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


def asked(table: Path) -> tuple[list[str], object]:
    """What a command would tell of a table: all that is wrong, or its figures."""
    try:
        _, run = open_run(RunQuestion(model="dated", table=table), partly=True)
    except AllocationError as error:
        return [problem.text() for problem in error.problems], None
    return [doubt.text("zh") for doubt in run.doubts], run.table.values


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["xlsx", "gb18030", "utf-16"])
def test_a_mended_copy_is_read_as_the_table_that_holds_those_figures(folder, seed, kind):
    rows = messy(seed)
    write = as_book if kind == "xlsx" else lambda rows: as_text(rows, kind, "\t", "\r\n")
    name = "表.xlsx" if kind == "xlsx" else "表.csv"
    (folder / name).write_bytes(write(rows))
    desk = Desk(folder)
    works, engine = Works(desk), Workshop(desk)
    work = works.begin("dated", name)
    draw = random.Random(seed)
    for at in [draw.randrange(2, len(rows)) for _ in range(3)] + [*range(2, len(rows))]:
        typed, figure = draw.choice([*TYPED.items()])
        rows[at][2] = figure if kind == "xlsx" else typed.strip()
        mends = {**work.mends.get("数据" if kind == "xlsx" else "", {}), f"C{at + 1}": typed}
        said = {"mends": {"数据" if kind == "xlsx" else "": mends}}
        work = works.change(work.id, work.revision, lambda work, said=said: work.model_copy(update=said))
        answer = engine.answer(work, partly=True)
        again = folder / "again" / name
        again.parent.mkdir(exist_ok=True)
        again.write_bytes(write(rows))
        problems, values = asked(again)
        shown = [problem.text() for problem in answer.problems]
        shown = shown or [doubt.text("zh") for doubt in answer.run.doubts]
        assert (shown, answer.run and answer.run.table.values) == (problems, values)
    assert values is not None


def test_every_other_byte_of_a_mended_table_stays(folder):
    data = as_book(messy(1))
    after = mended(Path("表.xlsx"), data, {"数据": {"C3": "12", "D40": "新"}})
    parts = [
        {name: zipfile.ZipFile(io.BytesIO(book)).read(name) for name in zipfile.ZipFile(io.BytesIO(book)).namelist()}
        for book in (data, after)
    ]
    assert {name for name in parts[0] if parts[0][name] != parts[1].get(name)} == {"xl/worksheets/sheet1.xml"}
    sheet = openpyxl.load_workbook(io.BytesIO(after))["数据"]
    assert (sheet["C3"].value, sheet["D40"].value) == (12, "新")
    for sign, end in ((",", "\n"), (";", "\r"), ("\t", "\r\n")):
        text = f'甲{sign}"一,二;三\t四 ""五"""{sign}丙{end}{end}1{sign}2{sign}3{end}'
        for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
            before = (text * 3).encode(encoding)
            written = with_text_cells("表.csv", before, {(2, 1): f"x{sign}y", (7, 4): "z", (9, 0): "末"})
            assert written.decode(encoding) != before.decode(encoding)
            held = [*csv.reader(io.StringIO(written.decode(encoding).lstrip("\ufeff"), newline=""), delimiter=sign)]
            was = [*csv.reader(io.StringIO(before.decode(encoding).lstrip("\ufeff"), newline=""), delimiter=sign)]
            assert (held[2][1], held[7][4], held[9]) == (f"x{sign}y", "z", ["末"])
            assert [row for at, row in enumerate(held[:9]) if at not in (2, 7)] == [
                row for at, row in enumerate(was) if at not in (2, 7)
            ]
            assert written.startswith(before[:20])


def test_a_figure_is_written_as_the_cell_holds_it():
    plain, share, text = SourceCell(3), SourceCell(0.5, "0.0%"), SourceCell("0210")
    for typed, cell, held in (
        ("1,234", plain, Fraction(1234)), ("１，２３４．５", plain, Fraction("1234.5")), ("-3", plain, Fraction(-3)),
        ("12%", share, Fraction("0.12")), ("12", share, Fraction("0.12")), ("0.12", share, Fraction("0.12")),
        ("12%", plain, "12%"), ("0210702", text, "0210702"), ("1.2.3", plain, "1.2.3"), ("1,23", plain, "1,23"),
        ("1 2", plain, "1 2"), ("12345678901234567890", plain, "12345678901234567890"), ("", plain, ""),
    ):  # fmt: skip
        assert cell_value(typed, cell) == held, typed


def test_results_that_rest_on_a_mended_cell_are_worked_out_or_taken_away(folder):
    """Sums and plain arithmetic exactly; of all else that rests on it no result is left."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "数据"
    for row in (
        ["甲", 1, 2, "=B1+C1*2", "=ROUND(B1,0)"],
        ["乙", 3, 4, "=(B2-C2)/4", "=D1+D2"],
        ["合计", "=SUM(B1:B2)", "=SUM(C:C)", "=SUM(D1:D2,5)", "=B2"],
    ):
        sheet.append(row)
    made.create_sheet("别的").append(["=数据!B1", "=1+1"])
    out = io.BytesIO()
    made.save(out)
    stored = re.compile(rb"<v ?/>|<v></v>")
    parts = {
        name: stored.sub(b"<v>77</v>", zipfile.ZipFile(out).read(name)) for name in zipfile.ZipFile(out).namelist()
    }
    filled = io.BytesIO()
    with zipfile.ZipFile(filled, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    after = mended(Path("表.xlsx"), filled.getvalue(), {"数据": {"B1": "10"}})
    read, other = grid("表.xlsx", after)
    shown = {(row, at): read.cell(row, at) for row in range(3) for at in range(1, 5)}
    assert [shown[at].value for at in ((0, 3), (1, 3), (1, 4), (2, 1), (2, 3), (2, 4))] == [14, 77, 91, 13, 96, 77]
    assert shown[0, 4].uncached and not shown[2, 2].uncached
    assert other.cell(0, 0).uncached and other.cell(0, 1).value == 77


def refused(server, name: str, asked: dict) -> list[str]:
    with pytest.raises(urllib.error.HTTPError) as error:
        server.ask(name, asked)
    return [problem["id"] for problem in json.load(error.value)["problems"]]


def test_a_cell_is_mended_saved_undone_and_kept_in_a_table_of_its_own(server):
    data = as_book([["2017年落户人数表"], [*HEADS], ["210702", "甲县", "三百"], ["210703", "乙县", 4]])
    name = server.hand("乱 'a'.xlsx", data)
    work = {"work": server.ask("desk.begin", {"model": "dated", "table": name})["id"]}
    look = server.ask("data.look", work)
    assert look["rows"][2][2] == "三百" and look["sheet"] == "数据" and look["columns"] == ["A", "B", "C"]
    wrong = [mark for mark in server.ask("data.marks", work)["marks"] if mark["kind"] == "wrong"]
    assert wrong[0]["cells"] == ["C3"]
    answer = server.ask("data.mend", {**work, "revision": 0, "sheet": "数据", "cells": {"C3": "３00", "C4": "5"}})
    assert answer["cells"] == {"C3": "300", "C4": "5"} and answer["revision"] == 1
    assert answer["mends"][0] == {"sheet": "数据", "cell": "C3", "old": "三百", "new": "３00"}
    assert not [mark for mark in server.ask("data.marks", work)["marks"] if mark["kind"] == "wrong"]
    assert (server.folder / name).read_bytes() == data
    back = server.ask("data.mend", {**work, "revision": 1, "sheet": "数据", "cells": {"C3": None, "C4": "4"}})
    assert back["mends"] == [] and server.ask("data.look", work)["rows"][2][2] == "三百"
    assert refused(server, "data.save", {**work, "revision": 2}) == ["page_read.nothing_mended"]
    server.ask("data.mend", {**work, "revision": 2, "sheet": "数据", "cells": {"C3": "３00", "C4": "5"}})
    saved = server.ask("data.save", {**work, "revision": 3})
    assert saved == {"revision": 4, "name": name.replace(".xlsx", "（修改后）.xlsx")}
    assert openpyxl.load_workbook(server.folder / saved["name"])["数据"]["C3"].value == 300
    look = server.ask("data.look", work)
    assert (look["file"], look["mends"], look["rows"][2][2]) == (saved["name"], [], "300")
    assert (server.folder / name).read_bytes() == data


@pytest.mark.parametrize(("held", "plain"), [("２６０", "260"), (" 550000 ", "550000"), ("1\u200b2", "12")])
def test_a_figure_that_shows_as_it_is_typed_is_written_where_the_cell_holds_it_otherwise(server, held, plain):
    data = as_book([["2017年落户人数表"], [*HEADS], ["210702", "甲县", held], ["210703", "乙县", 4]])
    name = server.hand("表.xlsx", data)
    work = {"work": server.ask("desk.begin", {"model": "dated", "table": name})["id"]}
    assert server.ask("data.look", work)["rows"][2][2] == plain
    cells = {"C3": plain, "C4": "4", "B3": "甲县"}
    answer = server.ask("data.mend", {**work, "revision": 0, "sheet": "数据", "cells": cells})
    assert [(mend["cell"], mend["new"]) for mend in answer["mends"]] == [("C3", plain)]
    assert not [mark for mark in server.ask("data.marks", work)["marks"] if "C3" in mark["cells"]]
    copy = openpyxl.load_workbook(server.folder / server.ask("data.save", {**work, "revision": 1})["name"])
    assert copy["数据"]["C3"].value == int(plain)


def test_what_a_run_says_of_blank_cells_stands_beside_them(server):
    name = server.hand("有空.xlsx", sample_table("incentive_fund").read_bytes())
    work = {"work": server.ask("desk.begin", {"model": "incentive_fund@2017", "table": name})["id"]}
    sheet = "市民化奖励资金"
    assert "run.partly_blank" not in {mark["id"] for mark in server.ask("data.marks", work)["marks"]}
    server.ask("data.mend", {**work, "revision": 0, "sheet": sheet, "cells": {"H7": "-", "H9": ""}})
    marks = server.ask("data.marks", work)["marks"]
    (mark,) = [mark for mark in marks if mark["id"] == "run.partly_blank"]
    assert mark["kind"] == "hint" and (mark["sheet"], mark["cells"]) == (sheet, ["H7", "H9"])
    assert "凌河区、黑山县" in mark["text"]


def test_what_cannot_be_written_is_refused_whole(server):
    name = server.hand("表.xlsx", as_book([["2017年落户人数表"], [*HEADS], ["210702", "甲县", 3]]))
    work = {"work": server.ask("desk.begin", {"model": "dated", "table": name})["id"], "revision": 0}
    for cell in ("", "C", "3", "XFE1", "A0", "C9999999", "../C3", "c3", "$C$3", "C3:C4"):
        assert refused(server, "data.mend", {**work, "sheet": "数据", "cells": {"C3": "5", cell: "1"}}) == [
            "page_read.outside"
        ]
    assert refused(server, "data.mend", {**work, "sheet": "数据", "cells": {"C3": "=1+1"}}) == ["page_read.formula"]
    assert refused(server, "data.mend", {**work, "sheet": "没有", "cells": {"C3": "1"}}) == ["page_read.no_sheet"]
    assert server.ask("data.look", {"work": work["work"]})["mends"] == []
    server.ask("data.mend", {**work, "sheet": "数据", "cells": {"C3": "\x01<&\u202e5"}})
    assert server.ask("data.look", {"work": work["work"]})["rows"][2][2] == "<&5"
    assert refused(server, "data.mend", {**work, "sheet": "数据", "cells": {"C3": "6"}}) == ["page.overwritten"]


def test_a_file_that_was_changed_elsewhere_is_told_before_its_mends_count(server):
    rows = [["2017年落户人数表"], [*HEADS], ["210702", "甲县", 3], ["210703", "乙县", 4]]
    name = server.hand("表.xlsx", as_book(rows))
    work = {"work": server.ask("desk.begin", {"model": "dated", "table": name})["id"]}
    server.ask("data.mend", {**work, "revision": 0, "sheet": "数据", "cells": {"C3": "5"}})
    rows.insert(2, ["210701", "新县", 9])
    (server.folder / name).write_bytes(as_book(rows))
    told = server.ask("data.marks", work)
    assert told["changed"] and "page_read.changed_since" in [mark["id"] for mark in told["marks"]]
    assert "page_read.changed_since" in [problem["id"] for problem in server.ask("work.awards", work)["problems"]]
    assert refused(server, "data.mend", {**work, "revision": 1, "sheet": "数据", "cells": {"C4": "6"}}) == [
        "page_read.changed_since"
    ]
    assert server.ask("data.keep", {**work, "revision": 1, "keep": False})["revision"] == 2
    assert not server.ask("data.marks", work)["changed"] and server.ask("data.look", work)["mends"] == []


def test_what_a_message_asks_is_chosen_beside_it(server):
    made = openpyxl.Workbook()
    for title in ("甲", "乙"):
        sheet = made.create_sheet(title)
        for row in (["2017年落户人数表"], [*HEADS], ["210702", "甲县", 3], ["210703", "乙县", 4]):
            sheet.append(row)
    del made["Sheet"]
    out = io.BytesIO()
    made.save(out)
    name = server.hand("两张.xlsx", out.getvalue())
    work = {"work": server.ask("desk.begin", {"model": "dated", "table": name})["id"]}
    marks = server.ask("data.marks", work)["marks"]
    choice = marks[0]["choices"][1]
    assert (choice["field"], choice["value"]) == ("sheet", "乙")
    server.ask("data.choose", {**work, "revision": 0, "sheet": "乙"})
    assert not [mark for mark in server.ask("data.marks", work)["marks"] if mark["kind"] == "wrong"]
    assert server.ask("data.look", work)["sheet"] == "乙"


def test_a_block_of_a_whole_nation_is_written_in_one_go(folder):
    rows = [["2017年落户人数表"], [*HEADS], *([f"{110101 + number}", f"{number}县", number] for number in range(2850))]
    data = as_book(rows)
    cells = {f"{get_column_letter(column)}{row}": str(row * column) for row in range(3, 2853) for column in range(3, 9)}
    after = mended(Path("表.xlsx"), data, {"数据": cells})
    sheet = grid("表.xlsx", after)[0]
    assert sheet.cell(2851, 7).value == 2852 * 8 and sheet.cell(2, 2).value == 9


def test_a_doubt_that_a_mend_does_away_with_is_no_error(folder):
    desk = Desk(folder)
    works, engine = Works(desk), Workshop(desk)
    work = works.begin("reward")
    said = {"resolved": {"size-00000000": {"reason": "已核实"}}}
    work = works.change(work.id, 0, lambda work: work.model_validate({**work.model_dump(), **said}))
    assert not [problem for problem in engine.answer(work).problems if problem.id.startswith("doubts")]
    assert mended_copy(work, desk) is None and engine.living(work).resolved == {}


def test_a_doubt_is_resolved_where_it_stands_and_opened_again(server):
    rows = [["2017年落户人数表"], [*HEADS], ["210702", "古塔区", 3], ["210799", "无名县", 4]]
    name = server.hand("表.xlsx", as_book(rows))
    work = {"work": server.ask("desk.begin", {"model": "dated", "table": name})["id"]}
    doubt = next(mark for mark in server.ask("data.marks", work)["marks"] if mark["kind"] == "doubt")
    said = {"reason": "新设的县", "basis": "民发〔2017〕1号", "prepared": "甲", "reviewed": "乙"}
    server.ask("data.resolve", {**work, "revision": 0, "doubt": doubt["id"], **said})
    after = {
        mark["id"]: mark["resolved"] for mark in server.ask("data.marks", work)["marks"] if mark["kind"] == "doubt"
    }
    assert after[doubt["id"]] == said
    server.ask("data.mend", {**work, "revision": 1, "sheet": "数据", "cells": {"A4": "210703", "B4": "凌河区"}})
    marks = server.ask("data.marks", work)["marks"]
    assert doubt["id"] not in [mark["id"] for mark in marks] and not [mark for mark in marks if mark["kind"] == "wrong"]
    server.ask("data.mend", {**work, "revision": 2, "sheet": "数据", "cells": {"A4": None, "B4": None}})
    server.ask("data.resolve", {**work, "revision": 3, "doubt": doubt["id"]})
    after = {
        mark["id"]: mark["resolved"] for mark in server.ask("data.marks", work)["marks"] if mark["kind"] == "doubt"
    }
    assert after[doubt["id"]] is None
