"""Gathers what stands beside a table: the register, last year's figures, earlier versions in the out folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from allocation.case import FACT, FORMAL, CaseFile, IssueKey
from allocation.classes import dataclass
from allocation.doubts.beside import VERSION, AdvanceOnRecord, BatchTotal, Beside, Listing
from allocation.doubts.doubt import Doubt, from_record
from allocation.doubts.last import amount_in, read_last_year, record_listing
from allocation.doubts.numbered import copied_doubts, number_doubts, plain_number
from allocation.doubts.resolution import Resolution
from allocation.doubts.units import shares_units
from allocation.errors import AllocationError, Problem, tried
from allocation.files.folders import own_folders
from allocation.policy.model import Model
from allocation.policy.stages import ADVANCE, ISSUED, MAIN
from allocation.record.record import KeptFigures
from allocation.record.versions import FOLDER, Version, parameter_texts, read_register, recorded
from allocation.tables.recipients import Recipients, read_recipients, standings
from allocation.tables.table import Table
from allocation.texts import LANGUAGES, Both, exact_text

ENDINGS = (".csv", ".xlsx", ".xls")


@dataclass(frozen=True)
class OnRecord:
    """Versions that a table stands beside: those of the folder `out`, and which issue it is read for."""

    out: Path
    issue: IssueKey


def compared(
    model: Model,
    table: Table,
    *,
    recipients: Path | None = None,
    last: Path | None = None,
    crosswalk: Path | None = None,
    resolve: Iterable[tuple[str, str | None]] = (),
    case: CaseFile | None = None,
    on_record: OnRecord | None = None,
) -> Table:
    """The table with what was asked for and what is at hand beside it, and notes on what could not be read.

    `resolve` are reasons given now; the `case` has others. `on_record`: the versions it is compared with. Raises what
    is wrong with files that were named.
    """
    problems: list[Problem] = []
    notes: list[Problem] = []
    named = tried(problems, read_recipients, recipients) if recipients else None
    registers = ((named,) if named else ()) if recipients else registers_at_hand(table, notes)
    listing = tried(problems, read_last_year, last, model, table.year) if last else None
    moves = tried(problems, _moves, crosswalk, model, notes) if crosswalk else ()
    if problems:
        raise AllocationError(problems)
    register = _register(on_record) if on_record else []
    versions, earlier = _versions(on_record, register, model, listing is not None) if on_record else ([], {})
    listings = (listing, *versions) if listing else tuple(versions)
    numbered = _numbered(on_record, register, case, model, table)
    beside = Beside(listings, registers, moves or (), tuple(resolve), {**earlier, **(case.resolved if case else {})},
                    case.crossed if case else (), _batches(on_record, register, model),
                    _advance(on_record, register, model), numbered)  # fmt: skip
    notes += [note for register in registers for note in register.notes]
    notes += [note for listing in listings for note in listing.notes]
    standing = standings(registers, table.codes)
    return replace(table, beside=beside, standing=standing, notes=(*table.notes, *notes))


def registers_at_hand(table: Table, notes: list[Problem]) -> tuple[Recipients, ...]:
    """Every register in `inputs/` that shares units with the table, of the folder one works in or of a house above it.

    The shipped one is a sample's, and says nothing of somebody's own table elsewhere. One that cannot be read is noted.
    """
    for folder in own_folders("inputs"):
        registers = []
        for file in sorted(folder.glob("recipients*.*")):
            if file.suffix.lower() not in ENDINGS:
                continue
            try:
                registers.append(read_recipients(file))
            except AllocationError as error:
                said = Both(*(error.problems[0].text(lang) for lang in LANGUAGES))
                notes.append(Problem("doubts.register_unread", {"problem": said}, file.name))
        if shared := tuple(register for register in registers if shares_units(table, register)):
            return shared
    return ()


def _moves(path: Path, model: Model, notes: list[Problem]) -> tuple[tuple[int, str, str], ...]:
    from allocation.collecting.crosswalk import read_crosswalk

    return tuple((step.year, step.source, step.target) for step in read_crosswalk(path, model.units, notes))


def _register(on_record: OnRecord) -> list[Version]:
    """The versions of the fund; a folder whose register is lost or spoilt says so itself when a version is made."""
    if not on_record.issue.year:
        return []
    try:
        return [version for version in read_register(on_record.out / FOLDER) if version.model == on_record.issue.model]
    except AllocationError:
        return []


def _batches(on_record: OnRecord | None, register: list[Version], model: Model) -> tuple[BatchTotal, ...]:
    """Beside a batch that is no main issue: all of its kind in the last year that had any, and this year's main one."""
    if on_record is None or on_record.issue.batch.kind == MAIN:
        return ()
    year, kind = on_record.issue.year or 0, on_record.issue.batch.kind
    alike = [version for version in register if version.issue.batch.kind == kind and version.year < year]
    before = max((version.year for version in alike), default=None)
    chosen = [version for version in alike if version.year == before]
    chosen += [version for version in register if version.issue == IssueKey(on_record.issue.model, year)]
    lasts = {version.issue: version for version in sorted(chosen, key=lambda version: version.order)}
    amounts = [(version, amount_in(version.total, version.unit, model)) for version in lasts.values()]
    return tuple(
        BatchTotal(version.issue.batch.kind, version.year, amount, _said(version))
        for version, amount in amounts
        if amount
    )


