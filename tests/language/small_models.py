"""Small models and tables for the tests, written in a few lines: `run(x=[1, 2], formula="x * 2")`.

An example is a mapping. Its own keys are below; every other key declares a name: a list is an input (texts, or numbers
with "—" for a blank; a list of lists is one list a year), a number or "2/37" a parameter, a list of tables a banded
parameter, a table a keyed one, or, for a name in `over`, one entry an item of the list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from allocation.policy.loading import model_from_text
from allocation.policy.model import Model
from allocation.policy.schema import figure
from allocation.run.run import Run, run_model
from allocation.tables.table import Table

OWN = {
    "formula", "formulas", "result", "error", "columns", "units", "lists", "over", "before", "exception", "codes",
    "check", "unit", "names", "head",
}  # fmt: skip
BLANK = "—"


def model_text(example: Mapping) -> str:
    """The model file of an example; its column is called `result`."""
    units, over, before = (example.get(key, {}) for key in ("units", "over", "before"))
    award = _award(example)
    lines = ["[model]", *_labels("模型"), 'basis = ["测试"]', f"award = {_toml(award)}"]
    lines += [f"{key} = {_toml(value)}" for key, value in example.get("head", {}).items()]
    for own in example.get("unit", []):
        lines += ["[[unit]]", *(f"{key} = {_toml(value)}" for key, value in own.items())]
    for name, keys in example.get("lists", {}).items():
        items = [{"key": key, "zh": key, "en": key} for key in keys]
        lines += ["[[list]]", f"name = {_toml(name)}", f"items = {_toml(items)}"]

    def section(kind: str, name: str, **more: object) -> None:
        lines.extend([f"[[{kind}]]", f"name = {_toml(name)}", *_labels(name)])
        more = {"unit": units.get(name), "over": over.get(name), "before": before.get(name), **more}
        lines.extend(f"{key} = {_toml(value)}" for key, value in more.items() if value is not None)

    for name, value in example.items():
        if name in OWN:
            continue
        kind = _kind(value, name in over)
        by_unit = units.get(f"{name}.by")
        key = {"bands": "bands", "keyed": "values", "scalar": "value"}.get(kind)
        if key:
            section("parameter", name, **{key: value, "by_unit": by_unit})
        else:
            section("input", name, text=_is_text(value) or None)
    for name, formula in example.get("columns", {}).items():
        section("column", name, formula=formula)
    for key in ("formula", "formulas"):
        if key in example:
            section("column", "result", **{key: example[key]})
    for one in example.get("exception", []):
        lines += ["[[column.exception]]", *(f"{key} = {_toml(value)}" for key, value in one.items())]
    for name, formula in example.get("check", {}).items():
        lines += ["[[check]]", f"name = {_toml(name)}", *_labels(name), f"formula = {_toml(formula)}"]
    return "\n".join(lines) + "\n"


def model(**example: object) -> Model:
    return model_from_text(model_text(example), "small.toml")


def tables(example: Mapping) -> list[Table]:
    """One table a year, the counties 01, 02, … unless `codes` says otherwise (a list a year where they change)."""
    plain = dict(_inputs(example))
    years = max((len(f) for f in plain.values() if f and isinstance(f[0], list)), default=1)
    found = []
    for year in range(years):
        values = {name: (f[year] if f and isinstance(f[0], list) else f) for name, f in plain.items()}
        codes = example.get("codes") or [f"{n:02}" for n in range(1, 1 + max(map(len, values.values()), default=1))]
        codes = codes[year] if isinstance(codes[0], list) else codes
        names = example.get("names") or [f"县{code}" for code in codes]
        figures = {name: tuple(map(_figure, row)) for name, row in values.items()}
        found.append(Table(tuple(codes), tuple(names), figures, 2017 + year, f"{2017 + year}.xlsx"))
    return found


def run(changes=(), exact: bool = True, **example: object) -> Run:
    """The example run on its own table or tables."""
    return run_model(model(**example), tables(example), changes, exact=exact)


def _award(example: Mapping) -> str:
    """`result`, or its first item where it runs over a list, or the last of `columns`."""
    if not {"formula", "formulas"} & set(example):
        return list(example["columns"])[-1]
    over = example.get("over", {}).get("result")
    return f"result.{example['lists'][over][0]}" if over else "result"


def _labels(name: str) -> list[str]:
    return [f"zh = {_toml(name)}", f"en = {_toml(name)}"]


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_toml(key)} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float | Decimal) else json.dumps(str(value), ensure_ascii=False)


def _kind(value: object, over: bool) -> str:
    if isinstance(value, list):
        return "bands" if value and isinstance(value[0], Mapping) else "input"
    if isinstance(value, Mapping):
        return "input" if over and isinstance(next(iter(value.values())), list) else "keyed"
    return "scalar"


def _flat(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _flat(one)
    else:
        yield value


def _is_text(value: object) -> bool:
    figures = [one for one in _flat(value) if one != BLANK]
    return bool(figures) and all(isinstance(one, str) for one in figures) and "/" not in str(figures[0])


def _inputs(example: Mapping) -> Iterator[tuple[str, list]]:
    for name, value in example.items():
        if name in OWN or _kind(value, name in example.get("over", {})) != "input":
            continue
        if isinstance(value, Mapping):
            yield from ((f"{name}.{key}", figures) for key, figures in value.items())
        else:
            yield name, value


def _figure(value: object) -> Fraction | str | None:
    if value == BLANK:
        return None
    return value if isinstance(value, str) and "/" not in value else figure(_exact(value))


def _exact(value: object) -> object:
    return Decimal(repr(value)) if isinstance(value, float) else value
