"""The bureau's units: a closed table, exact conversions, and the unit a product or quotient has.

A unit is a scale (an exact fraction) and a dimension (powers of base units). `%` is a pure number that is shown as a
percentage: 55 % is held as 0.55. `pint` is the oracle of this table in the tests.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from fractions import Fraction

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest
from allocation.texts import LANGUAGES, Both, in_brackets

# name: (base dimension, power, scale to the base, English label, other spellings)
TABLE: dict[str, tuple[str, int, Fraction, str, tuple[str, ...]]] = {
    "元": ("money", 1, Fraction(1), "yuan", ("人民币元", "CNY")),
    "千元": ("money", 1, Fraction(1000), "1,000 yuan", ()),
    "万元": ("money", 1, Fraction(10**4), "10,000 yuan", ()),
    "百万元": ("money", 1, Fraction(10**6), "million yuan", ()),
    "亿元": ("money", 1, Fraction(10**8), "100 million yuan", ()),
    "人": ("person", 1, Fraction(1), "people", ("名", "person", "persons")),
    "万人": ("person", 1, Fraction(10**4), "10,000 people", ()),
    "人次": ("visit", 1, Fraction(1), "visits", ()),
    "户": ("household", 1, Fraction(1), "households", ("household",)),
    "米": ("metre", 1, Fraction(1), "m", ()),
    "公里": ("metre", 1, Fraction(1000), "km", ("千米",)),
    "平方米": ("metre", 2, Fraction(1), "m²", ("m2", "平米")),
    "万平方米": ("metre", 2, Fraction(10**4), "10,000 m²", ("万m2",)),
    "亩": ("metre", 2, Fraction(2000, 3), "mu", ()),
    "万亩": ("metre", 2, Fraction(2 * 10**7, 3), "10,000 mu", ()),
    "公顷": ("metre", 2, Fraction(10**4), "ha", ("hectare", "hectares")),
    "平方公里": ("metre", 2, Fraction(10**6), "km²", ("km2", "平方千米")),
    "年": ("year", 1, Fraction(1), "years", ("year",)),
    "套": ("dwelling", 1, Fraction(1), "dwellings", ()),
    "个": ("item", 1, Fraction(1), "items", ("项", "件", "所", "处")),
    "分": ("point", 1, Fraction(1), "points", ("points", "point")),
    "%": ("", 0, Fraction(1), "%", ("百分比", "percent")),
}

# What code asks for by name.
YUAN, YEAR, PEOPLE, HECTARE, SQUARE_METRE, MU = "元", "年", "人", "公顷", "平方米", "亩"
ENGLISH = {name: english for name, (*_, english, _) in TABLE.items()}

APART = {"year", "point"}  # 2003 and 2005 are not 4008, nor are two scores a score


@dataclass(frozen=True)
class Unit:
    """A unit as written, its scale to base units, and its dimension as sorted (base, power) pairs."""

    name: str
    scale: Fraction
    dims: tuple[tuple[str, int], ...]

    @property
    def is_percent(self) -> bool:
        return self.name == "%"

    @property
    def adds(self) -> bool:
        """Amounts and counts add up over counties; rates, ratios, per-head figures, scores and years do not."""
        bases = {base for base, _ in self.dims}
        return bool(bases - APART) and all(power > 0 for _, power in self.dims)

    def same_kind(self, other: Unit) -> bool:
        return self.dims == other.dims

    def factor_to(self, other: Unit) -> Fraction:
        """What a figure in this unit is multiplied by to be in `other`; both must have the same dimension."""
        if self.dims != other.dims:
            raise AllocationError(Problem("units.differ", {"left": self.name or "1", "right": other.name or "1"}))
        return self.scale / other.scale


PURE = Unit("", Fraction(1), ())


def combine(left: Unit, right: Unit, sign: int) -> Unit:
    """The unit of left × right (sign 1) or left ÷ right (sign −1)."""
    powers = dict(left.dims)
    for base, power in right.dims:
        powers[base] = powers.get(base, 0) + sign * power
    dims = tuple(sorted((base, power) for base, power in powers.items() if power))
    scale = left.scale * right.scale if sign > 0 else left.scale / right.scale
    if not dims and scale == 1:
        return PURE
    joined = _joined(left.name, right.name, sign)
    return Unit(joined, scale, dims)


def _joined(left: str, right: str, sign: int) -> str:
    left, right = left.replace("%", ""), right.replace("%", "")
    if not right:
        return left
    if sign > 0:
        return f"{left}·{right}" if left else right
    return f"{left or '1'}/{right}"


def power(unit: Unit, exponent: int) -> Unit:
    """The unit of x ** exponent."""
    if exponent == 0 or not unit.dims and unit.scale == 1:
        return PURE
    dims = tuple((base, p * exponent) for base, p in unit.dims)
    return Unit(f"({unit.name})^{exponent}", unit.scale**exponent, dims)


class Units:
    """The closed table plus a model's own units."""

    __slots__ = ("_atoms",)

    def __init__(self, added: Mapping[str, tuple[str, Fraction]] | None = None):
        """`added` maps a name to (the unit it counts in, how many); an empty `of` makes a new base unit."""
        self._atoms: dict[str, Unit] = {}
        for name, (base, exponent, scale, english, others) in TABLE.items():
            unit = Unit(name, scale, ((base, exponent),) if exponent else ())
            for spelling in (name, *others, english):
                self._atoms.setdefault(_tidy(spelling), unit)
        for name, (of, times) in (added or {}).items():
            root = self.parse(of) if of else Unit(name, Fraction(1), ((name, 1),))
            self._atoms[_tidy(name)] = Unit(name, root.scale * times, root.dims)

    def parse(self, text: str) -> Unit:
        """Reads `元/人`, `平方米/人`, `万元·年`, `m²`; an unknown name is an error with the nearest one."""
        unit = self._read(text)
        if isinstance(unit, str):
            slots = {"unit": unit, "whole": text, "nearest": nearest(unit, self._atoms) or "—"}
            raise AllocationError(Problem("units.unknown", slots))
        return unit

    def _read(self, text: str) -> Unit | str:
        """The unit, or the piece of it that is none."""
        tidy = _tidy(text)
        if tidy in ("", "1", "无"):
            return PURE
        if tidy in self._atoms:
            return self._atoms[tidy]
        result, sign = PURE, 1
        for piece in tidy.replace("/", " / ").replace("·", " ").replace("*", " ").split():
            if piece == "/":
                sign = -1
                continue
            atom = self._atom(piece)
            if atom is None:
                return piece
            result = combine(result, atom, sign)
        return Unit(text.strip(), result.scale, result.dims)

    def _atom(self, piece: str) -> Unit | None:
        if piece in self._atoms:
            return self._atoms[piece]
        if piece == "1":
            return PURE
        stem = piece.rstrip("0123456789")
        exponent = piece[len(stem) :].lstrip("^")
        stem = stem.rstrip("^")
        if exponent and stem in self._atoms and len(exponent) == 1:
            return power(self._atoms[stem], int(exponent))
        return None

    def knows(self, text: str) -> bool:
        return isinstance(self._read(text), Unit)

    def with_unit(self, label: str, unit: Unit | None, lang: str) -> str:
        """`金额（万元）`, `Amount (10,000 yuan)`: a label with the unit its figures are in; a pure number has none."""
        return label + in_brackets(self.label(unit.name, lang) if unit else "", lang)

    def headed(self, label: Both, unit: Unit | None) -> Both:
        """The same in both languages."""
        return Both(*(self.with_unit(label[lang], unit, lang) for lang in LANGUAGES))

    def with_own_unit(self, label: str, unit: Unit, table: Unit, lang: str) -> str:
        """The same in a table whose unit is told above it: only where the column has another; % stands at figures."""
        return label if unit.name in (table.name, "%") else self.with_unit(label, unit, lang)

    def label(self, name: str, lang: str) -> str:
        """A unit's name as a reader of `lang` knows it."""
        if lang == "zh" or not name:
            return name
        if name in ENGLISH:
            return ENGLISH[name]
        parts = name.split("/")
        if len(parts) > 1 and all(part in ENGLISH for part in parts):
            singular = {"people": "person", "households": "household", "years": "year", "dwellings": "dwelling"}
            english = [ENGLISH[part] for part in parts]
            return " per ".join([english[0], *(singular.get(word, word) for word in english[1:])])
        return name


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().replace(" ", "").replace("×", "*")
