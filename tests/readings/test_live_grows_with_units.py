"""A live workbook grows with its units: what formulas read, what follows an edit of groups and orders, and what stops.

Figures of one table are typed into the workbook of another and recalculated by formualizer.
"""

from __future__ import annotations

import math
import random
import re
from dataclasses import replace

import pytest
from desk import examples
from recalculation import inputs, put, recalculated, recorded, states, unequal
from small_models import run

from allocation.errors import AllocationError
from allocation.readings import excel_groups, excel_order
from allocation.readings.excel_walk import Helper
from allocation.record.record import BEFORE_GROUPS, PAPERS
from allocation.record.recording import record_of
from allocation.report.cut import Cut
from allocation.run.run import Run
from allocation.verify.verifying import verify
from allocation.xlsx.layout import Layout
from allocation.xlsx.plan import Plan, make_plan
from allocation.xlsx.writer import write_workbook

SHARED = "largest_remainder({pool}, bounded_share({pool}, x, up(least), up(most){by}){by})"
FORMULAS = {
    "shared": SHARED.replace("{by}", "").format(pool=60),
    "shared by group": SHARED.format(pool="round(total(x, by = g))", by=", by = g"),
    "closed by its tail": "largest_remainder(60, share(60, x), tail = '01')",
    "a mean by group": "mean(x, by = g) + lowest(x, by = g) + count(x > 3, by = g) + highest(x, by = g)",
    "a deviation by group": "round(deviation(x, by = g), 6)",
    "a rank": "rank(x)",
    "a rank by group": "rank(x, by = g)",
    "filled in turn": "fill(total(x) / 2, x, order = rank(x))",
    "filled in turn by group": "fill(9, x, order = y, by = g)",
}
SPAN = r"(?:'[^']+'|\w+)!\$[A-Z]+\$\d+:\$[A-Z]+\$\d+"
STEEPEST = 1.15


def figures(count: int, seed: int) -> dict[str, list]:
    """Ratios, equal figures, zeros and bounds that bind; whole bounds and room for some pool between them."""
    rng = random.Random(f"{count} {seed}")
    x = [rng.choice([0, 3, 3, rng.randint(1, 40), float(rng.randint(1, 999)) / 100]) for _ in range(count)]
    least = [rng.choice([0, 0, 1, 2]) if own else 0 for own in x]
    most = [low + rng.choice([0, 3, 9, 30]) for low in least]
    y = [rng.randint(0, 5) for _ in range(count)]
    groups = [rng.choice("甲乙丙丁*?"[: rng.randint(1, 6)]) for _ in range(count)]
    return {"x": x, "y": y, "least": least, "most": most, "g": groups}


def grouped(count: int) -> dict[str, list]:
    return figures(count, 1) | {
        "g": [f"组{row // 10}" for row in range(count)],
        "most": [50] * count,
        "least": [0] * count,
    }


def plan_of(result: Run, papers: int = PAPERS) -> Plan:
    return make_plan(result, Layout(result.model, len(result.table), "zh", cut=Cut.of(papers)))


def cells_read(helper: Helper, count: int, groups: int) -> float:
    """The cells that a helper's formulas read while nothing is edited, told from their text alone."""
    text = helper.text
    if kept := re.match(r"IF\('[^']+'!\$[A-Z]+\$\d+=0,", text):  # what only an edit asks for comes after the comma
        text = text[kept.end() : _comma(text, kept.end())]
    height = count if helper.height is None else max(1, helper.height)
    text, parts = re.subn(rf"INDEX\({SPAN},[^()]*\):INDEX\({SPAN},[^()]*\)", "", text)
    text = re.sub(rf"MATCH\([^()]*,{SPAN},1\)", "", text)  # found by halving
    text, single = re.subn(rf"INDEX\({SPAN}", "", text)
    whole = sum((_rows(span)) for span in re.findall(SPAN, text))
    return height * (1 + single + whole) + (count * min(1, height / groups) * parts if helper.height else 0)


def _rows(span: str) -> int:
    first, last = (int(row) for row in re.findall(r"\$(\d+)", span))
    return last - first + 1


def _comma(text: str, start: int) -> int:
    depth = 0
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if text[at] == "," and depth == 0:
            return at
    raise AssertionError(text)


