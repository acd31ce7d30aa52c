"""Starting the page: the folder, a free port, the door, and the browser opened on it."""

from __future__ import annotations

import os
import secrets
import socket
import webbrowser
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import uvicorn

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.page.desk import Desk
from allocation.page.guarding import LOOPBACK, Door
from allocation.page.server import application

FIRST, TRIED = 8765, 20  # ports that are tried where none was named


@dataclass(frozen=True)
class PageAsked:
    """`host`: the address of an office server; empty for this machine alone."""

    folder: Path
    port: int | None = None
    host: str = ""
    browser: bool = True


def serve(asked: PageAsked, say: Callable[..., None]) -> None:
    """Serves the page until somebody ends it; `say` tells where it is.

    Raises where there is no such folder, or the port is taken.
    """
    if not asked.folder.is_dir():
        raise AllocationError(Problem("page.no_folder", where=str(asked.folder)))
    os.chdir(asked.folder)  # files are named as a person in that folder would type them
    host = asked.host or LOOPBACK[0]
    held = _socket(host, asked.port)
    door = door_of(asked.host)
    address = f"http://{host}:{held.getsockname()[1]}/" + (f"?token={door.token}" if door.token else "")
    say("page.at", address=address, folder=str(Path.cwd()))
    if asked.browser:
        Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    config = uvicorn.Config(application(Desk(Path.cwd()), door), log_level="warning", server_header=False)
    uvicorn.Server(config).run(sockets=[held])


def door_of(host: str) -> Door:
    """This machine alone, without a token; of an office server whoever has one."""
    if host in ("", *LOOPBACK):
        return Door()
    return Door((*LOOPBACK, host, socket.gethostname()), host in ("0.0.0.0", "::"), secrets.token_urlsafe(24))


def _socket(host: str, port: int | None) -> socket.socket:
    """Bound to the port asked for, else to the first that is free."""
    for tried in [port] if port else [*range(FIRST, FIRST + TRIED), 0]:
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
    raise AllocationError(Problem("page.port_taken", {"port": port}))
