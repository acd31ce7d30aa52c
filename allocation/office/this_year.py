"""What a folder of the office stands at: one line a fund, year and batch, from its cases, its registers of versions,
what was collected and the doubts on record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from fractions import Fraction
from pathlib import Path, PurePosixPath

from allocation.case import FORMAL, NO_FACTS, Facts, IssueKey, issue_key
from allocation.classes import dataclass
from allocation.collecting.state import State, read_state
from allocation.errors import Problem, tried
from allocation.files.given_files import given_digest
from allocation.office.doubts_kept import doubts_on_record
from allocation.opening.differing import CaseOfFolder, cases_of
from allocation.policy.model import Model
from allocation.policy.stages import ISSUED
from allocation.record.versions import FOLDER, Version, read_register
from allocation.report.formats import figure_in
from allocation.run.finding import model_of_year
from allocation.run.shelf import base_name
from allocation.run.thirty_days import days_left
from allocation.texts import Speaker

COLLECTED = "*_collected.json"
CASE, RETURNS, DOUBTS, RUN, REVIEW, ISSUE, NOBODY = "case", "returns", "doubts", "run", "review", "issue", "nobody"


@dataclass(frozen=True)
class Affair:
    """`file`: its case, empty where there is none. `version`: the last that was made from that case. `missing`:
    counties of the case without a figure as yet; None where nothing was collected. `doubts`: open ones of its fund and
    year; None where nothing is on record."""

    issue: IssueKey
    file: str = ""
    model: Model | None = field(default=None, repr=False)
    facts: Facts = NO_FACTS
    version: Version | None = None
    missing: tuple[str, ...] | None = None
    doubts: int | None = None
    unread: tuple[Problem, ...] = ()

    @property
    def issued(self) -> bool:
        return bool(self.version and self.version.stage in ISSUED)

    @property
    def waits_for(self) -> str:
        """What has to come next; NOBODY where its final version is made and the case says the day of issue."""
        if self.unread:
            return CASE
        if self.issued:  # a day of issue that stands in the case beforehand issues nothing
            return NOBODY if self.facts.issued else ISSUE
        if self.missing:
            return RETURNS
        if self.doubts:
            return DOUBTS
        return RUN if self.version is None else REVIEW

    def days_left(self, on: str) -> int | None:
        """Of the thirty in which money is to be issued; None where no day of receipt was given, or all was done."""
        return days_left(self.facts, on)

    def total(self, speaker: Speaker) -> str:
        """Of the last version, with its unit; empty without one."""
        if self.version is None or not self.version.total:
            return ""
        if self.model is None:
            return f"{self.version.total} {self.version.unit}"
        award = self.model.columns[self.model.award]
        figure = figure_in(award.unit, award.decimals, Fraction(self.version.total))
        return f"{figure} {self.model.units.label(self.version.unit, speaker.lang)}"


@dataclass(frozen=True)
class ThisYear:
    """`wrong`: what of the folder could not be read at all."""

    affairs: tuple[Affair, ...]
    wrong: tuple[Problem, ...]


def this_year(folder: Path) -> ThisYear:
    """Every fund, year and batch of which something stands in the folder, the latest year first."""
    wrong: list[Problem] = []
    held = cases_of(folder, without=FOLDER)
    affairs = {(key := _key(case), case.file): Affair(key, case.file, case.model_of, case.case.facts)
               for case in held.cases}  # fmt: skip
    last = _last_versions(folder, held.cases, wrong)
    for issue, file in last:
        if not file:
            affairs[issue, ""] = Affair(issue, model=tried([], model_of_year, issue.model, issue.year))
    states = _collected(folder, wrong)
    for (model, year), _ in states.items():
        if (model, year) not in {(key.model, key.year) for key, _ in affairs}:
            key = IssueKey(model, year, FORMAL)
            affairs[key, ""] = Affair(key, model=tried([], model_of_year, model, year))
    tables = {case.file: case for case in held.cases}
    doubts = _open_doubts(folder, wrong)
    lines = [
        replace(affair, version=last.get((key, file)),
                doubts=doubts.get((key.model, key.year), 0 if (key, file) in last else None),
                missing=_missing(states.get((key.model, key.year)), tables.get(file)))
        for (key, file), affair in affairs.items()
    ]  # fmt: skip
    lines += [Affair(IssueKey("", None), file, unread=tuple(problems)) for file, problems in held.unread.items()]
    order = sorted(lines, key=lambda line: (-(line.issue.year or 0), line.issue.model, line.issue.batch.key, line.file))
    return ThisYear(tuple(order), tuple(wrong))


def _key(case: CaseOfFolder) -> IssueKey:
    return issue_key(case.model, case.case.facts, case.table.year)


def _versions(folder: Path, wrong: list[Problem]) -> Iterator[Version]:
    for place in sorted(folder.rglob(FOLDER)):
        if place.is_dir() and not any(part.startswith(".") for part in place.relative_to(folder).parts):
            yield from tried(wrong, read_register, place) or ()


def _last_versions(
    folder: Path, cases: Sequence[CaseOfFolder], wrong: list[Problem]
) -> Mapping[tuple[IssueKey, str], Version]:
    """By issue and case the last version that was made from that case; without a case where the last version of an
    issue was made from none in the folder."""
    last: dict[tuple[IssueKey, str], Version] = {}
    lost: set[IssueKey] = set()
    for version in sorted(_versions(folder, wrong), key=lambda version: (version.order, version.date)):
        files = _made_from(version, [case.file for case in cases if _key(case) == version.issue], folder)
        last |= {(version.issue, file): version for file in files or [""]}
        lost = lost - {version.issue} if files else lost | {version.issue}
    return {place: version for place, version in last.items() if place[1] or place[0] in lost}


def _made_from(version: Version, cases: Sequence[str], folder: Path) -> list[str]:
    """Those of the cases that are called as the one it was made from, or hold the same; both where any does."""
    if not version.case_files:
        return []
    kept, sha256 = next(iter(version.case_files.items()))  # the book stands first
    called = [file for file in cases if PurePosixPath(file).name == kept.partition("/")[2]]
    alike = [file for file in cases if tried([], given_digest, folder / file) == sha256]
    return [file for file in called if file in alike] or called or alike


def _collected(folder: Path, wrong: list[Problem]) -> Mapping[tuple[str, int | None], State]:
    states: dict[tuple[str, int | None], State] = {}
    for path in sorted(folder.rglob(COLLECTED)):
        state = tried(wrong, read_state, path)
        if state:
            states[base_name(state.model), state.year] = state
    return states


def _missing(state: State | None, case: CaseOfFolder | None) -> tuple[str, ...] | None:
    """The counties of a case of which no return has come."""
    if state is None or case is None:
        return None
    come = {*state.recipients, *(kept.name for kept in state.recipients.values())}
    return tuple(name for code, name in zip(case.table.codes, case.table.names, strict=True) if not come & {code, name})


def _open_doubts(folder: Path, wrong: list[Problem]) -> Mapping[tuple[str, int | None], int]:
    counted: dict[tuple[str, int | None], int] = {}
    for kept in tried(wrong, doubts_on_record, folder) or ():
        fund = kept.model, kept.year
        counted[fund] = counted.get(fund, 0) + (kept.state == "open")
    return counted
