"""What 溯源 of a comparison and of a timeline lists: enough to compute them again from the workbook alone."""

from __future__ import annotations

from collections.abc import Iterable

from allocation.analysis.compare import Comparison
from allocation.doubts.doubt import as_record, together
from allocation.run import Run
from allocation.scenario import Changed
from allocation.texts import exact_text
from allocation.workbook.files import blanks, manifest, named
from allocation.years.timeline import Timeline

TIMELINE, EVALUATION, COMPARISON = (f"allocation.{kind}/1" for kind in ("timeline", "evaluation", "comparison"))
# lines of a run's own record
KEPT = ("model", "inputs", "settings", "decided", "pending", "versions", "exact", "reference", "doubts")


def timeline_record(found: Timeline, schema: str = TIMELINE) -> dict:
    """The years' inputs, which are what-ifs and at what growth, what was changed, each year's awards and names."""
    return {
        **_record(schema, found.run),
        "projected": list(found.projected),
        "growth": {one.address: exact_text(one.value) for one in found.growth},
        "changes": _changes(found.run.changed),
        "awards": {str(run.table.year): _awards(run) for run in found.runs},
        "blank": {str(run.table.year): blanks(run) for run in found.runs},
        **named({str(run.table.year): _names(run) for run in found.runs}),
    }


def comparison_record(comparison: Comparison) -> dict:
    """The inputs, and of each scenario its name, its changes and its awards; number 0 is the baseline."""
    pairs = zip(comparison.scenarios, comparison.runs, strict=True)
    every = together(run.doubts for run in comparison.runs)
    return _record(COMPARISON, comparison.base) | as_record(every) | {
        "scenarios": {
            str(number): {
                "name": one.name, "zh": one.label.zh, "en": one.label.en,
                "changes": _changes(run.changed), "awards": _awards(run),
                "blank": blanks(run), "doubted": " ".join(one.id for one in run.doubts.every) or "—",
            }
            for number, (one, run) in enumerate(pairs)
        },
        **named(_names(comparison.base)),
    }  # fmt: skip


def _record(schema: str, run: Run) -> dict:
    whole = manifest(run)
    return {"schema": schema, **{key: whole[key] for key in KEPT if key in whole}}


def _changes(changed: Iterable[Changed]) -> list[dict]:
    return [
        {"name": c.name, "key": c.key, "county": c.county, "year": c.year, "old": exact_text(c.old),
         "new": exact_text(c.new)}
        for c in changed
    ]  # fmt: skip


def _names(run: Run) -> dict[str, str]:
    return dict(zip(run.table.codes, run.table.names, strict=True))


def _awards(run: Run) -> dict[str, str | None]:
    return dict(zip(run.table.codes, map(exact_text, run.figures(run.model.award)), strict=True))
