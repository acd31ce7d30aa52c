"""Figures that only the bureau can know: what a model still lacks before it can be run."""

from __future__ import annotations

import re
from collections.abc import Sequence

from allocation.errors import AllocationError, Problem
from allocation.model import Model, Parameter
from allocation.scenario import Change, name_of
from allocation.texts import Both


def lacking(
    model: Model, changes: Sequence[Change] = (), years: Sequence[int | None] = (), option: str = "--set"
) -> list[Problem]:
    """One problem with every figure that neither the model nor any of `changes` gives, and the ways to give it.

    `years` are those a run goes over: a change may hold in one of them only. `option` is how a command takes it.
    """
    names: list[Both] = []
    addresses: list[str] = []
    of_pool = False
    for entry in model.parameters.values():
        for key in (key for key, value in entry.figures.items() if value is None):
            absent = _years_without(model, entry, key, changes, years)
            if absent is None:
                continue
            own = [f"{entry.address(key)}#{year}" for year in absent] or [entry.address(key)]
            addresses += own
            names.append(_named(model, entry, key, own))
            of_pool |= entry.name == model.pool
    if not names:
        return []
    sets = " ".join(f"{option} {_word(address)}" for address in addresses)
    plain = all(one.isidentifier() for one in addresses)
    python = ", ".join(f"{one}=…" if plain else f'"{one}": …' for one in addresses)
    python = python if plain else f"{{{python}}}"
    above = addresses[0] if of_pool and not any("#" in one for one in addresses) else ""
    slots = {"names": names, "sets": sets, "python": python, "above": above, "model": model.name.partition("@")[0]}
    return [Problem("run.lacking", slots, model.file)]


def lacking_names(model: Model) -> list[Both]:
    """The labels of parameters that have no figure, or not all."""
    return [entry.label for entry in model.parameters.values() if None in entry.figures.values()]


def _named(model: Model, entry: Parameter, key: str, addresses: list[str]) -> Both:
    """`奖励资金总额（pool，万元）`."""
    words = []
    for lang, (front, comma, back) in (("zh", ("（", "，", "）")), ("en", (" (", ", ", ")"))):
        unit = model.units.label(entry.unit.name, lang)
        said = comma.join([*addresses, *([unit] if unit else [])])
        words.append(f"{entry.label[lang]}{'·' + key if key else ''}{front}{said}{back}")
    return Both(*words)


def _word(address: str) -> str:
    """`pool=…` as a shell takes it."""
    return f'"{address}=…"' if set(address) & set("[]# ") else f"{address}=…"


def _years_without(
    model: Model, entry: Parameter, key: str, changes: Sequence[Change], years: Sequence[int | None]
) -> list[int] | None:
    """The years in which nothing gives the figure; empty where it is never given, None where it always is."""
    given: set[str | None] = set()
    for change in changes:
        if change.how == "set" and name_of(model, change) == entry.name and _key(model, entry, change) == key:
            given.add(change.parts["year"])
    if None in given:
        return None
    absent = [year for year in years if str(year) not in given]
    if not absent:
        return None if years and given else []
    return absent if len(years) > 1 and given else []


def _key(model: Model, entry: Parameter, change: Change) -> str:
    """The key an address names; `weight.settled` names no key but the item of a list."""
    try:
        parts = change.parts
    except AllocationError:
        return ""
    return (parts["key"] or "") if entry.kind != "scalar" else ""


def addressed(texts: Sequence[str]) -> list[Change]:
    """Changes that stand for what other options of a command give: ranges, the parameter that is sought."""
    return [Change(re.split("[*×+]?[=＝]", text)[0].strip(), None) for text in texts if text]
