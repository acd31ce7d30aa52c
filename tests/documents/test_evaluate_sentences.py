"""evaluate: which sentence is said is chosen by the figures, in a table of two counties."""

from __future__ import annotations

from fractions import Fraction

import pytest
from evaluated import HEAD, TWO_YEARS, report, shipped_evaluation
from word import lines, rows

from allocation.documents.parts import Sentences
from allocation.years.evaluation.formulas import Formulas
from allocation.years.evaluation.sayings import value_text
from allocation.years.timeline import read_years, timeline

CASES = {
    "met": ((100, 200), ["与目标相同", "各县（市、区）均达到2017年当年目标。"], ["未达到2017"], ["超过目标0"]),
    "over": ((150, 260), ["超过目标110人", "各县（市、区）均达到2017年当年目标。"], ["未达到2017"], []),
    "short": ((90, 210), ["与目标相同", "未达到2017年当年目标的有1个，合计少10人。", "甲县：落户90人，目标100人，少"],
              ["均达到2017"], ["乙县：落户"]),
    "all short": ((0, 199), ["比目标少101人", "甲县：落户0人", "乙县：落户199人，目标200人，少1人"],
                  ["均达到2017"], []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_sentence_is_chosen_by_its_figures(small, case):
    (first, second), has, *lacks = CASES[case]
    told, path = small(first, second)
    text = "\n".join(lines(path))
    assert told.code == 0
    assert [words for words in has if words not in text] == []
    assert [words for words in [*lacks[0], *lacks[1]] if words in text] == []


def test_rising_falling_and_level_are_said_as_they_are(small):
    _, path = small()
    text = "\n".join(lines(path))
    assert "户籍人口城镇化率由2016年的30.00%变为2017年的30.33%，上升0.33个百分点。" in text
    assert "户籍人口城镇化率30.33%，比上年上升0.33个百分点。" in text
    assert "常住人口城镇化率38.89%，与上年持平。" in text
    assert "常住人口城镇化率2016年和2017年均为38.89%，持平。" in text
    assert "户籍人口城镇化率比常住人口城镇化率低8.56个百分点。" in text
    assert "户籍人口城镇化率上升的有1个：乙县1.00个百分点。" in text
    assert "户籍人口城镇化率下降的有1个：甲县1.00个百分点。" in text
    assert "常住人口城镇化率持平的有2个：甲县、乙县。" in text
    assert "之差，由2016年的8.89个百分点变为2017年的8.56个百分点，缩小0.33个百分点。" in text
    assert "当年落户人数由2016年的400人变为2017年的300人，减少100人。" in text
    assert "2016—2017年各年均达到当年目标的有2个：甲县、乙县。" in text
    assert "示例" not in text


def test_a_rate_that_fell_on_the_year_before_is_said_so(small):
    _, path = small(body=TWO_YEARS.replace("20000,5200", "20000,4900"))
    assert "户籍人口城镇化率29.33%，比上年下降0.67个百分点。" in "\n".join(lines(path))


def test_equal_completion_is_an_equal_rank(small):
    _, path = small(100, 200)
    assert "：甲县100.00%（并列第1）、乙县100.00%（并列第1）。" in "\n".join(lines(path))
    _, path = small(100, 200, more="--lang en")
    assert "甲县 100.00% (equal rank 1), 乙县 100.00% (equal rank 1)." in "\n".join(lines(path))


def test_years_between_are_told_apart(tmp_path):
    model = shipped_evaluation().model
    line = "201,甲县,{year},1000,{urban},1000,500,10,10,{before}\n"
    for path, said in (
        ((1, 2, 3, 4), "其间各年均比上年上升。"),
        ((4, 3, 2, 1), "其间各年均比上年下降。"),
        ((1, 1, 1, 1), "其间各年均与上年持平。"),
        ((1, 2, 1, 1), "其间比上年上升的年份：2017；下降的年份：2018；持平的年份：2019。"),
        ((1, 2, 1, 3), "其间比上年上升的年份：2017、2019；下降的年份：2018。"),
        ((3, 2, 2, 1), "其间比上年下降的年份：2017、2019；持平的年份：2018。"),
    ):
        lines_ = [line.format(year=2016 + at, urban=value, before="1%,50%," if not at else ",,")
                  for at, value in enumerate(path)]  # fmt: skip
        (tmp_path / "年.csv").write_text(HEAD + "".join(lines_), encoding="utf-8")
        years = timeline(model, read_years([tmp_path / "年.csv"], model))
        told = [one.text for one in report(years, "zh") if isinstance(one, Sentences)]
        assert [text for text in told if text.startswith("户籍人口城镇化率") and text.endswith(said)] != [], path


def test_a_registered_rate_above_or_at_the_resident_one_is_said_so(small):
    _, path = small(body=TWO_YEARS.replace("9000,4500", "9000,1800"))
    text = "\n".join(lines(path))
    assert "户籍人口城镇化率比常住人口城镇化率高1.44个百分点。" in text
    assert "户籍人口城镇化率高于常住人口城镇化率的有1个：甲县19.00个百分点。" in text
    assert "城镇化率之差，由" not in text  # no gap to close
    _, path = small(body=TWO_YEARS.replace("9000,4500", "10000,3900").replace("18000,6000", "20000,5200"))
    assert "户籍人口城镇化率与常住人口城镇化率相等。" in "\n".join(lines(path))


def test_one_year_alone_has_no_trend(small):
    body = "\n".join(TWO_YEARS.splitlines()[:2]) + "\n"
    told, path = small(body=body)
    text = "\n".join(lines(path))
    assert told.code == 0 and "数据只有2016年，没有以前年度可比。" in text
    assert "变为" not in text and "比上年上升" not in text and "与上年持平" not in text


def test_what_was_settled_before_the_first_year_is_said_to_be_in_the_cumulative_figures(small, folder, allocation):
    _, path = small()
    assert "2016—2017年累计落户700人，累计目标600人" in "\n".join(lines(path))
    table = (folder / "年.csv").read_text("utf-8").splitlines()
    table = [table[0] + ",以前累计落户人数", table[1] + ",50", *(line + "," for line in table[2:])]
    (folder / "年.csv").write_text("\n".join(table) + "\n", encoding="utf-8")
    assert allocation("evaluate --input 年.csv --out outputs").code == 0
    assert "2016—2017年累计（含2016年以前的累计数）落户750人，累计目标600人" in "\n".join(lines(path))


def test_a_note_of_the_table_stands_in_the_sources(small):
    _, path = small(note="乙县2017年常住人口按抽样推算")
    assert "2017年乙县：乙县2017年常住人口按抽样推算。" in lines(path)


def test_a_note_of_no_one_county_is_told_once_under_its_year(written, small, folder, allocation):
    said = lines(written(2018, "zh"))
    assert any(line.startswith("2018年：各地分县数为示例数据") for line in said)
    assert not any(line.startswith("2018年古塔区") for line in said)
    small()
    table = (folder / "年.csv").read_text("utf-8").splitlines()
    ends = ["当年总说明", "", "", "全市数是快报数。", "全市数是快报数。"]
    text = "\n".join(f"{line},{end}" for line, end in zip(table, ends, strict=True))
    (folder / "年.csv").write_text(text + "\n", encoding="utf-8")
    assert allocation("evaluate --input 年.csv --out 二").code == 0
    assert lines(next((folder / "二").glob("*.docx"))).count("2017年：全市数是快报数。") == 1


def test_a_book_beyond_live_formulas_is_not_said_to_hold_any(monitor, monkeypatch):
    told = [one.text for one in report(monitor(2018), "zh") if isinstance(one, Sentences)]
    assert any(text.endswith("为活公式，可以重算。") for text in told)
    monkeypatch.setattr("allocation.readings.excel_effort.BUDGET", 0)
    for lang, words in (("zh", "工作簿只写数值，不写公式"), ("en", "the workbook holds values only")):
        said = " ".join(one.text for one in report(monitor(2018), lang) if isinstance(one, Sentences))
        assert words in said and "活公式" not in said and "recalculated" not in said


def test_half_a_hundredth_of_a_point_goes_away_from_zero():
    rate = Formulas(shipped_evaluation().model).read("completion")
    half = Fraction(125, 10**5)
    assert [value_text(rate, value, points=True) for value in (half, -half)] == ["0.13", "-0.13"]
    assert value_text(rate, Fraction(335, 10**5)) == "0.34%"
    assert value_text(rate, half, points=True, signed=True) == "+0.13"


# ---- counties that come and go

NEW = TWO_YEARS + "203,丙县,2017,1000,300,900,450,50,60,29%,49%,\n"
GONE = "\n".join(line for line in TWO_YEARS.splitlines() if not line.startswith("202,乙县,2017")) + "\n"


def test_a_county_that_comes_later_is_named_and_not_compared(small):
    told, path = small(body=NEW)
    text = "\n".join(lines(path))
    assert told.code == 0, told.text
    assert "2017年比上年增加丙县。合计数按各年实有的县（市、区）计算，各年范围不同，年度之间不能直接比较。" in text
    assert "没有2016年数据、未作比较的有：丙县。" in text
    own = [row for row in rows(path) if row[0] == "丙县"]
    assert ["丙县", "—", "83.33%", "—"] in own and any("+1.00" in row for row in own)


def test_the_first_year_of_a_later_county_needs_the_rate_before_it(small, folder):
    told, path = small(body=NEW.replace("29%", ""))
    assert told.code == 2 and path is None
    assert "2017: 年.csv: J6: 丙县的“第一年的上年户籍人口城镇化率”没有填" in told.err
    assert "given(last" not in told.err


def test_a_county_that_is_no_longer_there_is_named(small):
    told, path = small(body=GONE)
    text = "\n".join(lines(path))
    assert told.code == 0 and "2017年比上年减少乙县。合计数按各年实有的" in text
    assert ["乙县", "25.00%", "—", "—"] in rows(path)
