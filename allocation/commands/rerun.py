"""rerun: the files of a record made again, and what differs."""

from __future__ import annotations

from pathlib import Path

import click

from allocation.commands.helped import HelpedCommand
from allocation.commands.shared import LANGUAGE, OUT_FOLDER
from allocation.errors import AllocationError, Problem
from allocation.files.destination import Destination
from allocation.texts import say

SHOWN = 20  # differences told of one file


@click.command(cls=HelpedCommand)
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--out", type=OUT_FOLDER, required=True)
@click.option("--input", "places", multiple=True, type=click.Path(path_type=Path))
@LANGUAGE
def rerun(record: Path, out: Destination, places: tuple[Path, ...], lang: str) -> int:
    """Make the files of a record again; say what differs."""
    from allocation.files.whole_files import place
    from allocation.record.record import EVALUATION
    from allocation.verify.rerun_compared import compare_files
    from allocation.verify.rerunning import make_again, record_at, unlike

    kept = record_at(record)
    folder = out.only_folder()
    if folder.resolve() == record.parent.resolve():
        raise AllocationError(Problem("rerun.same_folder", where=folder.as_posix()))
    again = make_again(kept, record, places)
    writers = {folder / name: write for name, write in again.writers.items()}
    place(writers)
    fields = unlike(kept, again.record)
    lines = [say(lang, "rerun.field", field=name) for name in fields]
    for target in writers:
        told = compare_files(record.parent / target.name, target)
        click.echo(say(lang, f"rerun.{told.state}", file=target.name))
        lines += [say(lang, "rerun.cell", file=target.name, **line) for line in told.differences[:SHOWN]]
        if len(told.differences) > SHOWN:
            lines.append(say(lang, "rerun.more", file=target.name, count=len(told.differences) - SHOWN))
    for line in lines:
        click.echo(line)
    if kept.kind == EVALUATION:
        click.echo(say(lang, "rerun.report"))
    click.echo(say(lang, "rerun.unlike" if lines else "rerun.alike", folder=folder.as_posix(), count=len(lines)))
    return 1 if lines else 0
