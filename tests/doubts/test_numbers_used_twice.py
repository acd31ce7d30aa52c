"""Two batches of a fund are not issued under one number of document in silence: it is mostly a case copied."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocation.doubts.numbered import number_doubts, plain_number
from allocation.texts import Both

ISSUE = "--stage 正式稿 --date 2018-03-09 --reason 下达"


def case(folder: Path, batch: str, number: str, pool: int = 300) -> str:
    name = f"{batch}.toml".replace(" ", "")
    text = f'''model = "reward"
table = "inputs/reward.csv"
[facts]
budget_year = 2017
batch = "{batch}"
number = "{number}"
[settings]
pool = {{ value = {pool}, state = "已定", basis = "文件" }}
floor_rate = 0
'''
    (folder / name).write_text(text, encoding="utf-8")
    return name


@pytest.mark.parametrize("number", ["锦财指〔2018〕12号", "锦财指(2018) 12 号"])
@pytest.mark.parametrize("command", [f"run {{}} {ISSUE}", "notices {}"])
def test_a_batch_under_the_number_of_another_stops(allocation, folder, command, number):
    first = allocation(f"run {case(folder, '追加', '锦财指〔2018〕12号')} {ISSUE}")
    assert first.code == 0, first.text
    told = allocation(command.format(case(folder, "追加 第2批", number)))
    assert told.code == 2 and not [*folder.rglob("*第2批*正式稿*"), *folder.rglob("*.docx")]
    assert "待核事项 number-" in told.err and number in told.err and "追加 正式稿 第1稿" in told.err


def test_its_own_number_again_another_one_and_one_to_come_say_nothing(allocation, folder):
    first = case(folder, "追加", "锦财指〔2018〕12号")
    assert allocation(f"run {first} {ISSUE}").code == 0
    assert "number-" not in allocation(f"check {first}").text and allocation(f"notices {first}").code == 0
    for number in ("锦财指〔2018〕13号", "锦财指〔2018〕 号", "锦财指〔2018〕112号", ""):
        told = allocation(f"run {case(folder, '追加 第2批', number, pool=310)}")
        assert told.code == 0 and "number-" not in told.text, told.text


@pytest.mark.parametrize("number", ["", "锦财指〔2018〕   号"])
def test_a_copied_batch_without_a_number_is_not_issued_twice_in_silence(allocation, folder, number):
    assert allocation(f"run {case(folder, '追加', '锦财指〔2018〕12号')} {ISSUE}").code == 0
    copied = case(folder, "追加 第2批", number)
    told = allocation(f"run {copied} {ISSUE}")
    assert told.code == 2 and "待核事项 number-" in told.err and "追加 正式稿 第1稿" in told.err
    (doubt,) = {word for word in told.err.replace("=", " ").split() if word.startswith("number-")}
    said = 'reason = "确实再下达", basis = "文件", prepared = "张三", reviewed = "李四", date = "2018-03-09"'
    with (folder / copied).open("a", encoding="utf-8") as file:
        file.write(f"[resolved]\n{doubt} = {{ {said} }}\n")
    told = allocation(f"run {copied} {ISSUE}")
    assert told.code == 0, told.text
    assert allocation(f"run {case(folder, '追加 第3批', number, pool=290)} {ISSUE}").code == 0


def test_another_kind_of_batch_on_the_same_figures_is_no_copy(allocation, folder):
    assert allocation(f"run {case(folder, '提前下达', '锦财指〔2018〕12号')} {ISSUE}").code == 0
    assert "number-" not in allocation(f"run {case(folder, '追加', '')}").text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("锦财指〔2018〕12号", "锦财指201812"),
        ("锦财指 [2018] 12", "锦财指201812"),
        ("锦财指〔2018〕   号", ""),
        ("锦财指〔2018〕", ""),
        ("", ""),
        ("（待定）", ""),
    ],
)
def test_a_number_is_known_by_its_letters_and_digits_once_it_has_one(text, plain):
    assert plain_number(text) == plain


def test_numbers_that_are_still_to_come_are_no_number_of_another():
    assert not [*number_doubts("锦财指〔2018〕 号", "", {"": [Both("追加", "supplement")]})]
