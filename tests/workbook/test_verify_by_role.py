"""What a cell is for, as its writer said, decides how it is compared; how it looks decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from allocation.sheets.looks import Dress, Role, look
from allocation.sheets.memory import Formula, MemorySheet
from allocation.verify.comparing import SheetComparison
from allocation.verify.reopened import OpenSheet
from allocation.verify.roles import Roles

Cells = Mapping[tuple[int, int], object]
BARE: Dress = {}
PAINTED: Dress = {"bg_color": "#EEF2F6", "locked": False, "bold": True}  # as headings and open cells look elsewhere


def sheet_with(role: Role, dress: Dress = BARE, value: object = 5, of: tuple[int, ...] = ()) -> MemorySheet:
    """A heading over two rows told apart by their codes; the second row's third cell is of the role."""
    sheet = MemorySheet("表", "zh")
    for column, text in enumerate(("编码", "单位数", "金额")):
        sheet.write(0, column, text, look(Role.HEADING, BARE))
    for row, code in ((1, "a"), (2, "b")):
        sheet.write(row, 0, code, look(Role.KEY, BARE))
        sheet.write_number(row, 1, 7, look(Role.FIGURE, BARE))
    if isinstance(value, Formula):
        sheet.write_formula(2, 2, f"={value.text}", look(role, dress, of), value.value)
    else:
        sheet.write(2, 2, value, look(role, dress, of))
    return sheet


def opened(sheet: MemorySheet, changed: Cells, formats: Mapping[tuple[int, int], str] | None = None) -> OpenSheet:
    """The sheet as it comes back with cells changed."""
    held = {place: cell.value if isinstance(cell, Formula) else cell for place, cell in sheet.cells.items()}
    formulas = {place: f"={cell.text}" for place, cell in sheet.cells.items() if isinstance(cell, Formula)}
    values = {place: value for place, value in {**held, **changed}.items() if value is not None}
    return OpenSheet("表", values, formulas, formats or {}, False)


def kinds(sheet: MemorySheet, changed: Cells, edited: bool = False, **more: Mapping[tuple[int, int], str]) -> list[str]:
    comparison = SheetComparison(sheet, opened(sheet, changed, **more), Roles(sheet, edited))
    return [difference.kind for difference in comparison.differences(exact=True, flat=False)]


@pytest.mark.parametrize("dress", [BARE, PAINTED], ids=["bare", "painted"])
@pytest.mark.parametrize("role", Role)
def test_a_changed_cell_differs_unless_its_role_leaves_it_to_people_whatever_it_looks_like(role, dress):
    free = role in (Role.INPUT, Role.FILL_IN)
    assert kinds(sheet_with(role, dress), {(2, 2): 6}) == ([] if free else ["value"])


def test_a_painted_cell_is_no_heading_and_an_unlocked_one_no_input():
    sheet = sheet_with(Role.FIGURE, PAINTED)
    assert Roles(sheet).headings == {0}
    [difference] = SheetComparison(sheet, opened(sheet, {(2, 2): 6}), Roles(sheet)).differences(True, False)
    assert (difference.county, difference.column, difference.place) == ("b", "金额", "C3")


def test_a_remainder_has_slack_only_where_its_role_says_of_what_it_is():
    units, down = 7.4, 7
    of_these = sheet_with(Role.REMAINDER, value=Formula("ROUND((B3-D3)*1E9,0)", 400_000_000), of=(1, 3))
    plain = sheet_with(Role.FIGURE, value=Formula("ROUND((B3-D3)*1E9,0)", 400_000_000))
    for sheet in (of_these, plain):
        sheet.write_number(2, 1, units, look(Role.FIGURE, BARE))
        sheet.write_number(2, 3, down, look(Role.FIGURE, BARE))
    stored = {(2, 1): 7.400000005}  # another program's last places
    assert kinds(of_these, {**stored, (2, 2): 400_000_005}) == []
    assert kinds(plain, {**stored, (2, 2): 400_000_005}) == ["value"]
    assert kinds(of_these, {**stored, (2, 2): 400_000_007}) == ["value"]
    assert kinds(of_these, {(2, 2): 400_000_005}) == ["value"]


@pytest.mark.parametrize(("role", "edited", "said"), [
    (Role.KEPT, False, []), (Role.KEPT, True, []), (Role.THEN, True, []), (Role.THEN, False, ["value", "added"]),
])  # fmt: skip
def test_what_was_said_when_it_was_written_is_compared_only_where_it_can_be_said_again(role, edited, said):
    sheet = sheet_with(Role.NOTE)
    sheet.area(role, 2, 1, 9, 5)
    assert kinds(sheet, {(2, 2): 6, (5, 4): "更多"}, edited) == said


def test_in_a_row_to_fill_in_blank_cells_are_people_s_and_written_ones_are_not():
    sheet = sheet_with(Role.NOTE)
    sheet.write(4, 0, "填表人：", look(Role.FILL_IN, BARE))
    sheet.write(4, 2, "日期", look(Role.LABEL, BARE))
    sheet.area(Role.FILL_IN, 4, 0, 4, 99)
    assert kinds(sheet, {(4, 0): "填表人：张三", (4, 5): "2026年"}) == []
    assert kinds(sheet, {(4, 2): "昨天"}) == ["text"]
    assert kinds(sheet, {(5, 5): "2026年"}) == ["added"]


