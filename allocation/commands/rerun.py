"""rerun: the files of a record made again, and what differs."""

from __future__ import annotations

from pathlib import Path

import click

from allocation.commands.helped import HelpedCommand
from allocation.commands.shared import LANGUAGE, OUT_FOLDER
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
    from allocation.office.doors import rerun as made_again
    from allocation.record.record import EVALUATION

    folder = out.only_folder()
    remade = made_again(record, folder, places)
    lines = [say(lang, "rerun.field", field=name) for name in remade.fields]
    for target, told in remade.files:
        click.echo(say(lang, f"rerun.{told.state}", file=target.name))
        lines += [say(lang, "rerun.cell", file=target.name, **line) for line in told.differences[:SHOWN]]
        if len(told.differences) > SHOWN:
            lines.append(say(lang, "rerun.more", file=target.name, count=len(told.differences) - SHOWN))
    for line in lines:
        click.echo(line)
    if remade.record.kind == EVALUATION:
        click.echo(say(lang, "rerun.report"))
    click.echo(say(lang, "rerun.unlike" if lines else "rerun.alike", folder=folder.as_posix(), count=len(lines)))
    return 1 if lines else 0
