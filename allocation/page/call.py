"""A call of the page: what is asked, what is answered, what does it. The page and `docs/api.md` know calls alone.

Every call is `POST /api/<name>` with a JSON object, and answers one. What is wrong with what was handed in is answered
with 422 and every problem with its cell, as the commands tell it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any, TypedDict

from pydantic import BaseModel, ConfigDict, ValidationError

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.page.desk import Desk
from allocation.page.jobs import Jobs
from allocation.page.works import Works
from allocation.page.workshop import Workshop
from allocation.report.problems_json import TextOfProblem
from allocation.texts import LANGUAGES, Speaker
from allocation.texts.remedies import Reader

MANY_RUNS, FEW_RUNS = 50, 500  # units up to which many runs, or a few, take no longer than a process takes to begin


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
    reader: Reader = "page"


@dataclass(frozen=True)
class ApiCall:
    """`name` is what stands in the address; `about` is the id of the message that says what it is for.

    `changes`: it writes what a person has typed or made, so a tab that only looks is refused it. `at_once`: up to so
    many units in a work it is answered in the server, of more apart (see apart.py); None: never apart.
    """

    name: str
    asked: type[CallAsked]
    answer: Any  # a TypedDict, or a list of them
    body: Callable[[Visit, Any], object]
    changes: bool = True
    at_once: int | None = None

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
