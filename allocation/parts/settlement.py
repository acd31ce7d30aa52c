"""清算: the final amount against what was paid in advance; what was paid too much is taken back in later years.

核定下达 = 应抵扣 + 本次下达 − 待以后年度收回, county by county: everything paid in the end equals everything due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.parts import due_dates
from allocation.parts.attached import Attached, of_form
from allocation.parts.awards import award_column, award_unit, step, step_text
from allocation.parts.due_dates import Due, date_notes, read_dates, said_dates
from allocation.parts.part import BlankForm, Given, HasFigures, InLetters, Option, Part, said_of_those, summed
from allocation.parts.toml_text import entry, toml
from allocation.policy.model import Model
from allocation.readings.said_amounts import told
from allocation.readings.words import item_label
from allocation.tables import forms
from allocation.tables.table import Table
from allocation.texts import both, say
from allocation.texts.spans import year_label
from allocation.texts.vocabulary import Spellings, the_word

PAID_BEFORE = Spellings("form_words.paid_before")  # the third heads the sum of a year
FIELDS = (
    forms.CODES,
    forms.NAMES,
    forms.FormField("amount", PAID_BEFORE, forms.NUMBER, required=True),
)
KIND = "settlement"
DUE, PAID, NOW, BACK = "_settled_due", "_advance_paid", "_settled_now", "_to_take_back"
YEARS = "_take_back"  # 分年收回, a column a year
MOST = 10  # years over which what was paid too much may be taken back
TOLD = {"due": DUE, "paid": PAID, "now": NOW, "back": BACK}  # what a letter says, each where it is not 0
RECOVER = Option("--recover-years", most=MOST)


@dataclass(frozen=True)
class Advances:
    """What each county had in advance, in the award's unit and the table's order; `years` to take back what is over."""

    form: forms.FilledForm
    amounts: tuple[Fraction, ...]
    years: int
    absent: tuple[str, ...] = ()  # names of counties that are not in the file
    dates: tuple[Due, ...] = ()
    negative: tuple[str, ...] = ()  # names of counties that gave money back in advance


def read(source: Given, model: Model, table: Table) -> Attached:
    """Of a correction only what was paid in advance: what is paid now, and still owed, is the correction's own."""
    advances = read_advances(source, model, table)
    columns: list[str] = []
    if "correction" in source.beside:
        text = advance_text(advances, model)
    else:
        text, columns = settlement_text(advances, model, table, model.award)
    file = advances.form.file
    notes = [Problem("settle.absent", {"counties": advances.absent}, file)] if advances.absent else []
    notes += [Problem("settle.negative", {"counties": advances.negative}, file)] if advances.negative else []
    notes += [*date_notes(advances.dates, table.year), *advances.form.notes]
    return replace(
        of_form(KIND, advances.form), text=text, figures={PAID: advances.amounts},
        columns=(*model.award_list, *columns), notes=tuple(notes), dates=tuple(said_dates(advances.dates)),
    )  # fmt: skip


def read_advances(source: Given, model: Model, table: Table) -> Advances:
    """The advances of a file; a county not in it had none. Raises all that is wrong with it."""
    unit, grid, years = award_unit(model), step(model), source.settings.get(RECOVER.name, 1)
    problems: list[Problem] = []
    amounts: dict[int, Fraction] = {}
    form = forms.read_form(source.path, FIELDS, problems, unit, model.units, kind=KIND)
    dates = read_dates(source.path, form.sheet, problems, table.year)
    for row in form.rows:
        place, amount = forms.county_row(row, table.codes, table.names, problems), row.number("amount") or Fraction(0)
        if (amount / grid).denominator != 1:
            slots = {"amount": amount, "step": grid, "unit": unit.name}
            problems.append(Problem("adjust.off_grid", slots, row.where("amount")))
        if place in amounts:
            problems.append(Problem("settle.twice", {"county": table.names[place]}, row.where("name")))
        if place is not None:
            amounts[place] = amount
    if not 1 <= years <= MOST:
        problems.append(Problem("settle.years", {"most": MOST}, RECOVER.flag))
    if problems:
        raise AllocationError(forms.in_order(problems))
    paid = tuple(amounts.get(row, Fraction(0)) for row in range(len(table)))
    absent = tuple(name for row, name in enumerate(table.names) if row not in amounts)
    negative = tuple(name for name, amount in zip(table.names, paid, strict=True) if amount < 0)
    return Advances(form, paid, years, absent, dates, negative)


