"""Kinds of arguments that are objects of this package, and tables of any library."""

from __future__ import annotations

from collections.abc import Mapping

from allocation.notebook.arguments import PATH, Kind
from allocation.notebook.foreign import is_frame
from allocation.notebook.table_view import TableView
from allocation.policy.model import Model as EngineModel
from allocation.run.run import Run as EngineRun
from allocation.run.scenario import Change
from allocation.tables.table import Table as EngineTable


def _is_table(value: object) -> bool:
    return isinstance(value, TableView | EngineTable) or PATH.fits(value) or is_frame(value)


def _is_tables(value: object) -> bool:
    several = isinstance(value, list | tuple) and bool(value) and not is_frame(value)
    return all(map(_is_table, value)) if isinstance(value, list | tuple) and several else _is_table(value)


def _is_engine_tables(value: object) -> bool:
    several = value if isinstance(value, list | tuple) else [value]
    return bool(several) and all(isinstance(table, TableView | EngineTable) for table in several)


TABLE = Kind("table", _is_table)
ACTUAL = Kind("actual", lambda value: isinstance(value, Mapping) or is_frame(value))
TABLES = Kind("tables", _is_tables)
READ_TABLES = Kind("read_tables", _is_engine_tables)
CHANGES = Kind(
    "change_list", lambda value: isinstance(value, list | tuple) and all(isinstance(v, Change) for v in value)
)
MODEL = Kind("model", lambda value: isinstance(getattr(value, "engine", value), EngineModel))
RUN = Kind("run", lambda value: isinstance(getattr(value, "engine", None), EngineRun))
BASE = Kind("base", lambda value: MODEL.fits(value) or RUN.fits(value))
