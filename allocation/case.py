"""What is asked for in one issue of one fund beside its figures: year, batch, numbers of documents, who did what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields, replace
from pathlib import Path
from typing import Any

from allocation.classes import dataclass
from allocation.doubts.doubt import Doubt
from allocation.doubts.resolution import Resolution
from allocation.errors import AllocationError, Problem
from allocation.patterns import LatePattern
from allocation.policy.stages import BATCHES
from allocation.record.record import CaseKept
from allocation.sealing import seal_fields
from allocation.tables.forms import DATE, TEXT, FormField, day
from allocation.tables.keys import Figure
from allocation.texts import Both, both
from allocation.texts.vocabulary import Pattern, Spellings, the_word

NOTHING = Both("", "")
_BATCH, _NUMBERED, _YEAR = (Pattern(f"case_words.{what}") for what in ("batch", "numbered_batch", "year"))
_WITHIN = LatePattern(r"\([^()]*\)|（[^（）]*）")
_BRACES = LatePattern(r"\{[^{}]*\}|[{}]")
READER = "{name}"  # in a salutation: whom the letter goes to
TOTAL_FIRST, TOTAL_LAST = "first", "last"
ZEROS_SHOWN, ZEROS_OMITTED = "dash", "omitted"
MANNERS = {key: both(f"case.manner_{key}") for key in ("together", "each")}
CHOICES = {  # facts that are one of a few words
    "manner": MANNERS,
    "annex_total": {key: both(f"case.annex_total_{key}") for key in (TOTAL_FIRST, TOTAL_LAST)},
    "annex_zeros": {key: both(f"case.annex_zeros_{key}") for key in (ZEROS_SHOWN, ZEROS_OMITTED)},
}
FACT, SETTING, RESOLUTION, TABLE = "fact", "setting", "resolution", "table"  # what a case says, by kind
YEAR = "year"  # a kind of fact beside those of forms


@dataclass(frozen=True)
class Batch:
    """One issue of a fund in a year: its kind, one of BATCHES, and which of that kind it is."""

    kind: str = "formal"
    number: int = 1

    @property
    def key(self) -> str:
        """As registers keep it: `formal`, `supplement.2`."""
        return self.kind + (f".{self.number}" if self.number > 1 else "")

    @property
    def label(self) -> Both:
        words = BATCHES[self.kind]
        return both("stages.batch_of_several", batch=words, number=self.number) if self.number > 1 else words

    @property
    def word(self) -> Both:
        """As it stands in the name of a file: `追加第2批`, `supplement2`."""
        words = Both(BATCHES[self.kind].zh, self.kind)
        return both("stages.batch_in_names", batch=words, number=self.number) if self.number > 1 else words


FORMAL = Batch()


@dataclass(frozen=True)
class IssueKey:
    """What one final version is made for: a fund by its model's plain name, a budget year and a batch of it."""

    model: str
    year: int | None
    batch: Batch = FORMAL

    @property
    def said(self) -> Both:
        """The batch, where a reader must be told of it: the first formal one goes without saying."""
        return NOTHING if self.batch == FORMAL else self.batch.label

    def parts(self, lang: str) -> list[str]:
        """What names of its files begin with: `incentive_fund`, `2024`, `追加`."""
        year = [str(self.year)] if self.year else []
        return [self.model, *year, *([] if self.batch == FORMAL else [self.batch.word[lang]])]

    @property
    def stem(self) -> str:
        """The same in keys, as the register names its entries: `incentive_fund_2024_supplement.2`."""
        return "_".join([self.model, str(self.year), *([] if self.batch == FORMAL else [self.batch.key])])


def batch_of(text: str) -> Batch | None:
    """`追加 第二批`, `正式下达（含清算）`, `supplement 2` or a key; None for other words."""
    which = _NUMBERED.findall("".join(_WITHIN.findall(text)))  # 追加（第2批）
    plain = _WITHIN.sub("", text) + "".join(which)
    match = _BATCH.fullmatch(plain.replace(" ", "").replace(".", "").casefold())
    if not match:
        return None
    words = {key: (key, names.zh, names.en.replace(" ", "")) for key, names in BATCHES.items()}
    kind = next((key for key, known in words.items() if match["kind"] in known), "")
    number = match["number"] or "1"
    counted = int(number) if number.isdecimal() else the_word("case_words.numerals").index(number)
    return Batch(kind, counted) if kind and counted else None


