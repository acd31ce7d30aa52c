"""What all letters of one run have in common: the run, what they say beside its figures, the language they speak."""

from __future__ import annotations

import re

from allocation.classes import dataclass
from allocation.documents.addressee import NOTHING_SAID, Addressing, RegisterSays
from allocation.language.units import HECTARE, YUAN
from allocation.run.run import Run
from allocation.texts import Speaker
from allocation.xlsx.versions_sheet import Line

REFORM = 2018  # the last year of the bureaus of land and resources (国土资源局)


@dataclass(frozen=True)
class Letter:
    """The facts of all notices of one run; texts are empty where nothing was given.

    `number` is its own, `document` that of the upper level; `salutation` a pattern in which {name} is the reader, and
    `says` what the register says of readers; `together`: one notice goes to all.
    `name`: that of their folder.
    Of a correction: `original`, the number of the notice that is corrected, why, and the `changes` since.
    """

    document: str = ""
    code: str = ""
    office: str = ""
    date: str = ""
    original: str = ""
    reason: str = ""
    changes: tuple[Line, ...] = ()
    number: str = ""
    salutation: str = ""
    together: bool = False
    says: RegisterSays = NOTHING_SAID
    name: str = ""


@dataclass(frozen=True)
class Letters(Speaker):
    run: Run
    lang: str
    letter: Letter = Letter()

    @property
    def address(self) -> Addressing:
        """The day of issue, else the budget year, tells which bureau it was."""
        run, letter = self.run, self.letter
        units, dims = run.model.units, run.model.columns[run.model.award].unit.dims
        branch = "finance" if dims == units.parse(YUAN).dims else "land" if dims == units.parse(HECTARE).dims else ""
        year = re.match(r"\d{4}", letter.date)
        if branch == "land" and (int(year[0]) if year else run.year or REFORM + 1) <= REFORM:
            branch = "land_before"
        pattern = letter.salutation.strip().rstrip("：:").strip() or run.model.addressed_to[self.lang]
        return Addressing(self.lang, branch, pattern, letter.says)
