"""Signs that make plain digits of footnotes, drawn digits and signs, and text files whose cells have shifted."""

from __future__ import annotations

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from small_tables import HEAD, MODEL, ROWS, refused, table

from allocation.errors import AllocationError
from allocation.policy.loading import model_from_text
from allocation.tables.reading import read_table

RAISED = CellRichText("1234", TextBlock(InlineFont(vertAlign="superscript"), "1"))
TEXT = "代码,名称,落户人数,投资额\n210702,古塔区,10,100\n210703,凌河区,11,101\n210711,太和区,12,102\n"


def with_figure(figure):
    return [HEAD, [*ROWS[0][:3], figure], *ROWS[1:]]


def read_text(folder, text):
    (folder / "表.csv").write_text(text, encoding="utf-8")
    return read_table(folder / "表.csv", model_from_text(MODEL))


def ids_of_text(folder, text):
    with pytest.raises(AllocationError) as caught:
        read_text(folder, text)
    return [one.id for one in caught.value.problems]


@pytest.mark.parametrize("figure", ["1234①", "1234²", "1½", "12₁", RAISED])
def test_the_mark_of_a_footnote_is_no_digit(tmp_path, figure):
    assert [one.id for one in refused(tmp_path, with_figure(figure))] == ["tables.not_number"]


def test_a_code_with_the_mark_of_a_footnote_is_refused(tmp_path):
    rows = [HEAD, ["210702①", *ROWS[0][1:]], *ROWS[1:]]
    assert [one.id for one in refused(tmp_path, rows)] == ["tables.code_not_whole"]


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ('0"000"', "tables.format_unread"),
        ('"1"0', "tables.format_unread"),
        ("-0", "tables.scaled"),
        ("(0)", "tables.scaled"),
        ('0"人"', "tables.scaled"),
        ('0"万户"', "tables.scaled"),
    ],
)
def test_a_format_that_draws_digits_signs_or_another_unit_stops(tmp_path, form, problem):
    problems = refused(tmp_path, [HEAD, *ROWS], {"D2": form})
    assert [one.id for one in problems] == [problem] and problems[0].where.endswith("D2")


@pytest.mark.parametrize(
    "form", ["#,##0_);(#,##0)", '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"??_ ;_ @_ ', "0;-0", '0"万元"', '"¥"#,##0', "0.00_ "]
)
def test_the_formats_of_every_day_still_read(tmp_path, form):
    assert table(tmp_path, [HEAD, *ROWS], {"D2": form}).values["money"][0] == 30000


def test_a_figure_cut_in_two_by_its_comma_stops_with_the_row(tmp_path):
    for row in ("210726,黑山县,1,000,100\n", "210726,黑山县,1,000,\n"):
        assert ids_of_text(tmp_path, TEXT + row) == ["tables.too_wide"]
    assert len(read_text(tmp_path, TEXT.replace("\n", ",\n")).names) == 3


def test_a_quotation_mark_that_is_never_closed_swallows_no_county(tmp_path):
    assert ids_of_text(tmp_path, TEXT.replace("凌河", '"凌河')) == ["tables.open_quote"]
    assert read_text(tmp_path, TEXT.replace("落户人数", '"落户\n人数"')).values["people"] == (10, 11, 12)


def test_a_title_full_of_another_separator_is_no_separator(tmp_path):
    semicolons = TEXT.replace(",", ";")
    assert read_text(tmp_path, "表,一,二,三,四,五,六,七,八,九,十,一,二,三\n" + semicolons).values["money"][0] == 100
    assert read_text(tmp_path, "说明：" + "甲;" * 40 + "\n" + TEXT).values["money"][0] == 100
