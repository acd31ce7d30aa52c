"""Generated tables and registers of a made-up city."""

from __future__ import annotations

from fractions import Fraction

from allocation.doubts.beside import Beside, register_listing
from allocation.doubts.doubt import Doubt
from allocation.doubts.units import unit_doubts
from allocation.tables.keys import NAME
from allocation.tables.recipients import Recipient, Recipients
from allocation.tables.table import Table

FIRST = ("东安", "西宁", "南和", "北流", "中阳", "上林", "下陆", "高平", "长治", "清河", "白水", "金山")
KINDS = ("县", "市", "区")


def names(count: int) -> list[str]:
    return [FIRST[i % len(FIRST)] + "新" * (i // len(FIRST)) + KINDS[i % 3] for i in range(count)]


def codes(count: int, city: str = "9901") -> list[str]:
    return [f"{city}{number:02}" for number in range(1, count + 1)]


def table_of(codes_: list[str], names_: list[str], year: int = 2018, file: str = "表.csv", **figures: list) -> Table:
    values = {name: tuple(Fraction(one) for one in column) for name, column in figures.items()}
    cells = {(NAME, row): f"{file}: B{row + 2}" for row in range(len(codes_))}
    return Table(tuple(codes_), tuple(names_), values, year, file, cells=cells)


def register_of(codes_: list[str], names_: list[str], **years: tuple[int, int]) -> Recipients:
    """`years={"990101": (2000, 2017)}` by code; all others always."""
    entries = [
        Recipient(code, name, years=years.get(f"c{code}", (0, 9999)), where=f"recipients.csv: A{row}")
        for row, (code, name) in enumerate(zip(codes_, names_, strict=True), start=2)
    ]
    return Recipients(tuple(entries), "recipients.csv")


def doubts_of(table: Table, *registers: Recipients, **beside: object) -> dict[str, Doubt]:
    """By kind."""
    around = Beside(registers=registers, **beside)
    listings = tuple(map(register_listing, registers))
    return {one.kind: one for one in unit_doubts(table, around, listings)}
