"""What a walk over the formulas of a workbook keeps: where things stand, helper columns, what blocks an award.

A formula text has `{r}` where the county's row stands; without it the figure is one a run. How each kind of node is
written stands in `excel`, `excel_nodes` and below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from allocation.classes import dataclass
from allocation.files.excel_limits import measure
from allocation.language import tree
from allocation.policy.model import Input, Model
from allocation.readings.evaluation import Evaluation
from allocation.readings.excel_values import BLANK, Cell, Shown, Values
from allocation.texts import Both, both

if TYPE_CHECKING:
    from allocation.arrays import Floats, Groups

    Added = float | Floats  # a figure a run, or one a county

SIMPLE = re.compile(r"'[^']+'!\$[A-Z]+(\{r\}|\$\d+)$|p_[\w.]+$|\d+(\.\d+)?$")
COLUMN = re.compile(r"'(?P<sheet>[^']+)'!\$(?P<column>[A-Z]+)\{r\}$")
STEP = both("auxiliary.step")
LONG, SHORTEST, WHOLE, DEEPEST = 1500, 20, 6000, 24  # signs of a part, at least, of all of a formula; brackets in it


class SheetPlaces(Protocol):
    """Where things stand in the workbook."""

    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...
    @property
    def past(self) -> Sequence[SheetPlaces]: ...  # where earlier years stand, the nearest last
    def parameter(self, name: str) -> str: ...
    def bands(self, name: str) -> tuple[str, str]: ...
    def keyed(self, name: str) -> tuple[str, str]: ...
    def input(self, name: str) -> str: ...
    def column(self, name: str) -> str: ...
    def order(self) -> str: ...
    def code(self) -> str: ...
    def name(self) -> str: ...
    def helper(self, number: int, whole: bool) -> str: ...


@dataclass(frozen=True)
class Helper:
    """A column of sheet 辅助: `text` a row, or one cell when `whole`; `values` are the engine's figures beside it."""

    label: Both
    text: str
    whole: bool
    values: Shown
    work: int = 0
    rest_of: tuple[str, ...] = ()  # of a remainder: where the units stand, and the units rounded down


@dataclass
class Blocking:
    """One line of 核对!状态: a formula that counts what is wrong; it reads no award.

    `where`: the first cell at fault, as a text.
    """

    label: Both
    text: str
    figures: tuple[tuple[Both, str, Cell], ...] = ()
    where: str = ""


