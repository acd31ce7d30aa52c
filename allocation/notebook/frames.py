"""Pandas frames out of tables and runs, and tables out of frames; every figure by its shortest decimal."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import trunc
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.errors import AllocationError, Problem
from allocation.notebook.settings import exact_figure
from allocation.notebook.spoken import language, needs
from allocation.patterns import LatePattern
from allocation.policy.model import Column, Input, Model, Parameter
from allocation.report import study
from allocation.report.printed import PrintedColumn, PrintedTable, Shown
from allocation.run.marks import mark_words
from allocation.tables.headings import Lexicon, lexicon, read_heading
from allocation.tables.keys import CODE, NAME, YEAR, Figure
from allocation.tables.reading import read_table
from allocation.tables.table import Table
from allocation.texts import decimal_text

if TYPE_CHECKING:
    import pandas

FILE = "DataFrame"
LEAST_CODE = 10_000  # an administrative code that lost its leading zero has five digits
SHORTEST = 6  # digits of an administrative code: shorter whole numbers may have lost a leading zero
Columns = Mapping[str, Sequence[Figure | bool]]  # of inputs and columns, by name
PLACE = LatePattern(rf"{FILE}\.csv(?:: ([A-Z]+)(\d+))?")


def frame_of(
    model: Model, table: Table, columns: Mapping[str, Sequence[Figure | bool]], exact: bool = False
) -> pandas.DataFrame:
    """Name, year and `columns`, indexed by code as text; units, labels and whether it is illustrative in `attrs`.

    The year is a column, so that it survives merging; there is none where the table says no year. Figures are
    floats; with `exact`, `int` where the column is published in whole units, else `Decimal`.
    """
    needs("pandas")
    import pandas

    cells = {name: [cell(value, model.entry(name), exact) for value in values] for name, values in columns.items()}
    series = {
        name: pandas.Series(values, dtype=object if exact and None in values else None)
        for name, values in cells.items()
    }
    year = {} if table.year is None else {"year": [table.year] * len(table)}
    frame = pandas.DataFrame({"name": list(table.names), **year, **series})
    frame.index = pandas.Index(list(table.codes), name="code", dtype=object)
    frame.attrs = {
        "title": model.label.zh,
        "year": table.year,
        "illustrative": table.illustrative,
        "units": {name: model.entry(name).unit.name for name in columns},
        "labels": {name: model.entry(name).label.zh for name in columns},
    }
    return frame


def study_frame(table: PrintedTable, marks: str) -> pandas.DataFrame:
    """The units of a study's table by code: name and figures, as floats, by the keys of its columns."""
    needs("pandas")
    import pandas

    units = [place for place, line in enumerate(table.lines) if not line.summed]
    cells = {
        column.key: [_shown(column, table.figures[column.key][place]) for place in units] for column in table.columns
    }
    index = pandas.Index(cells.pop(study.CODE), name="code", dtype=object)
    frame = pandas.DataFrame(cells, index=index)
    frame.attrs = {"unit": table.unit.name, "marks": marks}
    return frame


def _shown(column: PrintedColumn, value: Shown) -> object:
    if column.kind == "text":
        return value
    return float(value) if isinstance(value, Fraction) else float("nan")


def cell(value: Figure | bool, entry: Parameter | Input | Column, exact: bool) -> object:
    if not isinstance(value, Fraction):
        return value
    if not exact:
        return float(value)
    whole = entry.whole if isinstance(entry, Input) else getattr(entry, "decimals", None) == 0
    return int(value) if whole and value.denominator == 1 else Decimal(value.numerator) / Decimal(value.denominator)


def tidy_of(
    model: Model, table: Table, columns: Mapping[str, Sequence[Figure | bool]], exact: bool
) -> pandas.DataFrame:
    """A row a county and column: code, name, year, column, label, unit, value, text.

    `value` holds figures (1 and 0 for yes and no), `text` the classes such as city size: one of them is blank.
    """
    needs("pandas")
    import pandas

    heads = ["code", "name", "year", "column", "label", "unit", "value", "text"]
    rows, lang = [], language()
    for name, figures in columns.items():
        entry = model.entry(name)
        told = [table.year, name, entry.label[lang], model.units.label(entry.unit.name, lang)]
        for code, county, figure in zip(table.codes, table.names, figures, strict=True):
            text = figure if isinstance(figure, str) else None
            value = int(figure) if isinstance(figure, bool) else cell(figure, entry, exact)
            rows.append([code, county, *told, None if text is not None else value, text])
    frame = pandas.DataFrame(rows, columns=heads, dtype=object)
    frame["year"] = frame["year"].astype("Int64")
    return frame if exact else frame.astype({"value": float})


def dictionary_of(model: Model) -> pandas.DataFrame:
    """Every parameter, input and column by name, as frames spell it: labels, unit, kind, what it holds, source."""
    needs("pandas")
    import pandas

    kinds: dict[str, Mapping[str, Parameter | Input | Column]]
    kinds = {"parameter": model.parameters, "input": model.inputs, "column": model.columns}
    rows = [
        [name, entry.label.zh, entry.label.en, entry.unit.name, model.units.label(entry.unit.name, "en"), kind,
         _holds(entry), entry.source]
        for kind, entries in kinds.items()
        for name, entry in entries.items()
    ]  # fmt: skip
    heads = ["name", "label_zh", "label_en", "unit", "unit_en", "kind", "holds", "source"]
    return pandas.DataFrame(rows, columns=heads, dtype=object).set_index("name")


def _holds(entry: Parameter | Input | Column) -> str:
    """`number`, `text` or `truth`."""
    if isinstance(entry, Column):
        return entry.kind
    if isinstance(entry, Input):
        return "text" if entry.text else "number"
    first = entry.bands[0].value if entry.bands else entry.values[0][1] if entry.values else entry.value
    return "text" if isinstance(first, str) else "number"


