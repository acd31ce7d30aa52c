"""A search or a trial on a case leaves a line in the journal: by whom, what was sought, as typed, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.commands.screen import Screen
from allocation.commands.shared import OUT_FOLDER, command_line
from allocation.files.destination import Destination

if TYPE_CHECKING:
    from allocation.run.finding import ModelWithTable
    from allocation.run.run import Run

FOLDER = Path("outputs")  # where products go when nobody says otherwise, and so their journal
JOURNAL_FOLDER = click.option("--out", type=OUT_FOLDER)


def keep_search(
    command: str,
    material: ModelWithTable,
    answer: str,
    out: Destination | Path | None,
    screen: Screen,
    run: Run | None = None,
    writers: Mapping[Path, Callable[[Path], None]] | None = None,
) -> None:
    """Keeps a line, with the hash of the workbook that `writers` write, before the answer is shown; of a model none.

    `out`: the folder of the journal. Files and line are written together or not at all.
    """
    from allocation.files.whole_files import place
    from allocation.office.searches import keep_line, search_entry

    case, files = material.case, writers or {}
    if case is None or case.sample:
        if files:
            place(files)
        return
    folder = (out.only_folder() if isinstance(out, Destination) else out) or FOLDER
    who = material.facts.prepared or screen.say("study.nobody")
    note = screen.say("study.kept_search", case=case.path.name, who=who, command=command_line(), answer=answer)
    journal = keep_line(folder, search_entry(command, material, note, files, screen.lang, run), files)
    screen.tell("study.kept_in", path=journal.as_posix())
