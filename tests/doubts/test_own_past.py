"""上年数 in the table itself: who is new in it, who has gone, and which figures leap."""

from __future__ import annotations

from dataclasses import replace

import pytest
from openpyxl import Workbook
from test_resolving import ids, own_table
from towns import codes, names, table_of

from allocation.doubts.beside import Beside
from allocation.doubts.doubting import doubts_beside
from allocation.policy.loading import load_model

OWN = "--input inputs/own.csv --set pool=1000 --year 2018"


def kinds(told) -> list[str]:
    return [one.split("-")[0] for one in ids(told.out)]


def with_column(folder, heading: str, figures: list[str], changes: dict[str, str] | None = None) -> None:
    own_table(folder, changes or {})
    path = folder / "inputs/own.csv"
    lines = path.read_text(encoding="utf-8").split()
    cells = [heading, *figures, ""]
    path.write_text("\n".join(f"{line},{cell}" for line, cell in zip(lines, cells, strict=True)) + "\n", "utf-8")


def test_a_unit_without_last_year_s_award_is_new_and_one_with_nothing_else_has_gone(allocation, folder):
    own_table(folder, {"中等城市,150,22300,52.25,1.02,250": "中等城市,150,22300,52.25,1.02,", ",900": ","})
    told = allocation(f"check reward {OWN}")
    assert kinds(told) == ["new"] and "own.csv 的上年数" in told.out and "210781 凌海市（own.csv: B5）" in told.out


def test_a_register_s_years_explain_a_unit_that_is_new_by_the_table_s_own_column(allocation, folder):
    own_table(folder, {"中等城市,150,22300,52.25,1.02,250": "中等城市,150,22300,52.25,1.02,", ",900": ","})
    rows = "210702,古塔区,\n210703,凌河区,\n210726,黑山县,\n210781,凌海市,{}\n"
    for year, said in ((2018, []), (2017, ["new"])):
        (folder / "r.csv").write_text("代码,名称,启用年度\n" + rows.format(year), encoding="utf-8")
        assert kinds(allocation(f"check reward {OWN} --recipients r.csv")) == said


@pytest.mark.parametrize(
    "heading", ["上年落户人数（人）", "上年度落户人数", "去年落户人数", "落户人数（上年）", "People settled last year"]
)
def test_a_column_of_last_year_s_figures_that_no_input_asks_for_is_compared_with(allocation, folder, heading):
    with_column(folder, heading, ["170", "250", "20", "140"])
    told = allocation(f"check reward {OWN}")
    assert kinds(told) == ["size"] and "黑山县 20 → 90" in told.out and "只用来核对" in told.out
    assert kinds(allocation([*f"check reward {OWN} --unused".split(), heading])) == []
    with_column(folder, heading, ["170", "250", "80", ""])
    assert kinds(allocation(f"check reward {OWN}")) == []  # its award of last year says that it was there


def test_a_count_that_is_last_year_s_in_every_unit_was_copied(allocation, folder):
    with_column(folder, "上年落户人数（人）", ["180", "260", "90", "150"])
    told = allocation(f"check reward {OWN}")
    assert kinds(told) == ["copied"] and "4 个地区的数与上年" in told.out
    with_column(folder, "上年落户人数（人）", ["180", "260", "90", "151"])
    assert kinds(allocation(f"check reward {OWN}")) == []  # one that moved: counted anew
    with_column(folder, "上年财政收入（亿元）", ["3.1", "4.2", "1.6", "2.3"])
    assert kinds(allocation(f"check reward {OWN}")) == []  # what is no count may stay as it was


def test_last_year_s_figures_are_read_in_the_unit_their_heading_names(allocation, folder):
    with_column(folder, "上年财政收入（亿元）", ["3.0", "4.1", "1.5", "2.2"])
    assert kinds(allocation(f"check reward {OWN}")) == []
    with_column(folder, "上年财政收入（万元）", ["300", "410", "150", "220"])
    told = allocation(f"check reward {OWN}")
    assert kinds(told) == ["size"] and "整列" in told.out


def test_a_column_that_may_be_the_input_of_last_year_s_award_is_asked_about(allocation, folder):
    book = Workbook()
    sheet = book.active
    sheet.append(
        ["行政区代码", "名称", "城市规模", "落户人数（人）", "财政收入（万元）", "城镇化率（%）", "上年数（元）"]
    )
    for code, name, last in (("210702", "古塔区", 2000), ("210703", "凌河区", 3000), ("210726", "黑山县", 1500),
                             ("210781", "凌海市", 2500)):  # fmt: skip
        sheet.append([code, name, "大城市", 100, 3000, 40, last])
    book.save(folder / "inputs/own.xlsx")
    told = allocation("check reward --input inputs/own.xlsx --set pool=1000 --year 2018")
    assert told.code == 2 and "上年分配额" in told.err  # it may be the input: asked about, not guessed


def test_a_unit_that_the_table_has_only_last_year_s_figures_of_has_gone(folder):
    model = load_model(folder / "models/reward.toml")
    table = table_of(codes(4), names(4), last_award=[200, 300, 150, 250], settled=[10, 20, 30, 40])
    empty = {**table.values, "settled": (*table.values["settled"][:3], None), "size": (None,) * 4}
    told = doubts_beside(model, [replace(table, values=empty, beside=Beside())])
    assert [(one.kind, one.units) for one in told] == [("missing", ("990104",))]
    assert "只有上年数" in told.every[0].text("zh") and "表.csv: B5" in told.every[0].text("en")
    move = Beside(moves=((2018, "990104", "990103"),))
    assert not doubts_beside(model, [replace(table, values=empty, beside=move)])
