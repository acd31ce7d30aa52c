"""evaluate: the sentences are chosen by the figures, and no figure stands in the report that the run did not give."""

from __future__ import annotations

import re
import zipfile
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from openpyxl import load_workbook
from word import MONITOR, lines, numbers, parts, rows, sentences

from allocation.documents import pictures
from allocation.documents.evaluate import write_report
from allocation.documents.evaluation import report
from allocation.documents.parts import Heading, Picture, Sentences
from allocation.notebook import fonts
from allocation.texts import say

HEAD = "代码,名称,年度,户籍人口,户籍城镇人口,常住人口,常住城镇人口,当年落户人数,当年落户目标,"
HEAD += "第一年的上年户籍人口城镇化率,第一年的上年常住人口城镇化率,数据说明\n"
TWO_YEARS = """201,甲县,2016,10000,4000,9000,4500,100,100,40%,50%,
202,乙县,2016,20000,5000,18000,6000,300,200,25%,33%,
201,甲县,2017,10000,3900,9000,4500,{first},100,,,
202,乙县,2017,20000,5200,18000,6000,{second},200,,,{note}
"""


def people(value) -> str:
    return f"{int(value):,}"


def points(value) -> str:
    return f"{float(abs(value) * 100):.2f}"


def told(found) -> set[str]:
    """Every figure a report may say: the runs' own, their totals and differences, counts, ranks and years."""
    said = {str(year) for year in found.years} | {str(n) for n in range(len(found.counties) + 1)}
    for run in found.runs:
        for name, entry in {**run.model.inputs, **run.model.columns}.items():
            values = [value for value in run.figures(name) if isinstance(value, Fraction)]
            if entry.unit.name == "人":
                said |= {people(value) for value in (*values, sum(values))}
            elif entry.unit.is_percent:
                said |= {f"{points(value)}%" for value in values} | {points(value) for value in values}
    for name in ("registered_rate", "resident_rate"):
        paths = [[value for value in found.path(name, code) if value is not None] for code in found.counties]
        for path in (*paths, [run.figure(f"{name}_all") for run in found.runs]):
            said |= {points(one - other) for one, other in combinations(path, 2)}
    for run in found.runs:
        said.add(points(run.figure("registered_rate_all") - run.figure("resident_rate_all")))
        for done, wanted in (("settled", "settled_target"), ("settled_to_date", "target_to_date")):
            said.add(people(abs(run.total(done) - run.total(wanted))))
    said.add(people(abs(found.runs[-1].total("settled") - found.runs[0].total("settled"))))
    return said


def without_quotations(texts: list[str], found) -> str:
    """The report's own words: without what it quotes from the model, the table and its own numbering."""
    model = found.run.model
    text = "\n".join(texts)
    quoted = [*model.basis, *(table.file for table in found.run.tables)]
    quoted += [str(note) for run in found.runs for note in run.figures("data_note") if note]
    for words in quoted:
        text = text.replace(words, "")
    text = re.sub(r"(表|图|Table |Figure )\d  ?", "", text)
    text = re.sub(r"(?m)^\d\. ", "", text)
    return text.replace("四舍五入到 4 位小数", "").replace("rounded to 4 decimals", "")


@pytest.fixture(scope="module")
def written(monitor, tmp_path_factory):
    """written(year, lang): the report of the shipped monitor."""
    folder, made = tmp_path_factory.mktemp("reports"), {}

    def write(year: int, lang: str) -> Path:
        path = folder / f"{year}.{lang}.docx"
        if path not in made:
            write_report(monitor(year), path, lang)
            made[path] = True
        return path

    return write


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("year", [2018, 2020])
def test_every_number_in_the_report_is_the_runs(written, monitor, year, lang):
    found = monitor(year)
    text = without_quotations(lines(written(year, lang)), found)
    said, known = numbers(text), told(found)
    assert len(said) > 150
    assert [number for number in said if number not in known] == []


def test_both_languages_say_the_same_numbers(written, monitor):
    found = monitor(2018)
    said = [sorted(numbers(without_quotations(lines(written(2018, lang)), found))) for lang in ("zh", "en")]
    assert said[0] == said[1]


def test_the_tables_have_every_county_and_the_total(written, monitor):
    found, made = monitor(2020), rows(written(2020, "zh"))
    run = found.runs[-1]
    for name, done, wanted, rate in zip(
        run.table.names, *(run.figures(one) for one in ("settled", "settled_target", "completion")), strict=True
    ):
        assert [people(wanted), people(done), f"{points(rate)}%"] in [row[1:4] for row in made if row[0] == name]
    totals = [row for row in made if row[0] == "合计"]
    assert len(totals) == 4
    assert totals[0][1:4] == [people(run.total("settled_target")), people(run.total("settled")),
                              f"{points(run.figure('completion_all'))}%"]  # fmt: skip


def test_the_ranking_is_that_of_the_run(written, monitor):
    run = monitor(2018).runs[-1]
    ranking = next(text for text in sentences(written(2018, "zh")) if text.startswith("按当年完成率"))
    names = re.findall(r"[：、](\D+?)[\d.]+%（第(\d)）", ranking)
    ranks = dict(zip(run.table.names, run.figures("completion_rank"), strict=True))
    assert [(name, int(rank)) for name, rank in names] == sorted(
        ((name, int(rank)) for name, rank in ranks.items()), key=lambda pair: pair[1]
    )


