"""An issue with parts added to its model and table, in turn: a fold over what was given.

What a part adds to the model is written in the model language below the model's own text. So the workbook is live in
it, 溯源 holds it, it is explained like every other column, and a workbook can be verified from what stands in it. Every
name begins with an underscore, which no author's may (`naming.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, tried
from allocation.parts.attached import Attached
from allocation.parts.kinds import PARTS
from allocation.parts.part import Given
from allocation.parts.toml_text import toml
from allocation.policy.loading import model_from_text
from allocation.policy.model import AddedPart, Model, spelt
from allocation.record.record import AttachedKept
from allocation.run.scenario import Change
from allocation.tables.table import Table


@dataclass(frozen=True)
class Extended:
    """The model and table with their parts, and the changes those ask for."""

    model: Model
    table: Table
    changes: tuple[Change, ...] = ()


def extend(model: Model, table: Table, given: Mapping[str, Given]) -> Extended:
    """Adds what was given, by kind, in the order of `PARTS`. Raises all that is wrong with any of it."""
    problems: list[Problem] = []
    extended = extend_as_far(model, table, given, problems)
    if problems:
        raise AllocationError(problems)
    return extended


def extend_as_far(model: Model, table: Table, given: Mapping[str, Given], problems: list[Problem]) -> Extended:
    """The same; what is wrong joins `problems`, and then nothing is added to the model.

    Each part is read against the model as those before it leave it: the award that is issued, the table printed.
    """
    before, attached = len(problems), list[Attached]()
    stands = replace(model, calculated=model.award, award_list=())
    for part in PARTS:
        if part.kind in given and (len(table) or part.without_counties):
            source = replace(given[part.kind], beside=given)
            read = tried(problems, part.read, source, stands, table)
            if read:
                attached.append(read)
                stands = _with(stands, read)
    if len(problems) > before:
        attached = [read for read in attached if not read.text]
    elif any(read.text for read in attached):
        model = _model(model, stands, attached)
    table = _table(table, attached, given)
    return Extended(model, table, tuple(chain.from_iterable(read.changes for read in attached)))


def _with(model: Model, read: Attached) -> Model:
    """What the next part finds: the award and the printed table by their names. The pool stays the model's own."""
    parts = (*model.parts, AddedPart(read.kind, read.after)) if read.text else model.parts
    return replace(
        model, award=read.award or model.award, award_list=read.columns or model.award_list,
        label=read.label or model.label, parts=parts,
    )  # fmt: skip


def _model(model: Model, stands: Model, attached: Sequence[Attached]) -> Model:
    """The model anew, from its text with that of the parts; its parameters keep the figures they were given."""
    pool = next((read.pool for read in reversed(attached) if read.pool), model.pool)
    said: dict[str, object] = {"zh": stands.label.zh, "en": stands.label.en, "award": stands.award, "pool": pool}
    said["table"] = [spelt(name) for name in stands.award_list]
    dates = [{"zh": line.zh, "en": line.en} for read in attached for line in read.dates]
    said |= {"notes": dates} if dates else {}
    said["parts"] = [{"kind": part.kind, **({"after": part.after} if part.after else {})} for part in stands.parts]
    head = "\n\n[issue]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in said.items())
    texts = "\n".join(read.text for read in attached if read.text)
    fresh = model_from_text(f"{model.text.rstrip()}{head}{texts}\n", model.file)
    grounds = {name: ground for read in attached for name, ground in read.grounds.items()}
    added = {name: replace(fresh.parameters[name], grounds={"": ground}) for name, ground in grounds.items()}
    return replace(fresh, parameters={**fresh.parameters, **added, **model.parameters})


def _table(table: Table, attached: Sequence[Attached], given: Mapping[str, Given]) -> Table:
    """The table with the figures, files and notes of the parts; made-up figures in a part make it a made-up table."""
    values = {name: figures for read in attached for name, figures in read.figures.items()}
    of_table: dict[str, Any] = {name: held for read in attached for name, held in read.of_table.items()}
    files = [
        AttachedKept(read.file, read.sha256, read.kind, tuple(sorted(given[read.kind].settings.items())), read.selector)
        for read in attached if read.sha256
    ]  # fmt: skip
    return replace(
        table.with_values(**values),
        attached=(*table.attached, *files),
        notes=(*table.notes, *chain.from_iterable(read.notes for read in attached)),
        illustrative=table.illustrative or any(read.illustrative for read in attached),
        parts=(*table.parts, *(read.kind for read in attached if not read.text)),
        **of_table,
    )
