"""Boundaries that a person lays on the desk (GeoJSON), and which unit each is of, by its code.

Which property holds the codes is decided by the codes in it, never by its name. Shapes are cut to what a screen shows:
points closer to one another than a pixel are one.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.given_files import given_json
from allocation.texts.vocabulary import Pattern

APPROVED = Pattern("table_words.map_number")
CHINA = "156"  # in front of a code of the country's official maps
FINEST = 1e-9  # degrees or metres; what lies closer is one point
ACROSS = 2_000  # points that are told apart along the longer side
GEOGRAPHIC = (180.0, 90.0)  # degrees; farther out, coordinates are metres
POLYGONS = ("Polygon", "MultiPolygon")
Ring = list[list[float]]


@dataclass(frozen=True)
class Boundary:
    """`code` as it stands in the file, empty where it has none; `polygons` hold rings of points."""

    code: str
    name: str
    polygons: tuple[tuple[Ring, ...], ...]


@dataclass(frozen=True)
class Boundaries:
    """`by_code`: those of units, by the unit's code. `others`: the rest, as the file calls them. `approval`: 审图号."""

    by_code: Mapping[str, Boundary]
    others: tuple[str, ...]
    approval: str

    def lacking(self, codes: Mapping[str, str]) -> list[str]:
        """Names of units without a boundary; `codes` have theirs by code."""
        return [name for code, name in codes.items() if code not in self.by_code]

    def drawn(self) -> dict[str, object]:
        """As ECharts takes it: a feature a unit, named by its code, in whole steps of a grid as wide as a screen."""
        left, bottom, right, top = self.extent
        step = max((right - left) / ACROSS, (top - bottom) / ACROSS, FINEST)
        features = [
            {"type": "Feature", "properties": {"name": code},
             "geometry": {"type": "MultiPolygon", "coordinates": [*_thinned(boundary.polygons, step)]}}
            for code, boundary in self.by_code.items()
        ]  # fmt: skip
        return {"type": "FeatureCollection", "features": features}

    @property
    def aspect(self) -> float:
        """How wide a degree is beside its height, in the middle; 1 where coordinates are metres."""
        left, bottom, right, top = self.extent
        if max(abs(left), abs(right)) > GEOGRAPHIC[0] or max(abs(bottom), abs(top)) > GEOGRAPHIC[1]:
            return 1.0
        return max(0.1, math.cos(math.radians((bottom + top) / 2)))

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        rings = [ring for boundary in self.by_code.values() for part in boundary.polygons for ring in part]
        across, up = ([point[axis] for ring in rings for point in ring] for axis in (0, 1))
        return min(across), min(up), max(across), max(up)


def read_boundaries(path: Path, codes: Sequence[str]) -> Boundaries:
    """Those of a GeoJSON file, matched with the codes of units. Raises where it is none, or matches none of them."""
    where = str(path)
    try:
        read = given_json(path)
    except AllocationError as error:
        if any(problem.id == "files.too_large" for problem in error.problems):
            raise AllocationError(Problem("charts.map_too_many_points", where=where)) from None
        raise
    except ValueError as error:
        told = "too_many_points" if str(error) == "too many parts" else "broken"
        raise AllocationError(Problem(f"charts.map_{told}", where=where)) from None
    features = _features(read)
    if not features:
        raise AllocationError(Problem("charts.map_broken", where=where))
    shapes = [(properties, polygons) for properties, geometry in features if (polygons := _polygons(geometry))]
    key, wanted = _code_property([properties for properties, _ in shapes], codes)
    if not key:
        known = [*dict.fromkeys(name for properties, _ in shapes for name in properties)]
        raise AllocationError(
            Problem("charts.map_no_codes", {"known": known[:20] or "", "code": next(iter(codes), "")}, where)
        )
    by_code: dict[str, Boundary] = {}
    others: list[str] = []
    for properties, polygons in shapes:
        text = _text(properties.get(key))
        unit, name = wanted.get(_plain(text), ""), _called(properties, key)
        if not unit:
            others.append(name or text)
        elif unit in by_code:
            first = by_code[unit]
            by_code[unit] = Boundary(text, first.name, (*first.polygons, *polygons))
        else:
            by_code[unit] = Boundary(text, name, polygons)
    others += [_called(properties, "") for properties, geometry in features if not _polygons(geometry)]
    return Boundaries(by_code, tuple(other for other in others if other), _approval(read, shapes))


