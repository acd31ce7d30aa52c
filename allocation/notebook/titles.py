"""What stands over a run and its charts: year, model and every mark."""

from __future__ import annotations

from allocation.run.marks import marks
from allocation.run.run import Run as EngineRun
from allocation.texts import LANGUAGES, Both, say


def heading(run: EngineRun, lang: str) -> str:
    """Year, model and every mark: 参照测算, 浮点试算, 示例数据."""
    slots = {"year": run.year, "model": run.model.label, "marks": marks(run)[lang]}
    return say(lang, "notebook.heading", **slots)


def titled(run: EngineRun, label: Both) -> Both:
    """A chart's title in both languages, marks at its end."""
    slots = {"year": run.year, "model": run.model.label, "label": label}
    return Both(*(say(lang, "notebook.chart_title", marks=marks(run)[lang], **slots) for lang in LANGUAGES))
