"""A table of amounts that closes, printed and, where it is asked for, written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.commands.products import Product, finish

if TYPE_CHECKING:
    from allocation.files.destination import Destination
    from allocation.xlsx.sum_sheet import SumSheet


def sum_file(to: Destination | None, name: str) -> Path | None:
    """The file that --to asks for, in a folder one of that name; None where nothing is asked for."""
    return to.file(f"{name}.xlsx", ".xlsx", ".csv") if to else None


def put_out(sums: SumSheet, to: Path | None, lang: str) -> None:
    from allocation.commands.printing import study_text
    from allocation.xlsx.sum_sheet import write_sum_sheet

    def show() -> None:
        click.echo(sums.table.title[lang])
        click.echo(study_text(sums.table, lang))
        for note in sums.notes:
            click.echo("  · " + note.text(lang))

    products = [Product(to, lambda path: write_sum_sheet(sums, path, lang), "versions.wrote")] if to else []
    finish(products, lang, show=show)
