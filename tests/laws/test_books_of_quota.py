"""The quota book closes by entry, unit, kind, batch and over years, whatever was issued, used, moved and withdrawn."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, partial
from itertools import pairwise, product

from desk import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import sample_model

from allocation.doubts.beside import LAST, Beside
from allocation.doubts.last import table_listing
from allocation.policy.model import Model
from allocation.run.run import Run, run_model
from allocation.run.scenario import Change
from allocation.tables.table import Table
from allocation.years.timeline import Timeline, timeline

UNIT = Fraction(1, 10000)
KINDS = ("年度新增", "增减挂钩节余", "存量", "规划规模")
FLOWS = ("issued", "used", "moved_in", "moved_out", "recalled")
SIGNS = {"opening": 1, "issued": 1, "used": -1, "moved_in": 1, "moved_out": -1, "recalled": -1, "lapsed": -1}
AMOUNT = st.integers(0, 500000).map(lambda count: count * UNIT)
PART = st.integers(0, 4).map(lambda quarter: Fraction(quarter, 4))


@dataclass
class Entry:
    holder: str
    kind: str
    batch: str
    left: Fraction
    age: int

    @property
    def code(self) -> str:
        return f"{self.holder}-{self.kind}-{self.batch}"


@dataclass(frozen=True)
class Book:
    tables: tuple[Table, ...]
    shares: dict[str, Fraction]
    limits: dict[str, int]
    closings: tuple[dict[str, Fraction], ...]  # as worked out here, by code, of each year


def down(amount: Fraction) -> Fraction:
    return (amount // UNIT) * UNIT


@st.composite
def books(draw) -> Book:
    """Some years of a book: entries with what was left of them, and every year new ones of a batch of its own."""
    holders, kinds = "甲乙丙"[: draw(st.integers(1, 3))], KINDS[: draw(st.integers(1, 4))]
    shares = {kind: draw(PART) for kind in KINDS}
    limits = {kind: draw(st.integers(0, 3)) for kind in KINDS}
    entries: list[Entry] = []
    tables, closings = [], []
    for year in range(2017, 2017 + draw(st.integers(1, 3))):
        fresh = [Entry(holder, kind, str(year), Fraction(0), 0) for holder, kind in product(holders, kinds)]
        if not entries:
            entries = [Entry(e.holder, e.kind, "以前", draw(AMOUNT), draw(st.integers(1, 3))) for e in fresh]
            known = {entry.code: (entry.left, Fraction(entry.age)) for entry in (*entries, *fresh)}
        else:
            known = {entry.code: (Fraction(0), Fraction(0)) for entry in fresh}
        entries += fresh
        flows = year_of(draw, entries)
        tables.append(table_of(year, entries, flows, known))
        for entry in entries:
            left = entry.left + sum((SIGNS[name] * flows[name][entry.code] for name in FLOWS), Fraction(0))
            entry.left = down(left * shares[entry.kind]) if entry.age < limits[entry.kind] else Fraction(0)
            entry.age += 1
        closings.append({entry.code: entry.left for entry in entries})
    return Book(tuple(tables), shares, limits, tuple(closings))


def year_of(draw, entries: list[Entry]) -> dict[str, dict[str, Fraction]]:
    """Flows of a year by entry: no more is used, moved and withdrawn than there is; what goes out comes in."""
    flows: dict[str, dict[str, Fraction]] = {name: defaultdict(Fraction) for name in FLOWS}
    there = {entry.code: entry.left for entry in entries}
    for entry in entries:
        flows["issued"][entry.code] = draw(AMOUNT)
        there[entry.code] += flows["issued"][entry.code]
    for one, other in pairwise(entries):
        if one.kind == other.kind:
            moved = down(there[one.code] * draw(PART) / 2)
            flows["moved_out"][one.code] += moved
            flows["moved_in"][other.code] += moved
            there[one.code] -= moved
    for entry in entries:
        for name in ("used", "recalled"):
            flows[name][entry.code] = down(there[entry.code] * draw(PART))
            there[entry.code] -= flows[name][entry.code]
    return flows


def table_of(year: int, entries: list[Entry], flows, known: dict[str, tuple[Fraction, Fraction]]) -> Table:
    values: dict[str, tuple] = {
        "holder": tuple(entry.holder for entry in entries), "kind": tuple(entry.kind for entry in entries),
        "batch": tuple(entry.batch for entry in entries), "book_before": (None,) * len(entries),
        "opening_before": tuple(known.get(entry.code, (None,))[0] for entry in entries),
        "years_carried": tuple(known.get(entry.code, (None, Fraction(0)))[1] for entry in entries),
    }  # fmt: skip
    values |= {name: tuple(flows[name][entry.code] for entry in entries) for name in FLOWS}
    codes = tuple(entry.code for entry in entries)
    return Table(codes, codes, values, year=year)


@cache
def model() -> Model:
    return sample_model("quota_book")


def worked(book: Book) -> Timeline:
    changes = [Change(f"carry_share.{kind}", share) for kind, share in book.shares.items()]
    changes += [Change(f"carry_limit.{kind}", Fraction(limit)) for kind, limit in book.limits.items()]
    return timeline(model(), book.tables, changes)


@settings(max_examples=40, deadline=None)
@given(books())
def test_every_entry_unit_kind_and_batch_closes_and_no_closing_is_below_nothing(book):
    for run in worked(book).runs:
        assert [check.said.zh for check in run.checks if not check.ok] == []
        rows = range(len(run.table))
        figures = {name: run.amounts(name) for name in (*SIGNS, "closing")}
        groups = [rows, *([row] for row in rows)]
        for name in ("holder", "kind", "batch"):
            texts = run.figures(name)
            groups += [[row for row in rows if texts[row] == text] for text in set(texts)]
        for group in groups:
            sums = {name: sum(column[row] for row in group) for name, column in figures.items()}
            assert sum(sign * sums[name] for name, sign in SIGNS.items()) == sums["closing"] >= 0
        assert all(amount >= 0 and (amount / UNIT).denominator == 1 for amount in figures["closing"])


@settings(max_examples=40, deadline=None)
@given(books())
def test_a_years_opening_is_what_the_rule_carried_over_of_the_year_before(book):
    runs = worked(book).runs
    for run, expected in zip(runs, book.closings, strict=True):
        assert dict(zip(run.table.codes, run.figures("closing"), strict=True)) == expected
    for before, after in pairwise(runs):
        closing = dict(zip(before.table.codes, before.figures("closing"), strict=True))
        opening = dict(zip(after.table.codes, after.amounts("opening"), strict=True))
        assert {code: opening[code] for code in closing} == closing
        assert after.total("opening") == before.total("closing")
        for name in ("holder", "kind"):
            assert by(after, name, "opening") == {
                **dict.fromkeys(after.figures(name), 0),
                **by(before, name, "closing"),
            }


def by(run, name: str, of: str) -> dict[object, Fraction]:
    sums: dict[object, Fraction] = defaultdict(Fraction)
    for text, amount in zip(run.figures(name), run.amounts(of), strict=True):
        sums[text] += amount
    return dict(sums)


@settings(max_examples=examples(40), deadline=None)
@given(books(), st.data())
def test_a_year_alone_beside_the_book_of_the_year_before_agrees_with_it_and_no_other_opening_does(book, data):
    made = worked(book)
    for before, after in pairwise(made.runs):
        left, age = (
            dict(zip(before.table.codes, before.figures(name), strict=True)) for name in ("closing", "age_next")
        )
        codes = after.table.codes
        opening = [left.get(code, Fraction(0)) for code in codes]
        carried = tuple(age.get(code, Fraction(0)) for code in codes)
        listing = replace(table_listing(LAST, before.table), awards=left)
        table = replace(after.table, beside=Beside((listing,)))
        alone = partial(alone_of, book, table, carried)
        run = alone(opening)
        assert [check.said.zh for check in run.checks if not check.ok or check.unasked] == []
        assert run.figures("closing") == after.figures("closing") and not run.doubts.open_data
        at = data.draw(st.integers(0, len(codes) - 1))
        opening[at] += UNIT * data.draw(st.integers(1, 10**6))
        failed = {check.name for check in alone(opening).checks if not check.ok}
        # An entry of last year's book does not open with its closing, or a new one opens with something.
        new = codes[at] not in left
        assert failed >= ({"book_goes_on", "new_open_at_nothing"} if new else {"opening_agrees"})


def alone_of(book: Book, table: Table, carried: tuple, opening: list[Fraction]) -> Run:
    changes = [Change(f"carry_share.{kind}", share) for kind, share in book.shares.items()]
    changes += [Change(f"carry_limit.{kind}", Fraction(limit)) for kind, limit in book.limits.items()]
    filled = table.with_values(opening_before=tuple(opening), years_carried=carried)
    return run_model(model(), (filled,), changes)
