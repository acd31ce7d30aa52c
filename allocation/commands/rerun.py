"""rerun: the files of a record made again, and what differs."""

from __future__ import annotations

from pathlib import Path

import click

from allocation.commands.helped import HelpedCommand
from allocation.commands.screen import Screen
from allocation.commands.shared import LANGUAGE, OUT_FOLDER
from allocation.files.destination import Destination

SHOWN = 20  # differences told of one file


@click.command(cls=HelpedCommand)
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--out", type=OUT_FOLDER, required=True)
@click.option("--input", "places", multiple=True, type=click.Path(path_type=Path))
@LANGUAGE
def rerun(record: Path, out: Destination, places: tuple[Path, ...], screen: Screen) -> int:
    """Make the files of a record again; say what differs."""
    from allocation.office.doors import rerun as made_again
    from allocation.record.record import EVALUATION

    folder = out.only_folder()
    remade = made_again(record, folder, places)
    lines = [screen.say("rerun.field", field=name) for name in remade.fields]
    for target, told in remade.files:
        screen.tell(f"rerun.{told.state}", file=target.name)
        lines += [screen.say("rerun.cell", file=target.name, **line) for line in told.differences[:SHOWN]]
        if len(told.differences) > SHOWN:
            lines.append(screen.say("rerun.more", file=target.name, count=len(told.differences) - SHOWN))
    for line in lines:
        screen.line(line)
    if remade.record.kind == EVALUATION:
        screen.tell("rerun.report")
    screen.tell("rerun.unlike" if lines else "rerun.alike", folder=folder.as_posix(), count=len(lines))
    return 1 if lines else 0
