"""Every run of a sweep as a file for further work: Parquet, or CSV where pyarrow is not installed."""

from __future__ import annotations

import json
from importlib.util import find_spec
from math import isfinite
from pathlib import Path

from allocation.files.text_out import csv_rows
from allocation.lab.sweep import HELD, REFUSED, Swept
from allocation.lab.sweep_tables import STATES, block_names, run_columns
from allocation.run.marks import marks
from allocation.texts import say

FORM = "allocation.sweep.runs/1"
OK = "ok"  # beside the state: whether all that must hold does


def runs_ending() -> str:
    return "parquet" if find_spec("pyarrow") else "csv"


def columns(swept: Swept) -> dict[str, list[object]]:
    """By the keys of the described columns: run (from 1), ok, state, sample, what moved, `award@code`, figures asked
    for; None for no figure."""
    sweep = swept.sweep
    states, none = swept.state.astype(int).tolist(), (swept.state == REFUSED).tolist()
    front: list[list[object]] = [[*range(1, sweep.runs + 1)], [STATES[state] for state in states]]
    if sweep.samples:
        names = block_names(sweep)
        front.append([names[run // sweep.samples] for run in range(sweep.runs)])
    moved = [values.tolist() for values in swept.values.T]
    outcomes = [
        [None if refused else value for refused, value in zip(none, values.tolist(), strict=True)]
        for values in swept.outcomes.T
    ]
    keys = [column.key for column in run_columns(sweep)]
    run, *others = zip(keys, [*front, *moved, *outcomes], strict=True)
    return dict([run, (OK, [state == HELD for state in states]), *others])


def write_parquet(swept: Swept, path: Path, lang: str) -> None:
    """The marks, the seed and the hashes go into the file's own metadata."""
    import pyarrow
    from pyarrow import parquet

    about = {"form": FORM, "marks": marks(swept.base)[lang], **swept.sweep.identity}
    table = pyarrow.table(columns(swept)).replace_schema_metadata({"allocation": json.dumps(about, ensure_ascii=False)})
    parquet.write_table(table, path)


def write_csv(swept: Swept, path: Path, lang: str) -> None:
    """UTF-8 with BOM; a last column says what the figures are, where there is something to say."""
    cells = columns(swept)
    mark = marks(swept.base)[lang]
    if mark:
        cells[say(lang, "workbook.remark")] = [mark] * swept.sweep.runs
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv_rows(file, [list(cells), *([_cell(value) for value in row] for row in zip(*cells.values(), strict=True))])


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float):
        return "" if not isfinite(value) else int(value) if value.is_integer() else value
    return value
