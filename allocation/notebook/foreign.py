"""Tables of any library as a pandas frame: pandas and what derives from it, polars, pyarrow, NumPy, plain Python."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from allocation.errors import AllocationError, Problem
from allocation.notebook.spoken import needs

if TYPE_CHECKING:
    import pandas

NARROW = ("float16", "float32", "halffloat", "float")  # floats whose own shortest decimal is not a double's


def is_frame(value: Any) -> bool:
    """Whether `frame_from` makes a frame of it."""
    if isinstance(value, type):
        return False
    if _is_pandas(value) or _speaks_arrow(value) or hasattr(value, "get_column") or hasattr(value, "to_native"):
        return True
    if hasattr(value, "__dataframe__") or _is_structured(value):
        return True
    if isinstance(value, Mapping):
        return bool(value) and all(_is_column(column) for column in value.values())
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(row, Mapping) for row in value)


def frame_from(value: Any) -> pandas.DataFrame:
    """A plain pandas frame with the same columns, figures as they were: what has no floats gets none.

    Raises AllocationError for columns that are not of one length.
    """
    needs("pandas")
    import pandas

    if _is_pandas(value):
        frame = pandas.DataFrame(value)
        return _widened(frame)
    if hasattr(value, "to_native"):  # narwhals
        return frame_from(value.to_native())
    if hasattr(value, "collect") and not hasattr(value, "get_column"):  # a lazy frame
        value = value.collect()
    if _speaks_arrow(value) and find_spec("pyarrow"):
        return _object_frame(*_from_arrow(value))
    if hasattr(value, "get_column"):
        heads = [str(head) for head in value.columns]
        return _object_frame(heads, [value.get_column(head).to_list() for head in heads])
    if isinstance(value, Mapping):
        return _object_frame([*value], [list(column) for column in value.values()])
    if isinstance(value, list | tuple):
        heads = [*dict.fromkeys(head for row in value for head in row)]
        return _object_frame(heads, [[row.get(head) for row in value] for head in heads])
    if _is_structured(value):
        names = value.dtype.names
        return _widened(pandas.DataFrame({name: value[name] for name in names}, columns=list(names)))
    return _widened(value.to_pandas() if hasattr(value, "to_pandas") else pandas.api.interchange.from_dataframe(value))


def _is_pandas(value: object) -> bool:
    """Whether it is a pandas frame, which nobody can have who did not import pandas."""
    loaded = sys.modules.get("pandas")
    return loaded is not None and isinstance(value, loaded.DataFrame)


def _is_structured(value: object) -> bool:
    """A NumPy array whose fields have names."""
    return isinstance(getattr(getattr(value, "dtype", None), "names", None), tuple)


def _speaks_arrow(value: object) -> bool:
    """Tables, and not the single columns that speak it too."""
    several = hasattr(value, "columns") or hasattr(value, "column_names") or not hasattr(value, "to_list")
    return hasattr(value, "__arrow_c_stream__") and several and type(value).__name__ not in ("Series", "ChunkedArray")


def _is_column(value: object) -> bool:
    return isinstance(value, list | tuple | range) or hasattr(value, "tolist") and getattr(value, "ndim", 1) == 1


def _from_arrow(value: object) -> tuple[list[str], list[list[Any]]]:
    import pyarrow

    table = pyarrow.table(value)
    columns = []
    for column in table.columns:
        figures = column.to_pylist()
        if str(column.type) in NARROW:
            import numpy

            narrow = numpy.float16 if str(column.type) == "halffloat" else numpy.float32
            figures = [None if figure is None else float(str(narrow(figure))) for figure in figures]
        columns.append(figures)
    return table.column_names, columns


def _object_frame(heads: Sequence[str], columns: Sequence[Sequence[Any]]) -> pandas.DataFrame:
    """Each figure the very object that was given: whole numbers beside blanks stay whole."""
    import pandas

    lengths = {len(column) for column in columns}
    if len(lengths) > 1:
        uneven = [f"{head} {len(column)}" for head, column in zip(heads, columns, strict=True)]
        raise AllocationError(Problem("notebook.uneven", {"found": uneven}))
    series = [pandas.Series(list(column), dtype=object) for column in columns]
    frame = pandas.concat(series, axis=1) if series else pandas.DataFrame()
    frame.columns = pandas.Index(heads, dtype=object)
    return frame


def _widened(frame: pandas.DataFrame) -> pandas.DataFrame:
    """Narrow floats by their own shortest decimal: 0.1 of four bytes is 0.1, not 0.10000000149."""
    import pandas

    narrow = [place for place, kind in enumerate(frame.dtypes) if str(kind).casefold() in ("float16", "float32")]
    if not narrow:
        return frame
    columns = []
    for place in range(frame.shape[1]):
        column = frame.iloc[:, place]
        if place in narrow:
            column = pandas.Series(
                [_double(value) for value in column.array], index=frame.index, name=column.name, dtype=object
            )
        columns.append(column)
    widened = pandas.concat(columns, axis=1)
    widened.columns, widened.attrs = frame.columns, frame.attrs
    return widened


def _double(value: Any) -> float | None:
    known = type(value).__name__ not in ("NAType", "NoneType") and value == value
    return float(str(value)) if known else None
