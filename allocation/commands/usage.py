"""What click complains of, in the reader's language: an option there is none of, a value that it cannot be."""

from __future__ import annotations

import re
from collections.abc import Mapping

import click

from allocation.commands.by_name import COMMANDS
from allocation.commands.helping import argument_text, choices, usage_line
from allocation.commands.screen import Screen
from allocation.errors import nearest
from allocation.policy.stages import EDITIONS, STAGES
from allocation.texts import Both, both, show
from allocation.texts.remedies import option_words
from allocation.texts.vocabulary import Spellings

EXAMPLES: dict[str, str | Both] = {
    "--input": "inputs/jinzhou_2017.xlsx",
    "--year": "2017",
    "--data": Spellings("command_words.example_tables").label,
    "--set": "pool=6000",
    "--out": "outputs",
    "--layout": both("stages.layout_approval"),
    "--paper": "A3",
    "--manifest": "outputs/incentive_fund.json",
    "--stage": STAGES["review"],
    "--edition": EDITIONS["county"],
    "--reason": Spellings("command_words.example_reason").label,
}


def _example(option: str) -> str:
    """What may be typed after an option; the words of options are Chinese ones."""
    text = show(EXAMPLES.get(option, "…"), "zh")
    return f'"{text}"' if option == "--reason" else text


def usage_text(error: click.ClickException, screen: Screen) -> str:
    """The complaint as a message. Click says some of them in words only; those are known by their English text."""
    if isinstance(error, click.BadOptionUsage):
        return _bad_use(error, screen)
    context: click.Context | None = getattr(error, "ctx", None)
    if context is None:
        return screen.say("cli.usage", message=error.format_message())
    command = context.command
    if isinstance(error, click.NoSuchOption):
        return _no_option(error, command, screen)
    if isinstance(error, click.MissingParameter):
        return _missing(error, context, screen)
    if isinstance(error, click.BadParameter) and error.param:
        return _bad_value(error, error.param, screen)
    if quoted := re.findall(r"No such command '(.*)'", str(error)):
        return _no_command(quoted[0], command, screen)
    if isinstance(command, click.Group) and error.message.startswith("Missing command"):
        return screen.say("cli.missing_command", known=list(command.commands))
    extra = re.findall(r"unexpected extra arguments? \((.*)\)", error.format_message())
    return _extra(extra[0], context, screen) if extra else screen.say("cli.usage", message=error.format_message())


def owners(option: str) -> list[str]:
    """The commands that have an option."""
    return [name for name, command in COMMANDS.items() if any(option in known.opts for known in command.params)]


def _no_option(error: click.NoSuchOption, command: click.Command, screen: Screen) -> str:
    option = error.option_name
    if isinstance(command, click.Group) and owners(option):
        return screen.say("cli.option_first", option=option)
    known = [opt for parameter in command.params for opt in parameter.opts if opt.startswith("-")]
    return screen.say("cli.no_option", option=option, nearest=nearest(option, known), known=known)


def _no_command(name: str, group: click.Command, screen: Screen) -> str:
    known: Mapping[str, click.Command] = group.commands if isinstance(group, click.Group) else COMMANDS
    return screen.say("cli.no_command", name=name, nearest=nearest(name, known), known=list(known))


def _missing(error: click.MissingParameter, context: click.Context, screen: Screen) -> str:
    called, parameter = context.info_name, error.param
    if isinstance(parameter, click.Option):
        option = parameter.opts[-1]
        return screen.say(
            "cli.missing_option", option=option_words(option), example=option_words(option, _example(option))
        )
    if called == "verify":
        return screen.say("cli.missing_workbook")
    if parameter is None or not isinstance(parameter, click.Argument) or parameter.name == "model":
        return screen.say("cli.missing", name=screen.say("cli.model"), command=called)
    word, about = argument_text(parameter, called or "", screen)
    usage = usage_line(context.command, context, screen)
    return screen.say("cli.missing_word", word=word, about=about, usage=usage)


def _bad_value(error: click.BadParameter, parameter: click.Parameter, screen: Screen) -> str:
    argument = isinstance(parameter, click.Argument)
    option = screen.say(f"help.word_{parameter.name}") if argument else option_words(parameter.opts[-1])
    kind = parameter.type
    typed = re.sub(r" is not .*", "", error.message).strip("'")
    if isinstance(kind, click.Choice):
        return screen.say("cli.bad_choice", option=option, known=choices(kind, screen), found=typed)
    if isinstance(kind, click.IntRange) and kind.max is not None:
        return screen.say("cli.bad_range", option=option, low=kind.min, high=kind.max, found=typed)
    if isinstance(kind, click.types.IntParamType):
        least = kind.min if isinstance(kind, click.IntRange) else None
        return screen.say("cli.bad_whole", option=option, low="" if least is None else least, found=typed)
    if isinstance(kind, click.Path):
        named = re.findall(r"'(.*)'", error.message)
        return screen.say("cli.bad_path", option=option, found=named[0] if named else "")
    return screen.say("cli.bad_value", option=option, message=error.message)


def _bad_use(error: click.BadOptionUsage, screen: Screen) -> str:
    """A flag that was given a value, or an option without one, or with too few."""
    if "does not take a value" in error.message:
        return screen.say("cli.needs_none", option=option_words(error.option_name))
    example = option_words(error.option_name, _example(error.option_name))
    if count := re.findall(r"requires (\d+) arguments", error.message):
        return screen.say("cli.needs_values", option=option_words(error.option_name), count=count[0], example=example)
    return screen.say("cli.needs_value", option=option_words(error.option_name), example=example)


def _extra(words: str, context: click.Context, screen: Screen) -> str:
    if words.startswith(("=", "＝")):
        return screen.say("cli.spaced", found=words)
    if context.info_name == "verify":
        return screen.say("cli.extra_workbook", found=words)
    if any(parameter.name == "model" for parameter in context.command.params):
        return screen.say("cli.extra", found=words)
    return screen.say("cli.extra_words", found=words, usage=usage_line(context.command, context, screen))
