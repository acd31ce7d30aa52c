"""An evaluation as it stands after loading: the rows of its sheet, and the parts of its report in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from allocation.classes import dataclass
from allocation.policy.model import Check, Model
from allocation.record.record import EvaluationKept, digest
from allocation.texts import Both
from allocation.years.evaluation.formulas import CheckedFormula
from allocation.years.evaluation.sayings import Saying


@dataclass(frozen=True)
class UnitsTold:
    """Which units are told of, in which order: all of them without a condition, in the table's order without `by`."""

    of: CheckedFormula | None = None
    by: CheckedFormula | None = None
    lowest_first: bool = False
    most: int | None = None

    @property
    def formulas(self) -> Iterator[CheckedFormula]:
        yield from (formula for formula in (self.of, self.by) if formula)


@dataclass(frozen=True)
class Clause:
    """A slot filled by the first of its sayings that holds; `_times` is in how many years `in_years` does."""

    name: str
    sayings: tuple[Saying, ...]
    in_years: CheckedFormula | None = None


@dataclass(frozen=True)
class Sentence:
    """`listing`: the units it names, each worded by the first of `items` that holds; `steps`: a figure of all units,
    whose years above, at and below the year before it tells; `changes`: told of each year in which units came or went.
    """

    saying: Saying
    listing: UnitsTold | None = None
    items: tuple[Saying, ...] = ()
    in_years: CheckedFormula | None = None
    steps: CheckedFormula | None = None
    changes: bool = False
    clauses: tuple[Clause, ...] = ()
    label: Both | None = None
    public: bool = False


@dataclass(frozen=True)
class Count:
    """How many figures of a column above stand `op` a number."""

    label: Both
    op: str
    number: tuple[int, int]  # numerator and denominator


@dataclass(frozen=True)
class ShownColumn:
    """`label` heads it on the sheet, `head` in the report; without `total` its figures are added up where they do."""

    show: CheckedFormula
    label: Both
    head: Both
    total: CheckedFormula | None = None
    adds: bool = False
    points: bool = False
    red: bool = False
    only: str = ""
    counts: tuple[Count, ...] = ()
    public: bool = False


@dataclass(frozen=True)
class Row:
    """A figure of all units together, a row of the sheet. `compared_label`: over the units of every year alone."""

    show: CheckedFormula
    label: Both
    compared_label: Both
    points: bool = False
    change: bool = True
    compare: bool = False
    public: bool = False


@dataclass(frozen=True, kw_only=True)
class ReportPart:
    when: CheckedFormula | None = None
    public: bool = False


@dataclass(frozen=True, kw_only=True)
class HeadingPart(ReportPart):
    text: Both


@dataclass(frozen=True, kw_only=True)
class Paragraph(ReportPart):
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, kw_only=True)
class UnitList(ReportPart):
    """A paragraph for each unit."""

    saying: Saying
    listing: UnitsTold


@dataclass(frozen=True, kw_only=True)
class TablePart(ReportPart):
    captions: tuple[Saying, ...]
    columns: tuple[ShownColumn, ...]
    listing: UnitsTold
    note: Saying | None = None


@dataclass(frozen=True)
class Times:
    """In how many years something holds of a unit."""

    when: CheckedFormula
    label: Both
    never: Both
    ever: Both


@dataclass(frozen=True, kw_only=True)
class YearsPart(ReportPart):
    """A figure of each unit in every year; `whole` is that of all together."""

    of: CheckedFormula
    label: Both
    whole: CheckedFormula | None = None
    note: Saying | None = None
    times: Times | None = None


@dataclass(frozen=True, kw_only=True)
class BarsPart(ReportPart):
    captions: tuple[Saying, ...]
    of: CheckedFormula
    label: Both
    listing: UnitsTold
    target: CheckedFormula | None = None


@dataclass(frozen=True, kw_only=True)
class LinesPart(ReportPart):
    """Lines over the years: of each unit's figure `of`, or of `rows`. `full`: the axis runs from 0 to 100 %."""

    captions: tuple[Saying, ...]
    axis: Both
    of: CheckedFormula | None = None
    rows: tuple[tuple[CheckedFormula, Both], ...] = ()
    full: bool = False
    only: str = ""

    @property
    def percent(self) -> bool:
        return all(formula.unit.is_percent for formula in (*([self.of] if self.of else ()), *dict(self.rows)))


@dataclass(frozen=True, kw_only=True)
class NamedLines(ReportPart):
    """A paragraph for each of several inputs with a source, or for each column's rule in words, or for each failed
    check."""

    kind: str
    saying: Saying
    names: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class Note:
    """What an input of texts says: under each unit's name, or once a year."""

    name: str
    saying: Saying
    unit: bool = False


@dataclass(frozen=True, kw_only=True)
class NotesPart(ReportPart):
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class EvaluationPlan:
    """`kinds` is what the evaluation of a year is called, `units` what its units are, `open` the figures of each unit
    that the public may see; `public`: it is for them.

    `text` is that of `file`, which has no name where a record kept none.
    """

    model: Model
    title: Saying
    kinds: Mapping[int | None, Both]
    units: Both
    sheet_title: Saying
    rows: tuple[Row, ...]
    parts: tuple[ReportPart, ...]
    open: tuple[str, ...] = ()
    public: bool = False
    text: str = field(default="", repr=False)
    file: str = ""

    @property
    def kept(self) -> EvaluationKept | None:
        """What a record keeps of it; nothing of what stands in for a record that kept none."""
        return EvaluationKept(self.file, digest(self.text), self.text) if self.file else None
