"""What a back-test stands on, as an analyst has it: tables of several years, and what was actually awarded in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.errors import AllocationError, Problem
from allocation.language import units
from allocation.notebook.foreign import frame_from, is_frame
from allocation.notebook.frames import columns_of, is_blank
from allocation.notebook.model_view import ModelView, load
from allocation.notebook.settings import exact_figure
from allocation.notebook.table_view import engine_table
from allocation.patterns import LatePattern
from allocation.policy.model import Model as EngineModel
from allocation.run.scenario import parse_assignment
from allocation.run.selecting import select
from allocation.tables.headings import lexicon, read_heading
from allocation.tables.keys import CODE, NAME, YEAR, Figure
from allocation.tables.reading import read_table
from allocation.tables.table import Table as EngineTable
from allocation.tables.table import number
from allocation.texts.vocabulary import Spellings
from allocation.years.timeline import year_of, years_of

if TYPE_CHECKING:
    import pandas

AMOUNT = Spellings("study_words.actual_amount")
BLANKS = ("", "-", "—")
HEAD = LatePattern(r"\s*([^(（]+?)\s*(?:[(（](.+)[)）])?\s*")
Row = tuple[str, object, object, object]  # where it stands, year, county, amount
Actual = dict[int, dict[str, Fraction]]


def opened(model: ModelView | EngineModel, tables: object) -> list[tuple[EngineModel, EngineTable]]:
    """Each year's table with the model in force in it, in order of years. Raises AllocationError with all problems."""
    pairs: list[tuple[EngineModel, EngineTable]] = []
    problems: list[Problem] = []
    for of_year in tables if isinstance(tables, list | tuple) else [tables]:
        try:
            pairs += _years(model, of_year)
        except AllocationError as error:
            problems += error.problems
    if problems:
        raise AllocationError(problems)
    blank = [table.file for _, table in pairs if table.year is None]
    if blank or not pairs:
        raise AllocationError(Problem("timeline.no_year", {"files": blank or "—"}))
    years = [year_of(table) for _, table in pairs]
    twice = sorted({year for year in years if years.count(year) > 1})
    if twice:
        raise AllocationError([Problem("timeline.year_twice", {"year": year}) for year in twice])
    return sorted(pairs, key=lambda pair: year_of(pair[1]))


def _years(model: ModelView | EngineModel, given: object) -> list[tuple[EngineModel, EngineTable]]:
    try:
        return [_opened(model, given, None)]
    except AllocationError as error:
        years = years_of(error.problems)
        if not years or len(error.problems) > 1:
            raise
    return [_opened(model, given, year) for year in years]


def _opened(model: ModelView | EngineModel, given: object, year: int | None) -> tuple[EngineModel, EngineTable]:
    if isinstance(model, ModelView):
        return (load(model.name, year) if year else model)._open(given)[:2]
    if isinstance(given, str | Path):
        return model, read_table(Path(given), model, year=year)
    return model, engine_table(given, model, year)


def known_of(pairs: list[tuple[EngineModel, EngineTable]], given: object) -> Actual:
    """What was given as actual awards, else what the next year's tables say was awarded. Raises AllocationError."""
    tables = [table for _, table in pairs]
    if given is not None:
        return actual_of(given, pairs[-1][0], tables)
    actual: Actual = {}
    for model, table in pairs:
        year = year_of(table)
        after = [later for later in tables if later.year == year + 1 and model.compare_with in later.values]
        for later in after:
            figures = zip(later.codes, later.values[model.compare_with], strict=True)
            actual[year] = {code: number(value) for code, value in figures if value is not None}
    if not any(actual.values()):
        raise AllocationError(Problem("calibrate.no_actual", {"years": [table.year for table in tables]}))
    return {year: amounts for year, amounts in actual.items() if amounts}


def actual_of(given: object, model: EngineModel, tables: Sequence[EngineTable]) -> Actual:
    """`{2017: {code: amount}}`, or a frame of code, year and amount, as exact figures by the tables' own codes.

    Years beyond the tables are passed over. Raises AllocationError with all problems.
    """
    by_year = {year_of(table): table for table in tables}
    actual: Actual = {}
    problems: list[Problem] = []
    for where, *row in _rows(given, model, tables):
        try:
            _add(actual, by_year, model, *row)
        except AllocationError as error:
            problems += [Problem(problem.id, problem.slots, where) for problem in error.problems]
    without = [year for year in by_year if not actual.get(year)]
    if without and not problems:
        known = sorted(year for year, amounts in actual.items() if amounts) or "—"
        problems.append(Problem("notebook.actual_missing", {"years": without, "known": known}))
    if problems:
        raise AllocationError(problems)
    return {year: actual[year] for year in by_year}


