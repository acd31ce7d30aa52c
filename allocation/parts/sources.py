"""资金来源: the pool as a table of sources, and every county's amount split over them.

Printed as 应下达 · 已提前下达 · 本次下达 by source. Rows and columns close to the unit, and each source is spent whole:
the sources up to the n-th together are rounded once, between what the sources before gave and the county's amount, and
the n-th gives the difference. A source that takes back (收回, a negative amount) is shared in the proportion of what
each county receives; the others then give that amount as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.parts.adjustments import FROM_RESERVE
from allocation.parts.attached import Attached, of_form, pool_said_otherwise
from allocation.parts.awards import award_column, award_unit, step, step_text
from allocation.parts.part import BlankForm, Given, HasFigures, InLetters, Option, Part, said_of_those, summed
from allocation.parts.toml_text import entry, toml
from allocation.policy.model import Ground, Model
from allocation.readings.said_amounts import told
from allocation.readings.words import item_label
from allocation.run.scenario import Change
from allocation.tables import forms
from allocation.tables.keys import Figure
from allocation.tables.table import Table
from allocation.texts import Both, both, bracketed, say
from allocation.texts.vocabulary import Spellings, the_word

KIND = "sources"
AMOUNT, PAID, DUE, NOW = "_source_amount", "_source_paid", "_source_due", "_source_now"  # families, an entry a source
RESERVED, ADVANCED = "_source_reserve", "_source_advanced"
PAID_TOTAL, NOW_TOTAL = "_source_paid_total", "_source_now_total"
MOST = 20
FIELDS = (
    forms.FormField("source", Spellings("form_words.source_source"), required=True),
    forms.FormField("document", Spellings("form_words.document"), forms.PROSE),
    forms.FormField("batch", Spellings("form_words.source_batch")),
    forms.FormField("amount", Spellings("form_words.source_amount"), forms.NUMBER, required=True),
    forms.FormField("advanced", Spellings("form_words.source_advanced"), forms.NUMBER),
    forms.FormField("reserve", Spellings("form_words.source_reserve"), forms.NUMBER),
)


@dataclass(frozen=True)
class Source:
    """Amounts in the award's unit; `by_county` is what each county has had in advance, in the table's order."""

    label: Both
    document: str
    amount: Fraction
    advanced: Fraction
    reserve: Fraction
    by_county: tuple[Fraction, ...]


@dataclass(frozen=True)
class Sources:
    """`pool`: what there is to share now, in the pool's unit: the amounts less what is kept in reserve."""

    form: forms.FilledForm
    rows: tuple[Source, ...]
    pool: Fraction


def read(source: Given, model: Model, table: Table) -> Attached:
    """The pool is what the sources give; of a correction only what is due of each is printed."""
    sources, issued = read_sources(source, model, table), model.award
    text, paid, columns = source_text(sources, model, "adjustments" in source.beside)
    shown = [name for name in columns if name.startswith(DUE)] if "correction" in source.beside else columns
    before = model.award_list if issued in model.award_list else (*model.award_list, issued)
    read, notes = of_form(KIND, sources.form), pool_said_otherwise(model, sources.pool, sources.form.file)
    return replace(
        read, notes=(*read.notes, *notes), text=text, figures=paid, columns=(*before, *shown),
        changes=(Change(model.pool, sources.pool, origin=KIND),), grounds=_grounds(sources.rows),
    )  # fmt: skip


def _grounds(rows: Sequence[Source]) -> dict[str, Ground]:
    """The document of each source, for its own figures and no other's."""
    return {
        f"{name}.s{number}": Ground(basis=source.document)
        for number, source in enumerate(rows, start=1) if source.document
        for name in (AMOUNT, RESERVED, ADVANCED)
    }  # fmt: skip


