"""evaluate: no figure stands in the report that the run did not give, in both languages and in the right order."""

from __future__ import annotations

import re

import pytest
from evaluated import people, points, report, title, told, without_quotations
from word import lines, numbers, rows, sentences

from allocation.documents.parts import Grid, Heading, Picture, Sentences


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("year", [2018, 2020])
def test_every_number_in_the_report_is_the_runs(written, monitor, year, lang):
    found = monitor(year)
    text = without_quotations(lines(written(year, lang)), found)
    said, known = numbers(text), told(found)
    assert len(said) > 180
    assert [number for number in said if number not in known] == []


def test_both_languages_say_the_same_numbers(written, monitor):
    found = monitor(2018)
    said = [set(numbers(without_quotations(lines(written(2018, lang)), found))) for lang in ("zh", "en")]
    assert said[0] == said[1]


def test_the_tables_have_every_county_and_the_total(written, monitor):
    found, made = monitor(2020), rows(written(2020, "zh"))
    run = found.runs[-1]
    for name, done, wanted, rate in zip(
        run.table.names, *(run.figures(one) for one in ("settled", "settled_target", "completion")), strict=True
    ):
        assert [people(wanted), people(done), f"{points(rate)}%"] in [row[1:4] for row in made if row[0] == name]
    totals = [row for row in made if row[0] == "合计"]
    assert len(totals) == 7
    assert totals[0][1:4] == [people(run.total("settled_target")), people(run.total("settled")),
                              f"{points(run.figure('completion_all'))}%"]  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_two_columns_of_a_table_say_the_same_of_different_figures(monitor, lang):
    for table in (one for one in report(monitor(2018), lang) if isinstance(one, Grid)):
        heads = list(table.heads)
        repeated = {head for head in heads if heads.count(head) > 1}
        # The urban part and the change stand behind the people they are of.
        assert repeated <= {"其中城镇", "比上年（百分点）", "Urban", "Rate", "Change (points)"}, table.caption
        assert all(heads.count(head) <= 2 for head in repeated)


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


def test_who_missed_the_target_is_named_with_the_years(written):
    text = "\n".join(sentences(written(2020, "zh")))
    assert "2016—2020年各年均达到当年目标的有4个：古塔区、凌河区、太和区、凌海市。" in text
    missed = "黑山县（2018、2019、2020）、义县（2016、2017、2018、2019）、北镇市（2018、2019、2020）"
    assert f"有的年份未达到当年目标的有3个：{missed}。" in text


def test_the_gap_between_the_two_rates_is_told_by_county_and_over_the_years(written):
    text = "\n".join(sentences(written(2020, "zh")))
    assert "由2016年的13.38个百分点变为2020年的14.22个百分点，扩大0.84个百分点。" in text
    assert "户籍人口城镇化率低于常住人口城镇化率的有7个：太和区16.56个百分点、黑山县12.76个百分点、" in text
    assert "户籍人口城镇化率高于" not in text


def test_the_change_on_the_year_before_is_that_of_the_totals(written, monitor):
    text = "\n".join(sentences(written(2020, "zh")))
    for name, label in (("registered", "户籍"), ("resident", "常住")):
        before, now = (run.figure(f"{name}_rate_all") for run in monitor(2020).runs[-2:])
        assert f"{label}人口城镇化率{points(now)}%，比上年上升{points(now - before)}个百分点。" in text


def test_real_figures_are_named_and_the_rest_is_marked_illustrative(written):
    texts = lines(written(2020, "zh"))
    assert texts[1] == "（示例数据）"
    assert all("示例数据" in text for text in texts if re.match("[表图][1-7]  ", text))
    assert any("412513人是2020年实际数" in text for text in texts)
    assert any(text.startswith("数据表标明是示例数据") for text in texts)


@pytest.mark.parametrize(("lang", "table", "figure"), [("zh", "表{}  ", "图{}  "), ("en", "Table {}  ", "Figure {}  ")])
def test_tables_and_pictures_are_numbered_in_the_order_they_stand(monitor, lang, table, figure):
    parts = report(monitor(2018), lang)
    for kind, text, count in ((Grid, table, 7), (Picture, figure, 4)):
        captions = [one.caption for one in parts if isinstance(one, kind)]
        assert len(captions) == count
        assert all(one.startswith(text.format(n)) for n, one in enumerate(captions, start=1)), captions


@pytest.mark.parametrize(("year", "kind"), [(2018, "中期评估"), (2019, "年度监测"), (2020, "总结评估")])
def test_the_title_says_which_evaluation_it_is(monitor, year, kind):
    assert title(monitor(year), "zh") == f"非户籍人口在城市落户情况{kind}报告（{year}年）"


def test_the_report_has_its_five_sections_in_order(monitor):
    heads = [one.text for one in report(monitor(2018), "zh") if isinstance(one, Heading)]
    assert heads == ["一、总体情况", "二、各地完成情况", "三、变化趋势", "四、存在的差距", "五、数据来源与口径"]
    assert all(isinstance(one.text, str) for one in report(monitor(2018), "en") if isinstance(one, Sentences))
