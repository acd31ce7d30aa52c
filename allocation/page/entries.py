"""What a step can be asked: the arguments and options of its command with the texts of its help, and the words that
come of what was filled in. Files, folders and models are looked up on the desk: nothing else becomes a path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

import click

from allocation.classes import dataclass
from allocation.commands.by_name import COMMANDS
from allocation.commands.helping import about_text, choices, is_year
from allocation.commands.screen import Screen
from allocation.errors import AllocationError, Problem
from allocation.page.desk import Desk
from allocation.page.jobs import option_word
from allocation.page.names import DASHES, file_word, model_word, scenario_word
from allocation.page.steps import ENDINGS, LEFT_OUT, NAMES, WeekStep
from allocation.texts import Speaker

DAYS = ("--date", "--due")
FOLDERS = ("folder",)
FILES = ("case",)  # arguments of which click does not know that they are files
NAMED = ("scenarios",)  # a file, or a plain name
ATTACHED = ("--pool-from", "--findings")  # a file, and behind @ which of it
PLACES = ("place", "folder")  # where something is written, as click calls it


@dataclass(frozen=True)
class StepEntry:
    """`key`: the name of an argument, or `--option`. `kind`: model, file, named, attached, folder, place,
    choice, flag, year, whole, day or text. `first`: in sight; `many`: any number of it; `endings`: of the files that
    it can take, empty of any; `names`: of what it is typed in names, what stands behind one, and of what a second is.
    """

    key: str
    about: str
    kind: str
    first: bool
    many: bool
    needed: bool
    choices: tuple[str, ...] = ()
    default: str = ""
    endings: tuple[str, ...] = ()
    names: tuple[str, str, str] = ("", "", "")


def command_of(name: str) -> click.Command:
    """`scenario template` is one of a group."""
    first, *rest = name.split()
    command = COMMANDS[first]
    for word in rest:
        assert isinstance(command, click.Group)
        command = command.commands[word]
    return command


def entries(step: WeekStep, speaker: Speaker) -> list[StepEntry]:
    """All of a step's command, those in sight first."""
    screen = Screen(speaker.lang, reader=speaker.reader)
    told = [_entry(parameter, step, screen) for parameter in command_of(step.name).params]
    offered = [entry for entry in told if entry.key not in LEFT_OUT]
    order = {key: place for place, key in enumerate(step.first)}
    return sorted(offered, key=lambda entry: (order.get(entry.key, len(order)), not entry.needed))


def _entry(parameter: click.Parameter, step: WeekStep, screen: Screen) -> StepEntry:
    key = _key(parameter)
    kind = parameter.type
    default = parameter.default
    plain = isinstance(default, str | int) and not isinstance(default, bool) and not callable(default)
    return StepEntry(
        key, about_text(parameter, step.key, screen), _kind(parameter, key), key in step.first,
        bool(getattr(parameter, "multiple", False)) or parameter.nargs != 1, parameter.required,
        choices(kind, screen) if isinstance(kind, click.Choice) else (),
        str(default) if plain and kind.name in ("model", "text") else "",
        ENDINGS.get(f"{step.name} {key}", ENDINGS.get(key, ())), NAMES.get(key, ("", "", "")),
    )  # fmt: skip


def _key(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return next(flag for flag in parameter.opts if flag.startswith("--"))
    return parameter.name or ""


def _kind(parameter: click.Parameter, key: str) -> str:
    kind = parameter.type
    if getattr(parameter, "is_flag", False):
        return "flag"
    for name, keys in (("day", DAYS), ("folder", FOLDERS), ("file", FILES), ("named", NAMED), ("attached", ATTACHED)):
        if key in keys:
            return name
    if kind.name == "model":
        return "model"
    if kind.name in PLACES:
        return "place"
    if isinstance(kind, click.Choice):
        return "choice"
    if isinstance(kind, click.Path):
        return "file"
    if isinstance(kind, click.types.IntParamType):
        return "year" if is_year(kind) else "whole"
    return "text"


def words_of(step: WeekStep, filled: Mapping[str, Sequence[str]], desk: Desk, speaker: Speaker) -> list[str]:
    """The command as a person would type it. Raises all that names no entry, no file of the desk, or is left out."""
    offered = {entry.key: entry for entry in entries(step, speaker)}
    problems = [Problem("page.no_entry", {"key": key}) for key in filled if key not in offered]
    arguments: list[str] = []
    options: list[str] = []
    for parameter in command_of(step.name).params:
        entry = offered.get(_key(parameter))
        values = [value.strip() for value in filled.get(entry.key, ()) if value.strip()] if entry else []
        if not entry or not values:
            if entry and entry.needed:
                problems.append(Problem("page.entry_needed", {"label": entry.about}))
            continue
        if len(values) > 1 and not entry.many:
            problems.append(Problem("page.entry_once", {"label": entry.about}))
        for value in values:
            try:
                word = _WORDS.get(entry.key, _WORDS.get(entry.kind, _as_it_is))(desk, value)
            except AllocationError as error:
                problems += error.problems
                continue
            if isinstance(parameter, click.Argument):
                arguments.append(word)
            elif entry.kind == "flag":
                options.append(entry.key)
            else:
                options += (
                    [entry.key] * (value == values[0]) + [word]
                    if parameter.nargs > 1
                    else [option_word(entry.key, word)]
                )
    if problems:
        raise AllocationError(problems)
    return [*step.name.split(), *options, *(["--", *arguments] if any(map(_dashed, arguments)) else arguments)]


def _dashed(word: str) -> bool:
    return word.startswith(DASHES)


def _as_it_is(desk: Desk, value: str) -> str:
    return value


def _attached(desk: Desk, value: str) -> str:
    """A file of the desk, and what may stand behind the @, however that is typed."""
    file, at, rest = value.replace("＠", "@").partition("@")
    return f"{file_word(desk, file.strip())}{at}{rest}"


def _folder(desk: Desk, value: str) -> str:
    folders = {parent.as_posix() for name in desk.files() for parent in PurePosixPath(name).parents}
    if value.rstrip("/") not in folders | {"."}:
        raise AllocationError(Problem("page.no_folder_there", {"name": value}))
    return f"./{value}" if _dashed(value) else value


def _place(desk: Desk, value: str) -> str:
    """Where something is to be written: within the desk, however it is spelt."""
    desk.target(value)
    return value


_WORDS: Mapping[str, Callable[[Desk, str], str]] = {
    "model": model_word, "file": file_word, "named": scenario_word, "folder": _folder, "place": _place,
    "attached": _attached,
}  # fmt: skip
