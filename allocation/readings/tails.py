"""What rounding leaves (尾差): who takes it where a model says so (倒挤), and what adds up parts rounded each alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from allocation.language import tree
from allocation.language.sums import sum_terms
from allocation.policy.model import Model
from allocation.readings.evaluated import Evaluated
from allocation.readings.pieces import tidied
from allocation.readings.words import Words, tail_text
from allocation.texts import Both, Worded, both, shortened

if TYPE_CHECKING:
    from allocation.run.run import Run

SHOWN = 10  # units by name; of a table in very many groups the first ones


def takes_the_tail(rounded: Evaluated, row: int) -> bool:
    """Whether the county in `row`, or the item of its row, is the one that takes what rounding the others leaves."""
    node = rounded.node
    if isinstance(node, tree.Call) and node.fn == "row_remainder":
        return node.arg("tail") is not None and node.whole("tail") == node.whole("place")
    return rounded.tail is not None and bool(rounded.tail[0, row if rounded.tail.shape[-1] > 1 else 0])


def remarks(run: Run, rounded_parts: bool = True) -> list[Both]:
    """What is printed below a table of the model's own: its notes, what is rounded in parts, who takes what is left."""
    parts = rounded_part_notes(run.model) if rounded_parts else ()
    return [*run.model.notes, *parts, *tail_notes(run)]


def tail_notes(run: Run) -> tuple[Both, ...]:
    """`“分配额”的尾差由黑山县承担（倒挤）：…`, one sentence a column; none where all goes by largest remainder."""
    notes: dict[Both, None] = {}
    for name, column in run.model.columns.items():
        evaluated = run.periods[-1].get(name)
        for rounded in _closed(evaluated) if evaluated else ():
            label = column.heading or column.label
            notes[_note(run, rounded, label)] = None
    return tuple(notes)


def _closed(evaluated: Evaluated) -> Iterator[Evaluated]:
    """What a column's own formula closes over a named unit or item."""
    if isinstance(evaluated.node, tree.Name):
        return
    if isinstance(evaluated.node, tree.Call) and evaluated.node.arg("tail") is not None:
        yield evaluated
    for part in evaluated.parts:
        yield from _closed(part)


def _note(run: Run, rounded: Evaluated, label: Both) -> Both:
    call = rounded.node
    assert isinstance(call, tree.Call)
    if rounded.tail is None:
        units: object = tail_text(run.model, call)
    else:
        names = np.array(run.table.names, object)[rounded.tail[0]]
        units = tuple(shortened(list(names), SHOWN))
    message = "words.tail_of_rows" if rounded.tail is None else "words.tail_note"
    to = Worded(lambda lang: Words(run.model, lang).to_text(call.arg("to"), call))
    return tidied(both(message, column=label, units=units, to=to))


def rounded_parts(model: Model, name: str) -> tuple[str, ...]:
    """The parts of a column, where each is closed over the units for itself; none where not all are, or it is one."""
    column = model.columns.get(name)
    terms = sum_terms(column.node) if column else None
    parts = tuple(part for _, part in terms or ())
    return parts if len(parts) > 1 and all(_closes(model, part) for part in parts) else ()


def _closes(model: Model, name: str) -> bool:
    node = model.columns[name].node if name in model.columns else None
    return isinstance(node, tree.Call) and node.fn == "largest_remainder"


def rounded_part_note(model: Model, name: str) -> Both | None:
    """`“初步额”是各项分别取整再相加的：…`."""
    parts = rounded_parts(model, name)
    if not parts:
        return None
    column, first = model.columns[name], model.columns[parts[0]]
    return both("words.rounded_parts", column=column.label, part=first.heading or first.label)


def rounded_part_notes(model: Model) -> Iterator[Both]:
    """The same of every column of a model."""
    for name in model.columns:
        if note := rounded_part_note(model, name):
            yield note
