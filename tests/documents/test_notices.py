"""notices: a county's notice says its own figures, those of the run, in figures and capitals, and nobody else's."""

from __future__ import annotations

import re
import shutil
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.shared import Mm, Pt
from openpyxl import load_workbook
from word import ROOT, lines, parts, rows, rows_of, sentences, template

from allocation.documents.capitals import capitals, spelled
from allocation.documents.notices import Letter, handed, write_notice
from allocation.documents.placeholders import open_template
from allocation.errors import AllocationError
from allocation.finding import find
from allocation.loading import model_from_text
from allocation.run import run_model
from allocation.study.corrections import Approved
from allocation.study.extending import extend

SHIPPED = ROOT / "templates"
FOLDER = Path("outputs/reward_2017_通知")
GIVEN = "--document 辽财预〔2017〕99号 --code 1100202 --office 锦州市财政局 --date 2017-10-31"
COUNTIES = {"210702": "古塔区", "210703": "凌河区", "210726": "黑山县", "210781": "凌海市"}


def awards(run) -> dict[str, Fraction]:
    return dict(zip(run.table.codes, run.figures(run.model.award), strict=True))


@pytest.fixture
def sent(allocation, folder):
    """sent("…"): the notices of `reward` with more options; gives what was told and the folder."""

    def run(more: str = GIVEN, code: int = 0):
        told = allocation(f"notices reward {more}")
        assert told.code == code, told.text
        return told

    return run


def test_a_model_that_hands_nothing_out_gives_no_notice():
    found = find("ppp_affordability", None, None)
    with pytest.raises(AllocationError) as caught:
        handed(run_model(found.model, found.table, reference=True))
    assert [one.id for one in caught.value.problems] == ["notices.nothing_handed"]


def test_each_county_has_a_notice_and_a_workbook_and_there_is_one_note(sent):
    told = sent()
    stems = [f"{code}_{name}" for code, name in COUNTIES.items()]
    wanted = sorted([f"{stem}{ending}" for stem in stems for ending in (".docx", ".xlsx")] + ["测算说明.docx"])
    assert sorted(path.name for path in FOLDER.iterdir()) == wanted
    assert "已写出 4 份通知到 outputs/reward_2017_通知/" in told.out
    assert "没有写" not in told.out


def test_the_amount_stands_in_figures_and_in_capitals_as_the_run_gives_it(sent, reward):
    sent()
    for code, award in awards(reward).items():
        texts = sentences(FOLDER / f"{code}_{COUNTIES[code]}.docx")
        words = capitals(award * 10000)
        order = f"现下达你地2017年落户奖励资金分配（示例）{int(award)}万元（大写：{words}）。列预算科目：1100202。"
        assert f"根据辽财预〔2017〕99号，{order}" in texts
        assert f"{COUNTIES[code]}：" in texts
        assert texts[-2:] == ["锦州市财政局", "2017年10月31日"]
    assert sum(awards(reward).values()) == 1000


def test_the_table_and_the_workbook_have_the_countys_own_row(sent, reward):
    sent()
    for code, award in awards(reward).items():
        path = FOLDER / f"{code}_{COUNTIES[code]}.docx"
        assert ["分配额", str(int(award)), "万元"] in rows(path)
        (sheet,) = load_workbook(path.with_suffix(".xlsx")).worksheets
        values = [cell.value for row in sheet.iter_rows() for cell in row]
        assert COUNTIES[code] in values and int(award) in values


def test_no_notice_and_no_workbook_names_another_county(sent):
    sent()
    for code, name in COUNTIES.items():
        others = [word for pair in COUNTIES.items() if pair[0] != code for word in pair]
        for ending in (".docx", ".xlsx"):
            for part, text in parts(FOLDER / f"{code}_{name}{ending}").items():
                assert [word for word in others if word in text] == [], (name, part)
    note = parts(FOLDER / "测算说明.docx")["word/document.xml"]
    assert [word for pair in COUNTIES.items() for word in pair if word in note] == []


def test_the_calculation_is_said_in_words_without_files_or_cells(sent, reward):
    sent()
    text = "\n".join(lines(FOLDER / "210726_黑山县.docx"))
    assert "按最大余数法取整到 1 万元" in text and f"分配额：{int(awards(reward)['210726'])} 万元" in text
    assert "reward.csv" not in text and "测算办法见《测算说明》。" in text


