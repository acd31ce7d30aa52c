"""What a letter says: verbs by the sign of the amount, sentences on how it came about, sources by their number."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from attaching import attached
from letters import COUNTIES, FOLDER, NOTE, SHIPPED, awards, filled, notice
from word import ROOT, lines, rows, sentences, template

from allocation.documents.letter import Letters
from allocation.documents.notices import cited, fund, handed, write_notice, you
from allocation.documents.placeholders import open_template
from allocation.documents.reasons import reasons
from allocation.errors import AllocationError
from allocation.parts.correction import Approved
from allocation.policy.loading import model_from_text
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.run.scenario import parse_assignment
from allocation.texts import Both


def corrected(reward):
    """A correction: one county got too much, one too little, two what they should."""
    right = awards(reward)
    before = dict(right, **{"210702": right["210702"] + 30, "210726": right["210726"] - 12})
    found = attached(reward.model, reward.table, correction=Approved("2017 正式稿", before, 2018))
    return run_model(found.model, found.table, found.changes)


def shipped(name: str, *changes: str):
    found = find(name, None, None)
    return run_model(found.model, found.table, [parse_assignment(text) for text in changes], reference=True)


@pytest.mark.parametrize(
    ("lang", "code", "says"),
    [
        ("zh", "210702", "现扣回你区2017年落户奖励资金（示例）30万元（大写：人民币叁拾万元整）。"),
        ("zh", "210726", "现补发你县2017年落户奖励资金（示例）12万元（大写：人民币壹拾贰万元整）。"),
        ("zh", "210703", "现核定你区2017年落户奖励资金（示例）0万元（大写：人民币零元整）。"),
        ("en", "210702", "30 × 10,000 yuan (RMB three hundred thousand yuan only) is taken back."),
    ],
)
def test_an_amount_below_zero_is_taken_back_and_has_no_minus(reward, lang, code, says):
    run = corrected(reward)
    path = notice(run, run.table.codes.index(code), lang=lang)
    order = next(text for text in sentences(path) if says[-20:] in text)
    assert says in order and "-" not in order.replace("one-", "")
    signed = {"210702": "-30", "210726": "12", "210703": "0"}[code]
    assert signed in [one[1] for one in rows(path) if one[0] in ("差额", "Difference")]


def test_a_correction_says_what_was_before_what_is_right_and_when_the_difference_is_settled(reward):
    run, right = corrected(reward), awards(reward)
    old, new = int(right["210702"]) + 30, int(right["210702"])
    assert f"原核定{old}万元，更正后为{new}万元，多下达30万元，在2018年扣回。" in sentences(notice(run, 0))
    old, new = int(right["210726"]) - 12, int(right["210726"])
    texts, table = sentences(notice(run, 2)), {row[0] for row in rows(Path("letter.docx"))}
    assert f"原核定{old}万元，更正后为{new}万元，少下达12万元，在2018年补发。" in texts
    assert "应补发" in table and not table & {"应扣回", "办理方式"}


def test_a_settlement_takes_back_what_was_paid_beyond_the_award(reward, allocation):
    paid = {code: award + (25 if code == "210703" else -100) for code, award in awards(reward).items()}
    body = "".join(f"{code},{COUNTIES[code]},{int(value)}\n" for code, value in paid.items())
    Path("提前.csv").write_text(f"代码,名称,提前下达数\n{body}", encoding="utf-8")
    told = allocation("notices reward --advance 提前.csv")
    assert told.code == 0, told.text
    order = {code: sentences(FOLDER / f"{code}_{name}.docx")[3] for code, name in COUNTIES.items()}
    assert "现确定以后年度收回你区" in order["210703"] and "25万元（大写：人民币贰拾伍万元整）" in order["210703"]
    assert all("现下达" in order[code] and "100万元" in order[code] for code in order if code != "210703")
    due, early = int(awards(reward)["210703"]), int(paid["210703"])
    assert f"核定下达{due}万元，已提前下达{early}万元，待以后年度收回25万元（2018年25万元）。" in order["210703"]
    due, early = int(awards(reward)["210726"]), int(paid["210726"])
    assert f"核定下达{due}万元，已提前下达{early}万元，本次下达100万元。" in order["210726"]
    items = {code: [row[0] for row in rows(FOLDER / f"{code}_{name}.docx")] for code, name in COUNTIES.items()}
    assert "待以后年度收回" in items["210703"] and "待以后年度收回" not in items["210726"]
    assert "核定下达" in items["210726"] and "分配额" not in items["210726"]  # the same figure twice
    note = "\n".join(sentences(NOTE))
    assert "下达或补发合计300万元，扣回、收回或调减合计25万元" in note


def test_an_award_below_zero_is_a_reduction(reward):
    what = replace(handed(reward), figures=(Fraction(5), Fraction(0), Fraction(-5)))
    assert [what.action([row]) for row in range(3)] == ["act_issue", "act_level", "act_reduce"]


# ---- how it came about


def test_a_share_is_said_in_two_sentences_the_rule_and_ones_own(reward):
    assert sentences(notice(reward, 2))[-2:] == [
        "资金总额1,000万元，按得分占比分配，不低于下限，不高于上限，取整到1万元。",
        "你县得分196.857人，按占比计算应得约252.38万元，取整后分配额为252万元。",
    ]


@pytest.mark.parametrize(
    ("model", "place", "says"),
    [
        ("地方奖补", "甲河市", "你县应补额157万元，奖补额按上限核定为135万元。"),
        ("equalisation_transfer", "凌河区", "你县调整后缺口28,160万元，分配额按下限核定为10,080万元。"),
        ("incentive_fund", "黑山县", "据此按占比计算，分配额为873万元。"),  # rounding changed nothing
        ("land_quota", "太和区", "你县抵扣后应安排规模18公顷，即应挂钩规模22公顷减去盘活存量抵扣4公顷。据此"),
        ("surplus_quota", "太和区", "你县流转后可用节余指标2.7公顷，为节余指标1.5公顷、转入1.2公顷之和。"),
        ("meadowland", "石门县", "本省道路款9,000 crown，在北坡省所属各地之间按牧道长度占比分配，取整到1 crown。"),
        ("meadowland", "石门县", "打井款88,000 crown，按“得分 × 缺水程度”占比分配，"),
    ],
)
def test_bounds_sums_and_groups_are_said_in_words(model, place, says):
    run = shipped(model)
    row = run.table.names.index(place)
    assert says in "\n".join(reasons(Letters(run, "zh"), [run.model.award], [row], ["你县"], "你县"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (("hold_harmless=0%", "growth_cap_on=0"), "占比分配，取整到"),
        (("hold_harmless=50%", "growth_cap_on=0"), "占比分配，不低于下限，取整到"),
        (("hold_harmless=0%", "growth_cap_on=1"), "占比分配，不高于上限，取整到"),
        (("hold_harmless=50%", "growth_cap_on=1"), "占比分配，不低于下限，不高于上限，取整到"),
    ],
)
def test_a_letter_speaks_of_the_bounds_that_somebody_has_and_of_no_other(changes, says):
    run = shipped("incentive_fund", *changes)
    for row in range(len(run.table)):
        assert says in "\n".join(reasons(Letters(run, "zh"), [run.model.award], [row], ["你县"], "你县"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_letter_of_a_shipped_model_speaks_in_formulas(lang):
    for name in ("bond_limit", "incentive_fund", "infrastructure_subsidy", "land_quota", "surplus_quota", "地方奖补"):
        run = shipped(name)
        for row in range(len(run.table)):
            told = reasons(Letters(run, lang), [run.model.award], [row], ["你县"], "你县")
            text = "\n".join(told)
            assert not [sign for sign in ("=", "≈", "÷", "分配水平", "level", "条件") if sign in text]
            assert all(line.endswith("。" if lang == "zh" else ".") for line in told), name
            assert told or not run.figures(run.model.award)[row]


def test_a_formula_of_another_kind_leaves_the_section_out_with_its_heading(reward):
    start = reward.model.text.index('formula = "largest_remainder')
    end = reward.model.text.index("\n", start)
    text = reward.model.text[:start] + 'formula = "pool / 4 * 1"' + reward.model.text[end:]
    run = run_model(model_from_text(text, "reward.toml"), reward.table)
    assert sentences(notice(run, 2))[-1] == "本地数额"


# ---- names, sources, capitals


def test_land_is_issued_as_a_quota_and_several_towns_have_their_sum():
    found = find("land_quota", None, None)
    run = run_model(found.model, found.table)
    row = run.table.names.index("黑山县县城")
    total = run.figures("quota")[row] + run.figures("quota")[7]
    out = notice(run, row, 7)
    texts, table = sentences(out), rows(out)
    assert texts[0] == "关于下达2017年新增建设用地指标的通知"
    assert f"现下达你县2017年新增建设用地指标{float(total):.4f}公顷。" in texts
    assert table[0] == ["项目", "黑山县县城", run.table.names[7], "合计", "单位"]
    assert [one[3] for one in table if one[0] == "新增建设用地指标"] == [f"{float(total):.4f}"]
    assert [one[3] for one in table if one[0] == "适用人均标准"] == [""]  # a rate has no sum
    assert any(one.startswith("黑山县县城抵扣后应安排规模") for one in texts)


@pytest.mark.parametrize(
    ("name", "zh"),
    [("锦州市", "你市"), ("义县", "你县"), ("太和区", "你区"), ("示例镇", "你镇"), ("锦州市本级", "你单位")],
)
def test_a_reader_is_spoken_to_by_what_it_is(name, zh):
    assert you(name) == Both(zh, "You")


@pytest.mark.parametrize(
    ("source", "as_cited"),
    [
        ("财预〔2016〕162号（未见原文，据记忆）", "财预〔2016〕162号"),
        ("国土资发〔2016〕123号（人均 100 平方米档见公开文本；80 档（含）未见原文，据记忆）", "国土资发〔2016〕123号"),
        ("锦州市实施方案（2017年8月30日）第（八）项", "锦州市实施方案（2017年8月30日）第（八）项"),
        ("财综〔2019〕31号第八条（因素公式）", "财综〔2019〕31号第八条（因素公式）"),
    ],
)
def test_a_letter_cites_the_number_and_keeps_to_itself_how_far_it_was_read(source, as_cited):
    assert cited(source) == as_cited


def test_no_letter_of_a_shipped_model_says_what_was_not_seen():
    for name in ("bond_limit", "incentive_fund", "land_quota", "surplus_quota"):
        run = shipped(name)
        assert any("据记忆" in source for source in run.model.basis)
        text = "\n".join(lines(notice(run, 0)))
        assert "依据：" in text and "未见" not in text and "据记忆" not in text


def test_the_name_of_the_fund_has_no_word_for_sharing_out():
    names = {name: fund(shipped(name)).zh for name in ("provincial_fund", "meadowland", "bond_limit")}
    assert names == {
        "provincial_fund": "省级市民化奖励资金（虚构省）",
        "meadowland": "草原国水井基金（虚构）",
        "bond_limit": "新增地方政府债务限额",
    }


def test_an_amount_that_is_no_whole_fen_is_refused_unless_no_words_are_asked_for(reward, folder):
    text = reward.model.text.replace("largest_remainder(pool, bounded_share(pool, claim, floor, cap), to = 1)",
                                     "bounded_share(pool, claim, floor, cap)")  # fmt: skip
    run = run_model(model_from_text(text, "reward.toml"), reward.table)
    with pytest.raises(AllocationError) as caught:
        write_notice(Letters(run, "zh"), open_template(SHIPPED / "notice.zh.docx"), [2])
    assert [one.id for one in caught.value.problems] == ["notices.part_of_fen"]
    assert "黑山县" in caught.value.text("zh")
    assert filled(run, template(folder / "t.docx", "{县名}{金额}"))[1].startswith("黑山县")


def test_what_is_not_money_has_no_capitals(folder):
    shutil.copy(ROOT / "models" / "land_quota.toml", "models")
    run = shipped("land_quota")
    assert "大写" not in "\n".join(sentences(notice(run, 0)))
