"""A comparison of forty variants, opened and recalculated by LibreOffice: every figure is the one stored beside it."""

from __future__ import annotations

from fractions import Fraction

import openpyxl
from recalculation import libreoffice, needs_libreoffice, same

from allocation.finding import find
from allocation.scenario import Change
from allocation.study.compare import compare
from allocation.study.scenarios import Scenario
from allocation.texts import Both
from allocation.workbook.comparison import write_comparison


def variant(number: int) -> Scenario:
    changes = [Change("pool", Fraction(4500 + 50 * number)), Change("settled[in_city]@黑山县", Fraction(100 + number))]
    if number % 3 == 0:
        changes.append(Change("hold_harmless", Fraction(80 + number % 10, 100)))
    if number % 4 == 0:
        changes += [Change("weight[settled]", Fraction(1, 2)), Change("weight[effort]", Fraction(1, 5))]
    return Scenario(f"v{number}", Both(f"情景{number}", f"variant {number}"), (tuple(changes),))


def test_forty_variants_recalculate_to_what_is_stored(tmp_path):
    needs_libreoffice()
    found = find("incentive_fund", None, None)
    comparison = compare(found.model, (found.table,), [variant(number) for number in range(40)])
    path = tmp_path / "forty.xlsx"
    write_comparison(comparison, path, "zh")
    again = openpyxl.load_workbook(libreoffice([path], tmp_path)["forty"], data_only=True)
    stored, formulas = openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(path)
    cells = [(sheet.title, cell.coordinate) for sheet in formulas for row in sheet.iter_rows() for cell in row
             if cell.data_type == "f"]  # fmt: skip
    assert len(cells) > 40 * len(found.table) * 10
    moved = []
    for sheet, place in cells:
        old, new = stored[sheet][place].value or 0, again[sheet][place].value or 0
        billionths = formulas[sheet][place].value.endswith("*1E9,0)")  # the last place of a remainder may differ
        if not same(old, new) and not (billionths and abs(old - new) <= 1000):
            moved.append((sheet, place, old, new))
    assert moved == []
