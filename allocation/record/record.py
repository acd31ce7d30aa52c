"""The record of a product: everything that tells what it was made of. Prose is for people; this alone is read back.

Figures are exact texts (`1/3`, `12.5`), a blank is None; where order counts there is a list. `record.reading` reads it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, field, fields, replace
from functools import cache
from typing import Any, ClassVar, cast

from allocation.classes import dataclass
from allocation.record.first_fields import FIRST

SCHEMA = 2  # of this object; 1 was that of 0.1, see from_0_1
LANGUAGE = 1  # of the formulas in a model's text
AS_BEFORE, BEFORE_GROUPS, EVERY_TERM, TAILS_ALONE, PAPERS = 1, 2, 3, 4, 5  # how sheets are cut: report/cut.py tells
KINDS = ("run", "version", "timeline", "evaluation", "comparison", "edition", "letters", "document")
RUN, VERSION, TIMELINE, EVALUATION, COMPARISON, EDITION, LETTERS, DOCUMENT = KINDS
YEARS = (TIMELINE, EVALUATION)  # kinds with a run a year
SEVERAL = (*YEARS, COMPARISON)

Texts = Mapping[str, str | None]  # a figure's exact text by code or name


class RecordPart:
    """A part of a record is read strictly: a key that is not known is an error."""

    __slots__ = ()
    __pydantic_config__: ClassVar = {"extra": "forbid"}


@dataclass(frozen=True)
class ModelKept(RecordPart):
    """`text` is whole: what was attached to the issue is part of it."""

    name: str = ""
    file: str = ""
    sha256: str = ""
    basis: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class TableKept(RecordPart):
    """One year's table; `counties`: how many rows it has; `sheet`: the one that was asked for, empty where none was."""

    file: str = ""
    sha256: str = ""
    year: int | None = None
    counties: int = 0
    illustrative: bool = False
    sheet: str = ""


@dataclass(frozen=True)
class FileKept(RecordPart):
    file: str
    sha256: str


@dataclass(frozen=True)
class AttachedKept(FileKept):
    """The file of a part: of which kind, with what figures beside it by name, and what was taken of it, such as a unit.

    `kind` is empty in records of before it was kept.
    """

    kind: str = ""
    settings: tuple[tuple[str, int], ...] = ()
    selector: str = ""


@dataclass(frozen=True)
class CaseKept(RecordPart):
    """The case it was made from: its book, and `beside` it its side file and the files that it names.

    `revision`: which state of the case it is among the versions of its issue, from 1; 0 where no version was made.
    """

    file: str
    sha256: str
    beside: tuple[FileKept, ...] = ()
    revision: int = 0

    @property
    def files(self) -> dict[str, str]:
        """SHA-256 by name, the book first."""
        return {self.file: self.sha256, **{entry.file: entry.sha256 for entry in self.beside}}


@dataclass(frozen=True)
class PartKept(RecordPart):
    """Something added to the model for one issue; `after` is the kind that it follows up."""

    kind: str
    after: str = ""


@dataclass(frozen=True)
class SettingKept(RecordPart):
    value: str | None
    origin: str


@dataclass(frozen=True)
class GroundKept(RecordPart):
    """What a case, or the form of a part, says beside a figure of a parameter."""

    last: str | None = None
    basis: str = ""
    by: str = ""
    date: str = ""
    reason: str = ""


@dataclass(frozen=True)
class UnitKept(RecordPart):
    """A unit that is not simply in every list; `why` in both languages. Its award stands elsewhere."""

    code: str
    name: str
    registered: bool | None
    before: bool | None
    listed: bool
    change: str
    explained: bool
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitsKept(RecordPart):
    """单位核对: which lists there were, where last year's came from, and every unit that is not in all of them."""

    register: bool
    before: bool
    zh: str = ""
    en: str = ""
    units: tuple[UnitKept, ...] = ()


@dataclass(frozen=True)
class LedgerFigure(RecordPart):
    """A figure as one source gives it; `status` by its key, such as `estimate`."""

    value: str | None
    source: str = ""
    date: str = ""
    status: str = ""


@dataclass(frozen=True)
class VoucherKept(RecordPart):
    """The file that backs what a source of the ledger says of a figure."""

    name: str
    county: str
    source: str
    file: str
    sha256: str


@dataclass(frozen=True)
class FigurePlace(RecordPart):
    name: str
    county: str


@dataclass(frozen=True)
class DisputeKept(RecordPart):
    name: str
    county: str
    used: LedgerFigure
    by: str
    reason: str
    others: tuple[LedgerFigure, ...] = ()


@dataclass(frozen=True)
class ChangeKept(RecordPart):
    name: str
    key: str = ""
    county: str = ""
    old: str | None = None
    new: str | None = None
    year: int | None = None


