"""Who supplies which inputs (填报部门): one department's part of a model, and whose form a table is."""

from __future__ import annotations

from dataclasses import replace

from allocation.errors import AllocationError, Problem, nearest
from allocation.policy.model import Input, Model
from allocation.tables.spelling import fold
from allocation.tables.table import Table
from allocation.texts import LANGUAGES


def department_named(model: Model, text: str) -> str:
    """The key of the department that a text means: its key, a label, or one with the place before it (锦州市公安局).

    Raises AllocationError with those the model knows.
    """
    said = fold(text)
    for key, label in model.departments.items():
        words = {fold(word) for word in (key, label.zh, label.en)}
        if said in words or said.endswith(fold(label.zh)):
            return key
    if not model.departments:
        raise AllocationError(Problem("departments.none", {"file": model.file}, "--for"))
    known = list(model.departments.values())
    slots = {"found": text, "nearest": nearest(text, [label.zh for label in known]), "known": known}
    raise AllocationError(Problem("departments.unknown", slots, "--for"))


def supplied(model: Model, department: str) -> dict[str, Input]:
    """The inputs that a department supplies. Raises AllocationError where there are none."""
    theirs = {name: entry for name, entry in model.inputs.items() if entry.department == department}
    if not theirs:
        raise AllocationError(Problem("departments.nothing", {"department": model.departments[department]}, model.file))
    return theirs


def part_of(model: Model, department: str) -> Model:
    """The model as a form for one department knows it: its inputs alone."""
    return replace(model, inputs=supplied(model, department))


def as_returned(model: Model) -> Model:
    """The model as a part of its table is read: any column may be absent, and a blank is a blank."""
    bare = {name: replace(entry, default=None, optional=True) for name, entry in model.inputs.items()}
    return replace(model, inputs=bare)


def departments_in(model: Model, table: Table) -> dict[str, str]:
    """By key of each department that the lines above or below a table name, the cell that does."""
    named: dict[str, str] = {}
    for where, text in table.margins:
        for key, label in model.departments.items():
            if any(fold(label[lang]) in fold(text) for lang in LANGUAGES):
                named.setdefault(key, where)
    return named
