"""Several runs made again from a record: of years, in order, or of scenarios against a baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from allocation.analysis.compare import Comparison
from allocation.analysis.scenarios import Scenario, run_scenario
from allocation.case import facts_of
from allocation.doubts.doubt import from_record
from allocation.policy.model import Model
from allocation.record.record import ChangeKept, Record
from allocation.report.cut import Cut
from allocation.run.scenario import Change, apply_changes
from allocation.tables.table import Table
from allocation.texts import Both
from allocation.verify.restoring import changes_of, figure_of
from allocation.years.timeline import Timeline, timeline, year_runs


def years_again(record: Record, model: Model, tables: Sequence[Table]) -> Timeline:
    """`tables` are those of the years that are no what-ifs; what holds in all years is a setting of the model."""
    kept = merged([run.changes for run in record.runs])
    changes = [_change(change, "set") for change in kept if change.county or change.year]
    growth = [Change(address, figure_of(rate)) for address, rate in record.growth.items()]
    ahead = [run.year for run in record.runs if run.projected and run.year]
    options = {"exact": record.exact, "reference": record.reference}
    over_years = timeline(model, tables, changes, growth=growth, until=max(ahead) if ahead else None, **options)
    run = replace(over_years.run, changed=changes_of(kept), recorded_doubts=from_record(record))
    return replace(over_years, run=run, runs=year_runs(run), cut=Cut.of(record.papers))


def comparison_again(record: Record, model: Model, table: Table) -> Comparison:
    """`table` is as it was read; what held in every run is changed in it first."""
    model, (table,), before = apply_changes(model, (table,), [_change(change, "set") for change in record.changes])
    doubts, scenarios, runs = from_record(record), [], []
    facts = facts_of(record.facts, record.case)
    for kept in record.runs:
        layer = tuple(_change(change, "scenario") for change in kept.changes)
        scenario = Scenario(kept.name, Both(kept.zh, kept.en), (layer,) if layer else ())
        run = run_scenario(model, (table,), scenario, exact=record.exact, reference=record.reference, facts=facts)
        scenarios.append(scenario)
        runs.append(replace(run, changed=changes_of(kept.changes), recorded_doubts=doubts.only(kept.doubted)))
    return Comparison(tuple(scenarios), tuple(runs), tuple(before), cut=Cut.of(record.papers))


def _change(kept: ChangeKept, origin: str) -> Change:
    address = kept.name + (f".{kept.key}" if kept.key else "") + (f"@{kept.county}" if kept.county else "")
    return Change(address + (f"#{kept.year}" if kept.year else ""), figure_of(kept.new), "set", origin)


def merged(lists: Sequence[Sequence[ChangeKept]]) -> list[ChangeKept]:
    """Lists that are parts of one list, each in its order, as that list; one after the other where they are not."""
    before: dict[ChangeKept, set[ChangeKept]] = {change: set() for changes in lists for change in changes}
    for changes in lists:
        for first, second in pairwise(changes):
            before[second].add(first)
    try:
        return [*TopologicalSorter(before).static_order()]
    except CycleError:
        return [*before]
