"""Small models with every kind of printed column, and tables with blanks, groups and noughts, made at random."""

from __future__ import annotations

import random
from fractions import Fraction

from allocation.policy.loading import model_from_text
from allocation.run.run import Run, run_model
from allocation.tables.table import Table

UNITS = (("万元", "元"), ("万元", "万元"), ("公顷", "亩"), ("公顷", "公顷"))  # of the award, of last year's
LISTED = ("part_a", "part_b", "rate", "more", "kind", "one", "award")
COUNTS = (1, 2, 3, 5, 8)


def made(seed: int) -> Run:
    """A run whose award adds up, of money or land; last year's, people, groups and notes may be there or not."""
    rng = random.Random(f"printed {seed}")
    unit, other = rng.choice(UNITS)
    compared, grouped, each = (rng.random() < 0.75 for _ in range(3))
    places = rng.choice([0, 2, 4])
    rows = [
        *_factor("a", unit, rng), *_factor("b", unit, rng),
        _row("parameter", "one", unit, "value = 1"), _row("input", "people", "人"),
        _row("input", "kind", "", "text = true"),
        *([_row("input", "before", other, *(["decimals = 2"] if rng.random() < 0.5 else []))] if compared else []),
        _row("column", "part_a", unit, f'formula = "round(given_a * weight_a, {places})"'),
        _row("column", "part_b", unit, f'formula = "round(given_b * weight_b, {places})"'),
        _row("column", "rate", "%", 'formula = "part_a / (abs(part_a) + abs(part_b) + one)"'),
        _row("column", "more", "", 'formula = "part_a > part_b"'),
        _row("column", "award", unit, 'formula = "part_a + part_b"'),
    ]  # fmt: skip
    factors = ", ".join(f'{{ value = "score_{x}", weight = "weight_{x}", amount = "part_{x}" }}' for x in "ab")
    listed = ", ".join(f'"{name}"' for name in LISTED if rng.random() < 0.7)
    head = ['[model]\nzh = "示例"\nen = "Example"\nbasis = ["示例"]\naward = "award"', f"factors = [{factors}]"]
    head += [f"table = [{listed}]", *['compare_with = "before"'] * compared, *['group = "kind"'] * grouped]
    head += ['per_person = "people"'] * each
    model = model_from_text("\n".join([*head, *rows]), "printed.toml")
    return run_model(model, _table(rng, compared))


def _row(section: str, name: str, unit: str, *lines: str) -> str:
    return "\n".join(
        [f'[[{section}]]\nname = "{name}"\nzh = "栏{name}"\nen = "Column {name}"\nunit = "{unit}"', *lines]
    )


def _factor(key: str, unit: str, rng: random.Random) -> list[str]:
    return [
        _row("parameter", f"weight_{key}", "%", f"value = {rng.choice([0.5, 0.25, 1])}"),
        _row("input", f"score_{key}", rng.choice(["人", "分", unit])),
        _row("input", f"given_{key}", unit),
    ]


def _table(rng: random.Random, compared: bool) -> Table:
    count = rng.choice(COUNTS)

    def figures(low: int = 0, blank: float = 0.0) -> tuple[Fraction | None, ...]:
        drawn = [Fraction(rng.choice([0, rng.randint(low, 9), rng.randint(low, 90000)]), 100) for _ in range(count)]
        return tuple(None if rng.random() < blank else figure for figure in drawn)

    values: dict[str, tuple[Fraction | str | None, ...]] = {
        name: figures() for name in ("score_a", "score_b", "people")
    }
    values |= {name: figures(low=rng.choice([0, 0, -9000])) for name in ("given_a", "given_b")}
    values["kind"] = tuple(rng.choice("甲乙丙") for _ in range(count))
    if compared:
        values["before"] = figures(blank=rng.choice([0.0, 0.3, 1.0]))
    codes = tuple(f"2107{row:02d}" for row in rng.sample(range(1, 99), count))
    notes = tuple(rng.choice(["", "说明"]) for _ in codes) if rng.random() < 0.5 else ()
    return Table(codes, tuple(f"县{code[-2:]}" for code in codes), values, year=2017, printed_notes=notes)
