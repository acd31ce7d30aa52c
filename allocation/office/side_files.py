"""What a person says of a case, beside it (`resolve`, 存入底稿): entries of its side file; the case is never written.

A resolution says of a doubt why; of a figure it says who decided on it, on what basis and when.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from allocation.case import FACT, RESOLUTION, SETTING, TABLE, CaseFile, at_odds
from allocation.doubts.doubt import CROSSED, POLICY
from allocation.doubts.resolution import Resolution
from allocation.errors import AllocationError, Problem, nearest, tried
from allocation.opening.additions import Addition, additions_text, merged, of_table, read_additions, side_file, standing
from allocation.opening.cases import case_alone
from allocation.opening.settings import meant, with_case
from allocation.policy.loading import load_model
from allocation.policy.model import Model
from allocation.run.run import Run


def of_doubt(run: Run, id: str, resolution: Resolution) -> Addition:
    """Raises for a doubt that is not there, or that only a decision resolves."""
    known = {doubt.id: doubt.kind for doubt in run.doubts if doubt.kind != CROSSED}
    if known.get(id) == POLICY:
        raise AllocationError(Problem("doubts.decide", {"id": id, "open": _taking_reasons(known)}))
    if id not in known:
        slots = {"id": id, "open": _taking_reasons(known), "nearest": nearest(id, [*known])}
        raise AllocationError(Problem("doubts.not_open", slots))
    return Addition(RESOLUTION, id, {key: text for key, text in vars(resolution).items() if text})


def _taking_reasons(known: Mapping[str, str]) -> list[str] | str:
    """The ids of doubts that a reason resolves; a figure is decided on by its state."""
    return [id for id, kind in known.items() if kind != POLICY] or "—"


def of_setting(model: Model, case: CaseFile, what: str, resolution: Resolution) -> list[Addition]:
    """The figures that a name stands for are decided on, all on one basis; of one figure, what it is may be said.

    Raises all that is wrong with `what`.
    """
    text = what.replace("＝", "=")
    name, equals, value = text.rpartition("=") if "=" in text else (what, "", "")
    addresses = meant(model, case, name.strip())
    problems = []
    if not addresses:
        known = [entry.address(key) for entry in model.parameters.values() for key in entry.figures]
        problems.append(Problem("case.parameter_unknown", {"name": name, "nearest": nearest(name, known)}))
    if equals and (len(addresses) > 1 or not value.strip()):
        problems.append(Problem("case.one_figure", {"name": name, "known": [*addresses]}))
    additions = []
    for address, figure in addresses.items():
        said = standing(case, SETTING, address) or {}
        text = value.strip() if equals else said.get("value", figure)
        if not text:
            problems.append(Problem("case.no_figure", {"name": address}))
            continue
        by = {key: text for key, text in vars(resolution).items() if text and key != "basis"}
        given = {"value": text} if equals or "value" in said else {}
        additions.append(Addition(SETTING, address, {**given, "state": "decided", "basis": resolution.basis}, None, by))
    if problems:
        raise AllocationError(problems)
    return additions


def of_fact(key: str, text: str) -> Addition:
    """One of FACTS as it was typed."""
    return Addition(FACT, key, {"text": text})


def of_read_table(case: CaseFile, table: Path, sheet: str) -> list[Addition]:
    """That the case is computed from this table; nothing where it names it already."""
    said = of_table(case, table, sheet)
    return [] if said == standing(case, TABLE, TABLE) else [Addition(TABLE, TABLE, said)]


def with_additions_beside(case: CaseFile, fresh: Iterable[Addition], model: Path) -> tuple[Path, bytes]:
    """The side file with these entries, each in place of one before it: where it lies, and what it holds then.

    Raises those that the model does not take.
    """
    alone, path = case_alone(case.path), side_file(case.path)
    kept = {addition.place: addition for addition in read_additions(path)}
    for addition in fresh:
        kept[addition.place] = replace(addition, replaced=standing(alone, *addition.place))
    problems: list[Problem] = []
    whole = tried(problems, merged, alone, kept.values())
    if whole:
        tried(problems, with_case, load_model(model), whole)
        problems += [
            replace(problem, where=path.name) for problem in at_odds(whole.facts) if whole.facts != alone.facts
        ]
    if problems:
        raise AllocationError(problems)
    return path, additions_text(case.path.name, kept.values()).encode()