def advance_text(advances: Advances, model: Model) -> str:
    """TOML of what was paid in advance."""
    award, file = award_column(model), advances.form.file
    return the_word("part_words.of_settlement", file=file) + "\n" + entry(
        "input", PAID, both("parts.paid_in_advance"), unit=award.unit.name,
        decimals=award.decimals, default=Fraction(0), source=file,
    )  # fmt: skip


def settlement_text(advances: Advances, model: Model, table: Table, issued: str) -> tuple[str, list[str]]:
    """TOML of the advances and the columns of the settlement, and the columns to print."""
    unit = award_unit(model).name
    first = (table.year or 0) + 1
    keys = [f"y{number}" for number in range(1, advances.years + 1)]
    numbers = range(advances.years)
    labels = [year_label(first + n) if table.year else both("parts.nth_year", number=n + 1) for n in numbers]
    items = ", ".join(
        "{ " + f"key = {toml(key)}, zh = {toml(label.zh)}, en = {toml(label.en)}" + " }"
        for key, label in zip(keys, labels, strict=True)
    )
    grid = step_text(model)
    parted = f"_to_take_back / {advances.years}"
    lines = [
        advance_text(advances, model),
        f'\n[[list]]\nname = "_take_back_year"\nitems = [{items}]',
        entry("column", DUE, both("parts.due"), unit=unit, formula=issued),
        entry("column", NOW, both("parts.paid_now"), unit=unit, formula="max(_settled_due - _advance_paid, 0)"),
        entry("column", BACK, both("parts.to_be_taken_back"), unit=unit,
              formula="max(_advance_paid - _settled_due, 0)"),
        entry("column", YEARS, both("parts.taken_back_in"), unit=unit, over="_take_back_year",
              formula=f"largest_remainder(_to_take_back, {parted}, to = {grid}, over = _take_back_year)"),
        entry("check", "_settlement_closes", both("parts.settlement_closes"),
              formula="_advance_paid + _settled_now - _to_take_back == _settled_due"),
        entry("check", "_settlement_total", both("parts.settlement_total"),
              formula="total(_advance_paid) + total(_settled_now) - total(_to_take_back) == total(_settled_due)"),
        entry("check", "_take_back_closes", both("parts.years_add_up"),
              formula="sum_over(_take_back[_take_back_year]) == _to_take_back"),
    ]  # fmt: skip
    printed = [DUE, PAID, NOW, BACK, *(f"{YEARS}.{key}" for key in keys)]
    return "\n".join(lines), printed


def _settled(run: HasFigures, rows: Sequence[int], lang: str) -> str:
    """核定, 已提前下达, 本次下达 or 待以后年度收回 with its years."""

    def whole(name: str) -> Fraction:
        return summed(run, name, rows)

    def said(name: str) -> str:
        return told(whole(name), run.model.entry(name).unit, lang)

    names = [name for name in run.model.columns if name.startswith(f"{YEARS}.") and whole(name)]
    years = [
        say(lang, "notices.reason_figure", label=item_label(run.model, name)[lang], amount=said(name)) for name in names
    ]
    slots = {slot: said(name) if whole(name) else "" for slot, name in TOLD.items()}
    return said_of_those("notices.made_settled", lang, **slots, years=years or "")


PART = Part(
    KIND,
    read,
    option=Option("--advance"),
    settings=(RECOVER,),
    form=BlankForm(KIND, FIELDS, prefilled=True, second=due_dates.FORM),
    columns={
        **dict.fromkeys(("office", "unit", "letter", "note"), (DUE, PAID, NOW, BACK, YEARS)),
        "annex": (DUE, PAID, NOW, BACK),
    },
    sentences={"made_up": "notices.made_settled"},
    letter=InLetters(NOW, "settlement", less=BACK, stands=(DUE, PAID), if_any=(BACK, YEARS), made_up=_settled),
    accounts=(PAID,),
)