@dataclass
class FormulaWalk:
    """Formulas of one model on one table. `helpers` and `blocking` fill as formulas are asked for."""

    model: Model
    evaluator: Evaluation
    places: SheetPlaces
    helpers: list[Helper] = field(default_factory=list)
    blocking: list[Blocking] = field(default_factory=list)
    owner: Both = field(default_factory=lambda: Both("", ""))
    _known: dict[tuple[str, bool], str] = field(default_factory=dict)
    _taken: tuple[tuple[str, Shown], ...] = ()
    most: int = LONG

    def __post_init__(self) -> None:
        self.values = Values(self.evaluator)

    def visit(self, node: tree.Node) -> str:
        """The node's own formula; the reading that walks the tree says how."""
        raise NotImplementedError

    # ---- what formulas are built from

    def formula(self, node: tree.Node) -> str:
        """Excel text without the equals sign; truths are TRUE or FALSE.

        What grows long or deep stands in a helper column of its own, far below what Excel takes for one formula; where
        a node has very many parts, each of them is kept the shorter.
        """
        text, most = self.visit(node), self.most
        while len(text) > WHOLE and self.most > SHORTEST:
            self.most //= 8
            text = self.visit(node)
        self.most = most
        if len(text) <= most and measure(text)[1] <= DEEPEST:
            return text
        if self.truth(node):
            return f"({self.spill(f'IF({text},1,0)', STEP, self.value(node))}=1)"
        return self.spill(text, STEP, self.value(node))

    def added(self, terms: Sequence[tuple[str, Added]], what: Both) -> str:
        """The sum of (text, figures) as text; where it is long, in parts that stand in helpers."""
        while len(terms) > 2 and len("+".join(text for text, _ in terms)) > self.most:
            count = max(2, WHOLE // (1 + max(len(text) for text, _ in terms)))
            parts = [terms[at : at + count] for at in range(0, len(terms), count)]
            sums = [("+".join(text for text, _ in part), total(figures for _, figures in part)) for part in parts]
            terms = [(self.spill(text, what, figures), figures) for text, figures in sums]
        return "+".join(text for text, _ in terms)

    def cell(self, node: tree.Node, label: Both) -> str:
        """A column's own cell: truths are stored as 1 or 0."""
        self.owner = label
        text = self.formula(node)
        return f"IF({text},1,0)" if self.truth(node) else text

    def truth(self, node: tree.Node) -> bool:
        match node:
            case tree.Compare() | tree.Member() | tree.Logic() | tree.Not():
                return True
            case tree.Name(id=name):
                return name in self.model.columns and self.model.columns[name].kind == "truth"
            case tree.If(then=then):
                return self.truth(then)
            case tree.Derived(body=body):
                return self.truth(body)
            case tree.Call(fn=fn):
                return fn == "given"
        return False

    def spill(self, text: str, what: Both, values: Shown | Added, wide: bool = False, work: int = 0) -> str:
        """A helper for the text, once for each text; `wide` makes a column of a figure that is one a run."""
        whole = "{r}" not in text and not wide
        if (text, whole) not in self._known:
            label = Both(f"{self.owner.zh}·{what.zh}", f"{self.owner.en} · {what.en}")
            self._known[text, whole] = self.places.helper(len(self.helpers), whole)
            self.helpers.append(Helper(label, text, whole, _cells(values), work))
        return self._known[text, whole]

    def remainder(self, text: str, what: Both, values: Floats, of: tuple[str, str], wide: bool = False) -> str:
        """A helper for what rounding down leaves `of` the units and the units rounded down."""
        reference = self.spill(text, what, values, wide)
        self.helpers = [replace(helper, rest_of=of) if helper.text == text else helper for helper in self.helpers]
        return reference

    def spilled(self) -> Iterator[tuple[str, str]]:
        """Every helper's reference and text."""
        return ((reference, text) for (text, _), reference in self._known.items())

    def simple(self, node: tree.Node, what: Both = STEP) -> str:
        """A text that may be repeated in a formula: a reference, or a helper."""
        text = self.formula(node)
        return text if SIMPLE.match(text) else self.spill(text, what, self.value(node))

    def range(self, node: tree.Node, what: Both) -> str:
        """The range a function over counties takes."""
        text = self.formula(node)
        if self.truth(node):
            text = f"IF({text},1,0)"
        if not COLUMN.match(text):
            text = self.spill(text, what, self.value(node), wide=True)
        return self.span(text)

    def span(self, reference: str) -> str:
        """`'测算'!$D{r}` as `'测算'!$D$8:$D$14`."""
        place = COLUMN.match(reference)
        if place is None:
            raise ValueError(f"no cell of a column: {reference}")
        column = place["column"]
        return f"'{place['sheet']}'!${column}${self.places.first}:${column}${self.places.last}"

    def may_be_blank(self, entry: Input) -> bool:
        """An input that a table may leave out, or one whose blanks in this table lie in branches not taken."""
        figures, written = self.evaluator.values.get(entry.name), self.evaluator.table.blank
        lacking = figures is not None and figures.missing is not None if written is None else entry.name in written
        return entry.optional or lacking

    def value(self, node: tree.Node) -> Shown:
        """The engine's figures for a helper: a float or text, or a list a county."""
        return self.values.of(node)

    def figures(self, node: tree.Node) -> Floats:
        """The node's figures as floats, one entry or one a county; an Excel error is NaN."""
        value = self.value(node)
        values = value if isinstance(value, list) else [value]
        return np.array([np.nan if isinstance(figure, str) else figure for figure in values])

    def floats(self, node: tree.Node) -> Floats:
        """The node's figures as floats, one a county."""
        return np.broadcast_to(self.figures(node), (self.width,)).copy()

    def groups(self, node: tree.Call) -> tuple[str, str] | None:
        """(the county's group id, the range of ids): whole numbers, live from the texts."""
        by = node.arg("by")
        if by is None:
            return None
        texts = self.formula(by)
        if not COLUMN.match(texts):
            texts = self.spill(texts, both("auxiliary.group"), self.value(by))
        order, ids = np.array(self.evaluator.table.order), self.ids(node)
        lowest = np.array([order[ids == group].min() for group in ids], float)
        span, place = self.span(texts), self.places.order()
        # The lowest 次序 of those with the same text; not MATCH, which takes * and ? for wildcards.
        first = f"{self.width + 1}-SUMPRODUCT(MAX(({span}={texts})*({self.width + 1}-{self.span(place)})))"
        number = self.spill(first, both("auxiliary.group_number"), lowest, work=self.width)
        leader = f"INDEX({span},MATCH({number},{self.span(place)},0))"
        unlike = self.spill(f"IF(EXACT({texts},{leader}),0,1)", both("auxiliary.capitals_differ"), 0.0)
        label = both("auxiliary.no_two_groups_differ_only_in_capitals")
        self.block(label, f"SUM({self.span(unlike)})")
        return number, self.span(number)

    def ids(self, node: tree.Call) -> Groups:
        """The group of each county, all in one where the call has no `by`."""
        groups = self.evaluator.groups(node)
        return np.zeros(self.width, np.intp) if groups is None else groups

    @property
    def width(self) -> int:
        return self.places.last - self.places.first + 1

    def block(self, label: Both, text: str, *figures: tuple[Both, str, Cell]) -> None:
        owned = Both(f"{self.owner.zh}：{label.zh}", f"{self.owner.en}: {label.en}")
        for test, holds in self._taken:
            if len(test) > SHORTEST:
                test = f"{self.spill(f'IF({test},1,0)', STEP, holds)}=1"
            text = f"IF({test},{text},0)"
        if all(line.text != text for line in self.blocking):
            self.blocking.append(Blocking(owned, text, figures))

    @contextmanager
    def taken(self, test: str, holds: Shown) -> Iterator[None]:
        """What is asked for inside blocks an award only where the test, one a run, holds: as the engine skips it."""
        before = self._taken
        if "{r}" not in test:
            self._taken = (*before, (test, holds))
        yield
        self._taken = before


def total(figures: Iterable[Added]) -> Added:
    """What figures add up to, one by one or row by row."""
    whole: Added = 0.0
    for figure in figures:
        whole = whole + figure
    return whole


def _cells(values: Shown | Added) -> Shown:
    """Figures as cells hold them: NaN is an Excel error, one entry stands for all rows."""
    if not isinstance(values, np.ndarray):
        return values
    cells: list[float | str] = [BLANK if np.isnan(value) else float(value) for value in values]
    return cells[0] if len(cells) == 1 else cells
