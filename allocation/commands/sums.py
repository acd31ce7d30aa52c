"""A table of amounts that closes, printed and, where it is asked for, written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from allocation.commands.products import Product, finish
from allocation.commands.screen import Screen

if TYPE_CHECKING:
    from allocation.files.destination import Destination
    from allocation.xlsx.sum_sheet import SumSheet


def sum_file(to: Destination | None, name: str) -> Path | None:
    """The file that --to asks for, in a folder one of that name; None where nothing is asked for."""
    return to.file(f"{name}.xlsx", ".xlsx", ".csv") if to else None


def put_out(sums: SumSheet, to: Path | None, screen: Screen) -> None:
    from allocation.commands.printing import print_table
    from allocation.xlsx.sum_sheet import write_sum_sheet

    def show() -> None:
        screen.line(screen.shown(sums.table.title))
        print_table(sums.table, screen)
        for note in sums.notes:
            screen.line("  · " + note.told_by(screen))

    products = [Product(to, lambda path: write_sum_sheet(sums, path, screen.lang), "versions.wrote")] if to else []
    finish(products, screen, show=show)
