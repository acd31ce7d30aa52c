"""run --shares: what part of a total that nobody knows yet each unit has, and no amount."""

from __future__ import annotations

from allocation.commands.products import Product, finish
from allocation.commands.requests import TableRequest
from allocation.commands.search_journal import keep_search
from allocation.commands.shared import took
from allocation.errors import AllocationError, Problem
from allocation.files.destination import Destination
from allocation.texts.remedies import OptionWords


def run_shares(request: TableRequest, out: Destination, refused: list[OptionWords]) -> int:
    """`refused`: the options given that ask for what has amounts."""
    from functools import partial

    from allocation.analysis.pools import decided_total
    from allocation.analysis.shares import shares_only
    from allocation.analysis.shares_table import shares_table
    from allocation.commands.printing import print_doubts, print_table
    from allocation.office.asking import open_table
    from allocation.run.shelf import base_name
    from allocation.xlsx.shares import write_shares

    if refused:
        raise AllocationError(Problem("pools.shares_alone", {"options": refused}, "--shares"))
    material, changes = open_table(request, [], None)
    shares = shares_only(material.model, material.table, changes, reference=request.reference, facts=material.facts)
    stem = base_name(material.model.name) + "_shares"
    book = out.file(f"{stem}.xlsx")

    def show() -> None:
        took(material, request.screen, shares.run)
        table = shares_table(shares)
        request.screen.line("\n" + request.screen.shown(table.title))
        print_table(table, request.screen)
        request.screen.tell("pools.about")
        if figure := decided_total(material.model):
            request.screen.tell("pools.was_decided", figure=figure)
        print_doubts([shares.run.doubts], request.screen)

    write = partial(write_shares, shares, lang=request.screen.lang)
    products = [Product(path, write, "versions.wrote") for path in (book, book.with_suffix(".csv"))]
    put = partial(keep_search, "run", material, request.screen.say("pools.kept"), book.parent, request.screen, None)
    return finish(products, request.screen, of=[material], put=put, show=show)
