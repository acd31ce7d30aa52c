"""更正: what a run gives against what was issued before: 原核定 · 更正后 · 差额, paid or taken back in a later year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from allocation.errors import AllocationError, Problem
from allocation.model import Model
from allocation.parts.attached import Attached, Issue
from allocation.parts.settlement import PAID
from allocation.parts.toml_text import entry
from allocation.tables.keys import Figure
from allocation.tables.table import Table
from allocation.texts import Both

KIND = "correction"
APPROVED, CORRECTED, DIFFERENCE = "_approved", "_corrected", "_difference"  # 原核定 · 更正后 · 差额
TO_PAY, TO_RECOVER, HANDLING, HANDLED = "_to_pay", "_to_recover", "_handling", "_handled"
SETTLED_IN = "_settled_in"
OWED_BEFORE, SET_OFF, OWED_AFTER = "_owed_before", "_offset", "_owed_after"  # after a settlement
PRINTED = (APPROVED, CORRECTED, DIFFERENCE, TO_PAY, TO_RECOVER, HANDLING)
AFTER_SETTLEMENT = (*PRINTED[:3], OWED_BEFORE, SET_OFF, TO_PAY, TO_RECOVER, OWED_AFTER, HANDLING)


@dataclass(frozen=True)
class Approved:
    """The amounts of the version that was issued, by code, in the award's unit; `label` names that version.

    `owed`: what each county still owed back after a settlement, likewise; empty where no account was settled.
    """

    label: str
    amounts: Mapping[str, Fraction]
    settled_in: int
    owed: Mapping[str, Fraction] = field(default_factory=dict)


def owed_after(figures: Mapping[str, Mapping]) -> dict[str, Fraction]:
    """What each county owes back after a version on record, by code; nothing where no account was settled.

    Of a settlement, what was advanced beyond the award; of its correction, what was owed before less the difference.
    """
    inputs, awards = figures["inputs"], {code: Fraction(amount) for code, amount in figures["awards"].items()}
    if OWED_BEFORE in inputs:
        moved = {code: amount - Fraction(inputs[APPROVED][code]) for code, amount in awards.items()}
        return {code: max(Fraction(inputs[OWED_BEFORE][code]) - moved[code], Fraction(0)) for code in awards}
    if PAID in inputs:
        paid = {code: Fraction(inputs[PAID].get(code) or 0) for code in awards}
        return {code: max(paid[code] - amount, Fraction(0)) for code, amount in awards.items()}
    return {}


def attach(found: Approved, issue: Issue) -> Issue:
    """What is issued is the corrected amount, beside what was issued before."""
    text, figures, columns = correction_text(found, issue.model, issue.table, issue.award)
    plain = issue.model.label
    label = Both(plain.zh.removesuffix("分配") + "更正分配", f"{plain.en}, corrected")
    part = Attached(KIND, found.label, text=text, figures=figures, columns=columns, award=CORRECTED, label=label)
    kept = (name for name in issue.printed if name != issue.award)
    return issue.with_part(part, (*columns, *kept, SETTLED_IN))


def correction_text(
    found: Approved, model: Model, table: Table, issued: str
) -> tuple[str, dict[str, tuple[Figure, ...]], tuple[str, ...]]:
    """TOML of the columns of a correction of `issued`, the figures of its inputs, and the columns to print.

    After a settlement, what a county is due more is first set off against what it still owes. The counties must be
    the same.
    """
    absent = [code for code in found.amounts if code not in table.codes]
    fresh = [name for code, name in zip(table.codes, table.names, strict=True) if code not in found.amounts]
    if absent or fresh:
        raise AllocationError(Problem("correct.other_counties", {"absent": absent or "—", "fresh": fresh or "—"}))
    award = model.columns[model.award]
    unit, places = award.unit.name, award.decimals
    source = f"更正依据：{found.label}"
    lines = [
        f"# 更正 / correction: {found.label}",
        entry("parameter", SETTLED_IN, "抵扣或补发年度", "Settled in", unit="年", value=Fraction(found.settled_in),
              decimals=0, source=source),
        entry("input", APPROVED, "原核定", "Approved before", unit=unit, decimals=places, source=source),
        entry("column", CORRECTED, "更正后", "Corrected", unit=unit, formula=issued),
        entry("column", DIFFERENCE, "差额", "Difference", unit=unit, formula="_corrected - _approved"),
        *(_set_off if found.owed else _plainly)(unit, places, source),
    ]  # fmt: skip
    values = {APPROVED: found.amounts} | ({OWED_BEFORE: found.owed} if found.owed else {})
    figures = {name: tuple(by_code[code] for code in table.codes) for name, by_code in values.items()}
    return "\n".join(lines), figures, AFTER_SETTLEMENT if found.owed else PRINTED


def _plainly(unit: str, places: int | None, source: str) -> list[str]:
    bands = [{"below": Fraction(0), "value": "扣回"}, {"below": Fraction(1, 10 ** (9 if places is None else places)),
             "value": "不变"}, {"value": "补发"}]  # fmt: skip
    return [
        entry("parameter", HANDLED, "办理方式", "Handled", unit="", by_unit=unit, bands=bands),
        entry("column", TO_PAY, "应补发", "To be paid", unit=unit, formula="max(_difference, 0)"),
        entry("column", TO_RECOVER, "应扣回", "To be taken back", unit=unit, formula="max(-_difference, 0)"),
        entry("column", HANDLING, "办理方式", "Handling", formula="step(_difference, _handled)"),
    ]


def _set_off(unit: str, places: int | None, source: str) -> list[str]:
    kinds = ("加收", "不变", "抵减待收回", "抵减后补发")
    bands = [
        *({"up_to": Fraction(place), "value": kind} for place, kind in enumerate(kinds, start=1)),
        {"value": "补发"},
    ]
    kind = "1 if _difference < 0 else 2 if _difference == 0 else 3 if _to_pay == 0 else 4 if _offset > 0 else 5"
    return [
        entry("parameter", HANDLED, "办理方式", "Handled", unit="", by_unit="", bands=bands),
        entry("input", OWED_BEFORE, "原待收回", "Owed back before", unit=unit, decimals=places, source=source),
        entry("column", SET_OFF, "抵减待收回", "Set off", unit=unit, formula="min(max(_difference, 0), _owed_before)"),
        entry("column", TO_PAY, "应补发", "To be paid", unit=unit, formula="max(_difference - _owed_before, 0)"),
        entry("column", TO_RECOVER, "应扣回", "To be taken back as well", unit=unit, formula="max(-_difference, 0)"),
        entry("column", OWED_AFTER, "更正后待收回", "Owed back now", unit=unit,
              formula="_owed_before - _offset + _to_recover"),
        entry("column", HANDLING, "办理方式", "Handling", formula=f"step({kind}, _handled)"),
        entry("check", "_correction_closes", "应补发 + 抵减待收回 − 应扣回 = 差额",
              "Paid + set off − taken back = difference", formula="_to_pay + _offset - _to_recover == _difference"),
    ]  # fmt: skip
