"""correct: what was issued, put right: 原核定 · 更正后 · 差额, to be paid or taken back in a stated year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.attached import TableCommand
from allocation.commands.issue import EDITION, finish_issued
from allocation.commands.reading import BATCH, RESOLVE
from allocation.commands.requests import TableRequest, gathered
from allocation.commands.shared import MODEL, OUTPUT_FOLDER, as_day, command_line, report, report_failed, table_options
from allocation.errors import AllocationError, Problem
from allocation.files.destination import Destination
from allocation.texts.remedies import option_words

if TYPE_CHECKING:
    from allocation.office.correcting import Opened
    from allocation.policy.model import Model
    from allocation.record.record import Record
    from allocation.record.versions import Version
    from allocation.run.run import Run
    from allocation.tables.table import Table

SETTLE_YEAR = click.option("--settle-year", type=click.IntRange(1950, 2100))


@dataclass(frozen=True, kw_only=True)
class CorrectRequest(TableRequest):
    """What `correct` is asked."""

    out: Destination
    reason: str
    settle_year: int | None
    date: str
    editions: tuple[str, ...]


@click.command(cls=TableCommand)
@MODEL
@OUTPUT_FOLDER
@click.option("--reason", required=True)
@SETTLE_YEAR
@click.option("--date", default="", callback=as_day)
@EDITION
@BATCH
@RESOLVE
@table_options
@gathered(CorrectRequest)
def correct(request: CorrectRequest) -> int:
    """Correct what was issued: before, after, difference."""
    from allocation.office.correcting import cited_reason
    from allocation.office.issuing import Issuing, issue
    from allocation.record.journal import standing
    from allocation.record.recording import record_of

    out, screen = request.out.only_folder(), request.screen
    before = standing(out)
    opened = open_correction(request, out, request.settle_year)
    material, result, issued = opened.material, opened.run, opened.issued
    if not result.ok:
        report(material, result, screen)
        report_failed(result, screen, "cli.checks_failed")
        return 1
    opened.refuse_unmoved()
    reason = cited_reason(result, request.reason, screen.lang)
    asked = Issuing("correction", request.editions, reason, request.out, request.date)
    record = record_of(result, command_line(), request.date)
    finish_issued(material, result, asked, issue(material, result, record, asked, screen.lang, before), screen)
    unit = result.model.units.label(result.model.columns[result.model.award].unit.name, screen.lang)
    attached = result.part("correction")
    sums = {slot: result.total(name) for slot, name in attached.sums.items()} if attached else {}
    screen.tell("correct.done", version=issued.label(screen.lang), year=opened.settled_in, unit=unit, **sums)
    return 0


def open_correction(request: TableRequest, out: Path, settle_year: int | None, again: bool = False) -> Opened:
    """The run with what was issued last beside it.

    `again`: where the last correction on record came to these very amounts, they are set against what it corrected,
    so that its notices can be written after it.
    """
    from allocation.office.asking import open_run, required_material
    from allocation.office.correcting import Opened, refuse_other_table
    from allocation.parts.correction import Approved, owed_after
    from allocation.parts.correction import settled_in as settled_before
    from allocation.parts.part import Given
    from allocation.record.versions import FOLDER, issued_record, issued_versions

    first = required_material(request)
    versions = issued_versions(out / FOLDER, first.issue)
    held, year = issued_record(out / FOLDER, versions[-1]), versions[-1].year
    refuse_other_table(first, versions[-1], out / FOLDER, held, named=request.table is not None)
    if settle_year and settle_year < year:
        raise AllocationError(Problem("correct.too_early", {"year": year}, "--settle-year"))
    settled_in = settle_year or year + 1
    carried = _carried(first.model, first.table, held, request.settings)

    def against(issued: Version, record: Record, settled_in: int) -> Opened:
        owed = owed_after(record.figures_kept)
        amounts = {code: Fraction(amount or 0) for code, amount in record.figures_kept.awards.items()}
        attached = {"correction": Given(Approved(issued.label("zh"), amounts, settled_in, owed))}
        options = replace(request.options, decided_before=held.decided, attached=attached)
        opened = open_run(replace(request, settings=(*carried, *request.settings), options=options))
        return Opened(*opened, issued, settled_in)

    opened = against(versions[-1], held, settled_in)
    _same_tables(held, opened.run, versions[-1])
    if again and len(versions) > 1 and not opened.moves:
        settled_in = settle_year or settled_before(held.figures_kept)
        corrected = issued_record(out / FOLDER, versions[-2])
        opened = replace(against(versions[-2], corrected, settled_in), already_issued=True)
    if carried:
        last = versions[-1].label(request.screen.lang)
        request.screen.tell("correct.carried", version=last, changes=list(carried))
    return opened


def _carried(model: Model, table: Table, held: Record, settings: Sequence[str]) -> tuple[str, ...]:
    """The parameters of the issued version that are not the model's own, as `--set` writes them: they still hold.

    What is set anew now goes before them, and the pool belongs to the part that gave it, such as its sources.
    """
    from allocation.parts.kinds import PARTS
    from allocation.record.versions import parameter_texts
    from allocation.run.scenario import apply_changes, parse_assignment

    set_cells = [apply_changes(model, (table,), [parse_assignment(text)])[2] for text in settings]
    anew = {(cell.name, cell.key) for changed in set_cells for cell in changed}
    gave = {part.kind for part in PARTS if part.gives_pool} & {*held.part_kinds}
    anew |= {(model.pool, "")} if gave else set()
    before = held.figures_kept.parameters
    held_settings: list[str] = []
    for name, entry in model.parameters.items():
        for address, value in parameter_texts(entry):
            key = address.removeprefix(name).removeprefix(".")
            if before.get(address, value) != value and (name, key) not in anew:
                held_settings.append(f"{address}={before[address]}")
    return tuple(held_settings)


def _same_tables(held: Record, result: Run, issued: Version) -> None:
    """What was issued with adjustments or sources is corrected with them, or their amounts would look like errors."""
    from allocation.office.correcting import options_of

    before = {attached.file for attached in held.attached}
    absent = sorted(before - {attached.file for attached in result.table.attached})
    dropped = [option_words(flag) for kind, flag in options_of(held.part_kinds).items() if not result.part(kind)]
    if dropped or absent and len(result.table.attached) < len(before):
        slots = {"files": absent or before, "options": dropped or "", "version": issued.both}
        raise AllocationError(Problem("correct.attached", slots))
