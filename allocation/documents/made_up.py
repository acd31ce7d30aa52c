"""What an amount is made up of, in a sentence below the order: of a settlement, by source, of land that was sold."""

from __future__ import annotations

from collections.abc import Sequence

from allocation.language import tree
from allocation.language.units import HECTARE, YUAN
from allocation.parts.part import summed
from allocation.policy.model import Model
from allocation.readings.said_amounts import told
from allocation.report.columns import columns_for
from allocation.report.identity import sum_terms
from allocation.run.run import Run
from allocation.tables.table import number
from allocation.texts import say


def made_up(run: Run, rows: Sequence[int], lang: str) -> str:
    """Of the places in `rows` together; empty where the amount that the letter is about is all there is to say."""
    if run.letter:
        return run.letter.made_up(run, rows, lang) if run.letter.made_up else ""
    if pool := own_pool(run.model):
        return _traded(run, pool, rows, lang)
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


def _traded(run: Run, pool: str, rows: Sequence[int], lang: str) -> str:
    """What was verified, what went out and came in at which price and for how much, what is left."""
    model = run.model
    terms = [name for _, name in sum_terms(model.columns[model.award].node) or [] if name != pool]
    moved = [_flow(run, name, rows, lang) for name in terms if summed(run, name, rows)]
    slots = {"own": model.entry(pool).label, "amount": _told(run, pool, rows, lang) if summed(run, pool, rows) else ""}
    slots |= {"label": model.entry(model.award).label, "left": _told(run, model.award, rows, lang)}
    if not moved:
        return say(lang, "notices.made_kept", flows=[model.entry(name).label for name in terms], **slots)
    return say(lang, "notices.made_traded", flows=moved, **slots)


def _flow(run: Run, name: str, rows: Sequence[int], lang: str) -> str:
    """`转出3.3334公顷，转出收入500.01万元（节余指标流转价格10万元/亩）`."""
    model, money = run.model, run.model.units.parse(YUAN)
    paid = [
        say(lang, "notices.reason_figure", label=entry.label[lang], amount=_told(run, key, rows, lang))
        for key in (column.entry for column in columns_for(run, "office") if column.entry in model.columns)
        if (entry := model.columns[key]).unit.dims == money.dims and tree.Name(name) in tree.names(entry.node)
    ]
    per_area = model.units.parse(f"{YUAN}/{HECTARE}").dims
    prices = [
        say(lang, "notices.reason_figure", label=entry.label[lang], amount=told(number(entry.value), entry.unit, lang))
        for entry in model.parameters.values()
        if entry.kind == "scalar" and entry.unit.dims == per_area
    ]
    slots = {"label": model.entry(name).label, "amount": _told(run, name, rows, lang), "paid": paid or ""}
    return say(lang, "notices.made_flow", **slots, prices=prices if paid else "")


def _told(run: Run, name: str, rows: Sequence[int], lang: str) -> str:
    return told(summed(run, name, rows), run.model.entry(name).unit, lang)
