"""Tables and parameters by a seeded random generator that knows a model only through its declared inputs."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

from allocation.language import tree
from allocation.policy.model import Input, Model, Parameter
from allocation.tables.table import Table

COUNTS = (3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5, 6, 1, 7, 14)
GROUPS = ("甲市", "乙市", "丙区", "*市", "?市", "~")  # Excel's MATCH takes the marks for wildcards
NARROW = {"local_adjustment": (-1, 1)}  # inputs without bounds of their own that a check holds within some

# Inputs of which a check wants both or neither, and the second no more than the first.
TOGETHER = (
    ("eligible.farmers", "let.farmers"),
    ("registered_has.services", "permit_has.services"),
    ("registered_has.conveniences", "permit_has.conveniences"),
    ("registered_spending", "permit_spending"),
)


def generated(model: Model, seed: int, counts: tuple[int, ...] = COUNTS) -> tuple[Model, Table]:
    """The model with some parameters moved, and a table for it of one of the sizes."""
    rng = random.Random(f"{model.name} {seed}")
    count = rng.choice(counts)
    model = replace(model, parameters=_parameters(model, rng))
    return model, _table(model, count, rng)


def with_pool(model: Model, name: str, pool: Fraction) -> Model:
    return replace(model, parameters={**model.parameters, name: replace(model.parameters[name], value=pool)})


# ---- parameters


def _parameters(model: Model, rng: random.Random) -> dict[str, Parameter]:
    fresh = dict(model.parameters)
    checked = _checked(model) - {model.pool, "pool", "plan_total"}
    for name, entry in model.parameters.items():
        if rng.random() < (0.02 if name in checked else 0.35):  # what a check reads seldom: most tables need an answer
            fresh[name] = _moved(entry, rng)
    for front in {name.split(".")[0] for name in fresh if name.startswith("weight.")}:
        if rng.random() < 0.9:  # else the weights need not add up: a check stops the awards
            family = [name for name in fresh if name.startswith(f"{front}.")]
            cuts = sorted(rng.randint(0, 100) for _ in family[1:])
            parts = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
            fresh |= {
                name: replace(fresh[name], value=Fraction(part, 100)) for name, part in zip(family, parts, strict=True)
            }
    return fresh


def _checked(model: Model) -> set[str]:
    """Every name that an error check rests on, but for checks of what was handed out."""
    found: set[str] = set()
    for check in model.checks:
        names = {part.id for part in tree.names(check.node)}
        for name in reversed(model.order):
            if name in names:
                names |= {part.id for part in tree.names(model.columns[name].node)}
        found |= set() if check.severity != "error" or model.award in names else names
    return found


def _moved(entry: Parameter, rng: random.Random) -> Parameter:
    if entry.kind == "keyed":
        return replace(entry, values=tuple((key, _near(entry, value, rng)) for key, value in entry.values))
    if entry.kind == "bands":
        return replace(entry, bands=tuple(replace(band, value=_near(entry, band.value, rng)) for band in entry.bands))
    return replace(entry, value=_near(entry, entry.value, rng))


def _near(entry: Parameter, value: Fraction | str, rng: random.Random) -> Fraction | str:
    """A figure about as large, a bound, nothing, or for a share anything from 0 to 1."""
    if isinstance(value, str):
        return value
    if (entry.min, entry.max, entry.unit.is_percent) == (0, 1, False):
        return Fraction(rng.randint(0, 1))  # a switch
    step = Fraction(1, 100) if abs(value) < 20 else Fraction(1)
    kind = rng.random()
    if kind < 0.1 and entry.min is not None:
        moved = entry.min
    elif kind < 0.2 and entry.max is not None:
        moved = entry.max
    elif value == 0 or entry.max == 1:
        moved = Fraction(rng.randint(0, 100), 100)
    else:
        moved = round(value * Fraction(rng.randint(20, 250), 100) / step) * step
    low, high = entry.min, entry.max
    moved = moved if low is None or moved >= low else low
    return moved if high is None or moved <= high else high


# ---- tables


def _table(model: Model, count: int, rng: random.Random) -> Table:
    codes = [f"{code}" for code in rng.sample(range(990101, 990400), count)]
    if rng.random() < 0.2:
        codes = [code[: rng.randint(4, 6)] + f"{place:02}" for place, code in enumerate(codes)]
    values = {name: _figures(model, entry, count, rng) for name, entry in model.inputs.items()}
    if "hardship" in values and rng.random() < 0.8:  # given for every county or for none: the usual cases
        values |= _one_source(model, count, rng)
    if model.compare_with and rng.random() < 0.8:
        values[model.compare_with] = _last_awards(model, values[model.compare_with], rng)
    if {"town_area", "town_type"} <= set(values):  # a check wants one type in one area
        kinds = dict(zip(values["town_area"], values["town_type"], strict=True))
        values["town_type"] = tuple(kinds[area] for area in values["town_area"])
    for pair in TOGETHER:
        if set(pair) <= set(values):
            values |= dict(zip(pair, _together(*(values[name] for name in pair)), strict=True))
    return Table(tuple(codes), tuple(f"县{code}" for code in codes), values)


def _together(firsts: tuple, seconds: tuple) -> tuple[tuple, tuple]:
    none = [None in pair for pair in zip(firsts, seconds, strict=True)]
    most = [None if gone else first for gone, first in zip(none, firsts, strict=True)]
    return tuple(most), tuple(
        first if first is None else min(first, second) for first, second in zip(most, seconds, strict=True)
    )


def _figures(model: Model, entry: Input, count: int, rng: random.Random) -> tuple:
    full = _texts(model, entry, count, rng) if entry.text else _numbers(entry, count, rng)
    if not entry.optional:
        return tuple(full)
    part = rng.choice((0, 0, 0.3, 1))  # how much of the column is left blank: the reading of a table fills in defaults
    return tuple(entry.default if rng.random() < part else value for value in full)


def _one_source(model: Model, count: int, rng: random.Random) -> dict[str, tuple]:
    published = rng.random() < 0.5
    names = [
        name
        for name in ("required_spending", "standard_revenue", "standard_gap", "standard_spending")
        if name in model.inputs
    ]
    wanted = ["hardship"] if published or not names else names
    values = {name: tuple(_numbers(model.inputs[name], count, rng)) for name in wanted}
    if not published and names:
        values["hardship"] = (model.inputs["hardship"].default,) * count
    return values


def _texts(model: Model, entry: Input, count: int, rng: random.Random) -> list[str]:
    known = entry.one_of or rng.sample(GROUPS, rng.randint(1, 3))
    if entry.name == "town_area" and rng.random() < 0.7:
        known = [f"镇{place}" for place in range(count)]
    return [rng.choice(known) for _ in range(count)]


def _numbers(entry: Input, count: int, rng: random.Random) -> list[Fraction]:
    """A column of one temper: zeros, ties, all alike, small, wide or everything at once."""
    places = entry.decimals if entry.decimals is not None else 0 if entry.whole else 2
    unit = Fraction(1, 10**places)
    low = entry.min if entry.min is not None else Fraction(-50)
    high = entry.max if entry.max is not None else Fraction(10 ** rng.randint(2, 6))
    if entry.name in NARROW:
        low, high = (Fraction(bound, 10) for bound in NARROW[entry.name])
    first, last = int(low / unit) + (low % unit > 0), int(high / unit)
    tempers = {
        "zeros": lambda: max(first, 0),
        "ties": lambda: first + rng.choice((0, 7, 7, 20)) * max(1, 10 ** max(0, places - 1)),
        "small": lambda: rng.randint(first, min(last, first + 300)),
        "wide": lambda: rng.randint(first, last),
    }
    alike = rng.randint(first, last)
    tempers["alike"] = lambda: alike
    temper = rng.choices((*tempers, "mixed"), (5, 20, 15, 40, 8, 12))[0]
    names = [temper if temper != "mixed" else rng.choice(list(tempers)) for _ in range(count)]
    return [min(last, max(first, tempers[name]())) * unit for name in names]


def _last_awards(model: Model, old: tuple, rng: random.Random) -> tuple:
    """Last year's awards that come to between half of the pool and a third above it: bounds that bind."""
    pool = next((entry.value for name, entry in model.parameters.items() if name in ("pool", model.pool)), None)
    if not pool:
        return old
    cuts = [rng.random() ** 2 for _ in old]
    total = Fraction(rng.randint(50, 130), 100) * pool
    return tuple(
        None if value is None else Fraction(int(total * Fraction(cut) / (Fraction(sum(cuts)) or 1)))
        for value, cut in zip(old, cuts, strict=True)
    )
