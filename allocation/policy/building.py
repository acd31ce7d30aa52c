"""Columns from their formulas: parsed, expanded over lists, ordered by the names they use, checked one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from fractions import Fraction
from math import lcm

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.language import tree
from allocation.language.check import check, settle
from allocation.language.grids import bounds_on_grid, grid
from allocation.language.lists import Lists
from allocation.language.parse import parse, tidy
from allocation.language.typed import Meaning, Typed, has_across
from allocation.language.units import PURE, Unit, Units
from allocation.policy.model import Check, Column, Input, Parameter
from allocation.policy.schema import ColumnSpec
from allocation.texts import Both
from allocation.texts.decimals import last_place


@dataclass
class Built:
    """What came of the columns: those that hold, in file order, the order of evaluation, and what went wrong."""

    columns: dict[str, Column] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    scope: dict[str, Meaning] = field(default_factory=dict)
    shown: dict[str, Meaning] = field(default_factory=dict)  # the scope, with grids that no changed parameter can move
    failed: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class _Draft:
    """One plain column before checking: list items already expanded."""

    name: str
    label: Both
    unit: Unit
    spec: ColumnSpec
    formula: str
    node: tree.Node
    where: str
    heading: Both | None
    item: Both | None


def parse_formula(text: str, lists: Lists, binding: Mapping[str, str], scope: Mapping[str, Meaning]) -> Typed:
    """A formula parsed, expanded for one list item and checked."""
    formula = tidy(text)
    return check(lists.expand(parse(text), formula, binding), formula, scope)


def uses(node: tree.Node) -> set[str]:
    """The names whose value in the same period the formula needs."""
    if isinstance(node, tree.Call) and node.fn in ("last", "since"):
        return set()
    if isinstance(node, tree.Name):
        return {node.id}
    return set().union(*(uses(part) for part in node.parts()), set())


def build_columns(
    specs: list[ColumnSpec],
    items: Mapping[str, Mapping[str, Both]],
    lists: Lists,
    scope: Mapping[str, Meaning],
    units: Units,
    file: str,
    failed: set[str],
) -> Built:
    """Every column of the file. Problems are gathered; what rests on a failed column, or on an entry of `failed`, is
    passed over in silence."""
    shown = {name: entry if entry.firm else replace(entry, grid=None) for name, entry in scope.items()}
    built = Built(scope=dict(scope), shown=shown, failed=set(failed))
    drafts: dict[str, _Draft] = {}
    for spec in specs:
        for draft in _drafts(spec, items, lists, units, file, built):
            drafts[draft.name] = draft
            built.scope[draft.name] = built.shown[draft.name] = Meaning("number", "column", draft.unit)
    built.order = _order(drafts, built)
    for name in built.order:
        draft = drafts[name]
        if {name.id for name in tree.names(draft.node)} & built.failed:
            built.failed.add(name)
            continue
        try:
            built.columns[name] = _column(draft, built)
        except AllocationError as error:
            built.failed.add(name)
            built.problems += [Problem(p.id, p.slots, draft.where, p.excerpt) for p in error.problems]
    built.columns = {name: built.columns[name] for name in drafts if name in built.columns}
    for name in built.failed:
        built.scope.pop(name, None)
    return built


def _drafts(
    spec: ColumnSpec, items: Mapping[str, Mapping[str, Both]], lists: Lists, units: Units, file: str, built: Built
) -> list[_Draft]:
    where = f"{file}: [[column]] {spec.name}"
    label, drafts = Both(spec.zh, spec.en), []
    try:
        unit = units.parse(spec.unit)
        if spec.over and spec.over not in items:
            raise AllocationError(Problem("model.no_list", {"name": spec.over, "nearest": "—"}))
        if (
            bool(spec.formula) == bool(spec.formulas)
            or spec.formulas
            and set(spec.formulas) != set(items.get(spec.over, ()))
        ):
            raise AllocationError(Problem("model.formula_or_formulas", {"list": spec.over or "—"}))
        pairs = [(spec.over, key) for key in items[spec.over]] if spec.over else [("", "")]
        for of, key in pairs:
            binding = {of: key} if of else {}
            item = items[of][key] if of else None
            full = Both(f"{label.zh}/{item.zh}", f"{label.en}/{item.en}") if item else label
            node = _with_exceptions(spec, _formula(spec, key), lists, binding)
            name = f"{spec.name}.{key}" if of else spec.name
            text = tidy(_formula(spec, key))
            drafts.append(_Draft(name, full, unit, spec, text, node, where, label if of else None, item))
    except AllocationError as error:
        built.problems += [Problem(p.id, p.slots, where, p.excerpt) for p in error.problems]
        built.failed |= set(lists.members(spec.name)) if spec.over in items else {spec.name}
        return []
    return drafts


def _formula(spec: ColumnSpec, key: str) -> str:
    """The text for one item: `formulas` has one for each item of the list, `formula` serves them all."""
    return spec.formulas[key] if spec.formulas else spec.formula


def _with_exceptions(spec: ColumnSpec, formula: str, lists: Lists, binding: Mapping[str, str]) -> tree.Node:
    """The base formula below one `if` for each labelled exception."""

    def read(text: str) -> tree.Node:
        return lists.expand(parse(text), tidy(text), binding)

    node = read(formula)
    for exception in reversed(spec.exception):
        test, then = read(exception.when), read(exception.formula)
        if has_across(test) or has_across(then) or has_across(node):
            raise AllocationError(Problem("model.exception_across", {"source": exception.source}))
        node = tree.If(test, then, node, source=exception.source)
    return node


def _order(drafts: Mapping[str, _Draft], built: Built) -> tuple[str, ...]:
    """Names in an order in which each comes after those it uses; a circle is a problem that shows the way round."""
    order: list[str] = []
    state: dict[str, int] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if state.get(name) == 2 or name not in drafts:
            return
        if state.get(name) == 1:
            circle = [*path[path.index(name) :], name]
            built.problems.append(Problem("model.circle", {"path": " → ".join(circle)}, drafts[name].where))
            built.failed.update(circle)
            return
        state[name] = 1
        for used in sorted(uses(drafts[name].node)):
            visit(used, (*path, name))
        state[name] = 2
        order.append(name)

    for name in drafts:
        visit(name, ())
    return tuple(order)


def _column(draft: _Draft, built: Built) -> Column:
    typed = _checked(draft, built.scope)
    bounds_on_grid(typed.node, built.scope, draft.formula)
    step = grid(typed.node, built.scope) if typed.kind == "number" else None
    entry = Meaning(typed.kind, typed.shape, typed.unit or PURE, grid=step, role="column", node=typed.node)
    built.scope[draft.name] = entry
    lasting = grid(typed.node, built.shown) if typed.kind == "number" else None
    built.shown[draft.name] = replace(entry, grid=lasting)
    before = tuple(f"{n}.{draft.name.split('.', 1)[1]}" if draft.item else n for n in draft.spec.before)
    return Column(
        draft.name, draft.label, draft.unit, draft.formula, typed.node, typed.shape, typed.kind, draft.spec.source,
        before, draft.heading, draft.item, _decimals(lasting), draft.where,
    )  # fmt: skip


def _checked(draft: _Draft, scope: Mapping[str, Meaning]) -> Typed:
    """The typed formula; each exception is checked against its own text, so that errors underline the right one."""

    def settled(node: tree.Node, text: str) -> Typed:
        return settle(check(node, text, scope), draft.unit, text)

    chain, node = [], draft.node
    for exception in draft.spec.exception:
        labelled = _labelled(node)
        test = check(labelled.test, tidy(exception.when), scope)
        if test.kind != "truth":
            raise AllocationError(Problem("model.when_truth", {"when": exception.when}))
        chain.append((test, settled(labelled.then, tidy(exception.formula)), exception.source))
        node = labelled.otherwise
    typed = settled(node, draft.formula)
    for test, then, source in reversed(chain):
        if then.kind != typed.kind:
            raise AllocationError(Problem("model.exception_kind", {"source": source}))
        shape = "scalar" if test.shape == then.shape == typed.shape == "scalar" else "column"
        typed = replace(typed, node=tree.If(test.node, then.node, typed.node, source=source), shape=shape)
    return typed


def _labelled(node: tree.Node) -> tree.If:
    """The `if` that an exception stands in, as `_with_exceptions` puts it around the formula."""
    if not isinstance(node, tree.If):
        raise TypeError("an exception stands in an if")
    return node


def _decimals(step: Fraction | None) -> int | None:
    """Places needed to show a figure that sits on the grid, when a decimal does."""
    if step is None:
        return None
    for places in range(10):
        if (step * 10**places).denominator == 1:
            return places
    return None


def meaning_of_parameter(entry: Parameter) -> Meaning:
    values = [band.value for band in entry.bands] or [value for _, value in entry.values] or [entry.value]
    text = isinstance(values[0], str)
    figures = [value for value in values if isinstance(value, Fraction)]
    step = Fraction(1, lcm(*(figure.denominator for figure in figures))) if len(figures) == len(values) else None
    if entry.decimals is not None:
        step = last_place(entry.decimals)
    value_kind = "text" if text else "number"
    kind = value_kind if entry.kind == "scalar" else entry.kind
    firm = entry.decimals is not None
    return Meaning(kind, "scalar", entry.unit, entry.by_unit, value_kind, step, "parameter", firm=firm)


def meaning_of_input(entry: Input) -> Meaning:
    step = None if entry.decimals is None else last_place(entry.decimals)
    return Meaning("text" if entry.text else "number", "column", entry.unit, grid=step, role="input")


def mark_optional(inputs: dict[str, Input], built: Built, checks: list[Check], compare_with: str) -> dict[str, Input]:
    """A table may leave out what a formula asks `given()` about, what only bounds a share, and what nothing reads."""
    nodes = [column.node for column in built.columns.values()] + [check.node for check in checks]
    read = {name.id for node in nodes for name in tree.names(node)}
    free = {compare_with}
    for node in nodes:
        for part in node.walk():
            if isinstance(part, tree.Call) and part.fn in ("given", "bounded_share", "last", "since"):
                asked = [part.arg(key) for key in (("x",) if part.fn == "given" else ("floor", "cap"))]
                asked = [node.of if isinstance(node, tree.Convert) else node for node in asked]
                free |= {node.id for node in asked if isinstance(node, tree.Name)}
    free |= {name for column in built.columns.values() for name in column.before}
    free |= {name for entry in inputs.values() for name in entry.before}
    return {n: replace(i, optional=n in free or n not in read or i.default is not None) for n, i in inputs.items()}
