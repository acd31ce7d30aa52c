"""doubts: every doubt on record in a folder, over years and funds, with how each was resolved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.commands.helped import HelpedCommand
from allocation.commands.shared import LANGUAGE
from allocation.errors import AllocationError, Problem
from allocation.texts import say

if TYPE_CHECKING:
    from allocation.record.record import Record

HEADS = ("model", "year", "state", "id", "text", "reason", "basis", "prepared", "reviewed", "date")


@click.command(cls=HelpedCommand)
@click.argument("folder", type=click.Path(path_type=Path), default=Path("outputs"))
@LANGUAGE
def doubts(folder: Path, lang: str) -> int:
    """List the doubts on record in a folder, over years and funds."""
    from allocation.commands.printing import table_text
    from allocation.doubts.doubt import POLICY
    from allocation.doubts.policy import doubted
    from allocation.record.record import DoubtKept

    if folder.is_file():
        raise AllocationError(Problem("doubts.of_file", {"name": folder.name}, folder.as_posix()))
    if not folder.is_dir():
        raise AllocationError(Problem("doubts.no_folder", where=folder.as_posix()))
    decided: dict[tuple[str, int | None], set[str]] = {}
    kept: dict[tuple[str, int | None, str], DoubtKept] = {}
    for path in sorted(folder.rglob("*.json")):
        record = _record(path)
        if record is None:
            continue
        fund = record.model.name.partition("@")[0], record.year
        decided.setdefault(fund, set()).update(record.decided)
        for id, doubt in record.doubts.items():
            key = (*fund, id)
            if key not in kept or doubt.state == "resolved":
                kept[key] = doubt
    if not kept:
        click.echo(say(lang, "doubts.none_kept", folder=folder.as_posix()))
        return 0
    rows, left = [], 0
    for (model, year, id), doubt in sorted(kept.items(), key=lambda item: (item[0][0], item[0][1] or 0, item[0][2])):
        since = doubt.kind == POLICY and {*doubted(doubt.figures)} <= decided[model, year]
        left += doubt.state != "resolved" and not since
        state = say(lang, "doubts.state_decided" if since else f"doubts.state_{doubt.state}")
        said = [doubt.reason, doubt.basis, doubt.prepared, doubt.reviewed, doubt.date]
        rows.append([model, str(year or "—"), state, id, getattr(doubt, lang), *(text or "—" for text in said)])
    click.echo(table_text([say(lang, f"doubts.list_{head}") for head in HEADS], rows, len(HEADS)))
    click.echo(say(lang, "doubts.list_count", count=len(kept), open=left))
    return 0


def _record(path: Path) -> Record | None:
    """The record that a file holds; None of a register, a side file and all else."""
    from allocation.record.reading import read_record
    from allocation.tables.grid import read_bytes

    try:
        return read_record(read_bytes(path), path.name)
    except (AllocationError, OSError):
        return None
