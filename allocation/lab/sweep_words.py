"""What is said of a sweep beside its tables, the same on the screen and on the sheet 概要."""

from __future__ import annotations

from allocation.analysis.addresses import label_of
from allocation.lab.ranges import FactorRange
from allocation.lab.sweep import BROKEN, REFUSED
from allocation.lab.sweep_measures import MOST_LEFT_OUT, Findings
from allocation.run.marks import marks
from allocation.texts import say, shortened, show
from allocation.texts.decimals import with_decimals

MOST_LISTED = 20  # values of a list that are spelt out
MOST_WHY = 200  # characters of a reason


def title(findings: Findings, lang: str) -> str:
    """The model with every mark; the same for a grid and for samples but for one word."""
    key = "sweep.title_sampled" if findings.swept.sweep.samples else "sweep.title_grid"
    return say(lang, key, model=findings.swept.base.model.label) + marks(findings.swept.base)[lang]


def counts(findings: Findings, lang: str) -> str:
    """How many runs, and how many of them the percentiles are of."""
    sweep = findings.swept.sweep
    if not sweep.samples:
        return say(lang, "sweep.counts_grid", runs=sweep.runs)
    slots = {"samples": sweep.samples, "seed": sweep.seed, "held": findings.held}
    return say(lang, "sweep.counts_sampled", runs=sweep.runs, **slots)


def lost(findings: Findings, lang: str) -> list[str]:
    """How many runs are left out, and why the first of each kind is; nothing where none is."""
    if not findings.refused and not findings.broken:
        return []
    swept = findings.swept
    lines = [say(lang, "sweep.lost", refused=findings.refused, broken=findings.broken, runs=swept.sweep.runs)]
    refused, broken = swept.first(REFUSED), swept.first(BROKEN)
    if findings.why and refused is not None:
        why = findings.why.text(lang).splitlines()[0]
        why = f"{why[:MOST_WHY]}…" if len(why) > MOST_WHY else why
        lines.append(say(lang, "sweep.lost_refused", run=refused + 1, why=why))
    if findings.checks and broken is not None:
        lines.append(say(lang, "sweep.lost_broken", run=broken + 1, checks=list(findings.checks)))
    return lines


def indices_line(findings: Findings, lang: str) -> str:
    """Nothing where the indices rest on every row, or where there are none to speak of."""
    if not findings.swept.sweep.samples:
        return ""
    if findings.indices is None:
        return say(lang, "sweep.no_indices", most=with_decimals(MOST_LEFT_OUT, 0, percent=True))
    used, rows = findings.indices.used, findings.indices.rows
    return say(lang, "sweep.used", used=used, rows=rows) if used < rows else ""


def steps(factor: FactorRange, lang: str) -> str:
    """The values or the step of a factor; a range without one is cut finely."""
    if factor.values:
        return show(shortened(factor.values, MOST_LISTED), lang)
    return show(factor.step, lang) if factor.listed else say(lang, "sweep.fine", step=factor.step)


def named(findings: Findings, lang: str) -> list[str]:
    """The factors as the heads of tables and the legends of charts name them."""
    return [label_of(findings.swept.sweep.model, head(factor), lang) for factor in findings.swept.sweep.factors]


def head(factor: FactorRange) -> str:
    """A factor's address."""
    return f"{factor.address}@each" if factor.apart else factor.address
