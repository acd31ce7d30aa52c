"""decompose: what each change does to each county's award."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.attached import TableCommand
from allocation.commands.figures import say_failed
from allocation.commands.products import Product, finish
from allocation.commands.requests import TableRequest, gathered
from allocation.commands.screen import Screen
from allocation.commands.shared import MODEL, OUT, table_options, took_for
from allocation.errors import AllocationError, Problem, tried
from allocation.files.destination import Destination

if TYPE_CHECKING:
    from allocation.analysis.decompose import Decomposition


@dataclass(frozen=True, kw_only=True)
class DecomposeRequest(TableRequest):
    """What `decompose` is asked."""

    floating: bool
    orders: int | None
    bases: tuple[str, ...]
    seed: int
    out: Destination | None


@click.command(cls=TableCommand)
@MODEL
@click.option("--float", "floating", is_flag=True)
@click.option("--orders", type=click.IntRange(4, 1_000_000))
@click.option("--base", "bases", multiple=True)
@click.option("--seed", type=click.IntRange(0, 10_000_000), default=1)
@click.option("--out", type=OUT)
@table_options
@gathered(DecomposeRequest)
def decompose(request: DecomposeRequest) -> int:
    """Split the change of each award into what each --set does."""
    if not request.settings:
        raise AllocationError(Problem("decompose.none_given", {"model": request.model}))
    from allocation.analysis.decompose import decompose as split
    from allocation.office.asking import on_base, open_table
    from allocation.run.required import lacking
    from allocation.run.scenario import parse_assignments
    from allocation.run.shelf import base_name

    problems: list[Problem] = []
    base = parse_assignments(request.bases, problems, "--base")
    material, changes = tried(problems, open_table, request, [], None) or (None, [])
    problems += lacking(material.model, base, [material.table], "--base") if material else []
    material = material and tried(problems, on_base, material, base)
    if problems or material is None:
        raise AllocationError(problems)
    path = request.out.file(f"{base_name(material.model.name)}_decompose.xlsx") if request.out else None
    result = split(
        material.model, [material.table], changes, exact=not request.floating, reference=request.reference,
        orders=request.orders, seed=request.seed,
    )  # fmt: skip

    def show() -> None:
        took_for(material, request.screen, result.before, result.after)
        _print(result, request.screen)
        say_failed(result.after, "study.checks_after", request.screen)

    products = [_product(result, path, request.screen)] if path and result.after.ok else []
    finish(products, request.screen, of=[material], show=show)
    return 0 if result.after.ok else 1


def _product(result: Decomposition, path: Path, screen: Screen) -> Product:
    from allocation.xlsx.decomposition import write_decomposition

    return Product(path, lambda beside: write_decomposition(result, beside, screen.lang), "decompose.wrote")


def _print(result: Decomposition, screen: Screen) -> None:
    from allocation.analysis.decompose import how
    from allocation.analysis.decomposed_table import decomposed_table
    from allocation.commands.printing import print_table
    from allocation.run.marks import marks

    table = decomposed_table(result)
    award = result.before.model.columns[result.before.model.award].label
    unit = table.units.label(table.unit.name, screen.lang)
    screen.tell("study.decompose_head", award=award, marks=screen.shown(marks(result.after)), unit=unit)
    print_table(table, screen)
    screen.line(how(result, screen.lang))
