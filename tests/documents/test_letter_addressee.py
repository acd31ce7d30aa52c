"""Whom a letter is addressed to: the bureau of a place, a functional area's committee, several in one line."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import docx
import pytest
from letters import FOLDER, SHIPPED, notice
from word import lines, rows_of, sentences

from allocation.documents.addressee import Addressing, RegisterSays, place_of
from allocation.documents.letter import Letter, Letters
from allocation.documents.notices import (
    addressed,
    handed,
    notice_filling,
    silent_for,
    tells,
    ungreeted,
    write_notice,
    you,
)
from allocation.documents.own_table import all_rows
from allocation.documents.placeholders import Filling, open_template
from allocation.policy.loading import load_model
from allocation.report.formats import shown
from allocation.report.tables import annex_table, enclosed_table
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.tables.recipients import read_recipients

ENDS = {"县": "财政局", "市": "财政局", "区": "财政局", "旗": "财政局", "自治县": "财政局", "州": "财政局",
        "省": "财政厅", "自治区": "财政厅", "镇": "人民政府", "街道": "办事处"}  # fmt: skip
AREAS = ("开发区", "高新区", "新区", "工业园", "保税区", "示范区", "风景名胜区", "管理区")


@pytest.mark.parametrize("name", ["黑山", "锦州", "松花江", "甲乙丙"])
def test_a_place_has_the_bureau_of_its_kind_and_an_area_that_of_its_committee(name):
    finance = Addressing("zh", "finance")
    for end, bureau in ENDS.items():
        assert finance.body(place_of(name + end, "1")) == name + end + bureau
    for area in AREAS:
        assert finance.body(place_of(name + area, "1")) == f"{name}{area}管委会财政局"
        assert finance.body(place_of(f"{name}{area}管委会", "1")) == f"{name}{area}管委会财政局"


def test_a_district_of_the_state_that_is_called_a_new_area_is_no_functional_area():
    finance = Addressing("zh", "finance")
    assert finance.body(place_of("浦东新区", "310115")) == "浦东新区财政局"
    assert finance.body(place_of("松山新区", "JZ-SS")) == "松山新区管委会财政局"


@pytest.mark.parametrize(("name", "code"), [("北镇", "007"), ("新乡", "007"), ("景德镇", "007"), ("太平镇", "210782")])
def test_a_city_without_its_last_sign_is_not_taken_for_a_town(name, code):
    place = place_of(name, code)
    assert place.kind == "" and Addressing("zh", "finance").body(place) == name
    assert place_of("太平镇", "210782101").kind == "town" and you("太平镇").zh == "你镇"
    assert code == "210782" or you(name).zh == "你单位"


def test_whom_nothing_is_known_of_is_addressed_by_name_and_told():
    finance, plain = Addressing("zh", "finance"), place_of("锦州市本级", "210700")
    assert finance.body(plain) == "锦州市本级" and not finance.known(plain)
    assert Addressing("zh").known(plain)  # of another country's money no bureau is guessed


def test_the_register_comes_before_the_case_the_case_before_the_rule():
    place = place_of("黑山县", "210726")
    assert Addressing("zh", "finance", "{name}人民政府").body(place) == "黑山县人民政府"
    says = RegisterSays({"210726": "黑山县农业农村局"})
    assert Addressing("zh", "finance", "{name}人民政府", says).body(place) == "黑山县农业农村局"
    area = place_of("松山", "JZ-SS", {"JZ-SS"})
    assert Addressing("zh", "finance", "{name}财政局").body(area) == "松山管委会财政局"


JINZHOU = [("古塔区", "210702"), ("黑山县", "210726"), ("凌海市", "210781"), ("松山新区", "A1"), ("滨海新区", "A2")]
PROVINCE = [("安平市", "990100"), ("宝丰市", "990200"), ("恩口白石县", "990507"), ("康定川白石县", "991007")]


@pytest.mark.parametrize(
    ("units", "pattern", "every", "said"),
    [
        (JINZHOU[:3], "", True, "各县（市、区）财政局"),
        (JINZHOU[:2], "", True, "各县（区）财政局"),
        (JINZHOU, "", True, "各县（市、区）财政局，松山新区管委会、滨海新区管委会财政局"),
        (JINZHOU[:3], "", False, "古塔区、黑山县、凌海市财政局"),
        (JINZHOU, "{name}财政局", True, "古塔区、黑山县、凌海市财政局，松山新区管委会、滨海新区管委会财政局"),
        (JINZHOU, "各有关单位", True, "各有关单位"),
        (PROVINCE, "", True, "各市财政局，恩口白石县、康定川白石县财政局"),
        (PROVINCE[:2], "", False, "安平市、宝丰市财政局"),
    ],
)
def test_one_letter_to_all_names_the_kinds_of_places_or_the_places(units, pattern, every, said):
    assert Addressing("zh", "finance", pattern).several([place_of(*unit) for unit in units], every) == said


def test_many_of_more_are_those_concerned():
    counties = [place_of(f"第{n}县", str(n)) for n in range(30)]
    assert Addressing("zh", "finance").several(counties, False) == "有关县财政局"
    assert Addressing("en", "finance").several(counties, True) == "Finance Bureau of each county"


@pytest.mark.parametrize(
    ("issued", "bureau"), [("2018-12-31", "国土资源局"), ("2019-01-02", "自然资源局"), ("", "国土资源局")]
)
def test_land_goes_to_the_bureau_of_the_day(issued, bureau, folder):
    found = find("land_quota", None, None)  # of 2017
    run, out = run_model(found.model, found.table), Path("letter.docx")
    rows = [row for row, county in enumerate(run.figures("county")) if county == "黑山县"]
    write_notice(Letters(run, "zh", Letter(date=issued)), open_template(SHIPPED / "notice.zh.docx"), rows)(out)
    assert f"黑山县{bureau}：" in sentences(out)


def test_a_model_says_whom_its_letters_go_to(reward, folder):
    text = reward.model.text.replace(
        "[model]", '[model]\naddressed_to = { zh = "{name}教育局", en = "Schools of {name}" }', 1
    )
    (folder / "models/schools.toml").write_text(text, encoding="utf-8")
    model = load_model(folder / "models/schools.toml")
    for lang, said in (("zh", "黑山县教育局："), ("en", "To Schools of 黑山县:")):
        out = Path(f"{lang}.docx")
        template = open_template(SHIPPED / f"notice.{lang}.docx")
        write_notice(Letters(replace(reward, model=model), lang), template, [2])(out)
        assert said in sentences(out)


def test_a_register_has_a_column_of_its_own_for_it(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("代码,名称,类别,主送单位\n1,甲县,县,甲县教育局\n2,乙区,功能区,\n", encoding="utf-8")
    assert [entry.addressee for entry in read_recipients(path).entries] == ["甲县教育局", ""]


def test_own_number_and_upper_number_stand_apart(sent):
    sent("--document 辽财预〔2017〕99号 --number 锦财指〔2017〕5号 --date 2017-10-31")
    said = lines(FOLDER / "210726_黑山县.docx")
    assert said[0] == "锦财指〔2017〕5号" and sum("锦财指" in line for line in said) == 1
    assert any(line.startswith("根据辽财预〔2017〕99号，现下达") for line in said)


def test_one_number_for_both_documents_is_refused(sent):
    told = sent("--document 锦财指〔2017〕5号 --number 锦财指(2017)5号", code=2)
    assert "本文号与上级文号相同" in told.err and not FOLDER.exists()


def test_the_manner_is_chosen_by_an_option_and_the_annex_begins_a_page(sent):
    sent("--manner 总表下发 --date 2017-10-31")
    (path,) = FOLDER.glob("*.docx")
    document = docx.Document(path)
    told = [paragraph.text for paragraph in document.paragraphs if paragraph.text.strip()]
    assert "各县（市、区）财政局：" in told
    assert [paragraph.text for paragraph in document.paragraphs if paragraph.paragraph_format.page_break_before] == [
        "附件"
    ]
    assert told.index("2017年10月31日") < told.index("附件")
    drawn = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert drawn[0] == ["序号", "地区", "金额", "备注"] and drawn[1][:2] == ["", "合计"]
    assert told[-1] == "单位：万元", "above the table, as in 附件 of the workbook"


@pytest.mark.parametrize("name", ["incentive_fund", "land_quota", "bond_limit"])
def test_what_goes_with_a_letter_to_all_is_the_annex_of_the_workbook(name):
    found = find(name, None, None)
    run = run_model(found.model, found.table)
    annex, sent = annex_table(run), all_rows(Letters(run, "zh"))
    keys = [column.key for column in enclosed_table(run).columns]
    for column in annex.columns:
        cells = [row[keys.index(column.key)] for row in sent.rows]
        told = [annex.cell(column, line, "zh") for line in range(len(annex.lines))]
        figures = [shown(value, column.number) if value or not column.dash else "—" for value in told]
        assert cells == [told[at] if isinstance(told[at], str) else figures[at] for at in range(len(told))]
    assert [annex.lines[at].summed for at in range(len(sent.rows))] == [
        at in sent.summed for at in range(len(sent.rows))
    ]
    assert sent.unit.startswith("单位：") and "备注" in sent.heads


# ---- nothing of noughts, nothing that was not read


def test_who_has_nothing_gets_no_letter_and_no_letter_speaks_of_nought(folder):
    found = find("bond_limit", None, None)
    run = run_model(found.model, found.table)
    assert silent_for(run, Letter()) == ["黑山县", "义县"]
    for _, rows in addressed(run):
        if tells(run, handed(run), rows):
            told = sentences(notice(run, *rows))
            assert not [line for line in told if re.search(r"(?<![\d,.])0(?:\.0+)?(?:万元|公顷)", line)]


@pytest.mark.parametrize("remark", ["，未见原文", "(未见原文，据记忆)", "（据记忆）", "；公式据记忆"])
def test_a_basis_is_cited_without_how_far_it_was_read(reward, folder, remark):
    out = Path("letter.docx")
    run = replace(reward, model=replace(reward.model, basis=(f"财预〔2016〕162号{remark}",)))
    write_notice(Letters(run, "zh"), open_template(SHIPPED / "notice.zh.docx"), [2])(out)
    assert "依据：财预〔2016〕162号。" in sentences(out)


@pytest.mark.parametrize(("option", "word"), [("--original", "未见原文"), ("--reason", "待定")])
def test_a_letter_that_would_say_so_is_refused_with_its_line(allocation, folder, option, word):
    assert allocation("run reward --stage 正式稿 --date 2018-01-05").code == 0
    told = allocation(f"notices reward --correction --set pool=1100 {option} 数字{word}")
    assert told.code == 2 and f"数字{word}" in told.err


def test_a_settlement_that_pays_nothing_now_states_what_is_due(allocation, tmp_path, reward):
    awards = dict(zip(reward.table.names, map(Fraction, reward.figures(reward.model.award)), strict=True))
    rows = "".join(f"{name},{int(amount)}\n" for name, amount in awards.items())
    (tmp_path / "paid.csv").write_text("名称,提前下达数\n" + rows, encoding="utf-8")
    assert allocation(f"notices reward --advance {tmp_path / 'paid.csv'}").code == 0
    due = int(awards["黑山县"])
    order = next(line for line in sentences(FOLDER / "210726_黑山县.docx") if "现核定" in line)
    assert f"（示例）{due}万元" in order and "本次下达" not in order
    assert f"核定下达{due}万元，已提前下达{due}万元。" in order


def test_the_table_of_a_letter_has_no_line_of_nought(folder):
    found = find("incentive_fund", None, None)
    last = tuple(Fraction(0) if row == 2 else value for row, value in enumerate(found.table.values["last_award"]))
    run = run_model(found.model, found.table.with_values(last_award=last))
    items = {row: [line[0] for line in rows_of(docx.Document(notice(run, row)).tables[0])] for row in (1, 2)}
    beside = {"上年分配额", "比上年增减额"}
    assert beside <= {*items[1]} and not beside & {*items[2]} and "分配额" in items[2]


def of_own_level(says: RegisterSays) -> tuple[Filling, list[str]]:
    """What fills a letter to all of a table whose first unit is the issuing level, and whom it does not address."""
    found = find("incentive_fund", None, None)
    names = ("锦州市本级", *found.table.names[1:])
    run = run_model(found.model, replace(found.table, names=names))
    letter = Letter("", "", "锦州市财政局", "2018-01-05", "", together=True, says=says)
    letters = Letters(run, "zh", letter)
    return notice_filling(letters, range(len(names)), False), ungreeted(letters)


def test_a_letter_to_all_does_not_address_the_level_that_issues_it_and_says_so():
    filling, left_out = of_own_level(RegisterSays())
    assert "本级" not in filling.texts["salutation"] and left_out == ["锦州市本级"]
    assert any("锦州市本级" in cell for row in filling.table.rows for cell in row)
    named = RegisterSays({"锦州市本级": "市直有关单位"})
    filling, left_out = of_own_level(named)
    assert "市直有关单位" in filling.texts["salutation"] and left_out == []


def test_the_line_of_the_annex_hangs_and_serial_numbers_stand_in_the_middle(sent):
    sent("--manner 总表下发 --date 2017-10-31")
    (path,) = FOLDER.glob("*.docx")
    document = docx.Document(path)
    (line,) = [paragraph for paragraph in document.paragraphs if paragraph.text.startswith("附件：")]
    form = line.paragraph_format
    assert form.first_line_indent < 0 < form.left_indent + form.first_line_indent
    serial = [row.cells[0].paragraphs[0].alignment for row in document.tables[0].rows]
    assert set(serial) == {1}  # in the middle
    amounts = [row.cells[2].paragraphs[0].alignment for row in document.tables[0].rows[1:]]
    assert set(amounts) == {2}
