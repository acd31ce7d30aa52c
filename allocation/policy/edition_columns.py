"""`[[edition]]`: which columns of a model a reader outside the office may see, checked when the model is loaded."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from allocation.errors import Problem, nearest
from allocation.language import tree
from allocation.language.functions import FUNCTIONS
from allocation.language.lists import Lists
from allocation.language.typed import Meaning
from allocation.policy.building import Built
from allocation.policy.model import Column, EditionColumns
from allocation.policy.naming import PRINTED
from allocation.policy.schema import EditionSpec
from allocation.policy.stages import EDITIONS, key_of

OVERALL = {name for name, row in FUNCTIONS.items() if row.group == "counties"}
ALLOCATIONS = {name for name, row in FUNCTIONS.items() if row.group == "allocating"} | {"row_remainder"}


def edition_columns(
    specs: Sequence[EditionSpec],
    lists: Lists,
    built: Built,
    awards: tuple[str, str, str],
    issued_to: str,
    file: str,
    problems: list[Problem],
) -> dict[str, EditionColumns]:
    """By edition. `awards`: the award of `[model]`, the one that is issued in its place, last year's. Problems join.

    `issued_to`: the input of `[model]` whose value puts rows into one notice, and so into one workbook of 送县.
    """
    editions: dict[str, EditionColumns] = {}
    scope = built.scope
    problems += _not_text("model.issued_to", issued_to, scope, f"{file}: [model] issued_to")
    for spec in specs:
        where = f"{file}: [[edition]] {spec.name}"
        key = key_of(EDITIONS, spec.name)
        outside = [word.zh for key, word in EDITIONS.items() if key != "internal"]
        if key in ("", "internal"):
            slots = {"name": spec.name, "nearest": nearest(spec.name, [*outside, *EDITIONS]), "known": outside}
            problems.append(Problem("versions.no_edition", slots, where))
            continue
        if key in editions:
            problems.append(Problem("versions.edition_twice", {"name": spec.name}, where))
        names = [name for reference in spec.columns for name in lists.spread(reference)]
        sound = [name for name in names if name not in built.failed]
        told = tuple(name for reference in spec.open for name in lists.spread(reference))
        known = {*awards[:2], *told}
        by = spec.by or (issued_to if key == "county" else "")
        wrong = [problem for name in sound for problem in _faults(name, key, scope, awards[2], known, by, where)]
        for name in told:
            if name not in {*scope, *built.failed} or key != "county":
                slots = {"name": name, "nearest": nearest(name, scope)}
                wrong.append(Problem("versions.edition_open", slots, where))
        if not names or len(set(names)) < len(names):
            wrong.append(Problem("versions.edition_columns", {"name": spec.name}, where))
        wrong += _not_text("versions.edition_by", spec.by, scope if key == "county" else {}, where)
        if issued_to and spec.by not in ("", issued_to):
            wrong.append(Problem("versions.edition_issued_to", {"by": spec.by, "to": issued_to}, where))
        problems += wrong
        issued = tuple(awards[1] if name == awards[0] else name for name in names)
        editions[key] = EditionColumns(issued, by, told)
    return editions


def _not_text(message: str, name: str, scope: Mapping[str, Meaning], where: str) -> list[Problem]:
    """The problem of a name that is given and is no text input."""
    texts = [text for text, entry in scope.items() if entry.role == "input" and entry.kind == "text"]
    if not name or name in texts:
        return []
    return [Problem(message, {"name": name, "nearest": nearest(name, texts), "known": texts}, where)]


def _faults(
    name: str, key: str, scope: Mapping[str, Meaning], last: str, known: set[str], by: str, where: str
) -> list[Problem]:
    entry = scope.get(name)
    if entry is None and (name in ("code", "name") or name == "change" and last):
        return []
    if entry is None and name == "change":
        return [Problem("versions.no_change", {}, where)]
    if entry is None:
        slots = {"name": name, "nearest": nearest(name, [*scope, *PRINTED])}
        return [Problem("versions.edition_column", slots, where)]
    if entry.role == "parameter" or entry.shape == "scalar":
        return [Problem("versions.edition_scalar", {"name": name}, where)]
    if key != "county" or name in known:
        return []
    if entry.shape != "column" or entry.node and reveals(entry.node, scope, known, by):
        return [Problem("versions.edition_reveals", {"name": name}, where)]
    return []


def reveals(node: tree.Node, columns: Mapping[str, Meaning | Column], known: Collection[str], by: str = "") -> bool:
    """Whether a county's own figure tells of the others: it rests, through whatever names, on a figure over counties.

    What an allocation hands out may be told. So may what rests on names the reader has `known`, or on counties that
    share the reader's workbook, those alike in the input `by`.
    """
    return _tells(node, columns, set(known), by)


def _tells(node: tree.Node, columns: Mapping[str, Meaning | Column], passed: set[str], by: str) -> bool:
    match node:
        case tree.Name(id=name):
            formula = getattr(columns.get(name), "node", None)
            if formula is None or name in passed:
                return False
            passed.add(name)
            return _tells(formula, columns, passed, by)
        case tree.Call(fn=fn) | tree.Derived(call=tree.Call(fn=fn)) if fn in ALLOCATIONS:
            return False
        case tree.Call(fn=fn) if fn in OVERALL and not (by and node.arg("by") == tree.Name(by)):
            return True
    return any(_tells(part, columns, passed, by) for part in node.parts())
