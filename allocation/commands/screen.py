"""Where a command prints, and the language that it speaks there."""

from __future__ import annotations

import click

from allocation.classes import dataclass
from allocation.texts import LANGUAGES, Both, Speaker


@dataclass(frozen=True)
class Screen(Speaker):
    """What a command tells a person: made once, of the option --lang, and handed to all that prints."""

    lang: str = LANGUAGES[0]

    def shown(self, label: Both) -> str:
        return label[self.lang]

    def line(self, text: str, *, err: bool = False) -> None:
        """A text as it is. `err`: beside an answer that another program reads."""
        click.echo(text, err=err)

    def tell(self, message: str, /, **slots: object) -> None:
        self.line(self.say(message, **slots))

    def warn(self, message: str, /, **slots: object) -> None:
        """What is wrong, and what is no part of the answer."""
        self.line(self.say(message, **slots), err=True)
