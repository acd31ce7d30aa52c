"""What a main issue says was paid in advance, beside what the final versions of 提前下达 on record gave each unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from allocation.doubts.beside import AdvanceOnRecord
from allocation.doubts.doubt import Doubt
from allocation.doubts.units import SHOWN
from allocation.errors import Problem
from allocation.policy.model import Model
from allocation.tables.table import Table
from allocation.texts import LANGUAGES, Both, both, decimal_text, exact_text, shortened


def advance_doubts(model: Model, table: Table, paid: Mapping[str, Fraction], given: AdvanceOnRecord) -> Iterator[Doubt]:
    """At most one: that nothing is set off, and an advance paid twice; or the units for which another sum is."""
    codes = [code for code in {**given.amounts, **paid} if given.amounts.get(code, 0) != paid.get(code, 0)]
    if not codes:
        return
    names = {**given.names, **dict(zip(table.codes, table.names, strict=True))}
    figures = tuple(f"{code}|{exact_text(given.amounts.get(code))}|{exact_text(paid.get(code))}" for code in codes)
    unit = Both(*(model.units.label(model.columns[model.award].unit.name, lang) for lang in LANGUAGES))
    slots: dict[str, object] = {"said": given.said, "unit": unit}
    if any(paid.values()):
        texts = [_both(names[code], paid.get(code), given.amounts.get(code)) for code in codes]
        slots |= {"count": len(codes), "units": shortened(texts, SHOWN)}
        problem = Problem("doubts.advance_differs", slots, table.file)
    else:
        slots["total"] = sum(given.amounts.values(), Fraction(0))
        problem = Problem("doubts.advance_unsettled", slots, table.file)
    yield Doubt("advance", tuple(codes), figures, problem)


def _both(name: str, said: Fraction | None, given: Fraction | None) -> Both:
    slots = {"name": name, "said": decimal_text(said or Fraction(0)), "given": decimal_text(given or Fraction(0))}
    return both("doubts.advance_unit", **slots)
