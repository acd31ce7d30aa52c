"""Whom a letter goes to (主送): the body that receives it, `黑山县财政局`, and several of them in one line.

What the register says of a unit comes first, then the case's own form of address, then the model's; else it is told by
how the place is called: a county, city or district has its bureau, a functional area (功能区) its committee's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field

from allocation.case import READER
from allocation.classes import dataclass
from allocation.doubts.area import national
from allocation.patterns import LatePattern
from allocation.tables.recipients import Recipients
from allocation.tables.spelling import fold
from allocation.texts import say
from allocation.texts.vocabulary import Pattern

# Districts of the state that are called as functional areas are.
DISTRICTS = {"310115": "浦东新区", "120116": "滨海新区"}
AREA = LatePattern(
    "(?:开发区|高新区|经开区|新区|园区|(?:产业|工业|科技|创业|物流|农业)园|(?:综合)?保税区|综保区|保税港区|临港区|空港区|航空港区|示范区|试验区|"
    "实验区|合作区|度假区|景区|名胜区|管理区|产业区|工业区|物流区|集聚区|集中区|自贸区|片区|功能区|新城|科学城|科技城|生态城)$"
)
KINDS = (
    "县",
    "市",
    "区",
    "旗",
    "州",
    "盟",
    "地区",
    "省",
    "自治区",
)  # of places that have a bureau, by their last signs
COUNTIES, PREFECTURES = ("县", "市", "区", "旗"), ("市", "州", "盟", "地区")
TOWNS = {"镇": "town", "乡": "town", "街道": "street"}
SHORT_TOWNS = Pattern("table_words.city_cut_short")
_OWN_LEVEL = Pattern("table_words.own_level")
COMMITTEE = LatePattern("(?:管委会|管理委员会)$")
NAMED = 10  # as many stand by name where not all are written to


@dataclass(frozen=True)
class RegisterSays:
    """What the register says of units, by code and by name: the body that letters go to, and which are functional
    areas."""

    bodies: Mapping[str, str] = field(default_factory=dict)
    areas: frozenset[str] = frozenset()


NOTHING_SAID = RegisterSays()


def register_says(registers: Iterable[Recipients], year: int | None) -> RegisterSays:
    bodies: dict[str, str] = {}
    areas: set[str] = set()
    for entry in (
        entry for register in registers for entry in register.entries if entry.in_force(year or 0) or not year
    ):
        for word in (entry.code, entry.name):
            if entry.addressee:
                bodies.setdefault(word, entry.addressee)
            if "功能区" in entry.kind:
                areas.add(word)
    return RegisterSays(bodies, frozenset(areas))


@dataclass(frozen=True)
class Place:
    """A unit that is written to. `kind`: one of KINDS, `area`, `town`, `street`; empty where its name does not tell."""

    name: str
    code: str
    kind: str
    prefecture: bool = False


def place_of(name: str, code: str, areas: Collection[str] = ()) -> Place:
    """`areas`: codes and names of those that are known to be functional areas."""
    kind = ""
    if code in areas or name in areas or COMMITTEE.search(name) or AREA.search(name) and DISTRICTS.get(code) is None:
        kind = "area"
    else:
        ends = [ending for ending in (*KINDS, *TOWNS) if name.endswith(ending) and len(name) > len(ending)]
        if ends and not (max(ends, key=len) in TOWNS and (SHORT_TOWNS.fullmatch(name) or national(code))):
            kind = TOWNS.get(max(ends, key=len), max(ends, key=len))
    prefecture = kind in PREFECTURES and bool(re.fullmatch(r"\d{4}00(?:0{6})?", code))
    return Place(name, code, kind, prefecture)


@dataclass(frozen=True)
class Addressing:
    """How the letters of one run are addressed. `branch`: finance or land (of which time), empty where neither is
    concerned; `pattern`: the case's or the model's, with {name} for the reader."""

    lang: str
    branch: str = ""
    pattern: str = ""
    says: RegisterSays = NOTHING_SAID

    def body(self, place: Place) -> str:
        """Who receives it, whole: `松山新区管委会财政局`; the name alone where nothing tells who it is."""
        if told := self._told(place):
            return told
        form, name = self._form(place), self._authority(place)
        return form.replace(READER, name) if READER in form else form or place.name

    def known(self, place: Place) -> bool:
        """Whether anything tells who receives it, beside its name."""
        return bool(self._told(place) or self._form(place)) or not self.branch

    def greets(self, place: Place) -> bool:
        """Whether a letter to all goes to it: the level that issues it (市本级) does not write to itself, unless the
        register names a body."""
        return not _OWN_LEVEL.search(fold(place.name)) or bool(self._told(place))

    def _told(self, place: Place) -> str:
        return self.says.bodies.get(place.code) or self.says.bodies.get(place.name) or ""

    def several(self, places: Sequence[Place], every: bool) -> str:
        """Of one letter to all: `各县（市、区）财政局`, or each by name where a pattern or the register names them.

        `every`: whether all units of the table are written to.
        """
        if self.pattern and READER not in self.pattern:
            return self.pattern
        lines: dict[str, list[Place]] = {}
        for place in places:
            lines.setdefault(self._line(place), []).append(place)
        mixed = any(place.prefecture for place in places)
        texts = [self._together(those, every, mixed) for those in lines.values()]
        return self._say("bodies_list").join(texts)

    def _line(self, place: Place) -> str:
        """Places of the same line share what stands behind their names; those with a body of their own stand alone."""
        if self._told(place):
            return place.code + place.name
        if not self._form(place):
            return ""
        apart = place.prefecture or place.kind == "area"
        return f"{self._form(place)} {place.kind if apart and not place.prefecture else apart}"

    def _together(self, places: Sequence[Place], every: bool, mixed: bool) -> str:
        """`mixed`: whether prefectures are written to: beside them counties stand by name."""
        first, form = places[0], self._form(places[0])
        if self._told(first):
            return self.body(first)
        if not form:
            return self._say("list").join(place.name for place in places)
        by_name = self.pattern or first.kind == "area" or len(places) == 1 or mixed and not first.prefecture
        if by_name or not every and len(places) <= NAMED:
            return form.replace(READER, self._say("list").join(self._authority(place) for place in places))
        return form.replace(READER, self._say("bodies_every" if every else "bodies_some", kinds=self._kinds(places)))

    def _kinds(self, places: Sequence[Place]) -> str:
        """`县（市、区）`: what the places are, the first kind before the others."""
        order = PREFECTURES if places[0].prefecture else (*COUNTIES, *KINDS, *TOWNS.values())
        kinds = [kind for kind in dict.fromkeys(order) if any(place.kind == kind for place in places)]
        words = [self._say(f"kind_{KIND_KEYS.get(kind, kind)}") for kind in kinds]
        return self._say("bodies_kinds", first=words[0], others=words[1:] or "")

    def _authority(self, place: Place) -> str:
        if place.kind != "area" or COMMITTEE.search(place.name):
            return place.name
        lang = "zh" if re.search("[\u4e00-\u9fff]", self.pattern) else self.lang  # as the pattern is written
        return say(lang, "notices.body_committee", name=place.name)

    def _form(self, place: Place) -> str:
        """The pattern that names its body, with {name}; empty where its name does not tell."""
        if self.pattern:
            return self.pattern
        if not self.branch or not place.kind:
            return ""
        if place.kind in TOWNS.values():
            return self._say(f"body_{place.kind}", name=READER)
        level = "province" if place.kind in ("省", "自治区") else "bureau"
        return self._say(f"body_{self.branch}_{level}", name=READER)

    def _say(self, message: str, **slots: object) -> str:
        return say(self.lang, f"notices.{message}", **slots)


KIND_KEYS = {"县": "county", "市": "city", "区": "district", "旗": "banner", "州": "zhou", "盟": "league",
             "地区": "region", "省": "province", "自治区": "autonomous"}  # fmt: skip
