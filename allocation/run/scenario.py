"""What changes between runs: one address grammar for `--set`, scenario files, parameter workbooks and sweeps.

`name[item].key@selector#year`: a parameter, an entry of a banded or keyed one (`.2` is the second band), an input for
all counties or, with `@`, for a code, a unique name or a group `column=value`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from allocation.arrays import rounded
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest, tried
from allocation.files.wrong_kind import expected, wrong_kind
from allocation.language.units import Unit, Units
from allocation.patterns import LatePattern
from allocation.policy.model import Input, Model, Parameter, item_named, limits, spelt
from allocation.policy.schema import Percentage, figure_or_text, plain
from allocation.run.selecting import select
from allocation.tables.keys import Figure
from allocation.tables.table import Table
from allocation.texts import LANGUAGES, Both
from allocation.texts.remedies import option_words

ADDRESS = LatePattern(
    r"(?P<name>[^\[\]@#.]+)(\[(?P<item>[^\[\]]+)\])?(\.(?P<key>[^@#\[\]]+))?(@(?P<selector>[^#@\[\]]+))?(#(?P<year>\d{4}))?"
)
GROUPED = LatePattern(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?%?")  # 6,000; any other comma is a slip
EXAMPLES = {"--growth": "settled[in_city]=5%"}
FIGURES = (Fraction, str, int, float, Decimal, type(None))  # None where the figure is only asked for
HOWS = ("set", "scale", "add")
SETTLING = ("set", "sources", "pool_from")  # origins of figures that do not stand for now
QUOTES = "\"'“”‘’ "
ChangedCell = tuple[str, str | None] | tuple[str, int, int]  # a parameter's key; or an input, table and row
MEASURED = LatePattern(r"([+-]?\d[\d,.]*) ?([^\d\s,.%/].*)")  # 6000万元, 1.2 万元


@dataclass(frozen=True)
class AddressParts:
    """`name[item].key@selector#year`, of which only the name must be there."""

    name: str
    item: str | None
    key: str | None
    selector: str | None
    year: str | None


@dataclass(frozen=True)
class Change:
    """One thing to change: `how` is set, scale or add; `origin`, one of ORIGINS, is what asks for it."""

    address: str
    value: Figure
    how: str = "set"
    origin: str = "set"

    def __post_init__(self) -> None:
        """Raises AllocationError for what is no address, no figure, or no way to change one."""
        wrong = [
            wrong_kind(name, expected(key), getattr(self, name))
            for name, key, fits in (
                ("address", "text", isinstance(self.address, str)),
                ("value", "number", isinstance(self.value, FIGURES)),
                ("how", "how", isinstance(self.how, str) and self.how in HOWS),
                ("origin", "text", isinstance(self.origin, str)),
            )
            if not fits
        ]
        if wrong:
            raise AllocationError(wrong)

    @cached_property
    def parts(self) -> AddressParts:
        match = ADDRESS.fullmatch(re.sub(r"\s*([\[\].@#=])\s*", r"\1", plain(self.address)))
        if not match:
            raise AllocationError(Problem("scenario.bad_address", {"address": self.address}))
        return AddressParts(*match.group("name", "item", "key", "selector", "year"))


@dataclass(frozen=True)
class Changed:
    """One figure that a change moved, old and new: `county` is empty for a parameter.

    `year` is given where years differ in what was changed.
    """

    name: str
    key: str
    county: str
    old: Figure
    new: Figure
    year: int | None = None


def parse_assignment(text: str, option: str = "--set") -> Change:
    """`pool=6000` from the command line."""
    address, _, value = text.replace("＝", "=").rpartition("=")
    if not address.strip() or not value.strip():
        example = EXAMPLES.get(option, "pool=6000")
        raise AllocationError(
            Problem("scenario.bad_assignment", {"text": text, "option": option_words(option), "example": example})
        )
    if "=" in address.partition("@")[0]:
        raise AllocationError(Problem("scenario.two_in_one", {"text": text, "option": option_words(option)}))
    return Change(address.strip(), parse_value(value))


def parse_assignments(texts: Sequence[str], problems: list[Problem], option: str = "--set") -> list[Change]:
    """The changes of several texts; what is wrong with any joins `problems`."""
    changes = [tried(problems, parse_assignment, text, option) for text in texts]
    return [change for change in changes if change]


def parse_value(text: str) -> Figure:
    """A value as typed, `6,000`, `55%`, `2/37`, read as in a model file; quotes around it do not count."""
    value = plain(text).strip(QUOTES)
    return figure_or_text(value.replace(",", "") if GROUPED.fullmatch(value) else value)


def measured(value: Figure, unit: Unit, units: Units) -> Figure:
    """`1.2万元` as a number of `unit`, exactly; what is no number with a known unit stays as it is.

    A unit of another kind is an AllocationError.
    """
    match = MEASURED.fullmatch(value) if isinstance(value, str) else None
    if match is None or not units.knows(match[2]):
        return value
    number = parse_value(match[1])
    if not isinstance(number, Fraction):
        return value
    written = units.parse(match[2])
    if not written.same_kind(unit):
        raise AllocationError(Problem("scenario.other_kind", {"found": value, "unit": unit.name}))
    return number * (Fraction(1, 100) if written.is_percent else written.factor_to(unit))


def no_percentage(value: Figure, entry: Parameter | Input, units: Units) -> None:
    """Raises for a figure with a percent sign where money, people or anything else is counted, as in a table."""
    if isinstance(value, Percentage) and entry.unit.dims:
        unit = Both(*(units.label(entry.unit.name, lang) for lang in LANGUAGES))
        raise AllocationError(
            Problem("tables.percent_unexpected", {"label": entry.label, "unit": unit, "found": value * 100})
        )


def apply_changes(
    model: Model, tables: Sequence[Table], changes: Sequence[Change]
) -> tuple[Model, tuple[Table, ...], tuple[Changed, ...]]:
    """A new model and new tables; the given ones are untouched. All problems of all changes at once."""
    problems: list[Problem] = []
    record: list[Changed] = []
    fresh = list(tables)
    seen: set[ChangedCell] = set()
    for change in changes:
        try:
            cells = _cells(model, fresh, change.parts)
            if cells & seen:
                raise AllocationError(Problem("scenario.twice", {"address": change.address}))
            seen |= cells
            model, fresh = _apply(model, fresh, change, record)
        except AllocationError as error:
            problems += [replace(p, where=p.where or change.address) for p in error.problems]
    if problems:
        raise AllocationError(problems)
    return model, tuple(fresh), tuple(record)


def apply_by_year(
    model: Model, tables: Sequence[Table], changes: Sequence[Change]
) -> tuple[tuple[Model, ...], tuple[Table, ...], tuple[Changed, ...]]:
    """The model and table of each year: a change with `#year` holds in that year only. All problems at once."""
    problems: list[Problem] = []
    years = [str(table.year) for table in tables]
    parsed = []
    for change in changes:
        try:
            year = change.parts.year
            if year is not None and year not in years:
                raise AllocationError(Problem("scenario.no_year", {"year": year, "known": years}))
            parsed.append((year, change))
        except AllocationError as error:
            problems += [replace(p, where=p.where or change.address) for p in error.problems]
    dated = len(tables) > 1 and any(year for year, _ in parsed)
    models: list[Model] = []
    fresh: list[Table] = []
    record: list[Changed] = []
    for table in tables:
        of_year = [change for year, change in parsed if year in (None, str(table.year))]
        try:
            changed_model, (changed_table,), changed = apply_changes(model, (table,), of_year)
        except AllocationError as error:
            problems += error.problems
            continue
        models.append(changed_model)
        fresh.append(changed_table)
        record += [replace(figure, year=table.year) for figure in changed] if dated else changed
    if problems:
        raise AllocationError(problems)
    return tuple(models), tuple(fresh), tuple(dict.fromkeys(record))


def _cells(model: Model, tables: Sequence[Table], parts: AddressParts) -> set[ChangedCell]:
    """What an address stands for, however it is spelt: two changes of one cell contradict each other."""
    name, key = _known(model, parts)
    years = [table for table in tables if parts.year in (None, str(table.year))]
    if name in model.parameters and (years or parts.year is None):
        return {(name, key)}
    if not years:
        known = [table.year or "—" for table in tables]
        raise AllocationError(Problem("scenario.no_year", {"year": parts.year, "known": known}))
    return {(name, place, row) for place, table in enumerate(tables) if table in years
            for row in select(model, table, parts.selector)}  # fmt: skip


def _apply(model: Model, tables: list[Table], change: Change, record: list[Changed]) -> tuple[Model, list[Table]]:
    parts = change.parts
    entry = _entry(model, _known(model, parts)[0])
    if isinstance(entry, Parameter):
        if parts.selector or parts.year and [str(table.year) for table in tables] != [parts.year]:
            raise AllocationError(Problem("scenario.parameter_selector", {"name": entry.name}))
        fresh = parameter_moved(model, entry, change, record)
        return replace(model, parameters={**model.parameters, entry.name: fresh}), tables
    change = _in_its_unit(model, entry, change)
    return model, [
        _table(model, table, entry, change, record) if parts.year in (None, str(table.year)) else table
        for table in tables
    ]


def parameter_moved(model: Model, entry: Parameter, change: Change, record: list[Changed]) -> Parameter:
    """What a change of one of a parameter's figures makes of it. Raises AllocationError."""
    return _parameter(entry, _in_its_unit(model, entry, change), _known(model, change.parts)[1], record)


