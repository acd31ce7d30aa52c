"""notices --correction: each county whose amount changed gets a notice of what is paid in addition or taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from word import lines, rows, sentences

PLACE = Path("outputs/reward_2017_更正通知")
RIGHT = "--set floor_rate=100%"  # 凌河区 is below last year's amount: it gains, and the others lose


FEWER = '--set "settled@黑山县=60"'


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
    assert journal.count(",notices --correction,reward,2017,") == 2 * len(before) + 2  # note and record


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
    told = allocation("notices reward --settle-year 2019 --original 辽财1号 --reason 错")
    assert told.code == 2 and told.err.count("请同时写 --correction") == 3 and not Path("outputs").exists()


def test_a_correction_in_english_speaks_of_the_same_year(issued, allocation):
    told = allocation(f"notices reward --correction {RIGHT} --lang en --settle-year 2020")
    assert told.code == 0 and "Notices of a correction of" in told.out
    texts = "".join("".join(sentences(path)) for path in Path("outputs/reward_2017_correction_notices").glob("*.docx"))
    assert "is taken back in 2020." in texts and "is paid in 2020." in texts


def test_another_year_or_reason_than_those_on_record_is_refused(issued, allocation):
    told = allocation(f"correct reward {RIGHT} --date 2018-03-01 --reason 保基数 --settle-year 2019")
    assert told.code == 0, told.text
    told = allocation(f"notices reward --correction {RIGHT} --settle-year 2020 --reason 别的")
    assert told.code == 2 and not PLACE.exists()
    assert "更正登记的办理年度是 2019 年" in told.err and "更正原因已登记为“保基数”" in told.err
    told = allocation(f"notices reward --correction {RIGHT} --settle-year 2019 --reason 保基数")
    assert told.code == 0, told.text
    assert all("在2019年" in "".join(sentences(path)) for path in PLACE.glob("*.docx"))


def letters() -> dict[str, str]:
    return {path.stem.split("_")[1]: "\n".join(sentences(path)) for path in PLACE.glob("*.docx")}


def test_the_number_of_the_notice_the_reason_and_what_changed_are_told(issued, allocation):
    told = allocation(f"correct reward {FEWER} --date 2018-03-01 --reason 落户人数多报。")
    assert told.code == 0, told.text
    told = allocation(f"notices reward --correction {FEWER} --original 锦财〔2017〕99号 --code 1100202")
    assert told.code == 0 and "--original" not in told.out and "--reason" not in told.out
    found = letters()
    assert all(
        "对锦财〔2017〕99号予以更正，现" in text and "更正原因：落户人数多报。" in text for text in found.values()
    )
    assert "更正事项：落户人数（人）由90改为60。" in found["黑山县"]
    assert "你区的数据没有变动，因其他数据更正，按同一办法重新测算。" in found["古塔区"]
    assert [name for name, text in found.items() if "由90改为60" in text] == ["黑山县"]
    assert {name: "预算科目" in text for name, text in found.items() if name in ("古塔区", "黑山县")} == {
        "古塔区": True,
        "黑山县": False,  # what is taken back
    }


def test_a_parameter_that_was_changed_is_told_to_everybody(issued, allocation):
    assert allocation(f"notices reward --correction {RIGHT} --reason 保基数比例有误").code == 0
    found = letters()
    assert found and all("更正事项：保基数比例由50%改为100%。" in text for text in found.values())
    assert all("更正原因：保基数比例有误。" in text for text in found.values())


def test_what_was_not_given_of_a_correction_is_asked_for_and_left_out(issued, allocation):
    told = allocation(f"notices reward --correction {RIGHT}")
    assert told.code == 0 and "--original" in told.out and "--reason" in told.out
    assert not [text for text in letters().values() if "予以更正" in text or "更正原因" in text]


def test_a_reason_that_names_a_county_goes_to_that_county_alone(issued, allocation):
    told = allocation(f"notices reward --correction {FEWER} --reason 黑山县落户人数多报")
    assert told.code == 0 and "更正原因里写了地区名称（黑山县）" in told.out
    assert [name for name, text in letters().items() if "更正原因" in text] == ["黑山县"]


def test_after_a_settlement_a_gain_is_set_off_against_what_is_still_owed(allocation, folder):
    Path("提前.csv").write_text("代码,名称,提前下达数\n210702,古塔区,900\n", encoding="utf-8")
    assert allocation("run reward --stage 正式稿 --date 2018-01-05 --advance 提前.csv").code == 0
    told = allocation(f"notices reward --correction {FEWER} --advance 提前.csv --code 1100202")
    assert told.code == 0, told.text
    found, moved = letters(), figures("差额")
    gain, owed = moved["古塔区"], figures("原待收回")["古塔区"]
    assert gain > 0 and f"现抵减待收回你区2017年落户奖励资金（示例）{gain}万元" in found["古塔区"]
    assert (
        f"少下达{gain}万元，抵减待收回{gain}万元。\n原待收回{owed}万元，更正后待收回{owed - gain}万元。"
        in found["古塔区"]
    )
    assert "预算科目" not in found["古塔区"] and "预算科目" in found["凌河区"]
    assert f"少下达{moved['凌河区']}万元，在2018年补发。" in found["凌河区"] and "待收回" not in found["凌河区"]
    note = rows(Path("outputs/reward_2017_更正测算说明.docx"))
    assert ["办理方式", "差额为正的先抵减待收回，余下补发；为负的加收；为 0 的不变", ""] in note


def test_the_note_on_a_correction_says_the_year_and_the_handling_in_plain_words(issued, allocation):
    assert allocation(f"notices reward --correction {RIGHT}").code == 0
    table = {row[0]: row[1] for row in rows(Path("outputs/reward_2017_更正测算说明.docx"))}
    assert table["抵扣或补发年度"] == "2018年"
    assert table["办理方式"] == "差额为正的补发，为负的扣回，为 0 的不变"


def test_the_year_of_settlement_is_no_change_that_is_told(issued, allocation):
    assert allocation(f"correct reward {RIGHT} --reason 保基数 --date 2018-03-01").code == 0
    again = f"{RIGHT} {FEWER} --reason 落户人数多报 --date 2019-03-01"
    assert allocation(f"correct reward {again} --settle-year 2020").code == 0
    told = allocation(f"notices reward --correction {again}")
    assert told.code == 0, told.text
    found = letters()
    assert "更正事项：落户人数（人）由90改为60。" in found["黑山县"] and "年度" not in "".join(found.values())
    assert all("原核定" in text and "在2020年" in text for text in found.values())


def test_the_result_of_a_correction_gives_no_ordinary_letters(issued, allocation):
    """They would bear the number of the first letter, and say neither what they put right nor why."""
    assert allocation(f"correct reward {RIGHT} --reason 保基数").code == 0
    (corrected,) = Path("outputs/versions").glob("*更正*.xlsx")
    told = allocation(["notices", str(corrected)])
    assert told.code == 2 and "--correction" in told.err and not list(Path("outputs").glob("*通知*"))
