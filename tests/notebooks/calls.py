"""Every public function and method an analyst calls, with every argument given what it does not take."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas

import allocation as al

ANY = inspect.Parameter.empty
SLOW = ("calibrate", "sweep", "to_excel", "plot", "plot_indices", "template", "save")


def junk() -> dict[str, Any]:
    """What is given, by name: made anew each time."""
    return {
        "None": None,
        "True": True,
        "int": 3,
        "minus": -1,
        "huge": 10**40,
        "float": 2.5,
        "nan": float("nan"),
        "inf": float("inf"),
        "str": "没有的",
        "empty": "",
        "bytes": b"pool",
        "list": [1, None],
        "texts": ["a", "b"],
        "empty list": [],
        "tuple": (1, 2, 3),
        "set": {1},
        "dict": {"a": 1},
        "odd dict": {1: object()},
        "object": object(),
        "lambda": lambda: 0,
        "class": dict,
        "path": Path("没有") / "这个文件.xlsx",
        "folder": Path(),
        "date": date(2024, 1, 1),
        "complex": 1j,
        "frame": pandas.DataFrame({"a": [1, 2], "b": ["x", None]}),
        "empty frame": pandas.DataFrame(),
        "series": pandas.Series([1.0, 2.0]),
        "array": np.zeros((2, 2)),
        "NA": pandas.NA,
        "generator": (one for one in ()),
        "module": np,
        "change": al.Change("没有的", 3),
    }


NEVER = ("object", "lambda", "class", "complex", "module")  # no argument of ours takes these


@dataclass(frozen=True)
class Call:
    """One call: `at` names function and argument, `make` calls with the value given there."""

    at: str
    argument: str
    make: Callable[[Any], Any]

    def with_(self, kind: str) -> Any:
        return self.make(junk()[kind])


def good(folder: Path) -> dict[str, Any]:
    """What the arguments that are not tried are given, by function and name."""
    model = al.load("reward")
    run = model.run()
    dated = al.load("dated")
    dated_run = dated.run()
    table = dated.table()
    amounts = {2017: dated_run.awards["award"]}
    ranges = {"pool": (900, 1100)}
    below = {"model": model.engine, "tables": model.table().engine}
    return {
        "load": {"name": "reward"},
        "load_model": {"path": "models/reward.toml"},
        "find": {"name": "reward", "path": None, "year": None},
        "read_table": {"path": "inputs/reward.csv", "model": model.engine},
        "run_model": below,
        "compare": {"base": model},
        "decompose": {"run": run, "changes": ("pool=900",)},
        "margins": {"run": run, "address": "settled"},
        "seek": {"run": run, "vary": "pool", "figure": "award@黑山县", "target": 200},
        "backtest": {"model": dated, "tables": table, "actual": amounts},
        "calibrate": {"model": dated, "tables": table, "ranges": ranges, "actual": amounts},
        "set_language": {"lang": "zh"},
        "why": {"county": "黑山县"},
        "sweep": {"ranges": ("pool=900:1100",), "samples": 4},
        "to_excel": {"path": folder / "book.xlsx"},
        "template": {"path": folder / "blank.xlsx"},
        "save": {"path": folder / "chart.png"},
        "__getitem__": {"name": "award", "column": "award"},
        "Change": {"address": "pool", "value": 900},
        "Table": {"codes": ("210726",), "names": ("黑山县",), "values": {"settled": (None,)}},
        "where": {"name": "settled", "row": 0},
        "unit_where": {"row": 0},
    }


def callables(folder: Path) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The functions of `al`, and the methods of what they give."""
    for name in al.__all__:
        one = getattr(al, name)
        if callable(one) and name not in (
            "AllocationError",
            "Comparison",
            "Run",
            "Model",
            "DoubtWarning",
            "NoteWarning",
        ):
            yield f"al.{name}", one
    model = al.load("reward")
    run = model.run()
    dated = al.load("dated")
    test = al.backtest(dated, dated.table(), {2017: dated.run().awards["award"]})
    views = {
        "model": model, "model.parameters": model.parameters, "model['pool']": model["pool"],
        "model.table()": model.table(), "run": run, "run.why": run.why("黑山县"), "comparison": run.compare("pool=900"),
        "sweep": run.sweep("pool=900:1100", samples=4), "backtest": test, "chart": run.plot(), "checks": run.checks,
    }  # fmt: skip
    for path, view in views.items():
        for name in [*(one for one in dir(view) if not one.startswith("_")), "__getitem__"]:
            method = getattr(type(view), name, None)
            if inspect.isfunction(method):
                yield f"{path}.{name}", getattr(view, name)


def calls(folder: Path) -> Iterator[Call]:
    given = good(folder)
    for path, function in callables(folder):
        name = path.rpartition(".")[2]
        known = given.get(name, {})
        for parameter in inspect.signature(function).parameters.values():
            yield Call(f"{path}({parameter.name})", parameter.name, _made(function, parameter, known))


def _made(function: Callable[..., Any], tried: inspect.Parameter, known: dict[str, Any]) -> Callable[[Any], Any]:
    def make(value: Any) -> Any:
        first, rest, named = [], (), {}
        for parameter in inspect.signature(function).parameters.values():
            own = parameter is tried or parameter.name == tried.name
            if parameter.kind is parameter.VAR_POSITIONAL:
                rest = (value,) if own else known.get(parameter.name, ())
            elif parameter.kind is parameter.VAR_KEYWORD:
                named |= {"pool": value} if own else {}
            elif parameter.kind is parameter.KEYWORD_ONLY:
                named |= {parameter.name: value} if own else {}
            elif own:
                first.append(value)
            elif parameter.name in known or parameter.default is not ANY:
                first.append(known.get(parameter.name, parameter.default))
        return function(*first, *rest, **named)

    return make
