"""One run as a notebook sees it: the awards as a frame, checks, reasons, a chart, the workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.analysis.explain import DEPTH, explain, find_column
from allocation.doubts.doubt import Doubts, lines
from allocation.errors import AllocationError, Problem
from allocation.language.units import PURE
from allocation.notebook import markup
from allocation.notebook.arguments import COUNT, LANG, PATH, TEXT, TRUTH, UNIT, optional, takes
from allocation.notebook.frames import dictionary_of, frame_of, tidy_of
from allocation.notebook.origin import Origin
from allocation.notebook.spoken import language, spoken
from allocation.notebook.table_markup import described
from allocation.notebook.titles import heading
from allocation.notebook.why import Why
from allocation.policy.model import spelt
from allocation.readings.amounts import amount
from allocation.report.columns import columns_for
from allocation.run.checks import CheckResult
from allocation.run.marks import marks
from allocation.run.run import Run as EngineRun
from allocation.run.scenario import Change
from allocation.tables.keys import Figure
from allocation.texts import AT_TERMINAL, Both

if TYPE_CHECKING:
    import pandas

    from allocation.notebook.charts import Chart


class ShownRun(markup.View):
    """A run that shows itself. Immutable. `engine` is the run below; `changes` what it was asked to change."""

    def __init__(self, engine: EngineRun, origin: Origin, changes: Sequence[Change] = ()):
        self.engine, self._origin, self.changes = engine, origin, tuple(changes)

    # ---- figures

    @property
    def awards(self) -> pandas.DataFrame:
        """Name, year, award and the columns of the printed table, by code, as floats; units and labels in `attrs`."""
        return self.to_frame(*(column.entry for column in columns_for(self.engine, "frame")))

    @cached_property
    def frame(self) -> pandas.DataFrame:
        """Every input and column: one frame, made at the first asking. What is changed in it changes nothing else."""
        return self.to_frame()

    @takes(columns=TEXT, exact=TRUTH)
    def to_frame(self, *columns: str, exact: bool = False) -> pandas.DataFrame:
        """The columns named (all without any), as floats; `exact`: whole units as int, other figures as Decimal."""
        with spoken():
            frame = frame_of(self.engine.model, self.engine.table, self._figures(columns), exact)
        frame.attrs |= {"marks": marks(self.engine)["zh"], "exact": self.engine.exact}
        return frame

    @takes(columns=TEXT, exact=TRUTH)
    def tidy(self, *columns: str, exact: bool = False) -> pandas.DataFrame:
        """Long form, a row a county and column: code, name, year, column, label, unit, value, text."""
        with spoken():
            table, figures = self.engine.table, self._figures(columns)
            frame = tidy_of(self.engine.model, table, figures, exact)
        frame.attrs = {"marks": marks(self.engine)["zh"], "illustrative": table.illustrative}
        return frame

    @property
    def doubts(self) -> Doubts:
        """待核事项, to be looped over: each has an `id` and a `text(lang)`; `.open` and `.resolved` part them."""
        return self.engine.doubts

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What a person should know of the table and the run: each has an `id` and a `text(lang)`."""
        return self.engine.notes

    @property
    def dictionary(self) -> pandas.DataFrame:
        """What every name means: labels in both languages, units, kind, source."""
        return dictionary_of(self.engine.model)

    def _figures(self, columns: Sequence[str]) -> dict[str, Sequence[Figure | bool]]:
        model = self.engine.model
        names = [self._name(column) for column in columns] or [*model.inputs, *model.columns]
        return {name: self.engine.figures(name) for name in names}

    @takes(column=TEXT)
    def __getitem__(self, column: str) -> pandas.Series:
        """One figure a county, by code."""
        name = self._name(column)
        return self.to_frame(name)[name]

    def _name(self, column: str) -> str:
        with spoken():
            name = find_column(self.engine, column)
            if name in self.engine.model.parameters:
                raise AllocationError(Problem("notebook.is_parameter", {"name": spelt(name)}))
        return name

    def _ipython_key_completions_(self) -> list[str]:
        return [spelt(name) for name in (*self.engine.model.columns, *self.engine.model.inputs)]

    @property
    def total(self) -> Fraction | None:
        """What is handed out, exactly, in the award's unit; None where awards do not add up."""
        return self.engine.total(self.engine.model.award)

    # ---- checks

    @property
    def ok(self) -> bool:
        return self.engine.ok

    @property
    def checks(self) -> Checks:
        return Checks(self.engine)

    @property
    def changed(self) -> list[str]:
        """Old → new of every figure that was moved."""
        if not self.engine.changed:
            return []
        from allocation.report.changed import changed_text

        return [changed_text(self.engine.model, change)[language()] for change in self.engine.changed]

    # ---- what one does with it

    @takes(county=UNIT, column=optional(TEXT), depth=COUNT, lang=optional(LANG))
    def why(self, county: str, column: str | None = None, depth: int = DEPTH, lang: str | None = None) -> Why:
        """Where a county's figure comes from and why it is not more. Raises AllocationError."""
        lang = language(lang)
        with spoken(lang):
            return Why(explain(self.engine, str(county), column, depth), lang)

    @takes(column=optional(TEXT), lang=optional(LANG))
    def plot(self, column: str | None = None, lang: str | None = None) -> Chart:
        """Bars of the award (or another column), longest first, with last year's where the model compares them."""
        from allocation.notebook.charts import Plots
        from allocation.notebook.pictures import run_chart

        return run_chart(Plots(language(lang)), self.engine, self._name(column or self.engine.model.award))

    @takes(path=PATH, lang=optional(LANG))
    def to_excel(self, path: str | Path, lang: str | None = None) -> Path:
        """The workbook that the command line writes. Raises AllocationError, and writes nothing, if a check failed."""
        from allocation.notebook.files import BookAsked

        lang = language(lang)
        with spoken(lang):
            return BookAsked(Path(path), self._origin, lang).of_run(self.engine)

    # ---- how it shows

    def __repr__(self) -> str:
        page, entry = self._page, self.engine.model.columns[self.engine.model.award]
        slots = {"count": len(self.engine.table), "label": entry.label, "title": heading(self.engine)}
        if self.total is None:
            return page.say("notebook.run_no_total", **slots)
        return page.say("notebook.run", total=amount(self.total, entry.unit, page.lang), **slots)

    def _repr_html_(self) -> str:
        page, engine = self._page, self.engine
        changed = page.lines(self.changed)
        head = markup.line(page.say("notebook.changed")) if changed else ""
        body = award_table(page, engine)
        checks = self.checks._as_html()
        doubts = [
            markup.line(title) + page.lines(texts) for title, texts in lines(engine.doubts, AT_TERMINAL[page.lang])
        ]
        notes = page.notes(engine.notes)
        return markup.page(markup.title(heading(engine)[page.lang]), head, changed, body, checks, *doubts, notes)