def signed_sheet(noted: bool) -> MemorySheet:
    """Three rows told apart by their codes, a row on which people sign, and below it what nobody writes on."""
    sheet = MemorySheet("表", "zh")
    for row, code in enumerate(("a", "b", "c"), start=1):
        sheet.write(row, 0, code, look(Role.KEY, BARE))
        sheet.write_number(row, 1, 7 + row, look(Role.FIGURE, BARE))
    sheet.write(5, 0, "负责人：      填表人：", look(Role.FILL_IN, BARE))
    sheet.area(Role.FILL_IN, 5, 0, 5, 99)
    if noted:
        sheet.write(6, 0, "注：一", look(Role.NOTE, BARE))
        sheet.write(7, 0, "注：二", look(Role.NOTE, BARE))
    return sheet


def moved_from(sheet: MemorySheet, row: int, by: int) -> dict[tuple[int, int], object]:
    """Its cells with the rows from `row` on moved down by one, or that row taken out."""
    cells = {place: cell for place, cell in sheet.cells.items() if by > 0 or place[0] != row}
    return {(at + by if at >= row else at, column): cell for (at, column), cell in cells.items()}


SIGNED = ("负责人：张三      填表人：李四", "张三、李四", "1月9日", "")
CHANGES = ((1, 0, []), (2, 1, ["row_added"]), (4, 1, ["row_added"]), (2, -1, ["row_gone"]))


@pytest.mark.parametrize(("noted", "signed", "row", "by", "said"), [
    (noted, signed, *change) for noted in (True, False) for signed in SIGNED for change in CHANGES
    if signed or noted or not change[1]  # with nothing below it, nothing tells where the table ended
])  # fmt: skip
def test_whatever_people_write_where_they_sign_the_table_ends_above_it(noted, signed, row, by, said):
    """Also in the place of what the line said, and where a row was put in or taken out."""
    sheet = signed_sheet(noted)
    cells = moved_from(sheet, row, by) if by else dict(sheet.cells)
    cells[5 + by, 0] = signed
    if by > 0:
        cells |= {(row, 0): "x", (row, 1): 1}
    back = OpenSheet("表", {place: cell for place, cell in cells.items() if cell != ""}, {}, {}, False)
    kinds = [held.kind for held in SheetComparison(sheet, back, Roles(sheet)).differences(exact=False, flat=False)]
    assert kinds == said


def test_more_decimals_are_looked_over_only_in_inputs_and_what_is_made_of_them():
    fine = {(2, 2): "0.0"}
    for role, said in ((Role.LOOSE, []), (Role.INPUT, []), (Role.FIGURE, ["format"])):
        sheet = sheet_with(role, {"num_format": "0.00"}, value=5.25)
        assert kinds(sheet, {}, formats=fine) == said


def test_rows_are_told_apart_by_their_keys_and_by_no_other_text():
    sheet = sheet_with(Role.LABEL, value="附注")
    moved = {(1, 0): "b", (1, 2): "附注", (2, 0): "a", (2, 2): None}
    assert kinds(sheet, moved) == ["row_moved"]
    assert kinds(sheet, {(2, 2): "另注"}) == ["text"]


def test_one_of_the_remainders_has_slack_only_where_it_stands_among_them():
    sheet = sheet_with(Role.REMAINDER, value=Formula("LARGE(B3:B3,1)", 400_000_000), of=(1,))
    sheet.write_number(2, 1, 400_000_000, look(Role.FIGURE, BARE))
    assert kinds(sheet, {(2, 1): 400_000_000, (2, 2): 400_000_001}) == ["value"]
    assert kinds(sheet, {(2, 1): 400_000_001, (2, 2): 400_000_001}) == ["value"]  # the remainder itself


class Counted(dict):
    """Cells that count how often somebody goes through all of them."""

    times = 0

    def items(self):
        self.times += 1
        return super().items()


def test_however_many_cells_are_one_of_the_remainders_their_column_is_gathered_once():
    def gone_through(many: int) -> int:
        sheet = sheet_with(Role.REMAINDER, value=Formula("LARGE(B3:B3,1)", 7), of=(1,))
        for row in range(3, 3 + many):
            sheet.write_formula(row, 2, "=LARGE(B3:B3,1)", look(Role.REMAINDER, BARE, (1,)), 7)
        plain = opened(sheet, {})
        back = replace(plain, values=Counted(plain.values))
        assert [*SheetComparison(sheet, back, Roles(sheet)).differences(exact=True, flat=False)] == []
        return back.values.times

    assert gone_through(2) == gone_through(40)


@pytest.mark.parametrize("forged", [float("inf"), float("nan"), 1e300, -1, 0, "x"])
def test_a_row_of_an_order_that_can_be_none_is_a_difference_and_no_fault_of_the_program(forged):
    sheet = sheet_with(Role.ORDER, value=1, of=(1,))
    assert kinds(sheet, {(2, 2): forged}, edited=True) == ["value"]
