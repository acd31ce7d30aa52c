"""A template filled in memory; two workbooks told apart by part and cell, by nothing of the program."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

from allocation.errors import AllocationError
from allocation.filling.code_lists import code_lists
from allocation.filling.filled import FilledTemplate, Stamp, filled
from allocation.filling.lines import FillLine, fill_lines
from allocation.filling.template import read_template
from allocation.run.run import Run
from allocation.xlsx.import_mapping import load_mapping

CELL = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*?(?:/>|>.*?</c>)', re.DOTALL)
RESULT = re.compile(rb"(<f\b.*?</f>|<f\b[^>]*/>)(?:<v>.*?</v>|<v/>)?", re.DOTALL)
STAMP = Stamp("正式稿 第1稿", "3fa91c07")


def fill_in(run: Run, folder: Path, template: str, layout: str) -> tuple[FilledTemplate, list[FillLine]]:
    """The template of that name with the figures of a run, by the layout of that name."""
    mapping = load_mapping(folder / layout, run.model)
    problems: list = []
    spec = mapping.template
    assert spec is not None
    book = read_template(folder / template, spec.sheet)
    lists = code_lists(mapping, book, problems)
    lines = fill_lines(run, mapping, lists, problems)
    return filled(book, mapping, spec, lines, lists, run.model.units, STAMP, problems), lines


def refused(run: Run, folder: Path, template: str, layout: str) -> dict[str, str]:
    """Where each thing is that stands against filling, by its message; several cells of a message are joined."""
    try:
        fill_in(run, folder, template, layout)
    except AllocationError as error:
        told: dict[str, str] = {}
        for problem in error.problems:
            told[problem.id] = "; ".join(filter(None, [told.get(problem.id, ""), problem.where]))
            assert problem.text("zh") and problem.text("en") and "{" not in problem.text("zh") + problem.text("en")
        return told
    return {}


def changed_parts(before: bytes, after: bytes) -> list[str]:
    """The parts whose bytes differ; that none came, went or moved is asserted."""
    old, new = zipfile.ZipFile(BytesIO(before)), zipfile.ZipFile(BytesIO(after))
    assert [info.filename for info in old.infolist()] == [info.filename for info in new.infolist()]
    return [name for name in old.namelist() if old.read(name) != new.read(name)]


def changed_cells(before: bytes, after: bytes, part: str) -> set[str]:
    """The cells of a sheet whose bytes differ, results of formulas aside; all between the cells must be as it was."""
    old, new = (zipfile.ZipFile(BytesIO(data)).read(part) for data in (before, after))
    cells = [{match[1].decode(): RESULT.sub(rb"\1", match[0]) for match in CELL.finditer(data)} for data in (old, new)]
    changed = {name for name in {*cells[0], *cells[1]} if cells[0].get(name) != cells[1].get(name)}
    empty = re.compile(rb'<row r="\d+"></row>')
    bare = [empty.sub(b"", CELL.sub(b"", data)) for data in (old, new)]
    assert bare[0] == bare[1]
    return changed
