"""What a walk over the formulas of a workbook keeps: where things stand, helper columns, what blocks an award.

A formula text has `{r}` where the county's row stands, and `{above}` for the row above it; without them the figure is
one a run. How each kind of node is written stands in `excel`, `excel_nodes` and below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from allocation.classes import dataclass
from allocation.files.excel_limits import measure
from allocation.language import tree
from allocation.patterns import LatePattern
from allocation.policy.model import Input, Model
from allocation.readings.evaluation import Evaluation
from allocation.readings.excel_values import BLANK, Cell, Shown, Values
from allocation.texts import Both, both

if TYPE_CHECKING:
    from allocation.arrays import Floats, Groups
    from allocation.readings.excel_group_table import GroupTable

    Height = int | None
    Added = float | Floats  # a figure a run, or one a county

SIMPLE = LatePattern(r"'[^']+'!\$[A-Z]+(\{r\}|\$\d+)$|p_[\w.]+$|\d+(\.\d+)?$")
COLUMN = LatePattern(r"'(?P<sheet>[^']+)'!\$(?P<column>[A-Z]+)\{r\}$")
STEP = both("auxiliary.step")
ONE_CELL = 0  # the height of a figure that is one a run
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
    """A column of sheet 辅助: `text` a row, empty where figures are only written; `values` are the engine's figures.

    `height`: how many rows it has, one a group from the first on; None: one a county; ONE_CELL: one in the row 全表.
    `reads`: how many cells all of its formulas read together.
    """

    label: Both
    text: str
    height: int | None
    values: Shown
    reads: int = 0
    rest_of: tuple[str, ...] = ()  # of a remainder: its units, and those rounded down; of one of many, where they stand
    in_order: bool = False  # it tells of the order that was written: once figures were edited, others may stand there
    rows_of: str = ""  # of the rows in an order: where the places stand that they are the rows of


@dataclass
class Blocking:
    """One line of 核对!状态: a formula that counts what is wrong; it reads no award.

    `where`: the first cell at fault, as a text. `check`: the name of the model's check that it is, if any.
    """

    label: Both
    text: str
    figures: tuple[tuple[Both, str, Cell], ...] = ()
    where: str = ""
    check: str = ""


@dataclass
class FormulaWalk:
    """Formulas of one model on one table. `helpers` and `blocking` fill as formulas are asked for.

    `compared`: as 0.2 wrote them, every county compared with every other.
    """

    model: Model
    evaluator: Evaluation
    places: SheetPlaces
    helpers: list[Helper] = field(default_factory=list)
    blocking: list[Blocking] = field(default_factory=list)
    owner: Both = field(default_factory=lambda: Both("", ""))
    compared: bool = False
    _known: dict[tuple[str, Height], str] = field(default_factory=dict)
    _beside: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    tables: dict[str, GroupTable] = field(default_factory=dict)  # by the cell of the group's text
    _taken: tuple[tuple[str, Shown], ...] = ()
    most: int = LONG

    def __post_init__(self) -> None:
        self.values = Values(self.evaluator, each_group_alone=not self.compared)

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

    def spill(self, text: str, what: Both, values: Shown | Added, wide: bool = False, reads: int = 0) -> str:
        """A helper for the text, once for each text; `wide` makes a column of a figure that is one a run."""
        return self.helper(text, what, values, ONE_CELL if "{r}" not in text and not wide else None, reads)

    def helper(self, text: str, what: Both, values: Shown | Added, height: Height, reads: int = 0) -> str:
        """A helper of a height, once for each text."""
        if (text, height) not in self._known:
            self._known[text, height] = self._add(text, what, values, height, reads)
        return self._known[text, height]

    def hint(self, of: str, what: Both, values: Shown | Added, rows_of: str = "") -> str:
        """Figures a county that are written as they were, once for what they are `of`."""
        if (of, None) not in self._known:
            self._known[of, None] = self.of_order(self._add("", what, values, None, 0), rows_of)
        return self._known[of, None]

    def beside(self, columns: Sequence[tuple[str, Both, Shown | Added]]) -> list[str]:
        """Columns of (text, what, figures) that stand side by side, once for each list of texts."""
        key = tuple(text for text, _, _ in columns)
        if key not in self._beside:
            self._beside[key] = [self._add(text, what, values, None, 0) for text, what, values in columns]
        return self._beside[key]

    def running(self, start: str, step: str, what: Both, values: Shown | Added) -> str:
        """A column that begins with `start` and goes on by `step`, where `{before}` is its cell in the row above."""
        key = f"{start} {step}"
        if (key, None) not in self._known:
            before = self.places.helper(len(self.helpers), False).replace("{r}", "{above}")
            text = f"IF({{r}}={self.places.first},{start},{step.replace('{before}', before)})"
            self._known[key, None] = self._add(text, what, values, None, 0)
        return self._known[key, None]

    def _add(self, text: str, what: Both, values: Shown | Added, height: Height, reads: int) -> str:
        label = Both(f"{self.owner.zh}·{what.zh}", f"{self.owner.en} · {what.en}")
        self.helpers.append(Helper(label, text, height, _cells(values), reads))
        return self.places.helper(len(self.helpers) - 1, height == ONE_CELL)

    def remainder(self, text: str, what: Both, values: Floats, of: tuple[str, str], wide: bool = False) -> str:
        """A helper for what rounding down leaves `of` the units and the units rounded down."""
        reference = self.spill(text, what, values, wide)
        self.helpers = [replace(helper, rest_of=of) if helper.text == text else helper for helper in self.helpers]
        return reference

    def of_order(self, reference: str, rows_of: str = "") -> str:
        """The helper, marked as one that tells of the order that was written."""
        return self._marked(reference, in_order=True, rows_of=rows_of)

    def one_of(self, reference: str, remainders: str) -> str:
        """The helper, marked as one of the remainders."""
        return self._marked(reference, rest_of=(remainders,))

    def _marked(self, reference: str, **marks: Any) -> str:
        number = next(number for number, (known, _) in enumerate(self.spilled()) if known == reference)
        self.helpers[number] = replace(self.helpers[number], **marks)
        return reference

    def spilled(self) -> Iterator[tuple[str, str]]:
        """Every helper's reference and text."""
        for number, helper in enumerate(self.helpers):
            yield self.places.helper(number, helper.height == ONE_CELL), helper.text

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

    def span(self, reference: str, height: int | None = None, to: str = "") -> str:
        """`'测算'!$D{r}` as `'测算'!$D$8:$D$14`; of the first `height` rows where given, as far as column `to`."""
        place, last = COLUMN.match(reference), COLUMN.match(to or reference)
        if place is None or last is None:
            raise ValueError(f"no cell of a column: {reference}")
        end = self.places.last if height is None else self.places.first + height - 1
        return f"'{place['sheet']}'!${place['column']}${self.places.first}:${last['column']}${end}"

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
