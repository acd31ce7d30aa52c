"""Boundaries on the desk: known by the codes in them, whatever their properties are called; what is broken is told."""

from __future__ import annotations

import json
import time

import pytest

from allocation.errors import AllocationError
from allocation.files.limits import JSON_BYTES
from allocation.page.boundaries import read_boundaries

CODES = ("210702", "210703", "210726")
SQUARE = [[[121.0, 41.0], [121.5, 41.0], [121.5, 41.5], [121.0, 41.5], [121.0, 41.0]]]


def feature(geometry=SQUARE, kind="Polygon", **properties):
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": geometry}}


@pytest.fixture
def written(tmp_path):
    def write(features, **beside):
        path = tmp_path / "a.geojson"
        held = {"type": "FeatureCollection", **beside, "features": features}
        path.write_text(json.dumps(held, ensure_ascii=False), encoding="utf-8")
        return path

    return write


WRITTEN = (
    CODES,
    (210702, 210703, 210726.0),
    ("156210702", "156210703", "156210726"),
    ("210702000000", "210703000", "210726"),
)


@pytest.mark.parametrize("codes", WRITTEN)
def test_boundaries_are_matched_by_the_codes_in_them(written, codes):
    names = ("黑山县", "210703", "别处")  # a name that is another's code leads nobody astray
    listed = [feature(name=name, adcode="100000", 甲=code) for name, code in zip(names, codes, strict=True)]
    listed += [feature(name="外县", 甲="999999"), feature(name="又一块", 甲=codes[0])]
    read = read_boundaries(written(listed), CODES)
    assert [*read.by_code] == [*CODES] and read.others == ("外县",)
    assert len(read.by_code["210702"].polygons) == 2
    assert read.lacking({"210781": "凌海市", **dict.fromkeys(CODES, "")}) == ["凌海市"]
    shapes = read.drawn()["features"]
    assert [shape["properties"]["name"] for shape in shapes] == [*CODES] and 0.7 < read.aspect < 0.8


NUMBERED = (
    ({"审图号": "GS（2024）0650号"}, "GS（2024）0650号"),
    ({"metadata": {"note": ["审图号：辽S(2023)12号。"]}}, "辽S(2023)12号"),
    ({"name": "GS京（2022）0651号"}, "GS京（2022）0651号"),
    ({"name": "2024"}, ""),
)


@pytest.mark.parametrize(("said", "number"), NUMBERED)
def test_the_approval_number_is_what_the_file_says(written, said, number):
    assert read_boundaries(written([feature(c="210702")], **said), CODES).approval == number


def test_points_closer_than_a_pixel_are_one(written):
    ring = [[121 + place / 1e6, 41.0] for place in range(20_000)] + [[121.5, 41.5], [121.0, 41.5], [121.0, 41.0]]
    shape = read_boundaries(written([feature([ring], c="210702")]), CODES).drawn()["features"][0]
    assert len(shape["geometry"]["coordinates"][0][0]) < 200


def of(kind: str, coordinates: str, code: str = '"210702"') -> str:
    shape = f'{{"type": "{kind}", "coordinates": {coordinates}}}'
    return f'{{"features": [{{"properties": {{"c": {code}}}, "geometry": {shape}}}]}}'


BROKEN = (
    *("", "[]", "{}", "null", '{"features": 3}', '{"features": [3, null]}', "{" * 200, "[" * 100_000, "\ufeff\x00\xff"),
    of("Polygon", '"x"'),
    of("Polygon", '[[[NaN, 1], [1, "x"], [true, null]]]'),
    of("Point", "[1, 2]"),
    of("Polygon", "[[[1e400, 1], [2, 2], [3, 3]]]"),
    of("Polygon", "[[[1, 1], [2, 2], [3, 3], [1, 1]]]", '["210702"]'),
)


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_boundary_is_told_with_its_file(tmp_path, text):
    path = tmp_path / "b.geojson"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AllocationError) as refused:
        read_boundaries(path, CODES)
    for problem in refused.value.problems:
        assert "b.geojson" in problem.text("zh") and problem.text("en")


def test_a_file_too_large_or_too_fine_is_refused_at_once(tmp_path):
    large, fine = tmp_path / "large.geojson", tmp_path / "fine.geojson"
    with open(large, "wb") as file:
        file.truncate(JSON_BYTES + 1)
    fine.write_text("[" + "[1,2]," * 600_000 + "[1,2]]", encoding="utf-8")
    for path in (large, fine):
        started = time.process_time()
        with pytest.raises(AllocationError):
            read_boundaries(path, CODES)
        assert time.process_time() - started < 2
