"""Problems for another program, and for the page: the text a person reads, and where it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from allocation.errors import Problem, gathered
from allocation.texts import Speaker


class TextOfProblem(TypedDict):
    """`place`: what a person looks up, `底稿.xlsx: 数据!C7`; `sheet` and `cell` where that is a cell."""

    id: str
    text: str
    place: str
    sheet: str
    cell: str
    advice: bool


def told(problems: Iterable[Problem], speaker: Speaker) -> list[TextOfProblem]:
    """Those of many cells alike as one."""
    return [_told(problem, speaker) for problem in gathered([*problems])]


def _told(problem: Problem, speaker: Speaker) -> TextOfProblem:
    file, mark, cell = problem.where.rpartition("!")
    sheet = file.rpartition(": ")[2] if mark else ""
    body, place = problem.told_by(speaker), problem.place(speaker)
    return {"id": problem.id, "text": body, "place": place, "sheet": sheet, "cell": cell if mark else "",
            "advice": problem.advice}  # fmt: skip
