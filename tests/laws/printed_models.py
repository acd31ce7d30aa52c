"""Small models with every kind of printed column, and tables with blanks, groups and noughts, made at random."""

from __future__ import annotations

import random
from fractions import Fraction

from allocation.policy.loading import model_from_text
from allocation.run.run import Run, run_model
from allocation.tables.table import Table

UNITS = {"money": ("万元", "元"), "land": ("公顷", "亩")}
BOTH = 'zh = "{0}"\nen = "{0} in English"\n'
FACTORS = "first", "second"


def _entry(section: str, name: str, **keys: object) -> str:
    lines = [f"{key} = {value if isinstance(value, bool | int) else chr(34) + str(value) + chr(34)}"
             for key, value in keys.items()]  # fmt: skip
    lines = [line.replace("True", "true").replace("False", "false") for line in lines]
    return f'[[{section}]]\nname = "{name}"\n' + BOTH.format(f"栏{name}") + "\n".join(lines) + "\n"


def made(seed: int) -> Run:
    """A run of an award that adds up, of money or land; last year's, people and groups may be there or not."""
    rng = random.Random(f"printed {seed}")
    unit, other = UNITS[rng.choice(["money", "money", "land"])]
    compared, grouped, each = (rng.random() < 0.75 for _ in range(3))
    places = rng.choice([0, 2, 4])
    head = ['basis = ["示例"]', 'award = "award"', f"table = {_listed(rng)}"]
    head += ['compare_with = "before"'] * compared + ['group = "kind"'] * grouped + ['per_person = "people"'] * each
    head.append("factors = [" + ", ".join(f'{{ value = "{name}", weight = "w_{name}", amount = "part_{name}" }}'
                                          for name in FACTORS) + "]")  # fmt: skip
    text = "[model]\n" + BOTH.format("示例") + "\n".join(head) + "\n"
    for name in FACTORS:
        text += _entry("parameter", f"w_{name}", unit="%").rstrip() + f"\nvalue = {rng.choice([0.5, 0.25, 0.4])}\n"
        text += _entry("input", name, unit=rng.choice(["人", "分", unit]), min=0)
    text += _entry("input", "people", unit="人", default="0" if False else "", optional=True).replace(
        'default = ""\n', "").replace("optional = true\n", "")  # fmt: skip
    text += _entry("input", "kind", text=True)
    if compared:
        text += _entry("input", "before", unit=rng.choice([unit, other]))
    for name in FACTORS:
        text += _entry("column", f"part_{name}", unit=unit, formula=f"round(given_{name} * w_{name}, {places})")
        text = text.replace('[[column]]\nname = "part_' + name, _entry("input", f"given_{name}", unit=unit)
                            + '[[column]]\nname = "part_' + name)  # fmt: skip
    text += (
        _entry("column", "rate", unit="%", formula="part_first / (abs(part_first) + abs(part_second) + 1)").replace(
            "+ 1)", "+ one)"
        )
        + '[[parameter]]\nname = "one"\n'
        + BOTH.format("一")
        + f'unit = "{unit}"\nvalue = 1\n'
    )
    text += _entry("column", "more", formula="part_first > part_second")
    text += _entry("column", "word", formula='"多" if more else "少"') if False else ""
    text += _entry("column", "award", unit=unit, formula="part_first + part_second")
    model = model_from_text(text, "printed.toml")
    return run_model(model, _table(rng, compared, model), exact=True)


def _listed(rng: random.Random) -> str:
    names = ["part_first", "part_second", "rate", "more", "kind", "one", "award"]
    listed = [name for name in names if rng.random() < 0.7]
    return str(listed).replace("'", '"')


def _table(rng: random.Random, compared: bool, model: object) -> Table:
    count = rng.choice([1, 2, 3, 5, 8])

    def figures(blank: float = 0.0, low: int = 0) -> tuple[Fraction | None, ...]:
        return tuple(
            None
            if rng.random() < blank
            else Fraction(rng.choice([0, rng.randint(low, 9), rng.randint(low, 90000)]), 100)
            for _ in range(count)
        )

    values: dict[str, tuple[Fraction | str | None, ...]] = {name: figures() for name in FACTORS}
    values |= {f"given_{name}": figures(low=rng.choice([0, -90])) for name in FACTORS}
    values |= {"people": figures(), "kind": tuple(rng.choice(["甲", "乙", "丙"]) for _ in range(count))}
    if compared:
        values["before"] = figures(blank=rng.choice([0.0, 0.3, 1.0]))
    codes = tuple(f"2107{rng.randint(10, 19)}{row:02d}" for row in range(count))
    notes = tuple(rng.choice(["", "说明"]) for _ in range(count)) if rng.random() < 0.5 else ()
    return Table(codes, tuple(f"县{row}" for row in range(count)), values, year=2017, printed_notes=notes)