def _in_its_unit(model: Model, entry: Parameter | Input, change: Change) -> Change:
    """The change as it counts in the unit of what it moves."""
    if _takes_text(entry):
        return change
    value = measured(change.value, entry.unit, model.units)
    if change.how != "scale":
        no_percentage(value, entry, model.units)
    return change if value is change.value else replace(change, value=value)


def _takes_text(entry: Parameter | Input) -> bool:
    if isinstance(entry, Input):
        return entry.text
    return any(
        isinstance(value, str) for value in (*dict(entry.values).values(), *(band.value for band in entry.bands))
    )


def entry_of(model: Model, address: str) -> Parameter | Input:
    """What an address is of, however it is spelt. Raises AllocationError where there is no such thing."""
    return _entry(model, _known(model, Change(address, None).parts)[0])


def name_of(model: Model, change: Change) -> str:
    """Its plain name; empty where there is no such thing."""
    try:
        return entry_of(model, change.address).name
    except AllocationError:
        return ""


def _entry(model: Model, name: str) -> Parameter | Input:
    return model.parameters.get(name) or model.inputs[name]


def _known(model: Model, parts: AddressParts) -> tuple[str, str | None]:
    """The plain name: by name, or by either label where that is unique; and the key of it that is meant.

    `weight.settled` names no key but the item of a list.
    """
    name = f"{parts.name}.{parts.item}" if parts.item else parts.name
    entries: dict[str, Parameter | Input] = {**model.parameters, **model.inputs}
    if name in entries:
        return _keyed(entries[name], parts.key)
    if parts.key and f"{name}.{parts.key}" in entries:
        return f"{name}.{parts.key}", None
    if parts.item and (meant := item_named(entries, parts.name, parts.item)):
        return _keyed(entries[meant], parts.key)
    labelled = [entry for entry in entries.values() if parts.name in (entry.label.zh, entry.label.en)]
    if len(labelled) == 1 and not parts.item:  # else a county's code in square brackets would move every county
        return _keyed(labelled[0], parts.key)
    if keyed := _by_key(entries, parts):
        return keyed
    if name in model.columns:
        raise AllocationError(Problem("scenario.is_column", {"name": name}))
    entries_of = [key for key, entry in entries.items() if parts.name in _list_names(key, entry)]
    if entries_of:
        raise AllocationError(
            Problem("scenario.needs_item", {"name": name, "written": [spelt(key) for key in entries_of]})
        )
    raise AllocationError(Problem("scenario.unknown", {"name": name, **_like(name, entries)}))


