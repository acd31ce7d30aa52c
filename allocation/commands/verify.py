"""verify."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.commands.helped import HelpedCommand
from allocation.commands.shared import LANGUAGE
from allocation.texts import Both, say, show

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
def verify(workbook: Path, manifest: Path | None, issued: Path | None, everything: bool, lang: str) -> int:
    """Recompute a workbook and list what differs.

    Results, timelines, evaluations and comparisons; an edition is compared with the result it came from.
    """
    if issued:
        return _issued(workbook, manifest, issued, None if everything else MOST, lang)
    from allocation.office.doors import verify as verified

    verdict = verified(workbook, manifest)
    for line in _lines(verdict, None if everything else MOST, lang):
        click.echo(line)
    return 0 if verdict.clean else 1


def _issued(result: Path, manifest: Path | None, paper: Path, most: int | None, lang: str) -> int:
    from allocation.errors import AllocationError, Problem
    from allocation.verify.issued import verify_issued

    if manifest:
        raise AllocationError(Problem("verify.issued_alone"))
    told = verify_issued(result, paper)
    click.echo(say(lang, "verify.issued_title", file=told.file, of=told.of))
    lines = ["  · " + column.text(lang) for column in told.compared]
    if told.differences:
        lines.append(say(lang, "verify.issued_differ", count=len(told.differences)))
        lines += _shortened(["  × " + problem.text(lang) for problem in told.differences], most, lang)
    else:
        lines.append(say(lang, "verify.issued_clean"))
    for line in [*lines, *(say(lang, "cli.note", text=note.text(lang)) for note in told.notes)]:
        click.echo(line)
    return 1 if told.differences else 0


def _lines(verdict: Verdict, most: int | None, lang: str) -> Iterator[str]:
    yield say(lang, "verify.title", file=verdict.file, model=verdict.model.label if verdict.model else "")
    if verdict.stopped:
        yield say(lang, "verify.stopped")
        yield from (say(lang, "verify.stopped_line", text=problem.text(lang)) for problem in verdict.stopped)
    if verdict.cells:
        key = "verify.compared_with" if verdict.whole else "verify.compared"
        yield say(lang, key, count=verdict.cells, **({"file": verdict.whole} if verdict.whole else {}))
    if verdict.clean:
        yield say(lang, "verify.clean" if verdict.cells else "verify.clean_bytes")
    yield from (say(lang, "verify.stopped_line", text=problem.text(lang)) for problem in verdict.failed)
    if verdict.differences:
        yield say(lang, "verify.differ", count=len(verdict.differences))
        yield from _shortened(_by_sheet(verdict.differences, lang), most, lang)
        kinds = {difference.kind for difference in verdict.differences}
        if kinds == {"value"} and not (verdict.stopped or verdict.whole):
            yield say(lang, "verify.recalculate")
    for key, changes in (("edited", verdict.edited), ("awards", verdict.awards)):
        if changes and verdict.model:
            yield say(lang, f"verify.{key}")
            yield from _shortened([_change(verdict.model, change, lang) for change in changes], most, lang)
    yield from (say(lang, "cli.note", text=note.text(lang)) for note in verdict.notes)


def _change(model: Model, change: Edited, lang: str) -> str:
    from allocation.report.changed import changed_text

    return "  · " + say(lang, "verify.of_part", part=change.part, text=changed_text(model, change)[lang])


def _shortened(lines: list[str], most: int | None, lang: str) -> list[str]:
    if most is None or len(lines) <= most:
        return lines
    return [*lines[:most], say(lang, "verify.more", count=len(lines) - most)]


def _by_sheet(differences: Sequence[Difference], lang: str) -> list[str]:
    """A line a difference, causes first, below a line with the sheet's name wherever that changes."""
    lines: list[str] = []
    sheet: str | Both | None = None
    for difference in differences:
        if difference.sheet != sheet:
            sheet = difference.sheet
            lines.append(show(sheet, lang))
        slots = {"found": _quoted(difference.actual, lang), "expected": _quoted(difference.expected, lang)}
        place, county, column = difference.place, difference.county, difference.column
        what = say(lang, f"verify.kind_{difference.kind}", place=place, county=county, column=column, **slots)
        of_cell = difference.kind in CELLS
        whose = " · ".join(part for part in (county, column) if part) if of_cell else ""
        lines.append("  " + say(lang, "verify.difference", place=place if of_cell else "", whose=whose, what=what))
    return lines


def _quoted(value: object, lang: str) -> str:
    if value is None or value == "":
        return say(lang, "verify.blank")
    if isinstance(value, int | float):
        return f"{value:.12g}"
    text = str(value)
    return text if len(text) <= 160 else text[:160] + "…"