def test_the_gaps_name_those_who_are_behind_and_nobody_else(written, monitor):
    run = monitor(2018).runs[-1]
    texts = sentences(written(2018, "zh"))
    section = texts[texts.index("四、存在的差距") : texts.index("五、数据来源与口径")]
    named = [text.split("：")[0] for text in section if "：落户" in text]
    assert sorted(named) == sorted(
        name for name, gap in zip(run.table.names, run.figures("behind"), strict=True) if gap > 0
    )
    later = [text.split("：")[0] for text in section if "：累计落户" in text]
    assert later == [name for name, gap in zip(run.table.names, run.figures("behind_to_date"), strict=True) if gap > 0]


def test_real_figures_are_named_and_the_rest_is_marked_illustrative(written):
    texts = lines(written(2020, "zh"))
    assert texts[1] == "（示例数据）"
    assert all("示例数据" in text for text in texts if re.match("[表图][1-4]  ", text))
    assert any("412513人是2020年实际数" in text for text in texts)
    assert any(text.startswith("数据表标明是示例数据") for text in texts)


# ---- two counties, two years


@pytest.fixture
def small(folder, allocation):
    """small(first=…, second=…): the evaluation of 2017 from a table of two counties."""

    def evaluate(first=100, second=200, note="", more="", body=TWO_YEARS):
        (folder / "年.csv").write_text(HEAD + body.format(first=first, second=second, note=note), encoding="utf-8")
        told = allocation(f"evaluate --input 年.csv --out outputs {more}")
        files = sorted((folder / "outputs").glob("*.docx"))
        return told, files[0] if files else None

    return evaluate


