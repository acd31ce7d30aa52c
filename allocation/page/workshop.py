"""What a work comes to: its table read, its model run; kept while nothing of it changes, since a tab asks often."""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import field, fields, replace
from pathlib import Path
from threading import Lock, RLock
from typing import Any, TypeVar

from allocation.case import NO_FACTS, CaseFile, Facts, with_fact
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, tried
from allocation.office.asked import RunQuestion, SharedOptions
from allocation.office.asking import OpenedTable, opened_table, run_opened
from allocation.opening.additions import side_file
from allocation.page.desk import Desk
from allocation.page.mending import mended_copy, source
from allocation.page.names import file_word, gone_word, model_word
from allocation.page.works import Work
from allocation.policy.model import Model
from allocation.run.finding import ModelWithTable, model_files
from allocation.run.run import Run

KEPT = 8  # answers, of all works together
BESIDE: dict[str, object] = {
    "revision": 0,
    "title": "",
    "settings": {},
    "bases": {},
    "map_numbers": {},
}  # of a work what nothing is read for
Stamp = tuple[int, int, int]
Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Answer:
    """What is wrong with a work, else its run; `hints` are told beside either."""

    problems: tuple[Problem, ...] = ()
    hints: tuple[Problem, ...] = ()
    material: ModelWithTable | None = field(default=None, repr=False)
    run: Run | None = field(default=None, repr=False)


@dataclass(frozen=True)
class OpenedWork:
    """A work as it was read, all but what is set in it; `stamps` tell whether a file of it has changed since.

    `meant`: the files that its model's name meant; one put on the desk goes before that of the shelf.

    `facts`: those of the issue, without what is tried of them.
    """

    question: RunQuestion
    table: OpenedTable
    facts: Facts
    stamps: Mapping[Path, Stamp]
    meant: tuple[Path, ...] = ()

    @property
    def model(self) -> Model | None:
        """As it stands before anything is tried; None where it cannot be read."""
        whole = self.table.extended or self.table.material
        return whole.model if whole else None

    @property
    def case(self) -> CaseFile | None:
        """The bureau's own case that the work has: that of a sample is nobody's."""
        case = self.table.material.case if self.table.material else None
        return None if case is None or case.sample else case

    @property
    def still(self) -> bool:
        same = all(_stamp(path) == stamp for path, stamp in self.stamps.items())
        return same and _meant(self.question.model) == self.meant

    @property
    def seal(self) -> str:
        """What tells that the same files were read: of what was seen, and of what is taken away."""
        read = [(path.as_posix(), *stamp) for path, stamp in sorted(self.stamps.items())]
        return hashlib.sha256(repr((read, self.meant)).encode()).hexdigest()[:16]


