"""The template with the figures of an issue in it: only empty, unlocked cells are filled, and nothing else moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from fractions import Fraction

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.filling.checks import refusals, unit_of_format
from allocation.filling.code_lists import CodeList
from allocation.filling.headings import headings_of, matched, moved, unit_problems
from allocation.filling.lines import AMOUNTS, FillLine, Value, sums_of, written
from allocation.filling.placing import Body, Placed, collapsed, placed
from allocation.filling.template import GivenTemplate, template_of
from allocation.language.units import Units
from allocation.opening.formula_cells import FormulaCells
from allocation.opening.splicing import asking_to_calculate, with_cells_and_results
from allocation.tables.cells import SourceCell
from allocation.tables.scan import area
from allocation.tables.spelling import fold
from allocation.tables.wording import TOTAL, wordings
from allocation.xlsx.import_mapping import ImportColumnSpec, TemplateSpec
from allocation.xlsx.import_mapping import Mapping as Layout

KEYS = ("code", "name", "line")
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
class _Filling:
    """What goes where in a template, and what stands against it."""

    template: GivenTemplate
    body: Body
    units: Units
    problems: list[Problem]
    notes: list[Problem] = field(default_factory=list)
    cells: Cells = field(default_factory=dict)

    def stamp(self, stamp: Stamp) -> None:
        """The cells declared for 稿次 and 校验码."""
        spec = self.body.spec
        for address, text in ((spec.version, stamp.version), (spec.digest, stamp.digest)):
            if address and (span := area(address)):
                self._write(span.top, span.left, text)

    def put(self, row: int, column: ImportColumnSpec, line: FillLine) -> None:
        """A value in its cell, where it does not stand there already."""
        at, value = self.body.over[column.name].column, line.values[column.name]
        if value is None or value == "":
            return
        there = self.template.sheet.cell(row, at)
        if not there.empty and (row, at) not in self.template.formulas:
            if _same(there, value) or fold(there.text) == fold(line.texts.get(column.name, "\0")):
                return
            if column.take in KEYS:
                if self.body.spec.units != column.take:
                    slots = {"name": column.zh, "found": there.text, "wanted": written(value), "unit": line.name}
                    self.problems.append(Problem("filling.key_differs", slots, self.template.where(row, at)))
                return
        if isinstance(value, Fraction):
            self.problems += unit_of_format(self.template, row, at, value, column, self.units)
        self._write(row, at, value)

    def _write(self, row: int, column: int, value: str | Fraction) -> None:
        self.cells[row, column] = value
        for problem, strict in refusals(self.template, row, column, value):
            (self.problems if strict else self.notes).append(problem)

    def check(self) -> None:
        """Raises all that stands against it so far."""
        if self.problems:
            raise AllocationError(collapsed(self.problems))

    def totals(self, after: GivenTemplate, places: Placed, sums: Mapping[str, Fraction]) -> None:
        """Every total that the template has, by formula or written, is that of the run."""
        for name, (row, column) in _total_cells(self.body, places):
            cell, where = after.sheet.cell(row, column), after.where(row, column)
            over = self.body.over
            slots = {"column": over[name].path if name in over else name, "total": sums[name]}
            if cell.uncached or cell.empty:
                message = "total_later" if cell.uncached else "total_blank"
                self.notes.append(Problem(f"filling.{message}", slots, where))
            elif isinstance(cell.value, bool) or not isinstance(cell.value, int | float):
                self.problems.append(Problem("filling.total_text", {**slots, "found": cell.text}, where))
            elif f"{cell.value:.15g}" != f"{float(sums[name]):.15g}":
                gap = Fraction(f"{cell.value:.15g}") - sums[name]
                self.problems.append(Problem("filling.total_differs", {**slots, "found": cell.text, "gap": gap}, where))


def filled(
    template: GivenTemplate,
    layout: Layout,
    spec: TemplateSpec,
    lines: Sequence[FillLine],
    lists: Mapping[str, CodeList],
    units: Units,
    stamp: Stamp,
    problems: Sequence[Problem] = (),
) -> FilledTemplate:
    """Raises all that is wrong with template and layout, and `problems`, with the cell or the key."""
    told, sheet, rows = [*problems], template.sheet, [row - 1 for row in spec.headings]
    where = f"{template.file}: {sheet.name}!{spec.headings[0]}:{spec.headings[-1]}"
    headings = headings_of(sheet, rows)
    told += moved(headings, spec.pinned, where) if spec.pinned else []
    over = matched(headings, layout.columns, where, told)
    told += unit_problems(sheet, rows[0], layout.columns, over, units)
    called = frozenset(fold(text) for line in lines for text in (line.unit, line.name))
    body = Body(sheet, layout, spec, over, called)
    places = placed(body, lines, lists, told)
    filling = _Filling(template, body, units, told, places.notes)
    filling.stamp(stamp)
    for row, line in places.rows.items():
        for column in layout.columns:
            if column.name in over:
                filling.put(row, column, line)
    filling.check()
    data = with_cells_and_results(template.file, template.data, {sheet.name: filling.cells})
    if _emptied(template, data):
        data = asking_to_calculate(template.file, data)
    filling.totals(template_of(template.file, data, sheet.name), places, sums_of(lines, layout))
    filling.check()
    return FilledTemplate(data, len(filling.cells), tuple(collapsed(filling.notes)))


def _same(cell: SourceCell, value: Value) -> bool:
    """Whether a cell holds a value already."""
    return cell.text == f"{float(value):.15g}" if isinstance(value, Fraction) else fold(cell.text) == fold(value or "")


def _emptied(template: GivenTemplate, data: bytes) -> bool:
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


def _total_cells(body: Body, places: Placed) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each cell of a total with the column it is of: of a row 合计, and those that the layout declares."""
    for row in places.totals:
        if TOTAL in wordings(body.sheet.rows[row]):
            yield from ((column.name, (row, body.over[column.name].column)) for column in body.columns(*AMOUNTS))
    for name, address in body.spec.totals.items():
        if span := area(address):
            yield name, (span.top, span.left)