def table_of(frame: pandas.DataFrame, model: Model, year: int | None = None) -> Table:
    """The table in a frame: codes, names and inputs by name or either label; NaN is a blank.

    A plain number in a percentage column is a fraction, as in every frame of ours; `attrs` may give `illustrative`,
    and `year` where no column does. Raises AllocationError with all problems, placed by `loc`.
    """
    spellings = lexicon(model)
    heads, columns = columns_of(frame, spellings)
    targets = [read_heading(head.split("/"), spellings) for head in heads]
    roles = [target.target if target else "" for target in targets]
    if CODE in roles:
        _check_codes(columns[roles.index(CODE)], heads[roles.index(CODE)])
    for place in (place for place, role in enumerate(roles) if role == YEAR):
        columns[place] = [getattr(value, "year", value) for value in columns[place]]  # of a date
    written = [[_text(value) for value in column] for column in columns]
    keys = columns[roles.index(CODE if CODE in roles else NAME)] if {CODE, NAME} & {*roles} else range(len(frame))
    year = year or (None if YEAR in roles else frame.attrs.get("year"))
    try:
        table = _read(heads, written, model, year)
    except AllocationError as error:
        raise AllocationError([_placed(problem, heads, list(keys)) for problem in error.problems]) from None
    if not table.coded:  # a file may be numbered by row; a frame is joined
        raise AllocationError(Problem("notebook.no_codes", where=FILE))
    notes = tuple(_placed(note, heads, list(keys)) for note in table.notes)
    cells = {key: _loc(where, heads, list(keys)) for key, where in table.cells.items()}
    made_up = table.illustrative or bool(frame.attrs.get("illustrative"))
    return replace(table, file=FILE, notes=notes, cells=cells, illustrative=made_up)


def columns_of(frame: pandas.DataFrame, spellings: Lexicon) -> tuple[list[str], list[list[object]]]:
    """Headers and columns, the index among them where it says something."""
    import pandas

    index = frame.index
    if index.nlevels > 1 or index.name is not None:
        frame = frame.reset_index(allow_duplicates=True)
    elif not isinstance(index, pandas.RangeIndex) and (not _is_numeric(index) or _may_be_codes(frame, spellings)):
        frame = frame.rename_axis(index="code").reset_index(allow_duplicates=True)
    heads = ["/".join(map(str, head)) if isinstance(head, tuple) else str(head) for head in frame.columns]
    return heads, [frame.iloc[:, place].tolist() for place in range(frame.shape[1])]


def _is_numeric(index: pandas.Index) -> bool:
    import pandas

    return bool(pandas.api.types.is_numeric_dtype(index))


def _may_be_codes(frame: pandas.DataFrame, spellings: Lexicon) -> bool:
    """Whether numbers in an index without a name are codes: long ones, where no column has codes."""
    targets = [read_heading([str(head)], spellings) for head in frame.columns]
    coded = any(target is not None and target.target == CODE for target in targets)
    return not coded and len(frame) > 0 and min(frame.index) >= LEAST_CODE


def _check_codes(codes: list[object], head: str) -> None:
    """A code that was read as a number may have lost a leading zero: it is short, or a digit shorter than another."""
    numbers = [value for value in codes if isinstance(value, Real) and value == value]
    widths = {len(str(trunc(value))) for value in numbers}
    if numbers and (min(widths) < SHORTEST or any(width + 1 in widths for width in widths)):
        raise AllocationError(Problem("notebook.number_codes", {"column": head, "found": numbers[:3]}, FILE))


def is_blank(value: object) -> bool:
    return value is None or type(value).__name__ in ("NAType", "NaTType") or value != value


def _text(value: object) -> str:
    """What a CSV file would say; an empty text for a blank."""
    if is_blank(value):
        return ""
    if isinstance(value, (str, bool)):
        return str(value)
    try:
        return decimal_text(exact_figure(value, FILE), 15)
    except AllocationError:  # no number: the reader says so, with its place
        return str(value)


def _read(heads: list[str], columns: list[list[str]], model: Model, year: int | None) -> Table:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{FILE}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(heads)
            out.writerows(zip(*columns, strict=True))
        return read_table(path, model, year=year)


def _loc(text: str, heads: list[str], keys: list[object]) -> str:
    """`DataFrame.csv: C7` as pandas finds it: `DataFrame.loc['210726', 'settled']`."""

    def place(cell: re.Match[str]) -> str:
        if not cell[1]:
            return FILE
        column = 0
        for letter in cell[1]:
            column = column * 26 + ord(letter) - ord("A") + 1
        row, head = int(cell[2]) - 2, heads[column - 1] if column <= len(heads) else ""
        return f"{FILE}.loc[{str(keys[row])!r}, {head!r}]" if 0 <= row < len(keys) else f"{FILE}[{head!r}]"

    return PLACE.sub(place, text)


def _placed(problem: Problem, heads: list[str], keys: list[object]) -> Problem:
    slots = {key: _loc(v, heads, keys) if isinstance(v, str) else v for key, v in problem.slots.items()}
    return replace(problem, where=_loc(problem.where, heads, keys), slots=slots)


def input_frame(model: Model, table: Table) -> pandas.DataFrame:
    """The table's inputs; what is illustrative says so in a column of its own, which survives merging."""
    frame = frame_of(model, table, {name: table.values[name] for name in given(model, table)})
    if table.illustrative:
        frame["remark"] = "；".join(word["zh"] for word in mark_words(["illustrative"]))
    return frame


def given(model: Model, table: Table) -> list[str]:
    """Inputs that at least one county fills in."""
    return [name for name in model.inputs if any(value is not None for value in table.values.get(name, ()))]