def _by_key(entries: Mapping[str, Parameter | Input], parts: AddressParts) -> tuple[str, str] | None:
    """A figure of a keyed or banded parameter whose key stands in brackets: `carry_share[年度新增]`."""
    for entry in entries.values():
        named = parts.name in (entry.name, entry.label.zh, entry.label.en)
        if named and isinstance(entry, Parameter) and parts.item and not parts.key and parts.item in entry.figures:
            return entry.name, parts.item
    return None


def _keyed(entry: Parameter | Input, key: str | None) -> tuple[str, str | None]:
    """An entry's name with the key of it that is meant; an input has none."""
    if isinstance(entry, Input) and key:
        raise AllocationError(Problem("scenario.no_key", {"name": entry.name, "key": key, "keys": "—"}))
    return entry.name, key


def _list_names(key: str, entry: Parameter | Input) -> tuple[str, ...]:
    """What the whole list is called that an entry belongs to: by name, or by either label."""
    return (key.partition(".")[0], entry.heading.zh, entry.heading.en) if entry.heading else ()


def _like(name: str, entries: Mapping[str, Parameter | Input]) -> dict[str, object]:
    """`nearest`, what may have been meant (本市 means every entry with that item; three are said), and how a label is
    `written` as an address.
    """
    words: dict[str, list[str]] = {}
    for plain_name, entry in entries.items():
        for label in {entry.label.zh, entry.label.en}:
            for word in {label, *label.split("/")}:
                words.setdefault(word, []).append(plain_name)
    if name not in words and (close := nearest(name, entries)):
        return {"nearest": close, "written": ""}
    names = words.get(name if name in words else nearest(name, words), [])[:3]
    return {"nearest": [entries[meant].label for meant in names], "written": [spelt(meant) for meant in names]}


