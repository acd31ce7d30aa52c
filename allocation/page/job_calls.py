"""Calls about jobs. What starts one is asked elsewhere, in words of its own: none is started by words of a browser."""

from __future__ import annotations

from typing import TypedDict

from allocation.page.call import ApiCall, CallAsked, Nothing, Visit
from allocation.page.jobs import Job
from allocation.page.shown import TableShown
from allocation.report.problems_json import TextOfProblem


class OfJob(CallAsked):
    job: str


class JobListed(TypedDict):
    """`words`: the command as a person would type it."""

    id: str
    words: str
    state: str
    progress: str
    seconds: float


class ToldShown(TypedDict):
    """`beside`: what is wrong, which the command tells beside its answer."""

    text: str
    beside: bool


class AnswerPart(TypedDict):
    """A text of one or more lines, or a table."""

    text: str
    table: TableShown | None


class JobShown(JobListed):
    """`code` is None while it is not over; `products` are names of files on the desk.

    `answer`: in the order in which the command told it; `problems`: why it was refused; `told`: what it told beside.
    """

    answer: list[AnswerPart]
    problems: list[TextOfProblem]

    told: list[ToldShown]
    code: int | None
    products: list[str]


def job_listed(job: Job) -> JobListed:
    words = " ".join(["allocation", *(f'"{word}"' if " " in word else word for word in job.words)])
    return {"id": job.id, "words": words, "state": job.state, "progress": job.progress, "seconds": job.seconds}


def job_shown(job: Job) -> JobShown:
    return {
        **job_listed(job), "code": job.code, "products": [*job.products],
        "answer": [_part(part) for part in job.answer.parts], "problems": [*job.answer.problems],
        "told": [{"text": line.text, "beside": line.beside} for line in job.told],
    }  # fmt: skip


def _part(part: str | TableShown) -> AnswerPart:
    return {"text": part, "table": None} if isinstance(part, str) else {"text": "", "table": part}


def _look(visit: Visit, asked: OfJob) -> JobShown:
    return job_shown(visit.jobs.get(asked.job))


def _list(visit: Visit, asked: Nothing) -> list[JobListed]:
    return [job_listed(job) for job in visit.jobs.listed()]


def _cancel(visit: Visit, asked: OfJob) -> JobShown:
    return job_shown(visit.jobs.cancel(asked.job))


CALLS = (
    ApiCall("job.look", OfJob, JobShown, _look, changes=False),
    ApiCall("job.list", Nothing, list[JobListed], _list, changes=False),
    ApiCall("job.cancel", OfJob, JobShown, _cancel),
)
