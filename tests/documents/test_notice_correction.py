"""notices --correction: each county whose amount changed gets a notice of what is paid in addition or taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from word import lines, rows, sentences

PLACE = Path("outputs/reward_2017_更正通知")
RIGHT = "--set floor_rate=100%"  # 凌河区 is below last year's amount: it gains, and the others lose


@pytest.fixture
def issued(allocation):
    told = allocation("run reward --stage 正式稿 --date 2018-01-05")
    assert told.code == 0, told.text
    return told


def figures(label: str) -> dict[str, int]:
    found = {path.stem.split("_")[1]: rows(path) for path in PLACE.glob("*.docx")}
    return {name: int(row[1]) for name, table in found.items() for row in table if row[0] == label}


def test_a_county_whose_amount_changed_has_its_notice_and_the_others_have_none(issued, allocation):
    table = Path("inputs/reward.csv")
    table.write_text(table.read_text("utf-8").replace("小城市,90,", "小城市,89,").replace(",680,", ",679,"), "utf-8")
    told = allocation("notices reward --correction --date 2018-03-01")
    assert told.code == 0, told.text
    before, after = figures("原核定"), figures("更正后")
    assert set(before) == {"凌河区", "黑山县", "凌海市"} and all(before[name] != after[name] for name in before)
    assert sorted(path.suffix for path in PLACE.iterdir()) == [".docx"] * len(before) + [".xlsx"] * len(before)
    assert sum(after.values()) == sum(before.values())
    assert f"已写出 {len(before)} 份通知到 {PLACE.as_posix()}/" in told.out
    assert "更正通知，对照正式稿 第1稿" in told.out
    for name in before:
        (path,) = PLACE.glob(f"*_{name}.docx")
        verb = "补发" if after[name] > before[name] else "扣回"
        texts = sentences(path)
        assert texts[0] == f"关于{verb}2017年落户奖励资金（示例）的通知"
        moved = abs(after[name] - before[name])
        assert any(f"现{verb}你{name[-1]}2017年落户奖励资金（示例）{moved}万元（大写：" in text for text in texts)
        assert any(text.endswith(f"下达{moved}万元，在2018年{verb}。") for text in texts)
    assert "更正测算说明" in lines(Path("outputs/reward_2017_更正测算说明.docx"))[0]
    journal = Path("outputs/journal.csv").read_text("utf-8-sig")
    assert journal.count(",notices --correction,reward,2017,") == 2 * len(before) + 1


def test_the_notices_of_a_correction_on_record_are_set_against_what_it_corrected(issued, allocation):
    asked = f"{RIGHT} --date 2018-03-01"
    told = allocation(f"correct reward {asked} --reason 保基数应为100% --settle-year 2019")
    assert told.code == 0, told.text
    told = allocation(f"notices reward --correction {asked}")
    assert told.code == 0, told.text
    assert "更正通知，对照正式稿 第1稿" in told.out
    differences = figures("差额")
    assert differences and sum(differences.values()) == 0 and 0 not in differences.values()
    assert all("在2019年" in "".join(sentences(path)) for path in PLACE.glob("*.docx"))


def test_notices_that_are_not_those_of_the_correction_on_record_are_refused(issued, allocation):
    assert allocation(f"correct reward {RIGHT} --reason 保基数 --date 2018-03-01").code == 0
    told = allocation("notices reward --correction --set floor_rate=50%")
    assert told.code == 2 and "与最近登记的更正 第1稿" in told.err and not PLACE.exists()


def test_options_that_are_not_typed_again_still_hold_from_the_correction_on_record(issued, allocation):
    assert allocation(f"correct reward {RIGHT} --reason 保基数 --date 2018-03-01").code == 0
    told = allocation("notices reward --correction")
    assert told.code == 0 and "floor_rate=1" in told.out and "对照正式稿 第1稿" in told.out


def test_where_nothing_moves_there_is_nothing_to_write(issued, allocation):
    told = allocation("notices reward --correction")
    assert told.code == 2 and "正式稿 第1稿" in told.err and not PLACE.exists()


def test_without_a_final_version_there_is_nothing_to_correct(allocation):
    told = allocation("notices reward --correction")
    assert told.code == 2 and "正式稿" in told.err and not Path("outputs").exists()


def test_the_year_of_settlement_is_for_corrections_only(allocation):
    told = allocation("notices reward --settle-year 2019")
    assert told.code == 2 and "请同时写 --correction" in told.err and not Path("outputs").exists()


def test_a_correction_in_english_speaks_of_the_same_year(issued, allocation):
    told = allocation(f"notices reward --correction {RIGHT} --lang en --settle-year 2020")
    assert told.code == 0 and "Notices of a correction of" in told.out
    texts = "".join("".join(sentences(path)) for path in Path("outputs/reward_2017_correction_notices").glob("*.docx"))
    assert "is taken back in 2020." in texts and "is paid in 2020." in texts
