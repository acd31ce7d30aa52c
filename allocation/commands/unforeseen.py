"""The last door: a fault of the program itself is said as one, in words, with what to send to those who mend it."""

from __future__ import annotations

import platform
import sys
import tempfile
import traceback
from datetime import datetime
from pathlib import Path

from allocation import __version__
from allocation.commands.screen import Screen
from allocation.files.written import WRITTEN

DEEPEST = 40  # frames of the way to the fault that are kept, from its end
SHORT = 6  # of them printed where nothing can be written


def unforeseen(error: BaseException, screen: Screen) -> str:
    """What to tell the person; the details go to a file in the folder one works in, or the one for temporary files."""
    way = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    ours = [frame for frame in way if "allocation" in Path(frame.filename).parts]
    last = (ours or way)[-1:]
    place = f"{Path(last[0].filename).name}:{last[0].lineno}" if last else ""
    lines = [
        f"allocation {__version__} · Python {platform.python_version()} · {platform.platform()}",
        " ".join(["allocation", *sys.argv[1:]]),
        *(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in way),
        "".join(traceback.format_exception_only(error)).strip(),
    ]
    said = [screen.say("cli.unforeseen", kind=type(error).__name__, place=place)]
    kept = _kept("\n".join(lines) + "\n")
    if kept:
        said.append(screen.say("cli.unforeseen_kept", path=kept))
    else:
        said += [screen.say("cli.unforeseen_lost"), lines[0], *lines[2:-1][-SHORT:], lines[-1][:300]]
    end = outcome(screen)
    return "\n".join([*said, end[0].upper() + end[1:]])


def outcome(screen: Screen) -> str:
    """Whether anything was written before the command stopped, and what."""
    if not WRITTEN:
        return screen.say("cli.nothing_written")
    return screen.say("cli.written_before", files=[path.as_posix() for path in WRITTEN])


def _kept(text: str) -> str:
    """Where the details now stand; nothing where no folder takes them."""
    for folder in (Path(), Path(tempfile.gettempdir())):
        path = folder / f"allocation-fault-{datetime.now():%Y%m%d-%H%M%S}.txt"
        try:
            with path.open("x", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
            return path.as_posix()
        except OSError:
            continue
    return ""
