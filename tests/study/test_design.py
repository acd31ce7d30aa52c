"""Design: the best of the values given is found, holds every check and condition, and is reproduced by what is said."""

from __future__ import annotations

import re
import shlex
import sys
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from allocation import AllocationError, run_model
from allocation.analysis.asked import ask, require
from allocation.cli import main
from allocation.lab import design as module
from allocation.lab.design import design
from allocation.lab.design_search import Search, Task
from allocation.lab.ranges import parse_balance, parse_factors
from allocation.run.finding import find
from allocation.run.scenario import Change, parse_assignment

ROOT = Path(__file__).parents[2]
FLOORS, CAPS = "floor_rate=50%:100%:10%", "cap_rate=130%:300%:10%"


def designed(model, tables, ranges, goal, subject=(), most=False, changes=(), balance=None, **effort):
    factors, conditions = (
        parse_factors(ranges, model, tables, "--range"),
        [require(t, model, tables[-1]) for t in subject],
    )
    task = Task(
        model, tuple(tables), tuple(factors), ask(goal, model, tables[-1]), -1 if most else 1, tuple(changes), balance,
        tuple(conditions),
    )  # fmt: skip
    return design(task, **effort)


@pytest.fixture
def allocation(monkeypatch, capsys):
    def told(command: str) -> tuple[int, str, str]:
        monkeypatch.chdir(ROOT)
        monkeypatch.setattr(sys, "argv", ["allocation", *shlex.split(command)])
        with pytest.raises(SystemExit) as stopped:
            main()
        return stopped.value.code, *capsys.readouterr()

    return told


# ---- what is found


@pytest.mark.parametrize(
    ("goal", "most"),
    [("count(award < last_award)", False), ("lowest(award / settled)", True), ("award@210703", True)],
)
def test_every_combination_is_tried_and_none_run_by_itself_is_better(reward, counties, goal, most):
    found = designed(reward, counties, [FLOORS, CAPS], goal, most=most)
    floors, caps = [Fraction(n, 100) for n in range(50, 101, 10)], [Fraction(n, 100) for n in range(130, 301, 10)]
    asked, best = ask(goal, reward, counties[0]), []
    for floor, cap in product(floors, caps):
        run = run_model(reward, counties, [Change("floor_rate", floor), Change("cap_rate", cap)])
        moved = abs(floor - Fraction(1, 2)) / Fraction(1, 2) + abs(cap - 3) / Fraction(170, 100)
        best.append(((-1 if most else 1) * asked.of(run), float(moved), floor, cap))
    figure, moved, *values = min(best)
    assert (found.figure, found.tried, found.proven, found.exact) == (abs(figure), 6 * 18, True, True)
    assert [one.value for one in found.settings] == values and found.distance == pytest.approx(moved)


def test_the_search_finds_what_trying_every_combination_finds(reward, counties):
    ranges, goal = [FLOORS, CAPS, "pool=950:1150:10"], "highest(award / settled) - lowest(award / settled)"
    every = designed(reward, counties, ranges, goal)
    assert (every.proven, every.exact, every.tried) == (True, False, 6 * 18 * 21)
    some = designed(reward, counties, ranges, goal, tries=1500)
    assert not some.proven and some.tried < 2000
    assert some.figure == every.figure


def test_the_same_seed_gives_the_same_and_the_figure_is_that_of_an_exact_run(reward, counties):
    ranges, goal = ["floor_rate=0%:110%", "cap_rate=130%:300%"], "lowest(award / settled)"
    found, again = (designed(reward, counties, ranges, goal, most=True, tries=800) for _ in range(2))
    assert (found.settings, found.tried) == (again.settings, again.tried)
    assert found.combinations > 20_000 and not found.proven
    run = run_model(reward, counties, found.settings)
    assert run.exact and run.ok and run.figures("award") == found.run.figures("award")
    assert found.figure == ask(goal, reward, counties[0]).of(run)


