"""What a call comes to: a status of HTTP, and what is answered; every mistake of a person is told in words."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from http import HTTPStatus

from allocation.errors import AllocationError, Problem
from allocation.page.works import Overwritten
from allocation.report.problems_json import told
from allocation.texts import Speaker

_LOG = logging.getLogger(__name__)
Outcome = tuple[int, bytes]  # a status, and a JSON document


def outcome(work: Callable[[], object], speaker: Speaker) -> Outcome:
    """What `work` gives, or why it gives nothing."""
    try:
        return HTTPStatus.OK, json_bytes(work())
    except Exception as error:
        return failed(error, speaker)


def failed(error: Exception, speaker: Speaker) -> Outcome:
    """Why it gives nothing."""
    if isinstance(error, Overwritten):
        return refused(error, speaker, HTTPStatus.CONFLICT)
    if isinstance(error, AllocationError):
        return refused(error, speaker, HTTPStatus.UNPROCESSABLE_ENTITY)
    if isinstance(error, OSError):  # a full disk, a folder that is closed: as a command tells it
        detail = {"path": error.filename or "", "detail": error.strerror or str(error)}
        return refused(AllocationError(Problem("cli.system", detail)), speaker, HTTPStatus.UNPROCESSABLE_ENTITY)
    _LOG.error("a call failed", exc_info=error)  # a fault of the program: the tab says so and goes on
    fault = AllocationError(Problem("page.fault", {"kind": type(error).__name__}))
    return refused(fault, speaker, HTTPStatus.INTERNAL_SERVER_ERROR)


def refused(error: AllocationError, speaker: Speaker, status: int) -> Outcome:
    return status, json_bytes({"problems": told(error.problems, speaker)})


def json_bytes(answer: object) -> bytes:
    text = json.dumps(answer, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")
