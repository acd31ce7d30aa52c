"""The command line: its commands, and every mistake as a message.

Exit codes: 0 fine, 1 a check failed, 2 bad input, 3 a fault of the program itself, said as such with what to send on.
"""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from allocation import __version__
from allocation.commands.by_name import COMMANDS
from allocation.commands.helped import HelpedGroup
from allocation.commands.screen import JSON, JsonAnswer, Screen
from allocation.commands.session import CALL, WATCHED, Session, language_typed
from allocation.commands.typed import given_twice, mended
from allocation.commands.unforeseen import outcome, unforeseen
from allocation.errors import AllocationError, Problem
from allocation.files.limits import FIGURE_DIGITS
from allocation.files.text_out import unseen_in
from allocation.files.written import WRITTEN
from allocation.texts import LANGUAGES
from allocation.texts.remedies import option_words

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

AT_FIRST = 150_000  # objects that may point to each other: somewhat more than a run of a few counties makes
ANYWAY = ("versions.made_of_other",)  # hints that are told whatever a command answers
THREADS = {"OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"}


@click.group(cls=HelpedGroup, commands=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False)
@click.version_option(__version__, prog_name="allocation", message="%(prog)s %(version)s")
def cli() -> None:
    """Splits funds and land quotas across counties from a policy written as data."""


class _Options:
    """The options of all commands, asked for one by one: parts are read only where a word is spelt oddly."""

    def __contains__(self, option: object) -> bool:
        from allocation.commands.usage import owners

        return bool(owners(str(option)))


class _Pipe(io.FileIO):
    """An end of a pipe whose reader may leave (`| head`): the command goes on, and ends as it would have."""

    def write(self, data: ReadableBuffer) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes


def _speak_utf8() -> None:
    """Console and files in UTF-8 whatever the locale says, and nothing said twice where a pipe breaks.

    Names of files follow the locale: where that knows no Chinese, the program starts once more in UTF-8 mode.
    """
    if os.name == "posix" and sys.getfilesystemencoding() != "utf-8" and not sys.flags.utf8_mode:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        buffer = getattr(stream, "buffer", None)
        if isinstance(getattr(buffer, "raw", buffer), io.FileIO) and not stream.isatty():
            pipe = io.BufferedWriter(_Pipe(stream.fileno(), "w", closefd=False))
            setattr(sys, name, io.TextIOWrapper(pipe, "utf-8", "replace", line_buffering=name == "stderr"))
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def collect_late() -> None:
    """The collector waits while a command starts: all is still in use. Whoever makes more than that has it as usual."""
    usual = gc.get_threshold()

    def begin(phase: str, told: dict[str, int]) -> None:
        if phase == "stop":
            gc.set_threshold(*usual)
            gc.callbacks.remove(begin)

    gc.callbacks.append(begin)
    gc.set_threshold(AT_FIRST, *usual[1:])


def end_at_once() -> None:
    """As the process ends, nothing of what a command made is looked through for circles: the memory goes back whole,
    and the search takes a fifth of a run. Whatever else waits for the end has its turn before.
    """
    atexit.register(gc.freeze)


def one_thread(said: Mapping[str, str]) -> dict[str, str]:
    """What numpy's library of matrices is told as it is read, unless somebody has: nothing here asks it for more, and
    its threads cost a third of a start."""
    return {} if THREADS & said.keys() else {"OPENBLAS_NUM_THREADS": "1"}


def main() -> None:
    """Entry point: every mistake a person can make is a message and exit code 2, never a traceback."""
    sys.unraisablehook = lambda told: None  # a library's file that fails once more as it is closed; it has been told
    collect_late()
    end_at_once()
    os.environ.update(one_thread(os.environ))
    sys.set_int_max_str_digits(FIGURE_DIGITS)
    _speak_utf8()
    if os.environ.get(WATCHED) == CALL:
        from allocation.page.apart import answered_apart

        sys.exit(answered_apart())
    of_page = WATCHED in os.environ
    if of_page:
        from allocation.page.watched import end_with_the_page

        end_with_the_page()
    WRITTEN.clear()
    sys.argv = [sys.argv[0], *mended(sys.argv[1:], _Options())]
    answer = JsonAnswer() if JSON in sys.argv[1:] else None
    screen = Screen(language_typed(sys.argv[1:]), answer, "page" if of_page else "terminal")
    try:
        code = _answered(screen)
        sys.stdout.flush()
    except OSError as error:
        if isinstance(getattr(sys.stdout, "buffer", None), io.BufferedWriter):  # what is left must not fail once more
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        slots = {"path": error.filename or "", "detail": error.strerror or error}
        _stopped(screen.say("cli.system", **slots) + outcome(screen), screen)
        code = 2
    except Exception as error:
        _stopped(unforeseen(error, screen), screen)
        code = 3
    if screen.answer:
        screen.answer.files.extend(dict.fromkeys(path.as_posix() for path in WRITTEN))
        with suppress(OSError):  # a reader that left, or a full disk: that has been told
            click.echo(screen.answer.text(code))
            sys.stdout.flush()
    sys.exit(code)


def _stopped(text: str, screen: Screen) -> None:
    """Tells what is no fault of a file that was handed in."""
    screen.line(text, err=True)
    if screen.answer:
        screen.answer.problems.append({"id": "", "text": text, "place": "", "sheet": "", "cell": "", "advice": False})


def _answered(screen: Screen) -> int:
    """The exit code of the command typed, all that is wrong with it said."""
    command = cli.commands.get(next((word for word in sys.argv[1:] if not word.startswith("-")), ""))
    hints: list[Problem] = []  # what reading the tables told, lest it be lost where something else is wrong
    odd = [sign for word in sys.argv[1:] for sign in unseen_in(word)]
    try:
        if odd:
            raise AllocationError(Problem("cli.unseen", {"found": odd}))
        if twice := given_twice(sys.argv[1:], command):
            raise AllocationError([Problem("cli.twice", {"option": option_words(option)}) for option in twice])
        code: int | None = cli(prog_name="allocation", standalone_mode=False, obj=Session(screen, hints))
        for text in dict.fromkeys(hint.told_by(screen) for hint in hints if hint.id in ANYWAY):
            screen.line(screen.say("cli.note", text=text), err=screen.answer is None)
        return code or 0
    except AllocationError as error:
        if screen.answer:
            from allocation.report.problems_json import told

            screen.answer.problems.extend(told(error.problems, screen))
        screen.line(error.told_by(screen), err=True)
        for text in _hinted(hints, error, screen):
            screen.line(text, err=True)
        screen.line(screen.say("cli.stopped", count=error.count) + outcome(screen), err=True)
    except click.exceptions.NoArgsIsHelpError as error:
        screen.line(error.ctx.get_help())
        return 0
    except click.ClickException as error:
        from allocation.commands.usage import usage_text

        _stopped(usage_text(error, screen), screen)
    except (click.Abort, KeyboardInterrupt):
        _stopped(screen.say("cli.interrupted") + outcome(screen), screen)
    return 2


def _hinted(hints: list[Problem], error: AllocationError, screen: Screen) -> list[str]:
    """The hints that the error does not say itself, each once, below a heading."""
    said = {problem.told_by(screen) for problem in error.problems}
    texts = [text for text in dict.fromkeys(hint.told_by(screen) for hint in hints) if text not in said]
    return [screen.say("cli.hints"), *(screen.say("cli.note", text=text) for text in texts)] if texts else []


if __name__ == "__main__":
    main()
