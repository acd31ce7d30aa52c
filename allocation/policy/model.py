"""The Model and its parts, as they stand after loading: lists expanded, names checked, formulas parsed and ordered."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from fractions import Fraction

from allocation.classes import dataclass
from allocation.language.tree import Node
from allocation.language.units import Unit, Units
from allocation.sealing import seal_fields
from allocation.texts import Both

ORIGINS = ("set", "scenario", "sources", "pool_from", "sample", "case")  # what gives a figure instead of the model


def limits(low: Fraction | None, high: Fraction | None) -> dict[str, Fraction | str]:
    """What messages say of a range: both ends, or the only one it has."""
    if low is not None and high is not None:
        return {"low": low, "high": high, "least": "", "most": ""}
    return {"low": "", "high": "", "least": low if low is not None else "", "most": high if high is not None else ""}


@dataclass(frozen=True)
class Band:
    """One row of a banded parameter: `edge` None is the open last one."""

    edge: Fraction | None
    value: Fraction | str | None


@dataclass(frozen=True)
class Ground:
    """What a case says beside a figure of a parameter: last year's as it was written, on what paper, who decided and
    when; `reason`: why, where a form asks for it. Texts are empty where nothing was said.
    """

    last: Fraction | str | None = None
    basis: str = ""
    by: str = ""
    date: str = ""
    reason: str = ""

    @property
    def text(self) -> str:
        """Why, on what paper, who decided and when, as one text of what people wrote; empty where nothing was said."""
        return "；".join(filter(None, (self.reason, self.basis, self.by, self.date)))


@dataclass(frozen=True)
class AskedFor:
    """In which cell or key of a case a figure stands; `state` is what is written beside it, empty where nothing is;
    `misread`: it is there, but nothing can be made of it.
    """

    place: str
    state: str = ""
    misread: bool = False


@dataclass(frozen=True)
class Parameter:
    """A scalar, or bands, or a keyed table. `value` is held in `unit`.

    `required`: only the bureau knows its figures, None until a run is given them. `decide`: law leaves it to the
    bureau. `states` has by key how far the bureau is with a figure, one of STATES, where it says so; `origins` where a
    figure comes from that is not the model's, one of ORIGINS; `grounds` what a case says beside a figure, `asked` where
    a bureau's own case asks for it. The key of a scalar is empty, that of a band its place from 1.
    """

    name: str
    label: Both
    unit: Unit
    value: Fraction | str | None = None
    bands: tuple[Band, ...] = ()
    below: bool = False  # True: edges are excluded (`below`), False: included (`up_to`)
    by_unit: Unit | None = None
    values: tuple[tuple[str, Fraction | str | None], ...] = ()
    min: Fraction | None = None
    max: Fraction | None = None
    decimals: int | None = None  # at most so many places, whatever it is changed to
    source: str = ""
    heading: Both | None = None  # the label before `/item` when it comes from a list
    required: bool = False
    decide: bool = False
    states: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    grounds: Mapping[str, Ground] = field(default_factory=dict)
    asked: Mapping[str, AskedFor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        seal_fields(self)

    @property
    def kind(self) -> str:
        return "bands" if self.bands else "keyed" if self.values else "scalar"

    @property
    def figures(self) -> dict[str, Fraction | str | None]:
        """Its figures by key."""
        if self.bands:
            return {str(place): band.value for place, band in enumerate(self.bands, start=1)}
        return dict(self.values) if self.values else {"": self.value}

    def with_figures(self, figures: Mapping[str, Fraction | str | None]) -> Parameter:
        """The same with other figures, by key."""
        if self.bands:
            bands = zip(self.bands, figures.values(), strict=True)
            return replace(self, bands=tuple(replace(band, value=value) for band, value in bands))
        if self.values:
            return replace(self, values=tuple(figures.items()))
        return replace(self, value=figures[""])

    def on_paper(self, key: str) -> str:
        """What the figure of a key rests on: what was said beside it, else the model's own source."""
        return self.grounds.get(key, Ground()).text or self.source

    def state(self, key: str) -> str:
        """已定, 暂定 or 未定 (STATES); empty of a figure that law settles and of which nothing was said."""
        return self.states.get(key) or ("open" if self.decide else "")

    def keys_in(self, state: str) -> tuple[str, ...]:
        """The keys of the figures in a state; one that nobody gave yet is in none."""
        return tuple(key for key, value in self.figures.items() if value is not None and self.state(key) == state)

    def in_state(self, keys: Iterable[str], state: str) -> Parameter:
        """The same with these figures in a state; as they were for an empty one."""
        return replace(self, states={**self.states, **dict.fromkeys(keys, state)}) if state else self

    def ungrounded(self, key: str) -> Parameter:
        """The same without what was said beside the figure of a key, which is another now; last year's stays."""
        if key not in self.grounds:
            return self
        return replace(self, grounds={**self.grounds, key: Ground(self.grounds[key].last)})

    def address(self, key: str) -> str:
        """How `--set` names the figure of a key: `pool`, `weight[settled]`, `tilt.2`."""
        return spelt(self.name) + (f".{key}" if key else "")