def _asked(labels: Spellings, kind: str = TEXT, lasting: bool = False) -> dict[str, object]:
    """How the sheet 基本信息与参数 asks for a fact; its key goes as well.

    `lasting`: what holds in one year holds in the next.
    """
    return {"labels": labels, "kind": kind, "lasting": lasting}


@dataclass(frozen=True)
class Facts:
    """Texts are empty, years None, where nothing was given; dates are written 2018-03-05.

    `data_year` is that of the table; `budget_year` (预算年度) that of title, letter, register and rule in force.
    `of_case`: a bureau's own case gave them, not options alone; `kept`: which files that case is.
    """

    fund: str = field(default="", metadata=_asked(Spellings("form_words.fact_fund"), lasting=True))
    budget_year: int | None = field(default=None, metadata=_asked(Spellings("form_words.fact_budget_year"), kind=YEAR))
    data_year: int | None = field(default=None, metadata=_asked(Spellings("form_words.fact_data_year"), kind=YEAR))
    batch: Batch | None = field(default=None, metadata=_asked(Spellings("form_words.fact_batch")))
    issued: str = field(default="", metadata=_asked(Spellings("form_words.fact_issued"), kind=DATE))
    number: str = field(default="", metadata=_asked(Spellings("form_words.fact_number")))
    upper_number: str = field(default="", metadata=_asked(Spellings("form_words.fact_upper_number")))
    upper_received: str = field(default="", metadata=_asked(Spellings("form_words.fact_upper_received"), kind=DATE))
    office: str = field(default="", metadata=_asked(Spellings("form_words.fact_office"), lasting=True))
    manner: str = field(default="", metadata=_asked(Spellings("form_words.fact_manner"), lasting=True))
    annex_total: str = field(default="", metadata=_asked(Spellings("form_words.fact_annex_total"), lasting=True))
    annex_zeros: str = field(default="", metadata=_asked(Spellings("form_words.fact_annex_zeros"), lasting=True))
    salutation: str = field(default="", metadata=_asked(Spellings("form_words.fact_salutation"), lasting=True))
    codes: str = field(default="", metadata=_asked(Spellings("form_words.fact_codes"), lasting=True))
    prepared: str = field(default="", metadata=_asked(Spellings("form_words.prepared")))
    reviewed: str = field(default="", metadata=_asked(Spellings("form_words.reviewed")))
    of_case: bool = field(default=False, compare=False)
    kept: CaseKept | None = field(default=None, compare=False)


_OF_CASES = [entry for entry in fields(Facts) if entry.metadata]
BY_KEY = {entry.name: FormField(entry.name, entry.metadata["labels"], entry.metadata["kind"]) for entry in _OF_CASES}
FACTS = tuple(BY_KEY.values())
LASTING = tuple(entry.name for entry in _OF_CASES if entry.metadata["lasting"])  # of one year, and of the next
NO_FACTS = Facts()


def issue_key(model: str, facts: Facts, data_year: int | None) -> IssueKey:
    """`model` is a plain name; `data_year` is that of the table, and holds where no budget year was given."""
    return IssueKey(model, facts.budget_year or data_year, facts.batch or FORMAL)


def facts_text(facts: Facts) -> dict[str, str]:
    """The facts that were given, each as `with_fact` reads it."""
    given = {key: getattr(facts, key) for key in BY_KEY}
    return {key: value.key if isinstance(value, Batch) else str(value) for key, value in given.items() if value}


def said_facts(facts: Facts) -> dict[str, Both]:
    """The facts that were given, as a reader sees them."""
    said = {key: Both(text, text) for key, text in facts_text(facts).items()}
    if facts.batch:
        said["batch"] = facts.batch.label
    return said | {key: words[getattr(facts, key)] for key, words in CHOICES.items() if getattr(facts, key)}


def facts_of(texts: Mapping[str, str], kept: CaseKept | None = None) -> Facts:
    """The facts that a record keeps. Raises AllocationError for what is none."""
    facts = replace(NO_FACTS, kept=kept)
    for key in texts.keys() & BY_KEY.keys():
        facts = with_fact(facts, key, texts[key])
    return facts


