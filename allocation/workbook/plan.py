"""The whole workbook as formulas, before a sheet is written: every column's cell, the helpers, what blocks an award."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from allocation.language import tree
from allocation.language.functions import ALLOCATING
from allocation.model import Check, Input, Model, Parameter
from allocation.readings.excel import Blocking, Helper, Walk
from allocation.readings.excel_text import gap, quoted
from allocation.readings.numbers import Evaluator, Past
from allocation.run import Run, parameter_arrays
from allocation.texts import Both, say
from allocation.workbook.layout import DATA_STATE, STATE, Layout

BUDGET = 40_000_000  # cell work (rows × range length) above which a workbook holds values


@dataclass(frozen=True)
class Plan:
    """`cells[name]` is the guarded formula of a column, `checks` the count of counties each check fails on."""

    layout: Layout
    cells: dict[str, str]
    helpers: list[Helper]
    data_lines: list[Blocking]
    lines: list[Blocking]
    checks: list[tuple[Check, str]]
    live: bool
    work: int
    bound: str = ""  # a county's side of the sharing behind the award, as text; empty without bounds


def make_plan(run: Run, lang: str, layout: Layout | None = None) -> Plan:
    """Formulas for the places of `layout`; a workbook of one run has its own."""
    model = run.model
    layout = layout or Layout(model, len(run.table), lang)
    past = tuple(Past(table.codes, values) for table, values in zip(run.tables[:-1], run.periods[:-1], strict=True))
    evaluator = Evaluator(model, run.table, parameter_arrays([model], run.exact), run.exact, past)
    evaluator.values = dict(run.periods[-1])
    walk = Walk(model, evaluator, layout)
    texts = {name: walk.cell(model.columns[name].node, model.columns[name].label) for name in model.order}
    lines = list(walk.blocking)
    checks = [(check, _failing(walk, check)) for check in model.checks]
    reads = _Reads(walk, layout, texts)
    early = reads.columns(*(line.text for line in lines))
    stopping = _stopping(model, checks, reads, early)
    lines += [Blocking(check.label, text) for check, text in stopping]
    cells = {}
    for name, text in texts.items():
        state = layout.check(DATA_STATE if name in early else STATE)
        if name == model.award and name in early:
            before = [line for line in lines if name not in reads.columns(line.text)]
            state = _state_before(walk, state, before)
        cells[name] = f"IF({state}=0,{text},NA())"
    work = sum(helper.work for helper in walk.helpers) * len(run.table)
    data_lines = _data_lines(model, layout, walk)
    live = work <= BUDGET and len(layout.past) == len(past)  # without the sheets of earlier years, values
    return Plan(layout, cells, walk.helpers, data_lines, lines, checks, live, work, _bound(walk))


def _bound(walk: Walk) -> str:
    """Whether the named column that shares the award stands at the county's floor or cap."""
    node = walk.model.columns[walk.model.award].node
    name = walk.model.award
    while isinstance(node, tree.Call) and node.fn == "largest_remainder" and isinstance(node.arg("quota"), tree.Name):
        name = node.arg("quota").id
        node = walk.model.columns[name].node if name in walk.model.columns else node.arg("quota")
    if not (isinstance(node, tree.Call) and node.fn == "bounded_share") or name == walk.model.award:
        return ""
    cell, text = walk.places.column(name), '""'
    for side, sign in (("cap", ">="), ("floor", "<=")):
        bound = node.arg(side)
        if isinstance(bound, tree.Name) and bound.id in walk.model.columns:
            word = say(walk.places.lang, f"workbook.at_{side}")
            text = f'IF({gap(cell, walk.formula(bound))}{sign}0,"{word}",{text})'
    return "" if text == '""' else text


def _state_before(walk: Walk, data_state: str, lines: list[Blocking]) -> str:
    """An award that is itself divided further cannot wait for the whole state, only for all that comes before it."""
    walk.owner = walk.model.columns[walk.model.award].label
    counts = [f"IFERROR({line.text},1)" for line in lines]
    return walk.spill("+".join([data_state, *counts]), Both("分配前状态", "state before it"), 0.0)


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


PLACE = re.compile(r"'[^']+'!\$[A-Z]+")  # the sheet and column of a reference


def _place(reference: str) -> str:
    return PLACE.match(reference)[0]


def _stopping(model: Model, checks: list[tuple[Check, str]], reads: _Reads, early: set[str]) -> list[tuple[Check, str]]:
    """The model's own checks that stop the awards: errors that read nothing the awards are made of.

    What they read joins `early`. A check of what was handed out stands on 核对 only, or the sheet would be circular.
    """
    late = {name for name in model.order if name not in early and _allocates(model.columns[name].node)} | {model.award}
    stopping = []
    for check, text in checks:
        read = reads.columns(text)
        if check.severity == "error" and not read & late:
            early |= read
            stopping.append((check, text))
    return stopping


