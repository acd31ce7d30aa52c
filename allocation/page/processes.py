"""This program once more, in a process of its own: whoever begins it holds its input, and ends it by closing that."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread

from allocation.commands.session import COMMAND, WATCHED
from allocation.page.watched import PATIENCE

ENDING = 2.0  # seconds beyond its own patience after which a process and all it started are killed


def begun(
    folder: Path, words: Sequence[str], kind: str = COMMAND, stderr: int | None = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    """A process of that kind (see watched.py); its own files and those it stands on are never sought in the folder.

    Raises OSError and ValueError where the system starts none.
    """
    whole = [sys.executable, *words] if getattr(sys, "frozen", False) else [sys.executable, "-m", "allocation", *words]
    package = str(Path(__file__).resolve().parents[2])
    sought = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH", "")]))
    environment = {**os.environ, "PYTHONPATH": sought, "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1", WATCHED: kind}
    apart = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)  # of Windows
    return subprocess.Popen(
        whole, cwd=folder, env=environment, start_new_session=os.name == "posix", bufsize=0, creationflags=apart,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr,
    )  # fmt: skip


def end(popen: subprocess.Popen[bytes]) -> None:
    """Ends it, and all it started: first as Ctrl-C would, so that nothing is left half-written."""
    if popen.stdin:
        with suppress(OSError):
            popen.stdin.close()
    Thread(target=_killed_in_time, args=(popen,), daemon=True).start()


def _killed_in_time(popen: subprocess.Popen[bytes]) -> None:
    """Kills a process that was asked to end and did not, with all it started."""
    with suppress(subprocess.TimeoutExpired):
        popen.wait(PATIENCE + ENDING)
        return
    with suppress(OSError):
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(popen.pid)], check=False, capture_output=True)
        else:
            os.killpg(popen.pid, signal.SIGKILL)
