"""Ranges that sweeps and designs try: `pool=4000:6000`, `pool=4000:6000:500`, `pool=4000,5000`, `settled=±10%`.

An address is that of `--set`, and a value is written as there, `pool=5000万元:7000万元`; `@each` lets every county's
figure move by itself. `*=` scales and `+=` adds to what is there; `±10%` scales from 0.9 to 1.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from allocation.arrays import rounded
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.language.units import Unit
from allocation.patterns import LatePattern
from allocation.policy.model import Input, Model, Parameter
from allocation.policy.schema import plain
from allocation.run.required import is_lacking
from allocation.run.scenario import MEASURED, QUOTES, Change, Changed, apply_changes, entry_of, measured, parse_value
from allocation.tables.table import Table, number
from allocation.texts.vocabulary import Pattern

HOW = {"": "set", "*": "scale", "×": "scale", "+": "add"}
PIECES = 10_000  # a range without a step is cut into about so many round values
MOST_VALUES = 10_001  # of one factor in a grid
_RANGE = Pattern("study_words.range_signs")
EACH = LatePattern(r"\s*@\s*each\s*$")
FORM = LatePattern(r"\s*(?P<address>.+?)\s*(?P<how>[*×+]?)=\s*(?P<values>[^=]+?)\s*")


@dataclass(frozen=True)
class FactorRange:
    """What moves, from `low` to `high`: in `values` where they are listed, else on a grid of `step` from `low`.

    `apart`: the codes that move by themselves (`@each`), none where one figure moves all. `unit`: a parameter that is
    scaled or raised from `now` goes to the nearest multiple of it; 0 where every value will do.
    """

    text: str
    address: str
    how: str
    low: Fraction
    high: Fraction
    step: Fraction
    values: tuple[Fraction, ...] = ()
    listed: bool = False  # values or a step were given: it can stand in a grid
    apart: tuple[str, ...] = ()
    unit: Fraction = Fraction(0)
    now: Fraction = Fraction(0)

    @property
    def width(self) -> int:
        """How many numbers move: one, or one a county."""
        return len(self.apart) or 1

    def at(self, places: Sequence[float]) -> list[Change]:
        """The changes at `places` between 0 and 1, one for each number that moves."""
        return self.changes([self.value(place) for place in places])

    def changes(self, values: Sequence[Fraction]) -> list[Change]:
        addresses = [f"{self.address}@{code}" for code in self.apart] or [self.address]
        if self.unit and self.how != "set":
            return [Change(address, self._rounded(value)) for address, value in zip(addresses, values, strict=True)]
        return [Change(address, value, self.how) for address, value in zip(addresses, values, strict=True)]

    def _rounded(self, value: Fraction) -> Fraction:
        new = self.now * value if self.how == "scale" else self.now + value
        return rounded(new / self.unit, 0) * self.unit

    def value(self, place: float) -> Fraction:
        """The value at a place between 0 and 1: every value of a list or grid takes an equal part of it."""
        if self.values:
            return self.values[min(int(place * len(self.values)), len(self.values) - 1)]
        count = (self.high - self.low) // self.step
        return self.low + min(int(place * (count + 1)), count) * self.step

    def grid(self) -> tuple[Fraction, ...]:
        """Every value, lowest first in a range, as listed in a list."""
        return self.values or tuple(self.low + n * self.step for n in range((self.high - self.low) // self.step + 1))


def parse_factors(texts: Sequence[str], model: Model, tables: Sequence[Table], option: str) -> list[FactorRange]:
    """Factors from the command line, checked against the model. Raises all that is wrong with any of them."""
    factors: list[FactorRange] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            factors.append(_checked(_parsed(text, model), model, tables))
        except AllocationError as error:
            problems += [replace(problem, where=f"{option} {text}") for problem in error.problems]
    addresses = [factor.address for factor in factors]
    twice = {address for address in addresses if addresses.count(address) > 1}
    problems += [Problem("study.factor_twice", {"address": address}, option) for address in sorted(twice)]
    if problems:
        raise AllocationError(problems)
    return factors


def stand_ins(texts: Sequence[str], model: Model, table: Table) -> tuple[Change, ...]:
    """The middle of each range of what nobody gave yet: what a baseline, which moves nothing, stands on."""
    changes = []
    for text in texts:
        try:
            factor = _parsed(text, model)
        except AllocationError:
            continue  # said where the factors are made
        address = EACH.sub("", factor.address)
        if factor.how == "set" and is_lacking(model, table, address):
            changes.append(Change(address, factor.value(0.5)))
    return tuple(changes)


def _parsed(text: str, model: Model) -> FactorRange:
    form = FORM.fullmatch(text.replace("＝", "=").replace("：", ":").replace("，", ","))
    if not form:
        raise AllocationError(Problem("study.factor_form", {"text": text}))
    how, address, values = HOW[form["how"]], form["address"], plain(form["values"]).strip(QUOTES)
    unit = entry_of(model, address).unit
    if values.startswith("±"):
        if form["how"] or not values.endswith("%"):
            raise AllocationError(Problem("study.factor_form", {"text": text}))
        (spread,) = _numbers([values[1:]], None, model)
        return _ranged(text, address, "scale", [1 - spread, 1 + spread])
    parts = _RANGE.split(values)
    ranged = len(parts) > 1
    numbers = _numbers(parts if ranged else values.split(","), None if how == "scale" else unit, model)
    if not ranged:
        return FactorRange(text, address, how, min(numbers), max(numbers), Fraction(1), tuple(numbers), True)
    return _ranged(text, address, how, numbers)


def _ranged(text: str, address: str, how: str, numbers: list[Fraction]) -> FactorRange:
    if len(numbers) > 3:
        raise AllocationError(Problem("study.factor_form", {"text": text}))
    low, high = numbers[:2]
    given = len(numbers) == 3
    if low >= high or given and not 0 < numbers[2] <= high - low:
        slots = {"low": low, "high": high, "step": numbers[2] if given else ""}
        raise AllocationError(Problem("study.factor_empty", slots))
    step = numbers[2] if given else fine_step(high - low)
    if (high - low) / step >= MOST_VALUES:
        raise AllocationError(Problem("study.factor_fine", {"most": MOST_VALUES - 1}))
    return FactorRange(text, address, how, low, high, step, listed=given)


def _numbers(texts: list[str], unit: Unit | None, model: Model) -> list[Fraction]:
    """The numbers in `unit`, whatever unit of its kind is written with them; None takes no unit.

    A unit at one end only is taken for both where it is `unit` itself, and doubtful where it is another.
    """
    typed = [parse_value(text) for text in texts]
    numbers: list[Fraction] = []
    for text, value in zip(texts, [measured(v, unit, model.units) if unit else v for v in typed], strict=True):
        if not isinstance(value, Fraction):
            raise AllocationError(Problem("study.factor_number", {"found": text.strip()}))
        numbers.append(value)
    bare = [value for value in typed if isinstance(value, Fraction) and value]
    for value, same in zip(typed, numbers, strict=True):
        written = MEASURED.fullmatch(value) if isinstance(value, str) else None
        if bare and unit and written and parse_value(written[1]) != same:
            slots = {"found": value, "bare": bare[0], "unit": unit.name}
            raise AllocationError(Problem("study.factor_half_unit", slots))
    return numbers


def fine_step(span: Fraction) -> Fraction:
    """A power of ten that cuts a range into some ten thousand round values, never more."""
    step = Fraction(1)
    while span * 10 <= PIECES * step:
        step /= 10
    while span > PIECES * step:
        step *= 10
    return step


def _checked(factor: FactorRange, model: Model, tables: Sequence[Table]) -> FactorRange:
    """The factor with the counties it moves; both ends tried: a range beyond the declared one is an error now."""
    address = factor.address
    apart: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    plain, at, each = address.rpartition("@")
    if at and each.strip() == "each":
        address = plain.strip()
        codes = tables[-1].codes
    probe = Change(address, Fraction(1), "scale")
    moved = apply_changes(model, tables, [probe])[2]  # the address is known, its figures are numbers
    if codes:
        if not all(figure.county for figure in moved):
            raise AllocationError(Problem("scenario.parameter_selector", {"name": moved[0].name}))
        apart = tuple(code for code in codes if code in {figure.county for figure in moved})
    factor = replace(factor, address=address, apart=apart)
    factor = _on_units(factor, model, moved[0])
    for value in factor.values or (factor.value(0), factor.value(1)):
        apply_changes(model, tables, factor.changes([value] * factor.width))
    return factor


def _on_units(factor: FactorRange, model: Model, moved: Changed) -> FactorRange:
    """The factor with only such values as fit what it moves: ends within the range, steps of whole units."""
    unit = _unit(model, moved.name)
    if not unit or factor.values and factor.how == "set":
        return factor
    given = moved.name in model.inputs
    if factor.how != "set":
        return factor if given else replace(factor, unit=unit, now=number(moved.old))
    if factor.listed:
        if given and factor.step % unit:
            raise AllocationError(Problem("study.factor_step", {"step": factor.step}))
        return factor
    low, high, step = -(-factor.low // unit) * unit, factor.high // unit * unit, -(-factor.step // unit) * unit
    if low > high:
        raise AllocationError(Problem("study.factor_empty", {"low": factor.low, "high": factor.high, "step": unit}))
    return replace(factor, low=low, high=high, step=step)


def _unit(model: Model, name: str) -> Fraction:
    """One unit of the last place that fits: of a whole input 1, of a parameter its decimals', of the pool the award's
    where it has none of its own. 0 where every value will do."""
    entry = model.entry(name)
    if isinstance(entry, Input):
        return Fraction(1 if entry.whole else 0)
    assert isinstance(entry, Parameter), "columns cannot be changed"
    if entry.kind == "scalar" and entry.decimals is not None:
        return Fraction(1, 10**entry.decimals)
    award = model.columns[model.award]
    if name == model.pool and award.decimals is not None:
        return Fraction(award.unit.scale) / Fraction(entry.unit.scale) / int(10**award.decimals)
    return Fraction(0)


@dataclass(frozen=True)
class Balance:
    """One entry of a family of parameters takes what the others leave, so that their sum stays what it is."""

    address: str
    family: tuple[str, ...]

    def change(self, model: Model, changes: Sequence[Change], tables: Sequence[Table] = ()) -> Change:
        """The change that makes up for `changes`; `tables` are needed where some of them are of inputs."""
        fresh = apply_changes(model, tables, changes)[0]
        before, after = ([number(policy.parameters[name].value) for name in self.family] for policy in (model, fresh))
        moved = sum(after, Fraction(0)) - sum(before, Fraction(0))
        return Change(self.address, number(model.parameters[self.address].value) - moved)


def parse_balance(address: str, model: Model) -> Balance:
    """`weight[service]`: its sisters are the other items of the list. Raises AllocationError for anything else."""
    name = apply_changes(model, (), [Change(address, Fraction(1), "scale")])[2][0].name
    family = [
        sister for sister in model.parameters if "." in name and sister.rpartition(".")[0] == name.rpartition(".")[0]
    ]
    given = None not in [model.parameters[sister].value for sister in family]
    plain = model.parameters[name].kind == "scalar" and given
    if len(family) < 2 or not plain:
        raise AllocationError(Problem("study.no_balance", {"address": address}, "--balance"))
    return Balance(name, tuple(family))
