"""Parameters nobody published, found from what was awarded, as a notebook sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from allocation.errors import AllocationError, Problem
from allocation.lab import calibrate as study
from allocation.lab.calibrate_round import Rounded, round_fit
from allocation.lab.ranges import parse_balance, parse_factors
from allocation.notebook import markup
from allocation.notebook.actuals import known_of, opened
from allocation.notebook.arguments import RANGES, SEED, SETTINGS, TEXT, TRUTH, optional, takes
from allocation.notebook.fits import BacktestView
from allocation.notebook.kinds import ACTUAL, MODEL, TABLES
from allocation.notebook.model_view import ModelView
from allocation.notebook.settings import changes_of, exact_figure
from allocation.notebook.spoken import needs, spoken
from allocation.policy.model import Model as EngineModel
from allocation.policy.model import spelt
from allocation.readings.amounts import amount
from allocation.run.marks import in_title, marks
from allocation.run.scenario import apply_changes
from allocation.tables.table import number
from allocation.texts import Both, decimal_text
from allocation.texts.decimals import last_place

if TYPE_CHECKING:
    import pandas


@takes(
    model=MODEL,
    tables=TABLES,
    ranges=RANGES,
    actual=optional(ACTUAL),
    balance=TEXT,
    seed=SEED,
    reference=TRUTH,
    settings=optional(SETTINGS),
)
def calibrate(
    model: ModelView | EngineModel, tables: object, ranges: str | Sequence[str] | Mapping[str, object],
    actual: object = None, *, balance: str = "",
    seed: int = 1, reference: bool = False, settings: Mapping[str, object] | None = None,
) -> CalibrationView:  # fmt: skip
    """The values within `ranges` with which the model comes nearest to what was awarded, and which are not determined.

    `ranges`: `["weight[settled]=40%:70%"]`, or `{"weight[settled]": (0.4, 0.7)}`; `balance`: the item of a list that
    takes what the others leave. `settings` hold throughout, as this year's pool: `{"pool": 6000}`, or a pool a year,
    `{"pool#2017": 5000, "pool#2018": 5600}`. `tables` and `actual` as for `backtest`. Raises AllocationError with all
    problems.
    """
    needs("scipy")
    with spoken():
        pairs = opened(model, tables)
        if any(model.text != pairs[0][0].text for model, _ in pairs):
            raise AllocationError(Problem("notebook.many_models", {"files": [model.file for model, _ in pairs]}))
        engine, known = pairs[0][0], known_of(pairs, actual)
        awarded = [table for _, table in pairs if table.year in known]
        changes = changes_of((settings,) if settings else (), {})
        texts = _texts(ranges)
        fit = study.calibrate(
            engine, awarded, texts, known, balance=balance, seed=seed, reference=reference, changes=changes
        )
        factors = parse_factors(texts, engine, awarded, "ranges")
        rest = parse_balance(balance, engine) if balance else None
        rounded = round_fit(engine, awarded, known, fit, factors, rest, reference=reference, changes=changes)
        test = BacktestView(study.backtest(engine, awarded, known, [*changes, *rounded.changes], reference=reference))
        return CalibrationView(fit, rounded, test, balance)


def _texts(ranges: str | Sequence[str] | Mapping[str, object]) -> list[str]:
    """Ranges as the command line takes them."""
    if isinstance(ranges, Mapping):
        return [f"{address}={_span(span, address)}" for address, span in ranges.items()]
    return [ranges] if isinstance(ranges, str) else list(ranges)


def _span(span: object, address: str) -> str:
    if isinstance(span, str):
        return span
    if not isinstance(span, list | tuple) or len(span) != 2:
        raise AllocationError(Problem("notebook.not_range", {"address": address, "found": span}))
    return ":".join(end if isinstance(end, str) else decimal_text(exact_figure(end, address), 15) for end in span)


class CalibrationView(markup.View):
    """`engine` is the search below; `changes` and `settings` what to run with; `backtest` how near that comes."""

    def __init__(self, engine: study.Calibration, rounded: Rounded, test: BacktestView, balance: str):
        self.engine, self.changes, self.backtest, self._balance = engine, rounded.changes, test, balance
        self._spread = rounded.spread

    @property
    def unique(self) -> bool:
        """Whether no other set within the ranges is as good."""
        return not self.undetermined

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """As they were typed, the balancing one last."""
        typed = tuple(change.address for change in self.changes)
        return (*typed[:-1], spelt(typed[-1])) if self._balance else typed

    @property
    def undetermined(self) -> list[str]:
        """Addresses whose equally good values spread over more than a hundredth of their range."""
        rows = zip(self.addresses, self._spread, self.engine.widths, strict=True)
        return [address for address, (low, high), width in rows if high - low > width / 100]

    @property
    def settings(self) -> dict[str, Fraction]:
        """For `model.run(table, found.settings)`, exact. A range that scales has none: run with `*found.changes`."""
        with spoken():
            scaled = [change.address for change in self.changes if change.how != "set"]
            if scaled:
                raise AllocationError(Problem("notebook.fit_scaled", {"addresses": scaled}))
        return {address: number(change.value) for address, change in zip(self.addresses, self.changes, strict=True)}

    @property
    def frame(self) -> pandas.DataFrame:
        """Indexed by address: value, lowest and highest of the sets that fit equally well, determined."""
        needs("pandas")
        import pandas

        rows = [
            [float(number(change.value)), *map(float, spread), address not in self.undetermined]
            for address, change, spread in zip(self.addresses, self.changes, self._spread, strict=True)
        ]
        index = pandas.Index(self.addresses, name="address", dtype=object)
        frame = pandas.DataFrame(rows, columns=["value", "lowest", "highest", "determined"], index=index)
        frame.attrs = {"marks": self._marks.zh}
        return frame

    @property
    def _marks(self) -> Both:
        return in_title(["float"]) + marks(self.backtest._run)

    def _title(self) -> str:
        return self._page.say("notebook.calibration", model=self.backtest._run.model.label, marks=self._marks)

    def _cells(self) -> list[list[str]]:
        """Address, value, lowest, highest, whether determined."""
        page, run, rows = self._page, self.backtest._run, []
        for address, change, (low, high) in zip(self.addresses, self.changes, self._spread, strict=True):
            name = apply_changes(run.model, run.tables, [change])[2][0].name
            unit = run.model.entry(name).unit if change.how != "scale" else None
            sure = page.say(f"notebook.fit_{'loose' if address in self.undetermined else 'sure'}")
            rows.append([address, *(amount(value, unit, page.lang, 4) for value in (change.value, low, high)), sure])
        return rows

    def _told(self) -> list[str]:
        """How near it comes, and whether there are other sets as near."""
        page = self._page
        errors = [value for test in self.backtest.engine for value in test.errors if value is not None]
        entry = self.backtest._run.model.columns[self.backtest._run.model.award]
        misfit = amount(Fraction(f"{self.engine.misfit:.3g}"), entry.unit, page.lang)
        slots = {
            "years": self.backtest.years,
            "counted": len(errors),
            "same": errors.count(Fraction(0)),
            "misfit": misfit,
        }
        told = [page.say("notebook.fit_near", **slots)]
        far = self.engine.misfit > last_place(entry.decimals)
        key = (
            "fit_several"
            if self.undetermined
            else "fit_unique"
            if errors.count(Fraction(0)) == len(errors)
            else "fit_nearest"
        )
        keys = ["fit_far", "fit_nearest"] if far else [key]
        return [*told, *(page.say(f"notebook.{key}", addresses=self.undetermined) for key in keys)]

    def __repr__(self) -> str:
        shown = [self._page.say("notebook.fit_value", address=a, value=v, low=low, high=high, sure=sure)
                 for a, v, low, high, sure in self._cells()[: markup.MOST]]  # fmt: skip
        return "\n".join([self._title(), *self._told(), *shown])

    def _repr_html_(self) -> str:
        page = self._page
        heads = [page.say(f"notebook.fit_{key}") for key in ("address", "found", "lowest", "highest", "determined")]
        table = page.table(heads, self._cells(), left=1)
        return markup.page(markup.title(self._title()), page.lines(self._told()), table)
