"""Splits grant funds and land quotas across counties from a policy written as data. Names load when first used."""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"
_HOMES = {
    "AllocationError": "allocation.errors",
    "Change": "allocation.scenario",
    "Run": "allocation.notebook",
    "Table": "allocation.tables.table",
    "backtest": "allocation.notebook",
    "calibrate": "allocation.notebook",
    "compare": "allocation.notebook",
    "decompose": "allocation.notebook",
    "find": "allocation.finding",
    "load": "allocation.notebook",
    "load_model": "allocation.loading",
    "margins": "allocation.notebook",
    "read_table": "allocation.tables.reading",
    "run_model": "allocation.run",
    "seek": "allocation.notebook",
    "set_language": "allocation.notebook",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'allocation' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
