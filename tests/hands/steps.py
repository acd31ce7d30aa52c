"""A command typed in a folder by a process of its own, which dies, or is refused, at one step of its way to the disk.

A step is a file opened to be written, made, renamed, linked, removed or synced, and a folder made or removed. A
process may also die within a write: the system ends it where a file would grow beyond so many bytes.
"""

from __future__ import annotations

import errno
import gc
import importlib
import os
import pkgutil
import resource
import shlex
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
NAMED = {"os.rename": 1, "os.link": 1, "os.remove": 0, "os.mkdir": 0, "os.rmdir": 0, "os.truncate": 0}
DEAD = (-signal.SIGKILL, -signal.SIGXFSZ)


@dataclass(frozen=True)
class Told:
    """The exit code of a command, of one that died minus the signal; what it printed; the steps it took."""

    code: int
    text: str
    steps: tuple[str, ...]

    @property
    def died(self) -> bool:
        return self.code in DEAD


def loaded() -> None:
    """All of the program, so that a process that is forked off begins at once."""
    import allocation

    for one in pkgutil.walk_packages(allocation.__path__, "allocation."):
        if not one.name.endswith("__main__"):
            importlib.import_module(one.name)
    for name in ("docx", "openpyxl", "xlsxwriter", "csv", "encodings.utf_8_sig"):
        importlib.import_module(name)


def typed(
    folder: Path, command: str, at: Callable[[int, str], None] | None = None, bytes_at: int = 0, dies: bool = True
) -> Told:
    """`at` is called before every step with its number and name; `bytes_at`: no file may grow beyond.

    A write that would make it do so ends the process, or (`dies` false) is refused.
    """
    pipes = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        _be_typed(folder, command, *(end for _, end in pipes), at, bytes_at, dies)
    texts = []
    for end, others in pipes:
        os.close(others)
        with open(end, encoding="utf-8", errors="replace") as heard:
            texts.append(heard.read())
    status = os.waitpid(child, 0)[1]
    code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return Told(code, texts[0], tuple(texts[1].splitlines()))


def _be_typed(folder: Path, command: str, told: int, steps: int, at, bytes_at: int, dies: bool) -> None:
    """What the process does; it ends here."""
    code = 99
    try:
        os.chdir(folder)
        os.dup2(told, 1), os.dup2(told, 2)
        os.close(told)
        _watch(folder, steps, at)
        if bytes_at:
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL if dies else signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_at, bytes_at))
        sys.argv = ["allocation", *shlex.split(command)]
        from allocation.cli import main

        main()
    except SystemExit as stopped:
        code = stopped.code or 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        with suppress(BaseException):
            gc.collect()  # what a library closes late is heard as well
            sys.stdout.flush(), sys.stderr.flush()
        os._exit(code)


def _watch(folder: Path, steps: int, at) -> None:
    count, sync, home = 0, os.fsync, os.path.realpath(folder)

    def step(name: str) -> None:
        nonlocal count
        count += 1
        os.write(steps, (name.replace(home, "") + "\n").encode("utf-8", "replace"))
        if at:
            at(count, name)

    def seen(event: str, given: tuple) -> None:
        if event == "open" and isinstance(given[0], str | bytes | os.PathLike) and (given[2] or 0) & WRITES:
            named = given[0]
        elif event in NAMED:
            named = given[NAMED[event]]
        else:
            return
        path = os.path.abspath(os.fsdecode(named)) if not isinstance(named, int) else home
        if path.startswith(home + os.sep):
            step(f"{event} {path}")

    def synced(number: int) -> None:
        step("fsync")
        sync(number)

    sys.addaudithook(seen)
    os.fsync = synced


def killing(step: int, held: str = "") -> Callable[[int, str], None]:
    """Death at a step; `held`: the file that no other may replace, as one that Excel has open on Windows."""

    def at(count: int, name: str) -> None:
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)
        if held and name == f"os.rename {held}":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), held, None, held)

    return at


def tree(folder: Path) -> dict[str, bytes]:
    """Every file by its place in the folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
