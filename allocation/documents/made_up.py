"""What an amount is made up of, in a sentence below the order: of a settlement, by source, of land that was sold."""

from __future__ import annotations

from collections.abc import Sequence

from allocation.documents.letter import Letters
from allocation.language import tree
from allocation.language.sums import sum_terms
from allocation.language.units import HECTARE, YUAN
from allocation.parts.part import summed
from allocation.policy.model import Model
from allocation.readings.said_amounts import told
from allocation.report.columns import columns_for
from allocation.tables.table import number


def made_up(letters: Letters, rows: Sequence[int]) -> str:
    """Of the places in `rows` together; empty where the amount that the letter is about is all there is to say."""
    run = letters.run
    if run.letter:
        return run.letter.made_up(run, rows, letters.lang) if run.letter.made_up else ""
    if pool := own_pool(run.model):
        return _traded(letters, pool, rows)
    return ""


def own_pool(model: Model) -> str:
    """The column a place starts from where the pool is but the total of what the places have: nothing is shared out.

    Empty where there is a pool to share.
    """
    pool = model.columns.get(model.pool)
    call = pool.node if pool else None
    summed_up = call.arg("x") if isinstance(call, tree.Call) and call.fn == "total" else None
    if not isinstance(summed_up, tree.Name):
        return ""
    terms = sum_terms(model.columns[model.award].node) or []
    return summed_up.id if len(terms) > 1 and ("+", summed_up.id) in terms else ""


def _traded(letters: Letters, pool: str, rows: Sequence[int]) -> str:
    """What was verified, what went out and came in at which price and for how much, what is left."""
    run, model = letters.run, letters.run.model
    terms = [name for _, name in sum_terms(model.columns[model.award].node) or [] if name != pool]
    moved = [_flow(letters, name, rows) for name in terms if summed(run, name, rows)]
    slots = {"own": model.entry(pool).label, "amount": _told(letters, pool, rows) if summed(run, pool, rows) else ""}
    slots |= {"label": model.entry(model.award).label, "left": _told(letters, model.award, rows)}
    if not moved:
        return letters.say("notices.made_kept", flows=[model.entry(name).label for name in terms], **slots)
    return letters.say("notices.made_traded", flows=moved, **slots)


def _flow(letters: Letters, name: str, rows: Sequence[int]) -> str:
    """`转出3.3334公顷，转出收入500.01万元（节余指标流转价格10万元/亩）`."""
    run, model = letters.run, letters.run.model
    money = model.units.parse(YUAN)
    paid = [
        letters.say("notices.reason_figure", label=entry.label, amount=_told(letters, key, rows))
        for key in (column.entry for column in columns_for(run, "office") if column.entry in model.columns)
        if (entry := model.columns[key]).unit.dims == money.dims and tree.Name(name) in tree.names(entry.node)
    ]
    per_area = model.units.parse(f"{YUAN}/{HECTARE}").dims
    prices = [
        letters.say(
            "notices.reason_figure", label=entry.label, amount=told(number(entry.value), entry.unit, letters.lang)
        )
        for entry in model.parameters.values()
        if entry.kind == "scalar" and entry.unit.dims == per_area
    ]
    slots = {"label": model.entry(name).label, "amount": _told(letters, name, rows), "paid": paid or ""}
    return letters.say("notices.made_flow", **slots, prices=prices if paid else "")


def _told(letters: Letters, name: str, rows: Sequence[int]) -> str:
    return told(summed(letters.run, name, rows), letters.run.model.entry(name).unit, letters.lang)
