"""The law of verify: whatever yellow cells are edited, the workbook recalculated by LibreOffice agrees with itself, or
has stopped and says so; and what nobody may edit is found beside any such edit.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from attaching import attached
from edited_at_random import Yellow, edits, yellow
from recalculation import libreoffice, needs_libreoffice
from recorded_book import edit
from several_books import variants, years
from shipped import HOUSE

from allocation.record.recording import record_of
from allocation.run.finding import find
from allocation.run.run import Run, run_model
from allocation.run.scenario import Change
from allocation.texts import say
from allocation.verify.verifying import verify
from allocation.xlsx.comparison import make_plans, write_comparison
from allocation.xlsx.importing import find_mapping
from allocation.xlsx.layout import Layout
from allocation.xlsx.timeline import make_year_plans, write_timeline
from allocation.xlsx.writer import write_workbook

MODELS = (
    "incentive_fund", "land_quota", "meadowland", "infrastructure_subsidy", "地方奖补", "public_service_cost",
    "bond_limit", "ppp_affordability", "surplus_quota", "equalisation_transfer",
    "coverage_monitor",
)  # fmt: skip
CI = os.environ.get("CI") == "true"
EACH = 2 if CI else 1  # edited copies of a workbook
ADJUST = """县（市、区）,调整额,定额,由谁承担,理由,批准人或会议
黑山县,50,,其余各地,任务重,常务会议
义县,,600,预留,结转不足,批示
古塔区,-20,,凌河区、太和区,多算,常务会议
"""
SOURCES = "来源,金额,市级预留\n中央,3000,\n省级,1500,\n市级,800,300\n"
ADVANCE = "县（市、区）,提前下达数\n古塔区,603\n凌河区,-20\n"
SHIPPED = MODELS if CI else ("incentive_fund", "meadowland")
ISSUED = ("adjusted", "settled", "changed", "years", "variants") if CI else ()


@dataclass(frozen=True)
class Made:
    path: Path
    cells: tuple[Yellow, ...]


@cache
def shipped(name: str) -> Run:
    found = find(name, None, None)
    return run_model(found.model, found.table)


def issued(what: str, folder: Path) -> Run:
    """The fund with adjustments and sources, with a settlement, or with parameters that were set before."""
    found = find("incentive_fund", None, None)
    for name, text in (("a.csv", ADJUST), ("s.csv", SOURCES), ("v.csv", ADVANCE)):
        (folder / name).write_text(text, encoding="utf-8")
    if what == "changed":
        return run_model(found.model, found.table, [Change("hold_harmless", Fraction(1))])
    files = (
        {"adjustments": folder / "a.csv", "sources": folder / "s.csv"}
        if what == "adjusted"
        else {"settlement": folder / "v.csv"}
    )
    parts = attached(found.model, found.table, **files)
    return run_model(parts.model, parts.table, parts.changes)


def written(what: str, folder: Path) -> Made:
    path = folder / f"{what}.xlsx"
    if what == "years":
        found = years()
        write_timeline(found, path, "zh")
        plans = make_year_plans(found, "zh")
        pairs = zip(found.runs, plans, strict=True)
    elif what == "variants":
        found = variants()
        write_comparison(found, path, "zh")
        pairs = list(zip(found.runs, make_plans(found, "zh"), strict=True))[:1]
    else:
        run = shipped(what) if what in MODELS else issued(what, folder)
        lang = "en" if what in MODELS[2:5] else "zh"
        write_workbook(run, path, lang, record_of(run), find_mapping(run.model, HOUSE / "models"))
        return Made(path, tuple(yellow(run, Layout(run.model, len(run.table), lang))))
    return Made(path, tuple(cell for run, plan in pairs for cell in yellow(run, plan.layout)))


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory) -> dict[tuple[str, int], tuple[dict, Path]]:
    """By workbook and draw: the edit, and the file as LibreOffice saved it."""
    needs_libreoffice()
    folder = tmp_path_factory.mktemp("edited")
    found, files = {}, []
    for what in (*SHIPPED, *ISSUED):
        made = written(what, folder)
        for number in range(EACH):
            cells = edits(list(made.cells), random.Random(f"{what}{number}"))
            files.append(edit(made.path, folder / f"{what}-{number}.xlsx", cells))
            found[what, number] = cells
    saved = libreoffice(files, folder)
    return {key: (cells, saved[f"{key[0]}-{key[1]}"]) for key, cells in found.items()}


DRAWS = [(what, number) for what in (*SHIPPED, *ISSUED) for number in range(EACH)]


verified = cache(verify)  # the same thirty files are asked about three times


@pytest.mark.parametrize(("what", "number"), DRAWS)
def test_a_workbook_edited_in_yellow_cells_and_recalculated_has_no_difference(recalculated, what, number):
    cells, path = recalculated[what, number]
    verdict = verified(path)
    assert [(one.kind, one.sheet, one.place, one.actual, one.expected) for one in verdict.differences] == [], cells
    assert verdict.clean or verdict.stopped or verdict.failed, cells


def test_hardly_any_edit_stops_a_workbook(recalculated):
    stopped = [key for key, (_, path) in recalculated.items() if verified(path).stopped]
    assert len(stopped) * 3 <= len(recalculated) + 3


def test_an_order_that_is_none_is_found_beside_any_edit(recalculated, tmp_path):
    _, path = recalculated["meadowland", 0]
    heads = {cell.value: cell.column_letter for cell in openpyxl.load_workbook(path)["Helpers"][3] if cell.value}
    column = next(heads[head] for head in heads if head.endswith(say("en", "auxiliary.row_as_written")))
    typed = edit(path, tmp_path / "a.xlsx", {("Helpers", f"{column}7"): 3})
    assert ("value", "Helpers", f"{column}7") in [(one.kind, one.sheet, one.place) for one in verify(typed).differences]


def test_a_text_typed_over_is_found_beside_any_edit(recalculated, tmp_path):
    own = [(key, path) for key, (_, path) in recalculated.items() if key[0] in SHIPPED and not verified(path).stopped]
    assert own
    for (what, number), path in own[:: EACH + 1]:
        names = openpyxl.load_workbook(path, read_only=True).sheetnames
        checks = "核对" if "核对" in names else "Checks"
        typed = edit(path, tmp_path / "a.xlsx", {(checks, "B9"): "都对"})
        found = [(one.kind, one.sheet, one.place) for one in verify(typed).differences]
        assert found == [("text", checks, "B9")], f"{what} {number}"
