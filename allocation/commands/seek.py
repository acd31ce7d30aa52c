"""seek: the value of a parameter at which a figure reaches a target."""

from __future__ import annotations

import click

from allocation.commands.shared import INPUT, LANGUAGE, REFERENCE, SET, SHEET, YEAR, open_run
from allocation.errors import AllocationError, Problem
from allocation.texts import say


@click.command()
@click.argument("model")
@click.option("--vary", required=True, help="要找取值的参数，如 pool / the parameter to vary")
@click.option("--figure", required=True, help='指标，如 "award@黑山县" 或公式 / a figure or a formula')
@click.option("--target", required=True, help="指标要达到的值 / the value the figure is to reach")
@click.option("--low", help="取值下限 / lowest value tried")
@click.option("--high", help="取值上限 / highest value tried")
@click.option("--step", help="取值的最小间隔 / grid of the values tried")
@click.option("--within", help="允许的误差 / how far off still counts")
@INPUT
@SHEET
@YEAR
@SET
@REFERENCE
@LANGUAGE
def seek(model, vary, figure, target, low, high, step, within, table, sheet, year, settings, reference, lang) -> int:
    """找出指标达到目标时参数的取值 / find the value of a parameter at which a figure reaches a target."""
    from allocation.finding import find
    from allocation.printing import print_sought
    from allocation.run import run_model
    from allocation.scenario import Change
    from allocation.study.asked import ask
    from allocation.study.seek import seek as search

    options = {"--target": target, "--low": low, "--high": high, "--step": step, "--within": within}
    numbers = {name: number(text, name) for name, text in options.items() if text is not None}
    found = find(model, table, year, sheet)
    changes = assignments(settings)
    asked = ask(figure, found.model, found.table)
    bounds = {name.removeprefix("--"): value for name, value in numbers.items() if name != "--target"}
    tables = [found.table]
    sought = search(
        found.model, tables, vary, asked, numbers["--target"], changes, reference=reference, **bounds
    )
    click.echo(say(lang, "cli.took", model=found.model_path.as_posix(), input=found.input_path.as_posix()))
    run = None
    if sought.answer:
        run = run_model(found.model, tables, [*changes, Change(vary, sought.answer.value)], reference=reference)
    print_sought(sought, asked, found.model, run, lang)
    return 0 if sought.answer else 1
