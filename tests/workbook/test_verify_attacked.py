"""verify attacked, on the file itself: whatever formula is typed over, replaced or given another figure is named first,
alone and beside an allowed edit; what people may do to a workbook is no difference.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable

import openpyxl
import pytest
from recorded_book import part_of
from tampered import Parts, tampered

from allocation.verify.verifying import verify

SHEETS = ("封面", "数据", "测算", "辅助", "附件", "资金测算表", "导入表", "核对", "原值")
EACH = 4 if os.environ.get("CI") == "true" else 1  # cells of a sheet
Step = Callable[[Parts], None]


def changed(name: str, pattern: str, text: str) -> Step:
    """The first match in a part, or in the part of a sheet."""

    def step(parts: Parts) -> None:
        part = name if name in parts else part_of(parts, name)
        fresh, count = re.subn(pattern, text, parts[part].decode("utf-8"), count=1, flags=re.DOTALL)
        assert count, (name, pattern)
        parts[part] = fresh.encode("utf-8")

    return step


FIRST_TWO = r'(<sheet name="封面"[^>]*/>)(<sheet name="附件"[^>]*/>)'
STORED = r'(<c r="{place}"[^>]*?)(?: t="\w+")?>(<f>(?:(?!</c>).)*</f>)(?:<v>(?:(?!</c>).)*</v>|<v/>)?</c>'
ALLOWED = {
    "nothing": [],
    "another width": [changed("数据", r'width="[\d.]+"', 'width="33.3"')],
    "another order of sheets": [changed("xl/workbook.xml", FIRST_TWO, r"\2\1")],
    "a larger font": [changed("xl/styles.xml", '<sz val="10"/>', '<sz val="14"/>')],
    "protection taken off": [changed(sheet, "<sheetProtection[^>]*/>", "") for sheet in ("数据", "测算", "资金测算表")],
    "a filter": [changed("数据", "(<sheetProtection[^>]*/>)", r'\1<autoFilter ref="A6:D10"/>')],
}  # fmt: skip
FORGED = {
    "typed": (r'(<c r="{place}"[^>]*?)(?: t="\w+")?>(?:(?!</c>).)*</c>', r"\1><v>77.5</v></c>", "typed"),
    "replaced": (r'(<c r="{place}"[^>]*>)<f>(?:(?!</c>).)*</f>', r"\1<f>70+7.5</f>", "formula"),
    "given another figure": (STORED, r"\1>\2<v>77.5</v></c>", "value"),
}  # fmt: skip


@pytest.mark.parametrize("what", ALLOWED)
def test_what_people_may_do_to_a_workbook_is_no_difference(book, tmp_path, what):
    assert verify(tampered(book, tmp_path / "b.xlsx", *ALLOWED[what])).clean


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("how", FORGED)
def test_every_formula_that_was_touched_is_named_first_beside_an_allowed_edit(book, tmp_path, how, sheet):
    draw = random.Random(f"{how}{sheet}")
    cells = [cell for row in openpyxl.load_workbook(book)[sheet].iter_rows() for cell in row if cell.data_type == "f"]
    pattern, text, kind = FORGED[how]
    for cell in draw.sample(cells, min(EACH, len(cells))):
        also = ALLOWED[draw.choice([*ALLOWED])]
        forged = changed(sheet, pattern.format(place=cell.coordinate), text)
        verdict = verify(tampered(book, tmp_path / "b.xlsx", *also, forged))
        first = verdict.differences[0] if verdict.differences else None
        named = first is not None and (first.kind, first.sheet, first.place) == (kind, sheet, cell.coordinate)
        assert named or verdict.stopped, (cell.coordinate, first)
        assert not verdict.clean


def test_two_edits_at_once_are_both_told(book, tmp_path):
    """A parameter, which people may edit, and an award typed over."""
    award = openpyxl.load_workbook(book)["资金测算表"]
    place = next(cell.coordinate for row in award.iter_rows() for cell in row if cell.data_type == "f")
    edit = changed("参数", r'(<c r="C5"[^>]*>)<v>1000</v>', r"\1<v>1100</v>")
    forged = changed("资金测算表", FORGED["typed"][0].format(place=place), FORGED["typed"][1])
    verdict = verify(tampered(book, tmp_path / "b.xlsx", edit, forged))
    assert [(one.name, one.old, one.new) for one in verdict.edited] == [("pool", 1000, 1100)]
    assert (verdict.differences[0].kind, verdict.differences[0].place) == ("typed", place)
