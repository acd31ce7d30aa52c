"""decompose: what each change does to each county's award."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.commands.attached import TableCommand
from allocation.commands.figures import say_failed, typed
from allocation.commands.products import Product, finish
from allocation.commands.requests import TableRequest, gathered
from allocation.commands.shared import (
    MODEL,
    OUT,
    on_base,
    open_table,
    parse_assignments,
    table_options,
    took_for,
)
from allocation.errors import AllocationError, Problem, tried
from allocation.files.destination import Destination
from allocation.tables.table import number
from allocation.texts import say

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
    from allocation.run.required import lacking
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
        took_for(material, request.lang, result.before, result.after)
        _print(result, request.lang)
        say_failed(result.after, "study.checks_after", request.lang)

    products = [_product(result, path, request.lang)] if path and result.after.ok else []
    finish(products, request.lang, of=[material], show=show)
    return 0 if result.after.ok else 1


def _product(result: Decomposition, path: Path, lang: str) -> Product:
    from allocation.xlsx.decomposition import write_decomposition

    return Product(
        path, lambda beside: write_decomposition(result, _causes(result, lang), beside, lang), "decompose.wrote"
    )


def _causes(result: Decomposition, lang: str) -> list[str]:
    """The changes by their Chinese labels, or in English as they were typed."""
    from allocation.analysis.addresses import set_to

    plain = [cause.value if isinstance(cause.value, str) else typed(number(cause.value)) for cause in result.causes]
    return [set_to(result.before.model, cause, lang, text) for cause, text in zip(result.causes, plain, strict=True)]


def _print(result: Decomposition, lang: str) -> None:
    from allocation.analysis.decompose import how
    from allocation.commands.printing import table_text
    from allocation.run.marks import marks
    from allocation.texts.decimals import decimals_shown, figure_text

    model, run = result.before.model, result.before
    entry = model.columns[model.award]
    decimals = decimals_shown(entry.decimals)
    unit = model.units.label(entry.unit.name, lang)
    click.echo(say(lang, "study.decompose_head", award=entry.label, marks=marks(result.after, lang), unit=unit))
    heads = [say(lang, f"workbook.{key}") for key in ("code", "name")]
    heads += [say(lang, "study.before"), *_causes(result, lang), say(lang, "study.change"), say(lang, "study.after")]
    codes, names = [*run.table.codes, ""], [*run.table.names, say(lang, "workbook.total")]
    old, new = ([*side.figures(model.award), side.total(model.award)] for side in (result.before, result.after))
    lines = len(codes) if model.adds_up(model.award) else len(run.table)
    rows = [
        [
            code,
            name,
            figure_text(before, decimals),
            *(figure_text(part, decimals) for part in parts),
            figure_text(after, decimals),
        ]
        for code, name, before, parts, after in zip(codes, names, old, result.closed(), new, strict=True)
    ]
    click.echo(table_text(heads, rows[:lines]))
    click.echo(how(result, lang))