def _moved(old: Figure, change: Change) -> Figure:
    if change.how == "set":
        return change.value
    if old is None:
        raise AllocationError(Problem("scenario.blank", {"address": change.address}))  # also a figure nobody gave yet
    if not isinstance(old, Fraction) or not isinstance(change.value, Fraction):
        raise AllocationError(Problem("scenario.not_number", {"found": change.value}))
    return old * change.value if change.how == "scale" else old + change.value


def _parameter(entry: Parameter, change: Change, key: str | None, record: list[Changed]) -> Parameter:
    figures = entry.figures
    keys = [known for known in figures if known]
    if not key and keys:
        raise AllocationError(Problem("scenario.needs_key", {"name": entry.name, "example": keys[0], "keys": keys}))
    key = key or ""
    if key not in figures:
        raise AllocationError(Problem("scenario.no_key", {"name": entry.name, "key": key, "keys": keys or "—"}))
    old = figures[key]
    new = _checked(entry, old, _moved(old, change))
    record.append(Changed(entry.name, key, "", old, new))
    changed = entry.with_figures({**figures, key: new})
    return _traced(changed if new == old else changed.ungrounded(key), key, change)


def _traced(entry: Parameter, key: str, change: Change) -> Parameter:
    """It says where the figure of a key now comes from; what a person sets for a run is decided on."""
    traced = replace(entry, origins={**entry.origins, key: change.origin})
    if change.origin not in SETTLING:
        return traced
    if entry.decide and change.origin == "set":
        return traced.in_state([key], "decided")
    said = {other: state for other, state in entry.states.items() if other != key or state == "decided"}
    return replace(traced, states=said)


def figure_key(entry: Parameter | Input, change: Change) -> str:
    """The key of the figure an address names; `weight.settled` names no key but the item of a list."""
    keyed = isinstance(entry, Parameter) and entry.kind != "scalar"
    return (change.parts.key or _bracketed_key(entry, change.parts)) if keyed else ""


def _bracketed_key(entry: Parameter | Input, parts: AddressParts) -> str:
    item = parts.item or ""
    return item if isinstance(entry, Parameter) and item in entry.figures else ""


def _checked(entry: Parameter | Input, old: Figure, new: Figure) -> Figure:
    """The new value, of the same kind as the old and within the declared range."""
    text = entry.text if isinstance(entry, Input) else isinstance(old, str)
    if isinstance(new, str) != text or new is None:
        raise AllocationError(Problem("scenario.not_text" if text else "scenario.not_number", {"found": new}))
    if isinstance(new, str):
        if isinstance(entry, Input) and entry.one_of and new not in entry.one_of:
            raise AllocationError(Problem("scenario.one_of", {"found": new, "known": entry.one_of}))
        return new
    if not _within(entry, new):
        raise AllocationError(_out_of_range(entry, new))
    if isinstance(entry, Input) and entry.whole and new.denominator != 1:
        raise AllocationError(Problem("scenario.not_whole", {"value": new}))
    if isinstance(entry, Parameter) and entry.decimals is not None and (new * 10**entry.decimals).denominator != 1:
        raise AllocationError(Problem("model.too_fine", {"value": new, "decimals": entry.decimals}))
    return new


def _out_of_range(entry: Parameter | Input, new: Fraction) -> Problem:
    """A share is shown as people write it: 0.9 is 90 %, and 90 is 9,000 %."""
    if not entry.unit.is_percent:
        return Problem("model.out_of_range", {"value": new, **limits(entry.min, entry.max)})
    low, high = (None if bound is None else bound * 100 for bound in (entry.min, entry.max))
    meant = abs(new) > 1 and _within(entry, new / 100)
    return Problem("scenario.percent_range", {"value": new * 100, "bare": new if meant else "", **limits(low, high)})


def _within(entry: Parameter | Input, new: Fraction) -> bool:
    return (entry.min is None or new >= entry.min) and (entry.max is None or new <= entry.max)


def _on_grid(entry: Input, change: Change, new: Figure) -> Figure:
    """A figure scaled goes to the nearest one its table could hold: 110 % of 97 people are 107."""
    places = 0 if entry.whole else entry.decimals
    return rounded(new, places) if change.how == "scale" and places is not None and isinstance(new, Fraction) else new


def _table(model: Model, table: Table, entry: Input, change: Change, record: list[Changed]) -> Table:
    rows = select(model, table, change.parts.selector)
    figures: list[Figure] = list(table.values.get(entry.name, (None,) * len(table)))
    if change.how == "scale" and any(figures[row] is not None for row in rows):
        rows = [row for row in rows if figures[row] is not None]  # a blank scaled stays blank
    for row in rows:
        new = _checked(entry, figures[row], _on_grid(entry, change, _moved(figures[row], change)))
        record.append(Changed(entry.name, "", table.codes[row], figures[row], new))
        figures[row] = new
    return table.with_values(**{entry.name: tuple(figures)})
