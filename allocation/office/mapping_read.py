"""A mapping read off a receiving system's template for a final version: proposed, tried on the template, as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from allocation.case import Batch
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.filling.code_lists import code_lists
from allocation.filling.confirming import MappingSaid, mapping_text
from allocation.filling.filled import Stamp, filled
from allocation.filling.lines import fill_lines
from allocation.filling.proposing import Proposal, propose
from allocation.filling.reading import read_unmapped
from allocation.filling.template import template_of
from allocation.office.filling import IssuedOnRecord, issued_on_record
from allocation.texts import Speaker
from allocation.xlsx.import_mapping import load_mapping, mapping_from_text
from allocation.xlsx.importing import find_mapping

PREVIEWED = 8  # rows that are shown


@dataclass(frozen=True)
class MappingAsked:
    """Of which template, for which model, case or version. `sheet` and `headings` (`4` or `4-5`) where the program does
    not see them by itself; `held` a mapping and `before` a filled template of last time."""

    template: Path
    model: str
    out: Path
    year: int | None = None
    batch: Batch | None = None
    sheet: str = ""
    headings: str = ""
    held: Path | None = None
    before: Path | None = None


@dataclass(frozen=True)
class MappingRead:
    issued: IssuedOnRecord
    proposal: Proposal


@dataclass(frozen=True)
class MappingTried:
    """`text` of the mapping; `heads` and the first `rows` of the template as it would be filled; `notes` of it."""

    text: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    cells: int
    notes: Sequence[Problem]


def mapping_read(asked: MappingAsked) -> MappingRead:
    """Raises where there is no final version, and where no headings are recognised."""
    issued = issued_on_record(asked.model, asked.out, asked.year, asked.batch)
    rows = _rows(asked.headings)
    read = read_unmapped(asked.template, issued.run, asked.sheet, rows)
    held = load_mapping(asked.held, issued.run.model) if asked.held else find_mapping(issued.run.model)
    before = read_unmapped(asked.before, issued.run, asked.sheet, rows) if asked.before else None
    return MappingRead(issued, propose(read, issued.run, held, before))


def _rows(text: str) -> tuple[int, ...]:
    """Rows from zero of `4` or `4-5`."""
    first, _, last = text.replace("—", "-").replace("－", "-").partition("-")
    ends = [part.strip() for part in (first, last or first)]
    if not text.strip():
        return ()
    if not all(end.isdecimal() and int(end) > 0 for end in ends) or not 0 <= int(ends[1]) - int(ends[0]) < 10:
        raise AllocationError(Problem("filling.headings_said", {"found": text}))
    return tuple(range(int(ends[0]) - 1, int(ends[1])))


def mapping_tried(read: MappingRead, said: MappingSaid, speaker: Speaker, file: str) -> MappingTried:
    """The mapping as text, once the template has been filled by it in memory. Raises what is still to be asked, and all
    that stands against filling."""
    proposal, run = read.proposal, read.issued.run
    text = mapping_text(proposal, said, speaker, file)
    template = proposal.read.template
    layout = replace(mapping_from_text(text, f"{said.title}.toml", run.model), folder=Path())
    assert layout.template is not None  # it was just written
    problems: list[Problem] = []
    lists = code_lists(layout, template, problems)
    lines = fill_lines(run, layout, lists, problems)
    version = read.issued.version
    stamp = Stamp(version.label("zh").removesuffix(f" {version.short}"), version.short)
    book = filled(template, layout, layout.template, lines, lists, run.model.units, stamp, problems)
    sheet = template_of(template.file, book.data, template.sheet.name).sheet
    columns = [heading.column for heading in proposal.read.headings]
    end = min(proposal.read.first + PREVIEWED, len(sheet.rows))
    rows = tuple(tuple(sheet.cell(row, column).text for column in columns) for row in range(proposal.read.first, end))
    heads = tuple(heading.path for heading in proposal.read.headings)
    return MappingTried(text, heads, rows, book.cells, book.notes)
