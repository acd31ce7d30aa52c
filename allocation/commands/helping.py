"""The help of a command in one language: what is written, its options in groups, in the order of the work.

Every text stands in the catalogue, by the name of the command, argument or option: `about_run`, `option_out`, and where
one means something else in one command, `of_collect_last`. Nothing of it is read before somebody asks for help.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shutil import get_terminal_size

import click

from allocation.commands.by_name import GROUPS
from allocation.commands.screen import Screen
from allocation.commands.session import session
from allocation.patterns import LatePattern
from allocation.texts import catalogue, in_brackets
from allocation.texts.widths import sign_widths, text_width

OPTION_GROUPS = {
    "input": ("--input", "--sheet", "--unused", "--row", "--recipients", "--last", "--last-year", "--crosswalk",
              "--carry", "--prefer", "--partial", "--due", "--from", "--for", "--choose", "--data", "--manifest",
              "--issued", "--mapping", "--template", "--headings", "--before", "--column", "--row-figure",
              "--leave-rows", "--through"),
    "settings": ("--year", "--data-year", "--batch", "--set", "--decided", "--base", "--reference", "--shares",
                 "--pools", "--growth", "--until", "--float"),
    "search": ("--vary", "--figure", "--target", "--low", "--high", "--step", "--within", "--of", "--range", "--grid",
               "--balance", "--minimise", "--maximise", "--subject", "--tries", "--samples", "--seed", "--orders",
               "--exact", "--workers", "--cluster", "--resume", "--depth"),
    "attached": ("--ledger", "--receipts", "--adjust", "--sources", "--advance", "--recover-years", "--pool-from",
                 "--findings"),
    "resolving": ("--resolve", "--why", "--basis", "--by", "--reviewed"),
    "issue": ("--stage", "--edition", "--reason", "--settle-year", "--layout", "--paper"),
    "letter": ("--manner", "--document", "--number", "--code", "--office", "--correction", "--original"),
    "output": ("--form", "--example", "--sheets", "--rebuild", "--sum", "--out", "--to", "--date", "--format", "--all"),
    "page": ("--port", "--host", "--quiet"),
    "help": ("--lang", "--json", "--help", "--version"),
}  # fmt: skip
LEFT, WIDEST, NARROWEST = 30, 100, 60  # places of what is typed, and of a line
_WORDS = LatePattern(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+")
_CLOSING = "，。；：、！？）”’》…"  # signs that begin no line


def help_text(command: click.Command, context: click.Context) -> str:
    screen = session().screen
    name = _name(context)
    about = screen.say(f"help.about_{name or 'allocation'}")
    told = [_usage(command, context, screen), "", *_wrapped(about[0].upper() + about[1:], _width())]
    for key in [f"more_{name}"] if name else []:
        told += ["", *_wrapped(screen.say(f"help.{key}"), _width())] if key in catalogue(screen.lang, "help") else []
    sections = list(_sections(command, context, name, screen))
    left = min(LEFT, max(text_width(typed) for _, lines in sections for typed, _ in lines))
    for heading, lines in sections:
        told += ["", heading, *(line for typed, about in lines for line in _entry(typed, about, left))]
    if any(parameter.type.name == "place" for parameter in command.params):
        told += ["", *_wrapped(screen.say("help.more_out"), _width())]
    if not name:
        told += ["", screen.say("help.each_command"), screen.say("help.other_language")]
    return "\n".join(told)


def usage_line(command: click.Command, context: click.Context, screen: Screen) -> str:
    """`allocation run MODEL [options]`."""
    words = [context.command_path, *(_argument(entry, screen) for entry in _arguments(command))]
    words += [_typed(entry, screen) for entry in command.params if isinstance(entry, click.Option) and entry.required]
    return " ".join([*words, *([screen.say("help.command_word")] if isinstance(command, click.Group) else []),
                     screen.say("help.options_word")])  # fmt: skip


def argument_text(argument: click.Argument, name: str, screen: Screen) -> tuple[str, str]:
    """How an argument is called, and what it is."""
    return screen.say(f"help.word_{argument.name}"), about_text(argument, name, screen)


def choices(kind: click.Choice[str], screen: Screen) -> tuple[str, ...]:
    """The words of a choice in one language; all where they are in none."""
    chinese = tuple(word for word in kind.choices if not word.isascii())
    if not chinese:
        return tuple(kind.choices)
    return chinese if screen.lang == "zh" else tuple(word for word in kind.choices if word.isascii())


def _usage(command: click.Command, context: click.Context, screen: Screen) -> str:
    return screen.say("help.usage", words=usage_line(command, context, screen))


def _name(context: click.Context) -> str:
    """`run`, `scenario_template`; nothing of the whole program."""
    return help_key(" ".join(context.command_path.split()[1:]))


def help_key(name: str) -> str:
    """How the catalogue calls a command: `scenario_template`, `import_check`."""
    return name.replace(" ", "_").replace("-", "_")


def _sections(
    command: click.Command, context: click.Context, name: str, screen: Screen
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """What stands below each heading: what is typed, and what it is."""
    if arguments := [argument_text(argument, name, screen) for argument in _arguments(command)]:
        yield screen.say("help.group_words"), arguments
    if isinstance(command, click.Group):
        grouped = GROUPS.items() if not name else {"commands": command.commands}.items()
        for group, names in grouped:
            listed = [(each, screen.say(f"help.about_{help_key(f'{name} {each}'.strip())}")) for each in names]
            yield screen.say(f"help.group_{group}"), listed
    options = {_flag(parameter): parameter for parameter in command.get_params(context)
               if isinstance(parameter, click.Option)}  # fmt: skip
    for group, flags in _grouped(options, name):
        yield (
            screen.say(f"help.group_{group}"),
            [(_typed(options[flag], screen), about_text(options[flag], name, screen)) for flag in flags],
        )


def _grouped(flags: Iterable[str], name: str) -> Iterator[tuple[str, list[str]]]:
    """The options of a command by group, in the order of the groups. Of notices, why and when is what they say."""
    letter = ("--date", "--reason", "--settle-year", "--template") if name == "notices" else ()
    places = {flag: group for group, known in OPTION_GROUPS.items() for flag in known}
    order = [flag for known in OPTION_GROUPS.values() for flag in known]
    placed = {flag: "letter" if flag in letter else places[flag] for flag in sorted(flags, key=order.index)}
    for group in OPTION_GROUPS:
        if held := [flag for flag, where in placed.items() if where == group]:
            yield group, held


def _flag(option: click.Option) -> str:
    """The name of an option that it is known by: the long one."""
    return next(flag for flag in option.opts if flag.startswith("--"))


def _arguments(command: click.Command) -> list[click.Argument]:
    return [parameter for parameter in command.params if isinstance(parameter, click.Argument)]


def _argument(argument: click.Argument, screen: Screen) -> str:
    word = screen.say(f"help.word_{argument.name}")
    return word if argument.required else f"[{word}]"


def about_text(parameter: click.Parameter, name: str, screen: Screen) -> str:
    """What an option or argument is for, with what it is where nobody writes it."""
    terminal = screen.reader == "terminal"  # a form marks what is needed, and leaves room for more than one
    notes = [_range(parameter, screen), _default(parameter, screen)]
    if isinstance(parameter, click.Option):
        key = _flag(parameter)[2:].replace("-", "_")
        usual = f"option_{key}"
        notes += [screen.say("help.needed")] * (parameter.required and terminal)
        notes += [screen.say("help.repeated")] * (parameter.multiple and terminal)
    else:
        key = parameter.name or ""
        usual = f"argument_{key}"
    special = f"of_{help_key(name)}_{key}"
    text = screen.say(f"help.{special if special in catalogue(screen.lang, 'help') else usual}")
    return text + in_brackets(("；" if screen.lang == "zh" else "; ").join(note for note in notes if note), screen.lang)


def _range(parameter: click.Parameter, screen: Screen) -> str:
    kind = parameter.type
    if not isinstance(kind, click.IntRange) or is_year(kind) or kind.max is None:
        return ""
    return screen.say("help.between", low=kind.min, high=kind.max)


def _default(parameter: click.Parameter, screen: Screen) -> str:
    value = parameter.default
    if value is None or callable(value) or str(value) in ("", "Sentinel.UNSET") or getattr(parameter, "is_flag", False):
        return ""
    if screen.reader == "page" and parameter.type.name in ("place", "folder", "path", "model"):
        return "" if parameter.type.name == "model" else screen.say("help.default_place")  # a model is chosen already
    if isinstance(parameter.type, click.Choice) and value not in choices(parameter.type, screen):
        words = choices(parameter.type, screen)
        value = words[[*parameter.type.choices].index(value) % len(words)]
    return screen.say("help.default", value=str(value))


def _typed(option: click.Option, screen: Screen) -> str:
    """`--input FILE`, `--stage 试算|征求意见稿|…`."""
    flags = ", ".join(option.opts) if "--help" in option.opts else _flag(option)
    if option.is_flag:
        return flags
    kind = option.type
    if isinstance(kind, click.Choice):
        return f"{flags} {'|'.join(choices(kind, screen))}"
    word = kind.name if kind.name in ("place", "folder") else "file" if isinstance(kind, click.Path) else "text"
    if isinstance(kind, click.types.IntParamType):
        word = "year" if is_year(kind) else "whole"
    return " ".join([flags, *[screen.say(f"help.value_{word}")] * option.nargs])


def is_year(kind: object) -> bool:
    return isinstance(kind, click.IntRange) and kind.min == 1950


def _entry(typed: str, about: str, left: int) -> list[str]:
    lines = _wrapped(about, _width() - left - 4)
    if text_width(typed) > left:
        return [f"  {typed}", *(" " * (left + 4) + line for line in lines)]
    first = f"  {typed}{' ' * (left - text_width(typed))}  {lines[0]}"
    return [first, *(" " * (left + 4) + line for line in lines[1:])]


def _width() -> int:
    return max(NARROWEST, min(WIDEST, get_terminal_size().columns))


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of at most so many places: cut between Chinese signs or at a space, never before a closing sign."""
    lines: list[str] = [""]
    for word in _WORDS.findall(text):
        if text_width(lines[-1]) + sum(sign_widths(word)) <= width or not lines[-1] or word in _CLOSING:
            lines[-1] += word
        else:
            lines.append(word.lstrip())
    return [line.rstrip() for line in lines]
