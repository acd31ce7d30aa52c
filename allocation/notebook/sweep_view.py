"""A sweep as a notebook sees it: how far each award may move, and what moves it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import TYPE_CHECKING

from allocation.errors import AllocationError, Problem
from allocation.lab.blocks import RowsInMemory, run_sweep
from allocation.lab.ranges import parse_balance, parse_factors
from allocation.lab.sweep import Swept, baseline, make_sweep
from allocation.lab.sweep_measures import Findings, Indices, findings
from allocation.lab.sweep_tables import indices_table, ranges_tables
from allocation.lab.sweep_words import counts, head, indices_line, lost, title
from allocation.lab.workers import Workers, in_executor, in_processes
from allocation.notebook import markup
from allocation.notebook.arguments import LANG, optional, takes
from allocation.notebook.charts import Chart, ChartRow, Plots, Spans, joined
from allocation.notebook.frames import study_frame
from allocation.notebook.pictures import axis
from allocation.notebook.spoken import language, spoken
from allocation.notebook.table_markup import described
from allocation.notebook.titles import titled
from allocation.run.marks import marks
from allocation.run.run import Run, run_model
from allocation.texts import Both, both

if TYPE_CHECKING:
    import pandas


def sweep(
    run: Run, texts: Sequence[str], samples: int, seed: int, balance: str | None, workers: int | Executor | None
) -> SweepView:
    """Runs the model, in floats, on values sampled around `run`. Raises AllocationError."""
    with spoken():
        if samples < 2 or samples & (samples - 1):
            raise AllocationError(Problem("notebook.power", {"found": samples}))
        if not texts:
            raise AllocationError(Problem("sweep.nothing"))
        base = run_model(run.model, run.tables, exact=False, reference=run.reference)
        factors = parse_factors(texts, base.model, base.tables, "sweep")
        design = make_sweep(base, factors, (), parse_balance(balance, base.model) if balance else None, samples, seed)
        rows = run_sweep(design, RowsInMemory(design), lambda done: None, _workers(workers))
        return SweepView(findings(Swept(design, base, rows, baseline(design))))


def _workers(given: int | Executor | None) -> Workers | None:
    if given is None:
        return None
    return in_executor(given) if isinstance(given, Executor) else in_processes(int(given))


class SweepView(markup.View):
    """`engine` is the findings below. Figures are floats: trials, not results."""

    def __init__(self, engine: Findings):
        self.engine = engine

    @property
    def _base(self) -> Run:
        return self.engine.swept.base

    @property
    def factors(self) -> list[str]:
        return [head(factor) for factor in self.engine.swept.sweep.factors]

    @property
    def frame(self) -> pandas.DataFrame:
        """Baseline, mean, percentiles of each award; the share of runs below the baseline, at its floor, at its cap."""
        return study_frame(ranges_tables(self.engine, "frame")[0], marks(self._base)["zh"])

    @property
    def indices(self) -> pandas.DataFrame:
        """Total Sobol index of each factor: the share of the variation it explains, with its interactions."""
        indices = self.engine.indices
        frame = self.frame[["name"]] if indices is None else self._indices(indices)
        frame.attrs = self.frame.attrs
        return frame

    def _indices(self, indices: Indices) -> pandas.DataFrame:
        return study_frame(indices_table(self.engine, indices, "frame"), marks(self._base)["zh"])

    @takes(lang=optional(LANG))
    def plot(self, lang: str | None = None) -> Chart:
        """Where nine cases in ten lie, the median, and the award as it stands now."""
        run, spread = self._base, self.engine.spread
        order = sorted(range(len(run.table)), key=lambda row: -spread["baseline"][row])
        low, middle, high, now = (
            [float(spread[key][row]) for row in order] for key in ("p5", "p50", "p95", "baseline")
        )
        spans = Spans(low, middle, high, now, (_words("sweep_span"), _words("sweep_middle"), _words("sweep_now")))
        label = joined(run.model.columns[run.model.award].label, _words("sweep_chart", between=True))
        plots = Plots(language(lang))
        return plots.ranges(titled(run, label), axis(run, run.model.award), self._rows(order), spans)

    @takes(lang=optional(LANG))
    def plot_indices(self, lang: str | None = None) -> Chart:
        """Which factor explains how much of each award's variation."""
        run, plots = self._base, Plots(language(lang))
        order = sorted(range(len(run.table)), key=lambda row: -self.engine.spread["baseline"][row])
        indices = self.indices
        series = [
            (self._factor(factor), [float(indices[factor].iloc[row]) for row in order])
            for factor in indices.columns[1:]
        ]
        label = _words("sweep_part")
        return plots.bars(titled(run, label), label, self._rows(order), series, percent=True)

    def _rows(self, order: Sequence[int]) -> list[ChartRow]:
        return [ChartRow(self._base.table.names[row], self._base.table.codes[row]) for row in order]

    def _factor(self, text: str) -> Both:
        """The label of what moves, in place of its name."""
        sweep = self.engine.swept.sweep
        return sweep.model.entry(sweep.names[self.factors.index(text)]).label

    def __repr__(self) -> str:
        lang = language()
        return "\n".join([title(self.engine, lang), counts(self.engine, lang), *lost(self.engine, lang)])

    def _repr_html_(self) -> str:
        page, lang, engine = self._page, language(), self.engine
        table = ranges_tables(engine, "page")[0]
        if engine.indices is not None:
            total = indices_table(engine, engine.indices, "page")
            table = replace(
                table, columns=(*table.columns, *total.columns[2:]), values={**total.values, **table.values}
            )
        unit = page.say("workbook.unit_line", unit=table.units.label(table.unit.name, lang))
        told = [counts(engine, lang), *lost(engine, lang), indices_line(engine, lang), unit]
        note = page.say("sweep.total_head") if engine.indices is not None else ""
        body = [markup.line(text) for text in (*told, note) if text]
        return markup.page(markup.title(title(engine, lang)), *body, described(page, table))


def _words(key: str, between: bool = False) -> Both:
    """A text of this room in both languages; `between`: behind another."""
    words = both(f"notebook.{key}")
    return joined(Both("", ", "), words) if between else words
