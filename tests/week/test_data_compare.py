"""compare --data: the figures a correction moved, and every county's award before and after."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest
from desk import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_files import HEISHAN, MODEL, SHARED, TABLE, problems

from allocation import Table, read_table, run_model
from allocation.analysis.data_compare import Correction, compare_tables, corrected_awards

TEXT = (SHARED / "inputs" / "reward.csv").read_text(encoding="utf-8-sig").replace(",合计,,680,108570.75,,,900\n", "")
NEW = TEXT.replace("黑山县,小城市,90,", "黑山县,小城市,96,").replace("52.25,1.02,250", "53,1.02,250")


def tables(folder, old: str = TEXT, new: str = NEW) -> list[Table]:
    found = []
    for name, text in (("旧.csv", old), ("新.csv", new)):
        (folder / name).write_text(text, encoding="utf-8")
        found.append(read_table(folder / name, MODEL))
    return found


@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 500)), max_size=4), st.permutations(range(4)))
def test_changes_of_the_awards_are_those_of_two_runs_whatever_the_order_of_rows(moved, order):
    values = list(TABLE.values["settled"])
    for row, value in moved:
        values[row] = value
    if not any(values):
        return
    new = TABLE.with_values(settled=tuple(values))
    shuffled = replace(
        new,
        codes=tuple(new.codes[row] for row in order),
        names=tuple(new.names[row] for row in order),
        values={name: tuple(column[row] for row in order) for name, column in new.values.items()},
    )
    found = compare_tables(MODEL, TABLE, shuffled)
    changes = zip(run_model(MODEL, new).figures("award"), run_model(MODEL, TABLE).figures("award"), strict=True)
    wanted = dict(zip(TABLE.codes, (after - before for after, before in changes), strict=True))
    assert changes_by_code(found) == wanted and not sum(wanted.values())
    assert [line.code for line in found.lines] == list(shuffled.codes)
    differ = {TABLE.names[row] for row in range(4) if values[row] != TABLE.values["settled"][row]}
    assert {one.county for one in found.figures} == differ and {one.name for one in found.figures} <= {"settled"}


def changes_by_code(correction: Correction) -> dict[str, object]:
    """What moved, as the described table of the awards has it."""
    table = corrected_awards(correction, "screen")
    return dict(zip((line.code for line in correction.lines), table.figures["change"], strict=False))


def test_counties_of_one_table_only_are_named_and_the_others_still_compared(tmp_path):
    lines = TEXT.splitlines()
    old, new = "\n".join(lines[:4]) + "\n", "\n".join([lines[0], *lines[2:]]) + "\n"
    found = compare_tables(MODEL, *tables(tmp_path, old, new))
    assert (found.only_old, found.only_new, found.figures) == (["古塔区"], ["凌海市"], ())
    assert [change is None for change in changes_by_code(found).values()] == [False, False, True, True]


def test_without_codes_counties_are_matched_by_name(tmp_path):
    lines = [line.partition(",")[2] for line in TEXT.splitlines()]
    found = compare_tables(MODEL, *tables(tmp_path, "\n".join(lines), "\n".join([lines[0], *reversed(lines[1:])])))
    assert not found.figures and not found.only_new and not any(line.new != line.old for line in found.lines)


def test_tables_of_two_years_are_refused():
    assert [one.id for one in problems(compare_tables, MODEL, TABLE, replace(TABLE, year=2018))] == [
        "ledger.compare_two_years"
    ]


def test_the_command_prints_and_writes_what_moved(folder, allocation):
    tables(folder)
    told = allocation("compare reward --data 旧.csv 新.csv")
    assert told.code == 0 and "有 2 个数不同：" in told.out
    assert "黑山县  落户人数：90 人 → 96 人" in told.out and "凌海市  城镇化率：52.25 % → 53 %" in told.out
    sheet = openpyxl.load_workbook(folder / "outputs/reward_更正影响.xlsx")["更正影响表"]
    rows = [row for row in sheet.iter_rows(min_row=5, values_only=True) if any(row)]
    found = compare_tables(MODEL, *tables(folder))
    assert rows[1][1:5] == ("合计", 1000, 1000, 0)
    changes = changes_by_code(found)
    assert [row[1:5] for row in rows[2:6]] == [
        (line.county, line.old, line.new, changes[line.code]) for line in found.lines
    ]
    parts = [None if not line.old else changes[line.code] / line.old for line in found.lines]
    assert [row[5] for row in rows[2:6]] == pytest.approx([float(part) for part in parts])
    assert rows[3 + HEISHAN - 1][4] > 0
    assert [row[0] for row in rows[7:]] == ["黑山县", "凌海市"]
    assert "Figures that differ: 2" in allocation("compare reward --lang en --data 旧.csv 新.csv").out


def test_a_table_compared_with_itself_moves_nothing(folder, allocation):
    tables(folder)
    told = allocation("compare reward --data 旧.csv 旧.csv")
    assert told.code == 0 and "两张表的数完全相同" in told.out


def test_wrong_turns_are_said_together_and_nothing_is_written(folder, allocation):
    tables(folder)
    (folder / "新.csv").write_text(NEW.replace(",96,", ",九十六,"), encoding="utf-8")
    told = allocation("compare reward pool_6000 --input 旧.csv --data 不在.csv 新.csv")
    assert told.code == 2 and not (folder / "outputs").exists()
    for said in ("不能同时写情景", "不要再写 --input", "不在.csv", "应填数字"):
        assert said in told.err
    assert allocation("compare reward --data 旧.csv").code == 2
