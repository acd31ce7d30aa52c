"""The template of a notice: placeholders however Word split them, slips told at once, one's own words kept."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from letters import FOLDER, SHIPPED, awards, filled
from word import parts, rows_of, sentences, template

from allocation.documents.letter import Letter
from allocation.documents.placeholders import Filling, fill, open_template
from allocation.errors import AllocationError


def test_a_placeholder_that_word_has_split_over_runs_is_filled_in_the_form_of_its_beginning(reward, folder):
    path = template(folder / "t.docx", ("致", "{县", "名", "}", "："), ("共 {金", "额}，文 {上级", "文号} 号"))
    document = docx.Document(path)
    document.paragraphs[0].runs[1].bold = True
    document.save(path)
    texts = filled(reward, path)
    award = int(awards(reward)["210726"])
    assert "致黑山县：" in texts and f"共 {award}万元，文 辽财1号 号" in texts
    made = docx.Document(path.with_name("filled.docx"))
    assert [run.text for run in made.paragraphs[1].runs if run.bold] == ["黑山县"]


def test_full_width_braces_english_names_and_blanks_are_understood(reward, folder):
    path = template(folder / "t.docx", "｛县名｝ { amount } {county_code}")
    assert f"黑山县 {int(awards(reward)['210726'])}万元 210726" in filled(reward, path)


def test_placeholders_in_tables_headers_and_text_boxes_are_filled(reward, folder):
    path = template(folder / "t.docx", "{县名}{金额}")
    document = docx.Document(path)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "{代码}", "{本行表}"
    document.sections[0].header.paragraphs[0].text = "{年度}"
    document.sections[0].footer.paragraphs[0].text = "{发文单位}"
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    box = "<w:pict><w:txbxContent><w:p><w:r><w:t>{计算过程}</w:t></w:r></w:p></w:txbxContent></w:pict>"
    document.paragraphs[0]._p.append(parse_xml(f"<w:r {names}>{box}</w:r>"))
    document.save(path)
    filled(reward, path, letter=Letter(office="锦州市财政局"))
    out = path.with_name("filled.docx")
    text = parts(out)["word/document.xml"]
    assert "210726" in text and "取整后分配额为252万元。" in text and "{" not in text
    made = docx.Document(out)
    assert made.sections[0].header.paragraphs[0].text == "2017"
    assert made.sections[0].footer.paragraphs[0].text == "锦州市财政局"
    inner = rows_of(made.tables[0].cell(0, 1).tables[0])
    assert inner[0] == ["项目", "数额", "单位"] and ["分配额", str(int(awards(reward)["210726"])), "万元"] in inner


def test_what_stands_in_the_optional_brackets_goes_when_a_value_is_empty(reward, folder):
    path = template(folder / "t.docx", "{县名}{金额}⟦，文号{上级文号}⟧⟦，科目{预算科目}⟧。", "⟦{日期}⟧", "末")
    award = int(awards(reward)["210726"])
    assert filled(reward, path)[-2:] == [f"黑山县{award}万元，文号辽财1号。", "末"]


def test_a_mark_is_put_first_where_the_template_has_no_place_for_it(reward, folder):
    path = template(folder / "t.docx", "{县名}{金额}")
    assert filled(reward, path)[0] == "（示例数据）"


WRONG = {
    "unknown": (["{县名}{金額}{金额}"], ["不认得的占位符“金額”", "最接近的是“金额”"]),
    "far from any": (["{县名}{金额}{xyz}"], ["不认得的占位符“xyz”；可用的有：县名"]),
    "open": (["{县名}{金额}", "{依据"], ["不成对的 {：占位符写成 {县名} 的样子"]),
    "closed": (["{县名}{金额}依据}"], ["不成对的 }："]),
    "over paragraphs": (["{县名}{金额}", "{预算", "科目}"], ["不成对的 {", "不成对的 }"]),
    "half optional": (["{县名}{金额}⟦{日期}"], ["不成对的 ⟦："]),
    "full width": (["{县名}{金额}｛依据"], ["不成对的 ｛："]),
    "no amount": (["{县名}"], ["没有占位符：金额"]),
    "nothing": (["关于下达资金的通知"], ["没有占位符：县名、金额"]),
    "table beside words": (["{县名}{金额}", "见{本行表}"], ["“本行表”要自己占一段"]),
    "several": (
        ["{县}{金额}", "{依据", "{计算过程}。"],
        ["“县”", "不成对", "“计算过程”要自己占一段", "没有占位符：县名"],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_template_is_a_message_with_every_slip_and_nothing_is_written(case, allocation, folder):
    paragraphs, said = WRONG[case]
    template(folder / "我的.docx", *paragraphs)
    told = allocation("notices reward --template 我的.docx")
    assert told.code == 2 and "Traceback" not in told.text
    assert [words for words in said if words not in told.err] == []
    assert not (folder / "outputs").exists()


def test_what_is_no_word_file_is_a_message(allocation, folder):
    Path("旧.docx").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    Path("字.docx").write_text("{县名}{金额}", encoding="utf-8")
    shutil.copy("inputs/reward.csv", "表.docx")
    with zipfile.ZipFile("空.docx", "w") as archive:
        archive.writestr("word/document.xml", "<a>")
    for name in ("旧.docx", "字.docx", "表.docx", "空.docx", "inputs"):
        told = allocation(f"notices reward --template {name}")
        assert told.code == 2 and "模板" in told.err and "Traceback" not in told.err, name
    assert "没有这个模板文件" in allocation("notices reward --template 无.docx").err


def test_the_shipped_templates_are_the_ones_the_program_makes(allocation, folder):
    for lang, name in (("zh", "通知模板"), ("en", "notice_template")):
        told = allocation(f"template reward --form notice --lang {lang}")
        assert told.code == 0 and name in told.out
        assert Path(f"outputs/{name}.docx").read_bytes() == (SHIPPED / f"notice.{lang}.docx").read_bytes()


def test_an_edited_template_is_used(allocation, folder):
    allocation("template reward --form notice --out 我的.docx")
    document = docx.Document("我的.docx")
    document.add_paragraph("抄送：{县名}审计局")
    document.save("我的.docx")
    assert allocation("notices reward --template 我的.docx").code == 0
    assert sentences(FOLDER / "210726_黑山县.docx")[-1] == "抄送：黑山县审计局"


def test_who_edited_the_template_is_not_told(reward, folder):
    path = template(folder / "t.docx", "{县名}{金额}")
    document = docx.Document(path)
    document.core_properties.author = document.core_properties.last_modified_by = "李某"
    document.core_properties.comments = "内部"
    document.save(path)
    filled(reward, path)
    core = parts(path.with_name("filled.docx"))["docProps/core.xml"]
    assert "李某" not in core and "内部" not in core


HIDDEN = {
    "counted down": (
        ["一、数额", "二、过程", "{计算过程}", "三、要求", "四、附件"],
        ["一、数额", "二、要求", "三、附件"],
    ),
    "alone": (["一、数额", "二、过程", "{计算过程}", "联系人"], ["数额", "联系人"]),
    "first": (["一、过程", "{计算过程}", "二、数额"], ["一、数额"]),
    "past ten": (["九、甲", "十、过程", "{计算过程}", "十一、乙", "十二、丙"], ["九、甲", "十、乙", "十一、丙"]),
    "other numbers": (["1. A", "2. B", "{计算过程}", "3. C", "（一）D"], ["1. A", "2. C", "（一）D"]),
    "until the count breaks": (
        ["（一）过程", "{计算过程}", "（二）乙", "二、丙", "（一）丁"],
        ["（一）乙", "二、丙", "（一）丁"],
    ),
    "no number": (["数额如下。", "{计算过程}", "一、要求"], ["数额如下。", "一、要求"]),
}


@pytest.mark.parametrize("case", HIDDEN)
def test_a_section_without_a_calculation_goes_with_its_heading_and_the_rest_is_counted_anew(case, folder):
    paragraphs, left = HIDDEN[case]
    document = docx.Document(template(folder / "t.docx", *paragraphs))
    fill(document, Filling())
    assert [one.text for one in document.paragraphs if one.text] == left


def test_with_a_calculation_the_headings_stay(folder):
    document = docx.Document(template(folder / "t.docx", "一、数额", "二、过程", "{计算过程}", "三、要求"))
    fill(document, Filling(calculation=("甲。", "乙。")))
    assert [one.text for one in document.paragraphs] == ["一、数额", "二、过程", "甲。", "乙。", "三、要求"]


def test_the_reader_is_spoken_to(reward, folder):
    path = template(folder / "t.docx", "{县名}{金额}", "现下达{称呼}。", "{you}")
    assert filled(reward, path)[-2:] == ["现下达你县。", "你县"]


def test_a_template_that_unpacks_to_more_than_the_limit_is_not_opened(folder, monkeypatch):
    path = template(folder / "t.docx", "{县名}{金额}")
    open_template(path)
    monkeypatch.setattr("allocation.tables.package.UNPACKED", 1000)
    with pytest.raises(AllocationError) as caught:
        open_template(path)
    assert [problem.id for problem in caught.value.problems] == ["tables.unpacked"]
