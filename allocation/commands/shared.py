"""Options that commands share, and what they say alike of what was opened."""

from __future__ import annotations

import sys
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

import click

from allocation.commands.attached import Decorated, part_options
from allocation.commands.reading import BATCH, reading_options
from allocation.commands.screen import JSON, Screen
from allocation.commands.session import session
from allocation.errors import AllocationError, Problem
from allocation.files.destination import Destination, destination
from allocation.texts import LANGUAGES
from allocation.texts.days import is_day
from allocation.texts.vocabulary import Pattern

if TYPE_CHECKING:
    from allocation.run.finding import ModelWithTable
    from allocation.run.run import Run


def _as_screen(context: click.Context, parameter: click.Parameter, lang: str) -> Screen:
    return replace(session().screen, lang=lang)


LANGUAGE_ALONE = click.option(
    "--lang", "screen", type=click.Choice(LANGUAGES), default=lambda: session().screen.lang, callback=_as_screen
)


def LANGUAGE(command: Decorated) -> Decorated:
    """To whom a command speaks: a person of a language, or another program, which `main` saw on the command line."""
    return LANGUAGE_ALONE(click.option(JSON, is_flag=True, expose_value=False)(command))


class OutPlace(click.ParamType[Destination]):
    """Where something is to be written: a name that cannot hold is refused before anything is worked out.

    Its `name` is `folder` where files have names of their own; the command refuses a file there, with all else.
    """

    def __init__(self, name: str):
        self.name = name

    def convert(
        self, value: str | Destination, param: click.Parameter | None, ctx: click.Context | None
    ) -> Destination:
        return value if isinstance(value, Destination) else destination(value)


class ModelName(click.ParamType[str]):
    """A model by its file's name, its short name or its label; a file's name stays as it was typed."""

    name = "model"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from allocation.run.shelf import known_as

        return value if "." in value or "/" in value or "\\" in value else known_as(value)


MODEL = click.argument("model", type=ModelName())
OUT = OutPlace("place")
OUT_FOLDER = OutPlace("folder")
OUTPUT = click.option("--out", type=OUT, default="outputs")
OUTPUT_FOLDER = click.option("--out", type=OUT_FOLDER, default="outputs")
VERBATIM = (
    "--set",
    "--unused",
    "--row",
    "--date",
    "--figure",
    "--range",
    "--vary",
    "--balance",
    "--subject",
    "--minimise",
    "--minimize",
    "--maximise",
    "--maximize",
    "--grid",
    "--reason",
    "--resolve",
    "--choose",
)  # a slash after these is no folder
WRITTEN_DAY = Pattern("command_words.written_day")
YEAR = click.option("--year", type=click.IntRange(1950, 2100))
DATA_YEAR = click.option("--data-year", type=click.IntRange(1950, 2100))
INPUT = click.option("--input", "table", type=click.Path(path_type=Path))
SET = click.option("--set", "settings", multiple=True)

DECIDED = click.option("--decided", multiple=True)
REFERENCE = click.option("--reference", is_flag=True)


def version_options(command: Decorated) -> Decorated:
    """Which version on record: of which year and batch, in which folder; and who is told."""
    return YEAR(BATCH(OUTPUT_FOLDER(LANGUAGE(command))))


def table_options(command: Decorated) -> Decorated:
    """The options of every command that reads a table and runs a model on it."""
    for option in (
        LANGUAGE, REFERENCE, part_options(), DECIDED, SET, DATA_YEAR, YEAR, reading_options, INPUT,
    ):  # fmt: skip
        command = option(command)
    return command


def took(material: ModelWithTable, screen: Screen, run: Run | None = None, named: str = "") -> None:
    """Which files it took: the model, its table (`named` where there are several), its settings.

    Of a run, the settings named are those that nothing else gave after them.
    """
    from allocation.run.thirty_days import release_note

    table = named or material.input_path.as_posix()
    screen.tell("cli.took", model=material.model_path.as_posix(), input=table)
    if run and run.year != run.table.year and run.table.year:
        screen.tell("cli.two_years", budget=run.year, data=run.table.year)
    if material.case:
        parameters = (run or material).model.parameters.values()
        names = [parameter.label for parameter in parameters if material.case.origin in parameter.origins.values()]
        key = "case.took_sample" if material.case.sample else "case.took"
        screen.tell(key, path=material.case.path.as_posix(), names=names or "")
    if run and (late := release_note(run.facts, date.today().isoformat())):
        screen.line(late.told_by(screen))


def took_for(material: ModelWithTable, screen: Screen, *runs: Run) -> None:
    """The same for what is only studied, with what is to be resolved of the runs it rests on."""
    from allocation.commands.printing import print_doubts

    took(material, screen, runs[0] if runs else None)
    print_doubts([run.doubts for run in runs], screen)


def report(material: ModelWithTable, result: Run, screen: Screen) -> None:
    from allocation.commands.printing import print_checked, print_run

    took(material, screen, result)
    if material.table.attached:
        screen.tell("adjust.from_file", files=[*dict.fromkeys(kept.file for kept in material.table.attached)])
    if "ledger" in material.table.parts:
        shown = {"disputes": len(material.table.disputes) or "", "estimates": len(material.table.estimates) or ""}
        screen.tell("ledger.summary", count=len(material.table.ledger), **shown)
    if result.shared:
        print_run(result, screen)
    else:
        print_checked(result, screen)


def report_failed(result: Run, screen: Screen, message: str) -> None:
    failed = [check for check in result.checks if not check.ok and check.severity == "error"]
    if failed:
        screen.warn(message, count=len(failed))


def as_day(context: click.Context, parameter: click.Parameter, text: str) -> str:
    """A date typed as 2018-03-05, 2018年3月5日 or 20180305, the first way; what is no date stays, to be refused."""
    day = WRITTEN_DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}" if day else text


def check_day(text: str) -> None:
    """Raises where a date was typed that is none."""
    if text and not is_day(text):
        raise AllocationError(Problem("collect.bad_date", {"found": text}, "--date"))


def command_line() -> str:
    """The command as typed, file names only: a result must not tell where it was made, nor to whom it was told."""
    words, before = [], ""
    for word in sys.argv[1:]:
        if word == JSON:
            continue
        option, equals, value = word.partition("=") if word.startswith("--") else ("", "", word)
        if (option or before) not in VERBATIM and ("/" in value or "\\" in value):
            value = PureWindowsPath(value).name  # knows both kinds of slash
        words.append(option + equals + value)
        before = word
    return " ".join(["allocation", *words])
