"""One family of errors. Every problem says where, what was found, what was expected, and what to do.

A problem holds a message id and its slots, never a sentence: `allocation.texts` words it in Chinese or English,
so that all problems of one file can be shown together in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from difflib import get_close_matches
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from allocation.classes import dataclass
from allocation.patterns import LatePattern
from allocation.sealing import sealed_through
from allocation.texts import AT_TERMINAL, Speaker, shortened
from allocation.texts.remedies import page_names

if TYPE_CHECKING:
    import numpy as np

Given = ParamSpec("Given")
Made = TypeVar("Made")

_CELL = LatePattern(r"([A-Z]{1,3})(\d+)")
SEVERAL = {"run.missing": "run.missing_several"}  # what is told of many cells of a column at once
MANY, FEW = 3, 8  # cells from which on they are told together; counties that are named then
LONG, SHOWN = 400, 120  # signs of a text from which on a message shows its beginning only


@dataclass(frozen=True)
class Problem:
    """One thing to mend: `id` names a message of the catalogue, `slots` fill it, `where` is a file, cell or key.

    `advice` says how what stands above it is mended: it is told, and not counted.
    """

    id: str
    slots: Mapping[str, object] = field(default_factory=dict)
    where: str = ""
    excerpt: str = ""
    advice: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "slots", sealed_through(self.slots))

    def text(self, lang: str = "zh") -> str:
        return self.told_by(AT_TERMINAL[lang])

    def told_by(self, speaker: Speaker) -> str:
        body = speaker.say(self.id, **{name: _short(value) for name, value in self.slots.items()})
        place = self.place(speaker)
        lines = [f"{_short(place)}: {body}" if place else body]
        if self.excerpt:
            lines += ["    " + line for line in self.excerpt.splitlines()]
        return "\n".join(lines)

    def place(self, speaker: Speaker) -> str:
        """Where it is: an option is on the page the entry of a form."""
        return page_names(speaker.lang).place(self.where) if speaker.reader == "page" else self.where


def _short(value: object) -> object:
    """A text that somebody handed in, as far as a message needs it."""
    if isinstance(value, list | tuple):
        return [_short(part) for part in value] if type(value) in (list, tuple) else value
    return f"{value[:SHOWN]}…" if isinstance(value, str) and len(value) > LONG else value


class AllocationError(Exception):
    """Raised with every problem found, not only the first.

    `runs`: in which scenarios of a batch, truths (scenario or 1,); None where that cannot be told.
    """

    def __init__(self, problems: Sequence[Problem] | Problem, runs: np.ndarray | None = None):
        given = [problems] if isinstance(problems, Problem) else problems
        self.problems = list({(problem.id, problem.where, str(problem.slots)): problem for problem in given}.values())
        self.runs = runs
        super().__init__(self.problems)

    @property
    def count(self) -> int:
        """How many things there are to mend."""
        return sum(not problem.advice for problem in self.problems)

    def __str__(self) -> str:
        return self.text("en")

    def text(self, lang: str = "zh") -> str:
        return self.told_by(AT_TERMINAL[lang])

    def told_by(self, speaker: Speaker) -> str:
        return "\n".join(problem.told_by(speaker) for problem in gathered(self.problems))


def gathered(problems: Sequence[Problem]) -> list[Problem]:
    """Problems as they are told: those that many cells of a column have alike are one, with all their cells."""
    return [_as_one(group) if len(group) > 1 else group[0] for group in told_together(problems)]


def told_together(problems: Sequence[Problem]) -> list[list[Problem]]:
    """The same as groups: a group is told as one."""
    alike: dict[object, list[Problem]] = {}
    for problem in problems:
        others = {name: value for name, value in problem.slots.items() if name != "county"}
        cells = problem.id in SEVERAL and (problem.where.rpartition("!")[0], str(others))
        alike.setdefault((problem.id, cells) if cells else len(alike), []).append(problem)
    groups: list[list[Problem]] = []
    for group in alike.values():
        groups += [group] if len(group) >= MANY else [[each] for each in group]
    return groups


def _as_one(group: Sequence[Problem]) -> Problem:
    counties = [problem.slots["county"] for problem in group]
    slots = {**group[0].slots, "county": shortened(counties, FEW), "count": len(counties)}
    where = places_text(problem.where for problem in group)
    return Problem(SEVERAL[group[0].id], slots, where if len(where) <= SHOWN else f"{where[:SHOWN]}…")


def tried(
    problems: list[Problem], work: Callable[Given, Made], *given: Given.args, **named: Given.kwargs
) -> Made | None:
    """What `work` gives; None where it raises, and what is wrong joins `problems`."""
    try:
        return work(*given, **named)
    except AllocationError as error:
        problems += error.problems
        return None


def places_text(places: Iterable[str]) -> str:
    """`底稿.xlsx: 基本信息与参数!E24, E25`: cells or keys, with what they have in common said once."""
    told: dict[str, list[str]] = {}
    for place in dict.fromkeys(places):
        front, mark, cell = place.rpartition("!" if "!" in place else ": ")
        told.setdefault(front + mark, []).append(cell)
    return "; ".join(front + ", ".join(_ranges(cells)) for front, cells in told.items())


def _ranges(cells: Sequence[str]) -> list[str]:
    """`E24:E30` of cells that follow each other down a column."""
    spans: list[list[str]] = []
    for cell in cells:
        last = _CELL.fullmatch(spans[-1][-1]) if spans else None
        here = _CELL.fullmatch(cell)
        if last and here and (last[1], int(last[2]) + 1) == (here[1], int(here[2])):
            spans[-1].append(cell)
        else:
            spans.append([cell])
    return [":".join(dict.fromkeys((span[0], span[-1]))) for span in spans]


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word closest to `word`, or an empty string."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return close[0] if close else ""
