"""清算: the final amount against what was paid in advance; what was paid too much is taken back in later years.

核定下达 = 应抵扣 + 本次下达 − 待以后年度收回, county by county: everything paid in the end equals everything due.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from allocation.errors import AllocationError, Problem
from allocation.model import Model
from allocation.parts.adjustments import award_unit, step, step_text
from allocation.parts.attached import Attached, Issue
from allocation.parts.due_dates import Due, date_notes, read_dates, said_dates
from allocation.parts.toml_text import entry, toml
from allocation.tables import forms
from allocation.tables.table import Table

FIELDS = (
    forms.CODES,
    forms.NAMES,
    forms.FormField("amount", ("提前下达数", "已提前下达", "应抵扣", "advance"), forms.NUMBER, required=True),
)
MOST = 10  # years over which what was paid too much may be taken back
KIND = "settlement"
DUE, PAID, NOW, BACK = "_settled_due", "_advance_paid", "_settled_now", "_to_take_back"
YEARS = "_take_back"  # 分年收回, a column a year


@dataclass(frozen=True)
class Advances:
    """What each county had in advance, in the award's unit and the table's order; `years` to take back what is over."""

    file: str
    sha256: str
    amounts: tuple[Fraction, ...]
    years: int
    absent: tuple[str, ...] = ()  # names of counties that are not in the file
    dates: tuple[Due, ...] = ()
    negative: tuple[str, ...] = ()  # names of counties that gave money back in advance
    illustrative: bool = False  # the sheet says 示例, as a table may
    notes: tuple[Problem, ...] = ()  # what a person should know of the file


def read_advances(path: Path, model: Model, table: Table, years: int = 1) -> Advances:
    """The advances of a file; a county not in it had none. Raises all that is wrong with it."""
    unit, grid, problems = award_unit(model), step(model), []
    amounts: dict[int, Fraction] = {}
    found = forms.read_form(path, FIELDS, problems, unit, model.units, kind="settlement")
    dates = read_dates(path, found.sheet, problems, table.year)
    for row in found.rows:
        place, amount = forms.county_row(row, table.codes, table.names, problems), row["amount"] or Fraction(0)
        if (amount / grid).denominator != 1:
            slots = {"amount": amount, "step": grid, "unit": unit.name}
            problems.append(Problem("adjust.off_grid", slots, row.where("amount")))
        if place in amounts:
            problems.append(Problem("settle.twice", {"county": table.names[place]}, row.where("name")))
        if place is not None:
            amounts[place] = amount
    if not 1 <= years <= MOST:
        problems.append(Problem("settle.years", {"most": MOST}, "--recover-years"))
    if problems:
        raise AllocationError(forms.in_order(problems))
    paid = tuple(amounts.get(row, Fraction(0)) for row in range(len(table)))
    absent = tuple(name for row, name in enumerate(table.names) if row not in amounts)
    negative = tuple(name for name, amount in zip(table.names, paid, strict=True) if amount < 0)
    return Advances(found.file, found.sha256, paid, years, absent, dates, negative, found.illustrative, found.notes)


def attach(found: Advances, issue: Issue) -> Issue:
    """Of a correction only what was paid in advance: what is paid now, and still owed, is the correction's own."""
    columns: list[str] = []
    if issue.corrects:
        text = advance_text(found, issue.model)
    else:
        text, columns = settlement_text(found, issue.model, issue.table, issue.award)
    notes = [Problem("settle.absent", {"counties": found.absent}, found.file)] if found.absent else []
    notes += [Problem("settle.negative", {"counties": found.negative}, found.file)] if found.negative else []
    notes += [*date_notes(found.dates, issue.table.year), *found.notes]
    part = Attached(KIND, found.file, found.sha256, text, {PAID: found.amounts}, tuple(columns), notes=tuple(notes),
                    dates=tuple(said_dates(found.dates)), illustrative=found.illustrative)  # fmt: skip
    return issue.with_part(part, (*issue.printed, *columns))


def advance_text(found: Advances, model: Model) -> str:
    """TOML of what was paid in advance."""
    award = model.columns[model.award]
    return f"# 清算 / settlement: {found.file}\n" + entry(
        "input", PAID, "应抵扣（已提前下达）", "Paid in advance", unit=award.unit.name,
        decimals=award.decimals, default=Fraction(0), source=found.file,
    )  # fmt: skip


def settlement_text(found: Advances, model: Model, table: Table, issued: str) -> tuple[str, list[str]]:
    """TOML of the advances and the columns of the settlement, and the columns to print."""
    award = model.columns[model.award]
    unit = award.unit.name
    first = (table.year or 0) + 1
    keys = [f"y{number}" for number in range(1, found.years + 1)]
    labels = [f"{first + n}年" if table.year else f"第{n + 1}年" for n in range(found.years)]
    items = ", ".join(
        "{ " + f"key = {toml(key)}, zh = {toml(label)}, en = {toml(label.strip('第年'))}" + " }"
        for key, label in zip(keys, labels, strict=True)
    )
    grid = step_text(model)
    parted = f"_to_take_back / {found.years}"
    lines = [
        advance_text(found, model),
        f'\n[[list]]\nname = "_take_back_year"\nitems = [{items}]',
        entry("column", DUE, "核定下达", "Due", unit=unit, formula=issued),
        entry("column", NOW, "本次下达", "Paid now", unit=unit, formula="max(_settled_due - _advance_paid, 0)"),
        entry("column", BACK, "待以后年度收回", "To be taken back", unit=unit,
              formula="max(_advance_paid - _settled_due, 0)"),
        entry("column", YEARS, "分年收回", "Taken back in", unit=unit, over="_take_back_year",
              formula=f"largest_remainder(_to_take_back, {parted}, to = {grid}, over = _take_back_year)"),
        entry("check", "_settlement_closes", "应抵扣 + 本次下达 − 待以后年度收回 = 核定下达",
              "Advance + paid now − to be taken back = due",
              formula="_advance_paid + _settled_now - _to_take_back == _settled_due"),
        entry("check", "_settlement_total", "合计：应抵扣 + 本次下达 − 待以后年度收回 = 核定下达",
              "Totals: advance + paid now − to be taken back = due",
              formula="total(_advance_paid) + total(_settled_now) - total(_to_take_back) == total(_settled_due)"),
        entry("check", "_take_back_closes", "分年收回合计等于待以后年度收回", "The years add up to what is taken back",
              formula="sum_over(_take_back[_take_back_year]) == _to_take_back"),
    ]  # fmt: skip
    printed = [DUE, PAID, NOW, BACK, *(f"{YEARS}.{key}" for key in keys)]
    return "\n".join(lines), printed
