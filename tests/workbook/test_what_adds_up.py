"""Years, scores, rates, ratios and figures a head have no total on any page: one definition says what adds up."""

from __future__ import annotations

from fractions import Fraction

import pytest
from shipped import HOUSE

from allocation.commands.printing import print_run
from allocation.commands.screen import Screen
from allocation.language.units import Units
from allocation.policy.loading import load_model, model_from_text
from allocation.policy.model import Model
from allocation.record.record import PAPERS, Record
from allocation.run.run import Run, run_model
from allocation.sheets.memory import MemoryBook
from allocation.tables.table import Table
from allocation.xlsx.writer import write_sheets

ADDED = ("元", "万元", "人", "万人", "户", "亩", "公顷", "平方米", "公里", "个", "套", "人·年")
APART = ("", "%", "年", "分", "元/人", "平方米/人", "人/平方公里", "万元/年", "1/人")
SHOWN = {name: Fraction(place) for place, name in enumerate(ADDED + APART, start=1001)}


def model_of(**head: str) -> Model:
    """An input of each unit, printed beside an award that is a ratio."""
    lines = ["[model]", 'zh = "模型"', 'en = "m"', 'basis = ["测试"]', 'award = "ratio"', 'group = "city"']
    lines += [f'{key} = "{value}"' for key, value in head.items()]
    names = [f"x{place}" for place in range(len(SHOWN))]
    lines += [f"table = {[*names, 'ratio']}".replace("'", '"')]
    lines += ["[[input]]", 'name = "city"', 'zh = "市"', 'en = "city"', "text = true"]
    for name, unit in zip(names, SHOWN, strict=True):
        lines += ["[[input]]", f'name = "{name}"', f'zh = "{name}"', f'en = "{name}"', f'unit = "{unit}"']
    lines += ["[[column]]", 'name = "in_city"', 'zh = "a"', 'en = "a"', 'unit = "万元"',
              f'formula = "total(x{ADDED.index("万元")}, by = city)"']  # fmt: skip
    lines += ["[[column]]", 'name = "ratio"', 'zh = "b"', 'en = "b"', 'formula = "x0 / x1"']
    return model_from_text("\n".join(lines), "m.toml")


@pytest.fixture(scope="module")
def result() -> Run:
    values = {f"x{place}": (figure, figure) for place, figure in enumerate(SHOWN.values())}
    table = Table(("01", "02"), ("甲", "乙"), {"city": ("一", "一"), **values}, 2023, "t.csv")
    return run_model(model_of(), table)


@pytest.mark.parametrize("unit", SHOWN)
def test_amounts_and_counts_add_up_and_nothing_else(unit):
    assert Units().parse(unit).adds == (unit in ADDED)


def test_a_total_is_given_of_what_adds_up_alone(result):
    known = {unit: result.total(f"x{place}") for place, unit in enumerate(SHOWN)}
    assert known == {unit: 2 * figure if unit in ADDED else None for unit, figure in SHOWN.items()}
    assert result.total("in_city") is None  # one figure a group
    assert result.total("ratio") is None


def test_no_sheet_and_no_terminal_adds_up_what_does_not(result, capsys):
    book = MemoryBook("zh")
    write_sheets(book, result, Record("run", papers=PAPERS))
    summed = {
        cell.value
        for sheet in book.sheets.values()
        for cell in sheet.cells.values()
        if "SUM(" in getattr(cell, "text", "") and isinstance(cell.value, int | float)
    }
    for title in ("数据", "资金测算表"):
        own = [cell for cell in book.sheets[title].cells.values() if getattr(cell, "text", "")]
        assert {float(2 * SHOWN[unit]) for unit in ADDED} <= {cell.value for cell in own}
    assert not {float(2 * SHOWN[unit]) for unit in APART} & summed
    print_run(result, Screen("zh"))
    told = capsys.readouterr().out
    assert "合计" not in told and "小计" not in told and "占" not in told


@pytest.mark.parametrize("path", sorted((HOUSE / "models").glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_model_that_hands_out_a_pool_has_its_total(path):
    model = load_model(path)
    assert model.adds_up(model.award) or not model.pool
