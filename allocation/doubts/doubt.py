"""A doubt, its id, and who has resolved it with which reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property

from allocation.classes import dataclass
from allocation.doubts.resolution import Resolution
from allocation.errors import AllocationError, Problem
from allocation.record.record import DoubtKept, Record
from allocation.sealing import seal_fields
from allocation.texts import AT_TERMINAL, Both, Speaker, both

CROSSED = "case"  # the case has changed where its side file says something: one of both is to be chosen
POLICY = "policy"  # figures that the bureau has still to decide on; see doubts.policy
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
    """All doubts of a run, and by id how those were resolved that a person has resolved."""

    every: tuple[Doubt, ...] = ()
    resolutions: Mapping[str, Resolution] = field(default_factory=dict)

    def __post_init__(self) -> None:
        seal_fields(self)

    @property
    def reasons(self) -> dict[str, str]:
        """By id why, and who says so on what paper."""
        return {id: resolution.text() for id, resolution in self.resolutions.items()}

    @property
    def open(self) -> tuple[Doubt, ...]:
        return tuple(doubt for doubt in self.every if doubt.id not in self.resolutions)

    @property
    def open_data(self) -> tuple[Doubt, ...]:
        """Of the open ones those of the data: the others are of policy."""
        return tuple(doubt for doubt in self.open if doubt.kind != POLICY)

    @property
    def open_policy(self) -> tuple[Doubt, ...]:
        return tuple(doubt for doubt in self.open if doubt.kind == POLICY)

    @property
    def resolved(self) -> tuple[Doubt, ...]:
        return tuple(doubt for doubt in self.every if doubt.id in self.resolutions)

    def __iter__(self) -> Iterator[Doubt]:
        return iter(self.every)

    def __len__(self) -> int:
        return len(self.every)

    def only(self, ids: Sequence[str]) -> Doubts:
        """Those of them that are one run's own, in its order."""
        kept = {id: resolution for id, resolution in self.resolutions.items() if id in ids}
        known = {doubt.id: doubt for doubt in self.every}
        return Doubts(tuple(known[id] for id in ids if id in known), kept)

    def blocking(self, case: str = "") -> list[Problem]:
        """The open ones of the data as problems: why nothing may leave the house. `case` is the file they are resolved
        in, if any.
        """
        way = "doubts.blocks_case" if case else "doubts.blocks"
        return [
            Problem("doubts.crossed" if doubt.kind == CROSSED else way,
                    {"id": doubt.id, "text": doubt.problem, "case": case})
            for doubt in self.open_data
        ]  # fmt: skip

    def unsigned(self, issued: bool) -> list[Problem]:
        """Of the resolved ones what is still to be said of how; `issued`: it is for what is handed out."""
        return [Problem("doubts.lacks", {"id": id, "labels": lacking, "text": self.resolutions[id].reason})
                for id in (doubt.id for doubt in self.resolved)
                if (lacking := self.resolutions[id].lacking(issued))]  # fmt: skip


def assignments(texts: Iterable[str]) -> tuple[tuple[str, str | None], ...]:
    """`ID="why"` of each as id and reason; no reason where there is no `=`."""
    pairs = ((text, *text.partition("=")) for text in texts)
    return tuple((id.strip(), why) if equals else (text, None) for text, id, equals, why in pairs)


