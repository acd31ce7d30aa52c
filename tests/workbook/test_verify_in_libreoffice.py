"""A workbook that LibreOffice saved verifies, edited and recalculated or not; what was typed over formulas is named."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from recalculation import libreoffice, needs_libreoffice
from recorded_book import edit
from several_books import write_both
from shipped import HOUSE

from allocation import load_model, read_table
from allocation.record.recording import record_of
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.verify.verifying import verify
from allocation.xlsx.importing import find_mapping
from allocation.xlsx.writer import write_workbook

SHARED = Path(__file__).parent.parent / "cases" / "shared"
MODELS = ("incentive_fund", "land_quota", "meadowland")[: 3 if os.environ.get("CI") == "true" else 1]  # one on a desk
EDITS = {
    "parameter": {("参数", "C5"): 1200, ("参数", "C9"): 1.5},
    "figure": {("数据", "E8"): 300, ("数据", "I9"): None},
    "infeasible": {("参数", "C5"): 100},
    "unreadable": {("数据", "E8"): "约三百", ("数据", "G9"): None},
    "typed": {("测算", "J8"): 880.3},
}
SEVERAL = {
    "years": {},
    "year_edited": {("参数", "D5"): 1200, ("数据2018", "E8"): 300},
    "year_typed": {("测算2018", "J8"): 300},
    "year_stopped": {("参数", "D5"): 100},
    "variants": {},
    "variant_edited": {("参数", "D5"): 1200, ("数据", "E9"): 120},
    "variant_typed": {("测算", "J8"): 300},
    "variant_stopped": {("参数", "E5"): 100},
}


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> dict[str, Path]:
    """All saved by one start of LibreOffice, which recalculates them."""
    needs_libreoffice()
    folder = tmp_path_factory.mktemp("saved")
    files = []
    for name in MODELS:
        found = find(name, None, None)
        run = run_model(found.model, found.table)
        files.append(folder / f"{name}.xlsx")
        lang = "en" if name == "land_quota" else "zh"
        write_workbook(run, files[-1], lang, record_of(run), find_mapping(run.model, HOUSE / "models"))
    model = load_model(SHARED / "models" / "reward.toml")
    run = run_model(model, read_table(SHARED / "inputs" / "reward.csv", model))
    write_workbook(run, folder / "reward.xlsx", "zh", record_of(run))
    files += [edit(folder / "reward.xlsx", folder / f"{what}.xlsx", cells) for what, cells in EDITS.items()]
    books = write_both(folder)
    for what, cells in SEVERAL.items():
        files.append(edit(books["years" if what.startswith("year") else "variants"], folder / f"{what}.xlsx", cells))
    made = libreoffice(files, folder)
    shutil.copy(SHARED / "inputs" / "reward.csv", made["typed"].parent)
    return made


@pytest.mark.parametrize("name", MODELS)
def test_a_workbook_saved_by_libreoffice_agrees_with_itself(saved, name):
    verdict = verify(saved[name])
    assert verdict.clean and verdict.edited == verdict.awards == []


def test_a_parameter_edited_there_is_no_difference_but_is_named(saved):
    verdict = verify(saved["parameter"])
    assert verdict.clean
    moved = [(one.name, one.key, float(one.old), float(one.new)) for one in verdict.edited]
    assert moved == [("pool", "", 1000, 1200), ("size_rate", "小城市", 1.2, 1.5)]
    assert sum(one.new for one in verdict.awards) == 1200


def test_a_figure_edited_there_is_no_difference_but_is_named(saved):
    verdict = verify(saved["figure"])
    assert verdict.clean
    assert [(one.name, one.county) for one in verdict.edited] == [("settled", "凌河区"), ("last_award", "黑山县")]


@pytest.mark.parametrize(
    ("what", "reasons"), [("infeasible", ["资金总额"]), ("unreadable", ["约三百", "“落户人数”", "“城镇化率”"])]
)
def test_a_workbook_that_stopped_there_says_why_and_names_no_cell(saved, what, reasons):
    verdict = verify(saved[what])
    assert not verdict.clean and verdict.differences == []
    assert len(verdict.stopped) == len(reasons)
    assert all(reason in problem.text("zh") for problem, reason in zip(verdict.stopped, reasons, strict=True))


def test_what_was_typed_over_a_formula_is_named_first_and_then_all_it_moved(saved):
    typed, *moved = verify(saved["typed"]).differences
    assert (typed.kind, typed.sheet, typed.place, typed.actual, typed.expected) == ("typed", "测算", "J8", 880.3, 263)
    assert {one.kind for one in moved} == {"value"}
    assert ("资金测算表", "B9", 880.3) in [(one.sheet, one.place, one.actual) for one in moved]


@pytest.mark.parametrize("what", ["years", "variants"])
def test_a_workbook_of_several_runs_saved_by_libreoffice_agrees_with_itself(saved, what):
    verdict = verify(saved[what])
    assert verdict.clean and verdict.edited == verdict.awards == verdict.notes == []


def test_what_was_edited_there_in_one_year_or_one_variant_is_no_difference_but_is_named(saved):
    told = {what: verify(saved[what]) for what in ("year_edited", "variant_edited")}
    assert all(verdict.clean for verdict in told.values())
    moved = {
        what: [(one.part.zh, one.name, one.county, one.old, one.new) for one in verdict.edited]
        for what, verdict in told.items()
    }
    assert moved == {
        "year_edited": [("2018年", "pool", "", 1000, 1200), ("2018年", "settled", "凌河区", 273, 300)],
        "variant_edited": [("基准", "settled", "黑山县", 90, 120), ("多一百", "pool", "", 1100, 1200)],
    }
    assert {one.part.zh for one in told["year_edited"].awards} == {"2018年"}


@pytest.mark.parametrize(("what", "sheet"), [("year_typed", "各年"), ("variant_typed", "比较")])
def test_what_was_typed_over_a_formula_of_several_runs_is_named_first(saved, what, sheet):
    typed, *moved = verify(saved[what]).differences
    assert (typed.kind, typed.place, typed.actual) == ("typed", "J8", 300)
    assert {one.kind for one in moved} == {"value"} and sheet in {one.sheet for one in moved}


@pytest.mark.parametrize(("what", "part"), [("year_stopped", "2018"), ("variant_stopped", "少落户")])
def test_several_runs_of_which_one_stopped_there_say_which_and_name_no_cell(saved, what, part):
    verdict = verify(saved[what])
    assert not verdict.clean and verdict.differences == []
    assert [one.where.partition(":")[0] for one in verdict.stopped] == [part]
