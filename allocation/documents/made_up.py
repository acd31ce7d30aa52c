"""What an amount is made up of, in a sentence below the order: of a settlement, by source, of land that was sold."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from allocation.documents.reasons import told
from allocation.language import tree
from allocation.model import Model
from allocation.parts import settlement, sources
from allocation.readings.words import item_label
from allocation.run import Run
from allocation.texts import say
from allocation.workbook.fields import sum_terms


def made_up(run: Run, main: str, rows: Sequence[int], lang: str) -> str:
    """Of the places in `rows` together; empty where the amount of the column `main` is all there is to say."""
    if main == settlement.NOW:
        return _settled(run, rows, lang)
    if main == sources.NOW_TOTAL:
        return _by_source(run, rows, lang)
    if own := own_pool(run.model):
        return _traded(run, own, rows, lang)
    return ""


def own_pool(model: Model) -> str:
    """The column a place starts from where the pool is but the total of what the places have: nothing is shared out.

    Empty where there is a pool to share.
    """
    pool = model.columns.get(model.pool)
    call = pool.node if pool else None
    if not isinstance(call, tree.Call) or call.fn != "total" or not isinstance(call.arg("x"), tree.Name):
        return ""
    own, terms = call.arg("x").id, sum_terms(model.columns[model.award].node) or []
    return own if len(terms) > 1 and ("+", own) in terms else ""


def _settled(run: Run, rows: Sequence[int], lang: str) -> str:
    """核定, 已提前下达, 本次下达 or 待以后年度收回 with its years."""
    back = _sum(run, settlement.BACK, rows)
    names = [name for name in run.model.columns if name.startswith(f"{settlement.YEARS}.") and _sum(run, name, rows)]
    years = [
        say(lang, "notices.reason_figure", label=item_label(run.model, name)[lang], amount=_told(run, name, rows, lang))
        for name in names
    ]
    now = _told(run, settlement.NOW, rows, lang) if _sum(run, settlement.NOW, rows) or not back else ""
    slots = {"due": _told(run, settlement.DUE, rows, lang), "paid": _told(run, settlement.PAID, rows, lang), "now": now}
    owed = {"back": _told(run, settlement.BACK, rows, lang) if back else "", "years": years or ""}
    return say(lang, "notices.made_settled", **slots, **owed)


def _by_source(run: Run, rows: Sequence[int], lang: str) -> str:
    """Of each source 应下达, 已提前下达 and 本次下达 or 本次收回; without advances what comes of each."""
    model, paid = run.model, _sum(run, sources.PAID_TOTAL, rows)
    keys = [name.partition(".")[2] for name in model.columns if name.startswith(f"{sources.NOW}.")]
    advanced = any(_sum(run, f"{sources.PAID}.{key}", range(len(run.table))) for key in keys)
    lines = []
    for key in keys:
        now = _sum(run, f"{sources.NOW}.{key}", rows)
        slots = {"source": item_label(model, f"{sources.NOW}.{key}")[lang]}
        slots |= {
            word: _told(run, f"{name}.{key}", rows, lang)
            for word, name in (("due", sources.DUE), ("paid", sources.PAID))
        }
        slots["now"] = told(abs(now), model.entry(sources.NOW_TOTAL).unit, lang)
        if _sum(run, f"{sources.DUE}.{key}", range(len(run.table))) < 0:  # the source itself takes back
            lines += [say(lang, "notices.source_taken", **slots)] if now else []
        elif advanced:
            lines.append(say(lang, "notices.source_back" if now < 0 else "notices.source_pays", **slots))
        elif now:
            lines.append(say(lang, "notices.reason_figure", label=slots["source"], amount=slots["now"]))
    if not advanced:
        return say(lang, "notices.made_of_sources", sources=lines) if lines else ""
    now = _sum(run, sources.NOW_TOTAL, rows)
    unit = model.entry(sources.NOW_TOTAL).unit
    slots = {"due": told(now + paid, unit, lang), "paid": told(paid, unit, lang), "now": told(abs(now), unit, lang)}
    whole = say(lang, "notices.made_back" if now < 0 else "notices.made_paid", **slots)
    return whole + say(lang, "notices.made_by_source", sources=say(lang, "words.semicolon").join(lines))


def _traded(run: Run, own: str, rows: Sequence[int], lang: str) -> str:
    """What was verified, what went out and came in at which price and for how much, what is left."""
    model = run.model
    terms = [name for _, name in sum_terms(model.columns[model.award].node) or [] if name != own]
    moved = [_flow(run, name, rows, lang) for name in terms if _sum(run, name, rows)]
    slots = {"own": model.entry(own).label, "amount": _told(run, own, rows, lang)}
    slots |= {"label": model.entry(model.award).label, "left": _told(run, model.award, rows, lang)}
    if not moved:
        return say(lang, "notices.made_kept", flows=[model.entry(name).label for name in terms], **slots)
    return say(lang, "notices.made_traded", flows=moved, **slots)


def _flow(run: Run, name: str, rows: Sequence[int], lang: str) -> str:
    """`转出3.3334公顷，转出收入500.01万元（节余指标流转价格10万元/亩）`."""
    model, money = run.model, run.model.units.parse("元")
    paid = [
        say(lang, "notices.reason_figure", label=entry.label[lang], amount=_told(run, key, rows, lang))
        for key, entry in model.columns.items()
        if key in model.award_list and entry.unit.dims == money.dims and tree.Name(name) in tree.names(entry.node)
    ]
    per_area = model.units.parse("元/公顷").dims
    prices = [
        say(lang, "notices.reason_figure", label=entry.label[lang], amount=told(entry.value, entry.unit, lang))
        for entry in model.parameters.values()
        if entry.kind == "scalar" and entry.unit.dims == per_area
    ]
    slots = {"label": model.entry(name).label, "amount": _told(run, name, rows, lang), "paid": paid or ""}
    return say(lang, "notices.made_flow", **slots, prices=prices if paid else "")


def _sum(run: Run, name: str, rows: Sequence[int]) -> Fraction:
    figures = run.figures(name)
    return sum((Fraction(figures[row] or 0) for row in rows), Fraction(0))


def _told(run: Run, name: str, rows: Sequence[int], lang: str) -> str:
    return told(_sum(run, name, rows), run.model.entry(name).unit, lang)
