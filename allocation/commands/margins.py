"""margins: what one more settled person brings each county, and who stands near an edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.attached import TableCommand
from allocation.commands.requests import TableRequest, gathered
from allocation.commands.screen import Screen
from allocation.commands.shared import MODEL, table_options, took_for
from allocation.texts.decimals import typed

if TYPE_CHECKING:
    from allocation.analysis.edges import Edge
    from allocation.analysis.margins import Margins
    from allocation.report.printed import PrintedTable
    from allocation.run.run import Run


@dataclass(frozen=True, kw_only=True)
class MarginsRequest(TableRequest):
    """What `margins` is asked."""

    address: str
    step: str | None
    within: str | None


@click.command(cls=TableCommand)
@MODEL
@click.option("--of", "address", default="")
@click.option("--step")
@click.option("--within")
@table_options
@gathered(MarginsRequest)
def margins(request: MarginsRequest) -> int:
    """What one more person brings, and who is near an edge."""
    from allocation.analysis.edges import WITHIN, held, near_edges
    from allocation.analysis.margins import margins as each_margin
    from allocation.analysis.margins import person_input
    from allocation.language.units import PURE
    from allocation.office.asking_numbers import in_unit, open_with_numbers

    options = {"--step": request.step, "--within": request.within}
    material, changes, numbers = open_with_numbers(request, options)
    raised = material.model.inputs.get(request.address or person_input(material.model))
    known = in_unit(numbers, {"step": raised.unit if raised else PURE, "within": PURE}, material.model.units)
    step = Fraction(1) if known["step"] is None else known["step"]
    within = WITHIN if known["within"] is None else known["within"]
    result = each_margin(material.model, [material.table], request.address, step, changes, reference=request.reference)
    took_for(material, request.screen, result.run)
    _print(result, held(result.run), request.screen)
    _print_edges(result.run, near_edges(result.run, within), within, request.screen)
    return 0


def _print(result: Margins, bounds: Mapping[str, str], screen: Screen) -> None:
    from allocation.analysis.margins_table import margins_table
    from allocation.commands.printing import print_table

    model, table = result.run.model, margins_table(result, bounds)
    screen.line(screen.shown(table.title))
    print_table(table, screen, _text)
    if result.unrounded:
        columns = list(dict.fromkeys(model.columns[n].heading or model.columns[n].label for n in result.unrounded))
        screen.tell("study.margins_unrounded", columns=columns)


def _text(table: PrintedTable, screen: Screen) -> str:
    """Code and name to the left; at which bound stands to the right, as figures do."""
    from allocation.commands.printing import study_cells, table_text

    heads, *rows = study_cells(table, screen)
    return table_text(heads, rows)


def _print_edges(run: Run, edges: Sequence[Edge], within: Fraction, screen: Screen) -> None:
    from allocation.commands.printing import print_rows
    from allocation.texts.decimals import figure_text, with_decimals

    share = f"{typed(within * 100)}%"
    if not edges:
        screen.tell("study.no_edges", within=share)
        return
    screen.line("\n" + screen.say("study.edges_head", within=share))
    heads = [screen.say(f"workbook.{key}") for key in ("code", "name")]
    heads += [screen.say(f"study.{key}") for key in ("column", "edge_kind", "value", "edge", "relative")]
    rows = [
        [edge.code, edge.name, screen.shown(run.model.columns[edge.column].label),
         screen.say(f"study.edge_{edge.kind}"), figure_text(edge.value, 6), figure_text(edge.edge, 6),
         with_decimals(edge.relative, 3, percent=True)]
        for edge in edges
    ]  # fmt: skip
    print_rows(heads, rows, screen)
