"""Which model file a name means: `models/<name>.toml`, a dated sibling `models/<name>@2017.toml`, or a path."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypedDict

from allocation.case import NO_FACTS, CaseFile, Facts, IssueKey, issue_key
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.folders import folders, searched, shipped
from allocation.files.reach import of_page, reached
from allocation.opening.cases import case_at, is_result
from allocation.opening.keeping import kept_facts
from allocation.opening.printed_notes import with_notes
from allocation.opening.settings import with_case_as_far
from allocation.policy.loading import load_model
from allocation.policy.model import Model
from allocation.policy.toml_file import read_text, toml_value
from allocation.run.shelf import base_name, known_as, model_shelf, unknown
from allocation.tables.reading import read_as_far
from allocation.tables.said import NOTHING, Said
from allocation.tables.table import Table


@dataclass(frozen=True)
class ModelWithTable:
    """A model with its table, and the files they came from; `case` gave the model figures it does not hold, and the
    facts of the issue. `beside` are the files given besides: what is attached, what the table is compared with.
    """

    model: Model
    table: Table
    model_path: Path
    input_path: Path
    case: CaseFile | None = None
    facts: Facts = NO_FACTS
    beside: tuple[Path, ...] = ()

    @property
    def models_folder(self) -> Path | None:
        """Where the model's file lies; None of a result workbook, which holds it."""
        return self.model_path.parent if self.model_path.suffix.lower() == ".toml" else None

    @property
    def issue(self) -> IssueKey:
        return issue_key(base_name(self.model.name), self.facts, self.table.year)


class ReadingAsked(TypedDict):
    """What is asked for when a table is read."""

    year: int | None
    budget_year: int | None
    sheet: str | None
    said: Said


def model_files(name: str) -> list[Path]:
    """The file of a path or a full name, or every dated sibling of a plain name, newest rule first."""
    if case := case_at(name):
        name = case.model
    path = reached(Path(name))
    if is_result(name):
        raise AllocationError(Problem("case.result_alone", where=path.name))
    if path.suffix == ".toml":
        return [path]
    if path.name != name and path.name:  # a folder stands before it: no name of a model
        return [path.with_name(f"{path.name}.toml")]
    name = known_as(name)
    shelf = {file.stem: file for file in reversed(model_shelf())}
    siblings = [file for stem, file in shelf.items() if stem.startswith(f"{name}@")]
    files = [shelf[name], *siblings] if name in shelf else siblings
    if not files:
        raise AllocationError(unknown(name))
    return files


def default_input(name: str) -> tuple[Path, CaseFile | None]:
    """The table a model is run on when none is named, and the settings that belong to it.

    A table in `inputs/` called as the model, else that of the settings so called. One that stands there beside settings
    for another table is somebody's own: no settings go with it. A case has its own. On a page, where it is not seen
    which one is taken, none of a sample or of those that came with the program is: a person chooses.
    """
    if case := case_at(name):
        return case.table, case
    plain = base_name(known_as(Path(name).stem))
    came = (shipped() / "inputs").resolve()
    for folder in (place for place in folders("inputs") if not (of_page() and place.resolve() == came)):
        written = folder / f"{plain}.toml"
        case = case_at(str(written)) if written.exists() else None
        for table in (folder / f"{plain}.xlsx", folder / f"{plain}.csv"):
            if table.exists():
                return table, case if case and case.table == table else None
        if case and not (of_page() and case.sample):
            return case.table, case
    if of_page():
        raise AllocationError(Problem("model.choose_table", where="--input"))
    raise AllocationError(Problem("model.no_input", {"name": plain, "folders": searched("inputs")}))


def model_of_year(name: str, year: int | None) -> Model:
    """The model a name means in a year; the newest rule without one."""
    return load_model(_of_year(model_files(name), year))


