"""What a change does, what one more person brings, which value reaches a target: frames of a run's own studies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from allocation.analysis import decompose as parts
from allocation.analysis import margins as more
from allocation.analysis import seek as search
from allocation.analysis.asked import ask
from allocation.errors import AllocationError, Problem
from allocation.marks import marks
from allocation.notebook.frames import cell
from allocation.notebook.runs import Run
from allocation.notebook.settings import changes_of, exact_figure
from allocation.notebook.spoken import needs, spoken
from allocation.run import Run as EngineRun
from allocation.scenario import Change
from allocation.texts import show

if TYPE_CHECKING:
    import pandas


def decompose(
    run: Run, *changes: Change | str | dict, orders: int | None = None, seed: int = 1, **settings: object,
) -> pandas.DataFrame:  # fmt: skip
    """By code: before, what each change does to the award, change, after; every row and column closes.

    Many changes, or `orders`, are sampled. Raises AllocationError.
    """
    with spoken():
        own = _engine(run)
        given = {"exact": own.exact, "reference": own.reference, "orders": orders, "seed": seed}
        made = changes_of(changes, settings)
        result = parts.decompose(own.model, own.tables, made, **given)
        heads = ["before", *(f"{one.address}={show(one.value, 'zh')}" for one in result.causes), "change", "after"]
        before, after = (one.figures(own.model.award) for one in (result.before, result.after))
        rows = [[a, *row, b] for a, row, b in zip(before, result.closed()[:-1], after, strict=True)]
        return _frame(own, heads, rows)


def margins(run: Run, address: str = "", step: object = 1) -> pandas.DataFrame:
    """By code: `gain` before rounding for one unit more of an input, `award` what the step is then paid.

    Without `address`, the people the award is divided by. Raises AllocationError.
    """
    with spoken():
        own = _engine(run)
        result = more.margins(own.model, own.tables, address, exact_figure(step, "step"), reference=own.reference)
        return _frame(own, ["gain", "award"], [[one.gain, one.award] for one in result.counties])


def seek(run: Run, vary: str, figure: str, target: object, **limits: object) -> pandas.DataFrame:
    """Values of a parameter, `low` to `high`, at which a figure (`award@黑山县`) reaches a target; none: no rows.

    `limits`: low, high, step, within. `attrs["answer"]` is the value nearest the present one. Raises AllocationError.
    """
    needs("pandas")
    import pandas

    with spoken():
        own = _engine(run)
        asked = ask(figure, own.model, own.table)
        exact = {name: exact_figure(value, name) for name, value in limits.items()}
        wanted = exact_figure(target, "target")
        target = search.Target(own.model, own.tables, vary, asked, wanted, reference=own.reference)
        found = search.seek(target, search.Limits(**exact))
    rows = [[float(one.low), float(one.high), float(one.figure)] for one in found.found]
    frame = pandas.DataFrame(rows, columns=["low", "high", "figure"])
    frame.attrs = {"answer": found.answer.value if found.answer else None, "marks": marks(own, "zh")}
    return frame


def _engine(run: object) -> EngineRun:
    if not isinstance(run, Run):
        raise AllocationError(Problem("notebook.not_run", {"found": type(run).__name__}))
    return run.engine


def _frame(run: EngineRun, heads: Sequence[str], rows: Sequence[Sequence]) -> pandas.DataFrame:
    needs("pandas")
    import pandas

    entry = run.model.columns[run.model.award]
    index = pandas.Index(list(run.table.codes), name="code", dtype=object)
    cells = [[cell(value, entry, False) for value in row] for row in rows]
    frame = pandas.DataFrame(cells, columns=list(heads), index=index)
    frame.insert(0, "name", list(run.table.names), allow_duplicates=True)
    frame.attrs = {"unit": entry.unit.name, "marks": marks(run, "zh")}
    return frame