def test_of_equal_figures_the_one_with_the_least_change_is_taken(reward, counties):
    found = designed(reward, counties, ["pool=900:1100", "cap_rate=100%:300%"], "count(award < floor)", tries=500)
    assert not found.proven and found.figure == 0
    assert [one.value for one in found.settings] == [1000, 3] and found.distance == 0


def test_no_try_is_spent_on_a_pool_that_cannot_be_shared_in_whole_units(reward, counties):
    found = designed(reward, counties, ["pool=900:1100"], "pool", most=True)
    assert (found.combinations, found.refused, found.figure) == (201, 0, 1100)
    scaled = designed(reward, counties, ["pool=±5%"], "pool", most=True, tries=60)
    assert scaled.refused == 0 and scaled.figure.denominator == 1


def test_what_need_not_be_changed_goes_back_to_what_it_is():
    found = find("incentive_fund", None, None)
    ranges = ["hold_harmless=80%:100%", "weight[settled]=40%:70%"]
    balance = parse_balance("weight[service]", found.model)
    best = designed(found.model, (found.table,), ranges, "count(award < last_award)", balance=balance, tries=1500)
    assert not best.proven and best.figure == 0
    assert [one.value for one in best.settings] == [Fraction(9989, 10000), Fraction(3, 5), Fraction(1, 10)]
    less = [Change("hold_harmless", Fraction(9988, 10000))]
    assert ask("count(award < last_award)", found.model, found.table).of(run_model(found.model, found.table, less)) == 1


def test_what_a_run_is_to_hold_holds(reward, counties):
    subject = ["award@黑山县 >= 190", "highest(award / last_award) <= 1.3", "award >= 0.8 * last_award"]
    found = designed(reward, counties, [FLOORS, CAPS], "award@210726", subject, most=True)
    free = designed(reward, counties, [FLOORS, CAPS], "award@210726", most=True)
    figures = dict(zip(counties[0].codes, found.run.figures("award"), strict=True))
    last = dict(zip(counties[0].codes, counties[0].values["last_award"], strict=True))
    assert figures["210726"] >= 190 and found.broken > 0
    ratios = [award / last[code] for code, award in figures.items()]
    assert min(ratios) >= Fraction(8, 10) and max(ratios) <= Fraction(13, 10)
    assert free.figure > found.figure


def test_the_search_is_led_to_weights_that_add_up_although_hardly_any_combination_does():
    found = find("incentive_fund", None, None)
    ranges = ["weight[schooling]=25%:70%", "weight[settled]=30%:50%"]  # what is now does not lie in them
    best = designed(found.model, (found.table,), ranges, "lowest(award / settled_people)", most=True, tries=900)
    assert best.run is not None and best.run.ok and best.broken > best.tried / 2
    assert sum(best.run.figure(f"weight.{one}") for one in ("settled", "schooling", "effort", "service")) == 1


def test_the_search_ranks_what_holds_first_then_what_is_nearer_to_holding_and_what_cannot_be_run_last(reward, counties):
    texts = ["pool=900:1600:100", "cap_rate=130%,150%,300%"]
    factors = tuple(parse_factors(texts, reward, counties, "--range"))
    subject = tuple(require(text, reward, counties[0]) for text in ("total(award) <= 1000", "award <= 400"))
    goal = ask("count(award < 0)", reward, counties[0])
    task = replace(Task(reward, counties, factors, goal, subject=subject), model=replace(reward, checks=()))
    search = Search(task, tuple(module._movers(task)), False)
    ranked = [(1, 2), (1, 1), (1, 0), (0, 0), (2, 2), (3, 2), (4, 2), (7, 2), (7, 0)]  # the first is what is now
    search.run(ranked)
    energies = [search.energy(place) for place in ranked]
    assert [search.seen[place].holds for place in ranked] == [True] * 4 + [False] * 5
    assert len(search.seen[(7, 2)].broken) == 2 and search.seen[(7, 0)].figure is None
    assert all(better < worse for better, worse in zip(energies, energies[1:], strict=False))


