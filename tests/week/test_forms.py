"""template --form: what is filled in reads back, the lists hold the words, a filled form is never lost."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest
from attaching import attached
from ledger_files import HEISHAN, MODEL, TABLE

from allocation.parts.adjustments import read_rows
from allocation.parts.part import Given
from allocation.parts.sources import read_sources
from allocation.xlsx.forms import FORMS, form_writer

HEAD = 4


def filled(folder, kind: str, lang: str, *rows: dict[str, object], first: int = HEAD + 1):
    """The blank form with rows written into it, by the labels of its heads."""
    path = folder / f"{kind}.xlsx"
    form_writer(kind, MODEL, TABLE, path, lang)(path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    columns = {field.key: place for place, field in enumerate(FORMS[kind].fields, start=1)}
    for row, values in enumerate(rows, start=first):
        for key, value in values.items():
            sheet.cell(row, columns[key]).value = value
    return path, book


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_filled_ledger_reads_back(tmp_path, lang):
    label, status, yes = ("落户人数", "核定", "是") if lang == "zh" else ("People settled", "verified", "yes")
    row = {"name": "黑山县", "input": label, "value": 96, "source": "统计局", "date": date(2018, 3, 2)}
    row |= {"status": status, "used": yes, "by": "张三", "reason": "核对"}
    path, book = filled(tmp_path, "ledger", lang, row)
    book.save(path)
    table = attached(MODEL, TABLE, ledger=path).table
    assert table.ledger["settled", HEISHAN].date == "2018-03-02" and table.values["settled"][HEISHAN] == 96
    assert not table.illustrative  # the guidance does not call real figures an example


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_receipts_come_with_every_county_and_read_back_blank_or_filled(tmp_path, lang):
    path, book = filled(tmp_path, "receipts", lang)
    assert attached(MODEL, TABLE, receipts=path).table.notes[-1].slots["waiting"] == TABLE.names
    book.worksheets[0].cell(HEAD + 1, 3).value = "已确认" if lang == "zh" else "confirmed"
    book.save(path)
    assert attached(MODEL, TABLE, receipts=path).table.notes[-1].slots["confirmed"] == 1


def test_adjustments_and_sources_with_advances_read_back(tmp_path):
    rows = [{"name": "黑山县", "amount": 5, "bearer": "预留", "reason": "灾情", "approved": "常务会议"}]
    path, book = filled(tmp_path, "adjustments", "zh", *rows)
    book.save(path)
    assert [one.amount for one in read_rows(Given(path, beside={"sources": Given("")}), MODEL, TABLE)[1]] == [5]
    funds, book = filled(tmp_path, "sources", "zh", {"source": "中央", "amount": 1000, "advanced": 8})
    sheet = book.worksheets[1]
    sheet.cell(HEAD, 3).value = "中央"
    for row in range(len(TABLE)):
        sheet.cell(HEAD + 1 + row, 3).value = 2
    book.save(funds)
    assert read_sources(Given(funds), MODEL, TABLE).rows[0].by_county == (2, 2, 2, 2)
    assert attached(MODEL, TABLE, adjustments=path, sources=funds).model.award == "_after_adjustment"


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_lists_of_a_form_hold_the_words_that_are_read(tmp_path, kind, lang):
    _, book = filled(tmp_path, kind, lang)
    sheet, lists = book.worksheets[0], book.worksheets[-1]
    assert lists.sheet_state == "hidden"
    found = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "list":
            column = min(area.min_col for area in rule.sqref.ranges)
            area = rule.formula1.partition("!")[2].replace("$", "")
            found[FORMS[kind].fields[column - 1].key] = [cell.value for (cell,) in lists[area]]
    assert "name" not in [field.key for field in FORMS[kind].fields] or found["name"] == list(TABLE.names)
    statuses = {"ledger": ["初报", "核定", "暂估"], "receipts": ["已确认", "有异议", "未回"]}
    if lang == "zh":
        assert found.get("status") == statuses.get(kind)
    if kind == "ledger":
        assert found["input"] == [entry.label[lang] for entry in MODEL.inputs.values()]
    if kind == "adjustments":
        assert found["bearer"][0] == ("预留" if lang == "zh" else "reserve")


def test_the_command_writes_a_form_and_never_over_a_filled_one(folder, allocation):
    told = allocation("template reward --form receipts")
    path = folder / "outputs/reward_回执登记表.xlsx"
    assert told.code == 0 and "已写出空白回执登记表 outputs/reward_回执登记表.xlsx" in told.out
    assert allocation("template reward --form receipts").code == 0
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(HEAD + 1, 3).value = "已确认"
    book.save(path)
    before = path.read_bytes()
    again = allocation("template reward --form receipts")
    assert again.code == 2 and "没有覆盖" in again.err and path.read_bytes() == before


def test_without_a_table_the_form_is_written_without_counties_but_a_named_one_must_be_there(folder, allocation):
    (folder / "inputs/reward.csv").unlink()
    assert allocation("template reward --form receipts --out 空.xlsx").code == 0
    assert openpyxl.load_workbook(folder / "空.xlsx").worksheets[0].cell(HEAD + 1, 1).value is None
    told = allocation("template reward --form receipts --input 没有.csv --out 又.xlsx")
    assert told.code == 2 and "没有.csv" in told.err and not (folder / "又.xlsx").exists()
    assert allocation("template reward --form 台帐").code == 2
