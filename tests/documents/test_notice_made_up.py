"""The order's second sentence: what an amount is made up of; and the rows a table does without."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import docx
import pytest
from letters import FOLDER, GIVEN, SHIPPED, filled, notice
from openpyxl import Workbook
from word import ROOT, rows, sentences, template

from allocation.documents.notices import bases, handed
from allocation.documents.placeholders import Filling, fill
from allocation.run.finding import find
from allocation.run.run import run_model


@pytest.fixture(scope="module")
def surplus():
    found = find("surplus_quota", ROOT / "inputs" / "surplus_quota.csv", 2017)
    return run_model(found.model, found.table)


@pytest.mark.parametrize(
    ("place", "order"),
    [
        (
            "黑山县",
            "现核定你县2017年流转后可用节余指标2.0666公顷。核定节余指标5.4公顷，转出3.3334公顷，转出收入500.01万元"
            "（节余指标流转价格10万元/亩），流转后可用节余指标2.0666公顷。",
        ),
        (
            "古塔区",
            "现核定你区2017年流转后可用节余指标2.5000公顷。转入2.5公顷，转入支出375万元"
            "（节余指标流转价格10万元/亩），流转后可用节余指标2.5公顷。",
        ),
    ],
)
def test_land_that_was_sold_or_bought_is_told_with_its_price_and_what_is_left(surplus, place, order, folder):
    assert handed(surplus).kind == "kept"
    path = notice(surplus, surplus.table.names.index(place))
    assert order in sentences(path) and "下达" not in "".join(sentences(path))


def test_land_that_was_neither_sold_nor_bought_is_told_so(surplus, folder):
    nobody = (Fraction(0),) * len(surplus.table)
    run = run_model(surplus.model, surplus.table.with_values(offered=nobody, wanted=nobody))
    order = sentences(notice(run, run.table.names.index("黑山县")))[3]
    assert order.endswith("核定节余指标5.4公顷，没有转出、转入，流转后可用节余指标5.4公顷。")


def test_a_last_unit_that_rounding_would_not_give_is_said_to_go_by_largest_remainder(surplus, folder):
    said = {name: sentences(notice(surplus, surplus.table.names.index(name)))[-1] for name in ("黑山县", "义县")}
    assert said["黑山县"].endswith("应得约3.333333公顷，取整后（尾差按最大余数法分配）转出为3.3334公顷。")
    assert said["义县"].endswith("应得约2.083333公顷，取整后转出为2.0833公顷。")


def test_a_basis_younger_than_the_figures_is_cited_only_by_reference():
    found = find("incentive_fund", None, None)
    run = run_model(found.model, found.table)
    assert not run.by_reference and "国办发〔2016〕72号" in bases(run) and "58号" not in "".join(bases(run))
    trial = run_model(found.model, found.table, reference=True)
    assert "困难程度系数参照财预〔2022〕58号第七条" in bases(trial)


def test_without_a_basis_the_sentence_goes(folder):
    document = docx.Document(template(folder / "t.docx", "⟦依据：{依据}。⟧", "末"))
    fill(document, Filling({"basis": ""}))
    assert [one.text for one in document.paragraphs] == ["末"]
    assert "⟦依据：{依据}。⟧" in sentences(SHIPPED / "notice.zh.docx")


# ---- sources and settlements


@pytest.fixture
def by_source(sent):
    """The notices of `reward` from two sources, one of which paid 古塔区 too much in advance."""
    book = Workbook()
    book.active.append(["来源", "文号", "金额", "已提前下达"])
    book.active.append(["中央", "财预1号", 600, 300])
    book.active.append(["省级", "辽财1号", 400, None])
    sheet = book.create_sheet("已提前下达")
    for row in (["代码", "名称", "中央"], [210702, "古塔区", 150], [210726, "黑山县", 150]):
        sheet.append(row)
    book.save("来源.xlsx")
    sent(f"{GIVEN} --sources 来源.xlsx")
    return {path.stem[7:]: path for path in FOLDER.glob("*.docx")}


def test_each_source_says_what_is_due_what_was_advanced_and_what_is_paid_or_taken_back(by_source):
    order, table = sentences(by_source["古塔区"])[3], {row[0]: row[1] for row in rows(by_source["古塔区"])}
    due, back = int(table["应下达：中央"]), int(table["本次收回：中央"])
    whole, other = int(table["分配额"]), int(table["应下达：省级"])
    assert back == 150 - due > 0 and "本次下达：中央" not in table and due + other == whole
    assert f"应下达{whole}万元，已提前下达150万元，本次下达{whole - 150}万元。其中：中央应下达{due}万元，" in order
    assert f"已提前下达150万元，本次收回{back}万元；省级应下达{other}万元，" in order
    text = "".join(map(str, [sentences(by_source["古塔区"]), table]))
    assert "累计" not in text and f"-{back}" not in text and "已提前下达：省级" not in table
    assert "本次收回" not in "".join(sentences(by_source["黑山县"]))


def test_what_is_taken_back_names_no_budget_code(sent):
    Path("提前.csv").write_text("代码,名称,提前下达数\n210702,古塔区,900\n210726,黑山县,100\n", encoding="utf-8")
    sent(f"{GIVEN} --advance 提前.csv --recover-years 2")
    back, now = (sentences(FOLDER / f"{name}.docx")[3] for name in ("210702_古塔区", "210726_黑山县"))
    due = [int(row[1]) for row in rows(FOLDER / "210702_古塔区.docx") if row[0] == "核定下达"][0]
    later = 900 - due
    years = f"2018年{later - later // 2}万元、2019年{later // 2}万元"
    assert f"核定下达{due}万元，已提前下达900万元，待以后年度收回{later}万元（{years}）。" in back
    assert "预算科目" not in back and "列预算科目：1100202。" in now
    assert "本次下达" not in [row[0] for row in rows(FOLDER / "210702_古塔区.docx")]


def test_a_template_without_the_place_for_it_has_it_in_the_calculation(surplus, folder):
    path = template(folder / "t.docx", "{县名}{金额}", "{计算过程}")
    said = filled(surplus, path, row=surplus.table.names.index("黑山县"))
    assert said[2].startswith("核定节余指标5.4公顷，转出3.3334公顷")


# ---- rows and pages


def test_a_row_of_nothing_that_changes_no_sum_is_left_out():
    found = find("incentive_fund", None, None)
    run = run_model(found.model, found.table)
    for row in range(len(run.table)):
        table = {one[0]: one[1] for one in rows(notice(run, row))}
        for name, item in (("top_up", "保底补差"), ("tail", "尾差")):
            assert (item in table) is bool(run.figures(name)[row])
        assert "分配额" in table and "比上年增减额" in table
    assert not all(run.figures("tail"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_signature_stays_with_the_paragraph_before_it(reward, lang, folder):
    document = docx.Document(notice(reward, 2, lang=lang))
    before, last = [one for one in document.paragraphs if one.text][-2:]
    assert last.paragraph_format.keep_with_next and not before.paragraph_format.keep_with_next
    shipped = docx.Document(SHIPPED / f"notice.{lang}.docx").paragraphs
    assert [one.paragraph_format.keep_with_next for one in shipped[-4:]] == [True, True, True, None]


def test_without_a_calculation_the_table_stays_with_the_signature(folder):
    document = docx.Document(SHIPPED / "notice.zh.docx")
    place = next(one for one in document.paragraphs if one.text == "{本行表}")
    made = document.add_table(2, 2)
    place._p.addprevious(made._tbl)
    place._p.getparent().remove(place._p)
    for one in document.paragraphs:
        if one.text not in ("二、测算过程", "{计算过程}", "⟦备注：{备注}⟧"):
            one.clear()
    fill(document, Filling({"note": ""}))
    kept = [[cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells] for row in made.rows]
    assert kept == [[None, None], [True, True]]