@dataclass(frozen=True)
class Input:
    """One figure (or text) a county."""

    name: str
    label: Both
    unit: Unit
    min: Fraction | None = None
    max: Fraction | None = None
    whole: bool = False
    decimals: int | None = None
    default: Fraction | str | None = None
    text: bool = False
    one_of: tuple[str, ...] = ()
    source: str = ""
    before: tuple[str, ...] = ()
    heading: Both | None = None
    item: Both | None = None
    required: bool = False  # a column with a default that counts for single blanks: some figure of it must be there
    optional: bool = False  # a table may leave the whole column out: used in given(), or as a missing floor or cap
    department: str = ""  # who supplies it: a key of the model's departments
    once_over: bool = False  # its list is the parts of the year in order: known only when its part is over

    @property
    def adds_up(self) -> bool:
        """Whether a total of all counties means anything."""
        return not self.text and self.unit.adds


@dataclass(frozen=True)
class Column:
    """One formula, checked and expanded. `shape` is scalar, group:… or column; `kind` is number, text or truth."""

    name: str
    label: Both
    unit: Unit
    formula: str
    node: Node
    shape: str
    kind: str = "number"
    source: str = ""
    before: tuple[str, ...] = ()
    heading: Both | None = None
    item: Both | None = None
    decimals: int | None = None  # places of the published unit, when the outermost call rounds
    where: str = ""

    @property
    def adds_up(self) -> bool:
        """Whether a total of all counties means anything: a group's figure would count once a county."""
        return self.kind == "number" and self.shape == "column" and self.unit.adds


@dataclass(frozen=True)
class Check:
    name: str
    label: Both
    formula: str
    node: Node
    shape: str
    severity: str = "error"
    source: str = ""
    cells: tuple[str, ...] = ()  # the inputs to mend where it fails: messages tell their cells
    # Of one that compares with the year before: the inputs that may stand for it. None of others.
    year_before: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Factor:
    """One row of 因素得分表: names of the value column, the weight parameter and the amount column."""

    value: str
    weight: str
    amount: str


@dataclass(frozen=True)
class EditionColumns:
    """What an edition shows: columns in order, and the text input whose value puts rows into one workbook.

    `open`: columns over several counties that are no secret to any of them.
    """

    columns: tuple[str, ...]
    by: str = ""
    open: tuple[str, ...] = ()


@dataclass(frozen=True)
class AddedPart:
    """What was added to a model for one issue, by its kind; `after` is the kind that it follows up."""

    kind: str
    after: str = ""


