"""The charts of a run and of a comparison."""

from __future__ import annotations

from allocation.analysis.compare import Comparison
from allocation.notebook.charts import COLOURS, Chart, ChartRow, Plots, joined
from allocation.notebook.spoken import spoken
from allocation.notebook.titles import titled
from allocation.report.charts import comparison_chart as described_comparison
from allocation.report.charts import figures_chart
from allocation.report.comparison import AWARD, MOVED
from allocation.report.printed import NOTHING
from allocation.run.run import Run
from allocation.tables.keys import Figure
from allocation.texts import Both, both


def run_chart(plots: Plots, run: Run, name: str) -> Chart:
    """One column, longest bar first; last year's award as marks on the award's own chart."""
    model, entry = run.model, run.model.entry(name)
    with spoken(plots.lang):
        chart = figures_chart(run, name, {})
    order = [line.rows[0] for line in chart.table.lines if not line.summed]
    values, before = run.figures(name), None
    if model.compare_with in chart.marks:
        old = run.figures(model.compare_with)
        before = model.entry(model.compare_with).label, [_number(old[row]) for row in order]
    rows = [ChartRow(run.table.names[row], run.table.codes[row]) for row in order]
    series = [(entry.label, [_number(values[row]) for row in order])]
    return plots.bars(titled(run, entry.label), axis(run, name), rows, series, entry.unit.is_percent, before)


def comparison_chart(plots: Plots, comparison: Comparison, change: bool) -> Chart:
    """A group of bars a county: awards of every scenario, or how each differs from the baseline."""
    run, award = comparison.base, comparison.model.award
    table = run.table
    chart, kind = described_comparison(comparison.table, comparison.compared, change), MOVED if change else AWARD
    order = [line.rows[0] for line in chart.table.lines if not line.summed]
    shown = [each for each in comparison.compared if each.key(kind) in chart.drawn]
    series = [(each.label, [_number(comparison.figures(each.number, kind)[row]) for row in order]) for each in shown]
    column = chart.table.column(chart.drawn[0])
    words = column.item if column else NOTHING
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
