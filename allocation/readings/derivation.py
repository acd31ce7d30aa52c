"""Why a county's figure is what it is: a tree of figures, formulas and sources, printed from the nodes computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from allocation.classes import dataclass
from allocation.language import tree
from allocation.language.functions import FUNCTIONS
from allocation.language.units import Unit
from allocation.readings.amounts import Value, amount, unit_of
from allocation.readings.at_row import figure_at, taken, value_at, walk
from allocation.readings.each import periods_of
from allocation.readings.evaluated import Evaluated
from allocation.readings.figures import ROUNDINGS, Figures, quota, side
from allocation.readings.pieces import tidied
from allocation.readings.tails import rounded_part_note, takes_the_tail
from allocation.readings.words import sentence, table_text
from allocation.tables.keys import Figure
from allocation.texts import LANGUAGES, Both, Speaker, both, say

if TYPE_CHECKING:
    from allocation.run.run import Run

NONE = Both("", "")
PAST = ("last", "since")


@dataclass(frozen=True)
class Derivation:
    """One figure of one county. `name` is empty for a part without one, such as a total inside a formula.

    `words` is the formula, `numbers` the same with the county's figures, `note` what rounding, bounds, an exception or
    a change did; `where` the cell an input came from.
    """

    name: str
    label: Both
    figure: Figure | bool
    value: Both
    words: Both = NONE
    numbers: Both = NONE
    note: Both = NONE
    source: str = ""
    where: str = ""
    children: tuple[Derivation, ...] = ()
    unit: Unit | None = None


def derive(run: Run, name: str, row: int, depth: int = 3) -> Derivation:
    """The figure `name` of the county in `row` of the last period, with `depth` levels of named figures below it."""
    deriver = _Deriver(run, row)
    if name in run.model.parameters:
        return deriver.parameter(name)
    return deriver.named(name, run.periods[-1][name], depth)


def text(derivation: Derivation, lang: str = "zh", depth: int = 3) -> str:
    """The derivation as indented lines; what was shown in full once is not shown again."""
    return "\n".join(told(derivation, lang, depth).lines())


@dataclass(frozen=True)
class ToldStep:
    """A figure in a line, what is told `beside` it, and the figures it is made of. `name`: empty of one without."""

    text: str
    name: str
    beside: tuple[str, ...] = ()
    below: tuple[ToldStep, ...] = ()

    def lines(self, indent: str = "") -> Iterator[str]:
        yield indent + self.text
        inner = indent + "    "
        yield from (inner + line for line in self.beside)
        for step in self.below:
            yield from step.lines(inner)


def told(derivation: Derivation, lang: str, depth: int = 3) -> ToldStep:
    """The derivation in words; what was shown in full once is not shown again."""
    return _Telling(lang).step(derivation, depth)


@dataclass(frozen=True)
class _Telling(Speaker):
    """`seen`: what was shown in full."""

    lang: str
    seen: set[str] = field(default_factory=set)

    def step(self, why: Derivation, depth: int) -> ToldStep:
        value, key = why.value[self.lang], why.name or why.label.en
        line = self.say("words.line", label=why.label, value=value)
        if key in self.seen:
            return ToldStep(line, why.name)
        formulas = [formula for formula in (why.words[self.lang], why.numbers[self.lang]) if formula not in ("", value)]
        beside = [self.say("words.equals", x=formula) for formula in dict.fromkeys(formulas)]
        beside += [why.note[self.lang]] if why.note[self.lang] else []
        beside += [self.say(f"words.{message}", x=content)
                   for message, content in (("source", why.source), ("where", why.where)) if content]  # fmt: skip
        if depth > 0 or not why.children:
            self.seen.add(key)
        children = why.children if depth > 0 else ()
        return ToldStep(
            line, why.name, tuple(beside), tuple(self.step(child, depth - bool(child.name)) for child in children)
        )


def in_both(worded: Callable[[str], str]) -> Both:
    return Both(*(worded(lang) for lang in LANGUAGES))


def joined(texts: Sequence[Both]) -> Both:
    return in_both(lambda lang: say(lang, "words.semicolon").join(text[lang] for text in texts))


def is_across(node: tree.Node) -> bool:
    """One figure for all counties, or for a group: a total, a mean …"""
    return isinstance(node, tree.Call) and FUNCTIONS[node.fn].group == "counties" and node.fn != "rank"


def allocates(node: tree.Node) -> bool:
    call = node.call if isinstance(node, tree.Derived) else node
    return isinstance(call, tree.Call) and FUNCTIONS[call.fn].group in ("allocating", "internal")


@dataclass(frozen=True)
class _Deriver:
    run: Run
    row: int

    # ---- the kinds of things a figure can be

    def named(self, name: str, evaluated: Evaluated, depth: int) -> Derivation:
        if name in self.run.model.parameters:
            return self.parameter(name)
        if name in self.run.model.inputs:
            return self.input(name, evaluated)
        return self.column(name, evaluated, depth)

    def parameter(self, name: str) -> Derivation:
        entry = self.run.model.parameters[name]
        return Derivation(
            name, entry.label, entry.value, table_text(entry), note=self.changed(name, entry.unit),
            source=entry.on_paper(""), unit=entry.unit,
        )  # fmt: skip

    def input(self, name: str, evaluated: Evaluated) -> Derivation:
        entry, figure = self.run.model.inputs[name], plain(figure_at(evaluated, self.row))
        added = name.startswith("_")  # by a part of the issue, whose file no cell of the table tells
        where, note = "" if added else self.run.table.where(name, self.row), self.changed(name, entry.unit)
        return Derivation(name, entry.label, figure, self.value(figure, entry.unit), note=note, source=entry.source,
                          where=where, unit=entry.unit)  # fmt: skip

    def column(self, name: str, evaluated: Evaluated, depth: int) -> Derivation:
        entry, figure = self.run.model.columns[name], plain(figure_at(evaluated, self.row))
        notes = (self.notes(evaluated), rounded_part_note(self.run.model, name) or NONE)
        return Derivation(
            name, entry.label, figure, self.value(figure, entry.unit),
            words=sentence(self.run.model, entry.node),
            numbers=NONE if isinstance(entry.node, tree.Name) else self.numbers(evaluated),
            note=joined([note for note in notes if note.zh]),
            source=entry.source,
            children=self.below(evaluated, depth, frozenset({name})),
            unit=entry.unit,
        )  # fmt: skip

    def part(self, evaluated: Evaluated, depth: int, known: frozenset[str]) -> Derivation:
        """A part of a formula that has a figure worth showing: a total over counties, a rounding, a floor, a claim."""
        figure, numbers, inner = plain(figure_at(evaluated, self.row)), NONE, evaluated
        if is_across(evaluated.node):
            inner = evaluated.parts[0]
        else:
            numbers = self.numbers(evaluated)
        unit = unit_of(self.run.model, evaluated.node)
        return Derivation(
            "", self.label(evaluated.node), figure, self.value(figure, unit), numbers=numbers,
            children=self.below(inner, depth, known), unit=unit,
        )  # fmt: skip

    def numbers(self, evaluated: Evaluated) -> Both:
        return tidied(in_both(lambda lang: Figures(self.run, self.row, lang).formula(evaluated).text))

    def earlier(self, evaluated: Evaluated, node: tree.Call) -> Derivation:
        """A figure of a period before: computed then, or read from the input named by `before`."""
        name = node.named("x")
        entry, before = self.run.model.entry(name), self.run.model.before(name)
        figure, periods = plain(figure_at(evaluated, self.row)), periods_of(node)
        beyond, where = periods - len(self.run.tables), ""
        first, code = self.run.tables[0], self.run.table.codes[self.row]
        if 0 <= beyond < len(before) and code in first.codes:
            where = first.where(before[beyond], first.codes.index(code))
        elif beyond < 0:
            where = str(self.run.tables[-1 - periods].year or "")
        return Derivation(
            "", self.label(node), figure, self.value(figure, entry.unit), source=entry.source, where=where,
            unit=entry.unit,
        )  # fmt: skip

    # ---- what stands below

    def below(self, evaluated: Evaluated, depth: int, known: frozenset[str]) -> tuple[Derivation, ...]:
        """One child for every name, total and earlier figure that made this one; `known` are shown above already."""
        if depth <= 0:
            return ()
        parts = {self.key(part): part for part in self.mentioned(evaluated)}
        shown = known | parts.keys()
        return tuple(self.child(part, depth, shown) for key, part in parts.items() if key not in known)

    def mentioned(self, evaluated: Evaluated, outermost: bool = True) -> Iterator[Evaluated]:
        """What a formula names, and its parts that have a figure of their own."""
        node = evaluated.node
        if isinstance(node, tree.Name):
            yield evaluated
            return
        if isinstance(node, tree.Call):
            yield from self.beside(node, evaluated)
            if node.fn in PAST or is_across(node) or node.fn in ROUNDINGS and not outermost:
                yield evaluated
                return
        for part in taken(evaluated, self.row):
            worth_showing = not isinstance(part.node, (tree.Name, tree.Number)) and not allocates(part.node)
            if isinstance(node, tree.Call) and allocates(node) and worth_showing:
                yield part
            else:
                yield from self.mentioned(part, outermost and isinstance(node, tree.If))

    def beside(self, node: tree.Call, evaluated: Evaluated) -> Iterator[Evaluated]:
        """Names the evaluated node keeps no part for: groups, tables, and what `given` asks about."""
        for key in ("by", "bands", "table", *(("x",) if node.fn == "given" else ())):
            name = node.arg(key)
            if isinstance(name, tree.Name):
                known = self.run.periods[-1].get(name.id)
                if known is None:
                    yield Evaluated(name, evaluated.data)
                else:
                    yield replace(known, node=name, parts=(known,) if name.id in self.run.model.columns else ())

    def child(self, part: Evaluated, depth: int, shown: frozenset[str]) -> Derivation:
        node = part.node
        if isinstance(node, tree.Name):
            return self.named(node.id, part.parts[0] if part.parts else part, depth - 1)
        if isinstance(node, tree.Call) and node.fn in PAST:
            return self.earlier(part, node)
        return self.part(part, depth, shown)

    def key(self, part: Evaluated) -> str:
        return part.node.id if isinstance(part.node, tree.Name) else f"= {self.label(part.node).en}"

    # ---- texts

    def label(self, node: tree.Node) -> Both:
        return sentence(self.run.model, node)

    def value(self, figure: Value, unit: Unit | None) -> Both:
        return in_both(lambda lang: amount(figure, unit, lang))

    def notes(self, evaluated: Evaluated) -> Both:
        """What bounds, rounding and exceptions did to this county."""
        notes: list[Both] = []
        whole = (
            part for part in walk(evaluated, self.row) if part is evaluated or not isinstance(part.node, tree.Name)
        )
        bounded = next((part.bounded for part in whole if part.bounded is not None), None)
        if bounded is not None:
            level = self.value(value_at(bounded.level, self.row), None)
            state = both(f"words.state_{side(bounded, self.row)}")
            notes.append(both("words.level_note", level=level, state=state))
        for part in walk(evaluated, self.row):
            if isinstance(part.node, tree.If) and part.node.source and value_at(part.parts[0].data, self.row):
                notes.append(both("words.exception_note", source=part.node.source))
            if isinstance(part.node, tree.Call) and part.node.fn in ("largest_remainder", "row_remainder"):
                notes.append(self.rounded(part))
        return joined(notes)

    def rounded(self, evaluated: Evaluated) -> Both:
        now, before = (value_at(data, self.row) for data in (evaluated.data, quota(evaluated).data))
        more: Fraction | float = _figure(now) - _figure(before)
        rule = "tail" if takes_the_tail(evaluated, self.row) else "rounding"
        if not more:
            return both(f"words.{rule}_none")
        message = f"words.{rule}_more" if more > 0 else f"words.{rule}_less"
        return both(message, x=self.value(more if more > 0 else -more, unit_of(self.run.model, evaluated.node)))

    def changed(self, name: str, unit: Unit) -> Both:
        here = ("", self.run.table.codes[self.row])
        changes = [change for change in self.run.changed if change.name == name and change.county in here]
        figures = ((self.value(change.old, unit), self.value(change.new, unit)) for change in changes)
        return joined([both("words.changed", old=old, new=new) for old, new in figures])


def _figure(value: Value) -> Fraction | float:
    """A figure where only a number can stand."""
    if not isinstance(value, Fraction | float):
        raise TypeError(f"no number: {value!r}")
    return value


def plain(value: Value) -> Figure | bool:
    """A NumPy value as an exact fraction (a float by its shortest decimal), a text or a truth."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    return Fraction(repr(float(value))) if isinstance(value, float) else value
