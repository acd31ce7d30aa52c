"""What the printed tables show: a field a column, with its live formula and the engine's figure for any set of rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from allocation.language import tree
from allocation.language.units import PURE, Unit, combine
from allocation.policy.model import Column, Input, Model, Parameter
from allocation.readings.excel_text import number as literal
from allocation.readings.excel_text import quoted
from allocation.report.subtotals import LineRows
from allocation.run.run import Run
from allocation.texts import say
from allocation.texts.decimals import UNROUNDED, cell_format, decimals_needed
from allocation.xlsx.layout import STATE, letters
from allocation.xlsx.plan import Plan
from allocation.xlsx.styles import number_format

PERCENT = Unit("%", Fraction(1), ())
SUM, SAME, BLANK = "sum", "same", "blank"  # what a 合计 row holds: the sum, the row's own quotient, nothing


@dataclass(frozen=True)
class Field:
    """One printed column. In `text` `{r}` is the county's row on 数据 and 测算, `{p}` the printed row, `{t}` 合计's;
    it is empty of what no cell works out.

    `per` is the reference a quotient divides by, summed on 合计 rows; `value(rows)` the engine's figure.
    """

    heading: str
    item: str
    unit: Unit
    number: str
    text: str
    value: Callable[[LineRows], object]
    total: str = BLANK
    per: str = ""
    identity: str = ""
    name: str = ""


def award_fields(run: Run, plan: Plan, lang: str) -> list[Field]:
    """The columns of 分配表: what the model lists, then last year's award, change, share and amount a person."""
    model = run.model
    listed = [name for name in model.award_list if _printed(model, name)]
    names = listed if model.award in listed else [*listed, model.award]
    place = {name: number for number, name in enumerate(names, start=1)}
    fields = [_with_identity(entry_field(run, plan, name, lang), place, model) for name in names]
    fields += _beside(run, plan, lang, place[model.award], len(names) + 1)
    return fields + ([_noted(run, lang)] if any(run.table.printed_notes) else [])


def _noted(run: Run, lang: str) -> Field:
    """备注（印）: a text of each county's own."""
    notes = run.table.printed_notes

    def note(rows: LineRows) -> object:
        return notes[rows[0]] or None if len(rows) == 1 else None

    return Field(say(lang, "workbook.printed_note"), "", PURE, "@", "", note)


def below_fields(run: Run, plan: Plan, lang: str) -> list[tuple[str, str, object, str]]:
    """Figures that are one a run, printed below the table: label with unit, live formula, figure, number format."""
    model, fields = run.model, []
    for name in model.award_list:
        entry = model.entry(name)
        if _printed(model, name) or isinstance(entry, Input):
            continue
        text = f"IF({plan.layout.check(STATE)}=0,{scalar_reference(run, plan, name)},NA())"
        label = model.units.with_unit(entry.label[lang], entry.unit, lang)
        fields.append((label, text, run.figure(name), number_format(entry.unit, places_of(entry, run.figure(name)))))
    return fields


def scalar_reference(run: Run, plan: Plan, name: str) -> str:
    return plan.layout.parameter(name) if name in run.model.parameters else plan.layout.column(name)


def places_of(entry: Parameter | Column, figure: object) -> int | None:
    """Decimals of a figure that is one a run: what its column rounds to, or what the parameter's value needs."""
    if isinstance(entry, Column) and entry.decimals is not None:
        return entry.decimals
    return decimals_needed([figure], UNROUNDED) if isinstance(figure, Fraction) else UNROUNDED


def _printed(model: Model, name: str) -> bool:
    entry = model.entry(name)
    return isinstance(entry, Input) or (isinstance(entry, Column) and entry.shape != "scalar")


def reference(run: Run, plan: Plan, name: str) -> str:
    return plan.layout.input(name) if name in run.model.inputs else plan.layout.column(name)


def sums(figures: tuple) -> Callable[[LineRows], object]:
    """The figure of one row, or the sum over several; None where all are blank, and of several texts."""

    def value(rows: LineRows) -> object:
        known = [figures[row] for row in rows if figures[row] is not None]
        if len(known) > 1 and isinstance(known[0], str):
            return None
        return known[0] if len(known) == 1 else sum(known, Fraction(0)) if known else None

    return value


def entry_field(run: Run, plan: Plan, name: str, lang: str) -> Field:
    """An input or column of the model, shown only while 状态 is clear."""
    entry = run.model.entry(name)
    kind = "text" if getattr(entry, "text", False) else getattr(entry, "kind", "number")
    cell = reference(run, plan, name)
    figures = run.figures(name)
    blank = getattr(entry, "optional", False) or name in run.blank or (name in run.model.columns and None in figures)
    default = getattr(entry, "default", None)  # what a blank stands for
    instead = '""' if default is None else quoted(default) if isinstance(default, str) else literal(default)
    shown = f'IF({cell}="",{instead},{cell})' if blank or default is not None else cell
    text = f"IF({plan.layout.check(STATE)}=0,{shown},NA())"
    heading = entry.heading[lang] if entry.heading else entry.label[lang]
    item = entry.item[lang] if entry.item else ""
    total = SUM if run.model.adds_up(name) else BLANK
    number = number_format(entry.unit, entry.decimals, kind)
    return Field(heading, item, entry.unit, number, text, sums(figures), total, name=name)


def _with_identity(field: Field, place: dict[str, int], model: Model) -> Field:
    """`(5)=(3)+(4)` where the column's own formula is a sum of columns that are printed."""
    terms = sum_terms(model.columns[field.name].node) if field.name in model.columns else None
    if terms is None or len(terms) < 2 or any(name not in place for _, name in terms):
        return field
    signs = "".join(f"{sign}({place[name]})" for sign, name in terms)
    return replace(field, identity="=" + signs.removeprefix("+"))


