"""A workbook whose tail goes to a named unit: edited so that it has no room, it shows no award and says on 核对 why."""

from __future__ import annotations

import pytest
from recalculation import differences, recalculated, recorded, states
from small_models import run

NAMES = ["甲县", "乙县", "丙县", "丁县"]
BOUNDED = 'largest_remainder(pool, bounded_share(pool, claim, floor = up(least)), tail = "丁县")'
GROUPED = "largest_remainder(pool, share(pool, claim, by = city), by = city, tail = least == 2)"
EXAMPLE = {"claim": [1, 1, 1, 1], "least": [0, 0, 0, 2], "names": NAMES, "pool": 9, "formula": BOUNDED}
CITIES = {"city": ["甲", "甲", "乙", "乙"], "least": [0, 2, 0, 2], "formula": GROUPED}


@pytest.mark.parametrize(
    ("more", "place", "typed", "line"),
    [
        ({}, ("参数", 5, 3), 7, "取整后不突破下限"),
        ({}, ("数据", 10, 3), "戊县", "尾差恰由一个单位承担"),
        (
            {"formula": BOUNDED.replace(", floor = up(least)", ""), "pool": 5},
            ("数据", 10, 4),
            0.1,
            "承担尾差的单位不为负",
        ),
        (CITIES, ("数据", 7, 5), 2, "尾差恰由一个单位承担"),
    ],
)
def test_an_edit_that_leaves_the_tail_no_room_shows_no_award_and_is_a_line_of_the_checks(more, place, typed, line):
    result = run(**{**EXAMPLE, **more})
    book = recorded(result)
    before = recalculated(book)
    assert (differences(book, before), states(result, before)) == ([], [0, 0])
    opened = book.opened()
    opened.set_value(*place, typed)
    found = recalculated(book, opened)
    assert [found["测算", row, 4] for row in (7, 8, 9, 10)] == ["#"] * 4
    (row,) = [row for (row, column), text in book.sheets["核对"].cells.items() if column == 1 and line in str(text)]
    assert found["核对", row + 1, 3] > 0


def texts_of(book, sheet: str) -> str:
    return "\n".join(str(cell) for cell in book.sheets[sheet].cells.values())


def test_the_cover_and_the_foot_of_the_table_say_who_takes_the_tail():
    book = recorded(run(**EXAMPLE))
    for sheet in ("封面", "资金测算表"):
        assert "“result”的尾差由丁县承担（倒挤）" in texts_of(book, sheet)


def test_the_sheet_of_checks_says_of_one_that_fails_both_sides_and_their_difference():
    book = recorded(run(claim=[1, 2], cap=[1, 1], names=NAMES[:2], formula="claim", check={"rule": "claim <= cap"}))
    assert "rule：乙县claim为 2，应不大于cap 1，相差 1" in texts_of(book, "核对")
