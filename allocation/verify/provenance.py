"""What the record says a workbook was, beside what it is now: its model, its counties, what was edited since."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from allocation.analysis.parameter_workbook import entries
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.folders import folders
from allocation.files.given_files import given_bytes
from allocation.policy.model import Model
from allocation.policy.schema import figure_or_text
from allocation.record.reading import read_record
from allocation.record.record import Record, as_json, digest
from allocation.run.run import Run
from allocation.run.scenario import Change, Changed
from allocation.tables.reading import read_table
from allocation.tables.said import said_again
from allocation.tables.table import Table
from allocation.texts import Both, exact_text
from allocation.verify.comparing import Difference
from allocation.verify.own_figures import RunInBook, same
from allocation.verify.reopened import Reopened
from allocation.verify.rerun_sources import archived
from allocation.verify.restoring import figure_of, ledger_figures, written_model
from allocation.xlsx.layout import FIRST, letters
from allocation.years.timeline import project, year_of

CODE = 1  # the column of codes on 数据; names are beside it


@dataclass(frozen=True)
class Edited(Changed):
    """A change since the workbook was written; `part` says in which of several runs."""

    part: Both = Both("", "")


def record_differences(book: Reopened, manifest: Path | None) -> list[Difference]:
    """The record's fields that are not as they were sealed, and those that are not the manifest's."""
    title, record = book.name("trace"), book.record
    sealed = record.unsealed() if record.seals else ()
    lines = [Difference("record", title, column=key) for key in sealed]
    hashes = {digest(text) for text in (record.model.text, record.model.text.rstrip("\n"),
                                        record.model.text.replace("\n", "\r\n"))}  # fmt: skip
    if record.model.sha256 not in hashes and "model" not in sealed:
        lines.append(
            Difference("model", title, actual=digest(record.model.text)[:12], expected=record.model.sha256[:12])
        )
    if manifest is None:
        return lines
    written, kept = _leaves(read_manifest(manifest)), _leaves(record)
    keys = [key for key in {**written, **kept} if written.get(key) != kept.get(key)]
    return lines + [Difference("manifest", title, column=" → ".join(key), actual=_said(kept.get(key)),
                               expected=_said(written.get(key))) for key in keys]  # fmt: skip


def read_manifest(path: Path) -> Record:
    try:
        return read_record(given_bytes(path), str(path))
    except OSError as error:
        raise AllocationError(Problem("verify.manifest", {"detail": error}, str(path))) from None


def _leaves(value: object, *place: str) -> dict[tuple[str, ...], object]:
    """What a record holds by its place; the figures of a version's own file are in no workbook's record."""
    value = as_json(value) if isinstance(value, Record) else value
    if isinstance(value, dict):
        parts = [(key, held) for key, held in value.items() if place or key not in ("figures", "seals")]
        return {key: held for name, part in parts for key, held in _leaves(part, *place, name).items()}
    return {place: value}


def _said(value: object) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def county_differences(in_book: RunInBook, original: Table | None) -> list[Difference]:
    """Rows of 数据 against the counties the record lists awards of; codes and names against `original`, or the record.

    A code that was changed is named once, as that of its cell.
    """
    title, kept, had = in_book.sheet.title, dict(in_book.kept.names), in_book.kept.rows
    kept |= dict(zip(original.codes, original.names, strict=True)) if original else {}
    lines, rows, names = [], {}, {}
    for place, row in enumerate(in_book.rows):
        code, name = in_book.table.codes[place], in_book.table.names[place]
        was = had[place] if place < len(had) else code
        if kept.get(code) != name and was != code and kept.get(was) == name:
            lines.append(Difference("recoded", title, f"{letters(CODE)}{row + 1}", actual=code, expected=was))
            code = was
        elif kept.get(code, name) != name:
            lines.append(
                Difference("renamed", title, f"{letters(CODE + 1)}{row + 1}", actual=name, expected=kept[code])
            )
        rows[code], names[code] = str(row + 1), name
    lines += [Difference("row_gone", title, county=code) for code in had if code not in names]
    lines += [Difference("row_added", title, rows[code], f"{code} {names[code]}") for code in rows if code not in had]
    order = [code for code in rows if code in had]
    before = [code for code in had if code in rows]
    lines += [
        Difference("row_moved", title, rows[code], f"{code} {names[code]}")
        for code, other in zip(order, before, strict=True)
        if code != other
    ]
    together = in_book.rows == list(range(FIRST, FIRST + len(in_book.rows)))
    return lines if together else [*lines, Difference("row_blank", title)]


def edited(book: Reopened, every: Sequence[RunInBook], originals: Sequence[Table | None]) -> list[Edited]:
    """Old → new of every parameter, and of every figure where the input file is at hand, since it was written."""
    model = written_model(book.record)
    changed = [*_edges(model, every[0])]
    for in_book, original in zip(every, originals, strict=True):
        changed += [*_parameters(model, in_book), *(_figures(book, in_book, original) if original else ())]
    return changed


def _figures(book: Reopened, in_book: RunInBook, original: Table) -> Iterator[Edited]:
    """What the table has now and had then."""
    moved = ledger_figures(book.record) | {
        (change.name, change.county): change.new for change in in_book.before if change.county
    }
    names = dict(zip(in_book.table.codes, in_book.table.names, strict=True))
    for name in in_book.places:
        if (name, 0) not in original.cells:
            continue  # joined the table from another file
        olds = dict(zip(original.codes, original.values[name], strict=True))
        for code, new in zip(in_book.table.codes, in_book.table.values[name], strict=True):
            old = moved.get((name, code), olds.get(code))
            if code in olds and (name, code) not in in_book.unread and not same(new, old):
                yield Edited(name, "", names[code], old, new, part=in_book.part)


def _parameters(model: Model, in_book: RunInBook) -> Iterator[Edited]:
    had = {(change.name, change.key): change.new for change in in_book.before if not change.county}
    now = {change.address: change.value for change in in_book.changes}
    for entry, key, value, address in entries(model):
        old, new = had.get((entry.name, key), value), now.get(address, value)
        if (entry.name, key) not in in_book.unread and not same(new, old):
            yield Edited(entry.name, key, "", old, new, part=in_book.part)


def _edges(model: Model, in_book: RunInBook) -> Iterator[Edited]:
    for name, entry in model.parameters.items():
        for old, new in zip(entry.bands, in_book.model.parameters[name].bands, strict=True):
            if old.edge != new.edge:
                yield Edited(name, "", "", old.edge, new.edge)


def original_tables(path: Path, book: Reopened, every: Sequence[RunInBook]) -> list[Table | None]:
    """What each run's table was when the workbook was written, as far as its file is at hand; projected years by it."""
    apart = {(in_book.table.year, in_book.kept.projected): in_book for in_book in every}  # all scenarios have one table
    read = {key: original_table(path, book.record, in_book) for key, in_book in apart.items()}
    tables = [read[in_book.table.year, in_book.kept.projected] for in_book in every]
    ahead = [place for place, in_book in enumerate(every) if in_book.kept.projected]
    base = tables[ahead[0] - 1] if ahead else None
    if base is not None:
        growth = [Change(address, figure_of(rate)) for address, rate in book.record.growth.items()]
        projected = project(every[0].model, base, growth, year_of(every[-1].table))
        tables[ahead[0] :] = [replace(table, cells=base.cells) for table in projected]
    return tables