class Workshop:
    """One engine for all tabs of a desk: one exact run at a time and one in floats, the last answers at hand.

    A setting that is typed changes nothing of what was read: the table stays open.
    """

    def __init__(self, desk: Desk):
        self._desk = desk
        self._lock = RLock()  # of what is kept below
        self._runs = {exact: Lock() for exact in (True, False)}  # who types does not wait for the exact run of a pause
        self._opened: OrderedDict[str, OpenedWork] = OrderedDict()
        self._answers: OrderedDict[tuple[object, ...], Answer] = OrderedDict()

    def answer(self, work: Work, exact: bool = True, partly: bool = False) -> Answer:
        """The run of a work as far as it comes: with checks that fail, or with all that is wrong instead.

        `partly`: what rests on figures that nobody gave is passed over, as `check` does, to look at the table alone.
        """
        answer = self._answer(work, exact, partly)
        still = _still_resolved(work, answer)
        return answer if still is work else self.answer(still, exact, partly)

    def living(self, work: Work, exact: bool = True) -> Work:
        """The work without resolutions of doubts that its mends have done away with: a command would refuse them."""
        if not work.resolved:
            return work
        answer = self._answer(work, exact, partly=False)
        if answer.run is None:  # something else may be wrong, with what is tried or for want of a figure
            alone = work.model_copy(update={"settings": {}})
            problems = (*answer.problems, *self._answer(alone, exact, partly=True).problems)
            answer = Answer(problems)
        still = _still_resolved(work, answer)
        return work if still is work else self.living(still, exact)

    def _answer(self, work: Work, exact: bool, partly: bool) -> Answer:
        try:
            opened = self.opened(work)
        except AllocationError as error:  # the copy with its mends cannot be made
            return Answer(tuple(error.problems))
        key = (id(opened), *work.settings.items(), exact, partly)
        with self._runs[exact]:
            return self._at_hand(key) or self._keep(key, self._asked(work, opened, exact, partly))

    def _at_hand(self, key: tuple[object, ...]) -> Answer | None:
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def _keep(self, key: tuple[object, ...], answer: Answer) -> Answer:
        with self._lock:
            _kept(self._answers, key, answer)
        return answer

    def run(self, work: Work, exact: bool = True) -> Run:
        """The run of a work. Raises all that is wrong with it."""
        answer = self.answer(work, exact)
        if answer.run is None:
            raise AllocationError(answer.problems)
        return answer.run

    def opened(self, work: Work) -> OpenedWork:
        """A work without what is set in it: read again only where a file of it has changed."""
        with self._lock:
            key = work.model_copy(update=BESIDE).model_dump_json()
            opened = self._opened.get(key)
            if opened is None or not opened.still:
                opened = self._open(work)
                _kept(self._opened, key, opened)
            self._opened.move_to_end(key)
            return opened

    def question(self, work: Work) -> RunQuestion:
        """What the command line would be asked for the same, as far as it would take it (`living`).

        Raises where the model or the table is no longer there, or cannot be mended as was asked.
        """
        return self._question(self.living(work))

    def _question(self, work: Work) -> RunQuestion:
        copy = mended_copy(work, self._desk)
        table = os.path.relpath(copy) if copy else file_word(self._desk, work.table) if work.table else ""
        facts = facts_tried(NO_FACTS, work.facts)
        options = SharedOptions(
            data_year=facts.data_year or work.data_year, batch=facts.batch, unused=work.unused, rows=work.rows,
            decided=work.decided,
            resolve=tuple(f"{id}={said.reason}" for id, said in work.resolved.items()),
        )  # fmt: skip
        return RunQuestion(
            model=self._model(work.model), table=Path(table) if table else None,
            sheet=work.sheet or None, year=facts.budget_year or work.year, options=options, reference=work.reference,
            settings=_settings(work),
        )  # fmt: skip

    def _model(self, name: str) -> str:
        word = tried([], model_word, self._desk, name)
        return gone_word(self._desk, name) if word is None else word

    def shared(self, work: Work) -> dict[str, Any]:
        """The fields of that question, for one that asks more."""
        question = self.question(work)
        return {each.name: getattr(question, each.name) for each in fields(question)}

    def _open(self, work: Work) -> OpenedWork:
        question = self._question(work)
        question = replace(question, options=replace(question.options, hints=[]))
        mended = source(work, self._desk) if work.mends else None
        before = {path: _stamp(path) for path in (*_named(question), *([mended] if mended else []))}
        table = opened_table(question)
        facts = table.material.facts if table.material else NO_FACTS
        self._answers.clear()  # what is opened anew may have the place in memory of what was let go
        table = _with_facts(table, work.facts)
        return OpenedWork(question, table, facts, {path: _stamp(path) for path in _read(table)} | before,
                          _meant(question.model))  # fmt: skip

    def _asked(self, work: Work, opened: OpenedWork, exact: bool, partly: bool) -> Answer:
        question = replace(opened.question, settings=_settings(work))
        hints = tuple(opened.table.options.hints)
        try:
            material, run = run_opened(opened.table, question, floating=not exact, partly=partly)
        except AllocationError as error:
            return Answer(tuple(error.problems), hints)
        return Answer((), hints, material, run)


def facts_tried(facts: Facts, texts: Mapping[str, str]) -> Facts:
    """The facts with those that are tried, as far as each can be read."""
    for key, text in texts.items():
        facts = tried([], with_fact, facts, key, text) or facts
    return facts


def _with_facts(opened: OpenedTable, texts: Mapping[str, str]) -> OpenedTable:
    material, extended = (
        replace(whole, facts=facts_tried(whole.facts, texts)) if whole else None
        for whole in (opened.material, opened.extended)
    )
    return replace(opened, material=material, extended=extended)


def _still_resolved(work: Work, answer: Answer) -> Work:
    """The work without what was resolved of doubts that are no longer there."""
    gone = {problem.slots.get("id") for problem in answer.problems if problem.id == "doubts.not_open"}
    kept = {id: said for id, said in work.resolved.items() if id not in gone}
    return work if len(kept) == len(work.resolved) else work.model_copy(update={"resolved": kept})


def _settings(work: Work) -> tuple[str, ...]:
    """What is tried, as `--set` takes it."""
    return tuple(f"{address}={text}" for address, text in work.settings.items())


def _kept(held: OrderedDict[Key, Kept], key: Key, value: Kept) -> None:
    held[key] = value
    while len(held) > KEPT:
        held.popitem(last=False)


def _named(question: RunQuestion) -> list[Path]:
    """The files that a question names, and the side file of a case."""
    model = Path(question.model)
    return [model, side_file(model), *([question.table] if question.table else [])]


def _read(table: OpenedTable) -> list[Path]:
    """The files that were read for it."""
    material = table.material
    if material is None:
        return []
    of_case = [material.case.path, side_file(material.case.path), material.case.table] if material.case else []
    return [material.model_path, material.input_path, *of_case, *material.beside]


def _meant(name: str) -> tuple[Path, ...]:
    """The files that a model's name means; none of a result, which holds its own."""
    return tuple(tried([], model_files, name) or ())


def _stamp(path: Path) -> Stamp:
    """What tells that a file has changed; zeros where there is none."""
    try:
        told = path.stat()
    except OSError:
        return 0, 0, 0
    return told.st_mtime_ns, told.st_size, told.st_ino