def _add(
    actual: Actual, tables: Mapping[int, EngineTable], model: EngineModel, year: object, county: object, amount: object
) -> None:
    of_year = _year(year)
    known = actual.setdefault(of_year, {})
    table = tables.get(of_year)
    value = _amount(amount, model)
    if value is None:
        return
    code = _code(county)
    if table is not None:
        code = table.codes[select(model, table, code)[0]]
    if code in known:
        raise AllocationError(Problem("notebook.actual_twice", {"year": of_year, "code": code}))
    known[code] = value


def _year(value: object) -> int:
    value = getattr(value, "year", value)  # of a date
    text = (
        str(int(value) if isinstance(value, float) and value.is_integer() else value).strip().removesuffix(units.YEAR)
    )
    if not re.fullmatch(r"(19|20)\d\d", text):
        raise AllocationError(Problem("notebook.actual_year", {"found": value}))
    return int(text)


def _code(value: object) -> str:
    """As text; a number that an unlucky reader made of it is matched with the tables' codes, or refused there."""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()


def _amount(value: object, model: EngineModel) -> Fraction | None:
    """Exact: a float by its fifteen sure digits, a text such as `1,234.5` as it reads; None where it is blank."""
    if is_blank(value) or isinstance(value, str) and value.strip() in BLANKS:
        return None
    figure: Figure = None
    try:
        if isinstance(value, str):
            figure = parse_assignment(f"x={value}").value if "%" not in value else value
        else:
            figure = Fraction(f"{value:.15g}") if isinstance(value, float) else exact_figure(value, "")
    except (AllocationError, ValueError):
        pass  # said below, with the unit
    if isinstance(value, bool) or not isinstance(figure, Fraction):
        unit = model.columns[model.award].unit.name
        raise AllocationError(Problem("notebook.actual_amount", {"found": value, "unit": unit}))
    return figure


def _rows(given: object, model: EngineModel, tables: Sequence[EngineTable]) -> Iterator[Row]:
    if is_frame(given) and not isinstance(given, Mapping):
        yield from _frame_rows(frame_from(given), model, tables)
        return
    if not isinstance(given, Mapping):
        raise AllocationError(Problem("notebook.actual_form", {"found": type(given).__name__}))
    for year, amounts in given.items():
        if not isinstance(amounts, Mapping) and type(amounts).__name__ != "Series":
            raise AllocationError(Problem("notebook.actual_form", {"found": f"{{{year!r}: {amounts!r:.40}}}"}))
        for code, amount in amounts.items():
            yield f"actual[{year!r}][{code!r}]", year, code, amount


def _frame_rows(frame: pandas.DataFrame, model: EngineModel, tables: Sequence[EngineTable]) -> Iterator[Row]:
    words = lexicon(model)
    heads, columns = columns_of(frame, words)
    places: dict[str, int] = {}
    award = model.columns[model.award]
    spelt = {*AMOUNT, award.name, award.label.zh, award.label.en.casefold()}
    for place, head in enumerate(heads):
        written = HEAD.fullmatch(head)
        name, unit = written.groups() if written else (head, None)
        role = read_heading([head], words)
        if name in spelt or name.casefold() in spelt:
            if unit and unit not in (award.unit.name, model.units.label(award.unit.name, "en")):
                raise AllocationError(Problem("notebook.actual_unit", {"column": head, "unit": award.unit.name}))
            places.setdefault("amount", place)
        elif role and role.target in (CODE, NAME, YEAR):
            places.setdefault(role.target, place)
    if NAME in places:
        places.setdefault(CODE, places[NAME])
    missing = [key for key, role in (("code", CODE), ("amount", "amount")) if role not in places]
    if YEAR not in places and len(tables) > 1:
        missing.append("year")
    if missing:
        raise AllocationError(Problem("notebook.actual_columns", {"missing": missing, "found": heads}))
    codes, amounts = columns[places[CODE]], columns[places["amount"]]
    years = columns[places[YEAR]] if YEAR in places else [tables[0].year] * len(codes)
    for year, code, amount in zip(years, codes, amounts, strict=True):
        yield f"actual: {year}, {code}", year, code, amount
