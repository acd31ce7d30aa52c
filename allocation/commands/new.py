"""new: a case workbook (测算底稿) for one issue of one fund, or the form of one department for its figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.helped import HelpedCommand
from allocation.commands.products import Product, finish
from allocation.commands.requests import gathered
from allocation.commands.screen import Screen
from allocation.commands.shared import INPUT, LANGUAGE, MODEL, OUTPUT
from allocation.errors import AllocationError, Problem
from allocation.files.destination import Destination

if TYPE_CHECKING:
    from allocation.run.finding import ModelWithTable

BUDGET_YEAR = click.option("--year", type=click.IntRange(1950, 2100))


@dataclass(frozen=True, kw_only=True)
class NewRequest:
    """What `new` is asked."""

    model: str
    last: Path | None
    department: str
    out: Destination
    year: int | None
    table: Path | None
    screen: Screen

    def path(self, name: str, *words: str) -> Path:
        """The file asked for, else one called by these words."""
        from allocation.run.shelf import base_name

        return self.out.file("_".join(filter(None, [base_name(name), *words])) + ".xlsx")


@click.command(cls=HelpedCommand)
@MODEL
@click.option("--from", "last", type=click.Path(path_type=Path))
@click.option("--for", "department", default="")
@OUTPUT
@BUDGET_YEAR
@INPUT
@LANGUAGE
@gathered(NewRequest)
def new(request: NewRequest) -> int:
    """Write a blank case, or the form of a department."""
    from allocation.opening.beginning import beginning
    from allocation.run.finding import model_of_year
    from allocation.xlsx.case_form import case_writer

    if request.department:
        return _form(request)
    screen, last = request.screen, request.last
    loaded = model_of_year(request.model, request.year)
    begun = beginning(loaded, request.year, last, request.table)
    path = request.path(loaded.name, str(request.year or ""), screen.say("case.file_word"))
    finish([Product(path, case_writer(loaded, path, screen.lang, begun), "case.wrote")], screen)
    if last:
        counts = {"units": len(begun.counties.codes), "settings": len(begun.last)}
        screen.tell("case.carried", file=last.name, **counts)
    return 0


def _form(request: NewRequest) -> int:
    """The form of one department, with the units of the case, of --input, or of the table the model is run on."""
    from allocation.run.finding import model_of_year
    from allocation.tables.departments import department_named, supplied
    from allocation.tables.template import Counties
    from allocation.texts import Both
    from allocation.xlsx.department_form import DepartmentForm, department_form_writer

    if request.last:
        raise AllocationError(Problem("departments.from_not", where="--from"))
    opened = _opened(request)
    model = opened.model if opened else model_of_year(request.model, request.year)
    department = department_named(model, request.department)
    counties, year, fund = Counties(), request.year, model.label
    if opened:
        table = opened.table
        year = table.year if opened.facts.of_case else year or table.year
        fund = Both(opened.facts.fund, opened.facts.fund) if opened.facts.fund else fund
        counties = Counties(table.codes if table.coded else (), table.names if table.coded else (), year=year)
    called = request.screen.shown(model.departments[department]).replace(" ", "_")
    path = request.path(model.name, str(year or ""), called)
    form = DepartmentForm(request.screen.lang, department, fund, counties, year)
    slots = {"department": model.departments[department], "columns": len(supplied(model, department)),
             "units": len(counties.codes)}  # fmt: skip
    told = "wrote" if counties.codes else "wrote_blank"
    product = Product(path, department_form_writer(model, form, path), f"departments.{told}", slots)
    return finish([product], request.screen)


def _opened(request: NewRequest) -> ModelWithTable | None:
    """The case or model with its table, of which the units are taken; None where a model has none at hand."""
    from allocation.opening.cases import case_at
    from allocation.run.finding import find

    try:
        return find(request.model, request.table, request.year)
    except AllocationError:
        if request.table or case_at(request.model):
            raise
        return None