def read_sources(source: Given, model: Model, table: Table) -> Sources:
    """The sources of a file; what counties had in advance stands on a second sheet, a column a source. Raises all."""
    if model.pool not in model.parameters:
        raise AllocationError(Problem("sources.no_pool", {"model": model.label}))
    grid, problems = step(model), list[Problem]()
    form = forms.read_form(source.path, FIELDS, problems, award_unit(model), model.units, kind=KIND)
    if not 0 < len(form.rows) <= MOST:
        problems.append(Problem("sources.count", {"count": len(form.rows), "most": MOST}, form.file))
    labels = _labels(form.rows, problems)
    for record in form.rows:
        for key in ("amount", "advanced", "reserve"):
            value = record.number(key) or Fraction(0)
            if (value / grid).denominator != 1 or value < 0 and key != "amount":
                unit = award_unit(model).name
                slots = {"amount": value, "step": grid, "unit": unit}
                problems.append(Problem("sources.off_grid", slots, record.where(key)))
        amount = record.number("amount")
        if amount is not None and amount < 0:
            held = [key for key in ("advanced", "reserve") if record[key]]
            problems += [Problem("sources.back_alone", {"amount": amount}, record.where(key)) for key in held]
        elif amount is not None and (record.number("reserve") or 0) > amount:
            problems.append(Problem("sources.reserve", {"amount": amount}, record.where("reserve")))
    _refuse_deficit(form, model, problems)
    advanced = [record.number("advanced") or Fraction(0) for record in form.rows]
    by_county = _advances(source, form, labels, advanced, model, table, problems)
    if any(advanced) and "settlement" in source.beside:
        problems.append(Problem("settle.twice_advanced", where=str(source.beside["settlement"].path)))
    if problems:
        raise AllocationError(forms.in_order(problems))
    rows = tuple(
        Source(label, record.text("document"), record.number("amount") or Fraction(0), advanced[place],
               record.number("reserve") or Fraction(0), by_county[place])
        for place, (label, record) in enumerate(zip(labels, form.rows, strict=True))
    )  # fmt: skip
    factor = award_unit(model).scale / model.parameters[model.pool].unit.scale
    pool = sum((row.amount - row.reserve for row in rows), Fraction(0)) * factor
    return Sources(form, rows, pool)


def _refuse_deficit(form: forms.FilledForm, model: Model, problems: list[Problem]) -> None:
    """What is taken back must leave something to hand out."""
    amounts = [record.number("amount") or Fraction(0) for record in form.rows]
    total = sum(amounts, Fraction(0)) - sum(
        (record.number("reserve") or Fraction(0) for record in form.rows), Fraction(0)
    )
    if min(amounts, default=0) < 0 and total <= 0:
        taken = sum((amount for amount in amounts if amount < 0), Fraction(0))
        slots = {"given": total - taken, "taken": -taken, "total": total, "unit": award_unit(model).name}
        problems.append(Problem("sources.deficit", slots, form.file))


def _labels(rows: tuple[forms.FormRow, ...], problems: list[Problem]) -> list[Both]:
    """来源, with the batch where one source has several."""
    plain = [record["source"] or "" for record in rows]
    labels = [
        bracketed(name, (record["batch"] or "") if plain.count(name) > 1 else "")
        for name, record in zip(plain, rows, strict=True)
    ]
    for label, record in zip(labels, rows, strict=True):
        if label.zh and labels.count(label) > 1:
            problems.append(Problem("sources.twice", {"source": label}, record.where("source")))
    return labels


