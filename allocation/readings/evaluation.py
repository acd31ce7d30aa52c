"""One period of one run in numbers: what is known so far, and what the functions of the nodes ask of it.

Arrays are (scenario or 1, county or 1). How each kind of node is worked out stands in `numbers`, `nodes` and below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from allocation import arrays
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.language import tree
from allocation.policy.model import Column, Model
from allocation.readings.alike import Kinds, alike, parameter_kinds
from allocation.readings.effort import Effort
from allocation.readings.evaluated import Active, Evaluated
from allocation.readings.in_common import InCommon
from allocation.tables.table import Table
from allocation.texts import Both, shortened

Note = tuple[Both, tuple[int, ...]]
RowsCache = dict[object, tuple[np.ndarray, tuple[Evaluated, ...], list[Note]]]
Bands = list[tuple[np.ndarray | None, np.ndarray]]  # (edge, value), the last one open


@dataclass(frozen=True)
class Past:
    """One computed period: its codes and every value by name."""

    codes: tuple[str, ...]
    values: Mapping[str, Evaluated]


class Evaluation:
    """One period of one run. `parameters` by name: scalar (S, 1), bands [(edge, value)], keyed {key: value}.

    `variants`: the table as each scenario has it, the same counties with other figures; none where all share `table`.
    """

    def __init__(
        self,
        model: Model,
        table: Table,
        parameters: Mapping[str, object],
        exact: bool,
        past: tuple[Past, ...] = (),
        variants: Sequence[Table] = (),
        in_common: InCommon | None = None,
    ):
        self.model, self.table, self.parameters, self.exact, self.past = model, table, parameters, exact, past
        self.variants = variants or (table,)
        self.noting = exact and not variants  # on which figures readings may differ: said of a run, not of many
        self.in_common = in_common or InCommon(table)
        self.order = np.array(table.order)
        self.values: dict[str, Evaluated] = {}
        self.problems: list[Problem] = []
        self.notes: list[Note] = []  # (column, rows) on which readings may differ
        self.failed: set[str] = set()
        self.refused: np.ndarray = np.zeros(1, bool)  # scenarios (S or 1,) known to be at fault in some problem
        self.lenient = False  # figures for cells whose branch is not taken: blanks and zero divisors pass
        self.current = Both("", "")  # the label of what is being worked out
        self.effort = Effort(len(table), len(self.variants))
        self.undecided = 0  # decisions on a cell that neither whole numbers nor bounds could take
        self.rows_cache: RowsCache = {}
        self.rows_of_kinds: dict[int, RowsCache] = {}  # of scenarios alike, by the id of their `Alike`
        self.kinds = Kinds()
        for name, held in parameters.items():
            self.kinds.note(name, parameter_kinds(held))
        for name in model.inputs:
            self.values[name] = self._input(name)

    def count_undecided(self) -> None:
        self.undecided += 1

    # ---- what is refused

    def refuse(self, id: str, marked: np.ndarray, where: str = "", **slots: object) -> None:
        """Refuses the counties marked (scenario or 1, county or 1); `where` may name the cell at fault."""
        if marked.any():
            raise AllocationError(
                Problem(id, {"rows": self.rows_of(marked), **slots}, where), np.asarray(marked.any(axis=-1))
            )

    def named(self, problem: Problem, label: Both, where: str) -> Problem:
        """A problem of a column that says which, and names the counties it knows by their rows."""
        slots: dict[str, object] = {"column": label, **problem.slots}
        rows = slots.pop("rows", None)
        if isinstance(rows, list | tuple):
            slots["counties"] = self.counties(rows)
        return replace(problem, slots=slots, where=problem.where or where)

    def counties(self, rows: Sequence[int]) -> tuple[str, ...]:
        return tuple(shortened([self.table.names[row] for row in rows], 10))

    # ---- the walk

    def number(self, value: Fraction) -> np.ndarray:
        if self.exact:
            return arrays.exactly(value, 2)
        data = np.empty((1, 1), float)
        data[0, 0] = float(value)
        return data

    def visit(self, node: tree.Node, active: Active) -> Evaluated:
        """The node's values where they are needed; the reading that walks the tree says how."""
        raise NotImplementedError

    def _input(self, name: str) -> Evaluated:
        blanks = (None,) * len(self.table)
        text = self.model.inputs[name].text
        columns = [table.values.get(name, blanks) for table in self.variants]
        each = alike(map(id, columns))
        distinct = [self.in_common.arrays.of(name, columns[first], text, self.exact) for first in each.first]
        if len(distinct) > 1:  # those that are not the same object may be the same figures
            exact = text or self.exact
            keys = [(x.figures if exact else x.data.tobytes(), x.missing.tobytes()) for x in distinct]
            alone = alike(keys)
            distinct = [distinct[first] for first in alone.first]
            each = alike(alone.kinds[each.kinds].tolist())
        self.kinds.note(name, each.kinds if len(distinct) > 1 else each.kinds[:1])
        data, missing = (np.array([getattr(x, part) for x in distinct]) for part in ("data", "missing"))
        held = arrays.in_columns(data) if self.exact and not text else data
        return Evaluated(tree.Name(name), each.spread(held), missing=each.spread(missing) if missing.any() else None)

    def need(self, figures: Evaluated, name: str, active: Active) -> None:
        """Notes a problem for each blank that is used."""
        if figures.missing is None or self.lenient:
            return
        used = figures.missing & active.rows
        self.refused = self.refused | used.any(axis=-1)
        for row in self.rows_of(used):
            slots = {"county": self.table.names[row], "input": self.model.entry(name).label, "column": self.current}
            where = self.table.where(name, row)
            if not any(p.id == "run.missing" and p.where == where for p in self.problems):
                self.problems.append(Problem("run.missing", slots, where))
            else:
                self.failed_again()

    def failed_again(self) -> None:
        """The blank is reported already: this column fails without saying so twice."""
        raise AllocationError([])

    def cell(self, node: tree.Node, rows: list[int]) -> str:
        """The first cell at fault where the node is an input as the table has it, else nothing."""
        if isinstance(node, tree.Name) and node.id in self.model.inputs and rows:
            return self.table.where(node.id, rows[0])
        return ""

    def words(self, node: tree.Node) -> tuple[Both, ...] | str:
        """The names in a divisor: the inputs to look at."""
        below = node.right if isinstance(node, tree.Binary) else node
        return tuple(dict.fromkeys(self.model.entry(part.id).label for part in tree.names(below))) or "0"

    def rows_of(self, mask: np.ndarray) -> list[int]:
        width = len(self.table)
        return [int(row) for row in np.flatnonzero(np.broadcast_to(mask, (mask.shape[0], width)).any(axis=0))]

    def note(self, doubtful: np.ndarray) -> None:
        if doubtful.any():
            self.notes.append((self.current, tuple(self.rows_of(doubtful))))

    # ---- what calls need

    def scalar(self, name: str) -> np.ndarray:
        """A parameter of one figure, (scenario or 1, 1)."""
        held = self.parameters[name]
        if isinstance(held, dict | list):
            raise TypeError(f"{name} is a table")
        figure: Any = held
        figures: np.ndarray = figure
        return figures

    def bands(self, name: str) -> Bands:
        held = self.parameters[name]
        if not isinstance(held, list):
            raise TypeError(f"{name} has no bands")
        return held

    def keyed(self, name: str) -> dict[str, np.ndarray]:
        held = self.parameters[name]
        if not isinstance(held, dict):
            raise TypeError(f"{name} has no keys")
        return held

    def args(self, node: tree.Call, active: Active) -> dict[str, Evaluated]:
        return {name: self.visit(part, active) for name, part in node.args if name != "by"}

    def groups(self, node: tree.Call) -> np.ndarray | None:
        """Whole-number group ids of the counties, or None without `by`."""
        by = node.arg("by")
        if by is None:
            return None
        label = self.model.entry(node.named("by")).label
        texts = self.wide(self.visit(by, Active()).figures)
        if (texts != texts[:1]).any():
            raise AllocationError(Problem("run.groups_vary", {"by": label}))
        names, ids = np.unique(texts[0].astype(str), return_inverse=True)
        plain = [name.casefold() for name in names]
        for other in plain:
            if plain.count(other) > 1:
                alike = [str(name) for name in names if name.casefold() == other]
                raise AllocationError(Problem("run.groups_alike", {"by": label, "names": alike}))
        return ids

    def wide(self, data: np.ndarray) -> np.ndarray:
        return np.broadcast_to(data, (data.shape[0], len(self.table)))

    def bound(self, node: tree.Node | None, active: Active) -> tuple[Evaluated, ...]:
        """A floor or cap; a blank input is none at all."""
        if node is None:
            return ()
        if isinstance(node, tree.Name) and node.id in self.model.inputs:
            return (replace(self.values[node.id], node=node),)
        if isinstance(node, tree.Convert) and isinstance(node.of, tree.Name) and node.of.id in self.model.inputs:
            (inner,) = self.bound(node.of, active)
            factor = node.factor if self.exact else float(node.factor)
            return (Evaluated(node, inner.figures * factor, (inner,), inner.missing),)
        return (self.visit(node, active),)

    def earlier(self, name: str, periods: int) -> tuple[np.ndarray, np.ndarray | None]:
        """A column or input some periods before, matched by code, with what is missing then."""
        entry = self.model.entry(name)
        if len(self.past) >= periods:
            whole = isinstance(entry, Column) and entry.shape == "scalar"
            return self._matched(self.past[-periods], name, whole)
        place = periods - len(self.past) - 1
        before = self.model.before(name)
        if place >= len(before):
            raise AllocationError(Problem("run.no_before", {"name": entry.label, "periods": periods}))
        if self.past:  # what came before the first period stands in the first table
            return self._matched(self.past[0], before[place], whole=False)
        figures = self.values[before[place]]
        return figures.figures, figures.missing

    def _matched(self, past: Past, name: str, whole: bool) -> tuple[np.ndarray, np.ndarray | None]:
        """A name's values in a past period in the order of this table's codes, and who was absent or blank then."""
        then = past.values[name]
        if whole:
            return then.figures, None
        place = {code: row for row, code in enumerate(past.codes)}
        rows = np.array([place.get(code, -1) for code in self.table.codes])
        missing: np.ndarray = (rows < 0)[None, :]
        if then.missing is not None:
            missing = missing | then.missing[:, rows]
        return np.broadcast_to(then.figures, (then.figures.shape[0], len(past.codes)))[:, rows], missing
