"""A doubt, its id, and who has resolved it with which reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from allocation.errors import AllocationError, Problem
from allocation.record.record import DoubtKept, Record
from allocation.sealing import seal_fields
from allocation.texts import LANGUAGES, Both, say

DIGITS = 8  # of the hash, in an id
QUOTES = " \t\u3000\"'“”‘’"  # around a reason, where the shell left them


@dataclass(frozen=True)
class Doubt:
    """`units`: codes, or names in a table without codes; `figures`: every figure and name it rests on, as exact texts.

    The id is made of these three, and of nothing else: neither language, order of rows nor name of a file moves it.
    """

    kind: str
    units: tuple[str, ...]
    figures: tuple[str, ...]
    problem: Problem

    @cached_property
    def id(self) -> str:
        rests_on = json.dumps([self.kind, sorted(self.units), sorted(self.figures)], ensure_ascii=False)
        return f"{self.kind}-{hashlib.sha256(rests_on.encode('utf-8')).hexdigest()[:DIGITS]}"

    def text(self, lang: str) -> str:
        return self.problem.text(lang)


@dataclass(frozen=True)
class Doubts:
    """All doubts of a run, and the reasons by id of those that a person has resolved."""

    every: tuple[Doubt, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        seal_fields(self)

    @property
    def open(self) -> tuple[Doubt, ...]:
        return tuple(doubt for doubt in self.every if doubt.id not in self.reasons)

    @property
    def resolved(self) -> tuple[Doubt, ...]:
        return tuple(doubt for doubt in self.every if doubt.id in self.reasons)

    def __iter__(self) -> Iterator[Doubt]:
        return iter(self.every)

    def __len__(self) -> int:
        return len(self.every)

    def only(self, ids: Collection[str]) -> Doubts:
        """Those of them that are one run's own."""
        those = tuple(doubt for doubt in self.every if doubt.id in ids)
        return Doubts(those, {doubt.id: self.reasons[doubt.id] for doubt in those if doubt.id in self.reasons})

    def blocking(self) -> list[Problem]:
        """The open ones as problems: why nothing may leave the house."""
        return [Problem("doubts.blocks", {"id": doubt.id, "text": _both(doubt)}) for doubt in self.open]


def assignments(texts: Iterable[str]) -> tuple[tuple[str, str | None], ...]:
    """`ID="why"` of each as id and reason; no reason where there is no `=`."""
    pairs = ((text, *text.partition("=")) for text in texts)
    return tuple((id.strip(), why) if equals else (text, None) for text, id, equals, why in pairs)


def settled(every: Sequence[Doubt], given: Iterable[tuple[str, str | None]], earlier: Mapping[str, str]) -> Doubts:
    """The doubts with the reasons given now and those on record of earlier versions.

    Raises AllocationError for a reason that is empty, or that is given for a doubt that is not open; each says which
    are.
    """
    known = {doubt.id for doubt in every}
    kept = {id: why for id, why in earlier.items() if id in known}
    waiting = [id for id in known if id not in kept]
    reasons: dict[str, str] = {}
    problems = []
    for id, said in given:
        why = None if said is None else said.strip(QUOTES)
        if why is None or not id:
            wrong = "not_assignment"
        elif not why:
            wrong = "no_reason"
        elif kept.get(id, why) != why or reasons.get(id, why) != why:
            wrong = "resolved_before"
        else:
            wrong = "" if id in known else "not_open"
            reasons[id] = why
        if wrong:
            still = sorted(waiting) or Both(*(say(lang, "doubts.nothing") for lang in LANGUAGES))
            slots = {"id": id, "why": kept.get(id) or reasons.get(id) or "", "open": still}
            problems.append(Problem(f"doubts.{wrong}", slots, "--resolve"))
    if problems:
        raise AllocationError(problems)
    return Doubts(tuple(every), {**kept, **reasons})


def together(every: Iterable[Doubts]) -> Doubts:
    """Of several runs or tables, each doubt once."""
    doubts: dict[str, Doubt] = {}
    reasons: dict[str, str] = {}
    for some in every:
        doubts |= {doubt.id: doubt for doubt in some}
        reasons |= some.reasons
    return Doubts(tuple(doubts.values()), reasons)


def lines(doubts: Doubts, lang: str) -> list[tuple[str, list[str]]]:
    """What is said of them wherever they are listed: a heading and lines, of the open ones and of those resolved."""
    paragraphs = []
    for state, those in (("open", doubts.open), ("resolved", doubts.resolved)):
        texts = [say(lang, f"doubts.{state}_line", id=doubt.id, text=doubt.text(lang),
                     reason=doubts.reasons.get(doubt.id)) for doubt in those]  # fmt: skip
        paragraphs += [(say(lang, f"doubts.{state}_head", count=len(those)), texts)] if those else []
    return paragraphs


def told(every: Iterable[Doubts], lang: str) -> list[str]:
    """The same as plain lines, for a sheet of a study."""
    return [text for head, texts in lines(together(every), lang) for text in (head, *texts)]


def as_record(doubts: Doubts) -> dict[str, DoubtKept]:
    """By id, as a record keeps them."""
    return {
        doubt.id: DoubtKept(
            doubt.kind, "resolved" if doubt.id in doubts.reasons else "open", doubts.reasons.get(doubt.id, ""),
            tuple(doubt.units), tuple(doubt.figures), doubt.text("zh"), doubt.text("en"),
        )
        for doubt in doubts.every
    }  # fmt: skip


def from_record(record: Record) -> Doubts:
    """The doubts on record, worded and in order as they were told; their ids are those on record."""
    every, reasons = [], {}
    for id in dict.fromkeys([*record.doubted, *record.doubts]):
        said = record.doubts[id]
        doubt = Doubt(
            said.kind, said.units, said.figures, Problem("doubts.as_recorded", {"text": Both(said.zh, said.en)})
        )
        doubt.__dict__["id"] = id
        every.append(doubt)
        if said.state == "resolved":
            reasons[id] = said.reason
    return Doubts(tuple(every), reasons)


def _both(doubt: Doubt) -> Both:
    return Both(*(doubt.text(lang) for lang in LANGUAGES))
