"""The server: calls, files and the page itself, behind their door; started, and the browser opened on it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.limits import FILE_BYTES, JSON_BYTES
from allocation.page.call import ApiCall, OfWork, Visit
from allocation.page.calls import CALLS
from allocation.page.desk import Desk
from allocation.page.guarding import LOOK, Door, Guard
from allocation.page.jobs import Jobs
from allocation.page.openapi import described
from allocation.page.words import page_words
from allocation.page.works import Overwritten, Works
from allocation.page.workshop import Workshop
from allocation.report.problems_json import told
from allocation.texts import LANGUAGES, Speaker
from allocation.texts.remedies import Reader

STATIC = Path(__file__).parent / "static"
LANG = "x-lang"  # the header that says a tab's language
REVISION = "x-revision"  # that of the work that a call is about, once it is answered
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tab(Speaker):
    """What a tab of a browser speaks."""

    lang: str = LANGUAGES[0]
    reader: Reader = "page"


class PageServer:
    """What is answered at one desk."""

    def __init__(self, desk: Desk):
        self._desk, self._works = desk, Works(desk)
        self._workshop, self._jobs = Workshop(desk), Jobs(desk)

    def routes(self) -> list[Route | Mount]:
        return [
            Route("/", self.home),
            Route("/words", self.words),
            Route("/api/files", self.take, methods=["PUT"]),
            Route("/api/openapi.json", self.openapi),
            Route("/api/{name}", self.call, methods=["POST"]),
            Route("/file/{name:path}", self.file),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]

    async def home(self, request: Request) -> Response:
        return FileResponse(STATIC / "index.html", media_type="text/html")

    async def words(self, request: Request) -> Response:
        return _json(page_words(_tab(request)))

    async def openapi(self, request: Request) -> Response:
        return _json(described(CALLS, _tab(request)))

    async def take(self, request: Request) -> Response:
        """A file that was dropped: the bytes are the body, its name stands in the address."""
        return await self._answered(request, self._take, await _body(request, FILE_BYTES))

    def _take(self, request: Request, data: bytes) -> object:
        _changing(request)
        given = request.query_params
        return {"name": self._desk.take(given.get("name", ""), data, given.get("folder", ""))}

    async def call(self, request: Request) -> Response:
        asked = CALLS.get(request.path_params["name"])
        if asked is None:
            return _refused(AllocationError(Problem("page.no_call")), _tab(request), 404)
        return await self._answered(request, lambda _, body: self._called(asked, request, body),
                                    await _body(request, JSON_BYTES))  # fmt: skip

    def _called(self, call: ApiCall, request: Request, body: bytes) -> Response:
        if call.changes:
            _changing(request)
        visit = Visit(self._desk, self._works, self._workshop, self._jobs, _tab(request).lang)
        asked = call.asked_of(body)
        answer = _json(call.body(visit, asked))
        if isinstance(asked, OfWork) and (revision := self._works.revision(asked.work)):
            answer.headers[REVISION] = str(revision)
        return answer

    async def _answered(
        self, request: Request, work: Callable[[Request, bytes], object], body: bytes | None
    ) -> Response:
        tab = _tab(request)
        if body is None:
            return _refused(AllocationError(Problem("page.too_large")), tab, 413)
        try:
            answer = await run_in_threadpool(work, request, body)
            return answer if isinstance(answer, Response) else _json(answer)
        except Overwritten as error:
            return _refused(error, tab, 409)
        except AllocationError as error:
            return _refused(error, tab, 422)
        except OSError as error:  # a full disk, a folder that is closed: as a command tells it
            detail = {"path": error.filename or "", "detail": error.strerror or str(error)}
            return _refused(AllocationError(Problem("cli.system", detail)), tab, 422)
        except Exception as error:  # a fault of the program: the tab says so and goes on
            _LOG.exception("a call failed")
            return _refused(AllocationError(Problem("page.fault", {"kind": type(error).__name__})), tab, 500)

    async def file(self, request: Request) -> Response:
        """A file of the desk, to be kept by the browser: its very bytes."""
        name = request.path_params["name"]
        try:
            path = await run_in_threadpool(self._desk.file, name)
        except AllocationError as error:
            return _refused(error, _tab(request), 404)
        kept = f"attachment; filename*=UTF-8''{quote(path.name)}"
        return FileResponse(path, headers={"Content-Disposition": kept}, media_type="application/octet-stream")


def application(desk: Desk, door: Door) -> Guard:
    return Guard(Starlette(routes=PageServer(desk).routes()), door)


async def _body(request: Request, most: int) -> bytes | None:
    """What a request carries; None where that is more than is taken: what it says of its size is believed, what it does
    not say is read no further."""
    if int(request.headers.get("content-length", "0")) > most:
        return None
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _changing(request: Request) -> None:
    """Raises where whoever asks for a change only looks."""
    if request.headers.get(LOOK):
        raise AllocationError(Problem("page.only_looks"))


def _tab(request: Request) -> Tab:
    given = request.headers.get(LANG) or request.query_params.get("lang", "")
    return Tab(given if given in LANGUAGES else LANGUAGES[0])


def _json(answer: object) -> Response:
    text = json.dumps(answer, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "replace"), media_type="application/json")


def _refused(error: AllocationError, tab: Tab, status: int) -> Response:
    answer: Mapping[str, object] = {"problems": told(error.problems, tab)}
    ending = {"Connection": "close"} if status == 413 else {}  # or what is still to come would be read and thrown away
    return JSONResponse(answer, status, ending)
