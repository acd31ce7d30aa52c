"""versions, journal: what was issued, and whether it is still as it was."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.helped import HelpedCommand
from allocation.commands.requests import gathered
from allocation.commands.screen import Screen
from allocation.commands.shared import LANGUAGE, OUT, OUTPUT_FOLDER, YEAR, ModelName
from allocation.errors import AllocationError, Problem
from allocation.files.destination import Destination
from allocation.language.units import Units
from allocation.policy.stages import STAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from allocation.office.register import VersionStanding


@dataclass(frozen=True, kw_only=True)
class VersionsRequest:
    """What `versions` is asked."""

    model: str | None
    out: Destination
    rebuild: bool
    year: int | None
    summed: bool
    to: Destination | None
    screen: Screen


@click.command(cls=HelpedCommand)
@click.argument("model", type=ModelName(), required=False)
@OUTPUT_FOLDER
@click.option("--rebuild", is_flag=True)
@YEAR
@click.option("--sum", "summed", is_flag=True)
@click.option("--to", type=OUT)
@LANGUAGE
@gathered(VersionsRequest)
def versions(request: VersionsRequest) -> int:
    """List the versions made; notices changed files."""
    from allocation.commands.printing import print_rows
    from allocation.office.register import asked_fund, rebuild_register, registered_versions
    from allocation.record.versions import FOLDER, REGISTER

    out, screen = request.out.only_folder(), request.screen
    if request.rebuild:
        count = len(rebuild_register(out))
        screen.tell("versions.rebuilt", count=count, path=(out / FOLDER / REGISTER).as_posix())
    name, of_case = asked_fund(request.model) if request.model else ("", None)
    year = request.year or of_case
    if request.summed or request.to:
        return _sum(out / FOLDER, name, year, request)
    registered = registered_versions(out, name, year)
    if not registered.versions:
        screen.tell("versions.none_made", folder=(out / FOLDER).as_posix())
        return 0
    print_rows(*_listed(registered.versions, screen), screen)
    for path, kind in registered.wrong:
        screen.warn(f"versions.file_{kind}", path=path.as_posix())
    for problem in registered.lost:
        screen.line(problem.told_by(screen), err=True)
    return 1 if registered.wrong or registered.lost else 0


def _listed(versions: Sequence[VersionStanding], screen: Screen) -> tuple[list[str], list[list[str]]]:
    """Heads and a row a version; batch and revision of the case where any has one."""
    from allocation.run.marks import mark_words

    batches = ["batch"] if any(each.version.batch for each in versions) else []
    cases = ["revision"] if any(each.version.revision for each in versions) else []
    keys = ["model", "year", *batches, "order", "stage", "number", "date", "hash", *cases, "total", "marks", "state",
            "reason"]  # fmt: skip
    rows = []
    for each in versions:
        version = each.version
        stage, total = screen.shown(STAGES[version.stage]), _amount(f"{version.total} {version.unit}".strip(), screen)
        rows.append([
            version.model, str(version.year), *(screen.shown(version.issue.batch.label) for _ in batches),
            str(version.order),
            stage, str(version.number), version.date, version.short,
            *(str(version.revision or "—") for _ in cases), total,
            " ".join(screen.shown(word) for word in mark_words(version.marks)) or "—",
            screen.say(f"versions.state_{each.worst}"),
            version.reason or "—",
        ])  # fmt: skip
    return [screen.say(f"versions.list_{key}") for key in keys], rows


def _sum(folder: Path, name: str, year: int | None, request: VersionsRequest) -> int:
    """The sum over the batches of a year, printed and, where it is asked for, written."""
    from allocation.commands.sums import put_out, sum_file
    from allocation.xlsx.year_sum import year_sum

    if not name:
        raise AllocationError(Problem("versions.sum_needs_model", where="--sum"))
    path = sum_file(request.to, f"{name}_{request.screen.say('versions.sum_word')}")
    put_out(year_sum(folder, name, year).sums, path, request.screen)
    return 0


@click.command(cls=HelpedCommand)
@OUTPUT_FOLDER
@LANGUAGE
def journal(out: Destination, screen: Screen) -> int:
    """List the journal and check its chain."""
    from allocation.commands.printing import print_rows
    from allocation.record.journal import NAME, check, gone, read, unlogged
    from allocation.record.versions import FOLDER, read_register

    folder = out.only_folder()
    rows, path = read(folder), folder / NAME
    registered = read_register(folder / FOLDER)
    problems = [*check(folder), *gone(folder, registered)]
    if not rows and not problems:
        screen.tell("versions.journal_empty", path=path.as_posix())
        return 0
    if rows:
        keys = ("line", "date", "action", "model", "year", "version", "file", "hash", "total", "note")
        shown = [[*row[:7], row[7][:8], _amount(row[8], screen), row[9]] for row in rows]
        print_rows([screen.say(f"versions.list_{key}") for key in keys], shown, screen)
        left = unlogged(folder, registered)
        problems += [Problem("versions.not_in_journal", {"file": name}, path.as_posix()) for _, name in left]
    for problem in problems:
        screen.line(problem.told_by(screen), err=True)
    if not problems:
        screen.tell("versions.journal_holds", count=len(rows))
    return 1 if problems else 0


def _amount(text: str, screen: Screen) -> str:
    """`5000 万元` with its unit in the language of the screen."""
    number, _, unit = text.rpartition(" ")
    label = Units().label(unit, screen.lang)
    times = "× " if label[:1].isdigit() else ""  # 5000 × 10,000 yuan
    return f"{number} {times}{label}" if number else text
