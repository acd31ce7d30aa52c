"""A case as TOML: what a case workbook holds, for those who prefer a text; the shipped samples are such files.

model = "incentive_fund"
table = "jinzhou_2017.xlsx"

[facts]
budget_year = 2018
batch = "正式下达"

[settings]
pool = { value = 5000, state = "暂定", basis = "锦财指预告" }
"weight[settled]" = 0.5

[files]
adjustments = "adjustments.csv"

[resolved]
"unit-1a2b3c4d" = { reason = "…", basis = "…", prepared = "…", reviewed = "…", date = "2018-03-09" }
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

from allocation.case import BY_KEY, FACT, RESOLUTION, SETTING, CaseFile, Facts, PrintedNote, Setting, at_odds, with_fact
from allocation.doubts.resolution import Resolution
from allocation.errors import AllocationError, Problem, nearest, tried
from allocation.files.reach import reached
from allocation.policy.schema import ExactOrText
from allocation.policy.section import FirstBy, Section, slot
from allocation.policy.stages import STATES, key_of
from allocation.policy.toml_file import read_text, read_toml
from allocation.tables.case_sheets import ATTACHED
from allocation.tables.forms import day


def _as_text(value: object) -> object:
    """A year or a date as TOML writes them, as a person would."""
    if isinstance(value, date):  # a time of day, too
        return f"{value:%Y-%m-%d}"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _section_of(name: str) -> FirstBy:
    """What stands alone is short for a section with that one key."""
    return FirstBy(lambda value: value if isinstance(value, dict) else {name: value})


Said = Annotated[str, FirstBy(_as_text)]


class SettingSpec(Section):
    value: ExactOrText | None = None
    state: str = ""
    basis: str = ""
    last: ExactOrText | None = None
    by: str = ""
    date: Said = ""


class ResolutionSpec(Section):
    reason: str
    basis: str = ""
    prepared: str = ""
    reviewed: str = ""
    date: Said = ""


class CaseSpec(Section):
    model: str = slot(filled=True)
    table: str = slot(filled=True)
    sheet: str = ""
    sample: bool = False
    facts: dict[str, Said] = {}
    settings: dict[str, Annotated[SettingSpec, _section_of("value")]] = {}
    decided: list[str] = []
    files: dict[str, str] = {}
    resolved: dict[str, Annotated[ResolutionSpec, _section_of("reason")]] = {}
    notes: dict[str, str] = {}


def is_case_toml(path: Path) -> bool:
    """Whether a TOML file is a case, not a model: it names a model and a table."""
    from allocation.policy.toml_file import toml_value

    try:
        keys = toml_value(read_text(path), path.name)
    except AllocationError:
        return False
    return isinstance(keys.get("model"), str) and "column" not in keys


def read_case_toml(path: Path) -> CaseFile:
    """Raises AllocationError with all that is wrong with the file's shape, its facts and the files it names."""
    text = read_text(path)
    spec = read_toml(text, path.name, CaseSpec)
    problems: list[Problem] = []
    facts = _facts(spec.facts, path.name, problems)
    settings = tuple(_setting(address, value, path.name, problems) for address, value in spec.settings.items())
    given = _given(spec.files, path, problems)
    tried(problems, reached, path.parent / spec.table, f"{path.name}: table")
    resolved = {id: _resolution(said, f"{path.name}: [resolved] {id}", problems).signed(facts.prepared, facts.reviewed)
                for id, said in spec.resolved.items()}  # fmt: skip
    if problems:
        raise AllocationError(problems)
    places = {(kind, key): f"{path.name}: [{section}] {key}"
              for kind, section, keys in ((FACT, "facts", spec.facts), (SETTING, "settings", spec.settings),
                                          (RESOLUTION, "resolved", spec.resolved)) for key in keys}  # fmt: skip
    return CaseFile(path, spec.model, path.parent / spec.table, facts, settings, tuple(spec.decided), given, resolved,
                    spec.sample, hashlib.sha256(text.encode()).hexdigest(), places,
                    notes=tuple(_note(unit, text, path.name) for unit, text in spec.notes.items()),
                    sheet=spec.sheet)  # fmt: skip


def _note(unit: str, text: str, file: str) -> PrintedNote:
    """Named by its code, or by its name."""
    where = f"{file}: [notes] {unit}"
    code, name = (unit, "") if unit.isascii() and unit.isalnum() and not unit.isalpha() else ("", unit)
    return PrintedNote(code, name, text, where, where, where)


def _resolution(said: ResolutionSpec, where: str, problems: list[Problem]) -> Resolution:
    try:
        return Resolution(**{**said.held(), "date": day(said.date) if said.date else ""})
    except ValueError:
        problems.append(Problem("forms.not_date", {"found": said.date}, where))
        return Resolution(said.reason)


def _facts(said: Mapping[str, str], file: str, problems: list[Problem]) -> Facts:
    facts = Facts()
    for key, value in said.items():
        where = f"{file}: [facts] {key}"
        if key not in BY_KEY:
            problems.append(Problem("case.item_unknown", {"found": key, "nearest": nearest(key, [*BY_KEY])}, where))
            continue
        try:
            facts = with_fact(facts, key, value)
        except AllocationError as error:
            problems += [replace(problem, where=where) for problem in error.problems]
    problems += [replace(problem, where=f"{file}: [facts] issued") for problem in at_odds(facts)]
    return facts


def _setting(address: str, said: SettingSpec, file: str, problems: list[Problem]) -> Setting:
    where = f"{file}: [settings] {address}"
    state = key_of(STATES, said.state)
    if said.state and not state:
        problems.append(
            Problem("case.state", {"found": said.state, "known": [word.zh for word in STATES.values()]}, where)
        )
    try:
        date = day(said.date) if said.date else ""
    except ValueError:
        problems.append(Problem("forms.not_date", {"found": said.date}, where))
        date = ""
    return Setting(address, said.value, state, said.basis, said.last, where, by=said.by, date=date)


def _given(files: Mapping[str, str], path: Path, problems: list[Problem]) -> dict[str, Path]:
    given = {}
    for kind, name in files.items():
        where, file = f"{path.name}: [files] {kind}", path.parent / name
        if kind not in ATTACHED:
            problems.append(Problem("case.kind_unknown", {"found": kind, "known": ATTACHED}, where))
        elif tried(problems, reached, file, where) is None:
            continue
        elif not file.is_file():
            near = nearest(name, [beside.name for beside in path.parent.iterdir() if beside.is_file()])
            problems.append(Problem("case.no_file", {"name": name, "nearest": near}, where))
        else:
            given[kind] = file
    return given