def sum_terms(node: tree.Node) -> list[tuple[str, str]] | None:
    """The names of a pure sum with their signs, or None."""
    match node:
        case tree.Name(id=name):
            return [("+", name)]
        case tree.Derived(call=call, body=body) if call.fn == "sum_over":
            return sum_terms(body)
        case tree.Binary(op="+" | "-" as op, left=left, right=right):
            first, second = sum_terms(left), sum_terms(right)
            if first is None or second is None:
                return None
            turned = {"+": op, "-": "+" if op == "-" else "-"}
            return first + [(turned[sign], name) for sign, name in second]
    return None


def _ratio(above: Callable[[LineRows], object], below: Callable[[LineRows], object]) -> Callable[[LineRows], object]:
    def value(rows: LineRows) -> object:
        top, bottom = above(rows), below(rows)
        return None if top is None or not bottom or bottom < 0 else top / bottom

    return value


def _beside(run: Run, plan: Plan, lang: str, award: int, free: int) -> list[Field]:
    """Last year's award, change, change %, share of the total, amount a settled person: live on the sheet itself."""
    model = run.model
    entry, mine = model.columns[model.award], sums(run.figures(model.award))
    number, a = number_format(entry.unit, entry.decimals), letters(award)
    fields: list[Field] = []
    if model.compare_with and not run.blank.get(model.compare_with):
        fields += _against_last(run, plan, lang, award, free, number)
    if not model.adds_up(model.award):
        return fields  # nothing to take a share of: such awards have no total
    whole = mine(tuple(range(len(run.table))))
    fields.append(
        Field(say(lang, "workbook.share"), "", PERCENT, number_format(PERCENT, None),
              f'IF({a}{{t}}>0,{a}{{p}}/{a}{{t}},"")', _ratio(mine, lambda rows: whole), SAME)
    )  # fmt: skip
    if model.per_person:
        people = model.entry(model.per_person)
        unit, factor = _each_unit(model, entry.unit, people.unit)
        awards = sums(tuple(value * factor for value in run.figures(model.award)))
        times = f"*{factor.numerator}" if factor != 1 else ""
        fields.append(
            Field(say(lang, "workbook.each", people=people.label), "", unit,
                  cell_format(4 if factor == 1 else 2), f'IF(N({{per}})>0,{a}{{p}}{times}/{{per}},"")',
                  _ratio(awards, sums(run.figures(model.per_person))), SAME, per=reference(run, plan, model.per_person))
        )  # fmt: skip
    return fields


def _each_unit(model: Model, award: Unit, people: Unit) -> tuple[Unit, Fraction]:
    """The unit of an award a head, and what the award is multiplied by: land a head is read in square metres."""
    square = model.units.parse("平方米")
    if award.dims == square.dims and award.scale > square.scale and award.scale.denominator == 1:
        return combine(square, people, -1), award.scale
    return combine(award, people, -1), Fraction(1)


def _against_last(run: Run, plan: Plan, lang: str, award: int, free: int, number: str) -> list[Field]:
    """Last year's award and what became of it; `free` is the first column to take. A blank last year counts as none."""
    name = run.model.compare_with
    old, unit = run.figures(name), run.model.inputs[name].unit
    cell, now = plan.layout.input(name), run.figures(run.model.award)
    a, last, change = letters(award), letters(free), letters(free + 1)
    moved = tuple(new - (before or 0) for new, before in zip(now, old, strict=True))
    return [
        Field(run.model.inputs[name].label[lang], "", unit, number, f'IF(ISNUMBER({cell}),{cell},"")', sums(old), SUM),
        Field(say(lang, "workbook.change"), "", unit, number, f"{a}{{p}}-N({last}{{p}})",
              sums(moved), SUM, identity=f"=({award})-({free})"),
        Field(say(lang, "workbook.change_part"), "", PERCENT, cell_format(1, percent=True),
              f'IF(N({last}{{p}})>0,{change}{{p}}/{last}{{p}},"")', _ratio(sums(moved), sums(old)), SAME,
              identity=f"=({free + 1})÷({free})"),
    ]  # fmt: skip


def _at_most_two(number: str) -> str:
    """A score is printed with two decimals at most; the sheet 测算 shows them all."""
    whole, point, places = number.partition(".")
    return f"{whole}.{places[:2]}" if point and not number.endswith("%") else number


def factor_fields(run: Run, plan: Plan, lang: str) -> list[Field]:
    """Value, weight, share and amount of each factor, for 因素得分表."""
    model, fields = run.model, []
    for factor in model.factors:
        value, amount = (entry_field(run, plan, name, lang) for name in (factor.value, factor.amount))
        heading = (model.entry(factor.amount).item or model.entry(factor.value).label)[lang]
        weight, values = run.figure(factor.weight), sums(run.figures(factor.value))
        place = plan.layout.parameter if factor.weight in model.parameters else plan.layout.column
        first, whole = letters(len(fields) + 1), values(tuple(range(len(run.table))))
        share = _ratio(values, lambda rows, whole=whole: whole)
        fields += [
            replace(value, heading=heading, item=value.heading, total=SUM, number=_at_most_two(value.number)),
            Field(heading, say(lang, "workbook.weight"), PERCENT, number_format(PERCENT, None), place(factor.weight),
                  lambda rows, w=weight: w, SAME),
            Field(heading, say(lang, "workbook.share_of_factor"), PERCENT, cell_format(4, percent=True),
                  f'IF({first}{{t}}>0,{first}{{p}}/{first}{{t}},"")', share, SAME),
            replace(amount, heading=heading, item=say(lang, "workbook.amount")),
        ]  # fmt: skip
    return fields
