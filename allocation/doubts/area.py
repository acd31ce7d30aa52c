"""Where a unit lies, by its code: a register of a province says nothing of who is missing from a city's table."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

NATIONAL = 6  # digits: province, city and county two each


class Areas:
    """The areas of codes beside a table that has `codes`.

    A county lies in its city, a city in its province; what stands for the city itself (210700 beside its counties) lies
    with the others of its kind. Longer codes lie below their county, codes of the bureau's own where their unit
    belongs, else together.
    """

    def __init__(self, codes: Collection[str]):
        self.codes = codes

    @cached_property
    def _with_counties(self) -> set[str]:
        return {code[:4] for code in self.codes if _national(code) and not code.endswith("00")}

    def of(self, code: str, above: str = "", seat: bool = False) -> tuple[str, ...]:
        """`seat`: the unit is by its name a city's own level (市本级), one of the city's units like the counties."""
        if not _national(code):
            longer = code[:NATIONAL] if code.isdigit() and len(code) > NATIONAL else ""
            return ("county", above[:4]) if _national(above) else ("below", longer)
        if not code.endswith("00"):
            return "county", code[:4]
        if code.endswith("0000"):
            return ("province",)
        if code[:4] in self._with_counties:
            return ("county", code[:4]) if seat else ("seat", code[:2])
        return "city", code[:2]


def _national(code: str) -> bool:
    return len(code) == NATIONAL and code.isdigit()
