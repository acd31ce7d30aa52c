"""A heading that nearly names an input is read right or stops: nothing is counted by its default in silence."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from people_tables import HARDSHIP, HEAD, HOUSING, LAND, REVENUE, ROWS, SCHOOL, SETTLED, SIZE, model_of, notes, problems

from allocation.errors import AllocationError
from allocation.policy.loading import load_model
from allocation.policy.model import Input
from allocation.tables.reading import read_table

MODELS = sorted(Path("models").glob("*.toml")) or sorted((Path(__file__).parents[2] / "models").glob("*.toml"))
ALL = bool(os.environ.get("CI"))
WEIGHT = replace(HARDSHIP, optional=False, default=Fraction(1))


def figure(entry: Input, row: int):
    """A figure that the input takes, another one in every row."""
    if entry.text:
        return (entry.one_of or ("甲类", "乙类", "丙类"))[row % len(entry.one_of or "三类呀")]
    low, high = entry.min or Fraction(0), entry.max
    span = min(high - low, 900) if high is not None else Fraction(900)
    value = low + span * (row + 1) / 10
    places = 0 if entry.whole else min(entry.decimals if entry.decimals is not None else 2, 2)
    shown = Fraction(int(value * 10**places), 10**places)
    return f"{float(shown * 100):g}%" if entry.unit.is_percent else float(shown)


def near_misses(label: str, unit: str, dice: random.Random) -> list[str]:
    place = dice.randrange(len(label))
    return [
        label[:place] + label[place + 1 :],
        label[:place] + dice.choice("的了新总各") + label[place:],
        label[:place] + dice.choice("的了新总各") + label[place + 1 :],
        label.removesuffix("数").removesuffix("额").removesuffix("率"),
        label.replace("/", "／"),
        label.replace("/", "—"),
        label.replace("/", "\n"),
        label.replace("/", "（") + ("）" if "/" in label else ""),
        f"【{label}】",
        f"{label}（{unit}）" if unit and unit != "%" else label,
        "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" and sign != "/" else sign for sign in label),
        " ".join(label),
        label + "：",
        f"“{label}”",
        label[:place] + "\n" + label[place:],
    ]


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_near_miss_of_any_shipped_label_is_read_right_or_stops(path, write_csv):
    model = load_model(path)
    model = replace(model, years=False)
    entries = list(model.inputs.values())
    head = ["行政区代码", "名称", *(entry.label.zh for entry in entries)]
    rows = [[f"2107{row + 2:02}", f"县{row}", *(figure(entry, row) for entry in entries)] for row in range(5)]
    right = read_table(write_csv([head, *rows]), model, year=2018).values
    dice = random.Random(path.stem)
    for at in range(len(entries)) if ALL else dice.sample(range(len(entries)), min(4, len(entries))):
        entry = entries[at]
        variants = near_misses(entry.label.zh, entry.unit.name, dice)
        for heading in variants if ALL else dice.sample(variants, 3):
            try:
                table = read_table(write_csv([[*head[: at + 2], heading, *head[at + 3 :]], *rows]), model, year=2018)
            except AllocationError:
                continue
            assert dict(table.values) == dict(right), (entry.name, heading)


def test_a_heading_that_resembles_an_optional_input_stops_with_both_ways_out(write):
    rows = [[*HEAD, "困难数"], *([*row, 0.9] for row in ROWS)]
    text = problems(write(rows), model_of(SETTLED, REVENUE, WEIGHT))
    assert "数据!E1: “困难数”没有读：它像是“困难系数”" in text and "会按1计" in text
    assert "请把表头改为“困难系数”" in text and '--unused "困难数"' in text


def test_a_column_a_person_calls_unused_is_passed_over_and_kept_on_record(write):
    path, model = write([[*HEAD, "困难数"], *([*row, 0.9] for row in ROWS)]), model_of(SETTLED, REVENUE, WEIGHT)
    table = read_table(path, model, unused=["困难数"])
    assert table.values["hardship"] == (1, 1, 1) and table.said == (("unused", "困难数"),)
    assert "按 --unused 所说，不用这些列：困难数" in notes(table)
    assert "“财政收入”一列" in problems(path, model, unused=["困难数", "财政收入"])


def test_unused_that_names_no_heading_is_an_error_with_the_nearest(write):
    text = problems(write([HEAD, *ROWS]), model_of(SETTLED, REVENUE), unused=["财政支出"])
    assert "--unused 所说的“财政支出”不是表中的表头；最接近的是“财政收入”" in text


def test_a_column_that_may_be_an_absent_input_stops_and_one_that_cannot_does_not(write):
    model = model_of(SETTLED, REVENUE, replace(LAND, optional=True))
    for heading, figures in (
        ("面积（人）", [5, 6, 7]),
        ("面积", [-5, 6, 7]),
        ("面积", ["甲", "乙", "丙"]),
        ("联系电话", [5, 6, 7]),
    ):
        table = read_table(
            write([[*HEAD, heading], *([*row, one] for row, one in zip(ROWS, figures, strict=True))]), model
        )
        assert "未读" in notes(table)
    for heading in ("常用面积", "面积（亩）"):
        text = problems(write([[*HEAD, heading], *([*row, 7] for row in ROWS)]), model)
        assert "却有没读的列" in text or "没有读：它像是" in text


def test_sums_shares_and_last_years_columns_are_no_input(write):
    model = model_of(SETTLED, REVENUE, replace(LAND, optional=True))
    head = [*HEAD, "小计", "占比", "上年数", "排名", "同比增减"]
    assert len(read_table(write([head, *([*row, 1, 2, 3, 4, 5] for row in ROWS)]), model)) == 3


STEPS = "用地\n住房\n（亩）;用地\n住房（亩）;用地住房\n亩;用地（住房）;用地—住房;用地 住房;用地：住房（亩）"


@pytest.mark.parametrize("heading", STEPS.split(";"))
def test_a_line_break_or_a_mark_is_a_step_between_levels(heading, write):
    rows = [[*HEAD, heading, "用地/教育"], *([*row, 3, 4] for row in ROWS)]
    table = read_table(write(rows), model_of(SETTLED, REVENUE, replace(HOUSING, default=Fraction(0)), SCHOOL))
    assert table.values["quota.housing"] == (3, 3, 3) and table.values["quota.school"] == (4, 4, 4)


def test_a_line_break_does_not_make_a_key_of_a_headings_end(write):
    rows = [[*HEAD, "项目\n名称"], *([*row, "桥"] for row in ROWS)]
    assert read_table(write(rows), model_of(SETTLED, REVENUE)).names == tuple(row[1] for row in ROWS)


@pytest.mark.parametrize(
    "head",
    [
        ["城市代码", "城市", "落户人数", "财政收入"],
        ["城市编码", "城市名称", "落户人数", "财政收入"],
        ["City code", "City", "落户人数", "财政收入"],
    ],
)
def test_cities_and_their_codes_are_headings(head, write):
    table = read_table(write([head, *ROWS]), model_of(SETTLED, REVENUE))
    assert table.names == ("古塔区", "凌河区", "太和区") and table.codes == ("210702", "210703", "210711")


def test_the_city_a_county_lies_in_is_not_the_county(write):
    rows = [["城市代码", "城市", *HEAD], *(["210700", "锦州市", *row] for row in ROWS)]
    assert read_table(write(rows), model_of(SETTLED, REVENUE)).names == ("古塔区", "凌河区", "太和区")
    rows = [["城市代码", "城市", *HEAD[1:]], *(["210700", "锦州市", *row[1:]] for row in ROWS)]
    table = read_table(write(rows), model_of(SETTLED, REVENUE))
    assert table.names == ("古塔区", "凌河区", "太和区") and table.codes == ("001", "002", "003")


def test_a_unit_nobody_knows_in_the_heading_of_an_optional_input_stops(write):
    rows = [[*HEAD, "困难系数（万园）"], *([*row, 0.9] for row in ROWS)]
    text = problems(write(rows), model_of(SETTLED, REVENUE, WEIGHT))
    assert "括号里的“万园”不是认识的单位" in text and "--unused" in text


def test_a_class_in_a_column_of_another_name_is_asked_about(write):
    rows = [[*HEAD, "类型"], *([*row, "大城市"] for row in ROWS)]
    text = problems(write(rows), model_of(SETTLED, REVENUE, replace(SIZE, optional=True)))
    assert "表中没有“城市规模”（可不填），却有没读的列：类型" in text


TOWNS = [["210702001", "甲镇", 120], ["210702002", "乙镇", 80]]


@pytest.mark.parametrize("head", ["城镇名称", "乡镇名称", "乡镇", "镇名", "街道名称"])
def test_a_towns_name_is_its_name(head, write):
    assert read_table(write([["代码", head, "落户人数"], *TOWNS]), model_of(SETTLED)).names == ("甲镇", "乙镇")


@pytest.mark.parametrize("order", [("县区", "乡镇"), ("乡镇", "县区")])
def test_beside_a_county_a_towns_name_is_the_name(order, write):
    rows = [["代码", *order, "落户人数"]]
    rows += [
        [code, *({"县区": "古塔区", "乡镇": name}[head] for head in order), figure] for code, name, figure in TOWNS
    ]
    assert read_table(write(rows), model_of(SETTLED)).names == ("甲镇", "乙镇")


def test_an_unread_column_of_names_is_asked_about_where_nothing_names_the_rows(write):
    rows = [["代码", "承办点名称", "落户人数"], *TOWNS]
    assert "“承办点名称”没有读：表中没有“名称”列" in problems(write(rows), model_of(SETTLED))
    assert read_table(write(rows), model_of(SETTLED), unused=("承办点名称",)).codes == ("210702001", "210702002")
    assert read_table(write([["代码", "姓名", "落户人数"], *TOWNS]), model_of(SETTLED)).names


def test_a_heading_is_advised_in_the_unit_that_the_sheet_says(write):
    spare = replace(LAND, optional=True)
    rows = [["代码", "名称", "落户人数", "用地（亩）"], ["", "", "", "现有建设用地"], *([*row, 75] for row in TOWNS)]
    assert "请把表头改为“建设用地（亩）”；" in problems(write(rows), model_of(SETTLED, spare))
    assert "请把表头改为“建设用地（亩）”；" in problems(write(rows), model_of(SETTLED, LAND))


def test_a_heading_of_another_unit_than_the_one_above_it_stops(write):
    rows = [
        ["代码", "名称", "落户人数", "情况（亩）"],
        ["", "", "", "建设用地（公顷）"],
        *([*row, 75] for row in TOWNS),
    ]
    text = problems(write(rows), model_of(SETTLED, LAND))
    assert "“建设用地”的表头写着单位“公顷”，它上面的表头写的却是“亩”" in text
    rows[1][3] = "建设用地（亩）"
    assert read_table(write(rows), model_of(SETTLED, LAND)).values["land"] == (5, 5)


def test_towns_that_are_counted_are_no_names(write):
    rows = [["县区", "乡镇（个）", "落户人数"], ["古塔区", 12, 120], ["凌河区", 9, 80]]
    assert read_table(write(rows), model_of(SETTLED)).names == ("古塔区", "凌河区")
