"""What a run wrote is not taken for a table: its marks, adjustments and estimates would be lost without a word."""

from __future__ import annotations

import pytest


@pytest.fixture
def results(allocation, folder):
    assert allocation("run reward").code == 0
    return folder / "outputs"


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("ending, words", [("xlsx", "数据出自 reward.csv"), ("json", "这是 JSON 文件")])
def test_a_result_is_refused_as_a_table_with_the_way_out(allocation, contents, results, command, ending, words):
    before = contents()
    told = allocation(f"{command} reward --input outputs/reward.{ending}")
    assert told.code == 2 and words in told.err and f"reward.{ending}" in told.err
    assert contents() == before


def test_a_renamed_result_is_known_by_what_is_in_it(allocation, results):
    (results / "reward.xlsx").rename(results / "我的表.xlsx")
    assert "本程序写出的" in allocation("run reward --input outputs/我的表.xlsx").err


def test_a_timeline_is_refused_too(allocation, folder):
    head, *rows = (folder / "inputs/reward.csv").read_text(encoding="utf-8-sig").splitlines()
    lines = [f"年度,{head}", *(f"2018,{row}" for row in rows)]
    (folder / "own.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert allocation("timeline reward --input own.csv --set pool=1000 --until 2019").code == 0
    told = allocation("run reward --input outputs/reward_timeline.xlsx")
    assert told.code == 2 and "本程序写出的工作簿" in told.err
