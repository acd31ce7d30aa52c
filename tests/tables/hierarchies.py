"""Tables of other people's making, at random: which rows are units is known, because the generator decided it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np

UNIT, HELD, NONE = "unit", "held", "none"  # held: a detail of another row; none: a holder or a statement
STATEMENTS = (
    "平均", "均值", "最大值", "最小值", "中位数", "占比", "全市平均", "上年数", "增减", "比上年±%", "计数", "排名",
    "人均", "县均", "户数", "单位数", "平均值（人）", "上年同期", "占全省比重（%）", "同比增长", "标准差", "Mean",
    "Median", "max", "% of total",
)  # fmt: skip
TOTALS = ("合计", "总计", "合 计", "全省合计", "全省", "汇总", "合计数", "Total")
CITY_WORDS = ("{}", "{}合计", "{}小计", "{}汇总", "{}（小计）")


@dataclass
class Line:
    code: str
    name: str
    truth: str
    figures: list
    depth: int = 0


@dataclass
class Made:
    lines: list[Line] = field(default_factory=list)
    right: bool = True  # everything in the table agrees: nothing may stop
    story: list[str] = field(default_factory=list)

    def figures(self) -> np.ndarray:
        return np.array([line.figures for line in self.lines], dtype=float).reshape(len(self.lines), -1)

    @property
    def units(self) -> list[int]:
        return [at for at, line in enumerate(self.lines) if line.truth == UNIT]


def hierarchy(seed: int) -> Made:
    """A province of prefectures of counties, with or without codes, cities' rows, totals, statements and details."""
    dice = random.Random(seed)
    made, width = Made(), dice.choice([1, 2, 2, 3, 5])
    style = dice.choice(["none", "six", "six", "twelve", "serial"])
    order = dice.choice(["above", "below"])
    cities = dice.random() < 0.7
    word = dice.choice(CITY_WORDS)
    if style not in ("six", "twelve") and "小计" not in word and (word == "{}" and width == 1 or word != "{}"):
        word = "{}小计"  # without a code or two figures nothing else tells
    named = word != "{}"
    digits = dice.choice([50, 5000, 500000])
    prefectures = dice.randint(1, 4)
    for number in range(1, prefectures + 1):
        city = f"{'甲乙丙丁戊己庚辛'[number]}州市"
        block = _counties(dice, number, width, digits, style, made)
        held = [line for line in block if line.truth == UNIT]
        silent = cities and not named and style not in ("six", "twelve")
        if cities and not (silent and len(held) < 4):
            sums = [sum(line.figures[at] for line in held) for at in range(width)]
            top = Line(f"13{number:02}00", word.format(city), NONE, sums)
            block = [top, *block] if order == "above" else [*block, top]
        elif silent:
            made.right = False
            made.story.append("city left out")
        made.lines += block
    if cities and not named and style not in ("six", "twelve") and prefectures == 1:
        made.right = False  # one city's row that only the figures give away is asked about
    _total(dice, made, width, style)
    for _ in range(dice.choice([0, 0, 1, 3])):
        figures = [round(dice.uniform(0, digits), dice.choice([0, 2])) for _ in range(width)]
        made.lines.append(Line("", dice.choice(STATEMENTS), NONE, figures))
    for serial, line in enumerate(made.lines, start=1):
        line.code = {"six": line.code, "twelve": line.code and line.code + "000000", "none": "", "serial": str(serial)}[
            style
        ]
    return made


def _counties(dice, number: int, width: int, digits: int, style: str, made: Made) -> list[Line]:
    block = []
    for place in range(dice.randint(2, 9)):
        code = f"13{number:02}{dice.choice([place + 2, place + 21, place + 81]):02}"
        figures = [dice.randint(digits // 10, digits) for _ in range(width)]
        name = (
            f"{'东西南北中上下左右'[place]}{'甲乙丙丁戊'[number]}{dice.choice(['区', '县', '市']) if place else '区'}"
        )
        block.append(Line(code, name, UNIT, figures))
    block = list({line.code: line for line in block}.values())
    if dice.random() < 0.2:
        block.append(
            Line(
                f"13{number:02}99",
                f"{'甲乙丙丁戊'[number]}州高新区",
                UNIT,
                [dice.randint(1, digits) for _ in range(width)],
            )
        )
    return block


def _total(dice, made: Made, width: int, style: str) -> None:
    if dice.random() < 0.6:
        units = [line for line in made.lines if line.truth == UNIT]
        total = Line(
            "130000", dice.choice(TOTALS), NONE, [sum(line.figures[at] for line in units) for at in range(width)]
        )
        total.code = dice.choice(["", total.code])
        made.lines.insert(dice.choice([0, len(made.lines)]), total)


def add_within(made: Made, seed: int) -> Made:
    """A row 其中 below a unit; counted by the holders or not."""
    dice = random.Random(seed + 7)
    at = dice.choice(made.units)
    whole = made.lines[at]
    counted = dice.random() < 0.4 and any(_holds(made, line, whole) for line in made.lines if line.truth == NONE)
    figures = [dice.randint(3, max(4, int(value) // 2)) for value in whole.figures]
    coded = bool(whole.code) and len(whole.code) >= 6
    code = whole.code[:4] + "71" + whole.code[6:] if coded else ("" if not whole.code else "999")
    line = Line(
        code,
        dice.choice(["其中：高新区", "#高新区", "其中:开发区", "其中：市本级"]),
        UNIT if counted else HELD,
        figures,
    )
    if counted:
        for holder in made.lines:
            if holder.truth == NONE and _holds(made, holder, whole):
                holder.figures = [value + more for value, more in zip(holder.figures, figures, strict=True)]
    made.lines.insert(at + 1, line)
    made.right = False  # without a holder nobody can tell
    made.story.append(f"within counted={counted}")
    return made


def _holds(made: Made, holder: Line, unit: Line) -> bool:
    if any(word.replace(" ", "") in holder.name.replace(" ", "") for word in STATEMENTS):
        return False
    if holder.name.replace(" ", "") in {name.replace(" ", "") for name in TOTALS}:
        return True
    return holder.code[:4] == unit.code[:4] if len(unit.code) >= 6 else _same_city(holder.name, unit.name)


def _same_city(holder: str, unit: str) -> bool:
    return "甲乙丙丁戊己庚辛".index(holder[0]) == "甲乙丙丁戊".index(unit[1] if unit[1] in "甲乙丙丁戊" else unit[0])


def disturb(made: Made, seed: int) -> Made:
    """A rounding in a holder, or a blank in a holder or a unit."""
    dice = random.Random(seed + 11)
    width = len(made.lines[0].figures)
    holders = [line for line in made.lines if line.truth == NONE and not any(word in line.name for word in STATEMENTS)]
    kind = dice.choice(["rounding", "blank unit", "blank holder"] if width > 1 else ["rounding", "blank unit"])
    pool = holders if kind != "blank unit" else [made.lines[at] for at in made.units]
    if pool:
        line, at = dice.choice(pool), dice.randrange(width)
        line.figures[at] = line.figures[at] + dice.choice([-1, 1]) if kind == "rounding" else float("nan")
        made.right = False
        made.story.append(kind)
    return made
