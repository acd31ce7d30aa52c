"""The whole workbook as formulas, before a sheet is written: every column's cell, the helpers, what blocks an award."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from allocation.classes import dataclass
from allocation.language import tree
from allocation.language.functions import ALLOCATING
from allocation.patterns import LatePattern
from allocation.policy.model import Check, Model
from allocation.readings.evaluation import Past
from allocation.readings.excel import Walk
from allocation.readings.excel_effort import fits, seconds
from allocation.readings.excel_text import gap
from allocation.readings.excel_walk import Blocking, Helper
from allocation.readings.numbers import Evaluator
from allocation.report.comparison import CAP, sharing
from allocation.run.run import Run, parameter_arrays
from allocation.texts import both
from allocation.xlsx.blocks import Block
from allocation.xlsx.check_sides import CheckSides, sides_of
from allocation.xlsx.faults import input_lines, names_of, parameter_line
from allocation.xlsx.layout import DATA_STATE, STATE, Layout


@dataclass(frozen=True)
class Plan:
    """`cells[name]` is the guarded formula of a column, `checks` by name count the counties each fails on.

    `work`: seconds to recalculate it, or steps where every unit is compared with every other.
    """

    layout: Layout
    cells: dict[str, str]
    helpers: list[Helper]
    data_lines: list[Blocking]
    lines: list[Blocking]
    checks: dict[str, Blocking]
    live: bool
    work: float
    bound: str = ""  # a county's side of the sharing behind the award, as text; empty without bounds
    may_be_blank: frozenset[str] = frozenset()  # inputs
    sides: Mapping[str, CheckSides] = field(default_factory=dict)  # of the checks that compare, by name

    @property
    def block(self) -> Block:
        """Its places in a workbook of several runs. TypeError of a workbook of one."""
        if not isinstance(self.layout, Block):
            raise TypeError("a workbook of one run has no blocks")
        return self.layout

    @property
    def compared(self) -> bool:
        return self.layout.cut.compared

    def say(self, message: str, **slots: object) -> str:
        """A text that is another where the workbook holds values only: `message_values`."""
        return self.layout.say(message if self.live else f"{message}_values", **slots)


def make_plan(run: Run, layout: Layout) -> Plan:
    """Formulas for the places of `layout`."""
    model = run.model
    past = tuple(Past(table.codes, values) for table, values in zip(run.tables[:-1], run.periods[:-1], strict=True))
    evaluator = Evaluator(model, run.table, parameter_arrays([model], run.exact), run.exact, past)
    evaluator.values = dict(run.periods[-1])
    walk = Walk(model, evaluator, layout, compared=layout.cut.compared)
    texts = {name: walk.cell(model.columns[name].node, model.columns[name].label) for name in model.order}
    lines = list(walk.blocking)
    checks = {check.name: _failing(walk, layout, check) for check in model.checks}
    reads = _Reads(walk, layout, texts)
    early = reads.columns(*(line.text for line in lines))
    lines += _stopping(model, checks, reads, early)
    cells = {}
    for name, text in texts.items():
        state = layout.check(DATA_STATE if name in early else STATE)
        if name == model.award and name in early:
            before = [line for line in lines if name not in reads.columns(line.text)]
            state = _state_before(walk, state, before)
        cells[name] = f"IF({state}=0,{text},NA())"
    told = {check.name: sides_of(walk, check) for check in model.checks if layout.printed and layout.cut.sides}
    data_lines = _data_lines(model, layout, walk)
    work = _work(walk, len(texts))
    live = fits(work, walk.compared) and len(layout.past) == len(past)  # without the sheets of earlier years, values
    blank = frozenset(name for name, entry in model.inputs.items() if walk.may_be_blank(entry))
    sides = {name: held for name, held in told.items() if held}
    return Plan(layout, cells, walk.helpers, data_lines, lines, checks, live, work, _bound(walk, layout), blank, sides)


def _work(walk: Walk, columns: int) -> float:
    reads = sum(helper.reads for helper in walk.helpers)
    if walk.compared:
        return reads
    heights = (walk.width if helper.height is None else max(1, helper.height) for helper in walk.helpers if helper.text)
    return seconds(columns * walk.width + sum(heights), reads)


def all_fit(plans: Sequence[Plan]) -> bool:
    """Whether all of a workbook's runs together can be live."""
    return all(plan.live for plan in plans) and fits(sum(plan.work for plan in plans), plans[0].compared)


