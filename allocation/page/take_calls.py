"""Calls of 取走: what can be taken of a work, what holds each back, and the job that makes it."""

from __future__ import annotations

from typing import TypedDict

from allocation.errors import AllocationError, Problem
from allocation.page.call import ApiCall, OfRevision, OfWork, Visit
from allocation.page.job_calls import JobShown, job_shown
from allocation.page.mending import counted
from allocation.page.settings_shown import tried_shown
from allocation.page.signing import SigningShown, refuse_unsigned, signing_shown
from allocation.page.taking import SIGNED, TAKEN, words_of
from allocation.page.works import Work
from allocation.report.problems_json import TextOfProblem, told
from allocation.run.decisions import held_back
from allocation.run.run import Run


class TakenShown(TypedDict):
    """`held`: places in the list of all reasons, of those to be settled first; nothing is made of it until then."""

    key: str
    reasoned: bool
    held: list[int]


class TakeShown(TypedDict):
    """`problems`: why there is no run to take anything of; `seal`: which files were read; `mends`: how many cells are
    mended that no file has yet: nothing is made until then. `reasons`: what holds anything back, each said once."""

    revision: int
    seal: str
    tried: int
    mends: int
    problems: list[TextOfProblem]
    reasons: list[TextOfProblem]
    products: list[TakenShown]


class TakeAsked(OfRevision):
    """`product`: one of those that `take.look` lists; `reason`: why a version is made; `seal`: that of what was
    seen, empty where nothing was; `signed`: that of the final version that was confirmed.
    """

    product: str
    seal: str = ""
    reason: str = ""
    signed: str = ""


class SizesAsked(OfWork):
    files: list[str]


class FileSize(TypedDict):
    name: str
    bytes: int


def _look(visit: Visit, asked: OfWork) -> TakeShown:
    work = visit.works.get(asked.work)
    answer = visit.engine.answer(work)
    run: Run | None = answer.run
    reasons: list[TextOfProblem] = []
    products: list[TakenShown] = [
        {"key": key, "reasoned": taken.reasoned,
         "held": _places(told(held_back(run, taken.stage, taken.outside), visit), reasons)}
        for key, taken in TAKEN.items()
    ] if run else []  # fmt: skip
    tried = len(tried_shown(visit.engine.opened(work), visit.engine.living(work), visit))
    seal = visit.engine.opened(work).seal
    return {"revision": work.revision, "seal": seal, "tried": tried, "mends": counted(work.mends),
            "problems": told(answer.problems, visit), "reasons": reasons, "products": products}  # fmt: skip


def _places(held: list[TextOfProblem], reasons: list[TextOfProblem]) -> list[int]:
    """Where each stands among all reasons; a new one is put behind them."""
    reasons += [problem for problem in held if problem not in reasons]
    return [reasons.index(problem) for problem in held]


def _start(visit: Visit, asked: TakeAsked) -> JobShown:
    if asked.product not in TAKEN:
        raise AllocationError(Problem("page.no_product", {"key": asked.product}))
    if asked.seal and visit.engine.opened(visit.works.get(asked.work)).seal != asked.seal:
        raise AllocationError(Problem("page.changed_since"))
    words: list[str] = []

    def told_to(work: Work) -> Work:
        """What is refused leaves the work at its revision."""
        words.extend(words_of(visit.engine.living(work), visit.desk, TAKEN[asked.product], asked.reason))
        return work

    if asked.product in SIGNED:
        work = visit.works.get(asked.work)
        refuse_unsigned(visit, words_of(visit.engine.living(work), visit.desk, TAKEN[asked.product], asked.reason),
                        asked.signed)  # fmt: skip
    visit.works.change(asked.work, asked.revision, told_to)
    return job_shown(visit.jobs.start(words, visit))


def _signing(visit: Visit, asked: TakeAsked) -> SigningShown:
    if asked.product not in SIGNED:
        return {"seal": "", "lines": []}
    work = visit.engine.living(visit.works.get(asked.work))
    return signing_shown(visit, words_of(work, visit.desk, TAKEN[asked.product], asked.reason))


def _sizes(visit: Visit, asked: SizesAsked) -> list[FileSize]:
    """Of the files that a job wrote, those that are still there."""
    there = {name: path for name in asked.files if (path := visit.desk.at(name))}
    return [{"name": name, "bytes": path.stat().st_size} for name, path in there.items()]


CALLS = (
    ApiCall("take.look", OfWork, TakeShown, _look, changes=False),
    ApiCall("take.signing", TakeAsked, SigningShown, _signing, changes=False),
    ApiCall("take.start", TakeAsked, JobShown, _start),
    ApiCall("take.sizes", SizesAsked, list[FileSize], _sizes, changes=False),
)
