"""A search or a trial on a case leaves a line in the journal: by whom, what was sought, as typed, and the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.commands.shared import OUT_FOLDER, command_line
from allocation.files.destination import Destination
from allocation.texts import exact_text, say

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
    lang: str,
    run: Run | None = None,
    writers: Mapping[Path, Callable[[Path], None]] | None = None,
) -> None:
    """Keeps a line, with the hash of the workbook that `writers` write, before the answer is shown; of a model none.

    `out`: the folder of the journal. Files and line are written together or not at all.
    """
    from allocation.files.whole_files import in_turn, place
    from allocation.record.journal import NAME, Entry, claims, hashed, lines, standing
    from allocation.run.shelf import base_name

    case, files = material.case, writers or {}
    if case is None or case.sample:
        if files:
            place(files)
        return
    folder = (out.only_folder() if isinstance(out, Destination) else out) or FOLDER
    who = material.facts.prepared or say(lang, "study.nobody")
    note = say(lang, "study.kept_search", case=case.path.name, who=who, command=command_line(), answer=answer)
    entry = Entry(
        command,
        tuple(path for path in files if path.suffix == ".xlsx"),
        base_name(material.model.name),
        material.facts.budget_year or material.table.year,
        say(lang, "study.trial"),
        _total(run) if run else "",
        note,
    )

    def attempt() -> None:
        digests: dict[Path, str] = {}
        noted = hashed(files, digests)
        added = lines(standing(folder), [entry], digests)
        place({**noted, **added}, claims(added))

    in_turn(attempt)
    click.echo(say(lang, "study.kept_in", path=(folder / NAME).as_posix()))


def _total(run: Run) -> str:
    award = run.model.columns[run.model.award]
    return f"{exact_text(run.total(award.name))} {award.unit.name}".strip() if award.kind == "number" else ""