def settled(
    every: Sequence[Doubt], given: Iterable[tuple[str, str | None]], earlier: Mapping[str, Resolution]
) -> Doubts:
    """The doubts with the reasons given now and what the case and earlier versions have on record.

    Raises AllocationError for a reason that is empty, or that is given for a doubt that is not open; each says which
    are.
    """
    known = {doubt.id: doubt.kind for doubt in every}
    kept = {id: said for id, said in earlier.items() if known.get(id, CROSSED) not in (CROSSED, POLICY)}
    waiting = [id for id, kind in known.items() if id not in kept and kind != POLICY]
    fresh: dict[str, Resolution] = {}
    problems = []
    for id, said in given:
        before = None
        why = None if said is None else said.strip(QUOTES)
        if why is None or not id:
            wrong = "not_assignment"
        elif not why:
            wrong = "no_reason"
        elif known.get(id) == CROSSED:
            wrong = "choose"
        elif known.get(id) == POLICY:
            wrong = "decide"
        elif (before := kept.get(id) or fresh.get(id)) and before.reason != why:
            wrong = "resolved_before"
        else:
            wrong = "" if id in known else "not_open"
            fresh[id] = kept.get(id) or Resolution(why)
        if wrong:
            still = sorted(waiting) or both("doubts.nothing")
            slots = {"id": id, "why": before.text() if before else "", "open": still}
            problems.append(Problem(f"doubts.{wrong}", slots, "--resolve"))
    if problems:
        raise AllocationError(problems)
    return Doubts(tuple(every), {**kept, **fresh})


def together(every: Iterable[Doubts]) -> Doubts:
    """Of several runs or tables, each doubt once."""
    doubts: dict[str, Doubt] = {}
    resolutions: dict[str, Resolution] = {}
    for some in every:
        doubts |= {doubt.id: doubt for doubt in some}
        resolutions |= some.resolutions
    return Doubts(tuple(doubts.values()), resolutions)


def lines(doubts: Doubts, speaker: Speaker) -> list[tuple[str, list[str]]]:
    """What is said of them wherever they are listed: a heading and lines, of the open ones, those of the data and those
    of policy, and of those resolved.
    """
    paragraphs, reasons = [], {id: resolution.text(speaker.lang) for id, resolution in doubts.resolutions.items()}
    states = (("open", doubts.open_data), ("policy", doubts.open_policy), ("resolved", doubts.resolved))
    for state, those in states:
        line = "doubts.resolved_line" if state == "resolved" else "doubts.open_line"
        texts = [
            speaker.say(line, id=doubt.id, text=doubt.problem.told_by(speaker), reason=reasons.get(doubt.id))
            for doubt in those
        ]
        if those:
            head = {"count": len(those), "figures": len(_addresses(those))}
            paragraphs.append((speaker.say(f"doubts.{state}_head", **head), texts))
    return paragraphs


def _addresses(doubts: Iterable[Doubt]) -> set[str]:
    """Of doubts of policy the figures that they are of."""
    return {figure.rpartition("=")[0] for doubt in doubts for figure in doubt.figures}


def told(every: Iterable[Doubts], lang: str) -> list[str]:
    """The same as plain lines, for a sheet of a study; what is not decided on stands there by itself."""
    whole = together(every)
    of_data = whole.only([doubt.id for doubt in whole if doubt.kind != POLICY])
    return [text for head, texts in lines(of_data, AT_TERMINAL[lang]) for text in (head, *texts)]


def as_record(doubts: Doubts) -> dict[str, DoubtKept]:
    """By id, as a record keeps them."""
    return {doubt.id: _kept(doubt, doubts.resolutions.get(doubt.id)) for doubt in doubts.every}


def _kept(doubt: Doubt, resolution: Resolution | None) -> DoubtKept:
    said = vars(resolution) if resolution else {}
    return DoubtKept(
        doubt.kind, "resolved" if resolution else "open", units=tuple(doubt.units), figures=tuple(doubt.figures),
        zh=doubt.text("zh"), en=doubt.text("en"), **said,
    )  # fmt: skip


def from_record(record: Record) -> Doubts:
    """The doubts on record, worded and in order as they were told; their ids are those on record."""
    every, resolutions = [], {}
    for id in dict.fromkeys([*record.doubted, *record.doubts]):
        said = record.doubts[id]
        doubt = Doubt(
            said.kind, said.units, said.figures, Problem("doubts.as_recorded", {"text": Both(said.zh, said.en)})
        )
        doubt.__dict__["id"] = id
        every.append(doubt)
        if said.state == "resolved":
            resolutions[id] = Resolution(said.reason, said.basis, said.prepared, said.reviewed, said.date)
    return Doubts(tuple(every), resolutions)