def test_a_line_of_the_calculation_that_names_another_county_is_left_out(reward, folder):
    text = reward.model.text.replace('zh = "资金总额"', 'zh = "黑山县等四地资金总额"')
    run, out = run_model(model_from_text(text, "reward.toml"), reward.table), folder / "o.docx"
    for row, told in ((0, False), (2, True)):
        write_notice(run, open_template(SHIPPED / "notice.zh.docx"), [row], Letter(), "zh")(out)
        assert ("黑山县等四地资金总额" in "".join(lines(out))) is told
        assert any(line.startswith("分配额：") for line in lines(out))


def test_the_note_explains_the_whole_split(sent, reward):
    sent()
    path = FOLDER / "测算说明.docx"
    texts, made = sentences(path), rows(path)
    assert "本次测算4个地区，分配额合计1,000万元，资金总额1,000 万元。" in texts
    assert ["保基数比例", "50 %", ""] in made
    listed = [row[1] for row in made if row[0].isdigit()]
    assert listed == [entry.label.zh for entry in reward.model.columns.values()]
    assert "通过：分配额合计 = 资金总额。" in texts


def test_what_was_not_given_is_left_out_and_asked_for(sent):
    told = sent("")
    texts = sentences(FOLDER / "210726_黑山县.docx")
    assert texts[3].startswith("现下达你地2017年") and texts[3].endswith("元整）。")
    assert texts[-1] == "测算办法见《测算说明》。"
    for option in ("--document", "--code", "--office", "--date"):
        assert option in told.out


def test_marks_stand_in_every_document(sent):
    sent()
    for path in FOLDER.iterdir():
        text = "\n".join(parts(path).values())
        assert "示例数据" in text, path.name
        if path.suffix == ".docx":
            assert lines(path)[1] == "（示例数据）"


def test_a_trial_for_reference_says_so(allocation, folder):
    told = allocation("notices dated@2017 --year 2023 --reference")
    assert told.code == 0, told.text
    for path in Path("outputs/dated_2023_通知").glob("*.docx"):
        assert "参照测算" in lines(path)[1]


def test_settings_adjustments_and_sources_reach_the_notices(sent, folder):
    Path("调整.csv").write_text(
        "代码,名称,调整额,由谁承担,理由,批准人或会议\n210726,黑山县,20,古塔区,灾后重建,市政府常务会议\n",
        encoding="utf-8",
    )
    sent()
    before = {code: rows(FOLDER / f"{code}_{name}.docx") for code, name in COUNTIES.items()}
    told = sent(f"{GIVEN} --adjust 调整.csv")
    assert "各地通知不写测算过程" in told.out
    for code, change in (("210726", 20), ("210702", -20), ("210703", 0)):
        path = FOLDER / f"{code}_{COUNTIES[code]}.docx"
        old = next(row[1] for row in before[code] if row[0] == "分配额")
        assert ["下达数", str(int(old) + change), "万元"] in rows(path)
        text = "\n".join(lines(path))
        assert f"{int(old) + change}万元（大写：" in text
        assert not re.search("调整|测算数|市政府|灾后", text)
    assert "黑山县" not in parts(FOLDER / "测算说明.docx")["word/document.xml"]
    shutil.rmtree(FOLDER)
    sent(f"{GIVEN} --set pool=2000")
    amounts = [
        int(row[1].replace(",", "")) for path in FOLDER.glob("2*.docx") for row in rows(path) if row[0] == "分配额"
    ]
    assert sum(amounts) == 2000
    shutil.rmtree(FOLDER)
    Path("来源.csv").write_text("来源,文号,金额,已提前下达,市级预留\n省级,辽财1号,900,,\n市级,锦财1号,300,,\n", "utf-8")
    sent(f"{GIVEN} --sources 来源.csv")
    held = [row for path in FOLDER.glob("2*.docx") for row in rows(path)]
    for source, amount in (("省级", 900), ("市级", 300)):
        assert sum(int(row[1]) for row in held if row[0] == f"应下达/{source}") == amount


# ---- amounts below zero


def corrected(reward, folder: Path):
    """A correction: one county got too much, one too little, two what they should."""
    right = awards(reward)
    before = dict(right, **{"210702": right["210702"] + 30, "210726": right["210726"] - 12})
    found = extend(reward.model, reward.table, approved=Approved("2017 正式稿", before, 2018))
    return run_model(found.model, found.table, found.changes)


