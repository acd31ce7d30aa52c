"""run --stage and --edition: numbered versions and editions for readers outside, as options and as they are told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.commands.attached import Decorated
from allocation.commands.screen import Screen
from allocation.commands.shared import report
from allocation.policy.stages import EDITIONS, STAGES

if TYPE_CHECKING:
    from allocation.office.issuing import Issuing, Made
    from allocation.record.versions import Planned
    from allocation.run.finding import ModelWithTable
    from allocation.run.run import Run

BY_RUN = {key: word.zh for key, word in STAGES.items() if key != "correction"}  # that one is made by `correct`
SHOWN = 8  # changes told on the terminal; the sheet has them all
STAGE = click.option("--stage", type=click.Choice([*BY_RUN.values(), *BY_RUN]))
EDITION = click.option(
    "--edition",
    "editions",
    multiple=True,
    type=click.Choice([*(word.zh for word in EDITIONS.values()), *EDITIONS]),
)
REASON = click.option("--reason", default="")


def issue_options(command: Decorated) -> Decorated:
    for option in (REASON, EDITION, STAGE):
        command = option(command)
    return command


def say_issued(material: ModelWithTable, run: Run, asked: Issuing, outcome: Made, screen: Screen) -> None:
    """What was written, and what of it is otherwise than before."""
    from allocation.record.versions import FOLDER

    planned, targets, sent, kept = outcome.planned, outcome.targets, outcome.sent, outcome.kept
    report(material, run, screen)
    if planned and outcome.new and planned.earlier:
        _say_changes(run, planned, asked.out / FOLDER, screen)
    if planned and not planned.new:
        screen.tell("versions.same", version=planned.version.label(screen.lang))
    archive = asked.out / FOLDER / planned.version.case_folder(screen.lang) if planned else None
    copies = [path for path in targets if archive and path.is_relative_to(archive)]
    for path in targets:
        if path not in sent and path not in copies:
            screen.tell("versions.wrote", path=path.as_posix())
    if archive and copies:
        screen.tell("versions.kept_case", path=archive.as_posix(), count=len(copies))
    if sent:
        screen.tell("versions.wrote_folder", path=sent[0].parent.as_posix(), count=len(sent))
    if kept:
        screen.tell("versions.kept", count=len(kept), path=kept[0].as_posix())


def _say_changes(run: Run, planned: Planned, folder: Path, screen: Screen) -> None:
    """What the version decides otherwise than the one before it: a parameter that fell back must not go unseen."""
    from allocation.record.versions import recorded
    from allocation.xlsx.versions_sheet import differences

    before = recorded(folder, planned.earlier[-1])
    if before is None:
        return
    decided = [line for line in differences(run, before) if line.of in ("parameter", "input")]
    slots = {"last": planned.earlier[-1].label(screen.lang), "count": len(decided)}
    screen.tell("versions.since_last", **slots)
    for line in decided[:SHOWN]:
        screen.tell("versions.since_line", item=line.item, county=line.county, old=line.old, new=line.new)
