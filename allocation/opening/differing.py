"""The cases of a folder, and where two of them give one input of one unit and year differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from allocation.case import CaseFile, issue_key
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.opening.cases import case_at, is_case
from allocation.policy.loading import load_model
from allocation.policy.model import Input, Model
from allocation.tables.departments import as_returned
from allocation.tables.keys import Figure
from allocation.tables.reading import read_as_far
from allocation.tables.spelling import fold
from allocation.tables.table import Table
from allocation.texts import Both, exact_text

Key = tuple[str, int | None, str, str]  # unit, year, what is meant, its dimension or fund
BOOKS = (".xlsx", ".xlsm", ".xls", ".toml")


@dataclass(frozen=True)
class CaseOfFolder:
    """A case with its table, a blank of which is a blank; `file` is its path within the folder."""

    file: str
    case: CaseFile
    model_of: Model
    table: Table

    @property
    def model(self) -> str:
        return self.model_of.name.partition("@")[0]

    @property
    def year(self) -> int | None:
        return issue_key(self.model, self.case.facts, self.table.year).year

    @property
    def batch(self) -> Both:
        return issue_key(self.model, self.case.facts, self.table.year).batch.label


@dataclass(frozen=True)
class GivenFigure:
    """What one case gives, in its model's unit, and in which cell; `measured`: the same for every unit of its kind."""

    value: Figure
    measured: Figure
    unit: Both
    where: str

    def text(self, lang: str) -> str:
        return f"{exact_text(self.value)} {self.unit[lang]}".strip()


@dataclass(frozen=True)
class DifferingInput:
    """One input of a unit and year, and every figure that is given for it, the first of each kind."""

    code: str
    name: str
    year: int | None
    label: Both
    figures: tuple[GivenFigure, ...]


@dataclass(frozen=True)
class FolderOfCases:
    folder: Path
    cases: tuple[CaseOfFolder, ...]
    unread: Mapping[str, Sequence[Problem]]
    differing: tuple[DifferingInput, ...]


def cases_of(folder: Path, without: str) -> FolderOfCases:
    """Every case below a folder but in those called `without`, where copies of issued ones are kept."""
    held: list[CaseOfFolder] = []
    unread: dict[str, Sequence[Problem]] = {}
    for path in sorted(folder.rglob("*")):
        within = path.relative_to(folder)
        hidden = any(part.startswith((".", "~$")) for part in within.parts)
        if hidden or without in within.parts or path.suffix.lower() not in BOOKS or not is_case(path):
            continue
        try:
            held.append(_opened(path, within.as_posix()))
        except AllocationError as error:
            unread[within.as_posix()] = error.problems
    return FolderOfCases(folder, tuple(held), unread, tuple(_differing(held)))


def _opened(path: Path, file: str) -> CaseOfFolder:
    from allocation.run.finding import find_as_far

    case = case_at(str(path))
    assert case is not None  # it was told to be one
    model = load_model(find_as_far(str(path), None, None, []).model_path)
    problems: list[Problem] = []
    facts = case.facts
    table = read_as_far(case.table, as_returned(model), problems, year=facts.data_year, budget_year=facts.budget_year,
                        sheet=case.sheet or None)  # fmt: skip
    if problems:
        raise AllocationError(problems)
    return CaseOfFolder(file, case, model, table)


def _differing(held: Sequence[CaseOfFolder]) -> Iterator[DifferingInput]:
    coded = {fold(name): code for case in held if case.table.coded
             for code, name in zip(case.table.codes, case.table.names, strict=True)}  # fmt: skip
    given: dict[Key, list[tuple[str, str, Both, GivenFigure]]] = {}
    for case in held:
        for row, name in enumerate(case.table.names):
            code = case.table.codes[row] if case.table.coded else coded.get(fold(name), "")
            for entry in case.model_of.inputs.values():
                value = case.table.values[entry.name][row]
                if value is not None:
                    key = (code or fold(name), case.table.year, *_meant(case, entry))
                    figure = _figure(case, entry, value, row)
                    given.setdefault(key, []).append((code, name, entry.label, figure))
    for (_, year, _, _), told in given.items():
        kinds = {figure.measured: figure for _, _, _, figure in reversed(told)}
        if len(kinds) > 1:
            code, name, label, _ = told[0]
            figures = tuple(dict.fromkeys(kinds[figure.measured] for _, _, _, figure in told))
            yield DifferingInput(code, name, year, label, figures)


def _meant(case: CaseOfFolder, entry: Input) -> tuple[str, str]:
    """What an input asks for, over all models: a column of the same heading and kind of unit is the same figure, but
    for last year's award, which is each fund's own."""
    of_fund = case.model if entry.name == case.model_of.compare_with else ""
    return fold(entry.label.zh), f"{entry.unit.dims}{of_fund}"


def _figure(case: CaseOfFolder, entry: Input, value: Figure, row: int) -> GivenFigure:
    measured = value * entry.unit.scale if isinstance(value, Fraction) else fold(value)
    label = case.model_of.units.label
    unit = Both(label(entry.unit.name, "zh"), label(entry.unit.name, "en"))
    folder, _, _ = case.file.rpartition("/")
    where = case.table.where(entry.name, row)
    return GivenFigure(value, measured, unit, f"{folder}/{where}" if folder else where)
