"""What the tests of versions look at: files, records, the sheet 与上一稿对比, and the small policy run by itself."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

from openpyxl import load_workbook
from returned_files import CASES, FOUR

from allocation.policy.loading import model_from_text
from allocation.run.run import Run, run_model
from allocation.tables.table import Table

SAME = "--year 2017 --date 2017-08-20"
TEXT = (CASES / "shared/models/reward.toml").read_text(encoding="utf-8")


def made(folder: Path, ending: str = "*.xlsx") -> list[str]:
    return sorted(path.name for path in (folder / "outputs/versions").glob(ending))


def record(folder: Path, words: str) -> dict:
    (path,) = (folder / "outputs/versions").glob(f"*{words}*.json")
    return json.loads(path.read_text(encoding="utf-8"))


def changes(folder: Path, words: str) -> list[tuple]:
    """The lines of 与上一稿对比 below its header: (kind, county, what, old, new, change, reason)."""
    (path,) = (folder / "outputs/versions").glob(f"*{words}*.xlsx")
    return [*load_workbook(path)["与上一稿对比"].iter_rows(min_row=5, values_only=True)]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def reward_run(reverse: bool = False, more: str = "", blank: str = "", changed=()) -> Run:
    """The small policy on its four counties: rows reversed, text added to the model, an input's first figure blank."""
    rows, model = FOUR[::-1] if reverse else FOUR, model_from_text(TEXT + more, "reward.toml")
    values = {}
    for place, name in enumerate(model.inputs, start=2):
        values[name] = tuple(_figure(name, row[place]) for row in rows)
    if blank:
        values[blank] = (None, *values[blank][1:])
    codes, names = (tuple(row[place] for row in rows) for place in (0, 1))
    return run_model(model, Table(codes, names, values, 2017, "reward.csv"), list(changed))


def _figure(name: str, value: object):
    if isinstance(value, str):
        return value
    return Fraction(str(value)) / (100 if name == "urban" else 1)
