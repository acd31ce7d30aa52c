"""Thirty days from when the upper document came to when its money is issued (预算法第五十二条)."""

from __future__ import annotations

from datetime import date, timedelta

from allocation.case import Facts
from allocation.errors import Problem

DAYS, NEAR = 30, 7  # within which it is to be issued; so many before the last it is said


def release_note(facts: Facts, on: str = "") -> Problem | None:
    """That the day is past, or comes near as seen from the day `on`; without one, which the last day is.

    None where no day of receipt was given, or all is in time.
    """
    if not facts.upper_received:
        return None
    received = date.fromisoformat(facts.upper_received)
    last = received + timedelta(DAYS)
    slots = {"received": received.isoformat(), "last": last.isoformat()}
    if facts.issued:
        issued = date.fromisoformat(facts.issued)
        late = {"issued": facts.issued, "passed": (issued - received).days, **slots}
        return Problem("case.issued_late", late) if issued > last else None
    if not on:
        return Problem("case.issue_by", slots)
    left = days_left(facts, on) or 0
    if left < 0:
        return Problem("case.issue_overdue", {"over": -left, **slots})
    return Problem("case.issue_soon", {"left": left, **slots}) if left <= NEAR else None


def days_left(facts: Facts, on: str) -> int | None:
    """Days from the day `on` to the last one; None where no day of receipt was given, or the money was issued."""
    if not facts.upper_received or facts.issued:
        return None
    return (date.fromisoformat(facts.upper_received) + timedelta(DAYS) - date.fromisoformat(on)).days