@pytest.mark.parametrize(
    ("lang", "code", "says"),
    [
        ("zh", "210702", "现扣回你地2017年落户奖励资金分配（示例）更正30万元（大写：人民币叁拾万元整）。"),
        ("zh", "210726", "现补发你地2017年落户奖励资金分配（示例）更正12万元（大写：人民币壹拾贰万元整）。"),
        ("zh", "210703", "现核定你地2017年落户奖励资金分配（示例）更正0万元（大写：人民币零元整）。"),
        ("en", "210702", "30 × 10,000 yuan (RMB three hundred thousand yuan only) is taken back."),
    ],
)
def test_an_amount_below_zero_is_taken_back_and_has_no_minus(reward, folder, lang, code, says):
    run, path = corrected(reward, folder), folder / "一.docx"
    row = run.table.codes.index(code)
    write_notice(run, open_template(SHIPPED / f"notice.{lang}.docx"), [row], Letter(), lang)(path)
    order = next(text for text in sentences(path) if says[-20:] in text)
    assert says in order and "-" not in order.replace("one-", "")
    signed = {"210702": "-30", "210726": "12", "210703": "0"}[code]
    assert signed in [one[1] for one in rows(path) if one[0] in ("差额", "Difference")]


def test_a_settlement_takes_back_what_was_paid_beyond_the_award(reward, folder, allocation):
    paid = {code: award + (25 if code == "210703" else -100) for code, award in awards(reward).items()}
    body = "".join(f"{code},{COUNTIES[code]},{int(value)}\n" for code, value in paid.items())
    Path("提前.csv").write_text(f"代码,名称,提前下达数\n{body}", encoding="utf-8")
    told = allocation("notices reward --advance 提前.csv")
    assert told.code == 0, told.text
    order = {code: sentences(FOLDER / f"{code}_{name}.docx")[3] for code, name in COUNTIES.items()}
    assert "现核定待以后年度收回" in order["210703"] and "25万元（大写：人民币贰拾伍万元整）" in order["210703"]
    assert all("现下达" in order[code] and "100万元" in order[code] for code in order if code != "210703")
    assert "advance_paid" not in "".join(lines(FOLDER / "210703_凌河区.docx"))  # the cell it came from
    note = "\n".join(sentences(FOLDER / "测算说明.docx"))
    assert "下达或补发合计300万元，扣回或调减合计25万元" in note


def test_an_award_below_zero_is_a_reduction(reward, folder):
    what = handed(reward)
    assert [what.action(Fraction(value)) for value in (5, 0, -5)] == ["act_issue", "act_level", "act_reduce"]


# ---- templates


def filled(run, path: Path, lang: str = "zh", row: int = 2, letter: Letter | None = None) -> list[str]:
    out = path.with_name("filled.docx")
    write_notice(run, open_template(path), [row], letter or Letter("辽财1号"), lang)(out)
    return lines(out)


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
    assert "210726" in text and "测算办法见《测算说明》。" in text and "{" not in text
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
    "open": (["{县名}{金额}", "{依据"], ["不成对的大括号"]),
    "closed": (["{县名}{金额}依据}"], ["不成对的大括号"]),
    "over paragraphs": (["{县名}{金额}", "{预算", "科目}"], ["不成对的大括号"]),
    "half optional": (["{县名}{金额}⟦{日期}"], ["不成对的大括号"]),
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


# ---- page, bytes, folder


def test_the_page_is_that_of_official_papers(sent):
    sent()
    for path in FOLDER.glob("*.docx"):
        document = docx.Document(str(path))
        (section,) = document.sections
        sizes = (section.page_width, section.page_height, section.top_margin, section.bottom_margin,
                 section.left_margin, section.right_margin)  # fmt: skip
        assert [round(size / Mm(1)) for size in sizes] == [210, 297, 37, 35, 28, 26]
        normal = document.styles["Normal"]
        assert normal.font.size == Pt(16) and 28 <= normal.paragraph_format.line_spacing.pt <= 30
        assert "仿宋_GB2312" in normal.element.xml
        title = document.paragraphs[0].runs[0]
        assert title.font.size == Pt(22) and "方正小标宋简体" in title.element.xml
        fonts = parts(path)["word/fontTable.xml"]
        assert '<w:font w:name="方正小标宋简体"><w:altName w:val="黑体"/>' in fonts


def test_the_same_inputs_give_the_same_bytes_without_author_or_date(sent):
    sent("")
    first = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    sent("")
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir()} == first
    for path in FOLDER.glob("*.docx"):
        core = parts(path)["docProps/core.xml"]
        assert set(re.findall(r">(\d{4}-[^<]*)<", core)) == {"2000-01-01T00:00:00Z"}
        assert re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>([^<]+)<", core) == []


