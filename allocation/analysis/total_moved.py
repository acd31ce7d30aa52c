"""Why a unit's figure is another than before: what the total being another does to it, and what all else does.

The two add up to the difference. Of a decomposition they are its own parts: the total's that of the pool. Where last
year's figures are all that is known, the total's part is what the unit's share of then has of the totals' difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from allocation.analysis.decompose import Decomposition
from allocation.classes import dataclass
from allocation.language.units import Unit
from allocation.readings.said_amounts import told
from allocation.run.run import Run
from allocation.run.scenario import name_of
from allocation.texts import Speaker, decimal_text
from allocation.texts.decimals import last_place


@dataclass(frozen=True)
class TotalMoved:
    """`before` and `after`: the totals of all units; `of_total` and `of_rest`: of the unit's difference."""

    unit: Unit
    before: Fraction
    after: Fraction
    of_total: Fraction
    of_rest: Fraction

    def told(self, speaker: Speaker, parts: bool = True) -> str:
        """`各地合计由4,800万元变为5,000万元，本地因此增加20万元；其余减少5万元`; the totals alone without `parts`."""
        totals = {
            "before": told(self.before, self.unit, speaker.lang),
            "after": told(self.after, self.unit, speaker.lang),
        }
        rest = _brought(self.of_rest, self.unit, speaker)
        if self.before == self.after:
            others = _brought(-self.of_rest, self.unit, speaker)
            return speaker.say("explain.total_same", after=totals["after"], others=others)
        if not parts:
            return speaker.say("explain.total_alone", **totals)
        brought = _brought(self.of_total, self.unit, speaker)
        return speaker.say("explain.total_moved", of_total=brought, of_rest=rest, **totals)


def since_last(run: Run, last: Sequence[Fraction | None], row: int) -> TotalMoved | None:
    """Against last year's figures, a unit each; None where no total is handed out, or last year's is not known."""
    model, then = run.model, last[row]
    before = sum((figure for figure in last if figure is not None), Fraction(0))
    if not model.pool or not model.adds_up(model.award) or then is None or before <= 0:
        return None
    awards = run.amounts(model.award)
    after, award = sum(awards, Fraction(0)), model.columns[model.award]
    place = last_place(award.decimals)
    of_total = place * Fraction(decimal_text(then * (after / before - 1) / place, 0))
    return TotalMoved(award.unit, before, after, of_total, awards[row] - then - of_total)


def of_decomposition(split: Decomposition, row: int) -> TotalMoved | None:
    """Of a unit's difference, the parts as they are printed; None where awards do not add up."""
    model = split.before.model
    if not model.adds_up(model.award):
        return None
    before, after = (sum(run.amounts(model.award), Fraction(0)) for run in (split.before, split.after))
    *parts, change = split.closed()[row]
    of_pool = [part for part, cause in zip(parts, split.causes, strict=True) if name_of(model, cause) == model.pool]
    of_total = sum(of_pool, Fraction(0))
    return TotalMoved(model.columns[model.award].unit, before, after, of_total, change - of_total)


def difference_sentence(split: Decomposition, row: int, speaker: Speaker) -> str:
    """`黑山县由240万元减为220万元，减少20万元。各地合计……`."""
    model = split.before.model
    unit = model.columns[model.award].unit
    old, new = (run.amounts(model.award)[row] for run in (split.before, split.after))
    moved = _brought(new - old, unit, speaker)
    slots = {"old": told(old, unit, speaker.lang), "new": told(new, unit, speaker.lang), "moved": moved}
    first = speaker.say("explain.difference", name=split.before.table.names[row], **slots)
    total = of_decomposition(split, row) if new != old else None
    stop = speaker.say("words.stop")
    return stop.join(filter(None, (first, total.told(speaker) if total else ""))).strip() + stop.strip()


def _brought(amount: Fraction, unit: Unit, speaker: Speaker) -> str:
    sign = "more" if amount > 0 else "less" if amount < 0 else "none"
    return speaker.say(f"explain.brought_{sign}", x=told(abs(amount), unit, speaker.lang))
