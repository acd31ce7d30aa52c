"""What is printed fits: columns as wide as their longest figure, rows as high as their texts, pages as many as said."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from math import ceil

import pytest
from printed_models import made

from allocation.case import NO_FACTS
from allocation.report.annex_lines import annex_lines
from allocation.report.columns import columns_for
from allocation.report.formats import shown
from allocation.report.printed import PrintedTable
from allocation.report.tables import annex_table, award_table, factor_table
from allocation.run.run import Run
from allocation.sheets.memory import MemoryBook
from allocation.tables.recipients import Recipient, Recipients, standings
from allocation.xlsx.paging import INCHES, SIDE, pages_of
from allocation.xlsx.printed_table import SheetTable
from allocation.xlsx.styles import Styles

LINE = 12.5  # points of a line of letters of 10 points
PADDING = 0.8  # of a column, in signs


def measured(text: str) -> int:
    """Signs of a text, a Chinese one counted twice; told apart from the widths the program goes by."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def with_table(run: Run, **told: object) -> Run:
    return replace(run, tables=(*run.tables[:-1], replace(run.table, **told)))


def tables(seed: int) -> list[PrintedTable]:
    run = made(seed)
    names = tuple(f"{name}{'高新技术产业开发区' * (seed % 4)}" for name in run.table.names)
    run = with_table(run, names=names, printed_notes=("补助。" * (7 * seed % 60),) * len(names))
    return [award_table(run), annex_table(run), *([factor_table(run)] if run.model.factors else [])]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("seed", range(12))
def test_columns_hold_their_longest_figure_and_rows_their_texts(seed, lang):
    book = MemoryBook(lang)
    for table in tables(seed):
        drawn = SheetTable(book.add_worksheet(table.key), table, Styles(book))
        widths = drawn.widths()
        heights = drawn.line_heights(widths)
        for column, wide in zip(table.columns, widths, strict=True):
            for place, height in enumerate(heights):
                text = shown(table.cell(column, place, lang), column.number)
                if column.kind == "number":
                    assert measured(text) + PADDING <= wide, (column.key, text, wide)
                else:
                    lines = ceil(measured(text) / (wide - PADDING)) if text else 1
                    assert lines * LINE <= height, (column.key, text, wide, height)
            head = column.item[lang] or column.head[lang]
            assert max(map(measured, head.split()), default=0) / (2 if head.isascii() is False else 1) <= wide
        assert min(drawn.head_heights(widths)) >= LINE


@pytest.mark.parametrize("paper", INCHES)
@pytest.mark.parametrize("rows", [3, 30, 36, 200, 2850])
@pytest.mark.parametrize("columns", [4, 9, 16])
def test_a_sheet_never_takes_fewer_pages_than_its_foot_says_however_wide_a_program_sets_a_sign(paper, rows, columns):
    widths, heights, repeated = [14.0] * columns, [20.0] * (rows + 6), range(3, 6)
    lying, told = pages_of(widths, heights, repeated, paper)
    short, long = INCHES[paper]
    across, high = (long, short) if lying else (short, long)
    for sign in (7, 8, 9):
        scale = min(1.0, (across - 2 * SIDE) * 96 / sum(size * sign + 5 for size in widths))
        room = (high - 1.6) * 72 / scale
        least = 1 + max(0, ceil((sum(heights) - room) / (room - sum(heights[row] for row in repeated))))
        assert told <= least


def annexed(seed: int, standing: dict[int, tuple[str, str]], **facts: str) -> list[tuple[str, str]]:
    run = made(seed)
    told = tuple(standing.get(row, ("", "")) for row in range(len(run.table)))
    run = replace(with_table(run, standing=told), facts=replace(NO_FACTS, **facts))
    amounts = [column for column in columns_for(run, "annex") if column.dash]
    return [(line.kind, line.lead.zh + line.label.zh) for line in annex_lines(run, amounts)]


UNGROUPED = next(seed for seed in range(99) if not made(seed).model.group and len(made(seed).table) == 8)


def test_what_belongs_to_the_city_stands_below_its_own_line_and_counties_of_the_province_below_all():
    names = made(UNGROUPED).table.names
    standing = {4: ("own", "市本级"), 6: ("area", "功能区"), 1: ("direct", "省直管县"), 2: ("direct", "省直管县")}
    lines = annexed(UNGROUPED, standing)
    assert lines[0] == ("total", "合计")
    assert lines[1:3] == [("unit", names[0]), ("unit", names[3])]
    assert lines[3:6] == [
        ("subtotal", f"{names[4]}小计"), ("unit", f"其中：{names[4]}"), ("unit", f"　　　{names[6]}"),
    ]  # fmt: skip
    assert [text for _, text in lines[-3:]] == ["省直管县小计", f"其中：{names[1]}", f"　　　{names[2]}"]


def test_the_case_says_where_the_total_stands_and_whether_units_with_nothing_are_listed():
    run = made(UNGROUPED)
    first, last = (annexed(UNGROUPED, {}, annex_total=where) for where in ("", "last"))
    assert first[0] == last[-1] == ("total", "合计") and first[1:] == last[:-1]
    nought = [name for name, award in zip(run.table.names, run.figures("award"), strict=True) if not award]
    listed = [text for kind, text in annexed(UNGROUPED, {}, annex_zeros="omitted") if kind == "unit"]
    assert listed == [name for name in run.table.names if name not in nought]
    assert all(column.cell_number.endswith('"—"') for column in columns_for(run, "annex") if column.dash)


def test_the_register_tells_what_a_unit_is_to_who_issues():
    entries = (
        Recipient("1", "市本级", kind="市本级"), Recipient("2", "新区", kind="功能区", belongs_to="1"),
        Recipient("3", "园区", kind="开发区", belongs_to="4"), Recipient("4", "某县", kind="县", belongs_to="1"),
        Recipient("5", "某直管县", kind="省直管县"),
    )  # fmt: skip
    said = standings((Recipients(entries),), ("1", "2", "3", "4", "5"))
    assert [kind for kind, _ in said] == ["own", "area", "", "", "direct"]
    assert standings((Recipients(entries),), ("3", "4")) == ()