def test_who_edited_the_template_is_not_told(reward, folder):
    path = template(folder / "t.docx", "{县名}{金额}")
    document = docx.Document(path)
    document.core_properties.author = document.core_properties.last_modified_by = "李某"
    document.core_properties.comments = "内部"
    document.save(path)
    filled(reward, path)
    core = parts(path.with_name("filled.docx"))["docProps/core.xml"]
    assert "李某" not in core and "内部" not in core


def test_a_strange_file_in_the_folder_stops_everything(sent, folder):
    FOLDER.mkdir(parents=True)
    (FOLDER / "总表.xlsx").write_bytes(b"x")
    told = sent(GIVEN, code=2)
    assert "总表.xlsx" in told.err and [path.name for path in FOLDER.iterdir()] == ["总表.xlsx"]


def test_a_notice_open_in_word_stops_everything(sent, folder):
    FOLDER.mkdir(parents=True)
    (FOLDER / "~$210726_黑山县.docx").write_bytes(b"x")
    told = sent(GIVEN, code=2)
    assert "210726_黑山县.docx" in told.err
    assert [path.name for path in FOLDER.iterdir()] == ["~$210726_黑山县.docx"]


def test_every_notice_has_its_line_in_the_journal(sent):
    sent()
    journal = Path("outputs/journal.csv").read_text("utf-8-sig").splitlines()
    assert len(journal) == 1 + len(list(FOLDER.iterdir()))
    assert all(",notices,reward,2017," in line and ",1000 万元," in line for line in journal[1:])


def test_a_failing_check_writes_nothing(allocation, folder):
    model = Path("models/reward.toml")
    extra = '\n[[check]]\nname = "never"\nzh = "总不成立"\nen = "Never"\nformula = "settled < 0"\n'
    model.write_text(model.read_text("utf-8") + extra, encoding="utf-8")
    told = allocation("notices reward")
    assert told.code == 1 and "总不成立" in told.text and not Path("outputs").exists()


def test_an_amount_that_is_no_whole_fen_is_refused_unless_no_words_are_asked_for(reward, folder):
    text = reward.model.text.replace("largest_remainder(pool, bounded_share(pool, claim, floor, cap), to = 1)",
                                     "bounded_share(pool, claim, floor, cap)")  # fmt: skip
    run = run_model(model_from_text(text, "reward.toml"), reward.table)
    with pytest.raises(AllocationError) as caught:
        write_notice(run, open_template(SHIPPED / "notice.zh.docx"), [2], Letter(), "zh")
    assert [one.id for one in caught.value.problems] == ["notices.part_of_fen"]
    assert "黑山县" in caught.value.text("zh")
    assert filled(run, template(folder / "t.docx", "{县名}{金额}"))[1].startswith("黑山县")


def test_what_is_not_money_has_no_capitals(folder):
    shutil.copy(ROOT / "models" / "land_quota.toml", "models")
    found = find("land_quota", ROOT / "inputs" / "jinzhou_2017.xlsx", None)
    run = run_model(found.model, found.table)
    row = run.table.names.index("黑山县县城")
    out = folder / "land.docx"
    write_notice(run, open_template(SHIPPED / "notice.zh.docx"), [row, 7], Letter(), "zh")(out)
    total = run.figures("quota")[row] + run.figures("quota")[7]
    order = next(text for text in sentences(out) if text.startswith("现下达"))
    assert f"{float(total):.4f}公顷" in order and "大写" not in order
    assert rows(out)[0] == ["项目", "黑山县县城", run.table.names[7], "单位"]


def test_an_english_notice_says_the_same_amount(allocation, folder, reward):
    told = allocation("notices reward --lang en --date 2017-10-31")
    assert told.code == 0 and "Wrote 4 notices" in told.out
    place = Path("outputs/reward_2017_notices")
    for code, award in awards(reward).items():
        texts = sentences(place / f"{code}_{COUNTIES[code]}.docx")
        words = f"{int(award)} × 10,000 yuan ({spelled(award * 10000)}) is issued."
        assert any(words in text for text in texts)
        assert texts[1] == "(illustrative data)" and texts[-1] == "2017-10-31"
    note = sentences(place / "note_on_the_calculation.docx")
    assert "Places: 4. Award, total: 1,000 × 10,000 yuan; Pool: 1,000 × 10,000 yuan." in note


def test_a_county_without_a_year_has_no_year_in_its_notice(reward, folder):
    run = replace(reward, tables=(replace(reward.table, year=None),))
    out = folder / "o.docx"
    write_notice(run, open_template(SHIPPED / "notice.zh.docx"), [0], Letter(), "zh")(out)
    assert sentences(out)[0] == "关于下达落户奖励资金分配（示例）的通知"