@dataclass(frozen=True)
class Program(RecordPart):
    allocation: str = ""
    python: str = ""


@dataclass(frozen=True)
class Totals(RecordPart):
    award: str | None = None
    unit: str = ""
    pool: str | None = None


@dataclass(frozen=True)
class Blank(RecordPart):
    """Inputs of which some, or all, figures are blank, and those of which nobody has a figure."""

    some: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


@dataclass(frozen=True)
class DoubtKept(RecordPart):
    """`state`: `open`, or `resolved` for a `reason`, on what paper, by whom and when; worded in both languages."""

    kind: str
    state: str
    reason: str = ""
    basis: str = ""
    prepared: str = ""
    reviewed: str = ""
    date: str = ""
    units: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    zh: str = ""
    en: str = ""


@dataclass(frozen=True)
class CheckKept(RecordPart):
    name: str
    severity: str
    ok: bool
    counties: tuple[str, ...] = ()
    asked: bool = True  # not where it compares with a year before that nobody gave


@dataclass(frozen=True)
class NoteKept(RecordPart):
    id: str
    where: str
    text: str
    said: str | None = None  # the figure of the case that it is about, which stands in no table and no part


@dataclass(frozen=True)
class RunKept(RecordPart):
    """One run of several: of a year, or of a scenario. `rows` are its codes in the table's order.

    `doubted`: the ids of the doubts that are its own.
    """

    name: str = ""
    zh: str = ""
    en: str = ""
    year: int | None = None
    projected: bool = False
    changes: tuple[ChangeKept, ...] = ()
    rows: tuple[str, ...] = ()
    awards: Texts = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    blank: Blank | None = None
    doubted: tuple[str, ...] = ()


@dataclass(frozen=True)
class VersionPlace(RecordPart):
    """A version among those of its issue: of a model, a year and a batch."""

    stage: str
    number: int


@dataclass(frozen=True)
class VersionKept(RecordPart):
    """Which version it is; `compared_with`: the one that 与上一稿对比 speaks of. `batch`: empty for the formal one."""

    model: str
    year: int
    stage: str
    number: int
    order: int
    content: str
    marks: tuple[str, ...] = ()
    date: str = ""
    reason: str = ""
    total: str = ""
    unit: str = ""
    compared_with: VersionPlace | None = None
    batch: str = ""

    @property
    def place(self) -> VersionPlace:
        return VersionPlace(self.stage, self.number)


@dataclass(frozen=True)
class KeptFigures(RecordPart):
    """Every parameter by address, every input figure by name and code; the counties' names and awards by code."""

    parameters: Texts
    inputs: Mapping[str, Texts]
    names: Mapping[str, str]
    awards: Texts


@dataclass(frozen=True)
class EditionKept(RecordPart):
    """What an edition shows: for whom, which columns, which units, and which version it came from.

    `of`: the kind of product that it is an edition of, where that is no run.
    """

    key: str
    columns: tuple[str, ...]
    units: tuple[str, ...]
    version: VersionPlace | None = None
    of: str = ""


@dataclass(frozen=True)
class EvaluationKept(RecordPart):
    """The file that says what an evaluation tells, its `text` whole."""

    file: str
    sha256: str
    text: str


@dataclass(frozen=True)
class LettersKept(RecordPart):
    """What all letters of a run have in common, for the office: `name` of their folder, `facts` by field, what the
    register says, the template in base64; the version that was `issued`, and that which they are set `against`."""

    name: str
    facts: Mapping[str, str] = field(default_factory=dict)
    together: bool = False
    bodies: Mapping[str, str] = field(default_factory=dict)
    areas: tuple[str, ...] = ()
    template: str = ""
    issued: VersionKept | None = None
    against: VersionKept | None = None


