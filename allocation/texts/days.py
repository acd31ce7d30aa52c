"""A day as this program writes it."""

from __future__ import annotations

from datetime import date


def is_day(text: str) -> bool:
    """Whether a date is written as 2018-03-05."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
