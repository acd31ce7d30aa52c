"""Starting the page: the folder, a free port, the door, and the browser opened on it."""

from __future__ import annotations

import ipaddress
import json
import os
import secrets
import socket
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import uvicorn

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.given_files import given_bytes, given_json
from allocation.files.reach import DESK, MACHINE, keep_within
from allocation.files.whole_files import bytes_writer, place
from allocation.page.desk import KEPT, Desk
from allocation.page.guarding import LOOPBACK, MARK, Door
from allocation.page.server import application
from allocation.texts import both

FIRST, TRIED = 8765, 20  # ports that are tried where none was named
STARTERS = ("start.bat", "start.sh")  # what lies in the program's own folder
TOKEN, TOKEN_BYTES = "token", 24  # the file of an office server's token, in the folder of what is kept
ANY = ("0.0.0.0", "::")  # every address of this machine
LOCAL = ("", *LOOPBACK)  # what is said of the host where the page is for this machine alone
ENDED = 2  # seconds that whoever still waits for an answer is given when the server ends
RUNNING = "running.json"  # where the page of a desk is


@dataclass(frozen=True)
class PageAsked:
    """`host`: the address of an office server; empty for this machine alone."""

    folder: Path | None = None
    port: int | None = None
    host: str = ""
    browser: bool = True


def desk_folder(asked: Path | None) -> Path:
    """The folder to work in. Raises where there is none of that name.

    Without a name it is the one where one stands; where that is the program's own, one within it, lest the files of the
    program lie on the desk.
    """
    folder = asked or Path.cwd()
    if asked is None and any((folder / name).is_file() for name in STARTERS):
        folder = folder / both("page.desk_folder").zh
        folder.mkdir(exist_ok=True)
    if not folder.is_dir():
        raise AllocationError(Problem("page.no_folder", where=str(folder)))
    return folder.resolve()


def serve(asked: PageAsked, say: Callable[..., None]) -> None:
    """Serves the page until somebody ends it; `say` tells where it is.

    Raises where there is no such folder, or the port is taken.
    """
    folder = desk_folder(asked.folder)
    os.chdir(folder)  # files are named as a person in that folder would type them
    sys.path[:] = [
        entry for entry in sys.path if Path(entry).resolve() != folder
    ]  # what lies there is data, never code
    if not asked.host and (address := running_at(folder)):
        say("page.runs_already", address=address)
        _open(address, asked.browser)
        return
    with _kept(asked.host, folder):
        _serve(asked, folder, say)


def _serve(asked: PageAsked, folder: Path, say: Callable[..., None]) -> None:
    host = asked.host or LOOPBACK[0]
    held = _socket(host, [asked.port] if asked.port else [*_port_before(folder), *range(FIRST, FIRST + TRIED), 0])
    desk = Desk(folder)
    door = door_of(asked.host, desk)
    port, token = held.getsockname()[1], f"?token={door.token}" if door.token else ""
    address = f"http://{_typed(host)}:{port}/{token}"
    if not asked.host:
        place({desk.kept / RUNNING: bytes_writer(json.dumps({"address": address}).encode())})
    say("page.at", address=address, folder=str(Path.cwd()))
    if token:
        others = [f"http://{number}:{port}/{token}" for number in _numbers()] if host in ANY else []
        say("page.office", addresses=others or "")
    _open(address, asked.browser)
    config = uvicorn.Config(application(desk, door), log_level="warning", server_header=False, http="h11", ws="none",
                            timeout_graceful_shutdown=ENDED)  # fmt: skip
    uvicorn.Server(config).run(sockets=[held])


@contextmanager
def _kept(host: str, folder: Path) -> Iterator[None]:
    """Keeps what is read within reach: of this machine, of an office server of the desk alone, and of a
    temporary folder where nobody else's files lie."""
    if host in LOCAL:
        keep_within(MACHINE, folder)
        yield
        return
    with tempfile.TemporaryDirectory(prefix="allocation-", ignore_cleanup_errors=True) as temporary:
        tempfile.tempdir = temporary
        os.environ.update(TMPDIR=temporary, TEMP=temporary, TMP=temporary)
        keep_within(DESK, folder)
        yield


def running_at(folder: Path) -> str:
    """Where a page of this folder answers already, as a second double click finds it; empty where none does."""
    try:
        address = given_json(folder / KEPT / RUNNING)["address"]
        port = urlsplit(address).port
        if urlsplit(address).hostname != LOOPBACK[0] or port is None:
            return ""
        connection = HTTPConnection(LOOPBACK[0], port, timeout=2)
        connection.request("POST", "/api/desk.look", b"{}", {MARK: "1"})
        told = json.loads(connection.getresponse().read())
    except (OSError, ValueError, KeyError, TypeError, HTTPException, AllocationError):
        return ""
    return str(address) if isinstance(told, dict) and told.get("folder") == str(folder) else ""


def _port_before(folder: Path) -> list[int]:
    """That of the page of this folder when it last ran, lest a tab that is still open be left behind."""
    try:
        port = urlsplit(str(given_json(folder / KEPT / RUNNING)["address"])).port
    except (OSError, ValueError, KeyError, TypeError, AllocationError):
        return []
    return [port] if port else []


def _open(address: str, browser: bool) -> None:
    if browser:
        Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def door_of(host: str, desk: Desk) -> Door:
    """This machine alone, without a token; of an office server whoever has that of the desk."""
    if host in LOCAL:
        return Door()
    return Door((*LOOPBACK, host, socket.gethostname()), host in ANY, _token(desk.kept / TOKEN))


def _token(path: Path) -> str:
    """What was generated for this desk: the same until somebody deletes its file, so that a kept address stays good."""
    with suppress(OSError, ValueError, AllocationError):  # there is none yet, or no good one
        text = given_bytes(path).decode("ascii").strip()
        if len(text) >= TOKEN_BYTES and text.isprintable():
            return text
    text = secrets.token_urlsafe(TOKEN_BYTES)
    place({path: bytes_writer(text.encode())})
    with suppress(OSError):
        path.chmod(0o600)
    return text


def _numbers() -> list[str]:
    """The addresses of this machine in numbers, for networks that know no names; those of loopback left out."""
    try:
        listed = socket.gethostbyname_ex(socket.gethostname())[2]
    except OSError:
        return []
    return [number for number in listed if not ipaddress.ip_address(number).is_loopback]


def _typed(host: str) -> str:
    """A host as a colleague types it: that of every address of this machine is the machine's name."""
    if host in ANY:
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host


def _socket(host: str, ports: list[int]) -> socket.socket:
    """Bound to the first port that is free."""
    for tried in ports:
        held = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        try:
            if os.name == "posix":
                held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            held.bind((host, tried))
            held.listen(128)  # whoever asks before the server is up waits
        except OSError:
            held.close()
            continue
        return held
    raise AllocationError(Problem("page.port_taken", {"port": ports[0]}))
