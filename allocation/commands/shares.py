"""run --shares: what part of a total that nobody knows yet each unit has, and no amount."""

from __future__ import annotations

import click

from allocation.commands.products import Product, finish
from allocation.commands.requests import TableRequest
from allocation.commands.search_journal import keep_search
from allocation.commands.shared import open_table, took
from allocation.errors import AllocationError, Problem
from allocation.files.destination import Destination
from allocation.texts import say


def run_shares(request: TableRequest, out: Destination, refused: list[str]) -> int:
    """`refused`: the options given that ask for what has amounts."""
    from functools import partial

    from allocation.analysis.pools import decided_total
    from allocation.analysis.shares import shares_only
    from allocation.analysis.shares_table import shares_table
    from allocation.commands.printing import print_doubts, study_text
    from allocation.run.shelf import base_name
    from allocation.xlsx.shares import write_shares

    if refused:
        raise AllocationError(Problem("pools.shares_alone", {"options": refused}, "--shares"))
    material, changes = open_table(request, [], None)
    shares = shares_only(material.model, material.table, changes, reference=request.reference, facts=material.facts)
    stem = base_name(material.model.name) + "_shares"
    book = out.file(f"{stem}.xlsx")

    def show() -> None:
        took(material, request.lang, shares.run)
        table = shares_table(shares)
        click.echo("\n" + table.title[request.lang])
        click.echo(study_text(table, request.lang))
        click.echo(say(request.lang, "pools.about"))
        if figure := decided_total(material.model):
            click.echo(say(request.lang, "pools.was_decided", figure=figure))
        print_doubts([shares.run.doubts], request.lang)

    write = partial(write_shares, shares, lang=request.lang)
    products = [Product(path, write, "versions.wrote") for path in (book, book.with_suffix(".csv"))]
    put = partial(keep_search, "run", material, say(request.lang, "pools.kept"), book.parent, request.lang, None)
    return finish(products, request.lang, of=[material], put=put, show=show)
