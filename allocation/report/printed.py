"""A table that people read, described once: what its lines stand for, what its columns say, what stands beside them.

A line is a unit or a sum over several; a column shows an entry of the model, a text of each unit, or a figure derived
from other columns by a formula of the model language (`terms.py`). Excel, terminal, notebook, letters and CSV are
renderers of such a table; its figures in memory are the table itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Literal

from allocation.classes import dataclass
from allocation.language import tree
from allocation.language.units import PURE, Unit, Units
from allocation.report.cut import TODAY, Cut
from allocation.report.formats import number_format
from allocation.report.terms import Term, terms_in, worked_out
from allocation.sealing import Sealed, seal_fields
from allocation.tables.keys import Figure
from allocation.texts import Both

NOTHING = Both("", "")
Shown = Figure | bool
Rows = tuple[int, ...]
PageLayout = Literal["annex", "approval"]
PaperSize = Literal["fit", "A4", "A3"]
Totals = Literal["sum", "own", "blank"]


@dataclass(frozen=True)
class PrintedLine:
    """One line. `rows`: the rows of the run's table it stands for, one of a unit, several of a sum.

    `of_which` is a sum or unit that is told again (其中), and counts in no total. `lead` stands before the name
    of a unit of a sum: 其中 before the first, as much room before the others. `alike`: the text inputs, with their
    texts, that a sum by what rows say goes by. `mixed`: a sum over what is booked apart, for checking only.
    """

    kind: Literal["unit", "subtotal", "of_which", "total"]
    label: Both
    rows: Rows
    indent: int = 0
    lead: Both = NOTHING
    alike: tuple[tuple[str, str], ...] = ()
    mixed: bool = False

    @property
    def stands_out(self) -> bool:
        """Whether it is a sum that is set in bold: none of unlike figures, none that tells a sum again."""
        return self.kind in ("subtotal", "total") and not self.mixed

    @property
    def summed(self) -> bool:
        return self.kind != "unit"


@dataclass(frozen=True)
class PrintedColumn:
    """One column. Without a node its figures are those of `entry`, or of nothing in the model where that is empty.

    `total`: what a line over several units has: their sum, the column's own formula over that line, or nothing.
    `guard`: a derived figure stands only where this truth holds. `identity`: `(5)=(3)+(4)` as (sign, key) pairs.
    `may_be_blank` and `default`: of an entry with blanks, and what stands in their place. `stands`: it rests on
    nothing that a run works out, and stays whatever the state of a workbook. `stub`: it names the lines. `dash`: 0 is
    written as —. `words`: what each of its texts is called, where they are keys. `signed`: which way a
    figure went is told of what grew too, where a text says it.
    """

    key: str
    label: Both
    unit: Unit = PURE
    decimals: int | None = None
    kind: Literal["number", "ordinal", "text", "truth"] = "number"
    total: Totals = "blank"
    heading: Both = NOTHING  # over several columns that have an item each
    item: Both = NOTHING
    entry: str = ""
    node: tree.Node | None = None
    guard: tree.Node | None = None
    identity: tuple[tuple[str, str], ...] = ()
    may_be_blank: bool = False
    default: Figure = None
    stands: bool = False
    stub: bool = False
    dash: bool = False
    words: tuple[tuple[str, Both], ...] = ()
    signed: bool = False

    @property
    def head(self) -> Both:
        """What stands over it, above its item where it has one."""
        return self.heading if self.heading != NOTHING else self.label

    @property
    def number(self) -> str:
        """The number format of its cells."""
        return number_format(self.unit, self.decimals, self.kind)

    @property
    def cell_number(self) -> str:
        """The same as a cell wears it: with a dash for 0 where that is asked for."""
        return f'{self.number};-{self.number};"—"' if self.dash else self.number

    @property
    def adds(self) -> bool:
        return self.total == "sum"

    @property
    def terms(self) -> tuple[Term, ...]:
        """What its formula speaks of."""
        return tuple(dict.fromkeys(term for node in (self.guard, self.node) if node for term in terms_in(node)))


@dataclass(frozen=True)
class PrintedBelow:
    """A figure that is one a run, told below the table."""

    entry: str
    label: Both  # with its unit
    number: str
    figure: Shown


@dataclass(frozen=True)
class Page:
    """The tables as an `annex` (附件) or for `approval` (呈批, with boxes to sign in); on which paper: `fit` is A4, or
    A3 where the type would be too small on that.

    `numbered`: a row below the headings counts the columns and says which is the sum of which. `signed`: somebody
    answers for it below.
    """

    layout: PageLayout = "annex"
    paper: PaperSize = "fit"
    numbered: bool = False
    signed: bool = True
    cut: Cut = TODAY

    @property
    def approval(self) -> bool:
        return self.layout == "approval"


@dataclass(frozen=True)
class PrintedTable:
    """`values` has the figures of entries and texts, one a row of the run's table; `scalars` those that are one a run.

    `unit` is told above the table; a column has its own beside its heading where that is another.
    """

    key: str
    title: Both
    unit: Unit
    units: Units
    lines: tuple[PrintedLine, ...]
    columns: tuple[PrintedColumn, ...]
    values: Mapping[str, Sequence[Shown]] = field(repr=False, default_factory=dict)
    scalars: Mapping[str, Shown] = field(repr=False, default_factory=dict)
    below: tuple[PrintedBelow, ...] = ()
    notes: tuple[Both, ...] = ()
    marks: Both = NOTHING
    page: Page = Page()

    def __post_init__(self) -> None:
        seal_fields(self)

    @cached_property
    def figures(self) -> Mapping[str, tuple[Shown, ...]]:
        """By column, one figure a line; None where there is none. A sum counts the units that the table leaves out."""
        if self._left_out:
            count, whole = len(self.lines), replace(self, lines=(*self.lines, *self._left_out))
            return Sealed({key: figures[:count] for key, figures in whole.figures.items()})
        known: dict[str, tuple[Shown, ...]] = {}
        for column in self.columns:
            if column.node is None:
                known[column.key] = tuple(self._given(column, line) for line in self.lines)
        for column in self.columns:
            if column.node is not None:
                known[column.key] = self._derived(column, column.node, known)
        return Sealed(known)

    @property
    def _left_out(self) -> tuple[PrintedLine, ...]:
        """The units that its sums stand for and that have no line."""
        shown = {line.rows[0] for line in self.lines if not line.summed}
        rows = dict.fromkeys(row for line in self.lines if line.summed for row in line.rows)
        return tuple(PrintedLine("unit", NOTHING, (row,)) for row in rows if row not in shown)

    def cell(self, column: PrintedColumn, line: int, lang: str) -> Shown:
        """What a column says of a line: its label where the column names the lines, else its figure or text."""
        at, value = self.lines[line], self.figures[column.key][line]
        if column.words and value is not None:
            return dict(column.words)[str(value)][lang]
        if not column.stub:
            return value
        return at.label[lang] if at.summed else "　" * at.indent + at.lead[lang] + str(value)

    def column(self, key: str) -> PrintedColumn | None:
        return next((column for column in self.columns if column.key == key), None)

    def _given(self, column: PrintedColumn, line: PrintedLine) -> Shown:
        values = self.values[column.key if column.key in self.values else column.entry]
        if not line.summed:
            return values[line.rows[0]]
        return sum_over(values, line.rows) if column.adds else None

    def _derived(
        self, column: PrintedColumn, node: tree.Node, known: Mapping[str, tuple[Shown, ...]]
    ) -> tuple[Shown, ...]:
        """Its formula over the lines it has figures of; the sum of what units have where it is one that adds up."""
        everywhere = column.total == "own"
        places = [place for place, line in enumerate(self.lines) if everywhere or not line.summed]
        terms = {term.name: self._of_lines(term, known) for term in column.terms}
        told = {name: [figures[place] for place in places] for name, figures in terms.items()}
        worked = worked_out(node, column.guard, told, len(places)) if places else ()
        figures = dict(zip(places, worked, strict=True))
        of_units = {line.rows[0]: figures[place] for place, line in enumerate(self.lines) if not line.summed}
        return tuple(
            figures[place] if place in figures else sum_over(of_units, line.rows) if column.adds else None
            for place, line in enumerate(self.lines)
        )

    def _of_lines(self, term: Term, known: Mapping[str, tuple[Shown, ...]]) -> tuple[Shown, ...]:
        """What a term of a formula comes to on each line."""
        if term.of == "run":
            return (self.scalars[term.key],) * len(self.lines)
        if term.of == "rows" or term.key not in known:
            of_lines = tuple(sum_over(self.values[term.key], line.rows) for line in self.lines)
        else:
            of_lines = known[term.key]
        return (of_lines[self.total_line],) * len(self.lines) if term.of == "whole" else of_lines

    @cached_property
    def total_line(self) -> int:
        """The place of 合计."""
        return next(place for place, line in enumerate(self.lines) if line.kind == "total")


def sum_over(values: Sequence[Shown] | Mapping[int, Shown], rows: Rows) -> Shown:
    """The figure of one row, or the sum over several; None where all are blank, and of several texts."""
    known = [value for value in (values[row] for row in rows) if value is not None]
    if len(known) == 1:
        return known[0]
    numbers = [value for value in known if isinstance(value, Fraction)]
    return _added_up(numbers) if numbers and len(numbers) == len(known) else None


def _added_up(numbers: Sequence[Fraction]) -> Fraction:
    """Their sum, on the one denominator they have in common: an addition each, not a Fraction each."""
    below = lcm(*(number.denominator for number in numbers))
    return Fraction(sum(number.numerator * (below // number.denominator) for number in numbers), below)
