"""Large books opened and recalculated by LibreOffice: every figure is the one stored beside it.

A comparison of forty variants (four on a desk), a timeline of five years whose sheets feed one another, a province of
three levels, a table with leaders' adjustments and sources, and an evaluation.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from attaching import attached
from desk import IN_CI
from recalculation import is_number, libreoffice, needs_libreoffice, same
from shipped import sample_model, sample_table

from allocation.analysis.compare import compare
from allocation.analysis.scenarios import Scenario
from allocation.record.record import PAPERS, Record
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.run.scenario import Change
from allocation.texts import Both
from allocation.xlsx.comparison import write_comparison
from allocation.xlsx.evaluation import write_evaluation
from allocation.xlsx.timeline import write_timeline
from allocation.xlsx.writer import write_workbook
from allocation.years.evaluation.loading import evaluation_path, load_evaluation
from allocation.years.timeline import read_years, timeline

ROOT = Path(__file__).parent.parent.parent
VARIANTS = 40 if IN_CI else 4
LEAST = {"variants": 70 * VARIANTS, "years": 2000, "province": 7000, "issued": 1000, "evaluation": 1500}  # formulas


def variant(number: int) -> Scenario:
    changes = [Change("pool", Fraction(4500 + 50 * number)), Change("settled[in_city]@黑山县", Fraction(100 + number))]
    if number % 3 == 0:
        changes.append(Change("hold_harmless", Fraction(80 + number % 10, 100)))
    if number % 4 == 0:
        changes += [Change("weight[settled]", Fraction(1, 2)), Change("weight[effort]", Fraction(1, 5))]
    return Scenario(f"v{number}", Both(f"情景{number}", f"variant {number}"), (tuple(changes),))


def variants(path: Path, folder: Path) -> None:
    found = find("incentive_fund", None, None)
    write_comparison(compare(found.model, (found.table,), [variant(number) for number in range(VARIANTS)]), path, "zh")


def years(path: Path, folder: Path) -> None:
    model = sample_model("dynamic_fund")
    found = timeline(model, read_years([sample_table("dynamic_fund")], model))
    assert found.years == (2017, 2018, 2019, 2020, 2021)
    write_timeline(found, path, "zh")


def province(path: Path, folder: Path) -> None:
    found = find("provincial_fund", None, None)
    write_workbook(run_model(found.model, found.table), path, "zh", Record("run", papers=PAPERS))


def issued(path: Path, folder: Path) -> None:
    found = find("incentive_fund", None, None)
    adjust, sources = folder / "adjust.csv", folder / "sources.csv"
    head = "县（市、区）,调整额,由谁承担,理由,批准人或会议\n"
    adjust.write_text(head + "黑山县,50,其余各地,任务重,常务会议\n", encoding="utf-8")
    sources.write_text("来源,金额,市级预留\n中央,3000,\n省级,1500,\n市级,800,300\n", encoding="utf-8")
    made = attached(found.model, found.table, adjustments=adjust, sources=sources)
    write_workbook(run_model(made.model, made.table, made.changes), path, "zh", Record("run", papers=PAPERS))


def evaluation(path: Path, folder: Path) -> None:
    model = sample_model("urbanisation_monitor")
    tables = read_years([sample_table("urbanisation_monitor")], model)
    years = timeline(model, [table for table in tables if table.year <= 2018])
    write_evaluation(years, load_evaluation(evaluation_path(model.name), model), path, "zh")


MAKERS = (variants, years, province, issued, evaluation)


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    needs_libreoffice()
    folder = tmp_path_factory.mktemp("books")
    files = {made.__name__: folder / f"{made.__name__}.xlsx" for made in MAKERS}
    for made in MAKERS:
        made(files[made.__name__], folder)
    return files, libreoffice(files.values(), folder)


@pytest.mark.parametrize("name", LEAST)
def test_every_figure_recalculates_to_what_is_stored(books, name):
    files, again = books
    stored, formulas = openpyxl.load_workbook(files[name], data_only=True), openpyxl.load_workbook(files[name])
    fresh = openpyxl.load_workbook(again[name], data_only=True)
    cells = [(sheet.title, cell.coordinate) for sheet in formulas for row in sheet.iter_rows() for cell in row
             if cell.data_type == "f"]  # fmt: skip
    assert len(cells) > LEAST[name]
    moved = []
    for sheet, place in cells:
        old, new = stored[sheet][place].value or 0, fresh[sheet][place].value or 0
        billionths = formulas[sheet][place].value.endswith("*1000000000,0)")  # the last place of a remainder may differ
        if not same(old, new) and not (billionths and is_number(new) and abs(old - new) <= 1000):
            moved.append((sheet, place, old, new))
    assert moved == []