def _advances(
    source: Given, form: forms.FilledForm, labels: list[Both], advanced: list[Fraction], model: Model, table: Table,
    problems: list[Problem],
) -> list[tuple[Fraction, ...]]:  # fmt: skip
    """What every county had in advance from each source; the sums must be what the sources say."""
    none, grid = [(Fraction(0),) * len(table)] * len(labels), step(model)
    if not any(advanced) or Both("", "") in labels:
        return none
    before = len(problems)
    fields = [forms.CODES, forms.NAMES]
    fields += [forms.FormField(str(place), (label.zh, label.en), forms.NUMBER) for place, label in enumerate(labels)]
    try:
        sheet = forms.read_form(
            source.path, fields, problems, award_unit(model), model.units, apart=form.sheet, kind="source_advances"
        )
    except AllocationError as error:
        again = any(problem.id in ("forms.no_header", "forms.no_column") for problem in error.problems)
        paid = {"sources": _paid(labels, advanced)}
        problems += [Problem("sources.no_advances", paid, form.file)] if again else error.problems
        return none
    amounts = [[Fraction(0)] * len(table) for _ in labels]
    seen: set[int] = set()
    for record in sheet.rows:
        row = forms.county_row(record, table.codes, table.names, problems)
        if row is None:
            continue
        if row in seen:
            problems.append(Problem("settle.twice", {"county": table.names[row]}, record.where("name")))
        seen.add(row)
        for place in range(len(labels)):
            value = record.number(str(place)) or Fraction(0)
            if value < 0 or (value / grid).denominator != 1:
                off = {"amount": value, "step": grid, "unit": award_unit(model).name}
                problems.append(Problem("sources.off_grid", off, record.where(str(place))))
            amounts[place][row] += value
    for place, label in enumerate(labels) if len(problems) == before else ():
        total = sum(amounts[place], Fraction(0))
        if total != advanced[place]:
            slots = {"source": label, "total": total, "stated": advanced[place], "gap": total - advanced[place]}
            problems.append(Problem("sources.advances_differ", slots, form.file))
    return [tuple(of_source) for of_source in amounts]


def _paid(labels: list[Both], advanced: list[Fraction]) -> list[Both]:
    return [label for label, amount in zip(labels, advanced, strict=True) if amount]


def source_text(sources: Sources, model: Model, adjusted: bool) -> tuple[str, dict[str, tuple[Figure, ...]], list[str]]:
    """TOML of the sources' parameters and columns, the figures of their inputs, and the columns to print."""
    unit, grid, issued = award_unit(model).name, step_text(model), model.award
    places = award_column(model).decimals
    keys = [f"s{number}" for number in range(1, len(sources.rows) + 1)]
    backs = [key for key, source in zip(keys, sources.rows, strict=True) if source.amount < 0]
    giving = [key for key in keys if key not in backs]
    gross = "_source_gross" if backs else issued
    labels = [source.label for source in sources.rows]
    items = [{"key": key, "zh": label.zh, "en": label.en} for key, label in zip(keys, labels, strict=True)]
    lines = [the_word("part_words.of_sources", file=sources.form.file)]
    listed = "".join(f"  {_item(item)},\n" for item in items)
    lines.append(f'\n[[list]]\nname = "_fund_source"\nitems = [\n{listed}]')

    def parameter(name: str, label: Both, values: list[Fraction]) -> str:
        by_key = dict(zip(keys, values, strict=True))
        return entry("parameter", name, label, unit=unit, over="_fund_source", values=by_key,
                     min=None if min(values) < 0 else Fraction(0), decimals=places)  # fmt: skip

    lines += [
        parameter(AMOUNT, both("parts.amount_of_the_source"), [source.amount for source in sources.rows]),
        parameter(RESERVED, both("parts.kept_in_reserve"), [source.reserve for source in sources.rows]),
        parameter(ADVANCED, both("parts.advanced_in_all"), [source.advanced for source in sources.rows]),
        entry("input", PAID, both("parts.advanced"), unit=unit, over="_fund_source", default=Fraction(0),
              decimals=places),
        entry("column", "_source_used", both("parts.reserve_used_of_the_source"), unit=unit, over="_fund_source",
              formulas=_used(keys, adjusted)),
        entry("column", "_source_net", both("parts.of_the_source_to_issue"), unit=unit, over="_fund_source",
              formula="_source_amount[_fund_source] - _source_reserve[_fund_source] + _source_used[_fund_source]"),
        entry("column", "_source_up_to", both("parts.sources_up_to_this_one"), unit=unit, over="_fund_source",
              formulas=_chain(giving, "_source_net[{key}]", "_source_up_to[{before}] + _source_net[{key}]")
              | {key: f"_source_net[{key}]" for key in backs}),
        entry("column", "_source_due_up_to", both("parts.due_up_to_this_source"), unit=unit, over="_fund_source",
              formulas=_due(giving, gross, grid) | _taken(backs, issued, grid)),
        entry("column", DUE, both("parts.due_of_the_source"), unit=unit, over="_fund_source",
              formulas=_chain(giving, "_source_due_up_to[{key}]",
                              "_source_due_up_to[{key}] - _source_due_up_to[{before}]")
              | {key: f"_source_due_up_to[{key}]" for key in backs}),
        entry("column", NOW, both("parts.issued_now"), unit=unit, over="_fund_source",
              formula="_source_due[_fund_source] - _source_paid[_fund_source]"),
        entry("column", PAID_TOTAL, both("parts.advanced_over_sources"), unit=unit,
              formula="sum_over(_source_paid[_fund_source])"),
        entry("column", NOW_TOTAL, both("parts.issued_now_in_all"), unit=unit,
              formula="sum_over(_source_now[_fund_source])"),
        *_checks({item["key"]: item["zh"] for item in items}, giving, model, adjusted),
    ]  # fmt: skip
    if backs:
        taken = "".join(f" - _source_due[{key}]" for key in backs)
        lines.append(entry("column", "_source_gross", both("parts.due_before_what_is_taken_back"), unit=unit,
                           formula=f"{issued}{taken}"))  # fmt: skip
    values: dict[str, tuple[Figure, ...]] = {
        f"{PAID}.{key}": source.by_county for key, source in zip(keys, sources.rows, strict=True)
    }
    paid = any(source.advanced for source in sources.rows)  # else the columns of advances would be nought throughout
    shown = (DUE, PAID, NOW) if paid else (DUE,)
    printed = [f"{name}.{key}" for name in shown for key in keys]
    totals = [PAID_TOTAL, NOW_TOTAL] if paid and len(keys) > 1 else []
    return "\n".join(lines), values, [*printed, *totals]


