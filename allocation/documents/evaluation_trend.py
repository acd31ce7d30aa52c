"""The report's third section: how settlement and the two urbanisation rates moved over the years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from allocation.documents.parts import Part, Picture, Sentences, people, percent, points
from allocation.documents.telling import RATES, WAYS, Telling, side
from allocation.tables.table import number


def trend(telling: Telling) -> Iterator[Part]:
    runs = telling.found.runs
    if len(runs) == 1:
        yield Sentences(telling.say("one_year", year=telling.year))
        return
    told = []
    if telling.common.codes:
        for name in RATES:
            yield Sentences(_moved(telling, name, name))
        told = [_settled(telling), _moved(telling, "completion_all", "completion")]
    else:
        yield Sentences(telling.say("none_common"))
    yield Sentences(telling.joined([*told, *_kept_and_missed(telling)]))
    yield telling.years_table("completion")
    for name in RATES:
        yield Sentences(telling.joined(list(_who(telling, name))))
        yield telling.years_table(name)
    years = tuple(str(year) for year in telling.found.years)
    if telling.common.codes:
        caption = telling.say("picture_rates" if telling.common.alike else "picture_rates_common", common=telling.basis)
        yield Picture("rates", caption, years, {telling.label(rate): telling.common.path(rate) for rate in RATES})
    for name in RATES:
        paths = {county: telling.found.numbers(name, code) for code, county in telling.found.counties.items()}
        yield Picture("counties", telling.say("picture_counties", label=telling.label(name)), years, paths)


def _moved(telling: Telling, label: str, name: str) -> str:
    """A rate of the counties that are there in every year: in the first year, in the last, and between."""
    path = telling.common.path(name)
    key = side(path[-1] - path[0], ("path_up", "path_level", "path_down"))
    told = telling.say(key, label=telling.label(label), first=telling.first, year=telling.year, old=percent(path[0]),
                       new=percent(path[-1]), points=points(abs(path[-1] - path[0])),
                       common=telling.basis)  # fmt: skip
    return telling.joined([told, each(telling, path)])


def _settled(telling: Telling) -> str:
    old, new = (telling.common.total(run, "settled") for run in (telling.found.runs[0], telling.run))
    return telling.say(side(new - old, ("people_up", "people_level", "people_down")), first=telling.first,
                       year=telling.year, old=people(old), new=people(new), gap=people(abs(new - old)),
                       common=telling.basis)  # fmt: skip


def each(telling: Telling, path: Sequence[Fraction]) -> str:
    """What the years between did; nothing to add where there is one step only."""
    steps: dict[str, list[int]] = {"up": [], "level": [], "down": []}
    for year, before, now in zip(telling.found.years[1:], path, path[1:], strict=False):
        steps[side(now - before, ("up", "level", "down"))].append(year)
    if len(path) == 2:
        return ""
    kinds = [kind for kind, years in steps.items() if years]
    if len(kinds) == 1:
        return telling.say(f"each_{kinds[0]}")
    return telling.say("each_mixed" if steps["up"] else "each_not_up", **steps)


def _kept_and_missed(telling: Telling) -> Iterator[str]:
    """Of the counties that are there now: who met the target in every year, and who missed it in which years."""
    kept, missed = [], []
    for code, county in zip(telling.run.table.codes, telling.names, strict=True):
        gaps = dict(zip(telling.found.years, telling.found.numbers("behind", code), strict=True))
        years = [year for year, gap in gaps.items() if gap is not None and gap > 0]
        absent = [year for year, gap in gaps.items() if gap is None]
        if years:
            missed.append(telling.say("missed_in", name=county, years=years))
        else:
            kept.append(telling.say("kept_by", name=county, absent=absent))
    if kept:
        yield telling.say("kept", span=telling.span, count=len(kept), names=kept)
    if missed:
        yield telling.say("missed", count=len(missed), names=missed)


def _who(telling: Telling, name: str) -> Iterator[str]:
    """Which counties rose, fell or stayed between the first year and the last; who was not there is said apart."""
    moves: dict[str, list[str]] = {way: [] for way in WAYS}
    absent = []
    for code, county in zip(telling.run.table.codes, telling.names, strict=True):
        path = telling.found.numbers(name, code)
        if path[0] is None:
            absent.append(county)
            continue
        gap = number(path[-1]) - path[0]  # it is there in the last year
        told = telling.say("moved", name=county, points=points(abs(gap))) if gap else county
        moves[side(gap, ("up", "level", "down"))].append(told)
    for way, names in moves.items():
        if names:
            yield telling.say(f"who_{way}", label=telling.label(name), count=len(names), names=names)
    if absent:
        yield telling.say("who_absent", first=telling.first, names=absent)
