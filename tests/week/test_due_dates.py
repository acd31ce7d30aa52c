"""日期: when each level handed the money down, beside the advances; late ones are noted, impossible ones refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import docx
import openpyxl
import pytest
import xlsxwriter
from attaching import attached

from allocation.errors import AllocationError
from allocation.policy.loading import load_model
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.xlsx.forms import form_writer

FOUND = find("incentive_fund", None, None)
HEAD = ("级次", "环节", "规定日期", "实际日期", "文号")
SHIPPED = Path(__file__).parent.parent.parent / "inputs" / "issuing" / "advance.xlsx"
CENTRAL = ("中央", "提前下达", "2016-10-31", "2016-10-28", "财预1号")


def book(path: Path, *rows: tuple, head=HEAD, title: str = "日期") -> Path:
    """Advances of every county, and a sheet of dates."""
    with xlsxwriter.Workbook(str(path)) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        sheet = made.add_worksheet("提前下达")
        for row, pair in enumerate([("县（市、区）", "提前下达数"), *((name, 500) for name in FOUND.table.names)]):
            sheet.write_row(row, 0, pair)
        sheet = made.add_worksheet(title)
        for row, cells in enumerate([head, *rows]):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell, day if isinstance(cell, date) else None)
    return path


def settled(path: Path, table=FOUND.table):
    made = attached(FOUND.model, table, settlement=path)
    return run_model(made.model, made.table, made.changes)


def said(run) -> list[str]:
    """The lines of dates below the printed table."""
    return [note.zh for note in run.model.notes[len(FOUND.model.notes) :]]


def slips(path: Path, table=FOUND.table) -> list[tuple[str, str]]:
    with pytest.raises(AllocationError) as caught:
        attached(FOUND.model, table, settlement=path)
    return [(one.id, one.where.rpartition("!")[2]) for one in caught.value.problems]


def test_dates_are_read_however_they_are_written_and_stand_below_the_table(tmp_path):
    rows = ("省级", "提前", "2016年11月30日", date(2016, 11, 29), ""), ("县", "清算下达", "", "2017/7/1", "锦财2号")
    run = settled(book(tmp_path / "a.xlsx", *rows, CENTRAL))
    assert said(run) == [
        "提前下达日期：中央 规定2016年10月31日 实际2016年10月28日 财预1号；省 规定2016年11月30日 实际2016年11月29日",
        "清算下达日期：县 实际2017年7月1日 锦财2号",
    ]
    assert not {"settle.late", "settle.other_year"} & {note.id for note in run.notes}


def test_english_heads_and_words_are_known(tmp_path):
    head = ("level", "step", "due date", "actual date", "document")
    run = settled(book(tmp_path / "a.xlsx", ("Central", "settlement", "2017-06-30", "", ""), head=head, title="dates"))
    assert run.model.notes[-1].en == "Dates of settlement: central, due 2017-06-30"


def test_who_was_late_is_a_note_and_no_error(tmp_path):
    run = settled(book(tmp_path / "a.xlsx", CENTRAL, ("省", "提前下达", "2016-11-30", "2016-12-05", "")))
    assert run.ok
    (late,) = [note for note in run.notes if note.id == "settle.late"]
    assert late.where == "a.xlsx: 日期!D3" and "迟 5 天" in late.text("zh") and "5 days late" in late.text("en")
    assert "（迟5天）" in said(run)[0]


def test_the_advance_belongs_to_the_year_before(tmp_path):
    run = settled(book(tmp_path / "a.xlsx", ("中央", "提前下达", "2017-10-31", "", "")))
    (other,) = [note for note in run.notes if note.id == "settle.other_year"]
    assert other.where.endswith("!C2") and "2016 年内" in other.text("zh")


def test_every_slip_is_said_at_once_with_its_cell(tmp_path):
    path = book(
        tmp_path / "a.xlsx",
        ("中央", "提前下达", "2016-13-31", "2016-10-28", ""),
        ("部", "提前下达", "", "2016-10-28", ""),
        ("省", "提前下达", "", "2016-10-01", ""),
        ("省", "预下达", "2016-11-30", "", ""),
        ("中央", "提前下达", "2016-10-31", "", ""),
        ("中央", "清算下达", "2016-10-30", "", ""),
        ("", "清算下达", "2016-10-30", "", ""),
        ("厅", "清算下达", "月底", "", ""),
    )
    made = openpyxl.load_workbook(path)
    made["提前下达"]["B3"] = 10.5
    made.save(path)
    assert sorted(slips(path)) == sorted([
        ("adjust.off_grid", "B3"),
        ("forms.not_date", "C2"),
        ("settle.level", "A3"),
        ("settle.before_above", "D4"),
        ("settle.step", "B5"),
        ("settle.date_twice", "A6"),
        ("settle.wrong_year", "C7"),
        ("forms.blank", "A8"),
        ("settle.level", "A9"),
        ("forms.not_date", "C9"),
    ])  # fmt: skip


def test_levels_are_compared_though_one_between_them_is_not_there_and_only_within_a_step(tmp_path):
    below = ("县", "提前下达", "2016-10-30", "2016-10-29", "")
    assert slips(book(tmp_path / "a.xlsx", below, CENTRAL)) == [("settle.before_above", "C2")]
    apart = ("县", "清算下达", "2016-10-30", "", "")
    assert "2016年10月30日" in said(settled(book(tmp_path / "b.xlsx", apart, CENTRAL)))[1]


def test_a_date_far_from_the_datas_year_is_a_slip(tmp_path):
    rows = (CENTRAL, ("中央", "清算", "2017-06-30", "2071-06-30", ""))
    assert slips(book(tmp_path / "a.xlsx", *rows)) == [("settle.far_year", "D3")]
    late = ("中央", "清算", "2017-06-30", "2019-06-30", "")  # two years: late, but it happens
    assert "settle.late" in {note.id for note in settled(book(tmp_path / "b.xlsx", CENTRAL, late)).notes}
    undated = replace(FOUND.table, year=None)
    assert "settle.late" in {note.id for note in settled(book(tmp_path / "c.xlsx", *rows), undated).notes}


BELOW = [
    (level, "提前下达", f"2016-11-{day}", f"2016-12-{day}", "") for level, day in (("省", 10), ("市", 20), ("县", 30))
]


def test_a_date_of_a_wrong_year_is_blamed_alone_and_not_those_that_contradict_it(tmp_path):
    central = ("中央", "提前下达", "2017-10-31", "2017-10-28", "")
    with pytest.raises(AllocationError) as caught:
        settled(book(tmp_path / "a.xlsx", central, *BELOW))
    assert [one.where.rpartition("!")[2] for one in caught.value.problems] == ["C2", "D2"]
    said = "提前下达：中央的规定日期写的是 2017-10-31，不在应在的 2016 年内"
    assert all(said in text for text in (caught.value.problems[0].text("zh"), caught.value.text("zh")))
    both = (central, ("省", "提前下达", "2017-11-10", "2016-12-10", ""), *BELOW[1:])
    assert slips(book(tmp_path / "b.xlsx", *both)) == [
        ("settle.wrong_year", "C2"), ("settle.wrong_year", "D2"), ("settle.wrong_year", "C3"),
    ]  # fmt: skip


def test_a_date_that_contradicts_others_in_its_own_year_as_well_is_no_slip_of_the_year(tmp_path):
    rows = (CENTRAL, ("省", "提前下达", "2016-11-30", "2017-01-05", ""), ("市", "提前下达", "", "2016-12-20", ""))
    assert slips(book(tmp_path / "a.xlsx", *rows)) == [("settle.before_above", "D4")]


def test_where_the_datas_year_is_not_known_a_settlement_before_the_advance_is_refused(tmp_path):
    path = book(tmp_path / "a.xlsx", CENTRAL, ("中央", "清算", "2016-10-30", "", ""))
    assert slips(path, replace(FOUND.table, year=None)) == [("settle.before_advance", "C3")]
    assert slips(path) == [("settle.wrong_year", "C3")]
    leap = book(tmp_path / "b.xlsx", CENTRAL, ("中央", "清算", "2016-02-29", "", ""))
    assert slips(leap) == [("settle.wrong_year", "C3")]


def test_a_date_typed_as_one_number_is_read_and_what_is_no_date_is_told_how_to_write_one(tmp_path):
    path = book(tmp_path / "a.xlsx", CENTRAL, ("省", "提前下达", 20161130, "20161205", ""))
    made = openpyxl.load_workbook(path)
    made["日期"]["C3"].number_format = "yyyy-mm-dd"  # the 20,161,130th day of no calendar
    made.save(path)
    assert "省 规定2016年11月30日 实际2016年12月5日（迟5天）" in said(settled(path))[0]
    made["日期"]["C3"].value = 20161330
    made.save(path)
    with pytest.raises(AllocationError) as caught:
        settled(path)
    (slip,) = caught.value.problems
    assert slip.where.endswith("!C3") and "应为日期，如 2018-03-05" in slip.text("zh")


def test_the_same_day_is_neither_late_nor_too_early(tmp_path):
    rows = [(level, step, "2016-10-31", "2016-10-31", "") for level in ("中央", "省") for step in ("提前下达", "清算")]
    run = settled(book(tmp_path / "a.xlsx", *rows))
    assert len(said(run)) == 2 and "settle.late" not in {note.id for note in run.notes}


def test_a_sheet_of_dates_whose_head_is_not_known_is_not_passed_over(tmp_path):
    row = ("中央", "提前下达", "2016-10-31")
    assert slips(book(tmp_path / "a.xlsx", row, head=("级", "环", "规日")))[0][0] == "forms.no_header"
    odd = book(tmp_path / "b.xlsx", row, head=("级次", "哪一步", "规定日期"), title="Sheet2")
    assert slips(odd)[0][0] == "forms.no_column"
    other = book(tmp_path / "c.xlsx", row, head=("级", "环", "规日"), title="Sheet2")
    assert said(settled(other)) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_blank_form_has_the_ministrys_day_and_reads_back(tmp_path, lang):
    path = tmp_path / "form.xlsx"
    form_writer("settlement", FOUND.model, FOUND.table, path, lang)(path)
    made = openpyxl.load_workbook(path)
    amounts, dates = made.worksheets[:2]
    assert [amounts.cell(row, 2).value for row in range(5, 12)] == list(FOUND.table.names)
    assert dates.title == ("日期" if lang == "zh" else "dates")
    filled = [cell.coordinate for row in dates["C5:E30"] for cell in row if cell.value is not None]
    assert filled == ["C5"] and dates["C5"].value == datetime(2016, 10, 31)
    for row in range(5, 12):
        amounts.cell(row, 3).value = 500
    dates["D5"] = datetime(2016, 11, 2)
    made.save(path)
    run = settled(path)
    assert said(run) == ["提前下达日期：中央 规定2016年10月31日 实际2016年11月2日（迟2天）"]
    assert run.total("_advance_paid") == 3500


def test_the_ministrys_day_is_one_of_money_and_of_a_known_year(tmp_path):
    for number, (model, year) in enumerate(((FOUND.model, None), (FOUND.model, 2019))):
        form_writer("settlement", model, None, tmp_path / f"{number}.xlsx", "zh", year)(tmp_path / f"{number}.xlsx")
    land = load_model(Path(__file__).parent.parent.parent / "models" / "land_quota.toml")
    form_writer("settlement", land, FOUND.table, tmp_path / "2.xlsx", "zh")(tmp_path / "2.xlsx")
    days = [openpyxl.load_workbook(tmp_path / f"{number}.xlsx").worksheets[1]["C5"].value for number in range(3)]
    assert days == [None, datetime(2018, 10, 31), None]


def test_the_dates_are_printed_below_the_table_and_verify_knows_them(allocation, folder):
    made = openpyxl.load_workbook(SHIPPED)
    sheet = made.worksheets[0]
    sheet.delete_rows(5, 20)
    for row, (name, amount) in enumerate((("凌河区", 5), ("古塔区", 7)), start=5):
        sheet.cell(row, 2).value, sheet.cell(row, 3).value = name, amount
    made.save(folder / "a.xlsx")
    assert allocation("run reward --advance a.xlsx").code == 0
    printed = openpyxl.load_workbook(folder / "outputs/reward.xlsx")["资金测算表"]
    texts = [str(cell.value) for cell in printed["A"] if cell.value]
    assert any(text.startswith("提前下达日期：中央 规定2016年10月31日") for text in texts)
    assert "全部相符" in allocation("verify outputs/reward.xlsx").out
    assert allocation("notices reward --advance a.xlsx").code == 0
    (note,) = (folder / "outputs").rglob("*测算说明.docx")
    assert any(one.text.startswith("提前下达日期：中央") for one in docx.Document(str(note)).paragraphs)
