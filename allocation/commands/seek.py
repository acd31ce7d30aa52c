"""seek: the value of a parameter at which a figure reaches a target."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.attached import TableCommand
from allocation.commands.figures import in_unit, opened, say_failed
from allocation.commands.requests import TableRequest, gathered
from allocation.commands.screen import Screen
from allocation.commands.search_journal import JOURNAL_FOLDER, keep_search
from allocation.commands.shared import MODEL, table_options, took_for
from allocation.files.destination import Destination
from allocation.texts.decimals import typed

if TYPE_CHECKING:
    from fractions import Fraction

    from allocation.analysis.asked import Asked
    from allocation.analysis.seek import Sought
    from allocation.run.run import Run


@dataclass(frozen=True, kw_only=True)
class SeekRequest(TableRequest):
    """What `seek` is asked."""

    vary: str
    figure: str
    target: str
    low: str | None
    high: str | None
    step: str | None
    within: str | None
    out: Destination | None


@click.command(cls=TableCommand)
@MODEL
@click.option("--vary", required=True)
@click.option("--figure", required=True)
@click.option("--target", required=True)
@click.option("--low")
@click.option("--high")
@click.option("--step")
@click.option("--within")
@JOURNAL_FOLDER
@table_options
@gathered(SeekRequest)
def seek(request: SeekRequest) -> int:
    """Find the value of a parameter at which a figure reaches a target."""
    from allocation.analysis.asked import ask
    from allocation.analysis.seek import Limits, Target, reach
    from allocation.analysis.seek import seek as search
    from allocation.office.asking import on_base
    from allocation.run.required import is_lacking
    from allocation.run.run import run_model
    from allocation.run.scenario import Change, apply_changes, entry_of
    from allocation.tables.table import number

    options = {f"--{name}": getattr(request, name) for name in ("target", "low", "high", "step", "within")}
    material, changes, numbers = opened(request, options, [request.vary])
    asked, varied = ask(request.figure, material.model, material.table), entry_of(material.model, request.vary).unit
    units = {"target": asked.unit, "within": asked.unit, "low": varied, "high": varied, "step": varied}
    known = in_unit(numbers, units, material.model.units)
    wanted = number(known.pop("target"))
    target = Target(material.model, [material.table], request.vary, asked, wanted, changes, request.reference)
    limits = Limits(**known)
    blank = is_lacking(material.model, material.table, request.vary)
    if blank:
        limits = reach(target, limits)
        material = on_base(material, [Change(request.vary, limits.high)])
        target = replace(target, model=material.model, tables=[material.table])
    sought = search(target, limits)
    sought = replace(sought, present=None) if blank else sought
    near = sought.answer or sought.below or sought.above
    assert near is not None, "the search found at least one value that runs"
    with_answer = [*changes, Change(request.vary, near.value)]
    run = run_model(material.model, [material.table], with_answer, reference=request.reference)
    keep_search("seek", material, _answer(sought, asked, request.screen), request.out, request.screen)
    took_for(material, request.screen, replace(run, model=apply_changes(material.model, [material.table], changes)[0]))
    _print(sought, asked, run, request.screen)
    if sought.answer is None:
        return 1
    say_failed(run, "study.checks_answer", request.screen)
    return 0


def _answer(sought: Sought, asked: Asked, screen: Screen) -> str:
    """The answer in a line, as the journal keeps it; without one the nearest figures."""
    from allocation.texts.decimals import figure_text

    reached = [near for near in (sought.answer,) if near] or [near for near in (sought.below, sought.above) if near]
    lines = [f"{sought.address}={typed(near.value)} → {asked.text}={figure_text(near.figure, asked.decimals)}"
             for near in reached]  # fmt: skip
    text = "; ".join(lines)
    return text if sought.answer else screen.say("study.kept_none", nearest=text)


def _print(sought: Sought, asked: Asked, run: Run, screen: Screen) -> None:
    from allocation.commands.printing import table_text
    from allocation.run.marks import marks
    from allocation.texts.decimals import figure_text

    def figure(value: Fraction) -> str:
        return figure_text(value, asked.decimals)

    unit = run.model.units.label(asked.unit.name, screen.lang)
    spread = {"low": typed(sought.low), "high": typed(sought.high), "step": typed(sought.step)}
    now = None if sought.present is None else typed(sought.present)
    screen.tell("study.seek_head", figure=asked.text, target=figure(sought.target), unit=unit,
                   marks=screen.shown(marks(run)))  # fmt: skip
    screen.tell("study.seek_range", vary=sought.address, now=now, **spread)
    if sought.refused:
        screen.tell("study.seek_refused", refused=sought.refused, tried=sought.tried)
    heads = [screen.say("study.from"), screen.say("study.to"), asked.text]
    if sought.answer:  # it lies in one of the stretches
        rows = [[typed(stretch.low), typed(stretch.high), figure(stretch.figure)] for stretch in sought.stretches]
        screen.line("\n" + table_text(heads, rows))
        screen.tell("study.seek_found", count=len(rows))
        value, reached = typed(sought.answer.value), figure(sought.answer.figure)
        screen.tell("study.seek_answer", vary=sought.address, value=value, figure=reached)
    else:
        screen.tell("study.seek_none", within=typed(sought.within))
        for side in ("below", "above"):
            near = getattr(sought, side)
            if near is None:
                screen.tell(f"study.seek_no_{side}")
            else:
                screen.tell(f"study.seek_{side}", vary=sought.address, value=typed(near.value),
                               figure=figure(near.figure))  # fmt: skip
    if sought.jumps:
        rows = [[typed(a.value), typed(b.value), f"{figure(a.figure)} → {figure(b.figure)}"] for a, b in sought.jumps]
        screen.tell("study.seek_jumps")
        screen.line(table_text(heads, rows))
