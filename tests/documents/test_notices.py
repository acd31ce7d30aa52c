"""notices: a county's notice says its own figures, those of the run, in figures and capitals, and nobody else's."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from letters import COUNTIES, FOLDER, GIVEN, NOTE, awards, notice
from openpyxl import load_workbook
from word import lines, parts, rows, sentences

from allocation.documents.capitals import capitals, spelled
from allocation.documents.notices import handed
from allocation.errors import AllocationError
from allocation.policy.loading import model_from_text
from allocation.run.finding import find
from allocation.run.run import run_model


def test_a_model_that_hands_nothing_out_gives_no_notice():
    found = find("ppp_affordability", None, None)
    with pytest.raises(AllocationError) as caught:
        handed(run_model(found.model, found.table, reference=True))
    assert [one.id for one in caught.value.problems] == ["notices.nothing_handed"]


def test_each_county_has_a_notice_and_a_workbook_and_the_note_lies_beside_what_is_sent_out(sent):
    told = sent()
    stems = [f"{code}_{name}" for code, name in COUNTIES.items()]
    wanted = sorted(f"{stem}{ending}" for stem in stems for ending in (".docx", ".xlsx"))
    assert sorted(path.name for path in FOLDER.iterdir()) == wanted
    assert NOTE.is_file() and f"已写出测算说明（内部，不下发） {NOTE.as_posix()}" in told.out
    assert "已写出 4 份通知到 outputs/reward_2017_通知/" in told.out
    assert "没有写" not in told.out


def test_the_amount_stands_in_figures_and_in_capitals_as_the_run_gives_it(sent, reward):
    sent()
    for code, award in awards(reward).items():
        texts, kind = sentences(FOLDER / f"{code}_{COUNTIES[code]}.docx"), COUNTIES[code][-1]
        words = capitals(award * 10000)
        order = f"现下达你{kind}2017年落户奖励资金（示例）{int(award)}万元（大写：{words}）。列预算科目：1100202。"
        assert texts[0] == "关于下达2017年落户奖励资金（示例）的通知"
        assert f"根据辽财预〔2017〕99号，{order}" in texts
        assert f"{COUNTIES[code]}财政局：" in texts
        assert texts[-2:] == ["锦州市财政局", "2017年10月31日"]
    assert sum(awards(reward).values()) == 1000


def test_the_table_and_the_workbook_have_the_countys_own_row(sent, reward):
    sent()
    for code, award in awards(reward).items():
        path = FOLDER / f"{code}_{COUNTIES[code]}.docx"
        assert ["分配额", str(int(award)), "万元"] in rows(path)
        book = load_workbook(path.with_suffix(".xlsx"))
        (sheet,) = [sheet for sheet in book if sheet.sheet_state == "visible"]
        values = [cell.value for row in sheet.iter_rows() for cell in row]
        assert COUNTIES[code] in values and int(award) in values


def test_no_notice_and_no_workbook_names_another_county(sent):
    sent()
    for code, name in COUNTIES.items():
        others = [word for pair in COUNTIES.items() if pair[0] != code for word in pair]
        for ending in (".docx", ".xlsx"):
            for part, text in parts(FOLDER / f"{code}_{name}{ending}").items():
                assert [word for word in others if word in text] == [], (name, part)
    note = parts(NOTE)["word/document.xml"]
    assert [word for pair in COUNTIES.items() for word in pair if word in note] == []


def test_a_sentence_that_names_another_county_is_left_out(reward):
    text = reward.model.text.replace('zh = "资金总额"', 'zh = "黑山县等四地资金总额"')
    run = run_model(model_from_text(text, "reward.toml"), reward.table)
    for row, told in ((0, False), (2, True)):
        texts = lines(notice(run, row))
        assert ("黑山县等四地资金总额" in "".join(texts)) is told
        assert any("按占比计算应得" in line for line in texts)


def test_the_note_explains_the_whole_split(sent, reward):
    sent()
    texts, made = sentences(NOTE), rows(NOTE)
    assert "本次测算4个地区，分配额合计1,000万元，资金总额1,000万元。" in texts
    assert ["保基数比例", "50 %", ""] in made
    listed = [row[1] for row in made if row[0].isdigit()]
    assert listed == [entry.label.zh for entry in reward.model.columns.values()]
    assert "通过：分配额合计 = 资金总额。" in texts


def test_the_note_lists_what_was_changed_but_not_what_was_set_to_itself(sent):
    sent("--set pool=1000 --set floor_rate=40%")
    changes = [line for line in sentences(NOTE) if line.startswith("参数和数据的改动")]
    assert changes == ["参数和数据的改动：保基数比例：50 % → 40 %。"]


def test_what_was_not_given_is_left_out_and_asked_for(sent):
    told = sent("")
    texts = sentences(FOLDER / "210726_黑山县.docx")
    assert texts[3].startswith("现下达你县2017年") and texts[3].endswith("元整）。")
    assert texts[-1].endswith("取整后分配额为252万元。")
    for option in ("--document", "--code", "--office", "--date"):
        assert option in told.out


def test_marks_stand_in_every_document(sent):
    sent()
    for path in [NOTE, *FOLDER.iterdir()]:
        text = "\n".join(parts(path).values())
        assert "示例数据" in text, path.name
        if path.suffix == ".docx":
            assert lines(path)[1] == "（示例数据）"


def test_a_trial_for_reference_says_so(allocation):
    told = allocation("notices dated@2017 --year 2023 --reference")
    assert told.code == 0, told.text
    written = [*Path("outputs/dated_2023_通知").glob("*.docx"), Path("outputs/dated_2023_测算说明.docx")]
    assert len(written) == 5 and all("参照测算" in lines(path)[1] for path in written)


def test_settings_adjustments_and_sources_reach_the_notices(sent):
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
        assert not re.search("调整|测算|市政府|灾后", text)
        assert sentences(path)[-3:] == ["本地数额", "锦州市财政局", "2017年10月31日"]  # one heading needs no number
    assert "黑山县" not in parts(NOTE)["word/document.xml"]
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
        assert sum(int(row[1]) for row in held if row[0] == f"应下达：{source}") == amount
    order = sentences(FOLDER / "210726_黑山县.docx")[3]
    assert re.search(r"资金来源：省级\d+万元、市级\d+万元。列预算科目", order)


def test_no_letter_shows_the_name_of_a_local_file(sent):
    body = "".join(f"{code},{name},{100 + place}\n" for place, (code, name) in enumerate(COUNTIES.items()))
    Path("提前.csv").write_text(f"代码,名称,提前下达数\n{body}", encoding="utf-8")
    sent(f"{GIVEN} --advance 提前.csv")
    for path in FOLDER.iterdir():
        text = "\n".join(parts(path).values())
        assert "提前.csv" not in text and "reward.csv" not in text, path.name
    assert "数据和附表：reward.csv、提前.csv。" in sentences(NOTE)


def test_a_strange_file_in_the_folder_stops_everything(sent):
    FOLDER.mkdir(parents=True)
    (FOLDER / "总表.xlsx").write_bytes(b"x")
    told = sent(GIVEN, code=2)
    assert "总表.xlsx" in told.err and [path.name for path in FOLDER.iterdir()] == ["总表.xlsx"]
    assert not NOTE.exists()


def test_a_notice_open_in_word_stops_everything(sent):
    FOLDER.mkdir(parents=True)
    (FOLDER / "~$210726_黑山县.docx").write_bytes(b"x")
    told = sent(GIVEN, code=2)
    assert "210726_黑山县.docx" in told.err
    assert [path.name for path in FOLDER.iterdir()] == ["~$210726_黑山县.docx"]


def test_every_file_has_its_line_in_the_journal(sent):
    sent()
    journal = Path("outputs/journal.csv").read_text("utf-8-sig").splitlines()
    assert len(journal) == 1 + len(list(FOLDER.iterdir())) + 2  # the note and the record
    amounts = [int(re.search(r",notices,reward,2017,.*?,(\d+) 万元,", line)[1]) for line in journal[1:]]
    assert (
        amounts.count(1000) == 2 and sum(amounts) == 4000
    )  # note and record; a letter and a workbook a county, each its own


def test_a_failing_check_writes_nothing(allocation):
    model = Path("models/reward.toml")
    extra = '\n[[check]]\nname = "never"\nzh = "总不成立"\nen = "Never"\nformula = "settled < 0"\n'
    model.write_text(model.read_text("utf-8") + extra, encoding="utf-8")
    told = allocation("notices reward")
    assert told.code == 1 and "总不成立" in told.text and not Path("outputs").exists()


def test_an_english_notice_says_the_same_amount(allocation, reward):
    told = allocation("notices reward --lang en --date 2017-10-31")
    assert told.code == 0 and "Wrote 4 notices" in told.out
    place = Path("outputs/reward_2017_notices")
    for code, award in awards(reward).items():
        texts = sentences(place / f"{code}_{COUNTIES[code]}.docx")
        words = f"{int(award)} × 10,000 yuan ({spelled(award * 10000)}) is issued."
        assert any(words in text for text in texts)
        assert texts[1] == "(illustrative data)" and texts[-1] == "2017-10-31"
    note = sentences(Path("outputs/reward_2017_note_on_the_calculation.docx"))
    assert "Places: 4. Award, total: 1,000 × 10,000 yuan; Pool: 1,000 × 10,000 yuan." in note


def test_a_county_without_a_year_has_no_year_in_its_notice(reward):
    run = replace(reward, tables=(replace(reward.table, year=None),))
    assert sentences(notice(run, 0))[0] == "关于下达落户奖励资金（示例）的通知"
