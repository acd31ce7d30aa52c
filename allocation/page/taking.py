"""Take away: what can be taken of a work, as the command that makes it: so the bytes are those of the command."""

from __future__ import annotations

from collections.abc import Mapping

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.page.desk import Desk
from allocation.page.jobs import option_word
from allocation.page.mending import counted
from allocation.page.names import file_word, model_word
from allocation.page.works import Work

OF_QUESTION = ("budget_year", "data_year", "batch")  # facts that a command takes as options


@dataclass(frozen=True)
class Taken:
    """`stage`: that of a version, which is held back by what is not settled; `outside`: so is what leaves the office.
    `reasoned`: it asks why it is made.
    """

    words: tuple[str, ...]
    stage: str = ""
    outside: bool = False
    reasoned: bool = False


# In the order in which they are offered.
TAKEN: Mapping[str, Taken] = {
    "trial": Taken(("run",)),
    "approval": Taken(("run", "--layout=approval")),
    "consultation": Taken(("run", "--stage=consultation", "--layout=approval"), "consultation", reasoned=True),
    "review": Taken(("run", "--stage=review", "--layout=approval"), "review", reasoned=True),
    "final": Taken(("run", "--stage=final"), "final", reasoned=True),
    "county": Taken(("run", "--edition=county"), outside=True),
    "public": Taken(("run", "--edition=public"), outside=True),
    "notices": Taken(("notices",), outside=True),
}
SIGNED = ("final",)  # what is confirmed before it is begun


def words_of(work: Work, desk: Desk, taken: Taken, reason: str = "") -> list[str]:
    """The command as a person in the folder of the desk would type it.

    Raises for what no command can be told: facts are saved to the case first, mended cells as a table of its own.
    """
    if work.mends:
        raise AllocationError(Problem("page.mends_unsaved", {"count": counted(work.mends)}))
    if any(key not in OF_QUESTION for key in work.facts):
        raise AllocationError(Problem("page.save_first"))
    command, *options = taken.words
    model = model_word(desk, work.model)
    table = file_word(desk, work.table) if work.table else ""
    given = [("--input", table), ("--sheet", work.sheet)]
    given += [("--year", work.facts.get("budget_year", str(work.year or "")))]
    given += [
        ("--data-year", work.facts.get("data_year", str(work.data_year or ""))),
        ("--batch", work.facts.get("batch", "")),
    ]
    given += [("--unused", heading) for heading in work.unused] + [("--row", row) for row in work.rows]
    given += [("--decided", address) for address in work.decided]
    given += [("--set", f"{address}={text}") for address, text in work.settings.items()]
    given += [("--resolve", f"{id}={resolved.reason}") for id, resolved in work.resolved.items()]
    given += [("--reason", reason.strip() if taken.reasoned else "")]
    flags = ["--reference"] if work.reference else []
    return [command, model, *(option_word(option, value) for option, value in given if value), *flags, *options]
