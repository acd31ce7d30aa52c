"""Where a unit lies, by its code: a register of a province says nothing of who is missing from a city's table."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from allocation.patterns import LatePattern

NATIONAL = 6  # digits: province, city and county two each
TOWN = 9  # and a town three more; its villages three more again
_LAST_PART = LatePattern(r"(.*?)(?:\d+|[A-Za-z]+|[^\W\d_]+)")  # what stands before the last part of a code of one's own


class Areas:
    """The areas of codes beside a table that has `codes`.

    A county lies in its city, a city in its province; what stands for the city itself (210700 beside its counties) lies
    with the others of its kind. Longer codes lie below their county or town, codes of the bureau's own where their unit
    belongs, else with those that begin alike.
    """

    def __init__(self, codes: Collection[str]):
        self.codes = codes

    @cached_property
    def _with_counties(self) -> set[str]:
        return {code[:4] for code in self.codes if national(code) and not code.endswith("00")}

    def of(self, code: str, above: str = "", seat: bool = False) -> tuple[str, ...]:
        """`seat`: the unit is by its name a city's own level (市本级), one of the city's units like the counties."""
        if not national(code):
            return ("county", above[:4]) if national(above) else _own(code)
        if not code.endswith("00"):
            return "county", code[:4]
        if code.endswith("0000"):
            return ("province",)
        if code[:4] in self._with_counties:
            return ("county", code[:4]) if seat else ("seat", code[:2])
        return "city", code[:2]


def _own(code: str) -> tuple[str, ...]:
    if code.isdigit() and len(code) > NATIONAL:
        is_town = len(code) <= TOWN or not int(code[TOWN:])
        return "below", code[: NATIONAL if is_town else TOWN]
    parted = _LAST_PART.fullmatch(code)
    return "own", parted[1] if parted else ""


def national(code: str) -> bool:
    return len(code) == NATIONAL and code.isdigit()
