"""A model with parts added for one issue of the funds, in turn: adjustments, sources, settlement, correction.

The parts are written in the model language below the model's own text. So the workbook is live in them, 溯源 holds
them, they are explained like every other column, and a workbook can be verified from what stands in it. Every name they
add begins with an underscore, which no author's may (`naming.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from allocation.errors import AllocationError, Problem, tried
from allocation.loading import model_from_text
from allocation.model import Model, spelt
from allocation.parts import adjustments, correction, settlement
from allocation.parts.attached import Issue
from allocation.parts.sources import attach as attach_sources
from allocation.parts.sources import read_sources
from allocation.parts.toml_text import toml
from allocation.scenario import Change
from allocation.tables.table import Table


@dataclass(frozen=True)
class Extended:
    """The model and table with their parts, and the changes those ask for."""

    model: Model
    table: Table
    changes: tuple[Change, ...] = ()


def extend(
    model: Model,
    table: Table,
    adjust: Path | None = None,
    sources: Path | None = None,
    approved: correction.Approved | None = None,
    advance: Path | None = None,
    recover_years: int = 1,
) -> Extended:
    """Adds what the files ask for, and the comparison with what was `approved`. Raises all that is wrong."""
    if not adjust and not sources and not approved and not advance:
        return Extended(model, table)
    problems: list[Problem] = []
    moved = tried(problems, adjustments.read_adjustments, adjust, model, table) if adjust else None
    funds = tried(problems, read_sources, sources, model, table) if sources else None
    paid = tried(problems, settlement.read_advances, advance, model, table, years=recover_years) if advance else None
    if moved and not funds:
        problems += [Problem("adjust.no_reserve", where=one.where) for one in moved.rows if not one.rows]
    if funds and paid and any(one.advanced for one in funds.rows):
        problems.append(Problem("settle.twice_advanced", where=str(advance)))
    if problems:
        raise AllocationError(problems)
    issue = Issue(model, table, corrects=approved is not None)
    read = (
        (adjustments.attach, moved),
        (attach_sources, funds),
        (settlement.attach, paid),
        (correction.attach, approved),
    )
    for attach, given in read:
        issue = attach(given, issue) if given else issue
    return Extended(_model(issue), _table(issue), tuple(chain.from_iterable(part.changes for part in issue.parts)))


def _model(issue: Issue) -> Model:
    """The model anew, from its text with that of the parts; its parameters keep the figures they were given."""
    label = next((part.label for part in reversed(issue.parts) if part.label), issue.model.label)
    said = {"zh": label.zh, "en": label.en, "award": issue.award, "pool": issue.pool}
    said |= {"table": [spelt(name) for name in issue.printed]}
    dates = [{"zh": line.zh, "en": line.en} for part in issue.parts for line in part.dates]
    said |= {"notes": dates} if dates else {}
    said["parts"] = [{"kind": part.kind, "columns": [spelt(one) for one in part.columns]} for part in issue.parts]
    head = "\n\n[issue]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in said.items())
    texts = "\n".join(part.text for part in issue.parts)
    fresh = model_from_text(f"{issue.model.text.rstrip()}{head}{texts}\n", issue.model.file)
    return replace(fresh, parameters={**fresh.parameters, **issue.model.parameters})


def _table(issue: Issue) -> Table:
    """The table with the figures, files and notes of the parts; made-up figures in a part make it a made-up table."""
    table, parts = issue.table, issue.parts
    values = {name: figures for part in parts for name, figures in part.figures.items()}
    files = [(part.file, part.sha256) for part in parts if part.sha256]
    notes = chain.from_iterable(part.notes for part in parts)
    made_up = table.illustrative or any(part.illustrative for part in parts)
    return replace(table.with_values(**values), attached=(*table.attached, *files), notes=(*table.notes, *notes),
                   illustrative=made_up)  # fmt: skip