def original_table(path: Path, record: Record, in_book: RunInBook) -> Table | None:
    """The input file the workbook was made from, if it stands unchanged beside it, in the case kept with it, above it,
    where one works or in `inputs/`."""
    name = "" if in_book.kept.projected else in_book.table.file
    inputs = {key: replace(entry, optional=True) for key, entry in in_book.model.inputs.items()}  # some joined it later
    model, said = replace(in_book.model, inputs=inputs), said_again(in_book.table.said)
    places = (path.parent, *archived(record, path), path.parent.parent, Path(), *folders("inputs"))
    kept = record.case.files.items() if record.case else ()
    names = dict.fromkeys([name, *(Path(file).name for file, sha256 in kept if sha256 == in_book.table.sha256)])
    sheet = in_book.table.sheet or None
    for file in [folder / name for folder in dict.fromkeys(places) for name in names] if name else ():
        try:
            table = read_table(file, model, sheet=sheet, year=in_book.table.year, unused=said.unused, rows=said.rows)
        except AllocationError:
            continue
        if table.sha256 == in_book.table.sha256:
            return table
    return None


def award_changes(in_book: RunInBook, run: Run) -> list[Edited]:
    """Awards that are no longer those of the record: something the workbook computes from was edited."""
    changed = []
    for code, county, new in zip(run.table.codes, run.table.names, run.numbers(run.model.award), strict=True):
        old = in_book.kept.awards.get(code)
        if old and not same(figure_or_text(exact_text(new)), figure_or_text(old)):
            changed.append(Edited(run.model.award, "", county, figure_or_text(old), new, part=in_book.part))
    return changed
