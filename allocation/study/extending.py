"""A model with parts added for one issue of the funds: leaders' adjustments, the sources the pool comes from.

The parts are written in the model language below the model's own text. So the workbook is live in them, 溯源 holds
them, they are explained like every other column, and a workbook can be verified from what stands in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from allocation.errors import AllocationError, Problem, tried
from allocation.loading import model_from_text
from allocation.model import Model, spelt
from allocation.scenario import Change
from allocation.study.adjustments import adjustment_text, read_adjustments
from allocation.study.corrections import Approved, correction_text
from allocation.study.due_dates import date_notes, said_dates
from allocation.study.settling import advance_text, read_advances, settlement_text
from allocation.study.sources import read_sources, source_text
from allocation.study.toml_text import entry, toml
from allocation.tables.table import Figure, Table
from allocation.texts import Both


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
    approved: Approved | None = None,
    advance: Path | None = None,
    recover_years: int = 1,
) -> Extended:
    """Adds what the files ask for, and the comparison with what was `approved`. Raises all that is wrong."""
    if not adjust and not sources and not approved and not advance:
        return Extended(model, table)
    problems: list[Problem] = []
    adjustments = tried(problems, read_adjustments, adjust, model, table) if adjust else None
    funds = tried(problems, read_sources, sources, model, table) if sources else None
    paid = tried(problems, read_advances, advance, model, table, years=recover_years) if advance else None
    if adjustments and not funds:
        problems += [Problem("adjust.no_reserve", where=one.where) for one in adjustments.rows if not one.rows]
    if funds and paid and any(one.advanced for one in funds.rows):
        problems.append(Problem("settle.twice_advanced", where=str(advance)))
    if problems:
        raise AllocationError(problems)
    texts: list[str] = []
    values: dict[str, tuple[Figure, ...]] = {}
    issued, printed = model.award, []  # how the award came about stands on 因素得分表 and 测算
    pool, files, changes, notes, dates = model.pool, [], (), (), []
    if adjustments:
        text, own = adjustment_text(adjustments, model, table)
        texts.append(text)
        values |= own
        files.append((adjustments.file, adjustments.sha256))
        issued, printed = "after_adjustment", ["before_adjustment", "leaders_adjustment", "after_adjustment"]
        if pool:
            pool = "pool_after_adjustment"
            unit = model.entry(model.pool).unit.name
            formula = f"{model.pool} + from_reserve"
            texts.append(entry("column", pool, "下达总额", "Issued in all", unit=unit, formula=formula))
            printed.append("from_reserve")
    if funds:
        text, own, columns = source_text(funds, model, table, issued, pool)
        texts.append(text)
        values |= own
        files.append((funds.file, funds.sha256))
        due = [name for name in columns if name.startswith("source_due")]
        printed = [*printed, *([] if issued in printed else [issued]), *(due if approved else columns)]
        changes = (Change(model.pool, funds.pool, origin="sources"),)
    if paid:
        files.append((paid.file, paid.sha256))
        values["advance_paid"] = paid.amounts
        if approved:  # what is paid now, and what is still owed, is the correction's own
            texts.append(advance_text(paid, model))
        else:
            text, columns = settlement_text(paid, model, table, issued)
            texts.append(text)
            printed = [*printed, *columns]
        if paid.absent:
            notes = (Problem("settle.absent", {"counties": paid.absent}, paid.file),)
        if paid.negative:
            notes = (*notes, Problem("settle.negative", {"counties": paid.negative}, paid.file))
        notes = (*notes, *date_notes(paid.dates, table.year))
        dates = [{"zh": line.zh, "en": line.en} for line in said_dates(paid.dates)]
    notes = (*notes, *(note for part in (adjustments, funds, paid) if part for note in part.notes))
    label = model.label
    if approved:
        text, own, columns = correction_text(approved, model, table, issued)
        texts.append(text)
        values |= own
        printed = [*columns, *(name for name in printed if name != issued), "settled_in"]
        issued = "corrected"
        label = Both(label.zh.removesuffix("分配") + "更正分配", f"{label.en}, corrected")
    said = {"zh": label.zh, "en": label.en, "award": issued, "pool": pool, "table": [spelt(n) for n in printed]}
    said |= {"notes": dates} if dates else {}
    head = "\n\n[issue]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in said.items())
    fresh = model_from_text(f"{model.text.rstrip()}{head}" + "\n".join(texts) + "\n", model.file)
    fresh = replace(fresh, parameters={**fresh.parameters, **model.parameters})  # with the figures they were given
    made_up = table.illustrative or any(part.illustrative for part in (adjustments, funds, paid) if part)
    joined = replace(table.with_values(**values), attached=(*table.attached, *files), notes=(*table.notes, *notes),
                     illustrative=made_up)  # fmt: skip
    return Extended(fresh, joined, changes)
