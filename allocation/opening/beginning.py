"""What a new case begins with: of last year's case or result the units, awards and settings, none of them confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from fractions import Fraction
from pathlib import Path

from allocation.analysis.parameter_workbook import entries
from allocation.case import LASTING, Batch, Facts, with_fact
from allocation.classes import dataclass
from allocation.doubts.beside import Listing
from allocation.doubts.last import read_last_year, record_of_file
from allocation.errors import AllocationError, Problem, tried
from allocation.opening.cases import case_at
from allocation.opening.settings import with_case
from allocation.policy.loading import model_from_text
from allocation.policy.model import Model
from allocation.policy.schema import figure_or_text
from allocation.record.reading import read_record
from allocation.run.finding import find
from allocation.run.run import Run, run_model
from allocation.tables.grid import read_bytes
from allocation.tables.keys import Figure
from allocation.tables.past import award_input
from allocation.tables.table import Table
from allocation.tables.template import Counties


@dataclass(frozen=True)
class Beginning:
    """`facts` of the new case, the units with what is known of them, last year's figures by address; `table`: the name
    of the file that holds its data, empty where its own sheet does; `sheet`: the one of it to read, where it was said.
    """

    facts: Facts
    counties: Counties = Counties()
    last: Mapping[str, Figure] = field(default_factory=dict)
    table: str = ""
    sheet: str = ""


def beginning(model: Model, year: int | None, last: Path | None, table: Path | None) -> Beginning:
    """Raises AllocationError with all that is wrong with either file."""
    problems: list[Problem] = []
    begun = Beginning(Facts(budget_year=year, batch=Batch()))  # a fund without a name goes by its model's
    if last:
        begun = tried(problems, _carried, begun, model, last) or begun
    if table:
        given = tried(problems, find, model.name, table, None)
        begun = replace(begun, counties=_of_table(given.table)) if given else begun
    if problems:
        raise AllocationError(problems)
    return begun


def _of_table(table: Table) -> Counties:
    values = {name: column for name, column in table.values.items() if name not in table.absent}
    return Counties(table.codes if table.coded else (), table.names if table.coded else (), values)


def _carried(begun: Beginning, model: Model, last: Path) -> Beginning:
    """Of last year's case or result: who there is, what each was awarded, and what each parameter was."""
    case = case_at(str(last)) if last.suffix.lower() == ".toml" or _is_case(last) else None
    if case is None:
        counties = _listed(model, read_last_year(last, model, begun.facts.budget_year))
        return replace(_recorded(model, begun, last), counties=counties)
    opened = find(str(last), None, None)
    _of_the_same(model, opened.model.name, last)
    year, before = begun.facts.budget_year, case.facts.budget_year
    if year is not None and before is not None and before >= year:
        raise AllocationError(Problem("case.from_not_before", {"found": before, "year": year}, last.name))
    facts = replace(begun.facts, **{key: getattr(case.facts, key) or getattr(begun.facts, key) for key in LASTING})
    problems: list[Problem] = []
    run = tried(problems, run_model, opened.model, opened.table)
    asked = opened.model.compare_with
    awards = {asked: _figures(run)} if run and asked else {}
    settings = {entry.address(key): value for entry, key, value, _ in entries(with_case(opened.model, case))
                if value is not None}  # fmt: skip
    return Beginning(facts, Counties(opened.table.codes, opened.table.names, awards), settings)


def _of_the_same(model: Model, before: str, last: Path) -> None:
    """Raises AllocationError where what is to be carried was another fund's: its awards are nobody's 上年数 here."""
    was, wanted = (name.partition("@")[0] for name in (before, model.name))
    if was != wanted:
        raise AllocationError(Problem("case.from_other_model", {"found": was, "wanted": wanted}, last.name))


def _recorded(model: Model, begun: Beginning, last: Path) -> Beginning:
    """What a result's record says of last year's facts and of every parameter; of a plain table nothing."""
    record = record_of_file(last) if last.suffix.lower() != ".json" else read_record(read_bytes(last), last.name)
    if record is None or not record.model.text:
        return begun
    _of_the_same(model, record.model.name, last)
    then = model_from_text(record.model.text, record.model.file)
    facts = begun.facts
    for key in LASTING:
        facts = with_fact(facts, key, record.facts[key]) if record.facts.get(key) else facts
    settings: dict[str, Figure] = {}
    for entry, key, value, _ in entries(then):
        kept = record.settings.get(f"{entry.name}.{key}" if key else entry.name)
        figure = figure_or_text(kept.value) if kept and kept.value is not None else value
        if figure is not None:
            settings[entry.address(key)] = figure
    return replace(begun, facts=facts, last=settings)


def _figures(run: Run) -> tuple[Figure, ...]:
    """The award of each unit, None where it is no number."""
    return tuple(value if isinstance(value, Fraction) else None for value in run.figures(run.model.award))


def _is_case(path: Path) -> bool:
    from allocation.opening.case_book import is_case_book

    return is_case_book(path)


def _listed(model: Model, listing: Listing) -> Counties:
    """The units of a result, each with its award as 上年数 where the model asks for one."""
    units = [unit for unit in listing.units if unit.code]
    codes = tuple(unit.code for unit in units)
    award, asked = award_input(model), model.compare_with
    if not asked or award is None:
        return Counties(codes, tuple(unit.name for unit in units))
    given = listing.figures.get(award.name, {})
    return Counties(codes, tuple(unit.name for unit in units), {asked: tuple(given.get(code) for code in codes)})
