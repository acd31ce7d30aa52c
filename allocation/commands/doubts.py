"""doubts: every doubt on record in a folder, over years and funds, with how each was resolved."""

from __future__ import annotations

from pathlib import Path

import click

from allocation.commands.helped import HelpedCommand
from allocation.commands.screen import Screen
from allocation.commands.shared import LANGUAGE

HEADS = ("model", "year", "state", "id", "text", "reason", "basis", "prepared", "reviewed", "date")


@click.command(cls=HelpedCommand)
@click.argument("folder", type=click.Path(path_type=Path), default=Path("outputs"))
@LANGUAGE
def doubts(folder: Path, screen: Screen) -> int:
    """List the doubts on record in a folder, over years and funds."""
    from allocation.commands.printing import print_rows
    from allocation.office.doubts_kept import doubts_on_record

    every = doubts_on_record(folder)
    if not every:
        screen.tell("doubts.none_kept", folder=folder.as_posix())
        return 0
    rows = []
    for kept in every:
        doubt = kept.doubt
        said = [doubt.reason, doubt.basis, doubt.prepared, doubt.reviewed, doubt.date]
        state = screen.say(f"doubts.state_{kept.state}")
        rows.append([kept.model, str(kept.year or "—"), state, kept.id, getattr(doubt, screen.lang),
                     *(text or "—" for text in said)])  # fmt: skip
    print_rows([screen.say(f"doubts.list_{head}") for head in HEADS], rows, screen, len(HEADS))
    still_open = sum(kept.state not in ("resolved", "decided") for kept in every)
    screen.tell("doubts.list_count", count=len(every), open=still_open)
    return 0
