"""What a command was asked to attach to its table, and what can be said of it where the table itself is wrong."""

from __future__ import annotations

from pathlib import Path

import click

from allocation.errors import Problem, tried

ADDED = "_"  # how names begin that attached tables add


def kept(context: click.Context, parameter: click.Parameter, value: object) -> None:
    """What every command that opens a table takes in the same way, whatever else it does."""
    context.meta[f"allocation.{parameter.name}"] = value


def asked(*names: str) -> dict[str, object]:
    """What the options `names` of the running command say."""
    context = click.get_current_context(silent=True)
    return {name: context.meta.get(f"allocation.{name}") if context else None for name in names}


def attachments() -> list[Path]:
    return [path for path in asked("adjust", "sources", "advance", "ledger", "receipts").values() if path]


def unreadable(problems: list[Problem]) -> None:
    """Attached tables that cannot even be opened, where there are no counties to read them against."""
    from allocation.tables.grid import open_grid, read_bytes

    for path in attachments():
        tried(problems, lambda path=path: open_grid(path, read_bytes(path)))


def check_changes(found, extended, changes: list, problems: list[Problem]) -> None:
    """What is wrong with the changes, as far as it can be told where something else is wrong already.

    Without counties only those of parameters; a part that could not be added is not unknown.
    """
    from allocation.scenario import apply_by_year, name_of

    base = extended or found
    known = [one for one in changes if len(found.table) or name_of(found.model, one) not in found.model.inputs]
    if extended is None and any(asked("adjust", "sources", "advance").values()):
        known = [one for one in known if not one.address.startswith(ADDED)]
    tried(problems, apply_by_year, base.model, (base.table,), known)
