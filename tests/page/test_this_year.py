"""今年的事: a line a fund and batch, from what stands in the folder; what changed since somebody looked is marked."""

from __future__ import annotations

import datetime
import time

import pytest
from small_case import CASE

from allocation.case import NO_FACTS, IssueKey
from allocation.collecting.state import Kept, State, as_json
from allocation.office.this_year import Affair, this_year
from allocation.run.thirty_days import days_left

TODAY = datetime.date.today()


@pytest.fixture
def with_cases(folder):
    """One case that came twenty days ago, one of a second batch, one that cannot be read."""
    came = (TODAY - datetime.timedelta(20)).isoformat()
    (folder / "奖励.toml").write_text(
        CASE.replace("prepared", f'upper_received = "{came}"\nprepared'), encoding="utf-8"
    )
    (folder / "追加.toml").write_text(CASE.replace("prepared", 'batch = "追加"\nprepared'), encoding="utf-8")
    (folder / "坏.toml").write_text(CASE.replace("inputs/reward.csv", "inputs/没有.csv"), encoding="utf-8")
    return folder


def lines(folder) -> dict[str, Affair]:
    return {affair.file: affair for affair in this_year(folder).affairs}


def test_each_fund_and_batch_is_a_line_and_a_case_that_cannot_be_read_says_so(with_cases):
    told = lines(with_cases)
    assert {file: affair.waits_for for file, affair in told.items()} == {
        "奖励.toml": "run", "追加.toml": "run", "坏.toml": "case",
    }  # fmt: skip
    assert told["奖励.toml"].issue.batch != told["追加.toml"].issue.batch
    assert told["坏.toml"].unread and "没有.csv" in told["坏.toml"].unread[0].text("zh")


def test_thirty_days_are_counted_until_the_money_is_issued(with_cases):
    assert lines(with_cases)["奖励.toml"].days_left(TODAY.isoformat()) == 10
    assert lines(with_cases)["追加.toml"].days_left(TODAY.isoformat()) is None
    facts = lines(with_cases)["奖励.toml"].facts
    assert days_left(facts, (TODAY + datetime.timedelta(15)).isoformat()) == -5
    assert days_left(NO_FACTS, TODAY.isoformat()) is None


def test_a_version_on_record_gives_stage_and_total_to_its_own_batch_alone(with_cases, allocation):
    assert allocation("run 奖励.toml --stage 送审稿").code == 0
    told = lines(with_cases)
    assert (told["奖励.toml"].version.stage, told["奖励.toml"].waits_for) == ("review", "review")
    assert told["奖励.toml"].doubts == 0 and told["追加.toml"].version is None
    (with_cases / "奖励.toml").unlink()
    assert IssueKey("reward", 2017) in {affair.issue for affair in this_year(with_cases).affairs}


def test_a_case_tells_of_versions_that_were_made_from_it_and_of_no_others(with_cases, allocation):
    """A second case of the same fund, year and batch; a copy of the first that is called otherwise, and one renamed."""
    issued = CASE.replace("prepared", 'issued = "2017-06-01"\nprepared')
    (with_cases / "奖励.toml").write_text(issued, encoding="utf-8")
    (with_cases / "试2.toml").write_text(issued.replace("900", "800"), encoding="utf-8")
    (with_cases / "副本.toml").write_text(issued, encoding="utf-8")
    assert {lines(with_cases)[file].waits_for for file in ("奖励.toml", "试2.toml", "副本.toml")} == {"run"}
    assert allocation("run 奖励.toml --stage 送审稿").code == 0
    told = lines(with_cases)
    assert (told["奖励.toml"].version.stage, told["奖励.toml"].waits_for) == ("review", "review")
    assert [told[file].version for file in ("试2.toml", "副本.toml")] == [None, None] and "" not in told
    assert allocation("run 奖励.toml --stage 正式稿 --reason 审定").code == 0
    told = lines(with_cases)
    assert (told["奖励.toml"].waits_for, told["试2.toml"].waits_for) == ("nobody", "run")
    (with_cases / "副本.toml").unlink()
    (with_cases / "奖励.toml").rename(with_cases / "定稿.toml")
    assert lines(with_cases)["定稿.toml"].version.stage == "final"  # the very bytes it was made from
    (with_cases / "定稿.toml").unlink()
    told = lines(with_cases)
    assert (told[""].version.stage, told["试2.toml"].version) == ("final", None)  # on record, and of no case here


def test_a_county_of_which_no_return_has_come_is_waited_for(with_cases):
    table = (with_cases / "inputs" / "reward.csv").read_text(encoding="utf-8-sig").splitlines()
    codes = [line.split(",")[0] for line in table[1:] if line[0].isdigit()]
    come = {code: Kept("", "一.xlsx", "2017-03-01", {}) for code in codes[1:]}
    state = as_json(State("reward", 2017, "2017-03-02", {}, come))
    (with_cases / "outputs").mkdir()
    (with_cases / "outputs" / "reward_collected.json").write_text(state, encoding="utf-8")
    assert lines(with_cases)["奖励.toml"].waits_for == "returns"
    assert len(lines(with_cases)["奖励.toml"].missing) == 1
    (with_cases / "outputs" / "reward_collected.json").write_text("{", encoding="utf-8")
    assert this_year(with_cases).wrong and lines(with_cases)["奖励.toml"].missing is None


def test_what_changed_since_somebody_looked_is_marked(with_cases, server):
    def changed() -> dict[str, list[str]]:
        return {affair["file"]: affair["changed"] for affair in server.ask("year.look")["affairs"]}

    assert not any(changed().values())
    server.ask("year.seen")
    assert server.ask("year.look")["looked"] == TODAY.isoformat() and not any(changed().values())
    job = server.ask("year.approval", {"file": "奖励.toml"})
    while job["state"] in ("waiting", "running"):
        time.sleep(0.05)
        job = server.ask("job.look", {"job": job["id"]})
    assert job["state"] == "done" and not changed()["追加.toml"]
    words = {"step": "run", "filled": {"model": ["追加.toml"], "--stage": ["trial"]}}
    job = server.ask("week.start", words, "en")
    while job["state"] in ("waiting", "running"):
        time.sleep(0.05)
        job = server.ask("job.look", {"job": job["id"]})
    assert job["state"] == "done", job
    assert set(changed()["追加.toml"]) >= {"stage", "total"} and "stage" not in changed()["奖励.toml"]
