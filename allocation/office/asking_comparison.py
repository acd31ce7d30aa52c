"""A question about scenarios, or about two tables, becomes the runs side by side; all that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.errors import AllocationError, Problem, tried
from allocation.office.asked import ComparisonQuestion, RunQuestion
from allocation.office.asking import changed_base, decided, open_material, say_made_of, with_parts
from allocation.office.attaching import attached_labels
from allocation.opening.cases import case_at, is_case
from allocation.run.finding import ModelWithTable
from allocation.run.required import lacking
from allocation.run.scenario import apply_changes, parse_assignments

if TYPE_CHECKING:
    from allocation.analysis.compare import Comparison
    from allocation.analysis.scenarios import Scenario
    from allocation.case import CaseFile
    from allocation.policy.model import Model


def open_comparison(question: ComparisonQuestion, others: Sequence[Scenario] = ()) -> tuple[ModelWithTable, Comparison]:
    """What is compared, and with what; `others` are scenarios that stand in no file, behind those that do.

    Raises all that is wrong with any of it.
    """
    from allocation.analysis.compare import compare
    from allocation.analysis.pools import side_by_side

    problems: list[Problem] = []
    changes = parse_assignments(question.settings, problems)
    material = open_material(question, problems)
    if material:
        say_made_of(question, material, problems)
    material = material and (tried(problems, decided, material, question.options) or material)
    if material and not question.pools:
        material, asked_for = tried(problems, with_parts, question.options, material, problems) or (material, [])
        changes = [*asked_for, *changes]
    material, before = (material and tried(problems, changed_base, material, changes)) or (material, ())
    chosen = tried(problems, named_scenarios, question.scenarios, material.model) if material else None
    if material and question.pools:
        problems += _parts_of(material)
    if problems or material is None:
        raise AllocationError(problems)
    model, tables, facts = material.model, (material.table,), material.facts
    if question.pools:
        result = side_by_side(model, tables, question.pools, reference=question.reference, facts=facts)
    else:
        scenarios = [*(chosen or []), *others]
        result = compare(model, tables, scenarios, reference=question.reference, facts=facts)
    return material, replace(result, before=before)


def named_scenarios(names: Sequence[str], model: Model) -> list[Scenario]:
    """Every scenario named, all that is wrong with them at once."""
    from allocation.analysis.parameter_workbook import read_scenarios
    from allocation.analysis.scenarios import find_scenario, load_scenario

    def read(name: str) -> list[Scenario]:
        path = find_scenario(name)
        return read_scenarios(path, model) if path.suffix == ".xlsx" else [load_scenario(path)]

    problems: list[Problem] = []
    chosen = [scenario for name in names for scenario in tried(problems, read, name) or ()]
    if problems:
        raise AllocationError(problems)
    return chosen


def _parts_of(material: ModelWithTable) -> list[Problem]:
    """What the case has attached that several pools side by side would pass over."""
    labels = attached_labels(material.case)
    return [Problem("pools.with_parts", {"parts": labels}, "--pools")] if labels else []


def two_cases(names: Sequence[str]) -> tuple[CaseFile, CaseFile] | None:
    """The two cases that are named in place of a model and a scenario; None of all else."""
    if len(names) != 2 or not all(is_case(Path(name)) for name in names):
        return None
    first, second = map(case_at, names)
    return (first, second) if first and second else None


def open_two_tables(
    question: RunQuestion, data: tuple[Path, Path], problems: list[Problem]
) -> tuple[ModelWithTable, ModelWithTable]:
    """Both tables with the model in force. Raises all that is wrong with either, and `problems`."""
    sides: list[ModelWithTable | None] = []
    for path in data:
        read = open_material(replace(question, table=path), problems)
        sides.append(tried(problems, decided, read, question.options) if read else None)
    changes, moved = parse_assignments(question.settings, problems), None
    old, new = sides
    if new:
        problems += lacking(new.model, changes, [side.table for side in sides if side])
        moved = tried(problems, apply_changes, new.model, (), changes)
    if problems or old is None or new is None or moved is None:
        raise AllocationError(problems)
    if old.model.file != new.model.file:
        slots = {"old": old.table.year, "new": new.table.year}
        raise AllocationError(Problem("ledger.compare_two_years", slots, str(data[1])))
    return replace(old, model=moved[0]), replace(new, model=moved[0])
