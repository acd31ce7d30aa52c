"""A final version is a signature: before one is begun on the page, what it will fix is shown and asked about once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import click

from allocation.commands.by_name import COMMANDS
from allocation.commands.requests import run_question
from allocation.errors import AllocationError, Problem
from allocation.files.destination import Destination
from allocation.page.call import Visit
from allocation.policy.stages import STAGES, key_of
from allocation.record.journal import today
from allocation.record.versions import FOLDER, Planned, plan_version
from allocation.run.run import Run

NONE = "—"


class SignedLine(TypedDict):
    label: str
    text: str


class SigningShown(TypedDict):
    """`lines`: what a final version will fix, none where no question is to be asked. `seal`: that of what is shown, to
    be handed in with the answer."""

    seal: str
    lines: list[SignedLine]


def signing_shown(visit: Visit, words: Sequence[str]) -> SigningShown:
    """Of a command as it is begun. Raises all that stands against the version."""
    of_version = _planned(words)
    if of_version is None:
        return {"seal": "", "lines": []}
    run, planned = of_version
    return {"seal": planned.version.short, "lines": _lines(run, planned, visit)}


def refuse_unsigned(visit: Visit, words: Sequence[str], seal: str) -> None:
    """Raises where a final version was not asked about, or is another one by now."""
    shown = signing_shown(visit, words)
    if shown["lines"] and shown["seal"] != seal:
        raise AllocationError(Problem("page.sign_first"))


def _planned(words: Sequence[str]) -> tuple[Run, Planned] | None:
    """The run of a command and the final version it will become; None of a command that makes no new one."""
    from allocation.office.asking import open_run

    name, *typed = words
    if name != "run":
        return None
    try:
        said = COMMANDS[name].make_context(name, typed).params
    except click.ClickException:
        return None  # the command itself says what is wrong
    stage = key_of(STAGES, str(said["stage"] or ""))
    if stage != "final":
        return None
    out = said["out"]
    assert isinstance(out, Destination)
    _, run = open_run(run_question(said))
    planned = plan_version(run, out.folder / FOLDER, stage, str(said["reason"]), today(), bool(said["editions"]))
    return (run, planned) if planned.new else None


def _lines(run: Run, planned: Planned, visit: Visit) -> list[SignedLine]:
    version, facts, model = planned.version, run.facts, run.model
    unit = model.units.label(version.unit, visit.lang)
    told = {
        "fund": f"{facts.fund or model.label[visit.lang]} · {version.year}",
        "batch": version.issue.batch.label[visit.lang],
        "total": f"{version.total} {unit}".strip(),
        "table": run.table.file,
        "case": facts.kept.file if facts.kept else "",
        "signed": " / ".join((facts.prepared or NONE, facts.reviewed or NONE)),
        "letters": _letters(run, visit),
    }
    return [{"label": visit.say(f"versions.sign_{key}"), "text": text} for key, text in told.items() if text]


def _letters(run: Run, visit: Visit) -> str:
    """How many readers the notices of this version would have."""
    from allocation.documents.notices import handed, tells
    from allocation.report.columns import edition_of
    from allocation.report.lines import readers

    if not run.model.pool:
        return ""
    what = handed(run)
    count = sum(tells(run, what, rows) for _, rows in readers(run, edition_of(run, "county").by))
    return visit.say("versions.sign_letters_count", count=count, units=len(run.table))
