"""design: the values of several parameters at which a figure is least or largest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import click

from allocation.commands.attached import TableCommand
from allocation.commands.figures import opened, standing
from allocation.commands.requests import TableRequest, gathered
from allocation.commands.search_journal import JOURNAL_FOLDER, keep_search
from allocation.commands.shared import MODEL, table_options, took_for
from allocation.errors import AllocationError, Problem
from allocation.files.destination import Destination
from allocation.texts import say
from allocation.texts.decimals import figure_text, grouped, typed

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
    from allocation.analysis.asked import ask, require
    from allocation.lab.design import TRIES
    from allocation.lab.design import design as search
    from allocation.lab.design_search import Task
    from allocation.lab.ranges import parse_balance, parse_factors

    problems = []
    if (request.least is None) == (request.largest is None):
        problems.append(Problem("design.one_goal"))
    if not request.ranges:
        problems.append(Problem("design.no_range"))
    try:
        material, changes, _ = opened(request, {}, request.ranges)
        material = standing(material, request.ranges, request.lang)
    except AllocationError as error:
        raise AllocationError([*problems, *error.problems]) from None
    model, tables = material.model, (material.table,)

    def taken(make: Callable, *given):
        try:
            return make(*given)
        except AllocationError as error:
            problems.extend(error.problems)

    factors = taken(parse_factors, request.ranges, model, tables, "--range")
    moves = taken(parse_balance, request.balance, model) if request.balance else None
    both = ((request.least, "--minimise"), (request.largest, "--maximise"))
    goals = [(text, option) for text, option in both if text is not None]
    asked = [taken(ask, text, model, material.table, option) for text, option in goals]
    conditions = [taken(require, text, model, material.table, f"--subject {text}") for text in request.subjects]
    if problems:
        raise AllocationError(problems)
    task = Task(
        model, tables, tuple(factors), asked[0], 1 if request.largest is None else -1, tuple(changes), moves,
        tuple(conditions), request.reference,
    )  # fmt: skip
    result = search(task, tries=request.tries or TRIES, seed=request.seed)
    keep_search("design", material, _answer(result, request.lang), request.out, request.lang)
    took_for(material, request.lang, *filter(None, [result.run or result.before]))
    _print(result, [condition.label for condition in conditions], request.lang)
    return 1 if result.run is None else 0


def _answer(result, lang: str) -> str:
    """The answer in a line, as the journal keeps it."""
    if result.run is None:
        return say(lang, "design.nothing")
    return f"{' '.join(_settings(result))} → {result.task.goal.text}={_figure(result, result.figure)}"


def _print(result, subjects, lang: str) -> None:
    from allocation.run.marks import marks

    task = result.task
    mark = marks(result.run or result.before)[lang] if result.run or result.before else ""
    goal = task.model.units.with_unit(task.goal.text, task.goal.unit, lang)
    kind = "minimise" if task.sign > 0 else "maximise"
    click.echo(say(lang, f"design.{kind}", figure=goal, marks=mark))
    for subject in subjects:
        click.echo("  " + say(lang, "design.subject_to", text=subject))
    click.echo("  " + _baseline(result, lang))
    if result.run is None:
        click.echo(say(lang, "design.nothing"))
    else:
        click.echo("  " + say(lang, "design.best", figure=_figure(result, result.figure)))
        _print_answer(result, lang)
    slots = {key: grouped(str(getattr(result, key))) for key in ("tried", "refused", "broken")}
    count = result.combinations
    click.echo(
        say(lang, "design.tried", combinations=grouped(str(count)) if count < 10**12 else f"{count:.1e}", **slots)
    )
    if result.run is None:
        _print_faults(result, lang)
    elif result.proven:
        click.echo(say(lang, "design.proven_exact" if result.exact else "design.proven_float"))
    else:
        click.echo(say(lang, "design.not_proven"))


def _figure(result, value) -> str:

    return figure_text(value, result.task.goal.decimals)


def _baseline(result, lang: str) -> str:
    before = result.baseline
    if before.figure is None:
        return say(lang, "design.baseline_refused")
    broken = [result.task.conditions[at].label for at in before.broken if at < len(result.task.conditions)]
    return say(lang, "design.baseline_broken" if broken else "design.baseline", figure=_figure(result, before.figure),
               conditions=broken)  # fmt: skip


def _print_answer(result, lang: str) -> None:
    from allocation.commands.printing import table_text

    task = result.task
    click.echo("\n" + table_text([say(lang, f"design.{key}") for key in ("address", "range", "present", "found")],
                                 list(_rows(result, lang))))  # fmt: skip
    if result.baseline.holds and task.sign * (result.figure - result.baseline.figure) >= 0:
        click.echo(say(lang, "design.no_better"))
    click.echo(say(lang, "design.put_back"))
    click.echo("  " + " ".join(f'--set "{setting}"' for setting in _settings(result)))
    _print_awards(result, lang)
    count = len(task.conditions) + bool(task.model.pool)
    click.echo(say(lang, "design.confirmed", figure=_figure(result, result.figure), count=count))
    warned = [check.said for check in result.run.checks if not check.ok]
    if warned:
        click.echo(say(lang, "design.warned", checks=warned))
    click.echo(say(lang, "design.least_change", distance=f"{result.distance:.4f}"))


def _rows(result, lang: str):
    """Every number that moved, and the item that balances."""
    task, moved = result.task, result.settings[len(result.task.changes) :]
    for mover, change in zip(result.movers, moved, strict=False):
        factor = mover.factor
        if factor.values:
            span = say(lang, "design.range_listed", values=[typed(value) for value in factor.values])
        else:
            ends = {key: typed(getattr(factor, key)) for key in ("low", "high", "step")}
            span = say(lang, "design.range_stepped", **ends)
        how = {"scale": "×", "add": "+"}.get(factor.how, "")
        yield [change.address, span, how + typed(mover.present), how + typed(change.value)]
    if task.balance:
        now = task.model.parameters[task.balance.address].value
        yield [_address(moved[-1].address), say(lang, "design.range_balance"), typed(now), typed(moved[-1].value)]


def _settings(result):
    """What `--set` takes to make the same run: what is scaled or added to is set, figure by figure."""
    from allocation.run.scenario import apply_changes

    task = result.task
    for change in result.settings:
        if change.how == "set":
            yield f"{_address(change.address)}={change.value if isinstance(change.value, str) else typed(change.value)}"
        else:
            for cell in apply_changes(task.model, task.tables, [change])[2]:
                address = _address(cell.name) + (f".{cell.key}" if cell.key else "")
                yield f"{address}{'@' + cell.county if cell.county else ''}={typed(cell.new)}"


def _address(name: str) -> str:
    """`weight.service` is written `weight[service]`."""
    family, _, item = name.partition(".")
    return f"{family}[{item}]" if item and "[" not in name and "@" not in name else name


def _print_awards(result, lang: str) -> None:
    from allocation.commands.printing import MOST, table_text

    run, before = result.run, result.before
    entry = run.model.columns[run.model.award]
    new = run.figures(run.model.award)
    old = before.figures(run.model.award) if before else (None,) * len(new)
    click.echo("\n" + say(lang, "design.awards", award=entry.label, unit=run.model.units.label(entry.unit.name, lang)))
    heads = [say(lang, f"workbook.{key}") for key in ("code", "name")]
    heads += [say(lang, f"design.{key}") for key in ("present", "found")] + [say(lang, "comparison.change")]
    rows = [
        [code, name, figure_text(was, entry.decimals), figure_text(now, entry.decimals),
         figure_text(None if was is None else now - was, entry.decimals)]
        for code, name, was, now in zip(run.table.codes, run.table.names, old, new, strict=True)
    ]  # fmt: skip
    cut = [["…", say(lang, "cli.more", count=len(rows) - MOST), "", "", ""]] if len(rows) > MOST else []
    click.echo(table_text(heads, [*rows[:MOST], *cut]))


def _print_faults(result, lang: str) -> None:
    click.echo(say(lang, "design.faults_head"))
    for label, count in result.faults[:5]:
        click.echo(f"  {count} × {label[lang]}")
