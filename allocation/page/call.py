"""A call of the page: what is asked, what is answered, what does it. The page and `docs/api.md` know calls alone.

Every call is `POST /api/<name>` with a JSON object, and answers one. What is wrong with what was handed in is answered
with 422 and every problem with its cell, as the commands tell it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field
from typing import Any, TypedDict

from pydantic import BaseModel, ConfigDict, ValidationError

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, gathered
from allocation.page.desk import Desk
from allocation.page.jobs import Jobs
from allocation.page.works import Works
from allocation.page.workshop import Workshop
from allocation.texts import LANGUAGES, Speaker


class CallAsked(BaseModel):
    """What a call is asked: unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Nothing(CallAsked):
    """A call that asks for nothing."""


class OfWork(CallAsked):
    """A call about a work."""

    work: str


class OfRevision(OfWork):
    """A call that changes a work: refused where another tab changed it after `revision`."""

    revision: int


class TextOfProblem(TypedDict):
    """`place`: what a person looks up, `底稿.xlsx: 数据!C7`; `sheet` and `cell` where that is a cell."""

    id: str
    text: str
    place: str
    sheet: str
    cell: str
    advice: bool


class ProblemsTold(TypedDict):
    """The answer of a call that was refused."""

    problems: list[TextOfProblem]


@dataclass(frozen=True)
class Visit(Speaker):
    """Whoever asks: at which desk, in which language (each tab has its own)."""

    desk: Desk
    works: Works
    engine: Workshop = field(repr=False)
    jobs: Jobs = field(repr=False)
    lang: str = LANGUAGES[0]


@dataclass(frozen=True)
class ApiCall:
    """`name` is what stands in the address; `about` is the id of the message that says what it is for."""

    name: str
    asked: type[CallAsked]
    answer: Any  # a TypedDict, or a list of them
    body: Callable[[Visit, Any], object]

    @property
    def about(self) -> str:
        return f"page_api.{self.name.replace('.', '_')}"

    def asked_of(self, text: bytes) -> CallAsked:
        """What a request's body asks. Raises AllocationError with all that is wrong with it."""
        try:
            return self.asked.model_validate_json(text or b"{}")
        except ValidationError as error:
            raise AllocationError(
                [Problem("page.asked_wrong", {"key": ".".join(map(str, wrong["loc"])), "detail": wrong["msg"]})
                 for wrong in error.errors()]
            ) from None  # fmt: skip


def told(problems: Iterable[Problem], speaker: Speaker) -> list[TextOfProblem]:
    """Problems as the page shows them."""
    return [_told(problem, speaker) for problem in gathered([*problems])]


def _told(problem: Problem, speaker: Speaker) -> TextOfProblem:
    file, mark, cell = problem.where.rpartition("!")
    sheet = file.rpartition(": ")[2] if mark else ""
    body = problem.text(speaker.lang)
    return {"id": problem.id, "text": body, "place": problem.where, "sheet": sheet, "cell": cell if mark else "",
            "advice": problem.advice}  # fmt: skip