def test_one_item_makes_up_for_the_others_beside_an_input_that_moves():
    found = find("incentive_fund", None, None)
    tables, changes = (found.table,), [Change("settled[in_city]@黑山县", Fraction(2000))]
    best = designed(
        found.model, tables, ["weight[settled]=40%:70%:10%", "settled[in_province]*=1,1.1"],
        "award@黑山县", most=True, balance=parse_balance("weight[service]", found.model), changes=changes,
    )  # fmt: skip
    assert best.tried == 4 * 2 and best.refused == 0 and best.broken == 0
    assert best.run.figure("weight.service") + best.run.figure("weight.settled") == Fraction(7, 10)
    assert best.run.figures("settled.in_city")[best.run.table.names.index("黑山县")] == 2000


def test_a_model_that_cannot_be_run_as_it_is_can_be_designed(reward, counties):
    found = designed(reward, counties, ["cap_rate=300%:600%:50%"], "cap_rate", changes=[Change("pool", Fraction(3500))])
    assert found.before is None and found.baseline.figure is None
    assert found.figure == 4 and found.refused == 2


def test_nothing_feasible_is_said_with_what_stands_in_the_way_most_often(reward, counties):
    subject = ["award@210726 > 900", "award@210702 > 250"]
    found = designed(reward, counties, ["pool=1000:3000:500", "cap_rate=200%,300%"], "total(award)", subject)
    assert (found.run, found.figure, found.settings) == (None, None, ())
    assert [count for _, count in found.faults] == sorted((count for _, count in found.faults), reverse=True)
    assert (
        found.faults[0][0].en == "award@210726 > 900" and found.refused and found.broken + found.refused == found.tried
    )


def test_what_only_floating_point_holds_is_not_the_answer(reward, counties, monkeypatch):
    honest = Search.outcomes

    def outcomes(self, places, exact):
        found = honest(self, places, exact)
        return found if not exact or self.movers == () else [type(one)(one.figures, (), False) for one in found]

    monkeypatch.setattr(Search, "outcomes", outcomes)
    assert designed(reward, counties, ["pool=900:1100", "cap_rate=200%:300%"], "pool", tries=60).run is None


# ---- conditions


def test_a_condition_says_how_far_it_is_from_holding(reward, counties):
    from allocation.analysis.batch import run_batch

    texts = ["award@210702 <= 190", "award >= 255", "award >= 255 and total(award) == 1000", "size in ('大城市')"]
    conditions = [require(text, reward, counties[0]) for text in texts]
    (found,) = run_batch(reward, counties, [[]], ("award",), conditions, exact=False)
    award = dict(zip(counties[0].codes, found.columns[0], strict=True))
    gaps = [(255 - one) / (255 + one) for one in award.values() if one < 255]
    over = (award["210702"] - 190) / (award["210702"] + 190)
    assert found.figures == pytest.approx([max(over, 0), sum(gaps) / 4, sum(gaps) / 8, 1 / 2])
    assert gaps and over > 0


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("award", "study.condition_not_truth"),
        ("award@210702 > award@210703", "study.condition_counties"),
        ("award@210799 > 1", "scenario.no_county"),
        ("award@size=大城市 > 1", "language.single_equals"),
        ("awrd > 1", "language.unknown_name"),
    ],
)
def test_what_is_no_condition_is_an_error(reward, counties, text, id):
    with pytest.raises(AllocationError) as caught:
        require(text, reward, counties[0])
    assert [problem.id for problem in caught.value.problems] == [id]


# ---- mistakes


