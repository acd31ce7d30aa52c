"""What Excel holds of one formula and one cell is never passed: long models are laid out in helper columns, with the
same figures; what cannot be laid out is refused before a file is written."""

from __future__ import annotations

import re

import pytest
from recalculation import differences, recalculated, recorded, states, unequal
from small_models import run

from allocation.errors import AllocationError
from allocation.files import excel_limits
from allocation.files.text_out import new_book
from allocation.readings.excel_text import quoted
from allocation.record.recording import record_of
from allocation.sheets.memory import Formula
from allocation.xlsx.writer import write_workbook

X = [3, 122, 239, 356, 1299, 1300, 5000]
LONG = "很长的地区类别名称" * 9
KINDS = {f"{LONG}{place}*": place + 1 for place in range(130)}


def bands(count: int) -> list[dict[str, object]]:
    return [*({"up_to": 10 * place, "value": 1000 + place} for place in range(1, count)), {"value": 9}]


def nested(depth: int, name: str = "x") -> str:
    return "max(0, " * depth + name + " + 1)" * depth


def ladder(steps: int) -> str:
    return " else ".join(f"{place} if x < {place * 10}" for place in range(1, steps)) + " else 100"


ITEMS = [f"k{place}" for place in range(30)]
LARGE = {
    "130 bands": {"steps": bands(130), "formula": "step(x, steps)"},
    "700 bands": {"steps": bands(700), "formula": "step(x, steps)"},
    "130 long keys": {"kinds": KINDS, "g": list(KINDS)[: len(X)], "formula": "pick(g, kinds) * x"},
    "brackets within brackets": {"formula": nested(19)},
    "a ladder": {"formula": ladder(38)},
    "nested columns": {"columns": {"a": nested(18), "b": nested(18, "a"), "result": "a * b"}},
    "long names, many terms": {"formula": " + ".join(["x * x", "abs(x - 7)"] * 55)},
    "many arguments": {"formula": f"max({', '.join(f'(x if x > {n} else {n} - x)' for n in range(100))})"},
    "long texts": {"g": [LONG * 9] * len(X), "formula": f'1 if g in ("{LONG * 9}", "乙") else 0'},
    "a row of many parts": {
        "parts": {item: [place % 7 + 0.37] * len(X) for place, item in enumerate(ITEMS)},
        "lists": {"use": ITEMS}, "over": {"parts": "use", "result": "use"},
        "formula": "largest_remainder(round(sum_over(parts[use])), parts[use], over = use)",
    },
    "a switch with a long test": {"p": 1, "formula": f"bounded_share(90, x) if {' + '.join(['p'] * 60)} > 5 else x"},
}  # fmt: skip


def measured(book) -> list[tuple[str, int]]:
    """The formulas that pass a limit of Excel's."""
    texts = {cell.text for sheet in book.sheets.values() for cell in sheet.cells.values() if isinstance(cell, Formula)}
    limits = (excel_limits.LITERAL, excel_limits.LEVELS, excel_limits.ARGUMENTS)
    return [
        (text[:200], len(text))
        for text in texts
        if len(text) > excel_limits.FORMULA
        or any(found > most for found, most in zip(excel_limits.measure(text), limits, strict=True))
    ]


@pytest.mark.parametrize("what", LARGE)
def test_a_model_that_one_formula_could_not_hold_is_laid_out_in_helpers(what):
    result = run(x=X, **LARGE[what])
    book = recorded(result)
    assert measured(book) == []
    found = recalculated(book)
    assert (differences(book, found), unequal(result, found), states(result, found)) == ([], [], [0, 0])


def test_the_bands_edge_that_is_passed_and_the_one_that_is_met_are_told_apart():
    for key, others in (("up_to", [1, 1, 2, 2, 3]), ("below", [1, 2, 2, 3, 3])):
        steps = [{key: 10, "value": 1}, {key: 20, "value": 2}, {"value": 3}]
        result = run(x=[9.5, 10, 10.5, 20, 20.5], steps=steps, formula="step(x, steps)")
        assert list(result.figures("result")) == others
        assert unequal(result, recalculated(recorded(result))) == []


def test_a_text_longer_than_a_formula_takes_is_put_together_from_pieces():
    text = 'ab"c' * 200
    assert excel_limits.measure(f"EXACT(A1,{quoted(text)})")[0] <= excel_limits.LITERAL
    pieces = re.findall(r'"((?:[^"]|"")*)"', quoted(text))
    assert "".join(piece.replace('""', '"') for piece in pieces) == text


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        ("formula", "+".join(["A1"] * 4000)), ("levels", "MAX(" * 70 + "A1" * 1 + ")" * 70),
        ("arguments", f"MAX({','.join(['A1'] * 256)})"), ("literal", f'LEN("{"字" * 300}")'),
    ],
)  # fmt: skip
def test_no_sheet_takes_a_formula_past_a_limit(limit, text, tmp_path):
    sheet = new_book(tmp_path / "a.xlsx", "zh").add_worksheet("页")
    with pytest.raises(AllocationError) as caught:
        sheet.write_formula(2, 1, f"={text}", None, 0)
    (problem,) = caught.value.problems
    assert (problem.id, problem.where) == (f"workbook.limit_{limit}", "页!B3")
    for lang in ("zh", "en"):
        assert "Excel" in caught.value.text(lang)


def test_no_sheet_takes_a_text_a_row_or_a_column_that_it_cannot_hold(tmp_path):
    sheet = new_book(tmp_path / "a.xlsx", "zh").add_worksheet("页")
    for limit, write in (
        ("cell", lambda: sheet.write_string(0, 0, "字" * 32_768)),
        ("cell", lambda: sheet.write_comment(0, 0, "字" * 32_768)),
        ("rows", lambda: sheet.write(1_048_576, 0, 1)),
        ("columns", lambda: sheet.write(0, 16_384, 1)),
    ):
        with pytest.raises(AllocationError) as caught:
            write()
        assert [problem.id for problem in caught.value.problems] == [f"workbook.limit_{limit}"]
    sheet.write_string(0, 0, "字" * 32_767)
    sheet.write(1_048_575, 16_383, 1)


def test_a_source_that_no_cell_holds_is_refused_with_words(tmp_path):
    result = run(x=[1, 2], formula="x", exception=[{"when": "x > 1", "formula": "2", "source": "第一条" * 11_000}])
    with pytest.raises(AllocationError) as caught:
        write_workbook(result, tmp_path / "a.xlsx", "zh", record_of(result))
    assert {problem.id for problem in caught.value.problems} == {"workbook.limit_cell"}
    assert not (tmp_path / "a.xlsx").exists()
