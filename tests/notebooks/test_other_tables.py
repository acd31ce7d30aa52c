"""Tables of other libraries and of plain Python give the same run as the table they came from, or are refused."""

from __future__ import annotations

import copy
from datetime import date

import numpy as np
import pandas
import pyarrow
import pytest

import allocation as al


class Geo(pandas.DataFrame):
    """As GeoDataFrame is: a subclass that makes more of itself, with a column of objects."""

    _metadata = ["_geometry"]

    @property
    def _constructor(self):
        return Geo


class Point:
    def __repr__(self) -> str:
        return "POINT (121.1 41.1)\n" * 3


class Column:
    """A column as polars has it."""

    def __init__(self, values):
        self.values = values

    def to_list(self):
        return list(self.values)


class Polars:
    """A frame with what polars' frames have, and nothing of pandas."""

    def __init__(self, columns: dict):
        self._columns = columns

    @property
    def columns(self):
        return [*self._columns]

    def get_column(self, name):
        return Column(self._columns[name])


class Stream:
    """Speaks Arrow, and nothing else."""

    def __init__(self, table):
        self._table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self._table.__arrow_c_stream__(requested_schema)


class Lazy:
    def __init__(self, frame):
        self._frame = frame

    def collect(self):
        return self._frame

    def get_column_names(self):
        return self._frame.columns

    def __arrow_c_stream__(self, requested_schema=None):
        raise AssertionError("nothing was collected")


@pytest.fixture
def frame(model):
    return model.table().frame


@pytest.fixture
def columns(frame) -> dict[str, list]:
    flat = frame.reset_index()
    return {name: [None if one != one else one for one in flat[name].tolist()] for name in flat.columns}


def forms(frame, columns) -> dict[str, object]:
    flat = frame.reset_index()
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    geo = Geo(frame)
    geo["geometry"] = [Point() for _ in range(len(frame))]
    table = pyarrow.table(columns)
    whole = {name: "Int64" for name in ("settled", "last_award") if name in flat}
    fields = [(name, object) for name in columns]
    return {
        "geo": geo,
        "arrow": table,
        "batch": table.to_batches()[0],
        "stream": Stream(table),
        "polars": Polars(columns),
        "dict": columns,
        "arrays": {name: np.array(values, dtype=object) for name, values in columns.items()},
        "rows": rows,
        "structured": np.array([tuple(row) for row in zip(*columns.values(), strict=True)], dtype=fields),
        "nullable": flat.astype(whole),
        "arrow dtypes": table.to_pandas(types_mapper=pandas.ArrowDtype),
        "categories": flat.astype({"size": "category", "name": "category"}),
        "two levels": frame.set_index("name", append=True),
        "decimals": flat.astype(object),
    }


NAMES = [
    "geo", "arrow", "batch", "stream", "polars", "dict", "arrays", "rows", "structured", "nullable", "arrow dtypes",
    "categories", "two levels", "decimals",
]  # fmt: skip


@pytest.mark.parametrize("form", NAMES)
def test_a_table_of_any_library_gives_the_same_figures(model, frame, columns, form):
    given = forms(frame, columns)[form]
    table = model.run(given).engine.table
    read = model.table().engine
    assert (table.codes, table.names) == (read.codes, read.names)
    assert {name: table.values[name] for name in model.inputs} == {name: read.values[name] for name in model.inputs}
    assert model.table(given).engine.values == table.values


def test_a_table_that_was_given_is_left_as_it_was(model, frame, columns):
    for form in ("geo", "dict", "rows"):
        given = forms(frame, columns)[form]
        before = given.copy() if isinstance(given, pandas.DataFrame) else copy.deepcopy(given)
        model.run(given)
        assert given.equals(before) if isinstance(given, pandas.DataFrame) else given == before


@pytest.mark.parametrize("year", [2017, "2017", date(2017, 12, 31), pandas.Timestamp(2017, 1, 1),
                                  pandas.Period("2017", "Y"), np.datetime64("2017-06-30"), 2017.0])  # fmt: skip
def test_a_year_is_a_year_in_whatever_type_it_stands(model, frame, year):
    assert model.run(frame.assign(year=[year] * 4)).engine.table.year == 2017


def test_narrow_floats_are_read_by_their_own_shortest_decimal(model, frame, columns):
    narrow = frame.astype({"urban": "float32"})
    wanted = model.run(frame).engine.figures("urban")
    assert model.run(narrow).engine.figures("urban") == wanted
    table = pyarrow.table(columns)
    place = table.column_names.index("urban")
    table = table.set_column(place, "urban", table["urban"].cast(pyarrow.float32()))
    assert model.run(table).engine.figures("urban") == wanted


def test_blanks_of_every_kind_are_blanks_and_whole_numbers_beside_them_stay_whole(model, frame, columns):
    for blank in (None, float("nan"), pandas.NA, pandas.NaT):
        given = frame.assign(hardship=pandas.Series([blank] * 4, index=frame.index, dtype=object))
        assert model.run(given).engine.table.values["hardship"] == (None,) * 4
    columns["code"] = [210702, 210703, 210726, 210781]
    columns["last_award"] = [None, *columns["last_award"][1:]]
    assert model.run(pyarrow.table(columns)).engine.table.codes == ("210702", "210703", "210726", "210781")


def refused(model, given) -> str:
    with pytest.raises(al.AllocationError) as caught:
        model.run(given)
    return str(caught.value)


def test_an_index_of_whole_numbers_is_the_codes_or_says_that_zeros_may_be_lost(model, frame):
    whole = frame.set_axis(pandas.Index([210702, 210703, 210726, 210781]))
    assert model.run(whole).engine.table.codes == ("210702", "210703", "210726", "210781")
    assert "请按文字读入" in refused(model, frame.set_axis(pandas.Index([10702, 10703, 10726, 10781])))
    assert "没有代码" in refused(model, frame.set_axis(pandas.Index([3, 5, 7, 9])))


def test_what_is_no_table_is_refused_by_name(model, frame, columns):
    twice = pandas.concat([frame, frame[["settled"]]], axis=1)
    assert "settled" in refused(model, twice) or "落户人数" in refused(model, twice)
    uneven = {**columns, "settled": [1]}
    assert "长短不一" in refused(model, uneven)
    for given in ({"pool": 6000}, [1, 2], np.zeros((2, 2)), frame["settled"], [], {}):
        assert "参数 table 应是数据表" in refused(model, given)
