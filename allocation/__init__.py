"""Splits grant funds and land quotas across counties from a policy written as data. Names load when first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what an editor should know of names that load when first used
    from allocation.errors import AllocationError
    from allocation.notebook import (
        Comparison,
        Run,
        backtest,
        calibrate,
        compare,
        decompose,
        load,
        margins,
        seek,
        set_language,
    )
    from allocation.notebook.below import find, load_model, read_table, run_model
    from allocation.notebook.telling import DoubtWarning, NoteWarning
    from allocation.run.scenario import Change
    from allocation.tables.table import Table

__version__ = "0.1.0"
_HOMES = {
    "AllocationError": "allocation.errors",
    "Change": "allocation.run.scenario",
    "Comparison": "allocation.notebook",
    "DoubtWarning": "allocation.notebook.telling",
    "NoteWarning": "allocation.notebook.telling",
    "Run": "allocation.notebook",
    "Table": "allocation.tables.table",
    "backtest": "allocation.notebook",
    "calibrate": "allocation.notebook",
    "compare": "allocation.notebook",
    "decompose": "allocation.notebook",
    "find": "allocation.notebook.below",
    "load": "allocation.notebook",
    "load_model": "allocation.notebook.below",
    "margins": "allocation.notebook",
    "read_table": "allocation.notebook.below",
    "run_model": "allocation.notebook.below",
    "seek": "allocation.notebook",
    "set_language": "allocation.notebook",
}
__all__ = [  # noqa: RUF022
    "AllocationError", "Change", "Comparison", "DoubtWarning", "NoteWarning", "Run", "Table", "backtest", "calibrate",
    "compare", "decompose", "find", "load", "load_model", "margins", "read_table", "run_model", "seek", "set_language",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'allocation' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
