"""存入底稿: what was tried, decided on and resolved on the page goes beside the case, as `resolve` writes it.

A work that has no case yet gets one, as `new` makes it, beside its table. What another program holds open, or what was
changed since it was shown, is never written over.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypedDict

from allocation.case import CaseFile
from allocation.doubts.resolution import Resolution
from allocation.errors import AllocationError, Problem, tried
from allocation.files.file_names import none_open
from allocation.files.given_files import given_bytes
from allocation.files.whole_files import bytes_writer, in_turn, place
from allocation.office.asking import run_opened
from allocation.office.side_files import of_doubt, of_fact, of_read_table, of_setting, with_additions_beside
from allocation.opening.additions import Addition, side_file
from allocation.opening.beginning import Beginning
from allocation.opening.cases import case_alone
from allocation.page.call import CallAsked, Visit
from allocation.page.settings_shown import facts_to_save, table_read, wrong_with, wrong_with_fact
from allocation.page.works import Work
from allocation.page.workshop import OpenedWork
from allocation.policy.model import Model
from allocation.record.journal import today
from allocation.run.finding import ModelWithTable
from allocation.run.shelf import base_name
from allocation.tables.forms import day
from allocation.xlsx.case_form import case_writer


class Particulars(CallAsked):
    """Why, on what basis, who decided, who looked at it again and when: what `resolve` asks for."""

    reason: str = ""
    basis: str = ""
    prepared: str = ""
    reviewed: str = ""
    date: str = ""


class SavedShown(TypedDict):
    """`case` and `side` are files of the desk."""

    revision: int
    case: str
    side: str
    count: int


def save(visit: Visit, id: str, revision: int, read: str, said: Particulars) -> SavedShown:
    """Raises all that is wrong with what is to be saved; nothing is written then."""
    work = visit.engine.living(visit.works.get(id))
    opened = visit.engine.opened(work)
    if opened.table.material is None:
        raise AllocationError(opened.table.problems)
    problems = [problem for wrong in _wrong(opened, work) for problem in wrong]
    resolution = _resolution(said, opened, problems)
    case = opened.case
    if case and not case.path.resolve().is_relative_to(visit.desk.folder):
        problems.append(
            Problem("page.case_elsewhere", {"case": case.path.name, "folder": str(case.path.resolve().parent)})
        )
    if case and case.sha256 != read:
        problems.append(Problem("page.case_changed", {"case": case.path.name}))
    if case and (count := sum(map(len, work.mends.values()))):
        problems.append(Problem("page.mends_first", {"count": count, "case": case.path.name}))
    if problems:
        raise AllocationError(problems)
    held = cache(lambda: visit.works.change(id, revision, lambda work: work))  # once, however often a name is taken
    saved, count = in_turn(lambda: _placed(visit, opened, work, resolution, held))
    name, side = (path.relative_to(visit.desk.folder).as_posix() for path in (saved, side_file(saved)))
    kept = visit.works.change(id, revision + 1, lambda work: _saved(work, name, opened.case is None))
    return {"revision": kept.revision, "case": name, "side": side, "count": count}


def _placed(
    visit: Visit, opened: OpenedWork, work: Work, resolution: Resolution, held: Callable[[], object]
) -> tuple[Path, int]:
    """The case with its side file beside it, a new one with both or neither; and how much was said of it.

    `held` raises where the work is no longer as it was shown; it is asked before anything is written.
    """
    material = opened.table.material
    assert material
    with _case_of(visit, opened, work) as (case, folder):
        additions = _additions(opened, work, case, resolution)
        beside, data = with_additions_beside(case, additions, material.model_path)
        saved = folder / case.path.name
        files = {folder / beside.name: data}
        if opened.case is None:
            files = {saved: given_bytes(case.path), **files}
        elif os.access(saved, os.W_OK):
            none_open([saved])
        held()
        place({target: bytes_writer(content) for target, content in files.items()},
              claimed=() if opened.case else tuple(files))  # fmt: skip
    return saved, len(additions)


def _saved(work: Work, case: str, new: bool) -> Work:
    """Nothing is tried any longer: the case says it, and names the table that was read."""
    nothing: dict[str, object] = {"settings": {}, "facts": {}, "decided": (), "resolved": {}, "bases": {}}
    of_new: dict[str, object] = (
        {"mends": {}, "mended_from": ""} if new else {"sheet": "", "year": None, "data_year": None}
    )
    return work.model_copy(update={**nothing, **of_new, "table": "", "model": case})


def _wrong(opened: OpenedWork, work: Work) -> Iterator[list[Problem]]:
    """What is wrong with anything that is tried."""
    assert opened.model
    for address, text in work.settings.items():
        yield wrong_with(opened.model, address, text)
    for key, text in work.facts.items():
        yield [replace(problem, where=problem.where or key) for problem in wrong_with_fact(opened.facts, key, text)]


def _resolution(said: Particulars, opened: OpenedWork, problems: list[Problem]) -> Resolution:
    given = {key: text.strip() for key, text in said.model_dump().items()}
    try:
        given["date"] = day(given["date"]) if given["date"] else ""
    except ValueError:
        problems.append(Problem("forms.not_date", {"found": given["date"]}))
    facts = opened.case.facts if opened.case else opened.facts
    resolution = replace(Resolution(**given), date=today(given["date"])).signed(facts.prepared, facts.reviewed)
    problems += [Problem("page.save_lacks", {"label": label}) for label in resolution.lacking(False)]
    return resolution


def _additions(opened: OpenedWork, work: Work, case: CaseFile, resolution: Resolution) -> list[Addition]:
    """Raises all that is wrong with any."""
    problems: list[Problem] = []
    model = opened.model
    assert model
    additions = [of_fact(key, text) for key, text in facts_to_save(opened, work).items()]
    if opened.case:
        additions += of_read_table(opened.case, *table_read(opened, work))
    for address, text in {**dict.fromkeys(work.decided, ""), **work.settings}.items():  # decided on as it is tried
        signed = replace(resolution, basis=work.bases.get(address, resolution.basis))
        what = f"{address}={text}" if text else address
        additions += tried(problems, of_setting, model, case, what, signed) or []
    if work.resolved:
        _, run = run_opened(opened.table, opened.question, partly=True)
        for id, resolved in work.resolved.items():
            signed = Resolution(resolved.reason, resolved.basis or resolution.basis,
                                resolved.prepared or resolution.prepared,
                                resolved.reviewed or resolution.reviewed, resolution.date)  # fmt: skip
            addition = tried(problems, of_doubt, run, id, signed)
            additions += [addition] if addition else []
    if problems:
        raise AllocationError(problems)
    return additions


@contextmanager
def _case_of(visit: Visit, opened: OpenedWork, work: Work) -> Iterator[tuple[CaseFile, Path]]:
    """The case of a work without its side file, and the folder it belongs in; a new one lies elsewhere still."""
    if opened.case:
        yield case_alone(opened.case.path), opened.case.path.resolve().parent
        return
    material = opened.table.material
    assert material
    table = _table(visit, work, material)
    with TemporaryDirectory() as temporary:  # not on the desk: who is stopped here leaves nothing there
        beside = Path(temporary) / table.name
        beside.write_bytes(given_bytes(table))
        path = Path(temporary) / _name(visit, material, table.parent)
        begun = Beginning(replace(opened.facts, of_case=False), table=table.name, sheet=work.sheet)
        case_writer(unconfirmed(material.model), path, visit.lang, begun)(path)
        yield case_alone(path), table.parent


def _table(visit: Visit, work: Work, material: ModelWithTable) -> Path:
    """The table on the desk; with the cells that were mended, or where the model brings it, one that is put there."""
    path = material.input_path.resolve()
    if not work.mends and path.is_relative_to(visit.desk.folder):
        return path
    return visit.desk.folder / visit.desk.take(path.name, given_bytes(path))


def _name(visit: Visit, material: ModelWithTable, folder: Path) -> str:
    """As `new` calls a case; another where there is one."""
    words = filter(None, [base_name(material.model.name), str(material.issue.year or ""), visit.say("case.file_word")])
    stem = "_".join(words)
    names = (stem + (f"_{number}" if number > 1 else "") + ".xlsx" for number in range(1, 10_000))
    return next(name for name in names if not any(path.exists() for path in (folder / name, side_file(folder / name))))


def unconfirmed(model: Model) -> Model:
    """The model with the figures of a sample as such that nobody has decided on."""
    fresh = {name: entry.in_state([key for key, origin in entry.origins.items() if origin == "sample"], "open")
             for name, entry in model.parameters.items()}  # fmt: skip
    return replace(model, parameters=fresh)
