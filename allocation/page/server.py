"""The server: calls, files and the page itself, behind their door; started, and the browser opened on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.limits import FILE_BYTES, JSON_BYTES
from allocation.page.apart import Apart, takes_long
from allocation.page.call import ApiCall, OfWork, Visit
from allocation.page.calls import CALLS
from allocation.page.desk import Desk
from allocation.page.guarding import LOOK, Door, Guard
from allocation.page.jobs import Jobs
from allocation.page.openapi import described
from allocation.page.outcome import Outcome, json_bytes, outcome, refused
from allocation.page.words import page_words
from allocation.page.works import Works
from allocation.page.workshop import Workshop
from allocation.texts import LANGUAGES, Speaker
from allocation.texts.remedies import Reader

STATIC = Path(__file__).parent / "static"
LANG = "x-lang"  # the header that says a tab's language
REVISION = "x-revision"  # that of the work that a call is about, once it is answered


@dataclass(frozen=True)
class Tab(Speaker):
    """What a tab of a browser speaks."""

    lang: str = LANGUAGES[0]
    reader: Reader = "page"


class PageServer:
    """What is answered at one desk."""

    def __init__(self, desk: Desk):
        self._desk, self._works = desk, Works(desk)
        self._workshop, self._jobs, self._apart = Workshop(desk), Jobs(desk), Apart(desk)

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
        body = await _body(request, JSON_BYTES)
        if body is not None and await run_in_threadpool(takes_long, self._visit(request), asked, body):
            answer = await _while_there(request, self._apart.answer(asked, body, _tab(request)))
        else:
            answer = await self._answered(request, lambda _, body: self._called(asked, request, body), body)
        return await run_in_threadpool(self._revised, asked, body or b"", answer)

    def _called(self, call: ApiCall, request: Request, body: bytes) -> object:
        self._desk.stands()
        if call.changes:
            _changing(request)
        return call.body(self._visit(request), call.asked_of(body))

    def _visit(self, request: Request) -> Visit:
        return Visit(self._desk, self._works, self._workshop, self._jobs, _tab(request).lang)

    def _revised(self, call: ApiCall, body: bytes, answer: Response) -> Response:
        """An answer about a work tells the revision of that."""
        asked = call.asked_of(body) if answer.status_code == HTTPStatus.OK else None
        if isinstance(asked, OfWork) and (revision := self._works.revision(asked.work)):
            answer.headers[REVISION] = str(revision)
        return answer

    async def _answered(
        self, request: Request, work: Callable[[Request, bytes], object], body: bytes | None
    ) -> Response:
        tab = _tab(request)
        if body is None:
            return _refused(AllocationError(Problem("page.too_large")), tab, 413)
        return _response(await run_in_threadpool(outcome, lambda: work(request, body), tab))

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
    return _response((HTTPStatus.OK, json_bytes(answer)))


def _refused(error: AllocationError, tab: Tab, status: int) -> Response:
    ending = {"Connection": "close"} if status == 413 else {}  # or what is still to come would be read and thrown away
    return _response(refused(error, tab, status), ending)


def _response(told: Outcome, headers: Mapping[str, str] | None = None) -> Response:
    status, answer = told
    return Response(answer, status, headers, media_type="application/json")


async def _while_there(request: Request, told: Coroutine[Any, Any, Outcome]) -> Response:
    """The answer, worked out as long as whoever asked for it is there."""
    work, left = asyncio.ensure_future(told), asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({work, left}, return_when=asyncio.FIRST_COMPLETED)
        return _response(work.result()) if work.done() else Response(status_code=HTTPStatus.NO_CONTENT)
    finally:
        work.cancel()
        left.cancel()


async def _left(request: Request) -> None:
    """Comes back when nobody waits for the answer any more."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
