"""All doubts of a run, from its tables and what stands beside each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from allocation.classes import dataclass
from allocation.doubts.advanced import advance_doubts
from allocation.doubts.area import national
from allocation.doubts.beside import Beside, Listing, register_listing
from allocation.doubts.doubt import Doubt, Doubts, settled
from allocation.doubts.held import remark_doubts, twice_doubts
from allocation.doubts.own_past import gone_doubts, own_listing
from allocation.doubts.pasted import pasted_doubts
from allocation.doubts.sizes import size_doubts
from allocation.doubts.totals import total_doubts
from allocation.doubts.units import Explained, alike_doubts, unit_doubts
from allocation.policy.model import Model
from allocation.policy.stages import MAIN
from allocation.tables.table import Table


def doubts_beside(
    model: Model, tables: Sequence[Table], handed: Sequence[Fraction | None] = (), batch: str = MAIN,
    paid: Mapping[str, Fraction] | None = None, policy: Sequence[Doubt] = (),
) -> Doubts:  # fmt: skip
    """Those of each year's table that was looked at, each once, with the reasons of those resolved; `handed` is
    what is handed out in each year, by a `batch` of that kind, and `paid` by code what the last says was paid before,
    None where it settles nothing. Those of `policy` come after them.

    Raises AllocationError for a reason that resolves nothing.
    """
    amounts = zip(tables, handed or [None] * len(tables), strict=True)
    looked = [(table, table.beside, amount) for table, amount in amounts if table.beside is not None]
    every: dict[str, Doubt] = {}
    for table, beside, amount in looked:
        every |= {doubt.id: doubt for doubt in _of_table(model, table, beside, amount, batch)}
        if paid is not None and beside.advance and table is tables[-1]:
            every |= {doubt.id: doubt for doubt in advance_doubts(model, table, paid, beside.advance)}
    every |= {doubt.id: doubt for doubt in policy}
    given = dict.fromkeys(pair for _, beside, _ in looked for pair in beside.given)
    earlier = {id: resolution for _, beside, _ in looked for id, resolution in beside.earlier.items()}
    return settled(list(every.values()), given, earlier)


@dataclass(frozen=True)
class _OfContent:
    """What a table leaves in doubt whatever a run hands out; `beside` with what its own columns say of last year.

    `first` are told before what is said of all that is handed out, `then` after it.
    """

    beside: Beside
    first: tuple[Doubt, ...]
    then: tuple[Doubt, ...]


def _of_table(model: Model, table: Table, beside: Beside, handed: Fraction | None, batch: str) -> Iterator[Doubt]:
    rests_on = (model.inputs, model.columns, model.award, model.compare_with, model.group, model.checks, beside)
    of_content = table.once(rests_on, lambda: _of_content(model, table, beside))
    yield from of_content.first
    yield from total_doubts(model, table, handed, of_content.beside, batch)
    yield from of_content.then


def _of_content(model: Model, table: Table, beside: Beside) -> _OfContent:
    registers = tuple(map(register_listing, beside.registers))
    explained = Explained(registers, beside.moves, table.year)
    if past := own_listing(model, table):
        beside = replace(beside, listings=(*beside.listings, past))
    units = unit_doubts(table, _of_entries(beside) if model.keeps_entries else beside, registers)
    first = (
        *beside.crossed,
        *beside.numbered,
        *(doubt for doubt in units if not (model.keeps_entries and doubt.kind == "new")),
        *([] if model.keeps_entries else alike_doubts(table)),
        *_of_codes(model, table, beside, registers),
        *gone_doubts(model, table, explained),
        *([] if model.keeps_entries else size_doubts(model, table, beside, explained)),
    )
    then = (*pasted_doubts(model, table), *remark_doubts(table), *twice_doubts(table, beside.registers))
    return _OfContent(beside, first, then)


def _of_codes(model: Model, table: Table, beside: Beside, registers: tuple[Listing, ...]) -> list[Doubt]:
    """Nothing is asked of counties alone that nobody says belong to another unit."""
    above = model.inputs.get(model.group)
    if (above is None or above.one_of) and all(map(national, table.codes)):
        return []
    from allocation.doubts.codes import code_doubts

    return code_doubts(model, table, beside, registers)


def _of_entries(beside: Beside) -> Beside:
    """The same where entries of which nothing was left need not be there again."""
    listings = (
        replace(listing, units=tuple(unit for unit in listing.units if listing.awards.get(unit.code) != 0))
        for listing in beside.listings
    )
    return replace(beside, listings=tuple(listings))
