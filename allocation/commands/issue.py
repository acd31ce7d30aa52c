"""run --stage and --edition: numbered versions and editions for readers outside, as options and as they are told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.commands.attached import Decorated
from allocation.commands.products import Product, finish
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


def finish_issued(material: ModelWithTable, run: Run, asked: Issuing, outcome: Made, screen: Screen) -> int:
    """The end of a command that issues: what is otherwise than before, and what was written."""
    from allocation.record.versions import FOLDER

    planned, folder = outcome.planned, asked.out / FOLDER

    def show() -> None:
        report(material, run, screen)
        if planned and outcome.new and planned.earlier:
            _say_changes(run, planned, folder, screen)
        if planned and not planned.new:
            screen.tell("versions.same", version=planned.version.label(screen.lang))

    archive = folder / planned.version.case_folder(screen.lang) if planned else None
    return finish([*_products(outcome, archive)], screen, show=show)


def _products(outcome: Made, archive: Path | None) -> Iterator[Product]:
    """Each file; those of the case in `archive`, of the counties and those that stood there already by their folder."""
    sent, kept = outcome.sent, outcome.kept
    copies = [path for path in outcome.targets if archive and path.is_relative_to(archive)]
    for path in outcome.targets:
        if path not in sent and path not in copies:
            yield Product(path, None, "versions.wrote")
    if archive and copies:
        yield Product(archive, None, "versions.kept_case", {"count": len(copies)})
    if sent:
        yield Product(sent[0].parent, None, "versions.wrote_folder", {"count": len(sent)})
    if kept:
        yield Product(kept[0], None, "versions.kept", {"count": len(kept)})
    if aside := outcome.aside:
        left = [path.as_posix() for path in aside.left] or ""
        yield Product(aside.folder, None, "versions.trials_aside", {"count": aside.count, "left": left})


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
