"""resolve, choose: what a person says of a doubt or a setting of a case goes to its side file, never into the case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.attached import TableCommand
from allocation.commands.helped import HelpedCommand
from allocation.commands.products import Product, finish
from allocation.commands.requests import TableRequest, gathered
from allocation.commands.screen import Screen
from allocation.commands.shared import LANGUAGE, MODEL, OUT, as_day, check_day, table_options
from allocation.errors import AllocationError, Problem, nearest
from allocation.files.destination import Destination
from allocation.files.whole_files import bytes_writer
from allocation.patterns import LatePattern
from allocation.texts import both

if TYPE_CHECKING:
    from allocation.case import CaseFile
    from allocation.doubts.resolution import Resolution
    from allocation.opening.additions import Addition
    from allocation.policy.model import Model
    from allocation.run.run import Run
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
    lacking = [Problem("case.resolve_lacks", {"option": option, "label": both(f"doubts.particular_{key}")})
               for key, option in OPTIONS.items() if not getattr(resolution, key)]  # fmt: skip
    material, run = open_run(request, partly=True)
    if _ID.fullmatch(request.what):
        additions = _of_doubt(run, request.what, resolution, lacking)
    else:
        additions = _of_setting(material.model, case, request.what, resolution, lacking)

    def show() -> None:
        for addition in additions:
            request.screen.tell("case.resolved", key=addition.key, text=resolution.text(request.screen.lang))

    finish([_side_file(case, additions, material.model_path)], request.screen, show=show)
    if resolution.lacking(True):
        request.screen.tell("case.one_person")
    return 0


def _case(name: str) -> CaseFile:
    from allocation.opening.cases import case_at

    case = case_at(name)
    if case is None:
        raise AllocationError(Problem("case.needs_case", {"name": name}))
    return case


def _of_doubt(run: Run, id: str, resolution: Resolution, problems: list[Problem]) -> list[Addition]:
    from allocation.case import RESOLUTION
    from allocation.doubts.doubt import CROSSED, POLICY
    from allocation.opening.additions import Addition

    known = {doubt.id: doubt.kind for doubt in run.doubts if doubt.kind != CROSSED}
    if known.get(id) == POLICY:
        problems = [Problem("doubts.decide", {"id": id, "open": _taking_reasons(known)}), *problems]
    elif id not in known:
        slots = {"id": id, "open": _taking_reasons(known), "nearest": nearest(id, [*known])}
        problems = [Problem("doubts.not_open", slots), *problems]
    if problems:
        raise AllocationError(problems)
    return [Addition(RESOLUTION, id, {key: text for key, text in vars(resolution).items() if text})]


def _taking_reasons(known: dict[str, str]) -> list[str] | str:
    """The ids of doubts that a reason resolves; a figure is decided on by its state."""
    from allocation.doubts.doubt import POLICY

    return [id for id, kind in known.items() if kind != POLICY] or "—"


def _of_setting(
    model: Model, case: CaseFile, what: str, resolution: Resolution, problems: list[Problem]
) -> list[Addition]:
    """The figures that a name stands for are decided on, all on one basis; of one figure, what it is may be said."""
    from allocation.case import SETTING
    from allocation.opening.additions import Addition, standing
    from allocation.opening.settings import meant

    name, equals, value = what.replace("＝", "=").rpartition("=") if "=" in what.replace("＝", "=") else (what, "", "")
    addresses = meant(model, case, name.strip())
    if not addresses:
        known = [entry.address(key) for entry in model.parameters.values() for key in entry.figures]
        slots = {"name": name, "nearest": nearest(name, known)}
        problems = [Problem("case.parameter_unknown", slots), *problems]
    if equals and (len(addresses) > 1 or not value.strip()):
        problems = [*problems, Problem("case.one_figure", {"name": name, "known": [*addresses]})]
    additions = []
    for address, figure in addresses.items():
        said = standing(case, SETTING, address) or {}
        text = value.strip() if equals else said.get("value", figure)
        if not text:
            problems = [*problems, Problem("case.no_figure", {"name": address})]
            continue
        by = {key: text for key, text in vars(resolution).items() if text and key != "basis"}
        given = {"value": text} if equals or "value" in said else {}
        additions.append(Addition(SETTING, address, {**given, "state": "decided", "basis": resolution.basis}, None, by))
    if problems:
        raise AllocationError(problems)
    return additions


def _side_file(case: CaseFile, fresh: list[Addition], model: Path) -> Product:
    """The side file with these entries, each in place of one before it. Raises those that the model does not take."""
    from dataclasses import replace

    from allocation.opening.additions import additions_text, merged, read_additions, side_file, standing
    from allocation.opening.cases import case_alone
    from allocation.opening.settings import with_case
    from allocation.policy.loading import load_model

    alone, path = case_alone(case.path), side_file(case.path)
    kept = {addition.place: addition for addition in read_additions(path)}
    for addition in fresh:
        kept[addition.place] = replace(addition, replaced=standing(alone, *addition.place))
    with_case(load_model(model), merged(alone, kept.values()))
    text = additions_text(case.path.name, kept.values())
    return Product(path, bytes_writer(text.encode()), "case.side_wrote", {"case": case.path.name})


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