def _bound(walk: Walk, layout: Layout) -> str:
    """Whether the named column that shares the award stands at the county's floor or cap."""
    shared = sharing(walk.model)
    if shared is None:
        return ""
    name, bounds = shared
    cell, text = walk.places.column(name), '""'
    for side, bound in bounds.items():
        sign, word = ">=" if side == CAP else "<=", layout.say(f"workbook.at_{side}")
        text = f'IF({gap(cell, walk.formula(tree.Name(bound)))}{sign}0,"{word}",{text})'
    return text


def _state_before(walk: Walk, data_state: str, lines: list[Blocking]) -> str:
    """An award that is itself divided further cannot wait for the whole state, only for all that comes before it."""
    walk.owner = walk.model.columns[walk.model.award].label
    counts = [(f"IFERROR({line.text},1)", 0.0) for line in lines]
    what = both("auxiliary.state_before_it")
    return walk.spill(walk.added([(data_state, 0.0), *counts], what), what, 0.0)


class _Reads:
    """Which columns of 测算 a formula rests on, through helpers and other columns, as its own references say.

    What the state reads cannot wait for the state, or the sheet would be circular.
    """

    def __init__(self, walk: Walk, layout: Layout, texts: dict[str, str]):
        self.names = {_place(layout.column(name)): name for name in texts}
        self.texts = {_place(reference): text for reference, text in walk.spilled()}
        self.texts |= {place: texts[name] for place, name in self.names.items()}

    def columns(self, *texts: str) -> set[str]:
        seen: set[str] = set()
        waiting = list(texts)
        while waiting:
            for place in (set(PLACE.findall(waiting.pop())) & self.texts.keys()) - seen:
                seen.add(place)
                waiting.append(self.texts[place])
        return {self.names[place] for place in seen if place in self.names}


PLACE = LatePattern(r"'[^']+'!\$[A-Z]+")  # the sheet and column of a reference


def _place(reference: str) -> str:
    match = PLACE.match(reference)
    assert match, reference
    return match[0]


def _stopping(model: Model, checks: dict[str, Blocking], reads: _Reads, early: set[str]) -> list[Blocking]:
    """The model's own checks that stop the awards: errors that read nothing the awards are made of.

    What they read joins `early`. A check of what was handed out stands on 核对 only, or the sheet would be circular.
    """
    late = {name for name in model.order if name not in early and _allocates(model.columns[name].node)} | {model.award}
    stopping = []
    for check in model.checks:
        read = reads.columns(checks[check.name].text)
        if check.severity == "error" and not read & late:
            early |= read
            stopping.append(checks[check.name])
    return stopping


def _allocates(node: tree.Node) -> bool:
    """Whether a formula hands anything out, by the function table's own kinds."""
    calls = (part.call if isinstance(part, tree.Derived) else part for part in node.walk())
    return any(isinstance(call, tree.Call) and call.fn in ALLOCATING for call in calls)


def _failing(walk: Walk, layout: Layout, check: Check) -> Blocking:
    """On how many counties a check fails, and the first of them."""
    walk.owner = check.label
    if check.shape == "scalar":
        return Blocking(check.label, f"IF({walk.formula(check.node)},0,1)", check=check.name)
    span = walk.range(check.node, both("auxiliary.passes"))
    first = f"INDEX({names_of(layout)},MATCH(0,{span},0))"
    return Blocking(check.label, f"ROWS({span})-SUM({span})", where=first, check=check.name)


def _data_lines(model: Model, layout: Layout, walk: Walk) -> list[Blocking]:
    """What the cells of 参数 and 数据 must be for any figure to be shown."""
    blocking = [parameter_line(entry, layout, walk) for entry in model.parameters.values()]
    for entry in model.inputs.values():
        blocking += input_lines(entry, layout, walk)
    return blocking
