"""The command line: its commands, and every mistake as a message.

Exit codes: 0 fine, 1 a check failed, 2 bad input, 3 a fault of the program itself, said as such with what to send on.
"""

from __future__ import annotations

import gc
import io
import os
import re
import sys
from typing import TYPE_CHECKING

import click

from allocation import __version__
from allocation.commands.by_name import COMMANDS
from allocation.commands.typed import given_twice, mended
from allocation.commands.unforeseen import outcome, unforeseen
from allocation.errors import AllocationError, Problem, nearest
from allocation.files.limits import FIGURE_DIGITS
from allocation.files.text_out import unseen_in
from allocation.files.written import WRITTEN
from allocation.texts import say

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


@click.group(commands=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="allocation")
def cli() -> None:
    """分配测算：按政策模型把资金和用地指标分到各县。

    Splits funds and land quotas across counties from a policy written as data.
    """


def _language(arguments: list[str]) -> str:
    for place, word in enumerate(arguments):
        if word == "--lang=en" or (word == "--lang" and arguments[place + 1 : place + 2] == ["en"]):
            return "en"
    return "zh"


def _usage(error: click.ClickException, lang: str) -> str:
    """Click's complaint in the reader's language."""
    context = getattr(error, "ctx", None)
    command = context.command if context else cli
    called = context.info_name if context else None
    known = [opt for p in command.params for opt in p.opts if opt.startswith("-")]
    if isinstance(error, click.NoSuchOption):
        if isinstance(command, click.Group) and _owners(error.option_name):
            return say(lang, "cli.option_first", option=error.option_name)
        near = nearest(error.option_name, known)
        return say(lang, "cli.no_option", option=error.option_name, nearest=near, known=known)
    if isinstance(error, click.MissingParameter) and called == "verify":
        return say(lang, "cli.missing_workbook")
    if isinstance(error, click.MissingParameter) and isinstance(error.param, click.Option):
        option = error.param.opts[-1]
        return say(lang, "cli.missing_option", option=option, example=f"{option} {_EXAMPLES.get(option, '…')}")
    if isinstance(error, click.MissingParameter):
        return say(lang, "cli.missing", name=say(lang, "cli.model"), command=called)
    if isinstance(error, click.BadParameter) and error.param:
        return _bad_value(error, error.param, lang)
    if isinstance(error, click.BadOptionUsage):
        example = f"{error.option_name} {_EXAMPLES.get(error.option_name, '…')}"
        return say(lang, "cli.needs_value", option=error.option_name, example=example)
    quoted = re.findall(r"No such command '(.*)'", str(error))
    if quoted:
        near = nearest(quoted[0], cli.commands)
        return say(lang, "cli.no_command", name=quoted[0], nearest=near, known=list(cli.commands))
    extra = re.findall(r"unexpected extra arguments? \((.*)\)", error.format_message())
    if extra and extra[0].startswith(("=", "＝")):
        return say(lang, "cli.spaced", found=extra[0])
    if extra and called == "verify":
        return say(lang, "cli.extra_workbook", found=extra[0])
    return say(lang, "cli.extra", found=extra[0]) if extra else say(lang, "cli.usage", message=error.format_message())


_EXAMPLES = {
    "--input": "inputs/jinzhou_2017.xlsx",
    "--year": "2017",
    "--data": "旧表.xlsx 新表.xlsx",
    "--set": "pool=6000",
    "--out": "outputs",
    "--layout": "呈批",
    "--paper": "A3",
    "--manifest": "outputs/incentive_fund.json",
    "--stage": "送审稿",
    "--edition": "送县",
    "--reason": '"按处室意见调整资金总额"',
}


class _Options:
    """The options of all commands, asked for one by one: parts are read only where a word is spelt oddly."""

    def __contains__(self, option: object) -> bool:
        return bool(_owners(str(option)))


def _owners(option: str) -> list[str]:
    """The commands that have an option."""
    return [name for name, command in cli.commands.items() if any(option in p.opts for p in command.params)]


def _bad_value(error: click.BadParameter, param: click.Parameter, lang: str) -> str:
    option, kind = param.opts[-1], param.type
    typed = re.sub(r" is not .*", "", error.message).strip("'")
    if isinstance(kind, click.Choice):
        return say(lang, "cli.bad_choice", option=option, known=tuple(kind.choices), found=typed)
    if isinstance(kind, click.IntRange):
        return say(lang, "cli.bad_range", option=option, low=kind.min, high=kind.max, found=typed)
    return say(lang, "cli.bad_value", option=option, message=error.message)


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


def main() -> None:
    """Entry point: every mistake a person can make is a message and exit code 2, never a traceback."""
    sys.unraisablehook = lambda told: None  # a library's file that fails once more as it is closed; it has been told
    gc.disable()  # a command lives for a second or two: collecting only walks what is all still in use
    sys.set_int_max_str_digits(FIGURE_DIGITS)
    _speak_utf8()
    WRITTEN.clear()
    sys.argv = [sys.argv[0], *mended(sys.argv[1:], _Options())]
    lang = _language(sys.argv[1:])
    try:
        code = _answered(lang)
        sys.stdout.flush()
    except OSError as error:
        if isinstance(getattr(sys.stdout, "buffer", None), io.BufferedWriter):  # what is left must not fail once more
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        slots = {"path": error.filename or "", "detail": error.strerror or error}
        click.echo(say(lang, "cli.system", **slots) + outcome(lang), err=True)
        code = 2
    except Exception as error:
        click.echo(unforeseen(error, lang), err=True)
        code = 3
    sys.exit(code)


def _answered(lang: str) -> int:
    """The exit code of the command typed, all that is wrong with it said."""
    command = cli.commands.get(next((word for word in sys.argv[1:] if not word.startswith("-")), ""))
    hints: list[Problem] = []  # what reading the tables told, lest it be lost where something else is wrong
    odd = [sign for word in sys.argv[1:] for sign in unseen_in(word)]
    try:
        if odd:
            raise AllocationError(Problem("cli.unseen", {"found": odd}))
        if twice := given_twice(sys.argv[1:], command):
            raise AllocationError([Problem("cli.twice", {"option": option}) for option in twice])
        code: int | None = cli(standalone_mode=False, obj=hints)
        return code or 0
    except AllocationError as error:
        click.echo(error.text(lang), err=True)
        for text in _hinted(hints, error, lang):
            click.echo(text, err=True)
        click.echo(say(lang, "cli.stopped", count=len(error.problems)) + outcome(lang), err=True)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help())
        return 0
    except click.ClickException as error:
        click.echo(_usage(error, lang), err=True)
    except (click.Abort, KeyboardInterrupt):
        click.echo(say(lang, "cli.interrupted") + outcome(lang), err=True)
    return 2


def _hinted(hints: list[Problem], error: AllocationError, lang: str) -> list[str]:
    """The hints that the error does not say itself, each once, below a heading."""
    said = {problem.text(lang) for problem in error.problems}
    texts = [text for text in dict.fromkeys(hint.text(lang) for hint in hints) if text not in said]
    return [say(lang, "cli.hints"), *(say(lang, "cli.note", text=text) for text in texts)] if texts else []


if __name__ == "__main__":
    main()
