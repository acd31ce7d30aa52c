"""Calls about jobs. What starts one is asked elsewhere, in words of its own: none is started by words of a browser."""

from __future__ import annotations

from typing import TypedDict

from allocation.page.call import ApiCall, CallAsked, Nothing, Visit
from allocation.page.jobs import Job


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


class JobShown(JobListed):
    """`code` is None while it is not over; `products` are names of files on the desk."""

    told: list[ToldShown]
    code: int | None
    products: list[str]


def job_listed(job: Job) -> JobListed:
    words = " ".join(["allocation", *(f'"{word}"' if " " in word else word for word in job.words)])
    return {"id": job.id, "words": words, "state": job.state, "progress": job.progress, "seconds": job.seconds}


def job_shown(job: Job) -> JobShown:
    return {
        **job_listed(job), "code": job.code, "products": [*job.products],
        "told": [{"text": line.text, "beside": line.beside} for line in job.told],
    }  # fmt: skip


def _look(visit: Visit, asked: OfJob) -> JobShown:
    return job_shown(visit.jobs.get(asked.job))


def _list(visit: Visit, asked: Nothing) -> list[JobListed]:
    return [job_listed(job) for job in visit.jobs.listed()]


def _cancel(visit: Visit, asked: OfJob) -> JobShown:
    return job_shown(visit.jobs.cancel(asked.job))


CALLS = (
    ApiCall("job.look", OfJob, JobShown, _look),
    ApiCall("job.list", Nothing, list[JobListed], _list),
    ApiCall("job.cancel", OfJob, JobShown, _cancel),
)
