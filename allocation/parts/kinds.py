"""Every kind of part, in the order in which they are added: a new kind is its own file, and an entry here."""

from __future__ import annotations

from allocation.parts import adjustments, correction, findings, ledger, pool_from, receipts, settlement, sources
from allocation.parts.part import Part
from allocation.patterns import LatePattern

PARTS = (
    ledger.PART,
    receipts.PART,
    adjustments.PART,
    sources.PART,
    settlement.PART,
    correction.PART,
    pool_from.PART,
    findings.PART,
)
FOLLOWING = (correction.AFTER,)  # what a kind is after another one
_SILENT = LatePattern("|".join(part.silent for part in PARTS if part.silent))


def part_of(kind: str, after: str = "") -> Part | None:
    """The part of a kind, as it is after the other one; None of a kind that is not known."""
    return next((part for part in (*FOLLOWING, *PARTS) if (part.kind, part.after) == (kind, after)), None)


def is_silent(name: str) -> bool:
    """Whether an input or parameter says how a part works, not what somebody decided."""
    return bool(_SILENT.fullmatch(name))
