"""The terminal's table of a model that groups its counties: 小计 above its counties, alone where they are too many."""

from __future__ import annotations

from dataclasses import replace

from allocation.commands import printing
from allocation.commands.printing import print_run
from allocation.commands.screen import Screen
from allocation.run.finding import find
from allocation.run.run import run_model


def table(name: str, capsys, lang: str = "zh") -> list[list[str]]:
    """The lines of the table below its rule, as words."""
    found = find(name, None, None)
    print_run(run_model(found.model, found.table), Screen(lang))
    _, _, said = capsys.readouterr().out.partition("─\n")
    return [line.split() for line in said.splitlines()]


def test_a_group_has_its_sum_above_its_counties_and_the_total_stands_last(capsys):
    rows = table("incentive_fund", capsys)
    assert [row[-4] for row in rows[:5]] == ["市辖区小计", "古塔区", "凌河区", "太和区", "县小计"]
    assert rows[0][-3:] == ["2,177", "43.54%", "-73"]
    assert rows[10] == ["合计", "5,000", "100.00%", "400"]


def test_of_very_many_counties_only_the_sums_and_those_of_no_group_are_shown(capsys):
    rows = table("provincial_fund", capsys)
    names = [row[-4] for row in rows[:16]]
    assert names[0] == "安平市小计" and names.count("恩口白石县") == 1 and "安平东城区" not in names
    assert rows[16] == ["…", "……小计中的", "112", "个"] and rows[17][:2] == ["合计", "97,800"]
    sums = [int(row[-3].replace(",", "")) for row in rows[:16]]
    assert sum(sums) == 97800


def test_without_groups_very_many_counties_are_cut_to_the_first(capsys, monkeypatch):
    monkeypatch.setattr(printing, "MOST", 3)
    found = find("incentive_fund", None, None)
    print_run(run_model(replace(found.model, group=""), found.table), Screen("zh"))
    said = capsys.readouterr().out
    assert "太和区" in said and "黑山县" not in said and "……另有 4 个" in said