def _item(item: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{key} = {toml(value)}" for key, value in item.items()) + " }"


def _chain(keys: list[str], first: str, later: str) -> dict[str, str]:
    """A formula an item; `{before}` is the item before."""
    return {key: (later if place else first).format(key=key, before=keys[place - 1]) for place, key in enumerate(keys)}


def _used(keys: list[str], adjusted: bool) -> dict[str, str]:
    """The reserve is used source by source, in the order they are listed."""
    if not adjusted:
        return dict.fromkeys(keys, "0")
    formulas = {}
    for place, key in enumerate(keys):
        earlier = "".join(f" - _source_used[{before}]" for before in keys[:place])
        formulas[key] = f"min(_source_reserve[{key}], {FROM_RESERVE}{earlier})"
    return formulas


def _due(keys: list[str], issued: str, grid: str) -> dict[str, str]:
    formulas = {}
    for place, key in enumerate(keys[:-1]):
        floor = f", floor = _source_due_up_to[{keys[place - 1]}]" if place else ""
        total = f"_source_up_to[{key}]"
        shared = f"bounded_share({total}, {issued}{floor}, cap = {issued})"
        formulas[key] = f"largest_remainder({total}, {shared}, to = {grid})"
    return {**formulas, keys[-1]: issued}


def _taken(keys: list[str], issued: str, grid: str) -> dict[str, str]:
    """What a source takes back from each, in the proportion of what each receives."""
    total = "_source_up_to[{key}]"
    formula = f"largest_remainder({total}, share({total}, {issued}), to = {grid})"
    return {key: formula.format(key=key) for key in keys}


