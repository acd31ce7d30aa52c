"""A comparison as a notebook sees it, and what may stand in one: runs, settings, scenario files."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.analysis.compare import Comparison as EngineComparison
from allocation.errors import AllocationError, Problem
from allocation.notebook import markup
from allocation.notebook.arguments import LANG, PATH, TRUTH, optional, takes
from allocation.notebook.origin import Origin
from allocation.notebook.run_view import ShownRun
from allocation.notebook.spoken import language, needs, spoken
from allocation.notebook.table_markup import described
from allocation.notebook.titles import heading
from allocation.policy.model import Model as EngineModel
from allocation.policy.model import Parameter
from allocation.readings.amounts import amount
from allocation.report.comparison import compared_runs, comparison_table
from allocation.run.run import Run as EngineRun
from allocation.run.scenario import Changed
from allocation.texts import LANGUAGES, Both, Worded, both, in_brackets, say, shortened

if TYPE_CHECKING:
    import pandas

    from allocation.notebook.charts import Chart

LONG = 2  # changes that a label names
WIDEST = 6  # scenarios shown side by side; the frames hold them all


def difference(old: EngineRun, new: EngineRun) -> tuple[Changed, ...]:
    """Every parameter and input that differs. Raises AllocationError for another model, or other counties."""
    if old.model.text != new.model.text:
        raise AllocationError(Problem("notebook.other_model", {"one": old.model.label, "other": new.model.label}))
    if [t.codes for t in old.tables] != [t.codes for t in new.tables]:
        raise AllocationError(Problem("notebook.other_counties", {"one": len(old.table), "other": len(new.table)}))
    moved = []
    for name, entry in old.model.parameters.items():
        before, after = _figures(entry), _figures(new.model.parameters[name])
        moved += [Changed(name, key, "", before[key], after[key]) for key in before if before[key] != after[key]]
    for name in old.model.inputs:
        for table, other in zip(old.tables, new.tables, strict=True):
            blank = (None,) * len(table)
            pairs = zip(table.codes, table.values.get(name, blank), other.values.get(name, blank), strict=True)
            moved += [Changed(name, "", code, was, now) for code, was, now in pairs if was != now]
    return tuple(moved)


def _figures(entry: Parameter) -> Mapping[str, Fraction | str | None]:
    if entry.kind == "scalar":
        return {"": entry.value}
    return dict(entry.values) or {str(place): band.value for place, band in enumerate(entry.bands, start=1)}


def label_of(run: EngineRun) -> Both:
    """What was changed, in few words."""
    told = [_brief(run, change) for change in run.changed[:LONG]]
    told += [both("notebook.and_more", count=len(run.changed) - LONG)] if len(run.changed) > LONG else []
    if not told:
        return both("comparison.unchanged")
    return Both(*(say(lang, "words.semicolon").join(text[lang] for text in told) for lang in LANGUAGES))


def _brief(run: EngineRun, change: Changed) -> Both:
    """What was changed and to what."""
    entry = run.model.entry(change.name)
    value = Worded(lambda lang: amount(change.new, entry.unit, lang))
    return both("notebook.set_to", label=entry.label, key=change.key, county=change.county, value=value)


def named_label(label: str, number: int) -> Both:
    """A label of the analyst's own; where a chart cannot show it, a number."""
    return Both(label, label if label.isascii() else say("en", "notebook.scenario", number=number))


