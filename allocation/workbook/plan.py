"""The whole workbook as formulas, before a sheet is written: every column's cell, the helpers, what blocks an award."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from allocation.language import tree
from allocation.model import Check, Input, Model, Parameter
from allocation.readings.excel import Blocking, Helper, Walk
from allocation.readings.excel_text import quoted
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
    early = _before_sharing(model)
    stopping = _stopping(model, early)
    cells = {}
    for name in model.order:
        column = model.columns[name]
        text = walk.cell(column.node, column.label)
        state = layout.check(DATA_STATE if name in early else STATE)
        if name == model.award and name in early:
            state = _state_before(walk, state)
        cells[name] = f"IF({state}=0,{text},NA())"
    lines = list(walk.blocking)
    checks = [(check, _failing(walk, check)) for check in model.checks]
    lines += [Blocking(check.label, text) for check, text in checks if check.name in stopping]
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
            text = f'IF(ROUND({cell}-{walk.formula(bound)},6){sign}0,"{word}",{text})'
    return "" if text == '""' else text


def _state_before(walk: Walk, data_state: str) -> str:
    """An award that is itself divided further cannot wait for the whole state, only for all that comes before it."""
    lines = [f"IFERROR({line.text},1)" for line in walk.blocking]
    return walk.spill("+".join([data_state, *lines]), Both("分配前状态", "state before it"), 0.0)


def _before_sharing(model: Model) -> set[str]:
    """Columns that the state itself reads, through what an allocator takes: they cannot wait for the state."""
    needed: set[str] = set()
    for column in model.columns.values():
        for part in column.node.walk():
            exception = isinstance(part, tree.If) and part.source
            allocator = isinstance(part, tree.Call) and part.fn in _ALLOCATORS
            if exception or allocator:
                needed |= {name for inner in part.parts() for name in _this_period(inner)}
    for name in reversed(model.order):
        if name in needed:
            needed |= set(_this_period(model.columns[name].node))
    return needed


def _stopping(model: Model, early: set[str]) -> set[str]:
    """Names of the model's own checks that stop the awards: errors that read nothing the awards are made of.

    What they read joins `early`. A check of what was handed out stands on 核对 only, or the sheet would be circular.
    """
    late = {name for name in model.order if name not in early and _shares(model.columns[name].node)} | {model.award}
    stopping = set()
    for check in model.checks:
        read = set(_this_period(check.node))
        for name in reversed(model.order):
            if name in read:
                read |= set(_this_period(model.columns[name].node))
        if check.severity == "error" and not read & late:
            early |= read
            stopping.add(check.name)
    return stopping


def _shares(node: tree.Node) -> bool:
    return any(isinstance(part, tree.Call) and part.fn in (*_ALLOCATORS, "fill") for part in node.walk())


def _this_period(node: tree.Node) -> Iterator[str]:
    """The names a formula reads now; `last(award)` reads what an input says of the period before."""
    if isinstance(node, tree.Name):
        yield node.id
    elif not (isinstance(node, tree.Call) and node.fn in ("last", "since")):
        for part in node.parts():
            yield from _this_period(part)


_ALLOCATORS = ("bounded_share", "largest_remainder", "row_remainder")


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
