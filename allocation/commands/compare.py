"""compare, scenario: any number of scenarios against a baseline, and the parameter workbook they may come from."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.compare_data import DATA, compare_data
from allocation.commands.helped import HelpedCommand, HelpedGroup
from allocation.commands.products import Product, finish
from allocation.commands.reading import reading_options
from allocation.commands.requests import gathered
from allocation.commands.screen import Screen
from allocation.commands.search_journal import keep_search
from allocation.commands.shared import (
    DECIDED,
    INPUT,
    LANGUAGE,
    MODEL,
    OUTPUT,
    REFERENCE,
    SET,
    YEAR,
    report_failed,
    took_for,
)
from allocation.errors import AllocationError, Problem
from allocation.files.destination import Destination
from allocation.office.asked import ComparisonQuestion
from allocation.texts import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from allocation.analysis.compare import Comparison
    from allocation.case import CaseFile
    from allocation.commands.products import Writer
    from allocation.run.finding import ModelWithTable
    from allocation.run.run import Run
    from allocation.texts import Both

    Put = Callable[[Mapping[Path, Writer]], None]


@dataclass(frozen=True, kw_only=True)
class CompareRequest(ComparisonQuestion):
    """What `compare` is asked."""

    out: Destination
    data: tuple[Path, Path] | None
    screen: Screen


@click.command(cls=HelpedCommand)
@MODEL
@click.argument("scenarios", nargs=-1)
@INPUT
@reading_options
@YEAR
@SET
@DECIDED
@OUTPUT
@DATA
@click.option("--pools", multiple=True)
@REFERENCE
@LANGUAGE
@gathered(CompareRequest)
def compare(request: CompareRequest) -> int:
    """Compare scenarios with the baseline, or two tables.

    A scenario is a name in inputs/scenarios/, a TOML file, or a parameter workbook. --set holds in all of them.
    """
    from allocation.office.asking_comparison import open_comparison, two_cases

    if request.data:
        taken = {"compare_and_scenarios": request.scenarios, "compare_with_input": request.table}
        return compare_data(request, request.screen, request.data, request.out, taken)
    if request.pools and request.scenarios:
        raise AllocationError(Problem("pools.not_with", {"options": [*request.scenarios]}, "--pools"))
    if cases := two_cases((request.model, *request.scenarios)):
        return _compare_cases(*cases, request.screen)
    if not request.scenarios and not request.pools:
        raise AllocationError(Problem("scenarios.none_given", {"model": request.model}))
    from allocation.commands.printing import print_comparison

    material, result = open_comparison(request)
    if failed := [(said.label, run) for said, run in zip(result.scenarios, result.runs, strict=True) if not run.ok]:
        return _say_failed(failed, request.screen)

    def show() -> None:
        took_for(material, request.screen, *result.runs)
        print_comparison(result, request.screen)

    products, put = _products(request, material, result)
    return finish(products, request.screen, of=[material], put=put, show=show)


def _products(
    request: CompareRequest, material: ModelWithTable, result: Comparison
) -> tuple[list[Product], Put | None]:
    """The files of a comparison; of pools side by side with their line in the journal."""
    from allocation.run.shelf import base_name
    from allocation.xlsx.comparison import write_comparison
    from allocation.xlsx.pools import write_pools

    stem = f"{base_name(material.model.name)}_{'pools' if request.pools else 'compare'}"
    path = request.out.file(f"{stem}.xlsx")
    products = [Product(path, partial(write_comparison, result, lang=request.screen.lang), "comparison.wrote")]
    if not request.pools:
        return products, None
    table = path.with_suffix(".csv")
    products.append(Product(table, partial(write_pools, result, lang=request.screen.lang), "comparison.wrote"))
    answer = request.screen.say("comparison.kept", scenarios=[scenario.label for scenario in result.scenarios])
    return products, partial(keep_search, "compare", material, answer, path.parent, request.screen, None)


def _say_failed(failed: Sequence[tuple[Both, Run]], screen: Screen) -> int:
    from allocation.commands.printing import print_checks

    for label, run in failed:
        screen.warn("comparison.line", scenario=label, changes=screen.say("workbook.fail"))
        print_checks(run, screen)
    report_failed(failed[0][1], screen, "cli.checks_failed")
    return 1


def _compare_cases(old: CaseFile, new: CaseFile, screen: Screen) -> int:
    from allocation.commands.printing import print_table
    from allocation.opening.comparing import differences, differences_table

    places = differences(old, new)
    names = {"old": old.path.name, "new": new.path.name}
    if not places:
        screen.tell("case.same", **names)
        return 0
    print_table(differences_table(places), screen)
    screen.tell("case.moved", count=len(places), **names)
    return 0


@click.group(cls=HelpedGroup)
@click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False)
def scenario() -> None:
    """Scenarios."""


@scenario.command("template", cls=HelpedCommand)
@MODEL
@OUTPUT
@click.option("--sheets", type=click.IntRange(1, 60), default=2)
@YEAR
@LANGUAGE
def scenario_template(model: str, out: Destination, sheets: int, year: int | None, screen: Screen) -> int:
    """Write a parameter workbook, a scenario a sheet."""
    from allocation.analysis.parameter_workbook import write_scenarios
    from allocation.run.finding import model_of_year
    from allocation.run.shelf import base_name

    loaded = model_of_year(model, year)
    path = out.file(f"{base_name(loaded.name)}_{screen.say('scenarios.file_word')}.xlsx")
    if path.exists():
        raise AllocationError(Problem("scenarios.exists", where=str(path)))
    return finish(
        [Product(path, lambda beside: write_scenarios(loaded, beside, sheets, screen.lang), "scenarios.wrote")], screen
    )


@scenario.command("list", cls=HelpedCommand)
@LANGUAGE
def scenario_list(screen: Screen) -> int:
    """List the scenarios."""
    from allocation.analysis.scenarios import load_scenario, scenario_folders
    from allocation.commands.printing import print_rows

    files = {file.stem: file for folder in reversed(scenario_folders()) for file in sorted(folder.glob("*.toml"))}
    rows = [[name, screen.shown(load_scenario(file).label)] for name, file in sorted(files.items())]
    print_rows([screen.say("cli.models_name"), screen.say("comparison.scenario")], rows, screen)
    return 0