def with_fact(facts: Facts, key: str, text: str) -> Facts:
    """The facts with one more, as typed. Raises AllocationError with what is wrong, without a place."""
    entry = BY_KEY[key]
    if key == "batch":
        return replace(facts, batch=_batch(text))
    if key in CHOICES:
        chosen: dict[str, Any] = {key: _choice(key, text)}
        return replace(facts, **chosen)
    if key == "salutation" and (wrong := _BRACES.findall(text.replace(READER, ""))):
        raise AllocationError(Problem("case.salutation", {"found": text, "wrong": wrong}))
    if entry.kind == YEAR:
        year = _YEAR.fullmatch(text.replace(" ", ""))
        if not year:
            raise AllocationError(Problem("case.year", {"label": entry.label, "found": text}))
        return (
            replace(facts, budget_year=int(year[1])) if key == "budget_year" else replace(facts, data_year=int(year[1]))
        )
    if entry.kind == DATE:
        try:
            text = day(text)
        except ValueError:
            raise AllocationError(Problem("forms.not_date", {"found": text})) from None
    texts: dict[str, Any] = {key: text}
    return replace(facts, **texts)


def words_of(key: str) -> list[Both]:
    """What a fact may say, where that is one of a few words."""
    return [*(BATCHES if key == "batch" else CHOICES.get(key, {})).values()]


def at_odds(facts: Facts) -> list[Problem]:
    """What the day of issue cannot be, as other facts have it: a year or month typed wrong."""
    if not facts.issued:
        return []
    problems, day_of_issue = [], {"issued": facts.issued}
    if facts.upper_received and facts.issued < facts.upper_received:
        problems.append(Problem("case.issued_before", {**day_of_issue, "received": facts.upper_received}))
    if facts.budget_year and abs(int(facts.issued[:4]) - facts.budget_year) > 1:
        problems.append(Problem("case.issued_far", {**day_of_issue, "year": facts.budget_year}))
    return problems


def _batch(text: str) -> Batch:
    batch = batch_of(text)
    if batch is None:
        raise AllocationError(Problem("case.batch", {"found": text, "known": [*BATCHES.values()]}))
    return batch


def _choice(fact: str, text: str) -> str:
    known = CHOICES[fact]
    chosen = next((key for key, words in known.items() if text in (key, words.zh, words.en)), "")
    if not chosen:
        slots = {"label": BY_KEY[fact].label, "found": text, "known": [*known.values()]}
        raise AllocationError(Problem("case.manner" if fact == "manner" else "case.choice", slots))
    return chosen


@dataclass(frozen=True)
class Setting:
    """One figure of a parameter as a case gives it: `value` None where the model's stands; `state`, one of STATES,
    empty where none was written; `label` and `unit` are what a book says of the row; `where` is its cell or key;
    `by` and `date` tell who decided, and when.
    """

    address: str
    value: Figure = None
    state: str = ""
    basis: str = ""
    last: Figure = None
    where: str = ""
    label: str = ""
    unit: str = ""
    by: str = ""
    date: str = ""


@dataclass(frozen=True)
class PrintedNote:
    """What is printed of one recipient (备注（印）), named by code, by name or by both; `where` is the text's cell."""

    code: str
    name: str
    text: str
    where_code: str = ""
    where_name: str = ""
    where: str = ""

    @property
    def unit(self) -> str:
        return " ".join(filter(None, (self.code, self.name)))


@dataclass(frozen=True)
class CaseFile:
    """What a case asks for, before its model and table are read (测算底稿).

    `table` and `given` (by kind of part, ledger, receipts, recipients) are files; `decided` are names of parameters
    that the bureau decided on; `resolved` are those of the table's doubts, by id. `sample`: all of it is illustrative.
    `notes` are printed. `sheet`: that of `table` to read, empty where none was said.
    `places`: the cell or key of each thing it says, by FACT, SETTING or RESOLUTION and its name.
    `added`: the side file whose entries are part of it; `crossed`: those that are not, as the case has changed there.
    """

    path: Path
    model: str
    table: Path
    facts: Facts = Facts()
    settings: tuple[Setting, ...] = ()
    decided: tuple[str, ...] = ()
    given: Mapping[str, Path] = field(default_factory=dict)
    resolved: Mapping[str, Resolution] = field(default_factory=dict)
    sample: bool = False
    sha256: str = ""
    places: Mapping[tuple[str, str], str] = field(default_factory=dict)
    added: Path | None = None
    crossed: tuple[Doubt, ...] = ()
    notes: tuple[PrintedNote, ...] = ()
    sheet: str = ""

    def __post_init__(self) -> None:
        seal_fields(self)

    @property
    def origin(self) -> str:
        return "sample" if self.sample else "case"