@dataclass(frozen=True)
class DocumentKept(RecordPart):
    """One Word document: `key` is notice, note or report, `of` the name of the letters it is one of. It tells its
    reader nothing that does not stand in it: `units` are the reader's, `lines` place and hash of each line."""

    key: str
    of: str
    units: tuple[str, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Record(RecordPart):
    """`kind` is one of KINDS. `content`: the hash over model text, figures and awards of what is computed, by which
    an edition names the run it came from. `facts` of the issue, by key, as texts. `doubted`: the ids of
    `doubts` in the order in which they are told. `seals`: a hash of each field as written, in `sealed` records.
    `changes`: of a comparison those of its table, in every run. `undecided`: decisions that took Fractions.
    """

    kind: str
    schema: int = SCHEMA
    language: int = LANGUAGE
    lang: str = "zh"
    command: str = ""
    date: str = ""
    model: ModelKept = field(default_factory=ModelKept)
    facts: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[TableKept, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    settings: Mapping[str, SettingKept] = field(default_factory=dict)
    grounds: Mapping[str, GroundKept] = field(default_factory=dict)
    decided: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    pending: Texts = field(default_factory=dict)
    ledger: Mapping[str, Mapping[str, LedgerFigure]] = field(default_factory=dict)
    estimates: tuple[FigurePlace, ...] = ()
    disputes: tuple[DisputeKept, ...] = ()
    vouchers: tuple[VoucherKept, ...] = ()
    objections: tuple[str, ...] = ()
    parts: tuple[PartKept, ...] = ()
    attached: tuple[AttachedKept, ...] = ()
    growth: Texts = field(default_factory=dict)
    changes: tuple[ChangeKept, ...] = ()
    versions: Program = field(default_factory=Program)
    exact: bool = True
    undecided: int = 0
    reference: bool = False
    totals: Totals = field(default_factory=Totals)
    rows: tuple[str, ...] = ()
    awards: Texts = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    groups: Texts = field(default_factory=dict)
    blank: Blank | None = None
    remarks: Mapping[str, str] = field(default_factory=dict)
    doubts: Mapping[str, DoubtKept] = field(default_factory=dict)
    doubted: tuple[str, ...] = ()
    units: UnitsKept | None = None
    printed_notes: Mapping[str, str] = field(default_factory=dict)
    originals_sha256: str = ""
    checks: tuple[CheckKept, ...] = ()
    notes: tuple[NoteKept, ...] = ()
    standing: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    papers: int = AS_BEFORE
    print: Mapping[str, str] = field(default_factory=dict)
    runs: tuple[RunKept, ...] = ()
    content: str = ""
    version: VersionKept | None = None
    edition: EditionKept | None = None
    figures: KeptFigures | None = None
    case: CaseKept | None = None
    evaluation: EvaluationKept | None = None
    letters: LettersKept | None = None
    document: DocumentKept | None = None
    seals: Mapping[str, str] = field(default_factory=dict)

    @property
    def figures_kept(self) -> KeptFigures:
        """`figures`, of a record that keeps them, as every version's does. TypeError of another."""
        if self.figures is None:
            raise TypeError(f"no figures are kept of a {self.kind}")
        return self.figures

    @property
    def every(self) -> tuple[RunKept, ...]:
        """Each run of it: of a product of one run, that one."""
        year = self.inputs[-1].year if self.inputs else None
        whole = RunKept(year=year, changes=self.changes, rows=self.rows, awards=self.awards, names=self.names,
                      blank=self.blank)  # fmt: skip
        return self.runs if self.kind in SEVERAL else (whole,)

    @property
    def part_kinds(self) -> tuple[str, ...]:
        return tuple(part.kind for part in self.parts)

    @property
    def year(self) -> int | None:
        """The last year it speaks of."""
        return max((table.year for table in self.inputs if table.year), default=None)

    @property
    def sealed(self) -> Record:
        """The same with a hash of each of its fields, by which a field that was changed later is told."""
        return replace(self, seals=_seals(self))

    def unsealed(self) -> tuple[str, ...]:
        """The fields that are no longer as they were sealed."""
        held = _seals(self)
        return tuple(name for name in sorted({*held, *self.seals}) if held.get(name) != self.seals.get(name))


def _seals(record: Record) -> dict[str, str]:
    whole = as_object(record)
    return {name: digest(_text(whole[name]))[:16] for name in whole if name != "seals"}


def as_object(part: RecordPart) -> dict[str, Any]:
    """The JSON object of a record or a part of it, without later fields that hold their default: old seals hold."""
    later = _later(cast(Any, type(part)))
    pairs = ((place.name, getattr(part, place.name)) for place in fields(cast(Any, part)))
    return {name: as_json(held) for name, held in pairs if name not in later or held != later[name]}


@cache
def _later(part: type[RecordPart]) -> dict[str, object]:
    """The defaults of the fields that the part did not begin with, by name."""
    return {
        place.name: place.default_factory() if place.default_factory is not MISSING else place.default
        for place in fields(cast(Any, part))
        if place.name not in FIRST.get(part.__name__, ())
    }


def as_json(value: object) -> object:
    """What `json` writes of whatever a record holds."""
    if isinstance(value, RecordPart):
        return as_object(value)
    if isinstance(value, Mapping):
        return {key: as_json(value[key]) for key in sorted(value)}
    return [as_json(held) for held in value] if isinstance(value, tuple) else value


def to_json(record: Record, indent: int | None = None, plain: bool = False) -> str:
    """`plain`: with nothing but ASCII, and spaces in texts alone, as it stands in cells."""
    separators = (",", ":") if plain else None
    return json.dumps(as_json(record), ensure_ascii=plain, sort_keys=True, indent=indent, separators=separators)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True)


def digest(content: str) -> str:
    return hashlib.sha256(content.encode("utf-8")).hexdigest()
