"""Figures that only the bureau can know: what a model still lacks before it can be run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from allocation.errors import Problem, places_text
from allocation.policy.model import Input, Model, Parameter, spelt
from allocation.run.scenario import Change, figure_key, name_of
from allocation.tables.table import Table
from allocation.texts import LANGUAGES, Both, in_brackets, say
from allocation.texts.remedies import OptionWords, option_words


def lacking(
    model: Model, changes: Sequence[Change] = (), tables: Sequence[Table] = (), option: str = "--set"
) -> list[Problem]:
    """What neither the model, the tables nor any of `changes` gives, and the ways to give it: figures of the bureau in
    one problem, columns in one each.

    `tables` are of the years a run goes over: a change may hold in one of them only; one that could not be read lacks
    no column. `option` is how a command takes a change.
    """
    required = [entry for entry in model.inputs.values() if entry.required]
    blanks = [entry for entry in required if any(len(table) and is_blank(table, entry.name) for table in tables)]
    if not blanks and not any(None in entry.figures.values() for entry in model.parameters.values()):
        return []
    given = _given(model, changes)
    years = [table.year for table in tables]
    absent = _addresses(model, given, years)
    problems = _figures(model, absent, option)
    for entry in blanks:
        blank = [table.year for table in tables if len(table) and is_blank(table, entry.name)]
        without = _years_without(given.get((entry.name, ""), set()), blank)
        if without is not None:
            addresses = _dated(spelt(entry.name), without)
            sets, python = _ways([f"{address}={_counted(entry)}" for address in addresses], option)
            slots = {"label": entry.label, "counted": _counted(entry), "sets": sets, "python": python}
            problems.append(Problem("run.lacking_column", slots, tables[0].file))
    return problems


def is_lacking(model: Model, table: Table, address: str) -> bool:
    """Whether a figure or column that only the bureau knows, which `address` names, is not there."""
    return lacking(model, (), [table]) != lacking(model, addressed([address]), [table])


def is_blank(table: Table, name: str) -> bool:
    """Whether no unit has a figure of an input."""
    return name in table.absent or all(value is None for value in table.values.get(name, ()))


def _addresses(
    model: Model, given: Mapping[tuple[str, str], set[str | None]], years: Sequence[int | None]
) -> dict[tuple[str, str], list[str]]:
    """The figures that are not there, by parameter and key, each with the addresses it is to be given by."""
    addresses = {}
    for entry in model.parameters.values():
        for key in (key for key, value in entry.figures.items() if value is None):
            if key in entry.asked and entry.asked[key].misread:
                continue  # it was told what is wrong with it
            without = _years_without(given.get((entry.name, key), set()), years)
            if without is not None:
                addresses[entry.name, key] = _dated(entry.address(key), without)
    return addresses


def _figures(model: Model, absent: Mapping[tuple[str, str], list[str]], option: str) -> list[Problem]:
    """One problem of those that a case asks for, with their cells, and one of those that nothing asks for."""
    asked = {
        (name, key): place.place for name, key in absent if (place := model.parameters[name].asked.get(key)) is not None
    }
    parts = [{figure: absent[figure] for figure in absent if (figure in asked) is of_case} for of_case in (True, False)]
    return [_lack(model, part, option, places_text(asked.get(figure, "") for figure in part)) for part in parts if part]


def _lack(model: Model, absent: Mapping[tuple[str, str], list[str]], option: str, places: str) -> Problem:
    addresses = [address for those in absent.values() for address in those]
    names = [_named(model, model.parameters[name], key, spellings) for (name, key), spellings in absent.items()]
    sets, python = _ways([f"{address}=…" for address in addresses], option)
    plain = not any("#" in address for address in addresses)
    above = absent[model.pool, ""][0] if (model.pool, "") in absent and plain else ""
    slots = {"names": names, "sets": sets, "python": python, "above": above}
    if places:
        return Problem("run.lacking_in_case", slots, places)
    return Problem("run.lacking", slots | {"model": model.name.partition("@")[0]}, model.file)


def _ways(settings: Sequence[str], option: str) -> tuple[OptionWords, str]:
    """`pool=…` as a command and as Python take it."""
    pairs = [setting.split("=") for setting in settings]
    plain = all(address.isidentifier() for address, _ in pairs)
    python = ", ".join(f"{address}={value}" if plain else f'"{address}": {value}' for address, value in pairs)
    return option_words(option, *settings), python if plain else f"{{{python}}}"


def _counted(entry: Input) -> str:
    """What a blank of the column counts as, as `--set` takes it."""
    return "…" if entry.default is None else str(entry.default)


def lacking_names(model: Model) -> list[Both]:
    """The labels of parameters that have no figure, or not all."""
    return [entry.label for entry in model.parameters.values() if None in entry.figures.values()]


def _named(model: Model, entry: Parameter, key: str, addresses: list[str]) -> Both:
    """`奖励资金总额（pool，万元）`."""
    words = []
    for lang in LANGUAGES:
        unit = model.units.label(entry.unit.name, lang)
        said = say(lang, "words.comma").join([*addresses, *([unit] if unit else [])])
        words.append(f"{entry.label[lang]}{'·' + key if key else ''}{in_brackets(said, lang)}")
    return Both(*words)


def _dated(address: str, years: Sequence[int]) -> list[str]:
    return [f"{address}#{year}" for year in years] or [address]


def _given(model: Model, changes: Sequence[Change]) -> dict[tuple[str, str], set[str | None]]:
    """The years, None for all, in which changes set a figure, by name and key."""
    given: dict[tuple[str, str], set[str | None]] = {}
    for change in changes:
        if change.how == "set" and (name := name_of(model, change)):
            entry = model.parameters.get(name) or model.inputs[name]
            given.setdefault((name, figure_key(entry, change)), set()).add(change.parts.year)
    return given


def _years_without(given: set[str | None], years: Sequence[int | None]) -> list[int] | None:
    """The years in which nothing gives a figure; empty where it is never given, None where it always is."""
    if None in given:
        return None
    absent = [year for year in years if year is not None and str(year) not in given]
    if not absent:
        return None if years and given else []
    return absent if len(years) > 1 and given else []


def addressed(texts: Sequence[str]) -> list[Change]:
    """Changes that stand for what other options of a command give: ranges, the parameter that is sought."""
    return [Change(re.split("[*×+]?[=＝]", text)[0].strip(), None) for text in texts if text]
