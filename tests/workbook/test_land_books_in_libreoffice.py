"""Live workbooks of land, recalculated by LibreOffice after edits: every figure, sums by class included, is ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from recalculation import libreoffice, needs_libreoffice
from recorded_book import edit
from shipped import HOUSE, sample_model, sample_table

from allocation.record.recording import record_of
from allocation.run.run import Run, run_model
from allocation.run.scenario import parse_assignment
from allocation.tables.reading import read_table
from allocation.verify.verifying import verify
from allocation.xlsx.importing import find_mapping
from allocation.xlsx.layout import Layout, letters
from allocation.xlsx.timeline import make_year_plans, write_timeline
from allocation.xlsx.writer import write_workbook
from allocation.years.timeline import Timeline, read_years, timeline

LAND = ("farm_share=83.33%", "arable_share=66.67%", "dwellings=37", "dwelling_land=60", "carried_quota=1.2345")
Cells = dict[tuple[str, str], object]


def years() -> Timeline:
    model = sample_model("quota_book")
    return timeline(model, read_years([sample_table("quota_book")], model))


def land(*settings: str) -> Run:
    model = sample_model("land_quota")
    table = read_table(sample_table("land_quota"), model)
    return run_model(model, table, [parse_assignment(one) for one in settings])


def cell(layout: Layout, name: str, row: int) -> tuple[str, str]:
    return layout.names["data"], f"{letters(layout.inputs[name])}{layout.first + row}"


def write(run: Run, path: Path) -> Layout:
    write_workbook(run, path, "zh", record_of(run), find_mapping(run.model, HOUSE / "models"))
    return Layout(run.model, len(run.table), "zh")


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory) -> dict[str, Path]:
    """By name the workbooks as LibreOffice saved them, each as it was written and with some figures typed over."""
    needs_libreoffice()
    folder = tmp_path_factory.mktemp("land")
    found = years()
    plain = {name: folder / f"{name}.xlsx" for name in ("book", "years", "land")}
    book, quota = write(found.runs[0], plain["book"]), write(land(*LAND, "carried_share=50%"), plain["land"])
    write_timeline(found, plain["years"], "zh")
    first = make_year_plans(found, "zh")[0].layout
    share = (book.names["parameters"], f"C{book.rows['carry_share'][0] + 1}")
    typed: dict[str, Cells] = {
        "book": {cell(book, "used", 1): 5.4321, cell(book, "issued", 7): 3.21, share: 0.3333},
        "years": {cell(first, "issued", 0): 2.5, cell(first, "recalled", 3): 0.05},
        "land": {
            cell(quota, "farm_share", 0): 0.0707,
            cell(quota, "arable_share", 3): 0,
            cell(quota, "dwellings", 2): 0,
        },
    }
    edited = {f"{name}_edited": edit(plain[name], folder / f"{name}_edited.xlsx", typed[name]) for name in typed}
    return libreoffice([*plain.values(), *edited.values()], folder)


@pytest.mark.parametrize("name", ["book", "years", "land", "book_edited", "years_edited", "land_edited"])
def test_what_libreoffice_works_out_is_what_the_program_does(recalculated, name):
    verdict = verify(recalculated[name])
    assert [(one.sheet, one.place, one.actual, one.expected) for one in verdict.differences] == []
    assert not verdict.stopped and not verdict.failed
    assert bool(verdict.edited) == name.endswith("edited")