def _allocates(node: tree.Node) -> bool:
    """Whether a formula hands anything out, by the function table's own kinds."""
    calls = (part.call if isinstance(part, tree.Derived) else part for part in node.walk())
    return any(isinstance(call, tree.Call) and call.fn in ALLOCATING for call in calls)


def _failing(walk: Walk, check: Check) -> str:
    walk.owner = check.label
    if check.shape == "scalar":
        return f"IF({walk.formula(check.node)},0,1)"
    span = walk.range(check.node, Both("通过", "passes"))
    return f"ROWS({span})-SUM({span})"


def _data_lines(model: Model, layout: Layout, walk: Walk) -> list[Blocking]:
    """What the cells of 数据 and 参数 must be for any figure to be shown."""
    lines = []
    for name, entry in model.inputs.items():
        cell = layout.input(name)
        span = f"{cell.replace('{r}', f'${layout.first}')}:{cell.split('!')[1].replace('{r}', f'${layout.last}')}"
        lines += _input_lines(entry, span, walk)
    for entry in model.parameters.values():
        label = Both(f"参数“{entry.label.zh}”在范围内", f"parameter '{entry.label.en}' is in range")
        lines.append(Blocking(label, _parameter_line(entry, layout)))
    return lines


def _parameter_line(entry: Parameter, layout: Layout) -> str:
    """How many of a parameter's cells are not what they must be; the edges of bands must rise."""
    if entry.kind == "scalar":
        cells, edges, values = [layout.parameter(entry.name)], [], [entry.value]
    elif entry.bands:
        rows = layout.bands(entry.name)
        cells, values = [cell for _, cell in rows], [band.value for band in entry.bands]
        edges = [edge for edge, _ in rows if edge]
    else:
        cells, edges, values = layout.keyed_cells(entry.name), [], [value for _, value in entry.values]
    tests = [
        f'{cell}<>""' if isinstance(value, str) else f"ISNUMBER({cell})"
        for cell, value in zip(cells, values, strict=True)
    ]
    tests += [f"{cell}>={float(entry.min)!r}" for cell in cells if entry.min is not None]
    tests += [f"{cell}<={float(entry.max)!r}" for cell in cells if entry.max is not None]
    tests += [f"ROUND({cell},{entry.decimals})={cell}" for cell in cells if entry.decimals is not None]
    tests += [f"ISNUMBER({edge})" for edge in edges]
    tests += [f"{low}<{high}" for low, high in pairwise(edges)]
    return "+".join(f"IF({test},0,1)" for test in tests)


def _input_lines(entry: Input, span: str, walk: Walk) -> list[Blocking]:
    zh, en, blank = entry.label.zh, entry.label.en, walk.may_be_blank(entry)
    if entry.text:
        lines = [] if blank else [Blocking(Both(f"“{zh}”已填全", f"'{en}' is filled in"), f"COUNTBLANK({span})")]
        cell = walk.places.input(entry.name)
        walk.owner = entry.label
        loose = f'IF(ISTEXT({cell}),IF(OR(TRIM({cell})<>{cell},ISNUMBER(FIND("　",{cell}))),1,0),0)'
        spaced = walk.span(walk.spill(loose, Both("有多余空格", "stray spaces"), 0.0, wide=True))
        lines.append(Blocking(Both(f"“{zh}”没有多余空格", f"'{en}' has no stray spaces"), f"SUM({spaced})"))
        if entry.one_of:
            cell = walk.places.input(entry.name)
            walk.owner = entry.label
            known = ",".join(f"EXACT({cell},{quoted(text)})" for text in entry.one_of)
            other = f'IF({cell}="",0,IF(OR({known}),0,1))'
            strange = walk.span(walk.spill(other, Both("不在可选范围内", "not one of the choices"), 0.0, wide=True))
            lines.append(Blocking(Both(f"“{zh}”在可选范围内", f"'{en}' is one of the choices"), f"SUM({strange})"))
        return lines
    count = f"COUNTA({span})-COUNT({span})" if blank else f"ROWS({span})-COUNT({span})"
    filled = Both(f"“{zh}”为数字且已填全", f"'{en}' is filled in with numbers")
    lines = [Blocking(Both(f"“{zh}”为数字或空白", f"'{en}' is a number or blank") if blank else filled, count)]
    tests = [f"({span}<{float(entry.min)!r})"] if entry.min is not None else []
    tests += [f"({span}>{float(entry.max)!r})"] if entry.max is not None else []
    if entry.decimals is not None:
        cell = walk.places.input(entry.name)
        walk.owner = entry.label
        places = f"IF(ISNUMBER({cell}),IF(ROUND({cell},{entry.decimals})={cell},0,1),0)"
        tests.append(walk.span(walk.spill(places, Both("位数不合规", "too many places"), 0.0, wide=True)))
    if tests:
        label = Both(f"“{zh}”在范围内、位数合规", f"'{en}' is in range, with the places allowed")
        # A blank would count as 0, and a text as more than any number: texts are counted above.
        text = f'SUMPRODUCT(({span}<>"")*(({"+".join(tests)})>0))'
        lines.append(Blocking(label, text))
    return lines
