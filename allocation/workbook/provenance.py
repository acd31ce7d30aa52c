"""What 溯源 says a workbook was, beside what it is now: its model text, its counties, what was edited since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from allocation.analysis.parameter_workbook import entries
from allocation.doubts.doubt import Doubts, from_record
from allocation.errors import AllocationError, Problem
from allocation.folders import folders
from allocation.given_files import given_json
from allocation.model import Model
from allocation.run import Run
from allocation.scenario import Change, Changed
from allocation.schema import figure_or_text
from allocation.tables.reading import read_table
from allocation.tables.said import said_again
from allocation.tables.table import Table
from allocation.texts import Both, exact_text
from allocation.workbook.comparing import Difference
from allocation.workbook.files import digest, names_digest
from allocation.workbook.layout import FIRST, letters
from allocation.workbook.ledger_record import recorded_figures
from allocation.workbook.own_figures import Sources, same
from allocation.workbook.pages import flat
from allocation.workbook.reopened import Reopened
from allocation.workbook.settings_record import written_model
from allocation.years.timeline import project

CODE = 1  # the column of codes on 数据; names are beside it


@dataclass(frozen=True)
class Edited(Changed):
    """A change since the workbook was written; `part` says in which of several runs."""

    part: Both = Both("", "")


def record_differences(book: Reopened, manifest: Path | None) -> list[Difference]:
    """The model text and the names against their hashes, and the record against the manifest of the workbook."""
    title, body = book.needed("trace").title, book.model_text
    hashes = {digest(one) for one in (body, body.rstrip("\n"), body.replace("\n", "\r\n"))}
    said = book.said("model", "sha256")
    found = [] if said in hashes else [Difference("model", title, found=digest(body)[:12], expected=said[:12])]
    names, kept = recorded_names(book, "names"), book.said("names_sha256")
    if (names or kept) and (own := names_digest(names)) != kept:
        found.append(Difference("names", title, found=own[:12], expected=kept[:12]))
    if manifest is None:
        return found
    try:
        written = {key: str(value) for key, value in flat(given_json(manifest))}
    except (OSError, ValueError, AttributeError) as error:
        raise AllocationError(Problem("verify.manifest", {"detail": error}, str(manifest))) from None
    shown = {key: value for key, value in written.items() if not key.startswith("figures.")}  # a version's own record
    keys = [key for key in {**shown, **book.record} if shown.get(key, "") != book.record.get(key, "")]
    return found + [
        Difference("manifest", title, column=key, found=book.record.get(key, ""), expected=written.get(key, ""))
        for key in keys
    ]


def recorded_names(book: Reopened, front: str) -> dict[str, str]:
    """The counties' names by code as they were written; none in a workbook from before they were kept."""
    return {key.removeprefix(f"{front}."): name for key, name in book.record.items() if key.startswith(f"{front}.")}


def recorded_doubts(record: Mapping[str, str]) -> Doubts:
    """The doubts as 溯源 keeps them, line by line."""
    said: dict[str, dict[str, str]] = {}
    for key, text in record.items():
        front, _, rest = key.partition(".")
        id, _, field = rest.rpartition(".")
        if front == "doubts":
            said.setdefault(id, {})[field] = text
    return from_record(said)


def county_differences(book: Reopened, found: Sources, original: Table | None) -> list[Difference]:
    """Rows of 数据 against the counties the record lists awards of; codes and names against `original`, or the record.

    A code that was changed is named once, as that of its cell.
    """
    title, kept = found.sheet.title, recorded_names(book, found.named)
    kept |= dict(zip(original.codes, original.names, strict=True)) if original else {}
    had = [key.removeprefix(f"{found.front}.") for key in book.record if key.startswith(f"{found.front}.")]
    lines, rows, names = [], {}, {}
    for place, row in enumerate(found.rows):
        code, name = found.table.codes[place], found.table.names[place]
        was = had[place] if place < len(had) else code
        if kept.get(code) != name and was != code and kept.get(was) == name:
            lines.append(Difference("recoded", title, f"{letters(CODE)}{row + 1}", found=code, expected=was))
            code = was
        elif kept.get(code, name) != name:
            lines.append(Difference("renamed", title, f"{letters(CODE + 1)}{row + 1}", found=name, expected=kept[code]))
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
    together = found.rows == list(range(FIRST, FIRST + len(found.rows)))
    return lines if together else [*lines, Difference("row_blank", title)]


