"""A run as one works on with it in a notebook: compared with scenarios, swept over ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.analysis.compare import Comparison as EngineComparison
from allocation.analysis.scenarios import BASELINE, Scenario, find_scenario, load_scenario, run_scenario
from allocation.errors import AllocationError, Problem
from allocation.files.wrong_kind import expected, wrong_kind
from allocation.notebook.arguments import COUNT, SEED, TEXT, WORKERS, optional, takes
from allocation.notebook.comparison_view import ComparisonView, difference, label_of, named_label
from allocation.notebook.run_view import ShownRun
from allocation.notebook.settings import changes_of
from allocation.notebook.spoken import spoken
from allocation.policy.model import Model as EngineModel
from allocation.run.run import Run as EngineRun
from allocation.run.scenario import Change
from allocation.texts import Both

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from allocation.notebook.sweep_view import SweepView


class RunView(ShownRun):
    """What `model.run(…)` gives. Immutable; `engine` is the run below, `changes` what it was asked to change."""

    def compare(self, *scenarios: object, **named: object) -> ComparisonView:
        """This run as the baseline of a comparison, see `allocation.compare`."""
        return comparison(self, *scenarios, **named)

    @takes(ranges=TEXT, samples=COUNT, seed=SEED, balance=optional(TEXT), workers=optional(WORKERS))
    def sweep(
        self,
        *ranges: str,
        samples: int = 256,
        seed: int = 1,
        balance: str | None = None,
        workers: int | Executor | None = None,
    ) -> SweepView:
        """Tries values sampled from ranges around this run: `"plan_total=80:120"`, `"settled_people@each=±10%"`.

        `samples` is a power of two. `workers`: so many processes, or an executor of `concurrent.futures`, which stays
        open (Dask's is `client.get_executor()`); the figures are the same. Raises AllocationError.
        """
        from allocation.notebook.sweep_view import sweep

        return sweep(self.engine, ranges, samples, seed, balance, workers)


def comparison(base: RunView, *scenarios: object, **named: object) -> ComparisonView:
    """Scenarios beside `base`, see `allocation.compare`. Raises AllocationError with all problems."""
    with spoken():
        pairs: list[tuple[Scenario, EngineRun]] = []
        problems: list[Problem] = []
        for label, given in [*((None, scenario) for scenario in scenarios), *named.items()]:
            try:
                for scenario, run in _runs(base, given, len(pairs) + 1, label or "scenarios"):
                    words = scenario.label if label is None else named_label(label, len(pairs) + 1)
                    pairs.append((replace(scenario, label=words), run))
            except AllocationError as error:
                problems += error.problems
        if problems:
            raise AllocationError(problems)
        first = BASELINE, replace(base.engine, changed=())
        together = [first, *pairs]
        engine = EngineComparison(tuple(scenario for scenario, _ in together), tuple(run for _, run in together))
        return ComparisonView(engine, base)


def _runs(base: RunView, given: object, number: int, label: str) -> list[tuple[Scenario, EngineRun]]:
    """What was given as scenarios with their runs, each beside the baseline's tables."""
    engine = base.engine
    if isinstance(given, RunView):
        changed = difference(engine, given.engine)
        run = replace(given.engine, changed=changed)
        return [(Scenario(f"run_{number}", label_of(run)), run)]
    if isinstance(given, Scenario):
        chosen = [given]
    elif isinstance(given, Path) or isinstance(given, str) and "=" not in given.replace("＝", "="):
        path = find_scenario(str(given))
        chosen = _read(path, engine.model)
    elif isinstance(given, Mapping | str | Change | list | tuple):
        changes = tuple(changes_of(given if isinstance(given, list | tuple) else [given], {}))
        chosen = [Scenario(f"settings_{number}", Both("", ""), (changes,))]
    else:
        raise AllocationError(wrong_kind(label, expected("scenario"), given))
    runs = []
    for scenario in chosen:
        kept = {"exact": engine.exact, "reference": engine.reference}
        try:
            run = run_scenario(engine.model, engine.tables, scenario, **kept, facts=engine.facts)
        except AllocationError as error:
            if scenario.label.zh:
                raise
            wrong = [replace(p, where=p.where.removeprefix(scenario.name).removeprefix(": ")) for p in error.problems]
            raise AllocationError(wrong) from None
        runs.append((scenario if scenario.label.zh else replace(scenario, label=label_of(run)), run))
    return runs


def _read(path: Path, model: EngineModel) -> list[Scenario]:
    """The scenario of a TOML file, or those of a parameter workbook."""
    if path.suffix != ".xlsx":
        return [load_scenario(path)]
    from allocation.analysis.parameter_workbook import read_scenarios

    return read_scenarios(path, model)
