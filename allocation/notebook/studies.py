"""What a change does, what one more person brings, which value reaches a target: frames of a run's own studies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from allocation.analysis import decompose as parts
from allocation.analysis import margins as more
from allocation.analysis import seek as search
from allocation.analysis.asked import ask
from allocation.analysis.decomposed_table import decomposed_table
from allocation.analysis.margins_table import margins_table
from allocation.notebook.arguments import COUNT, NUMBER, SEED, TEXT, optional, takes
from allocation.notebook.frames import study_frame
from allocation.notebook.kinds import RUN
from allocation.notebook.runs import RunView
from allocation.notebook.settings import Number, changes_of, exact_figure
from allocation.notebook.spoken import needs, spoken
from allocation.run.marks import marks
from allocation.run.scenario import Change

if TYPE_CHECKING:
    import pandas


@takes(run=RUN, orders=optional(COUNT), seed=SEED)
def decompose(
    run: RunView, *changes: Change | str | Mapping[str, object], orders: int | None = None, seed: int = 1,
    **settings: object,
) -> pandas.DataFrame:  # fmt: skip
    """By code: before, what each change does to the award, change, after; every row and column closes.

    Many changes, or `orders`, are sampled. Raises AllocationError.
    """
    with spoken():
        engine = run.engine
        result = parts.decompose(
            engine.model, engine.tables, changes_of(changes, settings), exact=engine.exact, reference=engine.reference,
            orders=orders, seed=seed,
        )  # fmt: skip
        return study_frame(decomposed_table(result), marks(engine)["zh"])


@takes(run=RUN, address=TEXT, step=NUMBER)
def margins(run: RunView, address: str = "", step: Number = 1) -> pandas.DataFrame:
    """By code: `gain` before rounding for one unit more of an input, `award` what the step is then paid.

    Without `address`, the people the award is divided by. Raises AllocationError.
    """
    with spoken():
        engine = run.engine
        by = exact_figure(step, "step")
        result = more.margins(engine.model, engine.tables, address, by, reference=engine.reference)
        return study_frame(margins_table(result), marks(engine)["zh"])


@takes(
    run=RUN, vary=TEXT, figure=TEXT, target=NUMBER, low=optional(NUMBER), high=optional(NUMBER), step=optional(NUMBER),
    within=optional(NUMBER),
)  # fmt: skip
def seek(
    run: RunView, vary: str, figure: str, target: Number, *, low: Number | None = None, high: Number | None = None,
    step: Number | None = None, within: Number | None = None,
) -> pandas.DataFrame:  # fmt: skip
    """Values of a parameter, `low` to `high`, at which a figure (`award@黑山县`) reaches a target; none: no rows.

    `attrs["answer"]` is the value nearest the present one. Raises AllocationError.
    """
    needs("pandas")
    import pandas

    with spoken():
        engine = run.engine
        asked = ask(figure, engine.model, engine.table)
        limits = {"low": low, "high": high, "step": step, "within": within}
        exact = {name: exact_figure(value, name) for name, value in limits.items() if value is not None}
        wanted = exact_figure(target, "target")
        aim = search.Target(engine.model, engine.tables, vary, asked, wanted, reference=engine.reference)
        sought = search.seek(aim, search.Limits(**exact))
    rows = [[float(stretch.low), float(stretch.high), float(stretch.figure)] for stretch in sought.stretches]
    frame = pandas.DataFrame(rows, columns=["low", "high", "figure"])
    frame.attrs = {"answer": sought.answer.value if sought.answer else None, "marks": marks(engine)["zh"]}
    return frame
