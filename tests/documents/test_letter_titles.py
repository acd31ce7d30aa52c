"""Where a title is broken: between words, never inside a name, 《…》 or a number with its unit."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import docx
from letters import notice
from word import template

from allocation.documents.placeholders import Filling, fill
from allocation.documents.titles import title_lines
from allocation.texts.widths import text_width

ROOM = 40.0
FUNDS = ("农业转移人口市民化奖励资金", "新增地方政府债务限额", "城市基础设施建设补助资金",
         "省级市民化奖励资金（虚构省）", "衔接推进乡村振兴补助资金")  # fmt: skip
ACTS = ("下达", "提前下达", "追加下达", "收回", "核定", "抵减待收回")
YEARS = ("", "2017年", "2024年度", "2024年第2批")


def test_a_line_holds_whole_names_and_no_line_is_too_long_or_a_stump():
    for fund, act, year in product(FUNDS, ACTS, YEARS):
        title = f"关于{act}{year}{fund}的通知"
        lines = title_lines(title, ROOM, (fund,))
        assert "".join(lines) == title
        assert all(text_width(line) <= ROOM for line in lines)
        assert any(fund.partition("（")[0] in line for line in lines), lines
        assert not any(re.match("的|》|）|、|通知$|年", line) for line in lines) and lines[0] != "关于"
        assert all(text_width(line) >= 8 for line in lines)


def test_a_name_longer_than_a_line_is_broken_between_its_words():
    fund = "城乡居民基本养老保险中央财政补助资金"
    lines = title_lines(f"关于下达2024年{fund}的通知", ROOM, (fund,))
    assert lines == ("关于下达2024年城乡居民", "基本养老保险中央财政补助资金的通知")


def test_a_number_with_its_unit_and_a_document_number_are_not_broken():
    for cut in range(10, 40):
        title = f"关于转发{'甲' * (cut % 7)}《农村用地办法》（辽财预〔2017〕99号）和下达2017年度12,000万元资金的通知"
        lines = title_lines(title, float(cut + 20))
        for whole in ("辽财预〔2017〕99号", "2017年度", "12,000万元", "《农村用地办法》"):
            assert len(lines) == 1 or any(whole in line for line in lines), lines


def test_english_titles_are_broken_between_words():
    lines = title_lines("Notice: Construction land quota linked to settled people, issued in advance, 2017", ROOM)
    assert len(lines) > 1 and " ".join(lines).split() == [word for line in lines for word in line.split()]
    assert not any(line.strip() == "2017" for line in lines)


def test_three_lines_are_no_hourglass():
    title = "关于提前下达2024年中央财政农业转移人口市民化奖励资金（第二批）的通知"
    lines = title_lines(title, ROOM, ("中央财政农业转移人口市民化奖励资金（第二批）",))
    wide = [text_width(line) for line in lines]
    assert lines == ("关于提前下达2024年", "中央财政农业转移人口市民化奖励资金", "（第二批）的通知")
    assert not wide[0] > wide[1] < wide[2]


def test_the_letter_has_the_breaks_and_a_title_broken_by_hand_keeps_its_own(reward, folder):
    titles = [paragraph.text for paragraph in docx.Document(notice(reward, 2)).paragraphs if "关于" in paragraph.text]
    assert titles == ["关于下达2017年\n落户奖励资金（示例）的通知"]
    path = template(Path("own.docx"), "{县名}{金额}")
    document = docx.Document(path)
    title = document.add_paragraph()
    title.alignment = 1
    title.add_run("关于下达").font.size = docx.shared.Pt(22)
    title.add_run().add_break()
    title.add_run("{资金名称}有关事项有关事项有关事项有关事项的通知").font.size = docx.shared.Pt(22)
    fill(document, Filling({"county": "甲县", "amount": "1", "fund": "农业转移人口市民化奖励资金"}))
    assert title.text.count("\n") == 1


def test_a_line_of_the_text_is_no_title(reward, folder):
    paragraphs = docx.Document(notice(reward, 2)).paragraphs
    assert not any("\n" in paragraph.text for paragraph in paragraphs if "关于" not in paragraph.text)
