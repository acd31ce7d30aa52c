"""What 溯源 says a workbook was, beside what it is now: its model text, its counties, what was edited since."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from allocation.errors import AllocationError, Problem
from allocation.finding import HOUSE
from allocation.loading import model_from_text
from allocation.model import Model
from allocation.run import Run
from allocation.scenario import Changed
from allocation.schema import figure_or_text
from allocation.study.parameter_workbook import entries
from allocation.tables.reading import read_table
from allocation.tables.table import Table
from allocation.texts import exact_text
from allocation.workbook.comparing import Difference
from allocation.workbook.files import digest
from allocation.workbook.layout import FIRST
from allocation.workbook.ledger_record import recorded_figures
from allocation.workbook.own_figures import Sources, same
from allocation.workbook.pages import flat
from allocation.workbook.reopened import Reopened, recorded_changes


def record_differences(book: Reopened, manifest: Path | None) -> list[Difference]:
    """The model text against its hash, and the record against the manifest written beside the workbook."""
    title, body = book.sheets["trace"].title, book.model_text
    hashes = {digest(one) for one in (body, body.rstrip("\n"), body.replace("\n", "\r\n"))}
    said = book.said("model", "sha256")
    found = [] if said in hashes else [Difference("model", title, found=digest(body)[:12], expected=said[:12])]
    if manifest is None:
        return found
    try:
        written = {key: str(value) for key, value in flat(json.loads(manifest.read_text(encoding="utf-8-sig")))}
    except (OSError, ValueError, AttributeError) as error:
        raise AllocationError(Problem("verify.manifest", {"detail": error}, str(manifest))) from None
    shown = {key: value for key, value in written.items() if not key.startswith("figures.")}  # a version's own record
    keys = [key for key in {**shown, **book.record} if shown.get(key, "") != book.record.get(key, "")]
    return found + [
        Difference("manifest", title, column=key, found=book.record.get(key, ""), expected=written.get(key, ""))
        for key in keys
    ]


def county_differences(book: Reopened, found: Sources) -> list[Difference]:
    """Rows of 数据 against the counties the record lists awards of."""
    title, names = book.sheets["data"].title, dict(zip(found.table.codes, found.table.names, strict=True))
    had = [key.removeprefix("awards.") for key in book.record if key.startswith("awards.")]
    rows = {code: str(row + 1) for code, row in zip(found.table.codes, found.rows, strict=True)}
    lines = [Difference("row_gone", title, county=code) for code in had if code not in names]
    lines += [Difference("row_added", title, rows[code], f"{code} {names[code]}") for code in rows if code not in had]
    order = [code for code in rows if code in had]
    before = [code for code in had if code in rows]
    lines += [
        Difference("row_moved", title, rows[code], f"{code} {names[code]}")
        for code, other in zip(order, before, strict=True)
        if code != other
    ]
    together = found.rows == list(range(FIRST, FIRST + len(found.rows)))
    return lines if together else [*lines, Difference("row_blank", title)]


def edited(book: Reopened, found: Sources, original: Table | None) -> list[Changed]:
    """Old → new of every parameter, and of every figure where the input file is at hand, since it was written."""
    before = recorded_changes(book.record)
    model = model_from_text(book.model_text, book.model_file)
    changed = [*_parameters(model, found, {(one.name, one.key): one.new for one in before if not one.county})]
    moved = recorded_figures(book.record) | {(one.name, one.county): one.new for one in before if one.county}
    names = dict(zip(found.table.codes, found.table.names, strict=True))
    for name in model.inputs if original else ():
        if (name, 0) not in original.cells:
            continue  # joined the table from another file
        olds = dict(zip(original.codes, original.values[name], strict=True))
        for code, new in zip(found.table.codes, found.table.values[name], strict=True):
            old = moved.get((name, code), olds.get(code))
            if code in olds and (name, code) not in found.unread and not same(new, old):
                changed.append(Changed(name, "", names[code], old, new))
    return changed


def _parameters(model: Model, found: Sources, had: dict) -> Iterator[Changed]:
    now = {change.address: change.value for change in found.changes}
    for entry, key, value, address in entries(model):
        old, new = had.get((entry.name, key), value), now.get(address, value)
        if not same(new, old):
            yield Changed(entry.name, key, "", old, new)
    for name, entry in model.parameters.items():
        for old, new in zip(entry.bands, found.model.parameters[name].bands, strict=True):
            if old.edge != new.edge:
                yield Changed(name, "", "", old.edge, new.edge)


def original_table(path: Path, found: Sources) -> Table | None:
    """The input file the workbook was made from, if it stands beside it, above it or in `inputs/`, unchanged."""
    name = found.table.file
    inputs = {key: replace(entry, optional=True) for key, entry in found.model.inputs.items()}  # some joined it later
    for folder in (path.parent, path.parent.parent, Path("inputs"), HOUSE / "inputs") if name else ():
        try:
            table = read_table(folder / name, replace(found.model, inputs=inputs), year=found.table.year)
        except AllocationError:
            continue
        if table.sha256 == found.table.sha256:
            return table
    return None


def award_changes(book: Reopened, run: Run) -> list[Changed]:
    """Awards that are no longer those of the record: something the workbook computes from was edited."""
    changed = []
    for code, county, new in zip(run.table.codes, run.table.names, run.figures(run.model.award), strict=True):
        old = book.said("awards", code)
        if old and not same(figure_or_text(exact_text(new)), figure_or_text(old)):
            changed.append(Changed(run.model.award, "", county, figure_or_text(old), new))
    return changed
