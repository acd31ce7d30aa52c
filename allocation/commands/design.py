"""design: the values of several parameters at which a figure is least or largest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.attached import TableCommand
from allocation.commands.figures import standing
from allocation.commands.requests import TableRequest, gathered
from allocation.commands.screen import Screen
from allocation.commands.search_journal import JOURNAL_FOLDER, keep_search
from allocation.commands.shared import MODEL, table_options, took_for
from allocation.errors import AllocationError, Problem, tried
from allocation.files.destination import Destination
from allocation.texts.decimals import figure_text, grouped, typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from allocation.lab.design import Designed
    from allocation.lab.design_search import Task
    from allocation.run.finding import ModelWithTable
    from allocation.run.run import Run
    from allocation.tables.keys import Figure
    from allocation.texts import Both

MANY = 10_000_000


@dataclass(frozen=True, kw_only=True)
class DesignRequest(TableRequest):
    """What `design` is asked."""

    ranges: tuple[str, ...]
    balance: str | None
    least: str | None
    largest: str | None
    subjects: tuple[str, ...]
    tries: int | None
    seed: int
    out: Destination | None


@click.command(cls=TableCommand)
@MODEL
@click.option("--range", "ranges", multiple=True)
@click.option("--balance")
@click.option("--minimise", "--minimize", "least")
@click.option("--maximise", "--maximize", "largest")
@click.option("--subject", "subjects", multiple=True)
@click.option("--tries", type=click.IntRange(1, MANY))
@click.option("--seed", type=click.IntRange(0, MANY), default=1)
@JOURNAL_FOLDER
@table_options
@gathered(DesignRequest)
def design(request: DesignRequest) -> int:
    """Choose parameters within ranges to minimise or maximise a figure."""
    from allocation.lab.design import TRIES
    from allocation.lab.design import design as search

    material, task = _task(request)
    result = search(task, tries=request.tries or TRIES, seed=request.seed)
    keep_search("design", material, _answer(result, request.screen), request.out, request.screen)
    took_for(material, request.screen, *filter(None, [result.run or result.before]))
    _print(result, [condition.label for condition in task.subject], request.screen)
    return 1 if result.run is None else 0


def _task(request: DesignRequest) -> tuple[ModelWithTable, Task]:
    """What is searched. Raises all that is wrong with what was asked."""
    from allocation.analysis.asked import ask, require
    from allocation.lab.design_search import Task
    from allocation.lab.ranges import parse_balance, parse_factors
    from allocation.office.asking_numbers import open_with_numbers

    problems: list[Problem] = []
    if (request.least is None) == (request.largest is None):
        problems.append(Problem("design.one_goal"))
    if not request.ranges:
        problems.append(Problem("design.no_range"))
    try:
        material, changes, _ = open_with_numbers(request, {}, request.ranges)
        material = standing(material, request.ranges, request.screen)
    except AllocationError as error:
        raise AllocationError([*problems, *error.problems]) from None
    model, table = material.model, material.table
    factors = tried(problems, parse_factors, request.ranges, model, (table,), "--range") or []
    moves = tried(problems, parse_balance, request.balance, model) if request.balance else None
    both = ((request.least, "--minimise"), (request.largest, "--maximise"))
    goals = [tried(problems, ask, text, model, table, option) for text, option in both if text is not None]
    subjects = [tried(problems, require, text, model, table, f"--subject {text}") for text in request.subjects]
    goal, conditions = next(iter(goals), None), tuple(subject for subject in subjects if subject)
    if problems or goal is None:
        raise AllocationError(problems)
    sign = 1 if request.largest is None else -1
    return material, Task(
        model, (table,), tuple(factors), goal, sign, tuple(changes), moves, conditions, request.reference
    )


def _answer(result: Designed, screen: Screen) -> str:
    """The answer in a line, as the journal keeps it."""
    if result.run is None:
        return screen.say("design.nothing")
    return f"{' '.join(_settings(result))} → {result.task.goal.text}={_figure(result, result.figure)}"


def _print(result: Designed, subjects: Sequence[Both], screen: Screen) -> None:
    from allocation.run.marks import marks

    task = result.task
    marked = result.run or result.before
    mark = screen.shown(marks(marked)) if marked else ""
    goal = task.model.units.with_unit(task.goal.text, task.goal.unit, screen.lang)
    kind = "minimise" if task.sign > 0 else "maximise"
    screen.tell(f"design.{kind}", figure=goal, marks=mark)
    for subject in subjects:
        screen.line("  " + screen.say("design.subject_to", text=subject))
    screen.line("  " + _baseline(result, screen))
    if result.run is None:
        screen.tell("design.nothing")
    else:
        screen.line("  " + screen.say("design.best", figure=_figure(result, result.figure)))
        _print_answer(result, result.run, screen)
    slots = {key: grouped(str(getattr(result, key))) for key in ("tried", "refused", "broken")}
    count = result.combinations
    screen.tell("design.tried", combinations=grouped(str(count)) if count < 10**12 else f"{count:.1e}", **slots)
    if result.run is None:
        _print_faults(result, screen)
    elif result.proven:
        screen.tell("design.proven_exact" if result.exact else "design.proven_float")
    else:
        screen.tell("design.not_proven")


def _figure(result: Designed, value: Fraction | None) -> str:
    return figure_text(value, result.task.goal.decimals)


def _baseline(result: Designed, screen: Screen) -> str:
    before = result.baseline
    if before.figure is None:
        return screen.say("design.baseline_refused")
    broken = [result.task.conditions[at].label for at in before.broken if at < len(result.task.conditions)]
    return screen.say("design.baseline_broken" if broken else "design.baseline", figure=_figure(result, before.figure),
               conditions=broken)  # fmt: skip


def _print_answer(result: Designed, run: Run, screen: Screen) -> None:
    from allocation.commands.printing import print_rows

    task = result.task
    screen.line("")
    heads = [screen.say(f"design.{key}") for key in ("address", "range", "present", "found")]
    print_rows(heads, [*_rows(result, screen)], screen)
    reached, before = result.figure, result.baseline.figure
    if result.baseline.holds and reached is not None and before is not None and task.sign * (reached - before) >= 0:
        screen.tell("design.no_better")
    screen.tell("design.put_back")
    screen.line("  " + " ".join(f'--set "{setting}"' for setting in _settings(result)))
    _print_awards(run, result.before, screen)
    count = len(task.conditions) + bool(task.model.pool)
    screen.tell("design.confirmed", figure=_figure(result, result.figure), count=count)
    warned = [check.said for check in run.checks if not check.ok]
    if warned:
        screen.tell("design.warned", checks=warned)
    screen.tell("design.least_change", distance=f"{result.distance:.4f}")


def _rows(result: Designed, screen: Screen) -> Iterator[list[str]]:
    """Every number that moved, and the item that balances."""
    task, moved = result.task, result.settings[len(result.task.changes) :]
    for mover, change in zip(result.movers, moved, strict=False):
        factor = mover.factor
        if factor.values:
            span = screen.say("design.range_listed", values=[typed(value) for value in factor.values])
        else:
            ends = {key: typed(getattr(factor, key)) for key in ("low", "high", "step")}
            span = screen.say("design.range_stepped", **ends)
        how = {"scale": "×", "add": "+"}.get(factor.how, "")
        yield [change.address, span, how + typed(mover.present), how + _typed(change.value)]
    if task.balance:
        now = task.model.parameters[task.balance.address].value
        yield [
            _address(moved[-1].address),
            screen.say("design.range_balance"),
            _typed(now),
            _typed(moved[-1].value),
        ]


def _settings(result: Designed) -> Iterator[str]:
    """What `--set` takes to make the same run: what is scaled or added to is set, figure by figure."""
    from allocation.run.scenario import apply_changes

    task = result.task
    for change in result.settings:
        if change.how == "set":
            yield f"{_address(change.address)}={_typed(change.value)}"
        else:
            for cell in apply_changes(task.model, task.tables, [change])[2]:
                address = _address(cell.name) + (f".{cell.key}" if cell.key else "")
                yield f"{address}{'@' + cell.county if cell.county else ''}={_typed(cell.new)}"


def _typed(figure: Figure) -> str:
    from allocation.tables.table import number

    return figure if isinstance(figure, str) else typed(number(figure))


def _address(name: str) -> str:
    """`weight.service` is written `weight[service]`."""
    family, _, item = name.partition(".")
    return f"{family}[{item}]" if item and "[" not in name and "@" not in name else name


def _print_awards(run: Run, before: Run | None, screen: Screen) -> None:
    from allocation.commands.printing import MOST, print_rows

    entry = run.model.columns[run.model.award]
    new = run.numbers(run.model.award)
    old = before.numbers(run.model.award) if before else (None,) * len(new)
    unit = run.model.units.label(entry.unit.name, screen.lang)
    screen.line("\n" + screen.say("design.awards", award=entry.label, unit=unit))
    heads = [screen.say(f"workbook.{key}") for key in ("code", "name")]
    heads += [screen.say(f"design.{key}") for key in ("present", "found")] + [screen.say("comparison.change")]
    rows = [
        [code, name, figure_text(was, entry.decimals), figure_text(now, entry.decimals),
         figure_text(None if was is None or now is None else now - was, entry.decimals)]
        for code, name, was, now in zip(run.table.codes, run.table.names, old, new, strict=True)
    ]  # fmt: skip
    print_rows(heads, rows, screen, most=MOST)


def _print_faults(result: Designed, screen: Screen) -> None:
    screen.tell("design.faults_head")
    for label, count in result.faults[:5]:
        screen.line(f"  {count} × {screen.shown(label)}")
