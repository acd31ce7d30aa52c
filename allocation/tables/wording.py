"""What one cell says that holds several entries, or years."""

from __future__ import annotations

import re

from allocation.tables.spelling import squeeze, tidy

_SPAN = re.compile(r"((?:19|20)\d\d)年?(?:[-–—至到]((?:19|20)\d\d)年?)?")


def listed(text: object) -> tuple[str, ...]:
    """Several entries in one cell, separated by `；`, `;` or `、`."""
    return tuple(squeeze(part) for part in re.split("[;、]", tidy(text or "")) if squeeze(part))


def span(text: object) -> tuple[int, int] | None:
    """Years as `2017` or `2017-2020`; None for anything else."""
    found = _SPAN.fullmatch(squeeze(text or ""))
    return (int(found[1]), int(found[2] or found[1])) if found else None
