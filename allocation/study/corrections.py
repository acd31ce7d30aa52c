"""更正: what a run gives against what was issued before: 原核定 · 更正后 · 差额, paid or taken back in a later year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from allocation.errors import AllocationError, Problem
from allocation.model import Model
from allocation.study.toml_text import entry
from allocation.tables.table import Figure, Table

PRINTED = ["approved", "corrected", "difference", "to_pay", "to_recover", "handling"]


@dataclass(frozen=True)
class Approved:
    """The amounts of the version that was issued, by code, in the award's unit; `label` names that version."""

    label: str
    amounts: Mapping[str, Fraction]
    settled_in: int


def correction_text(
    found: Approved, model: Model, table: Table, issued: str
) -> tuple[str, dict[str, tuple[Figure, ...]]]:
    """TOML of the columns of a correction of `issued`, and the figures of 原核定. The counties must be the same."""
    absent = [code for code in found.amounts if code not in table.codes]
    fresh = [name for code, name in zip(table.codes, table.names, strict=True) if code not in found.amounts]
    if absent or fresh:
        raise AllocationError(Problem("correct.other_counties", {"absent": absent or "—", "fresh": fresh or "—"}))
    award = model.columns[model.award]
    unit, places = award.unit.name, award.decimals
    bands = [{"below": Fraction(0), "value": "扣回"}, {"below": Fraction(1, 10 ** (9 if places is None else places)),
             "value": "不变"}, {"value": "补发"}]  # fmt: skip
    source = f"更正依据：{found.label}"
    lines = [
        f"# 更正 / correction: {found.label}",
        entry("parameter", "settled_in", "抵扣或补发年度", "Settled in", unit="年", value=Fraction(found.settled_in),
              decimals=0, source=source),
        entry("parameter", "handled", "办理方式", "Handled", unit="", by_unit=unit, bands=bands),
        entry("input", "approved", "原核定", "Approved before", unit=unit, decimals=places, source=source),
        entry("column", "corrected", "更正后", "Corrected", unit=unit, formula=issued),
        entry("column", "difference", "差额", "Difference", unit=unit, formula="corrected - approved"),
        entry("column", "to_pay", "应补发", "To be paid", unit=unit, formula="max(difference, 0)"),
        entry("column", "to_recover", "应扣回", "To be taken back", unit=unit, formula="max(-difference, 0)"),
        entry("column", "handling", "办理方式", "Handling", formula="step(difference, handled)"),
    ]  # fmt: skip
    return "\n".join(lines), {"approved": tuple(found.amounts[code] for code in table.codes)}