def _features(read: object) -> list[tuple[dict[str, Any], object]]:
    """Properties and geometry of each feature."""
    listed = read.get("features") if isinstance(read, dict) else None
    features = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    held = [entry.get("properties") for entry in features]
    properties = [said if isinstance(said, dict) else {} for said in held]
    return [(said, entry.get("geometry")) for said, entry in zip(properties, features, strict=True)]


def _polygons(geometry: object) -> tuple[tuple[Ring, ...], ...]:
    """Those of a geometry; none of one that is broken or of another kind. A ring has three points at least."""
    if not isinstance(geometry, dict) or geometry.get("type") not in POLYGONS:
        return ()
    coordinates = geometry.get("coordinates")
    listed = [coordinates] if geometry["type"] == "Polygon" else coordinates
    if not isinstance(listed, list):
        return ()
    polygons = []
    for part in listed:
        rings = [ring for ring in map(_ring, part if isinstance(part, list) else ()) if len(ring) > 2]
        polygons += [tuple(rings)] if rings else []
    return tuple(polygons)


def _ring(points: object) -> Ring:
    if not isinstance(points, list):
        return []
    ring = [point[:2] for point in points if isinstance(point, list) and len(point) >= 2]
    return [[float(x), float(y)] for x, y in ring if _is_figure(x) and _is_figure(y)]


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12  # also not NaN


def _code_property(properties: Sequence[dict[str, Any]], codes: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The property in which most codes of units stand, and the units by the code as it is compared."""
    wanted = {_plain(code): code for code in codes}
    hits = Counter(name for held in properties for name, value in held.items() if _plain(_text(value)) in wanted)
    best = hits.most_common(1)
    return (best[0][0] if best else ""), wanted


def _plain(code: str) -> str:
    """A code as it is compared: without the country's, and without the zeros of a longer one for the same place."""
    plain = code.strip()
    if re.fullmatch(CHINA + r"\d{6}", plain):
        plain = plain[len(CHINA) :]
    while re.fullmatch(r"\d{6}(\d{3})*000", plain):
        plain = plain[:-3]
    return plain


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _called(properties: Mapping[str, Any], key: str) -> str:
    """What a person would call a boundary: its first text that is no code; else its code."""
    texts = [value.strip() for name, value in properties.items() if name != key and isinstance(value, str)]
    named = [text for text in texts if text and not re.search(r"\d", text)]
    return (named or [_text(properties.get(key))])[0][:60]


def _approval(read: object, shapes: Sequence[tuple[dict[str, Any], object]]) -> str:
    """审图号 as the file says it: beside its features, or in what every feature says."""
    beside = {name: value for name, value in read.items() if name != "features"} if isinstance(read, dict) else {}
    for text in (*_texts(beside), *(text for properties, _ in shapes[:1] for text in _texts(properties))):
        if said := APPROVED.search(text):
            return said[0]
    return ""


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value[:100]:
            yield from _texts(inner)


def _thinned(polygons: Sequence[Sequence[Ring]], step: float) -> Iterator[list[Ring]]:
    """Rings with one point a step; a ring that is smaller than that is let go, but for the last of a unit."""
    kept = []
    for rings in polygons:
        thin = [ring for ring in (_thin(ring, step) for ring in rings) if len(ring) > 3]
        if thin:
            kept.append(thin)
    yield from kept or [[*polygons[0]]]


def _thin(ring: Ring, step: float) -> Ring:
    thin: Ring = []
    before: tuple[int, int] | None = None
    for x, y in ring:
        cell = (round(x / step), round(y / step))
        if cell != before:
            thin.append([x, y])
            before = cell
    return thin
