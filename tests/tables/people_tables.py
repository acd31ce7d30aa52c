"""A small model, and what a person is told about a table: shared by the tests of this folder."""

from __future__ import annotations

from fractions import Fraction

import pytest

from allocation.errors import AllocationError
from allocation.language.units import Units
from allocation.policy.model import Input, Model
from allocation.tables.reading import read_table
from allocation.texts import Both

UNITS = Units()
HEAD = ["代码", "名称", "落户人数", "财政收入"]
ROWS = [["210702", "古塔区", 120, 300.5], ["210703", "凌河区", 80, 100], ["210711", "太和区", 40, 50]]


def entry(name: str, zh: str, en: str, unit: str = "", **more) -> Input:
    """An input; limits may be given as whole numbers or text."""
    for key in ("min", "max"):
        if more.get(key) is not None:
            more[key] = Fraction(more[key])
    return Input(name=name, label=Both(zh, en), unit=UNITS.parse(unit), **more)


def model_of(*entries: Input) -> Model:
    """A model of inputs only: nothing else matters to a table."""
    return Model(
        name="sample",
        label=Both("奖励资金分配", "Incentive fund"),
        basis=(),
        award="",
        pool="",
        effective=(None, None),
        parameters={},
        inputs={one.name: one for one in entries},
        columns={},
        checks=(),
        order=(),
        units=UNITS,
        text="",
        file="",
    )


SETTLED = entry("settled", "落户人数", "Settled migrants", "人", min=0, whole=True)
REVENUE = entry("revenue", "财政收入", "Revenue", "万元", min=0, max=1000000, decimals=2)
HARDSHIP = entry("hardship", "困难系数", "Hardship", "", optional=True)
RATIO = entry("ratio", "城镇化率", "Urbanisation rate", "%", min=0, max=1)
LAND = entry("land", "建设用地", "Urban land", "公顷", min=0, decimals=4)
SIZE = entry("size", "城市规模", "City size", text=True, one_of=("大城市", "中等城市", "小城市"))
HOUSING = entry(
    "quota.housing", "用地/住房", "Use/Housing", "亩", heading=Both("用地", "Use"), item=Both("住房", "Housing")
)
SCHOOL = entry(
    "quota.school", "用地/教育", "Use/School", "亩", heading=Both("用地", "Use"), item=Both("教育", "School")
)


def problems(path, model, **more) -> str:
    """What a person is told when the file cannot be used, in Chinese; also checks that English can be said."""
    with pytest.raises(AllocationError) as caught:
        read_table(path, model, **more)
    assert caught.value.text("en")
    return caught.value.text("zh")


def notes(table) -> str:
    for note in table.notes:
        note.text("en")
    return "\n".join(note.text("zh") for note in table.notes)


def header_of(*entries: Input) -> list[str]:
    return ["代码", "名称", *(one.label.zh for one in entries)]
