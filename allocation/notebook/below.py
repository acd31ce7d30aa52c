"""What stands below the views, as an analyst calls it: the arguments looked at first, errors in the language chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.notebook.arguments import PATH, ROWS, TEXT, TEXTS, TRUTH, YEAR, optional, takes
from allocation.notebook.kinds import CHANGES, MODEL, READ_TABLES
from allocation.notebook.spoken import spoken
from allocation.notebook.table_view import TableView
from allocation.policy import loading
from allocation.policy.model import Model
from allocation.run import finding, run
from allocation.run.run import Run
from allocation.run.scenario import Change
from allocation.tables import reading
from allocation.tables.table import Table

if TYPE_CHECKING:
    from allocation.notebook.model_view import ModelView
    from allocation.run.finding import ModelWithTable


@takes(name=PATH, path=optional(PATH), year=optional(YEAR), sheet=optional(TEXT))
def find(
    name: str | Path, path: str | Path | None = None, year: int | None = None, sheet: str | None = None
) -> ModelWithTable:
    """The model in force in the table's year, and the table: the one in `path`, else the model's own.

    Raises AllocationError with all problems.
    """
    with spoken():
        return finding.find(str(name), None if path is None else Path(path), year, sheet)


@takes(path=PATH)
def load_model(path: str | Path) -> Model:
    """The model in a TOML file. Raises AllocationError with every problem."""
    with spoken():
        return loading.load_model(path)


@takes(path=PATH, model=MODEL, sheet=optional(TEXT), year=optional(YEAR), unused=TEXTS, rows=ROWS)
def read_table(
    path: str | Path, model: Model | ModelView, *, sheet: str | None = None, year: int | None = None,
    unused: Sequence[str] = (), rows: Mapping[str, str] | Sequence[str] = (),
) -> Table:  # fmt: skip
    """The table in a file, figures in the model's units. Raises AllocationError with all problems."""
    with spoken():
        return reading.read_table(path, _below(model), sheet=sheet, year=year, unused=unused, rows=rows)


@takes(model=MODEL, tables=READ_TABLES, changes=CHANGES, exact=TRUTH, reference=TRUTH)
def run_model(
    model: Model | ModelView, tables: Table | TableView | Sequence[Table | TableView],
    changes: Sequence[Change] = (), *, exact: bool = True, reference: bool = False,
) -> Run:  # fmt: skip
    """Runs a model on one year's table, or on several in order of years. Raises AllocationError with all problems."""
    several = [tables] if isinstance(tables, Table | TableView) else tables
    read = [table.engine if isinstance(table, TableView) else table for table in several]
    with spoken():
        return run.run_model(_below(model), read, changes, exact=exact, reference=reference)


def _below(model: Model | ModelView) -> Model:
    return model if isinstance(model, Model) else model.engine