def test_two_changes_of_one_cell_are_an_error(reward, counties):
    for ranges in (["pool=900:1100", "资金总额=1:2"], ["settled@210702=1:2", "settled@each=±5%"]):
        with pytest.raises(AllocationError) as caught:
            designed(reward, counties, ranges, "total(award)")
        assert {problem.id for problem in caught.value.problems} == {"scenario.twice"}
    with pytest.raises(AllocationError) as caught:
        designed(reward, counties, ["pool=900:1100"], "total(award)", changes=[Change("pool", Fraction(950))])
    assert [problem.id for problem in caught.value.problems] == ["scenario.twice"]


def test_a_figure_without_a_value_is_an_error_of_the_formula(reward, counties):
    with pytest.raises(AllocationError) as caught:
        designed(reward, counties, ["pool=900:1100"], "1 / (total(last_award) - 900)")
    assert [problem.id for problem in caught.value.problems] == ["run.division"]


def test_without_scipy_small_grids_are_tried_and_large_ones_say_what_to_install(reward, counties, monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    assert designed(reward, counties, ["pool=900:1100:100"], "pool", most=True).figure == 1100
    with pytest.raises(AllocationError) as caught:
        designed(reward, counties, ["pool=900:1100", "cap_rate=200%:300%"], "pool", most=True)
    assert [problem.id for problem in caught.value.problems] == ["design.no_scipy"]
    assert "[study]" in caught.value.text("zh")


# ---- the command


@pytest.mark.parametrize(
    "ranges",
    [
        '--range "hold_harmless=80%:100%:10%" --range "weight[settled]=40%:70%:10%" --balance "weight[service]"',
        '--range "settled[in_city]@each*=1,1.5" --set "pool=4800"',
        '--range "weight[settled]+=0,0.1" --balance "weight[effort]"',
    ],
)
def test_the_line_of_settings_gives_the_figure_again(allocation, ranges):
    code, out, _ = allocation(f'design incentive_fund {ranges} --maximise "award@黑山县"')
    settings = [parse_assignment(one) for one in re.findall(r'--set "(.+?)"', out)]
    found = find("incentive_fund", None, None)
    figures = run_model(found.model, found.table, settings).figures("award")
    assert code == 0 and settings and "（示例数据）" in out
    assert f"找到：{int(figures[found.table.names.index('黑山县')]):,}\n" in out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--range pool=4000:6000:1000", "Every combination was tried in exact fractions"),
        ("--range pool=4000:6000", "Every combination was tried (in floating point"),
        ("--range pool=4000:6000 --tries 100 --seed 3", "not proven the best"),
    ],
)
def test_whether_the_answer_is_proven_is_said(allocation, line, said):
    code, out, _ = allocation(f"design incentive_fund {line} --maximize award@黑山县 --lang en")
    assert code == 0 and said in out and "(illustrative data)" in out
    assert sum(text in out for text in ("Every combination", "not proven the best")) == 1


def test_nothing_feasible_is_exit_code_1(allocation):
    line = 'design incentive_fund --range "pool=4000,5000" --minimise "pool" --subject "award@黑山县 > 4999" --lang en'
    code, out, _ = allocation(line)
    assert code == 1 and "No values were found" in out and "2 × award@黑山县 > 4999" in out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('--range "pool=1:2"', "--minimise 或 --maximise"),
        ("--minimise pool", "--range"),
        ("--minimise pool --maximise pool --range pool=1:2", "--minimise 或 --maximise"),
        ("--minimise award --range pool=1:2", "--minimise: “award”每县一个数"),
        ("--minimise pool --range poll=1:2 --subject award", "--range poll=1:2: "),
        ("--minimise pool --range poll=1:2 --subject award", "--subject award: “award”不是"),
        ("--minimise pool --range pool=1:2 --tries 0", "--tries 应写 1 至"),
        ("--minimise pool --range pool=1:2 --balance pool", "--balance: “pool”"),
        ("--minimise pool --set x", "“x”看不懂"),
    ],
)
def test_every_mistake_is_a_message(allocation, line, said):
    code, out, err = allocation(f"design incentive_fund {line}")
    assert code == 2 and said in err and out == "" and "Traceback" not in err
