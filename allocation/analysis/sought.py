"""What a search for a target found, as it is told: lines, and tables of values."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from allocation.analysis.asked import Asked
from allocation.analysis.seek import Sought
from allocation.classes import dataclass
from allocation.run.marks import marks
from allocation.run.run import Run
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
        return figure_text(value, self.asked.decimals)

    def answer(self, speaker: Speaker) -> str:
        """In a line, as the journal keeps it; without an answer the nearest figures."""
        sought = self.sought
        reached = [near for near in ([sought.answer] if sought.answer else [sought.below, sought.above]) if near]
        text = "; ".join(
            f"{sought.address}={typed(near.value)} → {self.asked.text}={self.figure(near.figure)}" for near in reached
        )
        return text if sought.answer else speaker.say("study.kept_none", nearest=text)

    def told(self, speaker: Speaker) -> Iterator[str | ValuesTable]:
        sought, asked, say = self.sought, self.asked, speaker.say
        unit = self.run.model.units.label(asked.unit.name, speaker.lang)
        spread = {"low": typed(sought.low), "high": typed(sought.high), "step": typed(sought.step)}
        now = None if sought.present is None else typed(sought.present)
        yield say("study.seek_head", figure=asked.text, target=self.figure(sought.target), unit=unit,
                  marks=marks(self.run))  # fmt: skip
        yield say("study.seek_range", vary=sought.address, now=now, **spread)
        if sought.refused:
            yield say("study.seek_refused", refused=sought.refused, tried=sought.tried)
        heads = (say("study.from"), say("study.to"), asked.text)
        if sought.answer:  # it lies in one of the stretches
            rows = [(typed(part.low), typed(part.high), self.figure(part.figure)) for part in sought.stretches]
            yield ""
            yield ValuesTable(heads, tuple(rows))
            yield say("study.seek_found", count=len(rows))
            value, reached = typed(sought.answer.value), self.figure(sought.answer.figure)
            yield say("study.seek_answer", vary=sought.address, value=value, figure=reached)
        else:
            yield from self._nearest(speaker)
        if sought.jumps:
            yield say("study.seek_jumps")
            yield ValuesTable(heads, tuple(
                (typed(low.value), typed(high.value), f"{self.figure(low.figure)} → {self.figure(high.figure)}")
                for low, high in sought.jumps
            ))  # fmt: skip

    def _nearest(self, speaker: Speaker) -> Iterator[str]:
        yield speaker.say("study.seek_none", within=typed(self.sought.within))
        for side, near in (("below", self.sought.below), ("above", self.sought.above)):
            if near is None:
                yield speaker.say(f"study.seek_no_{side}")
            else:
                slots = {"value": typed(near.value), "figure": self.figure(near.figure)}
                yield speaker.say(f"study.seek_{side}", vary=self.sought.address, **slots)