class ComparisonView(markup.View):
    """`engine` is the comparison below: exact awards, changes, shares, ranks and bounds of every scenario."""

    def __init__(self, engine: EngineComparison, base: ShownRun):
        self.engine, self._base = engine, base

    @property
    def _model(self) -> EngineModel:
        return self.engine.model

    @property
    def labels(self) -> list[str]:
        """What each scenario is called, the baseline first; equal ones are numbered."""
        lang, labels = language(), []
        for scenario in self.engine.scenarios:
            label, count = scenario.label[lang], 2
            while label in labels:
                label, count = scenario.label[lang] + in_brackets(str(count), lang), count + 1
            labels.append(label)
        return labels

    @property
    def frame(self) -> pandas.DataFrame:
        """Awards: a county a row, a scenario a column."""
        return self._frame([self.engine.awards(place) for place in range(len(self.labels))], self.labels)

    @property
    def changes(self) -> pandas.DataFrame:
        """Awards less the baseline's."""
        return self._frame([self.engine.changes(place) for place in range(1, len(self.labels))], self.labels[1:])

    def _frame(self, columns: list[tuple[Fraction, ...]], labels: list[str]) -> pandas.DataFrame:
        needs("pandas")
        import pandas

        from allocation.run.marks import marks

        table = self.engine.base.table
        shown = {label: [float(value) for value in column] for label, column in zip(labels, columns, strict=True)}
        index = pandas.Index(list(table.codes), name="code", dtype=object)
        frame = pandas.DataFrame({"name": list(table.names), **shown}, index=index)
        unit = self._model.columns[self._model.award].unit.name
        frame.attrs = {"unit": unit, "marks": marks(self.engine.base)["zh"], "illustrative": table.illustrative}
        return frame

    @property
    def winners(self) -> pandas.DataFrame:
        """Who gains in which scenario, most first."""
        return self._moved(1)

    @property
    def losers(self) -> pandas.DataFrame:
        """Who loses in which scenario, most first."""
        return self._moved(-1)

    def _moved(self, sign: int) -> pandas.DataFrame:
        import pandas

        rows = []
        for label, column in self.changes.drop(columns="name").items():
            moved = column[column * sign > 0].sort_values(ascending=sign < 0, kind="stable")
            rows += [(label, code, self.changes.loc[code, "name"], value) for code, value in moved.items()]
        return pandas.DataFrame(rows, columns=["scenario", "code", "name", "change"])

    @takes(change=TRUTH, lang=optional(LANG))
    def plot(self, change: bool = True, lang: str | None = None) -> Chart:
        """Bars of every scenario's change against the baseline; of the awards themselves without `change`."""
        from allocation.notebook.charts import Plots
        from allocation.notebook.pictures import comparison_chart

        return comparison_chart(Plots(language(lang)), self.engine, change and len(self.labels) > 1)

    @takes(path=PATH, lang=optional(LANG))
    def to_excel(self, path: str | Path, lang: str | None = None) -> Path:
        """The comparison workbook of the command line. Raises AllocationError; writes nothing then."""
        from allocation.notebook.files import BookAsked

        lang = language(lang)
        with spoken(lang):
            origin: Origin = self._base._origin
            return BookAsked(Path(path), origin, lang).of_comparison(self.engine)

    def __repr__(self) -> str:
        return self._page.say("notebook.comparison", title=heading(self.engine.base), labels=self.labels)

    def _repr_html_(self) -> str:
        page, engine = self._page, self.engine
        shown = slice(1 + WIDEST)
        named = [Both(label, label) for label in self.labels[shown]]
        table = comparison_table(compared_runs(engine.runs[shown], named), "screen")
        unit = table.units.label(table.unit.name, page.lang)
        told = [self._told(place) for place in range(1, len(engine.runs))]
        over = len(engine.runs) - 1 - WIDEST
        told = [*told[:WIDEST], *([page.say("notebook.more_scenarios", count=over)] if over > 0 else [])]
        body = markup.line(page.say("workbook.unit_line", unit=unit)) + described(page, table)
        return markup.page(markup.title(heading(engine.base)[page.lang]), body, page.lines(told))

    def _told(self, place: int) -> str:
        """What the scenario moved, who gains, who loses."""
        from allocation.report.changed import changed_text

        page, run, told = self._page, self.engine.runs[place], []
        moved = shortened([changed_text(run.model, change)[page.lang] for change in run.changed], 6)
        join = page.say("words.semicolon")
        slots = {"scenario": self.labels[place], "changes": join.join(moved) or page.say("comparison.unchanged")}
        told += [page.say("comparison.line", **slots), *self.engine.who_moved(place, page.lang)]
        told += [] if run.ok else [page.say("workbook.fail")]
        return join.join(told)
