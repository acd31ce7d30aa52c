"""单位核对: every unit of register, last year, table and issue stands once, the counts close, moves are explained."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from shipped import sample_model

from allocation.doubts.beside import LAST, Beside, Known, Listing
from allocation.doubts.doubt import Doubts
from allocation.doubts.reconciled import as_kept, from_kept, reconcile
from allocation.tables.recipients import Recipient, Recipients
from allocation.tables.table import Table

MODEL = sample_model("incentive_fund@2017")
UNITS = {f"2107{n:02}": f"{name}县" for n, name in enumerate("甲乙丙丁戊己庚辛壬癸", start=21)}


def made(listed, registered=(), before=(), moves=(), years=None) -> Table:
    register = Recipients(tuple(Recipient(code, UNITS[code], years=(years or {}).get(code, (0, 9999)))
                                for code in registered), "接收单位.csv")  # fmt: skip
    last = Listing(LAST, "上年.xlsx", tuple(Known(code, UNITS[code]) for code in before), 2016)
    beside = Beside((last,) if before else (), (register,) if registered else (), moves)
    return replace(Table(tuple(listed), tuple(UNITS[code] for code in listed), {}, 2017), beside=beside)


@pytest.mark.parametrize("seed", range(20))
def test_every_unit_of_any_list_stands_once_and_the_counts_close(seed):
    draw = random.Random(seed)
    lists = [sorted(draw.sample(list(UNITS), draw.randint(1, 9))) for _ in range(3)]
    table = made(*lists)
    awards = [Fraction(draw.randint(0, 2)) for _ in table.codes]
    units = reconcile(MODEL, table, awards, Doubts())
    assert sorted(line.code for line in units.lines) == sorted(set().union(*lists))
    assert units.closes and [each.key for each in units.sums] == ["register", "last", "issue"]
    register, last, issue = units.sums
    assert (register.start, register.end) == (len(lists[1]), len(lists[0]))
    assert (last.start, last.end) == (len(lists[2]), len(lists[0]))
    assert (issue.start, issue.end) == (len(lists[0]), sum(award > 0 for award in awards))
    moved = set(lists[0]) ^ set(lists[2]) | set(lists[1]) ^ set(lists[0])
    assert {line.code for line in units.unexplained} == moved
    again = from_kept(as_kept(units), table, awards)
    assert {line.code: line for line in again.lines} == {line.code: line for line in units.lines}
    assert again.sums == units.sums


def test_crosswalk_years_and_reasons_explain_and_nothing_else_does():
    first, second, third, fourth = list(UNITS)[:4]
    table = made([second, third], [second, third, fourth], [first, second], [(2017, first, second)],
                 {third: (2017, 9999)})  # fmt: skip
    units = {line.code: line for line in reconcile(MODEL, table, None, Doubts()).lines}
    assert units[first].why[0].zh == f"2017年并入或改为 {second}（调整对照表）"
    assert units[third].why[0].zh == "接收单位.csv：自2017年起"
    assert not units[fourth].explained and units[second].explained
    assert {code: line.change for code, line in units.items()} == {
        first: "left", second: "kept", third: "new", fourth: "absent",
    }  # fmt: skip


def test_the_terminal_lays_the_lists_side_by_side(allocation, folder):
    told = allocation("reconcile reward --recipients inputs/recipients_reward.csv")
    assert told.code in (0, 1), told.text
    assert "接收单位表" in told.out and "= 本次下达 4 个" in told.out
    (folder / "上年.csv").write_text("行政区代码,名称,落户人数\n210702,古塔区,5\n210799,老城区,7\n", encoding="utf-8")
    told = allocation("reconcile reward --last 上年.csv --lang en")
    assert told.code == 1 and "老城区" in told.out and "nobody said" in told.out
    assert "last year 2 − left 1 + new 3 = table 4" in told.out


def test_a_resolved_doubt_explains_its_units(allocation, folder):
    (folder / "上年.csv").write_text("行政区代码,名称,落户人数\n210702,古塔区,5\n210703,凌河区,5\n210726,黑山县,5\n"
                                    "210781,凌海市,5\n210799,老城区,7\n", encoding="utf-8")  # fmt: skip
    told = allocation("reconcile reward --last 上年.csv")
    assert told.code == 1
    id = next(
        word
        for word in told.out.replace("：", " ").replace("]", " ").replace("[", " ").split()
        if word.startswith("missing-")
    )
    told = allocation(["reconcile", "reward", "--last", "上年.csv", "--resolve", f"{id}=并入凌河区"])
    assert told.code == 0, told.text
    assert f"已核实 {id}：并入凌河区" in told.out
