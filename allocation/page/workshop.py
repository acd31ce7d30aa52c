"""What a work comes to: its table read, its model run; kept while nothing of it changes, since a tab asks often."""

from __future__ import annotations

import os
from collections import OrderedDict
from dataclasses import field, replace
from pathlib import Path
from threading import RLock

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.office.asked import RunQuestion, SharedOptions
from allocation.office.asking import open_run
from allocation.page.desk import Desk
from allocation.page.works import Work
from allocation.run.finding import ModelWithTable
from allocation.run.run import Run

KEPT = 8  # answers, of all works together


@dataclass(frozen=True)
class Answer:
    """What is wrong with a work, else its run; `hints` are told beside either."""

    problems: tuple[Problem, ...] = ()
    hints: tuple[Problem, ...] = ()
    material: ModelWithTable | None = field(default=None, repr=False)
    run: Run | None = field(default=None, repr=False)


class Workshop:
    """One engine for all tabs of a desk: one question at a time, the last answers at hand."""

    def __init__(self, desk: Desk):
        self._desk = desk
        self._lock = RLock()
        self._answers: OrderedDict[tuple[object, ...], Answer] = OrderedDict()

    def answer(self, work: Work, exact: bool = True) -> Answer:
        """The run of a work as far as it comes: with checks that fail, or with all that is wrong instead."""
        with self._lock:
            key = (work.id, work.revision, exact, self._stamp(work.table), self._stamp(work.model))
            if key not in self._answers:
                self._answers[key] = self._asked(work, exact)
                while len(self._answers) > KEPT:
                    self._answers.popitem(last=False)
            self._answers.move_to_end(key)
            return self._answers[key]

    def run(self, work: Work, exact: bool = True) -> Run:
        """The run of a work. Raises all that is wrong with it."""
        answer = self.answer(work, exact)
        if answer.run is None:
            raise AllocationError(answer.problems)
        return answer.run

    def question(self, work: Work) -> RunQuestion:
        """What the command line would be asked for the same."""
        options = SharedOptions(
            data_year=work.data_year, unused=work.unused, rows=work.rows, decided=work.decided,
            resolve=tuple(f"{id}={said.reason}" for id, said in work.resolved.items()),
        )  # fmt: skip
        return RunQuestion(
            model=self._path(work.model), table=Path(self._path(work.table)) if work.table else None,
            sheet=work.sheet or None, year=work.year, options=options, reference=work.reference,
            settings=tuple(f"{address}={text}" for address, text in work.settings.items()),
        )  # fmt: skip

    def _asked(self, work: Work, exact: bool) -> Answer:
        hints: list[Problem] = []
        try:
            question = self.question(work)
            question = replace(question, options=replace(question.options, hints=hints))
            material, run = open_run(question, floating=not exact)
        except AllocationError as error:
            return Answer(tuple(error.problems), tuple(hints))
        return Answer((), tuple(hints), material, run)

    def _path(self, name: str) -> str:
        """A file of the desk as a person would type it; a name of the shelf as it is."""
        path = self._desk.files().get(name)
        return os.path.relpath(path) if path else name

    def _stamp(self, name: str) -> tuple[int, int]:
        """What tells that a file has changed."""
        path = self._desk.files().get(name)
        told = path.stat() if path else None
        return (told.st_mtime_ns, told.st_size) if told else (0, 0)
