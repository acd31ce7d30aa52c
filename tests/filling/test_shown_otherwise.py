"""What a system shows is called alike only where it was compared, in the units that the system says."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest
from small_imports import USES, a_column, a_line, an_amount, mapping_toml, small

from allocation.filling.lines import fill_lines
from allocation.filling.shown import ShownBeside, shown_beside
from allocation.xlsx.import_mapping import mapping_from_text

HEAD = ["区划", "单位", "道路", "供水", "已知"]
LAYOUT = mapping_toml(
    [a_column("code", "区划", "code"), a_column("name", "单位", "name"),
     *(an_amount(name, zh, line=name) for name, zh in USES.items()), an_amount("known", "已知", "other", line="roads")],
    [a_line("roads", others={"known": "known"}), a_line("water")], {"sheet": "表", "headings": [1], "units": "code"},
)  # fmt: skip


def shown(folder: Path, *, heads=HEAD, above=(), by=1, known=("", "0", "12500"), last=()) -> ShownBeside:
    """What the small run gives, as a system shows it: figures divided `by` so much, otherwise as asked."""
    run = small((3, 2, 4), (None, Fraction(0), Fraction(5, 4)))
    layout = mapping_from_text(LAYOUT, "s.toml", run.model)
    lines = fill_lines(run, layout, {}, [])
    rows = [[line.unit, line.name, *(str(float(line.values[name] / by)) for name in ("roads", "water")), held, *last]
            for line, held in zip(lines, known, strict=True)]  # fmt: skip
    with (folder / "s.csv").open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([*above, heads, *rows])
    return shown_beside(folder / "s.csv", layout, lines, run.model.units)


def kinds(beside: ShownBeside) -> list[tuple[str, str]]:
    return [(each.kind, each.column.zh) for each in beside.differences]


def test_what_was_imported_is_alike_in_any_unit_that_is_said(tmp_path):
    assert kinds(shown(tmp_path)) == []
    in_wan = [*HEAD[:2], "道路（万元）", "供水（万元）", "已知"]
    assert kinds(shown(tmp_path, heads=in_wan, by=10000)) == []
    assert kinds(shown(tmp_path, above=[["单位：万元"]], by=10000, known=("", "0", "1.25"))) == []


@pytest.mark.parametrize("above", [[["单位：万元"]], [["分配表"], ["", "", "", "金额单位：万元"]]])
def test_a_line_of_the_unit_above_the_headings_counts(tmp_path, above):
    assert len(shown(tmp_path, above=above).differences) == 7  # three of each column, and one that is known


def test_a_figure_of_another_kind_is_none_of_ours(tmp_path):
    people = [*HEAD[:2], "道路（人）", "供水", "已知"]
    assert kinds(shown(tmp_path, heads=people)) == [("figure", "道路")] * 3
    assert [each.kind for each in shown(tmp_path, known=("", "0", "12500人")).differences] == ["figure"]


def test_a_column_of_amounts_that_is_not_there_or_not_told_apart_is_not_alike(tmp_path):
    assert kinds(shown(tmp_path, heads=["区划", "单位", "道路", "别的", "已知"])) == [("unseen", "供水")]
    assert kinds(shown(tmp_path, heads=["区划", "单位", "道路", "道路", "已知"])) == [
        ("unseen", "道路"),
        ("unseen", "供水"),
    ]
    assert kinds(shown(tmp_path, heads=["区划", "谁", "道路", "供水", "已知"])) == []  # a name is no amount


def test_what_is_not_known_is_shown_blank_and_not_as_0(tmp_path):
    assert kinds(shown(tmp_path, known=("0", "0", "12500"))) == [("figure", "已知")]
    assert kinds(shown(tmp_path, known=("", "", "12500"))) == []  # many systems show no 0


def test_a_unit_whose_remark_speaks_of_a_sum_is_compared_all_the_same(tmp_path):
    beside = shown(tmp_path, heads=[*HEAD, "备注"], last=["小计"])
    assert kinds(beside) == [] and beside.rows == 3
