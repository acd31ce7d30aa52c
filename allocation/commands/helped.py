"""Commands whose help is told in one language; what it says is read when somebody asks for it."""

from __future__ import annotations

import click


class HelpedCommand(click.Command):
    """A command with help in one language."""

    def get_help(self, ctx: click.Context) -> str:
        from allocation.commands.helping import help_text

        return help_text(self, ctx)


class HelpedGroup(HelpedCommand, click.Group):
    """A group of commands with help in one language."""