def edited(book: Reopened, every: Sequence[Sources], originals: Sequence[Table | None]) -> list[Edited]:
    """Old → new of every parameter, and of every figure where the input file is at hand, since it was written."""
    model = written_model(book)
    changed = [*_edges(model, every[0])]
    for found, original in zip(every, originals, strict=True):
        changed += [*_parameters(model, found), *(_figures(book, found, original) if original else ())]
    return changed


def _figures(book: Reopened, found: Sources, original: Table) -> Iterator[Edited]:
    """What the table has now and had then."""
    moved = recorded_figures(book.record) | {(one.name, one.county): one.new for one in found.before if one.county}
    names = dict(zip(found.table.codes, found.table.names, strict=True))
    for name in found.places:
        if (name, 0) not in original.cells:
            continue  # joined the table from another file
        olds = dict(zip(original.codes, original.values[name], strict=True))
        for code, new in zip(found.table.codes, found.table.values[name], strict=True):
            old = moved.get((name, code), olds.get(code))
            if code in olds and (name, code) not in found.unread and not same(new, old):
                yield Edited(name, "", names[code], old, new, part=found.part)


def _parameters(model: Model, found: Sources) -> Iterator[Edited]:
    had = {(one.name, one.key): one.new for one in found.before if not one.county}
    now = {change.address: change.value for change in found.changes}
    for entry, key, value, address in entries(model):
        old, new = had.get((entry.name, key), value), now.get(address, value)
        if (entry.name, key) not in found.unread and not same(new, old):
            yield Edited(entry.name, key, "", old, new, part=found.part)


def _edges(model: Model, found: Sources) -> Iterator[Edited]:
    for name, entry in model.parameters.items():
        for old, new in zip(entry.bands, found.model.parameters[name].bands, strict=True):
            if old.edge != new.edge:
                yield Edited(name, "", "", old.edge, new.edge)


def original_tables(path: Path, book: Reopened, every: Sequence[Sources]) -> list[Table | None]:
    """What each run's table was when the workbook was written, as far as its file is at hand; projected years by it."""
    apart = {(found.table.year, found.projected): found for found in every}  # all scenarios have one table
    read = {key: original_table(path, found) for key, found in apart.items()}
    tables = [read[found.table.year, found.projected] for found in every]
    ahead = [place for place, found in enumerate(every) if found.projected]
    base = tables[ahead[0] - 1] if ahead else None
    if base is not None:
        growth = [Change(key.removeprefix("growth."), figure_or_text(rate)) for key, rate in book.record.items()
                  if key.startswith("growth.")]  # fmt: skip
        made = project(every[0].model, base, growth, every[-1].table.year)
        tables[ahead[0] :] = [replace(table, cells=base.cells) for table in made]
    return tables


def original_table(path: Path, found: Sources) -> Table | None:
    """The input file the workbook was made from, if it stands beside it, above it or in `inputs/`, unchanged."""
    name = "" if found.projected else found.table.file
    inputs = {key: replace(entry, optional=True) for key, entry in found.model.inputs.items()}  # some joined it later
    model, said = replace(found.model, inputs=inputs), said_again(found.table.said)
    for folder in (path.parent, path.parent.parent, *folders("inputs")) if name else ():
        try:
            table = read_table(folder / name, model, year=found.table.year, unused=said.unused, rows=said.rows)
        except AllocationError:
            continue
        if table.sha256 == found.table.sha256:
            return table
    return None


def award_changes(book: Reopened, found: Sources, run: Run) -> list[Edited]:
    """Awards that are no longer those of the record: something the workbook computes from was edited."""
    changed = []
    for code, county, new in zip(run.table.codes, run.table.names, run.figures(run.model.award), strict=True):
        old = book.said(found.front, code)
        if old and not same(figure_or_text(exact_text(new)), figure_or_text(old)):
            changed.append(Edited(run.model.award, "", county, figure_or_text(old), new, part=found.part))
    return changed
