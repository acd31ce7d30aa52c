"""What a search for a target found, as it is told: lines, and tables of values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

from allocation.analysis.addresses import as_typed, form_label
from allocation.analysis.asked import Asked
from allocation.analysis.seek import Sought
from allocation.classes import dataclass
from allocation.readings.amounts import amount
from allocation.readings.words import sentence
from allocation.run.marks import marks
from allocation.run.run import Run
from allocation.run.scenario import entry_of
from allocation.texts import Speaker
from allocation.texts.decimals import figure_text, typed


@dataclass(frozen=True)
class ValuesTable:
    """A few rows of texts below their headings."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class SoughtRun:
    """`run`: with the answer, else with the value that comes nearest."""

    sought: Sought
    asked: Asked
    run: Run

    def figure(self, value: Fraction) -> str:
        return figure_text(value, self.asked.decimals, self.asked.unit.is_percent)

    def answer(self, speaker: Speaker) -> str:
        """In a line, as the journal keeps it; without an answer the nearest figures."""
        sought = self.sought
        reached = [near for near in ([sought.answer] if sought.answer else [sought.below, sought.above]) if near]
        text = "; ".join(
            f"{sought.address}={typed(near.value)} → {self.asked.text}={self.figure(near.figure)}" for near in reached
        )
        return text if sought.answer else speaker.say("study.kept_none", nearest=text)

    def told(self, speaker: Speaker) -> Iterator[str | ValuesTable]:
        """At a terminal in the names that were typed, on the page in the words of the table and the form."""
        sought, figure, vary, value = self.sought, self._wanted(speaker), self._varied(speaker), self._value(speaker)
        say = speaker.say
        target = amount(sought.target, self.asked.unit, speaker.lang)
        spread = {"low": value(sought.low), "high": value(sought.high), "step": value(sought.step)}
        now = None if sought.present is None else value(sought.present)
        yield say("study.seek_head", figure=figure, target=target, marks=marks(self.run))
        yield say("study.seek_range", vary=vary, now=now, **spread)
        if sought.refused:
            yield say("study.seek_refused", refused=sought.refused, tried=sought.tried)
        heads = (say("study.from"), say("study.to"), figure)
        if sought.answer:  # it lies in one of the stretches
            rows = [(value(part.low), value(part.high), self.figure(part.figure)) for part in sought.stretches]
            yield ""
            yield ValuesTable(heads, tuple(rows))
            yield say("study.seek_found", count=len(rows))
            reached = self.figure(sought.answer.figure)
            yield say("study.seek_answer", vary=vary, value=value(sought.answer.value), figure=reached)
        else:
            yield from self._nearest(speaker)
        if sought.jumps:
            yield say("study.seek_jumps")
            yield ValuesTable(heads, tuple(
                (value(low.value), value(high.value), f"{self.figure(low.figure)} → {self.figure(high.figure)}")
                for low, high in sought.jumps
            ))  # fmt: skip

    def _nearest(self, speaker: Speaker) -> Iterator[str]:
        value, vary = self._value(speaker), self._varied(speaker)
        yield speaker.say("study.seek_none", within=typed(self.sought.within))
        for side, near in (("below", self.sought.below), ("above", self.sought.above)):
            if near is None:
                yield speaker.say(f"study.seek_no_{side}")
            else:
                slots = {"value": value(near.value), "figure": self.figure(near.figure)}
                yield speaker.say(f"study.seek_{side}", vary=vary, **slots)

    def _wanted(self, speaker: Speaker) -> str:
        """`award@210727`; on the page `义县·分配额`."""
        if speaker.reader == "terminal":
            return self.asked.text
        label = sentence(self.run.model, self.asked.node)[speaker.lang]
        names = dict(zip(self.run.table.codes, self.run.table.names, strict=True))
        name = names.get(self.asked.code)
        return speaker.say("explain.entry", label=name, key=label) if name else label

    def _varied(self, speaker: Speaker) -> str:
        """`pool`; on the page `奖励资金总额（万元）`."""
        if speaker.reader == "terminal":
            return self.sought.address
        return form_label(self.run.model, self.sought.address, speaker)

    def _value(self, speaker: Speaker) -> Callable[[Fraction], str]:
        """How a value of what is varied is written: so that it can be typed where it is read."""
        if speaker.reader == "terminal":
            return typed
        return partial(as_typed, entry_of(self.run.model, self.sought.address))