def _checks(labels: dict[str, str], giving: list[str], model: Model, adjusted: bool) -> list[str]:
    pool = model.pool
    every = [
        entry("check", "_pool_of_sources", both("parts.pool_of_sources"),
              formula=f"{pool} == sum_over(_source_amount[_fund_source]) - sum_over(_source_reserve[_fund_source])"),
        entry("check", "_now_not_negative", both("parts.now_not_negative"),
              formula=" and ".join(f"_source_now[{key}] >= 0" for key in giving), severity="warning"),
    ]  # fmt: skip
    if adjusted:
        formula = f"{FROM_RESERVE} <= sum_over(_source_reserve[_fund_source])"
        every.append(entry("check", "_reserve_suffices", both("parts.reserve_suffices"), formula=formula))
    for key, label in labels.items():
        every += [
            entry("check", f"_spent_{key}", both("parts.source_spent", source=label),
                  formula=f"total(_source_due[{key}]) == _source_net[{key}]"),
            entry("check", f"_advanced_{key}", both("parts.source_advanced", source=label),
                  formula=f"total(_source_paid[{key}]) == _source_advanced[{key}]"),
        ]  # fmt: skip
    return every


def _by_source(run: HasFigures, rows: Sequence[int], lang: str) -> str:
    """Of each source 应下达, 已提前下达 and 本次下达 or 本次收回; without advances what comes of each."""
    model, paid, unit = run.model, summed(run, PAID_TOTAL, rows), run.model.entry(NOW_TOTAL).unit
    keys = [name.partition(".")[2] for name in model.columns if name.startswith(f"{NOW}.")]
    everybody = range(len(run.table))
    advanced = any(summed(run, f"{PAID}.{key}", everybody) for key in keys)
    lines = []
    for key in keys:
        now = summed(run, f"{NOW}.{key}", rows)
        slots: dict[str, object] = {"source": item_label(model, f"{NOW}.{key}")[lang]}
        for slot, name in (("due", f"{DUE}.{key}"), ("paid", f"{PAID}.{key}")):
            amount = summed(run, name, rows)
            slots[slot] = told(amount, model.entry(name).unit, lang) if amount else ""
        slots["now"] = told(abs(now), unit, lang) if now else ""
        if summed(run, f"{DUE}.{key}", everybody) < 0:  # the source itself takes back
            lines += [say(lang, "notices.source_taken", **slots)] if now else []
        elif advanced:
            if slots["due"] or slots["paid"]:
                pays = say(lang, "notices.source_back" if now < 0 else "notices.source_pays", **slots)
                lines.append(pays.rstrip("，,; "))
        elif now:
            lines.append(say(lang, "notices.reason_figure", label=slots["source"], amount=slots["now"]))
    if not advanced:
        return say(lang, "notices.made_of_sources", sources=lines) if lines else ""
    now = summed(run, NOW_TOTAL, rows)
    sums = {"due": now + paid, "paid": paid, "now": abs(now)}
    slots = {word: told(amount, unit, lang) if amount else "" for word, amount in sums.items()}
    whole = said_of_those("notices.made_back" if now < 0 else "notices.made_paid", lang, **slots)
    return whole + (
        say(lang, "notices.made_by_source", sources=say(lang, "words.semicolon").join(lines)) if lines else ""
    )


PART = Part(
    KIND,
    read,
    option=Option("--sources"),
    form=BlankForm(
        "sources", FIELDS,
        second=BlankForm(
            "source_advances", (forms.CODES, forms.NAMES), prefilled=True, open_columns=4, guide="ledger.guide_advances"
        ),
    ),
    columns={**dict.fromkeys(("office", "unit", "letter", "note"), (DUE, PAID, NOW, PAID_TOTAL, NOW_TOTAL)),
             "annex": (PAID_TOTAL, NOW_TOTAL, PAID, NOW)},
    sentences={
        "pool_again": "sources.pool_twice", "made_of": "notices.made_of_sources", "paid": "notices.made_paid",
        "back": "notices.made_back", "by_source": "notices.made_by_source", "pays": "notices.source_pays",
        "source_back": "notices.source_back", "taken": "notices.source_taken",
    },
    letter=InLetters(NOW_TOTAL, "settlement", taken_back=(NOW, NOW_TOTAL), made_up=_by_source),
    accounts=(PAID,),
    gives_pool=True,
)  # fmt: skip
