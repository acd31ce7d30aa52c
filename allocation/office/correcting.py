"""A run set against what was issued: what it must agree with, and whether anything moves."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.office.made_of import OTHER, MadeOf, passed_over
from allocation.parts.findings import numbers_in
from allocation.parts.kinds import PARTS
from allocation.record.record import Record
from allocation.record.versions import Version
from allocation.run.finding import ModelWithTable
from allocation.run.run import Run
from allocation.texts import say


@dataclass(frozen=True)
class Opened:
    """A run set against the version `issued`; what moves is settled in the year `settled_in`.

    `already_issued`: the run came to the amounts of the last correction on record, and is set against what that
    corrected.
    """

    material: ModelWithTable
    run: Run
    issued: Version
    settled_in: int
    already_issued: bool = False

    @property
    def moves(self) -> bool:
        """Whether any amount is not what was issued."""
        letter = self.run.letter
        return letter is not None and any(self.run.figures(letter.about))

    def refuse_unmoved(self) -> None:
        """Raises where every amount is what was issued."""
        if not self.moves:
            slots = {"version": self.issued.both}
            raise AllocationError(Problem("correct.nothing_moves", slots, self.material.table.file))


def refuse_other_table(material: ModelWithTable, issued: Version, folder: Path, held: Record, named: bool) -> None:
    """Raises where a table is read that was passed over when the version was made of another one.

    Its figures would come out as mistakes to be paid back; whoever means it names it (`named`).
    """
    of_version = MadeOf(issued, folder, held)
    if of_version.beside(material, named) == OTHER:
        raise AllocationError(passed_over(of_version, material, "correct.other_table"))


def cited_reason(run: Run, reason: str, lang: str) -> str:
    """The reason of a correction with the audit findings that it puts right, if it cites any."""
    register = run.part("findings")
    registers = [file for file in run.table.attached if register and file.kind == register.kind]
    numbers = [number for file in registers for number in numbers_in(file.selector)]
    return say(lang, "findings.cited", reason=reason, numbers=numbers) if numbers else reason


def options_of(kinds: Iterable[str]) -> dict[str, str]:
    """By kind, the options of those parts that add something to the model: a correction must have them again."""
    wanted = set(kinds)
    return {part.kind: part.option.flag for part in PARTS if part.option and part.columns and part.kind in wanted}