CASES = {
    "met": ((100, 200), ["与目标相同", "各县（市、区）均达到2017年当年目标。"], ["未达到2017", "超过目标0"]),
    "over": ((150, 260), ["超过目标110人", "各县（市、区）均达到2017年当年目标。"], ["未达到2017"]),
    "short": ((90, 210), ["与目标相同", "未达到2017年当年目标的有1个，合计少10人。", "甲县：落户90人，目标100人，少"],
              ["均达到2017", "乙县：落户"]),
    "all short": ((0, 199), ["比目标少101人", "甲县：落户0人", "乙县：落户199人，目标200人，少1人"], ["均达到2017"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_sentence_is_chosen_by_its_figures(small, case):
    (first, second), has, lacks = CASES[case]
    told, path = small(first, second)
    text = "\n".join(lines(path))
    assert told.code == 0
    assert [words for words in has if words not in text] == []
    assert [words for words in lacks if words in text] == []


def test_rising_falling_and_level_are_said_as_they_are(small):
    _, path = small()
    text = "\n".join(lines(path))
    assert "户籍人口城镇化率由2016年的30.00%变为2017年的30.33%，上升0.33个百分点。" in text
    assert "常住人口城镇化率2016年和2017年均为38.89%，持平。" in text
    assert "户籍人口城镇化率比常住人口城镇化率低8.56个百分点。" in text
    assert "户籍人口城镇化率上升的有1个：乙县1.00个百分点。" in text
    assert "户籍人口城镇化率下降的有1个：甲县1.00个百分点。" in text
    assert "常住人口城镇化率持平的有2个：甲县、乙县。" in text
    assert "当年落户人数由2016年的400人变为2017年的300人，减少100人。" in text
    assert "示例" not in text


def test_years_between_are_told_apart(monitor):
    class Years:
        years, counties = (2016, 2017, 2018, 2019), {}

    from allocation.documents.evaluation import _Writer

    writer = object.__new__(_Writer)
    writer.found, writer.lang = Years, "zh"
    for path, said in (
        ((1, 2, 3, 4), "其间各年均比上年上升。"),
        ((4, 3, 2, 1), "其间各年均比上年下降。"),
        ((1, 1, 1, 1), "其间各年均与上年持平。"),
        ((1, 2, 1, 1), "其间比上年上升的年份：2017；下降的年份：2018；持平的年份：2019。"),
        ((1, 2, 1, 3), "其间比上年上升的年份：2017、2019；下降的年份：2018。"),
        ((3, 2, 2, 1), "其间比上年下降的年份：2017、2019；持平的年份：2018。"),
    ):
        assert writer.each([Fraction(value) for value in path]) == said


def test_a_registered_rate_above_or_at_the_resident_one_is_said_so(small):
    _, path = small(body=TWO_YEARS.replace("9000,4500", "9000,1800"))
    assert "户籍人口城镇化率比常住人口城镇化率高1.44个百分点。" in "\n".join(lines(path))
    _, path = small(body=TWO_YEARS.replace("9000,4500", "10000,3900").replace("18000,6000", "20000,5200"))
    assert "户籍人口城镇化率与常住人口城镇化率相等。" in "\n".join(lines(path))


def test_one_year_alone_has_no_trend(small):
    body = "\n".join(TWO_YEARS.splitlines()[:2]) + "\n"
    told, path = small(body=body)
    text = "\n".join(lines(path))
    assert told.code == 0 and "数据只有2016年，没有以前年度可比。" in text and "变为" not in text


def test_a_note_of_the_table_stands_in_the_sources(small):
    _, path = small(note="乙县2017年常住人口按抽样推算")
    assert "2017年乙县：乙县2017年常住人口按抽样推算。" in lines(path)


@pytest.mark.parametrize(("year", "kind"), [(2018, "中期评估"), (2019, "年度监测"), (2020, "总结评估")])
def test_the_title_says_which_evaluation_it_is(monitor, year, kind):
    from allocation.documents.evaluation import title

    assert title(monitor(year), "zh") == f"非户籍人口在城市落户情况{kind}报告（{year}年）"


# ---- files


def test_report_and_workbook_come_from_the_same_run(allocation, folder, monitor):
    told = allocation(f"evaluate --year 2018 --input '{MONITOR}' --date 2018-12-20")
    assert told.code == 0
    written = sorted(path.name for path in (folder / "outputs").iterdir())
    assert written == ["urbanisation_monitor_2018_评估.xlsx", "urbanisation_monitor_2018_评估报告.docx"]
    book = load_workbook(folder / "outputs" / written[0], data_only=True)
    shown = {row[1].value: row[4].value for row in book["各年"].iter_rows(min_row=6)}
    run = monitor(2018).runs[-1]
    assert shown["合计"] == run.total("settled_to_date")
    assert people(shown["合计"]) in "\n".join(lines(folder / "outputs" / written[1]))
    assert lines(folder / "outputs" / written[1])[-1] == "2018年12月20日"


def test_the_same_inputs_give_the_same_bytes_and_no_date_or_author(written, monitor, tmp_path):
    again = tmp_path / "again.docx"
    write_report(monitor(2018), again, "zh")
    assert again.read_bytes() == written(2018, "zh").read_bytes()
    core = parts(again)["docProps/core.xml"]
    assert set(re.findall(r">(\d{4}-[^<]*)<", core)) == {"2000-01-01T00:00:00Z"}
    assert re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>([^<]+)<", core) == []
    with zipfile.ZipFile(again) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not re.search(r"20\d\d年\d+月", sentences(again)[-1])


def pictures_in(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return sum(name.startswith("word/media/") for name in archive.namelist())


def test_three_charts_where_a_font_has_the_signs_else_a_sentence(written, monitor, tmp_path, monkeypatch):
    if fonts.font_for("锦州市") is not None:
        assert pictures_in(written(2018, "zh")) == 3
        assert say("zh", "evaluate.no_picture") not in lines(written(2018, "zh"))
    monkeypatch.setattr(fonts, "font_for", lambda text: None)
    bare = tmp_path / "bare.docx"
    write_report(monitor(2018), bare, "zh")
    assert pictures_in(bare) == 0
    assert lines(bare).count(say("zh", "evaluate.no_picture")) == 1


def test_a_chart_draws_the_figures_of_its_part(monitor):
    part = next(one for one in report(monitor(2020), "zh") if isinstance(one, Picture) and one.kind == "rates")
    figure = pictures._lines(part)
    drawn = [list(line.get_ydata()) for line in figure.axes[0].get_lines()]
    assert drawn == [[float(value) * 100 for value in values] for values in part.series.values()]


def test_the_report_has_its_five_sections_in_order(monitor):
    heads = [one.text for one in report(monitor(2018), "zh") if isinstance(one, Heading)]
    assert heads == ["一、总体情况", "二、各地完成情况", "三、变化趋势", "四、存在的差距", "五、数据来源与口径"]
    assert all(isinstance(one.text, str) for one in report(monitor(2018), "en") if isinstance(one, Sentences))


# ---- slips


def test_a_slip_is_a_message_and_nothing_is_written(small, allocation, folder):
    for command, code, said in (
        (f"evaluate --year 2031 --input '{MONITOR}'", 2, "数据里没有 2031 年；有：2016、2017、2018、2019、2020"),
        ("evaluate reward", 2, "没有评估所需的列"),
        (f"evaluate --input '{MONITOR}' --out 报告.docx", 2, "--out 请写文件夹"),
        (f"evaluate --input '{MONITOR}' --set 无=1", 2, "无"),
    ):
        told = allocation(command)
        assert told.code == code and said in told.text and "Traceback" not in told.text, command
        assert not (folder / "outputs").exists()


def test_urban_people_beyond_all_people_fail_and_nothing_is_written(small, folder):
    told, path = small(body=TWO_YEARS.replace("10000,3900", "10000,13900"))
    assert told.code in (1, 2) and path is None and "户籍城镇人口不超过户籍人口" in told.text
    assert not (folder / "outputs").exists()


def test_without_python_docx_the_message_says_what_to_install(allocation, monkeypatch):
    from allocation.documents import page

    monkeypatch.setattr(page, "find_spec", lambda name: None)
    for command in ("evaluate", "notices reward"):
        told = allocation(command)
        assert told.code == 2 and '".[documents]"' in told.err
