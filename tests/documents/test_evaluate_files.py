"""evaluate: the files it writes, the pictures in them, and what a slip is told."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from evaluated import TWO_YEARS, people, report, write_report
from openpyxl import load_workbook
from word import MONITOR, lines, parts, sentences

from allocation.documents import pictures
from allocation.documents.parts import Picture
from allocation.notebook import fonts
from allocation.texts import say
from allocation.xlsx.evaluation_charts import LINES


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


def test_headings_and_captions_stay_with_what_follows_and_heads_repeat(written):
    document = docx.Document(str(written(2018, "zh")))
    for paragraph in document.paragraphs:
        if re.match(r"[一二三四五]、|表\d  ", paragraph.text):
            assert paragraph.paragraph_format.keep_with_next, paragraph.text
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        last = table.rows[-1].cells[0].paragraphs[0]
        assert last.paragraph_format.keep_with_next, "the note below a table stays with it"


# ---- pictures


def pictures_in(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return sum(name.startswith("word/media/") for name in archive.namelist())


def test_four_charts_where_a_font_has_the_signs_else_a_sentence(written, monitor, tmp_path, monkeypatch):
    if fonts.font_for("锦州市") is not None:
        assert pictures_in(written(2018, "zh")) == 4
        assert say("zh", "evaluate.no_picture") not in lines(written(2018, "zh"))
    monkeypatch.setattr(fonts, "font_for", lambda text: None)
    bare = tmp_path / "bare.docx"
    write_report(monitor(2018), bare, "zh")
    assert pictures_in(bare) == 0
    assert lines(bare).count(say("zh", "evaluate.no_picture")) == 1


def test_a_chart_draws_the_figures_of_its_part(monitor):
    part = next(one for one in report(monitor(2020), "zh") if isinstance(one, Picture) and len(one.series) == 2)
    figure = pictures._lines(part)
    drawn = [list(line.get_ydata()) for line in figure.axes[0].get_lines()]
    assert drawn == [[float(value) * 100 for value in values] for values in part.series.values()]


def test_no_two_lines_look_alike_in_colour_or_without_it(monitor):
    assert len({colour for colour, _, _ in LINES}) == len(LINES)
    assert len({(dash, marker) for _, dash, marker in LINES}) == len(LINES)
    part = next(
        one
        for one in report(monitor(2018), "zh")
        if isinstance(one, Picture) and one.kind == "lines" and len(one.series) == 7
    )
    lines_drawn = pictures._lines(part).axes[0].get_lines()
    assert len(lines_drawn) == 7
    assert len({(line.get_linestyle(), line.get_marker()) for line in lines_drawn}) == 7
    assert len({line.get_color() for line in lines_drawn}) == 7


def test_bars_below_the_target_are_hatched_and_every_rate_has_two_decimals(monitor):
    part = next(one for one in report(monitor(2018), "zh") if isinstance(one, Picture) and one.kind == "bars")
    axes = pictures._bars(part).axes[0]
    values = next(iter(part.series.values()))
    assert [bar.get_hatch() is not None for bar in axes.patches] == [value < 1 for value in values]
    assert [text.get_text() for text in axes.texts] == [f"{float(value) * 100:.2f}%" for value in values]


# ---- slips


def test_a_slip_is_a_message_and_nothing_is_written(small, allocation, folder):
    for command, code, said in (
        (f"evaluate --year 2031 --input '{MONITOR}'", 2, "数据里没有 2031 年；有：2016、2017、2018、2019、2020"),
        ("evaluate reward", 2, "模型“reward”没有评估文件"),
        ("evaluate nosuch", 2, "没有模型“nosuch”"),
        (f"evaluate --input '{MONITOR}' --out 报告.docx", 2, "--out 请写文件夹"),
        (f"evaluate --input '{MONITOR}' --set 无=1", 2, "无"),
        (f"evaluate --input '{MONITOR}' --out reward.csv/x", 2, "reward.csv: 这是一个文件，不是文件夹"),
    ):
        (folder / "reward.csv").write_text("", encoding="utf-8")
        told = allocation(command)
        assert told.code == code and said in told.text and "Traceback" not in told.text, command
        assert not (folder / "outputs").exists()


def test_all_slips_of_a_command_and_its_table_are_told_at_once(small, folder):
    body = TWO_YEARS.replace("9000,4500,100,100", "九千,4500,100,0")
    told, path = small(body=body, more="--date 昨天 --set 无 --out 报告.docx")
    assert told.code == 2 and path is None
    for said in (
        "“无”",
        "实际是“昨天”",
        "报告.docx: --out 请写文件夹",
        "应填数字（单位 人），实际是“九千”",
        "不能小于 1（人），实际是 0",
    ):
        assert said in told.err, said
    assert "共 5 处需要修改" in told.err
    assert not (folder / "报告.docx").exists()


def test_slips_of_several_years_and_of_options_are_told_in_one_round(small):
    body = TWO_YEARS.replace("9000,4500,100,100", "九千,4500,100,100")
    body = body.replace("18000,6000,{second}", "万八,6000,{second}")
    told, path = small(body=body, more="--set nosuch=1 --year 2050")
    assert told.code == 2 and path is None
    for said in ("F2: “常住人口”应填数字", "F5: “常住人口”应填数字", "“nosuch”", "数据里没有 2050 年；有：2016、2017"):
        assert said in told.err, said
    assert "共 4 处需要修改" in told.err
    told, path = small(more="--set nosuch=1 --year 2050")
    assert "“nosuch”" in told.err and "数据里没有 2050 年" in told.err and "共 2 处需要修改" in told.err


def test_a_year_whose_table_cannot_be_read_is_not_said_to_be_absent(allocation, folder):
    (folder / "2018.csv").write_text("随便\n", encoding="utf-8")
    told = allocation("evaluate --input 2018.csv --year 2018 --set nosuch=1")
    assert told.code == 2 and "2018.csv" in told.err and "“nosuch”" in told.err
    assert "数据里没有 2018 年" not in told.err


def test_what_the_model_lacks_is_told_with_what_the_command_lacks(allocation):
    told = allocation("evaluate reward --year 2031")
    assert told.code == 2 and "模型“reward”没有评估文件" in told.err and "数据里没有 2031 年；有：2017" in told.err


def test_a_folder_may_have_a_point_in_its_name(small, folder):
    told, _ = small(more="--out 2018.12")
    assert told.code == 0 and len(list((folder / "2018.12").iterdir())) == 2


def test_years_must_follow_one_another(small):
    told, path = small(body=TWO_YEARS.replace(",2017,", ",2018,"))
    assert told.code == 2 and path is None and "2016 年之后缺年度，接着是 2018 年" in told.err


@pytest.mark.parametrize("lock", ["~${}", "~$banisation_monitor_2017_评估报告.docx", ".~lock.{}#"])
def test_a_report_that_is_open_in_word_stays_as_it_was(small, folder, lock):
    _, path = small()
    before = {file.name: file.read_bytes() for file in (folder / "outputs").iterdir()}
    (folder / "outputs" / lock.format(path.name)).write_bytes(b"")
    told, _ = small(first=7)
    assert told.code == 2 and f"{path.name}: 文件正在 Word 或 WPS 中打开" in told.err
    assert all((folder / "outputs" / name).read_bytes() == content for name, content in before.items())


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
