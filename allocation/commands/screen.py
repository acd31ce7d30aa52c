"""Where a command prints, and the language that it speaks there."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.texts import LANGUAGES, Both, Speaker
from allocation.texts.remedies import Reader

if TYPE_CHECKING:
    from allocation.report.problems_json import TextOfProblem
    from allocation.report.table_json import TableJson

JSON = "--json"
JSON_VERSION = 1  # of what --json answers: raised where a key changes its meaning or goes


@dataclass(frozen=True)
class JsonAnswer:
    """What a command tells another program, in one document at its end. `problems`: why it was refused. `files`: what
    it wrote, as paths from where it ran.

    `after`: of each table how many of the texts were said before it.
    """

    said: list[str] = field(default_factory=list)
    tables: list[TableJson] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    problems: list[TextOfProblem] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def put(self, table: TableJson) -> None:
        self.tables.append(table)
        self.after.append(len(self.said))

    def text(self, code: int) -> str:
        import json

        told = {"version": JSON_VERSION, "code": code, "tables": self.tables, "after": self.after, "said": self.said,
                "problems": self.problems, "files": self.files}  # fmt: skip
        return json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


@dataclass(frozen=True)
class Screen(Speaker):
    """What a command tells a person: made once, of the option --lang, and handed to all that prints.

    `answer`: where another program asked, with --json, what would be printed is put there. `reader`: who reads it in
    the end, also where the page stands between.
    """

    lang: str = LANGUAGES[0]
    answer: JsonAnswer | None = None
    reader: Reader = "terminal"

    def shown(self, label: Both) -> str:
        return label[self.lang]

    def line(self, text: str, *, err: bool = False) -> None:
        """A text as it is. `err`: beside an answer that another program reads."""
        if self.answer is None or err:
            click.echo(text, err=err)
        elif told := text.strip("\n"):
            self.answer.said.append(told)

    def tell(self, message: str, /, **slots: object) -> None:
        self.line(self.say(message, **slots))

    def warn(self, message: str, /, **slots: object) -> None:
        """What is wrong, and what is no part of the answer."""
        self.line(self.say(message, **slots), err=True)
