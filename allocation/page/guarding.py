"""Who may ask the page: its own pages in a browser on this machine, or whoever was given the token of an office server.

A page of another site that a browser has open can send requests here as well. So the Host must be ours (or a stranger's
name could be made to point here), the Origin where there is one must be that Host, and a call must carry a header that
no form can send.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qs

from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from allocation.classes import dataclass
from allocation.patterns import LatePattern
from allocation.texts import say

MARK = "x-allocation"  # the header of a call
LOOK = "x-look"  # the header of a tab that only looks
COOKIE = "allocation_token"
BEARER = "bearer"
HOST = LatePattern(r"(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+))(?::\d{1,5})?")  # a number or name, and a port
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Door:
    """`names`: the hosts it answers to; any address of numbers besides, where `open`. `token`: empty where none is
    asked for."""

    names: tuple[str, ...] = LOOPBACK
    open: bool = False
    token: str = ""

    def knows(self, host: str) -> bool:
        """Whether a Host header is one of ours, whatever its port."""
        match = HOST.fullmatch(host)
        name = (match[1] or match[2]).lower() if match else ""
        return name in {known.strip("[]").lower() for known in self.names} or self.open and _is_address(name)

    def refused(self, scope: Scope) -> str:
        """The id of the message that says why a request is refused; empty where it is not."""
        headers = _headers(scope)
        host, origin = headers.get("host", ""), headers.get("origin", "")
        if not self.knows(host):
            return "page.wrong_host"
        if origin and origin.lower() != f"http://{host.lower()}":
            return "page.wrong_origin"
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and scope["path"] != "/":
            return "page.wrong_origin"
        if scope["method"] not in ("GET", "HEAD") and headers.get(MARK) != "1":
            return "page.wrong_origin"
        return ""

    def lets_in(self, scope: Scope) -> bool:
        """Whether it carries the token, where one is asked for."""
        if not self.token:
            return True
        headers = _headers(scope)
        kind, _, carried = headers.get("authorization", "").partition(" ")
        if kind.lower() == BEARER:  # another program: docs/api.md
            return self._is_token(carried.strip())
        # cookies of others that are broken lock nobody out
        pairs = (pair.strip().partition("=") for pair in headers.get("cookie", "").split(";"))
        return any(self._is_token(value.strip('" ')) for name, _, value in pairs if name == COOKIE)

    def token_in(self, scope: Scope) -> bool:
        given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        return bool(self.token) and self._is_token(given)

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self.token.encode())


class Guard:
    """The application behind its door."""

    def __init__(self, app: ASGIApp, door: Door):
        self._app, self._door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        answer = self._answer(scope)
        if answer:
            await answer(scope, receive, _sealed(send))
        else:
            await self._app(scope, receive, _sealed(send))

    def _answer(self, scope: Scope) -> Response | None:
        """What is answered at the door itself."""
        if message := self._door.refused(scope):
            return PlainTextResponse(_in_both(message), 403)
        if self._door.lets_in(scope):
            return None
        if scope["path"] == "/" and self._door.token_in(scope):
            answer = RedirectResponse("/", 303)
            answer.set_cookie(COOKIE, self._door.token, httponly=True, samesite="strict", max_age=30 * 24 * 3600)
            return answer
        return PlainTextResponse(_in_both("page.no_token"), 401)


def _sealed(send: Send) -> Send:
    """Sends with the headers of ours."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            said = {name.lower() for name, _ in message["headers"]}
            added = [(key.lower().encode(), text.encode()) for key, text in HEADERS.items()]
            message = {**message, "headers": [*message["headers"], *(pair for pair in added if pair[0] not in said)]}
        await send(message)

    return sent


def _headers(scope: Scope) -> Mapping[str, str]:
    pairs: Iterable[tuple[bytes, bytes]] = scope["headers"]
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in pairs}


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _in_both(message: str) -> str:
    return f"{say('zh', message)}\n{say('en', message)}\n"
