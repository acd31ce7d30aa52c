"""Commands as a Chinese keyboard or a document gives them: dashes, quotes and equals signs of another kind."""

from __future__ import annotations

import pytest

from allocation.commands.typed import mended

OPTIONS = {"--set", "--input", "--out", "--pool-from"}


@pytest.mark.parametrize("dashes", ["——", "—-", "—", "–", "--", "－－", "−−", "―"])
def test_a_known_option_is_one_whatever_its_dashes(dashes):
    assert mended([f"{dashes}set", "pool=900", f"{dashes}pool-from＝省.json"], OPTIONS) == [
        "--set",
        "pool=900",
        "--pool-from=省.json",
    ]


@pytest.mark.parametrize(
    "word", ["—", "——", "—附注", "--sett", "—sett=5", "-set", "a—set", "pool＝6", "“a”和“b”", '5"']
)
def test_any_other_word_stays_as_typed(word):
    assert mended([word], OPTIONS) == [word]


@pytest.mark.parametrize("word", ["“{}”", '"{}"', "‘{}’", "”{}“", "'{}'"])
def test_quotes_around_a_word_are_the_shell_s(word):
    words = ["pool=900", "inputs/表 1.xlsx", "", "——set"]
    assert mended([word.format(one) for one in words], OPTIONS) == [*words[:3], "--set"]


def test_a_command_copied_from_a_document_runs(allocation, folder):
    words = ["run", "reward", "——set", "“pool＝９００”", "—-input＝inputs/reward.csv", "–out", "“结果”"]
    told = allocation(words)
    assert told.code == 0 and (folder / "结果" / "reward.xlsx").exists(), told.text
    assert "900" in told.out
    again = allocation(["run", "reward", "--set", "pool=“900”", "--reason", "“追加”", "——lang＝en"])
    assert again.code == 2 and "Reason" in again.err or "reason" in again.err


def test_the_language_is_heard_from_an_option_with_long_dashes(allocation):
    told = allocation(["run", "reward", "--set", "pool=abc", "——lang", "en"])
    assert "a number is expected" in told.err


@pytest.mark.parametrize("command", ["run", "check", "sweep", "explain", "notices"])
def test_an_option_of_one_value_is_given_once(allocation, contents, command):
    before = contents()
    told = allocation(f"{command} reward --year 2017 --year=2018 --set pool=900 --set floor_rate=40%")
    assert told.code == 2 and "--year 写了不止一次" in told.err and "--set" not in told.err and contents() == before


def test_options_that_may_be_repeated_and_a_second_language_are_no_slip(allocation):
    told = allocation("run reward --set pool=900 --set floor_rate=40% --lang en --lang zh")
    assert told.code == 0 and "已写出" in told.out, told.text
