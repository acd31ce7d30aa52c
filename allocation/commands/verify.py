"""verify."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.commands.helped import HelpedCommand
from allocation.commands.screen import Screen
from allocation.commands.shared import LANGUAGE
from allocation.texts import Both, show

if TYPE_CHECKING:
    from allocation.policy.model import Model
    from allocation.verify.comparing import Difference
    from allocation.verify.provenance import Edited
    from allocation.verify.verifying import Verdict

MOST = 200  # lines shown of one list
CELLS = (
    "value", "text", "changed", "typed", "formula", "formula_added", "added", "format", "renamed", "recoded",
)  # fmt: skip # kinds of difference of one cell


@click.command(cls=HelpedCommand)
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("--manifest", type=click.Path(path_type=Path))
@click.option("--issued", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True)
@LANGUAGE
def verify(workbook: Path, manifest: Path | None, issued: Path | None, everything: bool, screen: Screen) -> int:
    """Recompute a workbook and list what differs.

    Results, timelines, evaluations and comparisons; an edition is compared with the result it came from.
    """
    if issued:
        return _issued(workbook, manifest, issued, None if everything else MOST, screen)
    from allocation.office.doors import verify as verified

    verdict = verified(workbook, manifest)
    for line in _lines(verdict, None if everything else MOST, screen):
        screen.line(line)
    return 0 if verdict.clean else 1


def _issued(result: Path, manifest: Path | None, paper: Path, most: int | None, screen: Screen) -> int:
    from allocation.errors import AllocationError, Problem
    from allocation.office.doors import verify_issued

    if manifest:
        raise AllocationError(Problem("verify.issued_alone"))
    told = verify_issued(result, paper)
    screen.tell("verify.issued_title", file=told.file, of=told.of)
    lines = ["  · " + column.text(screen.lang) for column in told.compared]
    if told.differences:
        lines.append(screen.say("verify.issued_differ", count=len(told.differences)))
        lines += _shortened(["  × " + problem.told_by(screen) for problem in told.differences], most, screen)
    else:
        lines.append(screen.say("verify.issued_clean"))
    for line in [*lines, *(screen.say("cli.note", text=note.told_by(screen)) for note in told.notes)]:
        screen.line(line)
    return 1 if told.differences else 0


def _lines(verdict: Verdict, most: int | None, screen: Screen) -> Iterator[str]:
    yield screen.say("verify.title", file=verdict.file, model=verdict.model.label if verdict.model else "")
    if verdict.stopped:
        yield screen.say("verify.stopped")
        yield from (screen.say("verify.stopped_line", text=problem.told_by(screen)) for problem in verdict.stopped)
    if verdict.cells:
        key = "verify.compared_with" if verdict.whole else "verify.compared"
        yield screen.say(key, count=verdict.cells, **({"file": verdict.whole} if verdict.whole else {}))
    if verdict.clean:
        yield screen.say("verify.clean" if verdict.cells else "verify.clean_bytes")
    yield from (screen.say("verify.stopped_line", text=problem.told_by(screen)) for problem in verdict.failed)
    if verdict.differences:
        yield screen.say("verify.differ", count=len(verdict.differences))
        yield from _shortened(_by_sheet(verdict.differences, screen), most, screen)
        kinds = {difference.kind for difference in verdict.differences}
        if kinds == {"value"} and not (verdict.stopped or verdict.whole):
            yield screen.say("verify.recalculate")
    for key, changes in (("edited", verdict.edited), ("awards", verdict.awards)):
        if changes and verdict.model:
            yield screen.say(f"verify.{key}")
            yield from _shortened([_change(verdict.model, change, screen) for change in changes], most, screen)
    yield from (screen.say("cli.note", text=note.told_by(screen)) for note in verdict.notes)


def _change(model: Model, change: Edited, screen: Screen) -> str:
    from allocation.report.changed import changed_text

    return "  · " + screen.say("verify.of_part", part=change.part, text=screen.shown(changed_text(model, change)))


def _shortened(lines: list[str], most: int | None, screen: Screen) -> list[str]:
    if most is None or len(lines) <= most:
        return lines
    return [*lines[:most], screen.say("verify.more", count=len(lines) - most)]


def _by_sheet(differences: Sequence[Difference], screen: Screen) -> list[str]:
    """A line a difference, causes first, below a line with the sheet's name wherever that changes."""
    lines: list[str] = []
    sheet: str | Both | None = None
    for difference in differences:
        if difference.sheet != sheet:
            sheet = difference.sheet
            lines.append(show(sheet, screen.lang))
        slots = {"found": _quoted(difference.actual, screen), "expected": _quoted(difference.expected, screen)}
        place, county, column = difference.place, difference.county, difference.column
        what = screen.say(f"verify.kind_{difference.kind}", place=place, county=county, column=column, **slots)
        of_cell = difference.kind in CELLS
        whose = " · ".join(part for part in (county, column) if part) if of_cell else ""
        lines.append("  " + screen.say("verify.difference", place=place if of_cell else "", whose=whose, what=what))
    return lines


def _quoted(value: object, screen: Screen) -> str:
    if value is None or value == "":
        return screen.say("verify.blank")
    if isinstance(value, int | float):
        return f"{value:.12g}"
    text = str(value)
    return text if len(text) <= 160 else text[:160] + "…"
