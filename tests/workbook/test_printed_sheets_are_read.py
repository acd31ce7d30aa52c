"""What is printed of a result workbook can be read: type of a size, headings on every page, who takes the tail."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from allocation.policy.loading import model_from_text
from allocation.policy.model import Model
from allocation.report.tables import annex_table, award_table
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.sheets.memory import MemoryBook
from allocation.xlsx.paging import paper_for
from allocation.xlsx.printed_table import SheetTable
from allocation.xlsx.styles import Styles

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
WIDE = ("land_quota", "infrastructure_subsidy")


def columns_of(model: str) -> list[float]:
    """How wide the columns of the office's table are, in signs."""
    found, book = find(model, None, None), MemoryBook("zh")
    table = award_table(run_model(found.model, [found.table]))
    return SheetTable(book.add_worksheet("a"), table, Styles(book)).widths()


@pytest.mark.parametrize("model", WIDE)
def test_a_table_too_wide_for_a4_is_set_on_a3(model):
    assert paper_for(columns_of(model), "fit") == "A3"


def test_a_table_that_can_be_read_on_a4_stays_on_it_and_a_paper_that_was_asked_for_is_kept():
    narrow, wide = map(columns_of, ("incentive_fund", "land_quota"))
    assert paper_for(narrow, "fit") == "A4"
    assert [paper_for(wide, asked) for asked in ("A4", "A3")] == ["A4", "A3"]


def test_every_sheet_of_several_pages_repeats_its_headings(allocation, folder):
    assert allocation("run land_quota --out 用地.xlsx").code == 0
    with zipfile.ZipFile("用地.xlsx") as book:
        root = ElementTree.fromstring(book.read("xl/workbook.xml"))
        repeated = {
            int(name.get("localSheetId", "0")) for name in root.iter(f"{SHEET}definedName")
            if name.get("name") == "_xlnm.Print_Titles"
        }  # fmt: skip
        sheets = [sheet.get("name") for sheet in root.iter(f"{SHEET}sheet")]
        award = f"xl/worksheets/sheet{sheets.index('资金测算表') + 1}.xml"
        size = next(ElementTree.fromstring(book.read(award)).iter(f"{SHEET}pageSetup")).get("paperSize")
    assert {"参数", "核对", "数据", "测算", "说明", "溯源"} <= {sheets[place] for place in repeated}
    assert size == "8"  # A3


def with_figures_of(model: Model, other: Model) -> Model:
    return replace(model, parameters=other.parameters)


def test_the_annex_says_who_takes_the_tail():
    found = find("incentive_fund", None, None)
    text = found.model.text.replace("(pool, shared, to = 1)", "(pool, shared, to = 1, tail = '黑山县')")
    model = with_figures_of(model_from_text(text, found.model.file), found.model)
    table = annex_table(run_model(model, [found.table]))
    assert any("黑山县" in note.zh and "倒挤" in note.zh for note in table.notes)
