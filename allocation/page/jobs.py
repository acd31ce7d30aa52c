"""Jobs: commands of this program, each in a process of its own, in the folder of the desk.

What is written is so the very bytes that the command writes, and whoever cancels one leaves nothing half-written. The
words of a command are a list that no shell reads; they are put together here and in the calls, never in a browser.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from threading import BoundedSemaphore, RLock, Thread
from typing import IO, Literal

from allocation.classes import dataclass
from allocation.commands.screen import JSON
from allocation.errors import AllocationError, Problem
from allocation.files.limits import JSON_BYTES
from allocation.page.answered import JobAnswer, job_answer
from allocation.page.desk import Desk, told_name
from allocation.page.processes import ENDING, begun, end
from allocation.texts import LANGUAGES, Speaker

AT_ONCE = 2
MOST_LINES = 2_000  # of what one job tells
MOST_SIGNS = 20_000  # of one word; more no system takes
KEPT = 50  # jobs that are remembered once they are done
MOST_WAITING = 100  # and running: each has a thread of the server
State = Literal["waiting", "running", "done", "refused", "fault", "cancelled"]
STATES: Mapping[int, State] = {0: "done", 1: "refused", 2: "refused"}


@dataclass(frozen=True)
class ToldLine:
    """A line that a command told; `beside`: on stderr, as what is wrong is."""

    text: str
    beside: bool = False


@dataclass(frozen=True)
class Job:
    """`words`: as a person would type them after `allocation`. `progress`: the last line that the next one replaces.

    `told`: what stands beside the `answer`; all of it where the command gave no answer that can be read. `products`:
    the files that the command itself says it wrote, by their names on the desk.
    """

    id: str
    words: tuple[str, ...]
    state: State = "waiting"
    told: tuple[ToldLine, ...] = ()
    answer: JobAnswer = JobAnswer()
    progress: str = ""
    code: int | None = None
    products: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def over(self) -> bool:
        return self.state not in ("waiting", "running")


@dataclass
class _Process:
    """What runs a job: `since` when; `cancelled` once somebody asked for that."""

    since: float = 0.0
    cancelled: bool = False
    popen: subprocess.Popen[bytes] | None = field(default=None, repr=False)


class Jobs:
    """Those of a desk. They end with the server, however that ends."""

    def __init__(self, desk: Desk):
        self._desk = desk
        self._lock = RLock()
        self._turn = BoundedSemaphore(AT_ONCE)
        self._jobs: dict[str, Job] = {}
        self._processes: dict[str, _Process] = {}

    def start(self, words: Sequence[str], speaker: Speaker) -> Job:
        """A job of these words, in the language of the speaker. What is wrong with them the command tells.

        Raises where no system would take them, or too many wait already.
        """
        _refuse(words)
        job = Job(secrets.token_hex(6), tuple(words))
        with self._lock:
            if sum(not each.over for each in self._jobs.values()) >= MOST_WAITING:
                raise AllocationError(Problem("page.jobs_many", {"most": MOST_WAITING}))
            self._jobs[job.id], self._processes[job.id] = job, _Process()
            for old in [each.id for each in self._jobs.values() if each.over][:-KEPT]:
                del self._jobs[old], self._processes[old]
        Thread(target=self._run, args=(job.id, speaker), daemon=True).start()
        return job

    def get(self, id: str) -> Job:
        """Raises where there is none."""
        with self._lock:
            job, process = self._jobs.get(id), self._processes.get(id)
        if job is None or process is None:
            raise AllocationError(Problem("page.no_job"))
        return replace(job, seconds=time.monotonic() - process.since) if job.state == "running" else job

    def listed(self) -> list[Job]:
        """Newest first."""
        with self._lock:
            return [self.get(id) for id in reversed(self._jobs)]

    def cancel(self, id: str) -> Job:
        """Ends a job, and all it started: first as Ctrl-C would, so that nothing is left half-written."""
        self.get(id)
        with self._lock:
            process = self._processes[id]
            process.cancelled = True
            if self._jobs[id].state == "waiting":  # for a place that it will not take
                self._put(id, state="cancelled")
            if process.popen:
                end(process.popen)
        return self.get(id)

    def end(self) -> None:
        """Cancels all that are not over, and waits for them."""
        for job in self.listed():
            if not job.over:
                self.cancel(job.id)
        for process in [*self._processes.values()]:
            if process.popen:
                process.popen.wait()

    def _run(self, id: str, speaker: Speaker) -> None:
        with self._turn:
            process = self._processes.get(id)
            with self._lock:
                if process is None or process.cancelled:
                    return
                process.since = time.monotonic()
                try:
                    popen = begun(self._desk.folder, _answering(self._jobs[id].words, speaker))
                except (OSError, ValueError) as error:
                    detail = getattr(error, "strerror", None) or str(error)
                    line = ToldLine(speaker.say("page.not_started", detail=detail), True)
                    self._put(id, state="fault", told=(line,))
                    return
                process.popen = popen
                self._put(id, state="running")
            answer = bytearray()
            readers = [Thread(target=_collect, args=(popen.stdout, answer), daemon=True),
                       Thread(target=self._read, args=(id, popen.stderr), daemon=True)]  # fmt: skip
            for reader in readers:
                reader.start()
            code = popen.wait()
            for reader in readers:
                reader.join(ENDING)
            self._answered(id, bytes(answer), speaker)
            with self._lock:
                state = "cancelled" if process.cancelled and code else STATES.get(code, "fault")
                products = tuple(sorted(_on_desk(self._desk, self._jobs[id].answer.files), key=_read_first))
                self._put(id, state=state, code=code, products=products, progress="",
                          seconds=time.monotonic() - process.since)  # fmt: skip

    def _answered(self, id: str, data: bytes, speaker: Speaker) -> None:
        """Puts what stood on standard output: the answer, or the lines of a text that is none."""
        answer = job_answer(data, speaker) if len(data) <= JSON_BYTES else None
        with self._lock:
            told = self._jobs[id].told
            if answer:
                self._put(id, answer=answer, told=tuple(line for line in told if not answer.says(line.text)))
                return
            long = len(data) > JSON_BYTES
            texts = [speaker.say("page.answer_too_long")] if long else [_text(line) for line in data.splitlines()]
            self._put(id, told=(*told, *(ToldLine(text) for text in texts[:MOST_LINES])))

    def _read(self, id: str, stream: IO[bytes]) -> None:
        """Lines on stderr as they come; one that ends with a carriage return only says how far it is."""
        rest = b""
        while piece := os.read(stream.fileno(), 1 << 16):
            *lines, rest = (rest + piece).replace(b"\r\n", b"\n").split(b"\n")
            for line in lines:
                self._tell(id, line.rsplit(b"\r", 1)[-1])
            *passing, rest = rest.split(b"\r")
            if passing:
                self._put(id, progress=_text(passing[-1]).strip())
        if rest:
            self._tell(id, rest)

    def _tell(self, id: str, line: bytes) -> None:
        with self._lock:
            told = self._jobs[id].told
            if len(told) < MOST_LINES:
                self._put(id, told=(*told, ToldLine(_text(line), True)))

    def _put(self, id: str, **changed: object) -> None:
        with self._lock:
            self._jobs[id] = replace(self._jobs[id], **changed)  # type: ignore[arg-type]


def option_word(option: str, value: str) -> str:
    """An option with its value in one word, so that no value is taken for an option."""
    return f"{option}={value}"


def _refuse(words: Sequence[str]) -> None:
    """Raises all words that no process can be started with."""
    problems = [Problem("page.word_odd", {"word": told_name(word)}) for word in words
                if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in word)]  # fmt: skip
    problems += [Problem("page.word_long", {"word": told_name(word), "most": MOST_SIGNS}) for word in words
                 if len(word) > MOST_SIGNS]  # fmt: skip
    if problems:
        raise AllocationError(problems)


def _answering(words: Sequence[str], speaker: Speaker) -> list[str]:
    """With --json, which every command takes, and --lang where that is not what it speaks by itself.

    What follows a lone -- is no option.
    """
    place = words.index("--") if "--" in words else len(words)
    said = [] if speaker.lang == LANGUAGES[0] else ["--lang", speaker.lang]
    return [*words[:place], *said, JSON, *words[place:]]


def _collect(stream: IO[bytes], answer: bytearray) -> None:
    """All of standard output, to one byte above what is read of it; the rest goes nowhere, lest the command wait."""
    while piece := os.read(stream.fileno(), 1 << 16):
        answer += piece[: JSON_BYTES + 1 - len(answer)]


def _on_desk(desk: Desk, files: Sequence[str]) -> Iterator[str]:
    """What a command says that it wrote, by the names on the desk; what lies elsewhere or is hidden is left out."""
    for file in files:
        path = Path(os.path.abspath(desk.folder / file))
        if path.is_relative_to(desk.folder) and desk.at(name := path.relative_to(desk.folder).as_posix()):
            yield name


def _read_first(name: str) -> tuple[bool, bool, str]:
    """What people open comes before what programs read, what a folder holds before what is kept deeper."""
    return not name.endswith((".docx", ".xlsx")), name.count("/") > 1, name


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r")
