"""seek: the value of a parameter at which a figure reaches a target."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.attached import TableCommand
from allocation.commands.figures import say_failed
from allocation.commands.requests import gathered
from allocation.commands.screen import Screen
from allocation.commands.search_journal import JOURNAL_FOLDER, keep_search
from allocation.commands.shared import MODEL, table_options, took_for
from allocation.files.destination import Destination
from allocation.office.asked import SeekQuestion

if TYPE_CHECKING:
    from allocation.analysis.sought import SoughtRun


@dataclass(frozen=True, kw_only=True)
class SeekRequest(SeekQuestion):
    """What `seek` is asked."""

    out: Destination | None
    screen: Screen


@click.command(cls=TableCommand)
@MODEL
@click.option("--vary", required=True)
@click.option("--figure", required=True)
@click.option("--target", required=True)
@click.option("--low")
@click.option("--high")
@click.option("--step")
@click.option("--within")
@JOURNAL_FOLDER
@table_options
@gathered(SeekRequest)
def seek(request: SeekRequest) -> int:
    """Find the value of a parameter at which a figure reaches a target."""
    from allocation.office.asking_seek import open_search
    from allocation.run.scenario import apply_changes

    material, changes, result = open_search(request)
    keep_search("seek", material, result.answer(request.screen), request.out, request.screen)
    before = apply_changes(material.model, [material.table], changes)[0]
    took_for(material, request.screen, replace(result.run, model=before))
    _print(result, request.screen)
    if result.sought.answer is None:
        return 1
    say_failed(result.run, "study.checks_answer", request.screen)
    return 0


def _print(result: SoughtRun, screen: Screen) -> None:
    from allocation.commands.printing import print_rows

    for told in result.told(screen):
        if isinstance(told, str):
            screen.line(told)
        else:
            print_rows(told.heads, told.rows, screen)