@pytest.mark.parametrize("name", FORMULAS)
def test_what_formulas_read_grows_with_the_units(name):
    read = {}
    for count in (100, 1000):
        formula = FORMULAS[name].replace("60", str(count)).replace("fill(9", f"fill({count}")
        plan = plan_of(run(**grouped(count), formula=formula, exact=False))
        read[count] = sum(cells_read(helper, count, count // 10) for helper in plan.helpers)
    assert math.log(read[1000] / read[100], 10) < STEEPEST


def test_as_it_was_read_they_grew_with_the_square():
    read = {}
    for count in (100, 200):
        plan = plan_of(run(**grouped(count), formula=FORMULAS["a rank by group"], exact=False), BEFORE_GROUPS)
        read[count] = sum(cells_read(helper, count, 1) for helper in plan.helpers)
    assert math.log(read[200] / read[100], 2) > 1.9


def solved(name: str, count: int, seed: int) -> Run | None:
    try:
        return run(**figures(count, seed), formula=FORMULAS[name])
    except AllocationError:
        return None


@pytest.mark.parametrize("name", FORMULAS)
def test_a_workbook_follows_every_figure_and_group_of_another_table(name):
    hosts, compared = {}, 0
    for seed in range(300):
        count = 4 + seed % 3 * 3
        result = solved(name, count, seed)
        if result is None:
            continue
        if count not in hosts:
            hosts[count] = result, recorded(result)
        host, book = hosts[count]
        opened = book.opened()
        put(opened, inputs(result), inputs(host))
        found = recalculated(book, opened)
        assert (unequal(result, found), states(result, found)) == ([], [0, 0]), seed
        compared += 1
        if compared == examples(12):
            return
    pytest.fail("too few tables have an answer")


def test_a_table_without_an_answer_shows_none_in_the_workbook_of_another():
    host = run(**figures(7, 1) | {"least": [0] * 7, "most": [50] * 7}, formula=FORMULAS["shared by group"])
    book, cells = recorded(host), inputs(host)
    opened = book.opened()
    sheet, row, column = next(place for place, value in cells.items() if value == 50)
    put(opened, {(sheet, row + at, column): 0 for at in range(7)})
    found = recalculated(book, opened)
    assert states(host, found)[1] != 0
    assert {found["测算", row, 4] for row in range(7, 14)} == {"#"}


GROUPED, RANKED = "total(x, by = g)", "rank(x)"


@pytest.mark.parametrize(("formula", "column", "typed"), [(GROUPED, "g", "乙"), (RANKED, "x", 5)])
def test_an_edit_of_an_order_that_takes_too_long_to_find_again_stops_the_awards(formula, column, typed, monkeypatch):
    for module in (excel_groups, excel_order):
        monkeypatch.setattr(module, "follows", lambda reads: False)
    result = run(x=[3, 1, 4, 2], g=["甲", "乙", "甲", "丙"], formula=formula)
    book = recorded(result)
    layout = Layout(result.model, 4, "zh")
    opened = book.opened()
    assert states(result, recalculated(book, opened)) == [0, 0]
    opened.set_value("数据", layout.first, layout.inputs["x"] + 1, 3.25)  # no other order, no other group
    found = recalculated(book, opened)
    assert states(result, found) == [0, 0] and found["测算", layout.first, 4] != "#"
    opened.set_value("数据", layout.first, layout.inputs[column] + 1, typed)
    found = recalculated(book, opened)
    assert states(result, found)[1] != 0
    assert {found["测算", row, 4] for row in range(layout.first, layout.last + 1)} == {"#"}
    labels = [line.label.zh for line in plan_of(result).lines]
    assert any("请重新运行程序" in label for label in labels)


def test_more_groups_than_the_workbook_has_rows_for_stop_the_awards(monkeypatch):
    monkeypatch.setattr(excel_groups, "ALL", 3)
    monkeypatch.setattr(excel_groups, "ROOM", 1)
    result = run(x=[3, 1, 4, 2, 5], g=["甲"] * 5, formula=GROUPED)
    book = recorded(result)
    opened, column = book.opened(), Layout(result.model, 5, "zh").inputs["g"] + 1
    opened.set_value("数据", 7, column, "乙")
    found = recalculated(book, opened)
    assert states(result, found) == [0, 0] and found["测算", 7, 4] == 3
    opened.set_value("数据", 8, column, "丙")
    assert states(result, recalculated(book, opened))[1] != 0


def test_a_workbook_as_it_was_written_before_still_agrees_with_itself(tmp_path):
    result = run(**figures(7, 1) | {"least": [0] * 7, "most": [50] * 7}, formula=FORMULAS["shared by group"])
    for papers in (BEFORE_GROUPS, PAPERS):
        path = tmp_path / f"{papers}.xlsx"
        write_workbook(result, path, "zh", replace(record_of(result), papers=papers))
        assert verify(path).clean
    texts = [[helper.text for helper in plan_of(result, papers).helpers] for papers in (BEFORE_GROUPS, PAPERS)]
    assert not any("SMALL" in text for text in texts[0]) and any("SMALL" in text for text in texts[1])


def test_a_book_of_fifteen_hundred_units_by_group_is_live_where_it_held_values_before():
    result = run(**grouped(1500), formula=FORMULAS["shared by group"], exact=False)
    assert plan_of(result).live and not plan_of(result, BEFORE_GROUPS).live
