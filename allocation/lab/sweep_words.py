"""What is said of a sweep beside its tables, the same on the screen and on the sheet 概要."""

from __future__ import annotations

from allocation.analysis.addresses import label_of
from allocation.lab.ranges import FactorRange
from allocation.lab.sweep import BROKEN, REFUSED
from allocation.lab.sweep_measures import MOST_LEFT_OUT, Findings
from allocation.marks import marks
from allocation.texts import say, shortened, show
from allocation.texts.decimals import with_decimals

MOST_LISTED = 20  # values of a list that are spelt out
MOST_WHY = 200  # characters of a reason


def title(found: Findings, lang: str) -> str:
    """The model with every mark; the same for a grid and for samples but for one word."""
    key = "sweep.title_sampled" if found.swept.sweep.samples else "sweep.title_grid"
    return say(lang, key, model=found.swept.base.model.label) + marks(found.swept.base, lang)


def counts(found: Findings, lang: str) -> str:
    """How many runs, and how many of them the percentiles are of."""
    sweep = found.swept.sweep
    if not sweep.samples:
        return say(lang, "sweep.counts_grid", runs=sweep.runs)
    slots = {"samples": sweep.samples, "seed": sweep.seed, "held": found.held}
    return say(lang, "sweep.counts_sampled", runs=sweep.runs, **slots)


def lost(found: Findings, lang: str) -> list[str]:
    """How many runs are left out, and why the first of each kind is; nothing where none is."""
    if not found.refused and not found.broken:
        return []
    swept = found.swept
    lines = [say(lang, "sweep.lost", refused=found.refused, broken=found.broken, runs=swept.sweep.runs)]
    if found.why:
        why = found.why.text(lang).splitlines()[0]
        why = f"{why[:MOST_WHY]}…" if len(why) > MOST_WHY else why
        lines.append(say(lang, "sweep.lost_refused", run=swept.first(REFUSED) + 1, why=why))
    if found.checks:
        lines.append(say(lang, "sweep.lost_broken", run=swept.first(BROKEN) + 1, checks=list(found.checks)))
    return lines


def indices_line(found: Findings, lang: str) -> str:
    """Nothing where the indices rest on every row, or where there are none to speak of."""
    if not found.swept.sweep.samples:
        return ""
    if found.indices is None:
        return say(lang, "sweep.no_indices", most=with_decimals(MOST_LEFT_OUT, 0, percent=True))
    used, rows = found.indices.used, found.indices.rows
    return say(lang, "sweep.used", used=used, rows=rows) if used < rows else ""


def steps(factor: FactorRange, lang: str) -> str:
    """The values or the step of a factor; a range without one is cut finely."""
    if factor.values:
        return show(shortened(factor.values, MOST_LISTED), lang)
    return show(factor.step, lang) if factor.listed else say(lang, "sweep.fine", step=factor.step)


def named(found: Findings, lang: str) -> list[str]:
    """The factors as the heads of tables and the legends of charts name them."""
    return [label_of(found.swept.sweep.model, head(one), lang) for one in found.swept.sweep.factors]


def head(factor: FactorRange) -> str:
    """A factor's address."""
    return f"{factor.address}@each" if factor.apart else factor.address
