"""The table of units of account: one text means one unit in one year, and everything doubtful is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocation.errors import AllocationError
from allocation.run.finding import find
from allocation.tables.recipients import read_recipients

SHIPPED = Path(__file__).parent.parent.parent / "inputs" / "recipients_jinzhou.csv"


@pytest.fixture
def table(tmp_path):
    """table("A,甲县,甲", …) reads the rows as a table of units of account."""

    def make(*rows: str, head: str = "代码,名称,别名,隶属,统计包含,已扣除,填报,启用年度,停用年度", name: str = "r.csv"):
        path = tmp_path / name
        path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
        return read_recipients(path)

    return make


def said(action) -> str:
    with pytest.raises(AllocationError) as caught:
        action()
    assert caught.value.text("en")
    return caught.value.text("zh")


def test_the_shipped_table_knows_jinzhou_s_seven_counties_and_expects_nobody_else():
    shipped = read_recipients(SHIPPED)
    expected = [(one.code, one.name) for one in shipped.entries if one.reports]
    table = find("incentive_fund", None, None).table
    assert expected == list(zip(table.codes, table.names, strict=True))
    assert [one.name for one in shipped.entries if not one.reports] == ["锦州市本级", "松山新区", "滨海新区"]
    assert [(a.name, b.name) for a, b in shipped.counted_twice({"210711", "JZ-SS"}, 2017)] == [("太和区", "松山新区")]


@pytest.mark.parametrize(
    ("text", "by"),
    [("210781", "code"), ("凌海市", "name"), ("凌 海　市", "name"), ("锦州市凌海市", "alias"), ("凌海", "alias")],
)
def test_code_name_and_alias_match_whatever_the_spaces(text, by):
    found = read_recipients(SHIPPED).match(text, 2017)
    assert (found.recipient.code, found.by) == ("210781", by)


@pytest.mark.parametrize("text", ["海市", "凌海市（本级）", "凌海市政府", "2107810", "锦州"])
def test_nothing_else_matches(text):
    assert "不认识" in said(lambda: read_recipients(SHIPPED).match(text, 2017))


@pytest.mark.parametrize("net", ["B", "是", "B@2017；B"])
def test_what_was_taken_out_says_in_which_years(table, net):
    """Without a year it would be read as nothing, and the doubt it was to answer would stay."""
    assert "“已扣除”应写作 代码@2017" in said(lambda: table(f"A,甲县,,,B,{net},,,", "B,乙区,,,,,,,"))


def test_english_headers_and_a_workbook_are_read_and_a_code_keeps_its_zeros(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "r.xlsx") as book:
        sheet, zeros = book.add_worksheet(), book.add_format({"num_format": "000000"})
        sheet.write_row(0, 0, ["code", "name", "aliases", "reports", "valid_from"])
        sheet.write_number(1, 0, 10702, zeros)
        sheet.write_row(1, 1, ["古塔区", "古塔; 城中、甲", "no", 2010])
    (one,) = read_recipients(tmp_path / "r.xlsx").entries
    assert (one.code, one.aliases, one.reports, one.years) == ("010702", ("古塔", "城中", "甲"), False, (2010, 9999))


def test_one_word_for_two_units_is_an_error_unless_their_years_never_meet(table):
    text = said(lambda: table("A,甲县,东,,,,,,", "B,乙县,东,,,,,,"))
    assert "“东”既指甲县（r.csv: A2），又指乙县" in text
    years = table("A,甲县,东,,,,,,2015", "A,甲市,东,,,,,2016,")
    assert [years.match("东", year).recipient.name for year in (2015, 2016)] == ["甲县", "甲市"]


def test_a_unit_that_is_not_in_force_that_year_is_said_with_its_years(table):
    text = said(lambda: table("A,甲县,东,,,,,2014,2015").match("甲县", 2017))
    assert "启用年度是 2014–2015，2017 年不在内" in text


def test_what_a_unit_s_statistics_hold_counts_through_the_one_between(table):
    units = table("A,甲,,,B,,,,", "B,乙,,,C,C@2017,,,", "C,丙,,,,,,,")
    pairs = [(a.code, b.code) for a, b in units.counted_twice({"A", "C"}, 2017)]
    assert pairs == [("A", "C")]
    assert units.counted_twice({"B", "C"}, 2017) == []
    assert [b.code for _, b in units.counted_twice({"B", "C"}, 2018)] == ["C"]


def test_everything_wrong_with_the_table_is_said_at_once(table):
    text = said(lambda: table("A,甲,,Z,,,,,", "B,,,,,,,,", "C,丙,,,,A@2017,,,"))
    assert "“名称”必须填写" in text
    text = said(lambda: table("A,甲,,Z,Y,,也许,前年,", "C,丙,,,,A@2017,,,", "D,丁,,,A,A@去年,,,"))
    for words in ("代码 Z", "代码 Y", "“也许”", "“前年”", "“丙”的“已扣除”写了 A", "“A@去年”"):
        assert words in text, words


def test_another_table_altogether_is_refused(table):
    assert "至少要有这些列：代码、名称" in said(lambda: table("1,2", head="甲,乙"))
    assert "没有数据行" in said(lambda: table())


def test_blank_cells_hide_no_wrong_ones_and_a_row_without_a_code_is_still_read(table):
    text = said(lambda: table("B,乙县,,,,,是,,", ",甲县,乙县,X9,,,也许,去年,", "C,,,,,,,,"))
    lines = [line.split(": ")[1] for line in text.splitlines()]
    assert lines == ["A3", "A3", "A3", "G3", "H3", "B4"], text
    assert "“代码”必须填写" in text and "“乙县”既指" in text and "X9" in text


@pytest.mark.parametrize(
    "head", ["代码,名称,别名", "行政区代码,单位名称,简称", "区划代码,县（市、区）,别名", "code,name,aliases"]
)
def test_a_register_is_read_under_the_headings_that_offices_use(tmp_path, head):
    path = tmp_path / "接收单位.csv"
    path.write_text(f"{head}\n210781,凌海市,凌海\n", encoding="utf-8")
    [entry] = read_recipients(path).entries
    assert (entry.code, entry.name, entry.aliases) == ("210781", "凌海市", ("凌海",))
