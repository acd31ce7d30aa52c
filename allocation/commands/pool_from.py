"""The pool that another run gives, by --pool-from, and the rule that no second place gives it as well."""

from __future__ import annotations

from pathlib import Path

from allocation.commands.attached import asked
from allocation.errors import Problem


def manifest_of(text: str) -> Path:
    """The file of `outputs/省.json@锦州市`."""
    return Path(text.rpartition("@")[0] or text)


def handed(found):
    """The pool that another run gave; None where none was named."""
    text = asked("pool_from")["pool_from"]
    if not text:
        return None
    from allocation.parts.chains import pool_from

    return pool_from(text, found.model, found.table.year)


def pool_once(model, changes: list, problems: list[Problem]) -> None:
    """What a table or another run gives is not to be given by a second place as well."""
    from allocation.scenario import name_of

    sources, above = asked("sources", "pool_from").values()
    if sources and above:
        again = {"again": "--pool-from", "file": Path(sources).name, "name": model.pool}
        problems.append(Problem("sources.pool_twice", again, "--pool-from"))
    given = [("pool_twice", Path(sources).name)] if sources else []
    given += [("pool_from_twice", manifest_of(above).name)] if above else []
    for message, file in given:
        for one in changes:
            if model.pool and name_of(model, one) == model.pool:
                slots = {"again": "--set", "file": file, "name": one.address}
                problems.append(Problem(f"sources.{message}", slots, "--set"))