def _advance(on_record: OnRecord | None, register: list[Version], model: Model) -> AdvanceOnRecord | None:
    """Beside the first main issue of a year: all that was given in advance, a correction in place of what it put
    right."""
    if on_record is None or on_record.issue != IssueKey(on_record.issue.model, on_record.issue.year):
        return None
    of_year = [version for version in register if version.year == on_record.issue.year and version.stage in ISSUED]
    lasts = {version.issue: version for version in of_year if version.issue.batch.kind == ADVANCE}
    amounts: dict[str, Fraction] = {}
    names: dict[str, str] = {}
    for version in lasts.values():
        record = recorded(on_record.out / FOLDER, version)
        for code, text in (record.figures.awards if record and record.figures else {}).items():
            amounts[code] = amounts.get(code, Fraction(0)) + (amount_in(text, version.unit, model) or 0)
        names |= record.names if record else {}
    if not any(amounts.values()):
        return None
    said = [version.both for version in lasts.values()]
    return AdvanceOnRecord(amounts, names, Both(*("、".join(both[lang] for both in said) for lang in LANGUAGES)))


def _numbered(
    on_record: OnRecord | None, register: list[Version], case: CaseFile | None, model: Model, table: Table
) -> tuple[Doubt, ...]:
    """That another batch of the fund was issued under the number that the case says its document has; where it has none
    yet, that another of its kind was issued on the same figures."""
    if on_record is None or case is None:
        return ()
    issue, plain = on_record.issue, plain_number(case.facts.number)
    others: dict[str, list[Both]] = {}
    alike: list[Both] = []
    for version in register:
        if version.stage == "final" and version.issue != issue:
            record = recorded(on_record.out / FOLDER, version)
            others.setdefault(plain_number(record.facts.get("number", "") if record else ""), []).append(version.both)
            of_kind = (version.year, version.issue.batch.kind) == (issue.year, issue.batch.kind)
            if not plain and of_kind and record and record.figures and _same_figures(record.figures, model, table):
                alike.append(version.both)
    where = case.places.get((FACT, "number"), case.path.name)
    if not plain:
        return tuple(copied_doubts(case.facts.number, where, alike))
    return tuple(number_doubts(case.facts.number, where, others))


def _same_figures(held: KeptFigures, model: Model, table: Table) -> bool:
    """Whether a version rests on the very figures of this table and these parameters, whatever was attached to it."""
    parameters = [pair for entry in model.parameters.values() for pair in parameter_texts(entry)]
    if any(held.parameters.get(address) != text for address, text in parameters):
        return False
    for name, values in table.values.items():
        if held.inputs.get(name) != dict(zip(table.codes, map(exact_text, values), strict=True)):
            return False
    return True


def _said(version: Version) -> Both:
    return Both(*(" ".join([str(version.year), version.issue.batch.label[lang]]) for lang in LANGUAGES))


def _versions(
    on_record: OnRecord, register: list[Version], model: Model, named: bool
) -> tuple[list[Listing], dict[str, Resolution]]:
    """The last version of this issue and of the latest year before it, and the reasons kept in those of its year.

    `named`: a file of last year's was named, which holds in place of what is on record.
    """
    folder, issue = on_record.out / FOLDER, on_record.issue
    year = issue.year
    if not year:
        return [], {}
    of_year = [version for version in register if version.year == year]
    before = max((version.year for version in register if version.year < year), default=None)
    earlier: dict[str, Resolution] = {}
    for version in of_year:
        if held := recorded(folder, version):
            earlier |= from_record(held).resolutions
    same = [version for version in of_year if version.issue == issue]
    past = [version for version in register if version.year == before]
    past = [version for version in past if version.issue.batch == FORMAL] or past
    lasts = [*same[-1:], *([] if named else past[-1:])]
    listings = [_listing(folder, version, model) for version in lasts]
    return [listing for listing in listings if listing], earlier


def _listing(folder: Path, version: Version, model: Model) -> Listing | None:
    record = recorded(folder, version)
    return record_listing(VERSION, record, version.record, model) if record else None
