"""Calls that may take long, each answered in a process of its own: the same function, asked the same.

Whoever asks keeps the connection open; when he leaves, or the server ends, the process ends. Of a work with few units
a call is answered at once in the server itself: a process takes longer to begin than such a call to answer.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import cast

from allocation.commands.session import CALL
from allocation.errors import AllocationError
from allocation.page.call import ApiCall, OfWork, Visit
from allocation.page.desk import Desk
from allocation.page.jobs import Jobs
from allocation.page.outcome import Outcome, failed, outcome
from allocation.page.processes import begun, end
from allocation.page.watched import end_with_the_page
from allocation.page.works import Works
from allocation.page.workshop import Workshop
from allocation.texts import Speaker

AT_ONCE = 2


def takes_long(visit: Visit, call: ApiCall, body: bytes) -> bool:
    """Whether it is to be answered apart; what cannot be asked is refused at once."""
    if call.at_once is None:
        return False
    try:
        asked = cast(OfWork, call.asked_of(body))
        material = visit.engine.opened(visit.works.get(asked.work)).table.material
    except (AllocationError, OSError):
        return False
    return material is not None and len(material.table) > call.at_once


class Apart:
    """The processes of a desk: so many at once, the others wait."""

    def __init__(self, desk: Desk):
        self._folder = desk.folder
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def answer(self, call: ApiCall, body: bytes, speaker: Speaker) -> Outcome:
        """What the call comes to. Whoever cancels this ends the process."""
        line = json.dumps([call.name, body.decode("utf-8", "replace"), speaker.lang]).encode() + b"\n"
        async with self._turn:
            try:
                popen = begun(self._folder, (), CALL, stderr=None)
            except OSError as error:
                return failed(error, speaker)
            try:
                told = await asyncio.to_thread(_told, popen, line)
            finally:
                end(popen)
        status, _, answer = told.partition(b"\n")
        return (int(status), answer) if status else failed(EOFError(), speaker)


def _told(popen: subprocess.Popen[bytes], line: bytes) -> bytes:
    """All that it tells of a question; nothing of one that ended without an answer."""
    assert popen.stdin and popen.stdout
    with suppress(OSError, ValueError):  # it ended meanwhile, or was ended
        popen.stdin.write(line)
        with popen.stdout:
            told = popen.stdout.read()
        return told if popen.wait() == 0 else b""
    return b""


def answered_apart() -> int:
    """What such a process does: reads one question, tells what it comes to. The exit code."""
    from allocation.page.calls import CALLS

    line = sys.stdin.buffer.readline()
    end_with_the_page()
    try:
        name, body, lang = json.loads(line)
        desk = Desk(Path.cwd())
        visit = Visit(desk, Works(desk), Workshop(desk), Jobs(desk), lang)
        call = CALLS[name]
        status, told = outcome(lambda: call.body(visit, call.asked_of(body.encode())), visit)
        sys.stdout.buffer.write(b"%d\n" % status + told)
        sys.stdout.flush()
    except (KeyboardInterrupt, ValueError):  # nobody waits any more
        return 2
    return 0
