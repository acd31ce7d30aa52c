"""研究调整: amounts moved after the calculation, each with its reason, its authority and who bears it.

They become parameters and columns of the model, so that the workbook is live in them and every
reading explains them: 测算数 + 调整数 = 下达数.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest
from allocation.language import tree
from allocation.parts.attached import Attached, of_form
from allocation.parts.awards import award_column, award_unit, step, step_text
from allocation.parts.part import BlankForm, Decision, Given, HasFigures, Option, Part
from allocation.parts.toml_text import entry
from allocation.policy.model import Ground, Model
from allocation.readings.said_amounts import told as told_amount
from allocation.tables import forms
from allocation.tables.keys import Figure
from allocation.tables.spelling import fold
from allocation.tables.table import Table
from allocation.texts import both, say
from allocation.texts.vocabulary import Spellings, the_word

KIND = "adjustments"
BEFORE, MOVED, AFTER = "_before_adjustment", "_leaders_adjustment", "_after_adjustment"  # 测算数 + 调整数 = 下达数
FROM_RESERVE, POOL = "_from_reserve", "_pool_after_adjustment"
RESERVE, OTHERS = "reserve", "others"
MOST = 40
FIELDS = (
    forms.CODES,
    forms.NAMES,
    forms.FormField("amount", Spellings("form_words.adjustment_amount"), forms.NUMBER),
    forms.FormField("fixed", Spellings("form_words.adjustment_fixed"), forms.NUMBER),
    forms.FormField("bearer", Spellings("form_words.adjustment_bearer"), required=True),
    forms.FormField("reason", Spellings("form_words.adjustment_reason"), forms.PROSE, required=True),
    forms.FormField("approved", Spellings("form_words.adjustment_approved"), forms.PROSE, required=True),
    forms.FormField("document", Spellings("form_words.document"), forms.PROSE),
    forms.FormField("date", Spellings("form_words.adjustment_date"), forms.DATE),
)
BEARERS = {key: Spellings(f"form_words.bearer_{key}") for key in (RESERVE, OTHERS)}


@dataclass(frozen=True)
class Adjustment:
    """One row: `rows` bear the balance in proportion to their calculated amounts; none where the reserve does.

    `amount` is in the award's unit: ± that much, or, `fixed`, what the county receives in the end.
    """

    row: int
    amount: Fraction
    fixed: bool
    rows: tuple[int, ...]
    ground: Ground
    where: str

    @property
    def source(self) -> str:
        return self.ground.text


def read(source: Given, model: Model, table: Table) -> Attached:
    """What is issued is the amount after the adjustments; the reserve that is used joins the pool.

    Raises every problem: an unknown county, no reason, an amount off the grid.
    """
    form, rows = read_rows(source, model, table)
    text, roles = adjustment_text(form.file, rows, model, table)
    columns: tuple[str, ...] = (BEFORE, MOVED, AFTER)
    pool = ""
    if model.pool:
        unit = model.entry(model.pool).unit.name
        formula = f"{model.pool} + {FROM_RESERVE}"
        text += "\n" + entry("column", POOL, both("parts.issued_in_all"), unit=unit, formula=formula)
        columns, pool = (*columns, FROM_RESERVE), POOL
    grounds = {f"_adjustment_{number}": adjustment.ground for number, adjustment in enumerate(rows, start=1)}
    return replace(
        of_form(KIND, form), text=text, figures=roles, columns=columns, award=AFTER, pool=pool, grounds=grounds
    )


def read_rows(source: Given, model: Model, table: Table) -> tuple[forms.FilledForm, tuple[Adjustment, ...]]:
    """The form and its adjustments. A reserve bears nothing unless the sources of the pool are given beside it."""
    problems: list[Problem] = []
    form = forms.read_form(source.path, FIELDS, problems, award_unit(model), model.units, kind=KIND)
    if not form.rows:
        raise AllocationError([*problems, Problem("adjust.none", where=form.file)])
    if len(form.rows) > MOST:
        problems.append(Problem("adjust.many", {"most": MOST}, form.file))
    reader = _AdjustmentReader(model, table, "sources" in source.beside, problems)
    places = [reader.row(record) for record in form.rows]
    moved = {place for place in places if place is not None}
    rows = [reader.adjustment(record, place, moved) for record, place in zip(form.rows, places, strict=True)]
    _once(rows, table, problems)
    if problems:
        raise AllocationError(forms.in_order(problems))
    return form, tuple(rows)


class _AdjustmentReader:
    """Each cell of a row read by itself, so that one that is wrong hides no other; None where it is."""

    def __init__(self, model: Model, table: Table, reserve: bool, problems: list[Problem]):
        """`reserve`: whether there is one, of the sources of the pool."""
        self.model, self.table, self.reserve, self.problems = model, table, reserve, problems
        self.unit = step(model)

    def problem(self, message: str, where: str, **slots: object) -> None:
        self.problems.append(Problem(f"adjust.{message}", slots, where))

    def row(self, record: forms.FormRow) -> int | None:
        return forms.county_row(record, self.table.codes, self.table.names, self.problems)

    def adjustment(self, record: forms.FormRow, row: int | None, moved: set[int]) -> Adjustment:
        """What it says; −1 for a county that is not known and nought for an amount that is wrong."""
        amount, fixed = self.amount(record)
        known = -1 if row is None else row
        bearers, where = self.bearers(record, moved), record.where("bearer")
        return Adjustment(known, amount or Fraction(0), fixed, bearers, self.ground(record), where)

    def amount(self, record: forms.FormRow) -> tuple[Fraction | None, bool]:
        """What is written, and whether it is what the county gets in the end."""
        given = [key for key in ("amount", "fixed") if record[key] is not None or key in record.faulty]
        if len(given) != 1:
            self.problem("one_of_two", record.where("amount"), county=record["name"] or record["code"])
            return None, False
        amount = record.number(given[0])
        if amount is not None and (amount / self.unit).denominator != 1:
            unit = award_unit(self.model).name
            self.problem("off_grid", record.where(given[0]), amount=amount, step=self.unit, unit=unit)
        return amount, given[0] == "fixed"

    @staticmethod
    def ground(record: forms.FormRow) -> Ground:
        reason, by, document, day = map(record.text, ("reason", "approved", "document", "date"))
        return Ground(basis=document, by=by, date=day, reason=reason)

    def bearers(self, record: forms.FormRow, moved: set[int]) -> tuple[int, ...]:
        text, where = record.text("bearer"), record.where("bearer")
        if fold(text) in BEARERS[RESERVE]:
            if not self.reserve:
                self.problem("no_reserve", where)
            return ()
        if fold(text) in BEARERS[OTHERS]:
            rows = [row for row in range(len(self.table)) if row not in moved]
            if not rows:
                self.problem("nobody_left", where)
        else:
            rows = [row for name in re.split(r"[、,，;；\s]+", text) if name for row in self._named(name, where)]
            for row in sorted({row for row in rows if row in moved}):
                self.problem("both", where, county=self.table.names[row])
        return tuple(dict.fromkeys(rows))

    def _named(self, name: str, where: str) -> list[int]:
        rows = [row for row in range(len(self.table)) if name in (self.table.codes[row], self.table.names[row])]
        if len(rows) != 1:
            known = [*self.table.names, *BEARERS[RESERVE][:1], *BEARERS[OTHERS][:1]]
            self.problem("unknown_bearer", where, name=name, nearest=nearest(name, known))
        return rows[:1]


def _once(rows: Sequence[Adjustment], table: Table, problems: list[Problem]) -> None:
    """A county whose amount is fixed has no other adjustment."""
    for place, adjustment in enumerate(rows):
        for other in rows[:place]:
            if 0 <= adjustment.row == other.row and (adjustment.fixed or other.fixed):
                problems.append(Problem("adjust.fixed_twice", {"county": table.names[other.row]}, adjustment.where))


def _roles() -> list[str]:
    """The parts that places play in an adjustment."""
    return [the_word(f"part_words.{role}") for role in ("adjusted", "bears", "not_concerned")]


def adjustment_text(
    file: str, rows: Sequence[Adjustment], model: Model, table: Table
) -> tuple[str, dict[str, tuple[Figure, ...]]]:
    """TOML of the parameters, inputs and columns of the adjustments, and the figures of those inputs."""
    award, unit, places = model.award, award_unit(model).name, award_column(model).decimals
    grid = step_text(model)
    adjusted, bears, apart = _roles()
    lines, values = [the_word("part_words.of_adjustments", file=file)], dict[str, tuple[Figure, ...]]()
    amounts, moves, reserve = list[str](), list[str](), list[str]()
    for number, adjustment in enumerate(rows, start=1):
        county, name = table.names[adjustment.row], f"_adjustment_{number}"
        roles = [apart] * len(table)
        for row in adjustment.rows:
            roles[row] = bears
        roles[adjustment.row] = adjusted
        values[f"{name}_role"] = tuple(roles)
        taken = f"{name} - {award}" if adjustment.fixed else name
        lines += [
            entry("parameter", name,
                  both(f"parts.adjusted_{'to' if adjustment.fixed else 'by'}", number=number, county=county),
                  unit=unit, value=adjustment.amount, decimals=places, source=adjustment.source),
            entry("input", f"{name}_role", both("parts.adjustment_role", number=number),
                  text=True, one_of=[adjusted, bears, apart]),
            entry("column", f"{name}_own", both("parts.adjustment_own", number=number), unit=unit,
                  formula=f'{taken} if {name}_role == "{adjusted}" else 0', source=adjustment.source),
        ]  # fmt: skip
        amounts.append(f"{name}_own")
        if not adjustment.rows:
            reserve.append(f"total({name}_own)")
            continue
        left = f"-total({name}_own)"
        claim = f'{award} if {name}_role == "{bears}" else 0'
        lines += [
            entry("column", f"{name}_claim", both("parts.adjustment_claim", number=number), unit=unit,
                  formula=claim),
            entry("column", f"{name}_borne", both("parts.adjustment_borne", number=number), unit=unit,
                  formula=f"largest_remainder({left}, {left} * part({name}_claim), to = {grid})",
                  source=adjustment.source),
        ]  # fmt: skip
        moves.append(f"{name}_borne")
    lines += [
        entry("column", BEFORE, both("parts.calculated"), unit=unit, formula=award),
        entry("column", MOVED, both("parts.adjustment"), unit=unit, formula=" + ".join(amounts + moves)),
        entry("column", AFTER, both("parts.issued"), unit=unit,
              formula=f"{BEFORE} + {MOVED}"),
        entry("column", FROM_RESERVE, both("parts.from_the_reserve"), unit=unit, formula=" + ".join(reserve) or "0"),
        entry("check", "_adjusted_not_negative", both("parts.no_issued_amount_is_negative"),
              formula=f"{AFTER} >= 0"),
        *_bounds(model),
    ]  # fmt: skip
    return "\n".join(lines), values


SIDES = (("floor", ">=", both("parts.not_below_floor")), ("cap", "<=", both("parts.not_above_cap")))


def _bounds(model: Model) -> list[str]:
    """Warnings where an adjustment breaks the floor or cap of the award itself.

    Only where the award is, but for rounding and names, one sharing of the model's own pool: a bound further back is
    one of another amount.
    """
    node: tree.Node | None = model.columns[model.award].node
    while True:
        if isinstance(node, tree.Call) and node.fn == "largest_remainder" and node.arg("by") is None:
            node = node.arg("quota")
        elif isinstance(node, tree.Name) and node.id in model.columns:
            node = model.columns[node.id].node
        else:
            break
    if not (isinstance(node, tree.Call) and node.fn == "bounded_share" and node.arg("by") is None):
        return []
    if node.arg("pool") != tree.Name(model.pool):
        return []
    lines = []
    for side, sign, label in SIDES:
        bound = node.arg(side)
        if isinstance(bound, tree.Name):
            given = f"not given({bound.id}) or " if bound.id in model.inputs else ""
            formula = f"{given}{AFTER} {sign} {bound.id}"
            lines.append(entry("check", f"_adjusted_{side}", label, formula=formula, severity="warning"))
    return lines


def _explained(run: HasFigures, lang: str) -> list[Decision]:
    """Of every adjustment whom it moves by how much and who bears it, with what was written of it."""
    told, names = list[Decision](), run.table.names
    adjusted, bears, _ = _roles()
    while (name := f"_adjustment_{len(told) + 1}") in run.model.parameters:
        roles, entry = run.figures(f"{name}_role"), run.model.parameters[name]
        row = roles.index(adjusted)
        moved = Fraction(run.figures(f"{name}_own")[row] or 0)
        bearers = [names[place] for place, role in enumerate(roles) if role == bears]
        slots = {"county": names[row], "bearers": bearers or BEARERS[RESERVE].label}
        sign = "+" if moved > 0 else "-" if moved < 0 else ""
        slots |= {"sign": sign, "amount": told_amount(abs(moved), entry.unit, lang)}
        number = say(lang, "adjust.number", number=len(told) + 1)
        told.append(Decision(number, say(lang, "adjust.explained", **slots), entry.grounds.get("")))
    return told


PART = Part(
    KIND,
    read,
    option=Option("--adjust"),
    form=BlankForm("adjustments", FIELDS, words={"bearer": [words.label for words in BEARERS.values()]},
                   with_names=("bearer",), guide="adjust.template_note"),
    columns={"office": (BEFORE, MOVED, AFTER, FROM_RESERVE), "unit": (BEFORE, MOVED, AFTER), "letter": (AFTER,),
             "note": (AFTER, FROM_RESERVE)},
    sentences={"hidden": "notices.hidden"},
    moved=MOVED,
    silent=r"_adjustment_\d+_role",
    explained=_explained,
)  # fmt: skip