@dataclass(frozen=True)
class Model:
    """A policy. `order` lists columns in the order they can be computed; dict order is the legal order."""

    name: str
    label: Both
    basis: tuple[str, ...]
    award: str
    pool: str
    effective: tuple[int | None, int | None]
    parameters: Mapping[str, Parameter]
    inputs: Mapping[str, Input]
    columns: Mapping[str, Column]
    checks: tuple[Check, ...]
    order: tuple[str, ...]
    units: Units
    text: str
    file: str
    award_list: tuple[str, ...] = ()  # columns of the printed table, in order
    factors: tuple[Factor, ...] = ()
    compare_with: str = ""  # the input that holds last year's award
    per_person: str = ""  # the input or column the award is divided by for a per-head figure
    group: str = ""  # the text input that gives subtotals
    apart: bool = False  # what `group` tells apart is unlike: a sum over several of its texts is for checking only
    issued_to: str = ""  # the text input that names whom a row is issued to (接收单位), where it is not the row itself
    addressed_to: Both = Both("", "")  # the body that a letter goes to, with {name} for whom it is issued to
    paper: Both = Both("", "")  # what its printed table is called, where it is no table of awards (分配表)
    notes: tuple[Both, ...] = field(default=())
    calculated: str = ""  # the award before adjustments, where `award` is what is issued after them
    reference_before: int | None = None  # on data of an earlier year a younger rule is used: titles say 参照
    reference_when: Node | None = None  # where given: only when this holds is the younger rule used at all
    editions: Mapping[str, EditionColumns] = field(default_factory=dict)  # for readers outside the office
    item: str = ""  # the item of the notice it carries out
    short: str = ""  # a short Chinese name (简称), by which commands know it as well
    years: bool = False  # runs over several years: its table has a year column
    parts: tuple[AddedPart, ...] = ()  # what was added to it for one issue
    departments: Mapping[str, Both] = field(default_factory=dict)  # who supplies inputs, by the name inputs give
    summaries: tuple[tuple[str, ...], ...] = ()  # text inputs, one or one in another: the lines of 分类汇总

    def __post_init__(self) -> None:
        seal_fields(self)

    def adds_up(self, name: str) -> bool:
        """Whether an input or column has a total, anywhere; a pool is a promise that its award has one."""
        entry = self.entry(name)
        promised = bool(self.pool) and name == self.award
        return promised or not isinstance(entry, Parameter) and entry.adds_up

    @property
    def keeps_entries(self) -> bool:
        """Whether its rows are entries of a book, each opening at what was left: new ones come every year, and those
        with nothing left go."""
        return any(check.year_before is not None for check in self.checks)

    def before(self, name: str) -> tuple[str, ...]:
        """The inputs that hold its figures of the years before, last year's first."""
        entry = self.entry(name)
        return () if isinstance(entry, Parameter) else entry.before

    def entry(self, name: str) -> Parameter | Input | Column:
        return self.parameters.get(name) or self.inputs.get(name) or self.columns[name]


def spelt(name: str) -> str:
    """A plain name as an address writes it: `weight.settled` is `weight[settled]`."""
    family, dot, item = name.partition(".")
    return f"{family}[{item}]" if dot else name


def item_named(entries: Mapping[str, Parameter | Input | Column], family: str, item: str) -> str:
    """The plain name of `family[item]`, each by its name or either label; empty where it is none, or one of several."""
    wanted = _plain(family), _plain(item)
    names = []
    for name, entry in entries.items():
        families = {name.partition(".")[0], *_both(entry.heading)}
        items = {name.partition(".")[2], *map(_plain, item_labels(entry))}
        if wanted[0] in families and wanted[1] in items:
            names.append(name)
    return names[0] if len(names) == 1 else ""


def item_labels(entry: Parameter | Input | Column) -> tuple[str, ...]:
    """What an item of a list is called in both languages, without the list's own name; none of what is in no list."""
    if entry.heading is None:
        return ()
    pairs = ((entry.label.zh, entry.heading.zh), (entry.label.en, entry.heading.en))
    return tuple(label.removeprefix(heading).strip("/ ") for label, heading in pairs)


def _both(label: Both | None) -> tuple[str, ...]:
    return (_plain(label.zh), _plain(label.en)) if label else ()


def _plain(text: str) -> str:
    """As addresses and tables spell it, whatever the width of its signs."""
    return unicodedata.normalize("NFKC", text).strip()
