"""What stands over a run and its charts: year, model and every mark."""

from __future__ import annotations

from allocation.run.marks import marks
from allocation.run.run import Run as EngineRun
from allocation.texts import Both, both


def heading(run: EngineRun) -> Both:
    """Year, model and every mark: 参照测算, 浮点试算, 示例数据."""
    return both("notebook.heading", year=run.year, model=run.model.label, marks=marks(run))


def titled(run: EngineRun, label: Both) -> Both:
    """A chart's title in both languages, marks at its end."""
    return both("notebook.chart_title", year=run.year, model=run.model.label, label=label, marks=marks(run))
