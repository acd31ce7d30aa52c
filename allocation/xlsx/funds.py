"""Each unit with all its funds of a year: what is on record in a folder, issued or not, in one table that closes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from pathlib import Path

from allocation.case import IssueKey, facts_of, issue_key
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.language.units import Unit, Units
from allocation.policy.loading import model_from_text
from allocation.policy.model import Model
from allocation.policy.stages import ISSUED, STAGES
from allocation.record.reading import read_record
from allocation.record.record import RUN, Record
from allocation.record.versions import FOLDER, Version, issued_record, read_register
from allocation.run.marks import mark_words
from allocation.run.shelf import base_name
from allocation.tables.grid import read_bytes
from allocation.tables.units import national
from allocation.texts import Both, Worded, both, say
from allocation.texts.vocabulary import the_word
from allocation.xlsx.sum_sheet import SummedColumn, SumSheet
from allocation.xlsx.year_sum import ORDER, in_letters, issue_column


@dataclass(frozen=True)
class FundColumn:
    """What one issue of a fund gives each unit by code. `stage`: how far it has come, empty of what was issued."""

    issue: IssueKey
    fund: Both
    unit: Unit
    stage: Both | None
    amounts: Mapping[str, Fraction]
    names: Mapping[str, str]
    marks: tuple[str, ...]
    said: Both  # the batch, and corrections in it

    @property
    def head(self) -> Both:
        slots = {"fund": self.fund, "batch": self.said, "unit": _unit(self.unit)}
        return both("funds.head", stage=self.stage or "", **slots)


@dataclass(frozen=True)
class FundsOfYear:
    """`names` of the units by code; columns of one fund stand side by side."""

    year: int
    names: Mapping[str, str]
    columns: tuple[FundColumn, ...]
    notes: tuple[Problem, ...]

    @property
    def sums(self) -> SumSheet:
        """A column an issue, the sum of each fund that has several, and of all funds that are measured alike."""
        columns: list[SummedColumn] = []
        alike: dict[Unit, list[tuple[str, int]]] = {}  # the fund and the place of each column, by its unit
        for model, group in groupby(self.columns, key=lambda column: column.issue.model):
            issues = [*group]
            places = range(len(columns), len(columns) + len(issues))
            columns += [SummedColumn(column.head, column.amounts) for column in issues]
            for place, column in zip(places, issues, strict=True):
                alike.setdefault(column.unit, []).append((model, place))
            if len(issues) > 1:
                columns.append(SummedColumn(both("funds.subtotal", fund=issues[0].fund), {}, tuple(places)))
        for unit, held in alike.items():
            if len({model for model, _ in held}) > 1:
                head = both("funds.total", unit=_unit(unit))
                columns.append(SummedColumn(head, {}, tuple(place for _, place in held)))
        return SumSheet(Worded(self._title), both("funds.sheet"), self.names, tuple(columns), self.notes)

    def _title(self, lang: str) -> str:
        marks = dict.fromkeys(mark for column in self.columns for mark in column.marks)
        return " ".join([say(lang, "funds.title", year=self.year), *[word[lang] for word in mark_words(marks)]])


def _unit(unit: Unit) -> Both:
    return Worded(lambda lang: Units().label(unit.name, lang))


def funds_of_year(folder: Path, year: int | None) -> FundsOfYear:
    """`folder` is that of results, its versions in a folder within. An issue without a final version counts with its
    last version, one without any with the result that lies in the folder. Raises AllocationError where two results of
    one issue differ, or a code means two units.
    """
    problems: list[Problem] = []
    notes: list[Problem] = []
    register = read_register(folder / FOLDER)
    results = dict(_results(folder))
    years = [version.year for version in register]
    years += [issue.year for issue in map(_issue, results.values()) if issue.year]
    wanted = year or max(years, default=None)
    columns = [_of_versions(folder / FOLDER, register, issue)
               for issue in dict.fromkeys(version.issue for version in register) if issue.year == wanted]  # fmt: skip
    columns += _of_results(results, {column.issue for column in columns}, wanted, problems, notes)
    if not columns and not problems or wanted is None:
        problems.append(Problem("funds.none", {"year": year or ""}, folder.as_posix()))
    names = _names(columns, folder, problems, notes)
    if problems or wanted is None:
        raise AllocationError(problems)
    columns = _alike(sorted(columns, key=_order))
    open_ones = [column for column in columns if column.stage]
    if open_ones:
        slots = {"funds": [column.fund for column in open_ones]}
        notes.append(Problem("funds.not_issued", slots, folder.as_posix()))
    return FundsOfYear(wanted, names, tuple(columns), tuple(notes))


def _order(column: FundColumn) -> tuple[str, int, int]:
    return column.issue.model, ORDER.index(column.issue.batch.kind), column.issue.batch.number


def _alike(columns: Sequence[FundColumn]) -> list[FundColumn]:
    """Each in the unit that the first of its kind has, so that they add up."""
    first: dict[tuple[tuple[str, int], ...], Unit] = {}
    same = []
    for column in columns:
        unit = first.setdefault(column.unit.dims, column.unit)
        factor = column.unit.factor_to(unit)
        amounts = {code: amount * factor for code, amount in column.amounts.items()}
        same.append(replace(column, unit=unit, amounts=amounts))
    return same


def _of_versions(folder: Path, register: Sequence[Version], issue: IssueKey) -> FundColumn:
    """What was issued with its corrections, else the last version."""
    versions = [version for version in register if version.issue == issue]
    issued = tuple(version for version in versions if version.stage in ISSUED)
    counted = issued or (versions[-1],)
    held = [issued_record(folder, version) for version in counted]
    column = issue_column(folder, issue, counted, held)
    stage = None if issued else STAGES[versions[-1].stage]
    names = held[-1].figures.names if held[-1].figures else held[-1].names
    model = _model(held[-1])
    unit = model.columns[model.award].unit
    marks = tuple(mark for version in counted for mark in version.marks)
    return FundColumn(issue, _fund(held[-1], model), unit, stage, column.amounts, names, marks, column.label)


def _results(folder: Path) -> Iterator[tuple[str, Record]]:
    """The records of single runs that lie in a folder, by the name of their file."""
    for path in sorted(folder.glob("*.json")):
        try:
            record = read_record(read_bytes(path), path.name)
        except (AllocationError, OSError):
            continue  # a register, a state of a collection, a side file
        if record.kind == RUN and record.model.text:
            yield path.name, record


def _issue(record: Record) -> IssueKey:
    return issue_key(base_name(record.model.name), facts_of(record.facts), record.year)


def _of_results(
    results: Mapping[str, Record], known: set[IssueKey], year: int | None, problems: list[Problem], notes: list[Problem]
) -> list[FundColumn]:
    columns: dict[IssueKey, tuple[str, FundColumn]] = {}
    for file, record in results.items():
        issue = _issue(record)
        if issue.year != year or issue in known:
            continue
        if in_letters(record):  # what it hands out itself stands in a version's workbook
            notes.append(Problem("funds.settles", {"file": file}, file))
            continue
        model = _model(record)
        amounts = {code: Fraction(amount or 0) for code, amount in record.awards.items()}
        if issue.batch.kind == "withdrawal":
            amounts = {code: -abs(amount) for code, amount in amounts.items()}
        marks = ("illustrative",) if any(table.illustrative for table in record.inputs) else ()
        stage = both("funds.result")
        column = FundColumn(issue, _fund(record, model), model.columns[model.award].unit, stage, amounts, record.names,
                            marks, issue.batch.label)  # fmt: skip
        before = columns.get(issue)
        if before and before[1].amounts != amounts:
            slots = {"fund": column.fund, "batch": issue.batch.label, "other": before[0]}
            problems.append(Problem("funds.two_results", slots, file))
        columns.setdefault(issue, (file, column))
    return [column for _, column in columns.values()]


def _model(record: Record) -> Model:
    return model_from_text(record.model.text, record.model.file)


def _fund(record: Record, model: Model) -> Both:
    name = record.facts.get("fund", "")
    if name and name != model.label.zh:
        return Both(name, name)
    return Both(
        model.label.zh.removesuffix(the_word("part_words.allocation")), model.label.en.removesuffix(" allocation")
    )


def _names(
    columns: Sequence[FundColumn], folder: Path, problems: list[Problem], notes: list[Problem]
) -> dict[str, str]:
    """The units by code. A code of the nation's may be called otherwise in one fund, as a county and its town are; one
    that counts rows, or whose other name is another unit's, means two units, which is a problem."""
    names: dict[str, str] = {}
    given: dict[str, Both] = {}
    codes: dict[str, dict[str, None]] = {}
    for column in columns:
        for code, name in column.names.items():
            codes.setdefault(name, {})[code] = None
            names.setdefault(code, name)
            given.setdefault(code, column.fund)
    said: set[tuple[str, str]] = set()
    for column in columns:
        for code, name in column.names.items():
            if names[code] != name and (code, name) not in said:
                said.add((code, name))
                slots = {"code": code, "name": name, "fund": column.fund, "known": names[code], "other": given[code]}
                two = not national(code) or len(codes[name]) > 1
                told = Problem("funds.code_two_names" if two else "funds.named_otherwise", slots, folder.as_posix())
                (problems if two else notes).append(told)
    notes += [Problem("funds.name_two_codes", {"name": name, "codes": [*held]}, folder.as_posix())
              for name, held in sorted(codes.items()) if len(held) > 1]  # fmt: skip
    return dict(sorted(names.items()))
