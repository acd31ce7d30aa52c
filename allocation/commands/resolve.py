"""resolve, choose: what a person says of a doubt or a setting of a case goes to its side file, never into the case."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.attached import TableCommand
from allocation.commands.helped import HelpedCommand
from allocation.commands.products import Product, finish
from allocation.commands.requests import TableRequest, gathered
from allocation.commands.screen import Screen
from allocation.commands.shared import LANGUAGE, MODEL, OUT, as_day, check_day, table_options
from allocation.errors import AllocationError, Problem, nearest, tried
from allocation.files.destination import Destination
from allocation.files.whole_files import bytes_writer
from allocation.patterns import LatePattern
from allocation.texts import both
from allocation.texts.remedies import option_words

if TYPE_CHECKING:
    from allocation.case import CaseFile
    from allocation.texts import both

_ID = LatePattern(r"[a-z_]+-[0-9a-f]{8}")
OPTIONS = {"reason": "--why", "basis": "--basis", "prepared": "--by", "reviewed": "--reviewed"}
_KEYS = ("case", "side")
SIDES = {both(f"stages.chosen_{key}").zh: key for key in _KEYS} | {key: key for key in _KEYS}


@dataclass(frozen=True, kw_only=True)
class ResolveRequest(TableRequest):
    """What `resolve` is asked."""

    what: str
    why: str
    basis: str
    by: str
    reviewed: str
    date: str


@click.command(cls=TableCommand)
@MODEL
@click.argument("what")
@click.option("--why", default="")
@click.option("--basis", default="")
@click.option("--by", default="")
@click.option("--reviewed", default="")
@click.option("--date", default="", callback=as_day)
@table_options
@gathered(ResolveRequest)
def resolve(request: ResolveRequest) -> int:
    """Resolve a doubt, or decide on a setting, beside the case."""
    from allocation.doubts.resolution import Resolution
    from allocation.office.asking import open_run
    from allocation.office.side_files import of_doubt, of_setting, with_additions_beside
    from allocation.record.journal import today
    from allocation.texts import both

    check_day(request.date)
    what, _, reason = request.what.partition("=")
    if _ID.fullmatch(what):  # ID=why, as --resolve of other commands takes it
        request = replace(request, what=what, why=request.why or reason)
    case = _case(request.model)
    given = (request.why, request.basis, request.by, request.reviewed)
    why, basis, by, reviewed = (text.strip() for text in given)
    resolution = Resolution(why, basis, by, reviewed, today(request.date)).signed(
        case.facts.prepared, case.facts.reviewed
    )
    absent = [key for key in OPTIONS if not getattr(resolution, key)]
    lacks = [{"option": option_words(OPTIONS[key]), "label": both(f"doubts.particular_{key}")} for key in absent]
    problems = [Problem("case.resolve_lacks", slots) for slots in lacks]
    material, run = open_run(request, partly=True)
    if _ID.fullmatch(request.what):
        resolved = tried(problems, of_doubt, run, request.what, resolution)
        additions = [resolved] if resolved else []
    else:
        additions = tried(problems, of_setting, material.model, case, request.what, resolution) or []
    if problems:
        raise AllocationError(problems)
    path, data = with_additions_beside(case, additions, material.model_path)
    wrote = Product(path, bytes_writer(data), "case.side_wrote", {"case": case.path.name})

    def show() -> None:
        for addition in additions:
            request.screen.tell("case.resolved", key=addition.key, text=resolution.text(request.screen.lang))

    finish([wrote], request.screen, show=show)
    if resolution.lacking(True):
        request.screen.tell("case.one_person")
    return 0


def _case(name: str) -> CaseFile:
    from allocation.opening.cases import case_at

    case = case_at(name)
    if case is None:
        raise AllocationError(Problem("case.needs_case", {"name": name}))
    return case


@click.command(cls=HelpedCommand)
@MODEL
@click.argument("key")
@click.argument("side", type=click.Choice([*SIDES]))
@LANGUAGE
def choose(model: str, key: str, side: str, screen: Screen) -> int:
    """Choose between the case and its side file where both say something."""
    from dataclasses import replace

    from allocation.opening.additions import additions_text, read_additions, side_file, standing
    from allocation.opening.cases import case_alone

    case = _case(model)
    alone, path = case_alone(case.path), side_file(case.path)
    crossed = {doubt.figures[1]: doubt.figures[:2] for doubt in case.crossed}
    if key not in crossed:
        slots = {"key": key, "known": [*crossed] or "—", "nearest": nearest(key, [*crossed])}
        raise AllocationError(Problem("case.not_crossed", slots, path.name))
    kept = []
    for addition in read_additions(path):
        if addition.place != crossed[key]:
            kept.append(addition)
        elif SIDES[side] == "side":
            kept.append(replace(addition, replaced=standing(alone, *addition.place)))
    text = additions_text(case.path.name, kept)
    slots = {"key": key, "case": case.path.name}
    return finish([Product(path, bytes_writer(text.encode()), f"case.chosen_{SIDES[side]}", slots)], screen)


@click.command(cls=HelpedCommand)
@MODEL
@click.option("--out", type=OUT, required=True)
@LANGUAGE
def export(model: str, out: Destination, screen: Screen) -> int:
    """Write a new case of a case and its side file."""
    from allocation.opening.export import exported

    case = _case(model)
    path = out.named(f"{case.path.stem}_{screen.say('case.export_word')}{case.path.suffix}")
    if path.exists():
        raise AllocationError(Problem("case.export_there", where=path.as_posix()))
    write = bytes_writer(exported(case.path, path))
    return finish([Product(path, write, "case.exported", {"case": case.path.as_posix()})], screen)
