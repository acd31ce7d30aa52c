"""Where a unit lies, by its code: a register of a province says nothing of who is missing from a city's table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import cached_property

from allocation.patterns import LatePattern

NATIONAL = 6  # digits: province, city and county two each
TOWN = 9  # and a town three more; its villages three more again
_LAST_PART = LatePattern(r"(.*?)(?:\d+|[A-Za-z]+|[^\W\d_]+)")  # what stands before the last part of a code of one's own


class Areas:
    """The areas of codes beside a table that has `codes`.

    A county lies in its city, a city in its province; what stands for the city itself (210700 beside its counties) lies
    with the others of its kind. Longer codes lie below their county or town, with those of the whole city where the
    table has towns beside units of several counties; codes of the bureau's own where their unit belongs, else with
    those that begin alike. `of_model`: what stands beside the table is a table of the same fund, so that whoever stood
    in it is looked for, towns and codes of the bureau's own as well.
    """

    def __init__(self, codes: Collection[str], of_model: bool = False):
        self.codes, self.of_model = codes, of_model

    @cached_property
    def _spread(self) -> set[str]:
        """The cities of which the table has units of several counties, with towns where towns are asked for."""
        codes = [code for code in self.codes if code.isdigit() and len(code) >= NATIONAL and code[4:NATIONAL] != "00"]
        counties = Counter(code[:4] for code in {code[:NATIONAL] for code in codes})
        towns = {code[:4] for code in codes if len(code) > NATIONAL}
        return {city for city, count in counties.items() if count > 1 and (self.of_model or city in towns)}

    @cached_property
    def _with_counties(self) -> set[str]:
        return {code[:4] for code in self.codes if national(code) and not code.endswith("00")}

    def of(self, code: str, above: str = "", seat: bool = False) -> tuple[str, ...]:
        """`seat`: the unit is by its name a city's own level (市本级), one of the city's units like the counties."""
        if not national(code):
            return ("county", above[:4]) if national(above) else self._below(code)
        if not code.endswith("00"):
            return "county", code[:4]
        if code.endswith("0000"):
            return ("province",)
        if code[:4] in self._with_counties:
            return ("county", code[:4]) if seat else ("seat", code[:2])
        return "city", code[:2]

    def _below(self, code: str) -> tuple[str, ...]:
        if code.isdigit() and len(code) > NATIONAL and code[:4] in self._spread:
            return ("county" if self.of_model else "towns"), code[:4]
        area = _own(code)
        return ("own", "") if self.of_model and area[0] == "own" else area


def _own(code: str) -> tuple[str, ...]:
    if code.isdigit() and len(code) > NATIONAL:
        is_town = len(code) <= TOWN or not int(code[TOWN:])
        return "below", code[: NATIONAL if is_town else TOWN]
    parted = _LAST_PART.fullmatch(code)
    return "own", parted[1] if parted else ""


def national(code: str) -> bool:
    return len(code) == NATIONAL and code.isdigit()
