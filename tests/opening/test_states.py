"""States of a figure: 暂定 runs, marks every page and goes no further than a draft for comment; 未定 stands 待定."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import openpyxl
import pytest

from allocation.case import Batch, CaseFile, Facts, Setting, batch_of
from allocation.doubts.beside import VERSION, Beside, Listing
from allocation.doubts.policy import over_years
from allocation.opening.settings import with_case
from allocation.policy.stages import STAGES
from allocation.record.recording import record_of
from allocation.run.decisions import held_back
from allocation.run.finding import find_as_far
from allocation.run.marks import mark_keys, mark_words, year_text
from allocation.run.run import run_model
from allocation.run.scenario import parse_assignment
from allocation.verify.restoring import as_written, written_model

TABLE = Path("inputs/jinzhou_2017.xlsx")


def run_of(state: str, batch: str = "formal", address: str = "pool", value: int = 5000):
    """The run of the shipped table with one figure in a state, all others decided on."""
    found = find_as_far("incentive_fund", TABLE, None, [])
    settings = {
        entry.address(key): Setting(entry.address(key), None, "decided", "会议纪要")
        for entry in found.model.parameters.values()
        for key in entry.figures
    }
    settings["pool"] = Setting("pool", Fraction(5000), "decided", "会议纪要")
    settings[address] = Setting(address, Fraction(value), state, "会议纪要")
    case = CaseFile(TABLE, "incentive_fund", TABLE, Facts(batch=Batch(batch)), tuple(settings.values()))
    return run_model(with_case(found.model, case), found.table)


def problems(run, stage: str = "", outside: bool = False) -> list[str]:
    return [problem.id for problem in held_back(run, stage, outside)]


def test_an_expected_total_is_marked_and_goes_no_further_than_a_draft_for_comment():
    run = run_of("expected")
    assert "expected_total" in mark_keys(run) and "pending" not in mark_keys(run)
    assert [word["zh"] for word in mark_words(mark_keys(run))][-1] == "总额暂定"
    held = {stage: problems(run, stage) for stage in STAGES}
    free = {"trial", "consultation"}
    assert held == {stage: [] if stage in free else ["case.only_expected"] for stage in STAGES}
    assert problems(run, outside=True) == ["case.only_expected"]
    assert problems(run, "consultation", outside=True) == []


def test_the_first_main_issue_goes_without_saying_and_every_other_batch_is_told():
    run = run_of("decided")
    titles = {
        key: year_text(replace(run, facts=Facts(batch=batch_of(key))))["zh"]
        for key in ("formal", "formal.2", "advance")
    }
    assert titles == {"formal": "2017年", "formal.2": "正式下达（第2批）2017年", "advance": "提前下达2017年"}


def test_over_several_years_a_figure_is_as_unsettled_as_in_the_least_settled_of_them():
    models = {state: run_of(state).model for state in ("decided", "expected", "open")}
    for states in permutations(models, 2):
        joined = over_years(models[states[0]], [models[state] for state in states])["pool"]
        assert joined.state("") == max(states, key=list(models).index), states


def test_a_case_laid_beside_nothing_but_its_own_earlier_version_knows_of_no_list_of_units():
    """Who was left out of the first version is left out of the second: its own year's version is no list."""
    run = run_of("decided")
    own, last = Listing(VERSION, "own", (), 2017), Listing(VERSION, "last", (), 2016)
    held = {}
    for name, listings in (("none", ()), ("own", (own,)), ("last", (last,)), ("both", (own, last))):
        beside = replace(run.table, beside=Beside(listings))
        case = replace(run, tables=(beside,), facts=Facts(of_case=True))
        held[name] = [problems(case, "final"), problems(case, outside=True), problems(case, "review")]
    unknown = ["case.units_unchecked"]
    assert held == {name: [unknown, unknown, []] for name in ("none", "own")} | {
        name: [[]] * 3 for name in ("last", "both")
    }


def test_another_expected_figure_has_a_mark_of_its_own():
    run = run_of("expected", address="hold_harmless", value=0)
    assert "expected" in mark_keys(run) and "expected_total" not in mark_keys(run)
    assert problems(run, "final") == ["case.only_expected"]


def test_the_expected_total_of_an_advance_is_what_is_issued():
    run = run_of("expected", "advance")
    assert not {"expected", "expected_total", "pending"} & set(mark_keys(run))
    assert problems(run, "final", outside=True) == []
    other = run_of("expected", "advance", "hold_harmless", 0)
    assert problems(other, "final") == ["case.only_expected"]


def test_an_open_total_with_a_figure_stands_for_now():
    run = run_of("open")
    assert "open_total" in mark_keys(run) and "pending" not in mark_keys(run)
    assert problems(run, "review") == ["case.undecided"] and problems(run, "consultation") == []


def test_a_figure_set_over_an_expected_one_is_decided():

    run = run_of("expected")
    after = run_model(run.model, run.table, [parse_assignment("pool=6000")])
    assert "expected_total" not in mark_keys(after) and problems(after, "final") == []


@pytest.mark.parametrize("state", ["expected", "open", "decided"])
def test_the_record_keeps_the_state_of_every_figure(state):
    run = run_of(state)
    record = record_of(run)
    assert (record.expected == ("pool",), "pool" in record.pending) == (state == "expected", state == "open")
    restored = as_written(run.model, written_model(record))
    for name, entry in run.model.parameters.items():
        kept = restored.parameters[name]
        states = {key: (kept.state(key), entry.state(key)) for key in entry.figures}
        assert all(now == before for now, before in states.values()) and kept.origins == entry.origins


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_of_a_workbook_says_that_its_total_is_only_expected(tmp_path, lang):
    from allocation.xlsx.writer import write_workbook

    run = run_of("expected")
    write_workbook(run, tmp_path / "book.xlsx", lang, record_of(run))
    said = "总额暂定" if lang == "zh" else "total expected only"
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    shown = [sheet for sheet in book if sheet.sheet_state == "visible"]
    silent = [
        sheet.title for sheet in shown
        if not any(said in str(cell.value) for row in sheet.iter_rows() for cell in row)
        and not any(said in str(part.text) for part in (sheet.oddHeader.left, sheet.oddHeader.center,
                    sheet.oddHeader.right, sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right))
    ]  # fmt: skip
    assert silent == [] and len(shown) > 4
