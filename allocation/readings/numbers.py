"""The numbers reading: one walk for exact fractions and for float64, over scenarios × counties at once.

Arrays are (scenario or 1, county or 1). Every evaluated node keeps the nodes below it, so that an explanation is
printed from the very values that were computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

import numpy as np

from allocation import arrays
from allocation.errors import AllocationError, Problem
from allocation.language import tree
from allocation.model import Column, Model
from allocation.readings.effort import spend
from allocation.readings.evaluated import Active, Evaluated
from allocation.readings.nodes import VISITS
from allocation.tables.table import Table
from allocation.texts import Both, shortened

SLACK = 2.0**-48  # how far a float run may stand from the exact figure, relatively


@dataclass(frozen=True)
class Past:
    """One computed period: its codes and every value by name."""

    codes: tuple[str, ...]
    values: Mapping[str, Evaluated]


class Evaluator:
    """One period of one run. `parameters` by name: scalar (S, 1), bands [(edge, value)], keyed {key: value}.

    `variants`: the table as each scenario has it, the same counties with other figures; none where all share `table`.
    """

    def __init__(
        self,
        model: Model,
        table: Table,
        parameters: Mapping,
        exact: bool,
        past: tuple[Past, ...] = (),
        variants: Sequence[Table] = (),
    ):
        self.model, self.table, self.parameters, self.exact, self.past = model, table, parameters, exact, past
        self.variants = variants or (table,)
        self.order = np.array(table.order)
        self.values: dict[str, Evaluated] = {}
        self.problems: list[Problem] = []
        self.notes: list[tuple[str, tuple[int, ...]]] = []  # (column, rows) on which readings may differ
        self.failed: set[str] = set()
        self.refused = np.zeros(1, bool)  # scenarios (S or 1,) known to be at fault in some problem
        self.lenient = False  # figures for cells whose branch is not taken: blanks and zero divisors pass
        self.current = ""
        self.effort = 0.0  # what exact figures have cost so far
        self.rows_cache: dict = {}
        for name in model.inputs:
            self.values[name] = self._input(name)

    # ---- columns and checks

    def columns(self) -> None:
        """Computes every column; problems are gathered, what rests on a failed column is passed over."""
        for name in self.model.order:
            column = self.model.columns[name]
            if {part.id for part in tree.names(column.node)} & self.failed:
                self.failed.add(name)
                continue
            found = self.guarded(column.node, column.label, column.where)
            if found is None:
                self.failed.add(name)
            else:
                self.values[name] = found

    def guarded(self, node: tree.Node, label: Both, where: str = "", active: Active | None = None) -> Evaluated | None:
        """The node where it is `active`, or None with its problems kept: blanks of all inputs first, else one fault."""
        before = len(self.problems)
        self.current = label
        meter = arrays.METER.set(partial(spend, self))
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                found = self.visit(node, active or Active())
            self._finite(found)
        except OverflowError:
            self.problems.append(Problem("run.not_finite", {"column": label}, where))
            return None
        except AllocationError as error:
            if error.runs is not None:
                self.refused = self.refused | error.runs
            if len(self.problems) == before:
                self.problems += [self._named(problem, label, where) for problem in error.problems]
            return None
        finally:
            arrays.METER.reset(meter)
        return found if len(self.problems) == before else None

    def _finite(self, found: Evaluated) -> None:
        if found.data.dtype.kind == "f" and not np.isfinite(found.data).all():
            self.refused = self.refused | ~np.isfinite(found.data).all(axis=-1)
            raise OverflowError

    def refuse(self, id: str, marked: np.ndarray, where: str = "", **slots: object) -> None:
        """Refuses the counties marked (scenario or 1, county or 1); `where` may name the cell at fault."""
        if marked.any():
            raise AllocationError(Problem(id, {"rows": self.rows_of(marked), **slots}, where), marked.any(axis=-1))

    def _named(self, problem: Problem, label: Both, where: str) -> Problem:
        slots = {"column": label, **problem.slots}
        if "rows" in slots:
            slots["counties"] = self.counties(slots.pop("rows"))
        return replace(problem, slots=slots, where=problem.where or where)

    def counties(self, rows) -> tuple[str, ...]:
        return tuple(shortened([self.table.names[row] for row in rows], 10))

    # ---- the walk

    def number(self, value: Fraction) -> np.ndarray:
        data = np.empty((1, 1), object if self.exact else float)
        data[0, 0] = value if self.exact else float(value)
        return data

    def visit(self, node: tree.Node, active: Active) -> Evaluated:
        return VISITS[type(node)](self, node, active)

    def _input(self, name: str) -> Evaluated:
        blanks = (None,) * len(self.table)
        given = [table.values.get(name, blanks) for table in self.variants]
        if all(figures is given[0] or figures == given[0] for figures in given):
            given = given[:1]
        text = self.model.inputs[name].text
        blank = "" if text else Fraction(0)
        missing = np.array([[figure is None for figure in figures] for figures in given])
        data = np.empty((len(given), len(self.table)), object if text or self.exact else float)
        for place, figures in enumerate(given):
            data[place] = [blank if figure is None else figure for figure in figures]
        return Evaluated(tree.Name(name), data, missing=missing if missing.any() else None)

    def need(self, found: Evaluated, name: str, active: Active) -> None:
        """Notes a problem for each blank that is used."""
        if found.missing is None or self.lenient:
            return
        used = found.missing & active.rows
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
        plain = isinstance(node, tree.Name) and node.id in self.model.inputs
        return self.table.where(node.id, rows[0]) if plain and rows else ""

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

    def args(self, node: tree.Call, active: Active) -> dict[str, Evaluated]:
        return {name: self.visit(part, active) for name, part in node.args if name != "by"}

    def groups(self, node: tree.Call) -> np.ndarray | None:
        """Whole-number group ids of the counties, or None without `by`."""
        by = node.arg("by")
        if by is None:
            return None
        found = self.visit(by, Active())
        texts = np.broadcast_to(found.data, (found.data.shape[0], len(self.table)))
        if (texts != texts[:1]).any():
            raise AllocationError(Problem("run.groups_vary", {"by": self.model.entry(by.id).label}))
        names, ids = np.unique(texts[0].astype(str), return_inverse=True)
        plain = [name.casefold() for name in names]
        for other in plain:
            if plain.count(other) > 1:
                alike = [str(name) for name in names if name.casefold() == other]
                raise AllocationError(
                    Problem("run.groups_alike", {"by": self.model.entry(by.id).label, "names": alike})
                )
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
            return (Evaluated(node, inner.data * factor, (inner,), inner.missing),)
        return (self.visit(node, active),)

    def earlier(self, name: str, periods: int) -> tuple[np.ndarray, np.ndarray | None]:
        """A column or input some periods before, matched by code, with what is missing then."""
        entry = self.model.entry(name)
        if len(self.past) >= periods:
            whole = isinstance(entry, Column) and entry.shape == "scalar"
            return self._matched(self.past[-periods], name, whole)
        place = periods - len(self.past) - 1
        if place >= len(entry.before):
            raise AllocationError(Problem("run.no_before", {"name": entry.label, "periods": periods}))
        if self.past:  # what came before the first period stands in the first table
            return self._matched(self.past[0], entry.before[place], whole=False)
        found = self.values[entry.before[place]]
        return found.data, found.missing

    def _matched(self, past: Past, name: str, whole: bool) -> tuple[np.ndarray, np.ndarray | None]:
        """A name's values in a past period in the order of this table's codes, and who was absent or blank then."""
        found = past.values[name]
        if whole:
            return found.data, None
        place = {code: row for row, code in enumerate(past.codes)}
        rows = np.array([place.get(code, -1) for code in self.table.codes])
        missing = (rows < 0)[None, :]
        if found.missing is not None:
            missing = missing | found.missing[:, rows]
        return np.broadcast_to(found.data, (found.data.shape[0], len(past.codes)))[:, rows], missing
