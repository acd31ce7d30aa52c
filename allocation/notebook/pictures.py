"""The charts of a run and of a comparison."""

from __future__ import annotations

from allocation.analysis.compare import Comparison
from allocation.errors import AllocationError, Problem
from allocation.notebook.charts import COLOURS, Chart, ChartRow, Plots, joined
from allocation.notebook.spoken import spoken
from allocation.notebook.titles import titled
from allocation.policy.model import Input
from allocation.report.columns import compared
from allocation.report.comparison import AWARD, MOVED
from allocation.run.run import Run
from allocation.tables.keys import Figure
from allocation.texts import Both, both


def run_chart(plots: Plots, run: Run, name: str) -> Chart:
    """One column, longest bar first; last year's award as marks on the award's own chart."""
    model, entry = run.model, run.model.entry(name)
    if isinstance(entry, Input) and entry.text or getattr(entry, "kind", "number") != "number":
        with spoken(plots.lang):
            raise AllocationError(Problem("notebook.no_figures", {"label": entry.label}))
    values, before = run.figures(name), None
    order = sorted(range(len(values)), key=lambda row: -_size(values[row]))
    if name == model.award and compared(run):
        old = run.figures(model.compare_with)
        before = model.entry(model.compare_with).label, [_number(old[row]) for row in order]
    rows = [ChartRow(run.table.names[row], run.table.codes[row]) for row in order]
    series = [(entry.label, [_number(values[row]) for row in order])]
    return plots.bars(titled(run, entry.label), axis(run, name), rows, series, entry.unit.is_percent, before)


def comparison_chart(plots: Plots, comparison: Comparison, change: bool) -> Chart:
    """A group of bars a county: awards of every scenario, or how each differs from the baseline."""
    run, award = comparison.base, comparison.model.award
    table = run.table
    order = sorted(range(len(table)), key=lambda row: -comparison.awards(0)[row])
    kind = MOVED if change else AWARD
    shown = [(each, column) for each in comparison.compared if (column := comparison.table.column(each.key(kind)))]
    series = [(each.label, [_number(comparison.figures(each.number, kind)[row]) for row in order]) for each, _ in shown]
    words = shown[0][1].item
    entry, rows = run.model.columns[award], [ChartRow(table.names[row], table.codes[row]) for row in order]
    label = joined(entry.label, Both("，", ", "), words) if change else entry.label
    below = axis(run, award, words if change else None)
    over = len(series) - len(COLOURS)
    if over > 0:
        more = both("notebook.more_scenarios", count=over)
        below = joined(below, Both("　", "  "), more)
    return plots.bars(titled(run, label), below, rows, series[: len(COLOURS)])


def axis(run: Run, name: str, label: Both | None = None) -> Both:
    """A column's label (or another) with its unit."""
    entry = run.model.entry(name)
    label, unit = label or entry.label, None if entry.unit.is_percent else entry.unit
    return run.model.units.headed(label, unit)


def _number(value: Figure | bool) -> float | None:
    return None if value is None or isinstance(value, str) else float(value)


def _size(value: Figure | bool) -> float:
    return _number(value) or 0.0
