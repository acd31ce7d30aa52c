"""A question made by hand is the one that a command asks: the same bytes, the same refusal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from allocation.errors import AllocationError
from allocation.files.destination import destination
from allocation.office.asked import RunQuestion, SharedOptions
from allocation.office.asking import open_run
from allocation.record.reading import read_record
from allocation.record.recording import record_of
from allocation.xlsx.files import targets, writers
from allocation.xlsx.importing import find_mapping

FUNDS = "来源,文号,金额\n中央奖励资金,财预1号,800\n市级配套,锦财指3号,100\n"
DAY = "2018-03-05"
PLAIN = RunQuestion(model="reward")
SETTINGS = ("pool=900", "settled@210726=77")
SAID = SharedOptions(parts={"sources": "来源.csv"}, crosswalk=Path("撤并.csv"), unused=("备注",), out=Path("out"))
ASKED = {
    "": PLAIN,
    "--input inputs/reward.csv --data-year 2017 --set pool=900 --set settled@210726=77 --reference": replace(
        PLAIN,
        table=Path("inputs/reward.csv"),
        settings=SETTINGS,
        reference=True,
        options=SharedOptions(data_year=2017),
    ),
    "--float --sources 来源.csv --recipients inputs/recipients_reward.csv": replace(
        PLAIN, options=SharedOptions(parts={"sources": "来源.csv"}, recipients=Path("inputs/recipients_reward.csv"))
    ),
}
REFUSED = {
    "--set pool": replace(PLAIN, settings=("pool",)),
    "--sources 来源.csv --set pool=900": replace(
        PLAIN, settings=SETTINGS[:1], options=SharedOptions(parts={"sources": "来源.csv"})
    ),
    "--sources 来源.csv --crosswalk 撤并.csv --unused 备注 --set pol=1": replace(
        PLAIN, settings=("pol=1",), options=SAID
    ),
    "--input none.csv --sources none.xlsx": replace(
        PLAIN, table=Path("none.csv"), options=SharedOptions(parts={"sources": "none.xlsx"})
    ),
}


@pytest.fixture
def beside(folder):
    """What a question may name."""
    (folder / "来源.csv").write_text(FUNDS, encoding="utf-8")


def asked(question: RunQuestion) -> RunQuestion:
    """As the commands below ask, which write to `out`."""
    return replace(question, options=replace(question.options, out=Path("out")))


@pytest.mark.parametrize("words", ASKED)
def test_a_question_made_without_click_comes_to_the_bytes_of_the_command(allocation, folder, beside, words):
    assert allocation(f"run reward --out out --date {DAY} {words}").code == 0
    theirs = {path.name: path.read_bytes() for path in (folder / "out").glob("reward*")}
    command = read_record(theirs["reward.json"], "reward.json").command
    material, run = open_run(asked(ASKED[words]), floating="--float" in words)
    files = targets(destination("own"), "reward")
    files["workbook"].parent.mkdir()
    record = record_of(run, command, DAY)
    for path, write in writers(run, files, "zh", record, find_mapping(material.model, material.models_folder)).items():
        write(path)
    ours = {path.name: path.read_bytes() for path in (folder / "own").glob("reward*")}
    assert {*theirs} >= {"reward.xlsx", "reward.csv", "reward.json"}
    assert [name for name in theirs if theirs[name] != ours[name]] == []


def test_those_questions_come_to_different_runs(folder, beside):
    awards = {tuple(open_run(question)[1].amounts("award")) for question in ASKED.values()}
    assert len(awards) == len(ASKED)


@pytest.mark.parametrize("words", REFUSED)
def test_a_question_made_without_click_is_refused_in_the_words_of_the_command(allocation, beside, words):
    told = allocation(f"run reward --out out {words}")
    with pytest.raises(AllocationError) as refused:
        open_run(asked(REFUSED[words]))
    said = [problem.text("zh") for problem in refused.value.problems]
    assert told.code == 2 and said and [line for line in said if line not in told.err] == []
