"""What a command answered with --json, as the page shows it: its tables and texts in the order it told them, and why it
was refused.
"""

from __future__ import annotations

from itertools import pairwise

from allocation.classes import dataclass
from allocation.commands.screen import JSON_VERSION
from allocation.files.given_files import json_value
from allocation.page.shown import TableShown, answered_shown
from allocation.report.problems_json import TextOfProblem
from allocation.texts import Speaker


@dataclass(frozen=True)
class JobAnswer:
    """`parts`: texts, of several lines, and the tables between them. `files`: what it wrote, as it names them."""

    parts: tuple[str | TableShown, ...] = ()
    problems: tuple[TextOfProblem, ...] = ()
    files: tuple[str, ...] = ()

    def says(self, line: str) -> bool:
        """Whether a problem says that line, which the command tells on stderr too."""
        return line.strip() in {part.strip() for problem in self.problems for part in problem["text"].splitlines()}


def job_answer(data: bytes, speaker: Speaker) -> JobAnswer | None:
    """The answer of a whole standard output; None where that is no such document."""
    try:
        told = json_value(data)
        if told["version"] != JSON_VERSION:
            return None
        said, tables = told["said"], [answered_shown(table, speaker) for table in told["tables"]]
        texts = ["\n".join(said[start:end]) for start, end in pairwise([0, *told["after"], len(said)])]
        parts = [part for pair in zip(texts, [*tables, None], strict=True) for part in pair if part]
        return JobAnswer(tuple(parts), tuple(told["problems"]), tuple(told["files"]))
    except (ValueError, KeyError, TypeError):
        return None