def award_table(page: markup.ShownPage, run: EngineRun) -> str:
    """Code, name, award, share and the change against last year, with the total; each head says its unit."""
    from allocation.report.tables import shown_table

    return described(page, replace(shown_table(run, "notebook"), unit=PURE))


class Checks(markup.View):
    """The checks of a run: true when none that must hold fails."""

    def __init__(self, run: EngineRun):
        self._run = run

    def __bool__(self) -> bool:
        return self._run.ok

    def __len__(self) -> int:
        return len(self._run.checks)

    def __iter__(self) -> Iterator[CheckResult]:
        return iter(self._run.checks)

    def __repr__(self) -> str:
        return "\n".join(check_text(check)[language()] for check in self._run.checks)

    def _as_html(self) -> str:
        """What fails or warns first; what holds is counted and folded away."""
        page = self._page
        wrong = [check_text(check)[page.lang] for check in self._run.checks if not check.ok or check.unasked]
        held = [check_text(check)[page.lang] for check in self._run.checks if check.ok and not check.unasked]
        fold = page.say("notebook.held", count=len(held))
        inner = f"<details><summary>{fold}</summary>{page.lines(held)}</details>" if held else ""
        return page.lines(wrong) + inner

    def _repr_html_(self) -> str:
        return markup.page(self._as_html())


def check_text(check: CheckResult) -> Both:
    sign = "— " if check.unasked else "✓ " if check.ok else "! " if check.severity == "warning" else "✗ "
    return Both(sign, sign) + check.label + check.behind
