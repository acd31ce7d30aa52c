"""What a part says of itself: its kind, its option, its form, what it prints for whom, how a letter speaks of it.

A part is one thing that can be attached to an issue of the funds. Each kind is one file, which alone knows the names
it adds; everybody else asks a run for it, `run.part("settlement")`, and reads here what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from allocation.classes import dataclass
from allocation.texts import say

if TYPE_CHECKING:
    from allocation.parts.attached import Attached
    from allocation.policy.model import Ground, Model
    from allocation.tables.forms import FormField
    from allocation.tables.keys import Figure
    from allocation.tables.table import Table
    from allocation.texts import Both


@dataclass(frozen=True)
class Given:
    """What is given for one kind: a file mostly, or what another run gave; figures beside it by name.

    `beside` has what is given for all kinds of the same issue.
    """

    what: object
    settings: Mapping[str, int] = field(default_factory=dict)
    beside: Mapping[str, Given] = field(default_factory=dict, repr=False)

    @property
    def path(self) -> Path:
        return Path(str(self.what))


@dataclass(frozen=True)
class Option:
    """An option of the command line. It names a file, or, where not `file`, a text; with `most` a number from 1 up."""

    flag: str
    file: bool = True
    most: int = 0

    @property
    def name(self) -> str:
        """How the command line keeps it: `--pool-from` as pool_from."""
        return self.flag.removeprefix("--").replace("-", "_")


@dataclass(frozen=True)
class BlankForm:
    """The form that people fill in. `words` is what may be chosen, by field.

    `with_names`, `with_inputs`: fields in which the names of counties or the labels of inputs may be chosen as well.
    `prefilled`: a row a county, with codes and names in it; `prefill`: what else stands in its rows, of a model and the
    year of the money. `rows` are ruled.
    """

    key: str
    fields: tuple[FormField, ...]
    prefilled: bool = False
    words: Mapping[str, Sequence[Both]] = field(default_factory=dict)
    with_names: tuple[str, ...] = ()
    with_inputs: tuple[str, ...] = ()
    prefill: Callable[[Model, int | None, str], list[tuple[str | datetime, ...]]] | None = None
    rows: int = 60
    guide: str = ""  # the message above it, where it is not the usual one
    second: BlankForm | None = None  # another sheet
    open_columns: int = 0  # columns without a head, for people to name


class HasFigures(Protocol):
    """A run, as far as sentences need it."""

    @property
    def model(self) -> Model: ...

    @property
    def table(self) -> Table: ...

    def figures(self, name: str) -> tuple[Figure | bool, ...]: ...

    def figure(self, name: str) -> Figure | bool: ...


Sentence = Callable[[HasFigures, Sequence[int], str], str]  # of the places in those rows, in a language
Sentences = Callable[[HasFigures, Sequence[int], str], list[str]]


@dataclass(frozen=True)
class InLetters:
    """How a letter speaks of a part: `about` is the column of the amount; `kind` the kind of letter.

    `less`: a column taken off, which comes back in later years; `offset`: what of it is set off against what is owed.
    """

    about: str
    kind: str
    less: str = ""
    offset: str = ""
    stands: tuple[str, ...] = ()  # told even where it is 0
    if_any: tuple[str, ...] = ()  # told only where it is not 0
    short: tuple[str, ...] = ()  # what stands where there is little room; else `about` alone
    taken_back: tuple[str, ...] = ()  # columns whose figures below 0 are said to be taken back
    says: tuple[str, ...] = ()  # parameters that the letter states itself
    made_up: Sentence | None = None  # what the amount is made up of
    lines: Sentences | None = None  # how the figure came about


@dataclass(frozen=True)
class Decision:
    """One thing that somebody decided for a reason: its number, what it is, and what was said of it; `ground` is None
    in records of before it was kept."""

    number: str
    what: str
    ground: Ground | None


@dataclass(frozen=True)
class Part:
    """A kind of part. `read` gives what it adds to a model and its table, or raises all that is wrong with the file.

    Names are of columns, inputs and parameters, families without their item. `columns` are those it prints, by reader:
    office, annex (附件), unit (a county's own edition), letter, note (测算说明). The public and an import see the award
    alone.
    """

    kind: str
    read: Callable[[Given, Model, Table], Attached]
    option: Option | None = None
    settings: tuple[Option, ...] = ()
    file: Callable[[str], Path] = Path  # the file that the option's text names
    form: BlankForm | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sentences: Mapping[str, str] = field(default_factory=dict)  # ids of messages, by what they say
    in_words: Mapping[str, str] = field(default_factory=dict)  # ids of messages that say a parameter's figures
    letter: InLetters | None = None
    accounts: tuple[str, ...] = ()  # inputs that a notice must agree with, beside the award
    silent: str = ""  # pattern of names that say how it works, not what somebody decided
    explained: Callable[[HasFigures, str], list[Decision]] | None = None  # what was decided, for a 呈批
    sums: Mapping[str, str] = field(default_factory=dict)  # columns that the command line totals, by slot
    gives_pool: bool = False
    without_counties: bool = False  # it can be read where there is no table
    after: str = ""  # the kind that was settled before it, where that makes it another
    moved: str = ""  # the column of what people moved by hand

    def withheld(self, reader: str) -> frozenset[str]:
        """The families it prints for the office and not for this reader."""
        return frozenset(self.columns.get("office", ())) - frozenset(self.columns.get(reader, ()))


def family(name: str) -> str:
    """The name of a list's column without its item."""
    return name.partition(".")[0]


def said_of_those(message: str, lang: str, **slots: object) -> str:
    """A sentence of clauses of which those with nothing to say are left out, such as that of an amount of 0.

    In the catalogue every clause stands in ⟦⟧ with the sign that parts it from the next.
    """
    text = say(lang, message, **slots).rstrip("，；,; ")
    return text + ("。" if lang == "zh" else ".") if text else ""


def summed(run: HasFigures, name: str, rows: Sequence[int]) -> Fraction:
    """What the places in `rows` have of a column together; blanks count for nothing."""
    figures = run.figures(name)
    return sum((Fraction(figures[row] or 0) for row in rows), Fraction(0))
