"""The template with the figures of an issue in it: only empty, unlocked cells are filled, and nothing else moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from fractions import Fraction

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.filling.checks import refusals
from allocation.filling.code_lists import CodeList
from allocation.filling.headings import headings_of, matched, unit_problems
from allocation.filling.lines import AMOUNTS, FillLine, Value, sums_of
from allocation.filling.placing import Body, Placed, collapsed, placed
from allocation.filling.template import Template, template_of
from allocation.language.units import Units
from allocation.opening.formula_cells import FormulaCells
from allocation.opening.splicing import asking_to_calculate, with_cells_and_results
from allocation.tables.cells import SourceCell
from allocation.tables.scan import area
from allocation.tables.spelling import fold
from allocation.tables.wording import TOTAL, wording
from allocation.xlsx.import_mapping import ImportColumnSpec, TemplateSpec
from allocation.xlsx.import_mapping import Mapping as Layout

Cells = dict[tuple[int, int], str | Fraction]


@dataclass(frozen=True)
class Stamp:
    """Which version the figures are of: 稿次 and 校验码, for the cells that the layout declares."""

    version: str
    digest: str


@dataclass(frozen=True)
class FilledTemplate:
    """`cells`: how many were filled. `notes`: what could not be told of it."""

    data: bytes
    cells: int
    notes: tuple[Problem, ...]


@dataclass
class _Told:
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def filled(
    template: Template, layout: Layout, spec: TemplateSpec, lines: Sequence[FillLine], lists: Mapping[str, CodeList],
    units: Units, stamp: Stamp, problems: Sequence[Problem] = (),
) -> FilledTemplate:  # fmt: skip
    """Raises all that is wrong with template and layout, and `problems`, with the cell or the key."""
    told = _Told([*problems])
    rows = [row - 1 for row in spec.headings]
    heads = headings_of(template.sheet, rows)
    where = f"{template.file}: {template.sheet.name}!{spec.headings[0]}:{spec.headings[-1]}"
    found = matched(template.sheet, heads, layout.columns, where, told.problems)
    told.problems += unit_problems(template.sheet, rows[0], layout.columns, found, units)
    body = Body(template.sheet, layout, spec, found)
    places = placed(body, lines, lists, told.problems)
    cells = _stamped(template, spec, stamp, told)
    for row, line in places.rows.items():
        for column in layout.columns:
            if column.name in found:
                _put(body, template, row, column, line, cells, told)
    if told.problems:
        raise AllocationError(collapsed(told.problems))
    data = with_cells_and_results(template.file, template.data, {template.sheet.name: cells})
    if _emptied(template, data):
        data = asking_to_calculate(template.file, data)
    _check_totals(body, template_of(template.file, data, template.sheet.name), places, sums_of(lines, layout), told)
    if told.problems:
        raise AllocationError(collapsed(told.problems))
    return FilledTemplate(data, len(cells), tuple(collapsed(told.notes)))


def _stamped(template: Template, spec: TemplateSpec, stamp: Stamp, told: _Told) -> Cells:
    """The cells declared for 稿次 and 校验码."""
    cells: Cells = {}
    for address, text in ((spec.version, stamp.version), (spec.digest, stamp.digest)):
        if address and (span := area(address)):
            cells[span.top, span.left] = text
            _check(template, span.top, span.left, text, told)
    return cells


def _put(
    body: Body, template: Template, row: int, column: ImportColumnSpec, line: FillLine, cells: Cells, told: _Told
) -> None:
    """A value in its cell, where it does not stand there already."""
    at, value = body.found[column.name].column, line.values[column.name]
    if value is None or value == "":
        return
    there = template.sheet.cell(row, at)
    if not there.empty and (row, at) not in template.formulas:
        if _same(there, value) or fold(there.text) == fold(line.texts.get(column.name, "\0")):
            return
        if column.take in ("code", "name", "line"):
            if body.spec.units != column.take:
                slots = {"name": column.zh, "found": there.text, "wanted": _said(value), "unit": line.name}
                told.problems.append(Problem("filling.key_differs", slots, template.where(row, at)))
            return
    cells[row, at] = value
    _check(template, row, at, value, told)


def _check(template: Template, row: int, column: int, value: str | Fraction, told: _Told) -> None:
    for problem, strict in refusals(template, row, column, value):
        (told.problems if strict else told.notes).append(problem)


def _same(cell: SourceCell, value: Value) -> bool:
    """Whether a cell holds a value already."""
    return cell.text == _said(value) if isinstance(value, Fraction) else fold(cell.text) == fold(value or "")


def _said(value: Value) -> str:
    return f"{float(value):.15g}" if isinstance(value, Fraction) else value or ""


def _emptied(template: Template, data: bytes) -> bool:
    """Whether a formula of the book has a result no longer."""
    after = template_of(template.file, data, template.sheet.name)
    for before, now in zip(template.listed, after.listed, strict=True):
        if template.package.read(before.part) == after.package.read(now.part):
            continue
        formulas = FormulaCells(after.package.read(now.part)).formulas
        had, has = before.read(), now.read()
        if any(has.cell(*place).uncached and not had.cell(*place).uncached for place in formulas):
            return True
    return False


# ---- totals of the template


def _check_totals(body: Body, after: Template, places: Placed, sums: Mapping[str, Fraction], told: _Told) -> None:
    """Every total that the template has, by formula or written, is that of the run."""
    for name, (row, column) in _total_cells(body, places):
        cell, where = after.sheet.cell(row, column), after.where(row, column)
        slots = {"column": body.found[name].path if name in body.found else name, "total": sums[name]}
        if cell.uncached:
            told.notes.append(Problem("filling.total_later", slots, where))
        elif cell.empty:
            told.notes.append(Problem("filling.total_blank", slots, where))
        elif isinstance(cell.value, bool) or not isinstance(cell.value, int | float):
            told.problems.append(Problem("filling.total_text", {**slots, "found": cell.text}, where))
        elif f"{cell.value:.15g}" != f"{float(sums[name]):.15g}":
            gap = Fraction(f"{cell.value:.15g}") - sums[name]
            told.problems.append(Problem("filling.total_differs", {**slots, "found": cell.text, "gap": gap}, where))


def _total_cells(body: Body, places: Placed) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each cell of a total with the column it is of: of a row 合计, and those that the layout declares."""
    for row in places.totals:
        texts = [cell.text for cell in body.sheet.rows[row] if isinstance(cell.value, str)]
        if any(wording(text) == TOTAL for text in texts):
            yield from ((column.name, (row, body.found[column.name].column)) for column in body.columns(*AMOUNTS))
    for name, address in body.spec.totals.items():
        if span := area(address):
            yield name, (span.top, span.left)
