"""Calls of 今年的事: where every fund and batch of the desk's folder stands, and what changed since somebody looked."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from allocation.errors import AllocationError
from allocation.files.given_files import given_json
from allocation.files.whole_files import bytes_writer, place
from allocation.office.this_year import RETURNS, Affair, this_year
from allocation.page.call import ApiCall, CallAsked, Nothing, Visit
from allocation.page.job_calls import JobShown, job_shown
from allocation.page.names import file_word
from allocation.policy.stages import STAGES
from allocation.report.problems_json import TextOfProblem, told

LOOKED = "looked.json"
NONE = "—"
SOME = 3  # counties that are named


class CaseNamed(CallAsked):
    """`file`: a case on the desk."""

    file: str


class AffairShown(TypedDict):
    """Texts of one line; `changed`: those of them that are otherwise than when somebody last looked. `waits`: a key of
    what it waits for. `file`: its case, empty without one."""

    file: str
    fund: str
    year: str
    batch: str
    stage: str
    total: str
    missing: str
    doubts: str
    waits: str
    waits_for: str
    days: str
    pressing: bool
    changed: list[str]
    problems: list[TextOfProblem]


class YearShown(TypedDict):
    """`looked`: the day on which somebody last said that all was seen, empty where nobody has."""

    looked: str
    affairs: list[AffairShown]
    problems: list[TextOfProblem]


def _look(visit: Visit, asked: Nothing) -> YearShown:
    standing = this_year(Path("."))
    today = datetime.date.today().isoformat()
    kept = _kept(visit)
    lines = kept.get("lines")
    before = lines if isinstance(lines, dict) else {}
    return {
        "looked": str(kept.get("day", "")),
        "affairs": [_shown(affair, visit, today, before) for affair in standing.affairs],
        "problems": told(standing.wrong, visit),
    }  # fmt: skip


def _seen(visit: Visit, asked: Nothing) -> dict[str, str]:
    """Keeps how all stands today, so that what changes from now on is told."""
    lines = {_name(affair): _facts(affair) for affair in this_year(Path(".")).affairs}
    content = {"day": datetime.date.today().isoformat(), "lines": lines}
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    place({visit.desk.kept / LOOKED: bytes_writer(text.encode())})
    return {}


def _approval(visit: Visit, asked: CaseNamed) -> JobShown:
    """The table with the places where those sign who approve it (呈批)."""
    return job_shown(visit.jobs.start(["run", "--layout=approval", file_word(visit.desk, asked.file)], visit))


def _kept(visit: Visit) -> Mapping[str, object]:
    try:
        kept = given_json(visit.desk.kept / LOOKED)
    except (OSError, ValueError, AllocationError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _name(affair: Affair) -> str:
    return f"{affair.issue.stem} {affair.file}"


def _facts(affair: Affair) -> dict[str, str]:
    """What is compared from one look to the next, whatever the language."""
    version = affair.version
    return {
        "stage": f"{version.stage} {version.number}" if version else "",
        "total": version.total if version else "",
        "missing": "" if affair.missing is None else str(len(affair.missing)),
        "doubts": "" if affair.doubts is None else str(affair.doubts),
        "waits": affair.waits_for,
    }


def _shown(affair: Affair, visit: Visit, today: str, lines: Mapping[str, object]) -> AffairShown:
    left, before = affair.days_left(today), lines.get(_name(affair))
    return {
        "file": affair.file,
        "fund": affair.model.label[visit.lang] if affair.model else affair.issue.model or affair.file,
        "year": str(affair.issue.year or NONE), "batch": affair.issue.batch.label[visit.lang],
        "stage": _stage(affair, visit), "total": affair.total(visit) or NONE,
        "missing": NONE if affair.missing is None else str(len(affair.missing)),
        "doubts": NONE if affair.doubts is None else str(affair.doubts),
        "waits": affair.waits_for, "waits_for": _waits(affair, visit),
        "days": NONE if left is None else str(left), "pressing": left is not None and left <= 7,
        "changed": [key for key, text in _facts(affair).items() if lines and _before(before, key) != text],
        "problems": told(affair.unread, visit),
    }  # fmt: skip


def _before(line: object, key: str) -> object:
    return line.get(key) if isinstance(line, dict) else None


def _stage(affair: Affair, visit: Visit) -> str:
    if affair.version is None:
        return visit.say("page.stage_case") if affair.file else NONE
    stage = STAGES[affair.version.stage][visit.lang]
    return visit.say("page.stage_numbered", stage=stage, number=affair.version.number)


def _waits(affair: Affair, visit: Visit) -> str:
    """Who has to do what next; names of those the case names."""
    names = list((affair.missing or ())[:SOME]) if affair.waits_for == RETURNS else []
    more = max(0, len(affair.missing or ()) - SOME)
    who = {
        "prepared": affair.facts.prepared,
        "reviewed": affair.facts.reviewed,
        "issued": affair.facts.issued,
        "names": names or "",
        "more": more or "",
    }
    return visit.say(f"page.waits_{affair.waits_for}", **who)


CALLS = (
    ApiCall("year.look", Nothing, YearShown, _look, changes=False),
    ApiCall("year.seen", Nothing, dict[str, str], _seen),
    ApiCall("year.approval", CaseNamed, JobShown, _approval),
)