def find(
    name: str, input_path: Path | None, year: int | None, sheet: str | None = None, said: Said = NOTHING
) -> ModelWithTable:
    """The model in force in the table's year, and the table. The caller says which file it took."""
    problems: list[Problem] = []
    with_table = find_as_far(name, input_path, year, problems, sheet, said)
    if problems:
        raise AllocationError(problems)
    return with_table


def find_as_far(
    name: str,
    input_path: Path | None,
    year: int | None,
    problems: list[Problem],
    sheet: str | None = None,
    said: Said = NOTHING,
    data_year: int | None = None,
) -> ModelWithTable:
    """The same with a table that may be wrong, read as far as it goes; what is wrong with it joins `problems`.

    `year` is the budget year (预算年度): the rule in force goes by it, else by the year of the data.
    """
    asked = case_at(name)
    files = model_files(asked.model if asked else name)
    only = load_model(files[0]) if len(files) == 1 else None  # a model that cannot be read is said before its table
    path, case = (asked.table, asked) if asked else default_input(name) if input_path is None else (input_path, None)
    path = input_path or path  # another table than its own may be tried with a case
    sheet = sheet or (case.sheet if case and path == case.table else None) or None
    facts = kept_facts(case, path) if case else NO_FACTS
    year, data_year = year or facts.budget_year, data_year or facts.data_year
    guess = year or data_year or _year_in(path)
    chosen = files[0] if only else _of_year(files, guess)
    model = only or load_model(chosen)
    wrong: list[Problem] = []
    how = ReadingAsked(year=data_year, budget_year=year, sheet=sheet, said=said)
    table = read_as_far(path, model, wrong, **how)
    if len(files) > 1 and not year and table.year is None and "@" not in name:
        wrong += [Problem("model.needs_year", {"name": name}, path.name)] if len(table) or not wrong else []
    right = chosen if only or year or guess == table.year else _of_year(files, table.year)
    if right != chosen:
        other = load_model(right)
        if other.inputs != model.inputs:
            wrong.clear()
            table = read_as_far(path, other, wrong, **how)
        model, chosen = other, right
    table = with_notes(table, case.notes, wrong) if case else table
    problems += wrong
    if case and case.sample and len(table) and not table.illustrative:
        case = None  # somebody's own figures stand where the sample's did
    model = with_case_as_far(model, case, problems) if case else model
    return ModelWithTable(model, table, chosen, path, case, replace(facts, budget_year=year, data_year=data_year))


def _year_in(path: Path) -> int | None:
    """The year a file's name speaks of: only a guess at which sibling to open first; the table itself decides."""
    match = re.search(r"(?<!\d)20\d\d(?!\d)", path.stem)
    return int(match.group()) if match else None


def _of_year(files: list[Path], year: int | None) -> Path:
    """The file whose `effective` years hold the year; the first when none does: the run then says so."""
    apart = files if year and len(files) > 1 else []
    return next((file for file in apart if year and _holds(_effective(file), year)), files[0])


def _holds(effective: tuple[int | None, int | None], year: int) -> bool:
    low, high = effective
    return (low is None or low <= year) and (high is None or year <= high)


def _effective(file: Path) -> tuple[int | None, int | None]:
    try:
        head = toml_value(read_text(file), file.name).get("model")
    except AllocationError:
        return None, None  # loading it says what is wrong
    effective = head.get("effective") if isinstance(head, dict) else None
    years = [effective.get("from"), effective.get("to")] if isinstance(effective, dict) else [None, None]
    low, high = (year if isinstance(year, int) else None for year in years)
    return low, high


def spare_inputs(material: ModelWithTable, files: Mapping[str, Path]) -> None:
    """`--out inputs` would write the result's CSV over the table it came from; `--out 台账.xlsx` over 台账.csv."""
    case = [material.case.path, material.case.added or material.case.path] if material.case else []
    taken = [os.path.realpath(path) for path in (material.input_path, material.model_path, *case, *material.beside)]
    over = [path for path in files.values() if os.path.realpath(path) in taken]
    if over:
        raise AllocationError([Problem("workbook.over_input", where=str(path)) for path in over])
