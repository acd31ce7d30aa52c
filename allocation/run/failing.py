"""What a failed check rests on, for those who must mend it: the figures of parameters that it reads, and what does not
hold, of each unit it fails on: both sides and the difference, in their unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from allocation.classes import dataclass
from allocation.language import tree
from allocation.language.units import Unit
from allocation.policy.model import Check, Model, Parameter
from allocation.readings.amounts import Value, amount, unit_of
from allocation.readings.at_row import branch, figure_at, taken, value_at
from allocation.readings.evaluated import Evaluated
from allocation.readings.pieces import PHRASING
from allocation.readings.words import sentence
from allocation.tables.table import Table
from allocation.texts import LANGUAGES, Both, bracketed, say
from allocation.texts.decimals import plain_figure

SHOWN = 8  # figures of parameters; more say nothing at a glance
GROUPED = 12  # figures that a group adds up, told one by one
UNITS = 3  # told with their figures; the others by name
FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
RELATIONS = {"<": "below", "<=": "most", ">": "above", ">=": "least", "==": "equal", "!=": "other"}


def rests_on(
    model: Model, check: Check, answer: Evaluated, rows: Sequence[int], units: Sequence[str]
) -> tuple[Both, ...]:
    """`古塔区“落户人数”为 0 人，应大于 0；…（落户人口权重 60%、…）`: what does not hold, and the parameters it reads.

    `rows`: of the counties it fails on, `units` their names; of a check on the whole table none are named.
    """
    named = [("", rows[0])] if check.shape == "scalar" else [*zip(units, rows, strict=True)][:UNITS]
    told = [text for unit, row in named if (text := _of_unit(model, answer, row, unit)).zh]
    sides = {part.node.id for part in _sides(answer, rows[0]) if isinstance(part.node, tree.Name)}
    read = [name for name in dict.fromkeys(part.id for part in check.node.names) if name not in sides]
    entries = [model.parameters[name] for name in read if name in model.parameters]
    figures = [_figure(entry, key) for entry in entries for key in entry.figures]
    figures = figures if len(figures) <= SHOWN else []
    if not told:
        return tuple(figures)
    joined = Both(*(say(lang, "words.semicolon").join(text[lang] for text in told) for lang in LANGUAGES))
    return (bracketed(joined, figures) if figures else joined,)


def behind_group(model: Model, table: Table, check: Check, rows: Sequence[int]) -> tuple[Both, ...]:
    """Of a check of groups, the figures it adds up: of each row those of the inputs to mend that are not 0, and the
    texts that tell it apart."""
    told: list[Both] = []
    group = check.shape.partition(":")[2]
    kept = [name for name in dict.fromkeys(name for by in model.summaries for name in by) if name != group]
    for row in rows:
        texts = (str(table.values[name][row]) for name in kept)
        apart_by = [text for text in texts if text not in table.names[row]]
        for name in check.cells:
            entry, value = model.inputs[name], table.values[name][row]
            if isinstance(value, Fraction) and value:
                said = [
                    f"{table.names[row]} {entry.label[lang]} {amount(value, entry.unit, lang)}" for lang in LANGUAGES
                ]
                told.append(bracketed(Both(*said), apart_by))
    return tuple(told if len(told) <= GROUPED else ())


def apart(unit: Unit, handed: Fraction, wanted: Fraction) -> Both:
    """`合计 4,999 万元，应等于 5,000 万元，相差 1 万元`: what was handed out beside what there is."""

    def told(lang: str) -> str:
        figures = {"handed": handed, "wanted": wanted, "gap": abs(handed - wanted)}
        return say(lang, "run.apart", **{key: amount(value, unit, lang) for key, value in figures.items()})

    return Both(*(told(lang) for lang in LANGUAGES))


def _figure(entry: Parameter, key: str) -> Both:
    place, percent = f"/{key}" if key else "", entry.unit.is_percent
    shown = plain_figure(entry.figures[key], percent) + "%" * percent
    return Both(*(f"{entry.label[lang]}{place} {shown}" for lang in LANGUAGES))


def _of_unit(model: Model, answer: Evaluated, row: int, unit: str) -> Both:
    """What does not hold of one county, or of the whole table (no `unit`); empty where no words are found for it."""
    texts = []
    for lang in LANGUAGES:
        told = say(lang, "run.fails_or").join(_Failing(model, row, lang).told(answer))
        texts.append(say(lang, "run.fails_of", unit=unit, text=told) if told and unit else told)
    return Both(*texts)


def _sides(answer: Evaluated, row: int) -> Iterator[Evaluated]:
    for failed in _false(answer, row):
        yield from failed.parts


def _false(answer: Evaluated, row: int) -> Iterator[Evaluated]:
    """The tests that make the answer false: the first operand of an `and`, all of an `or`, also behind names."""
    node = answer.node
    if isinstance(node, tree.Logic):
        for part in taken(answer, row):
            if not value_at(part.data, row):
                yield from _false(part, row)
    elif isinstance(node, tree.If):
        yield from _false(branch(answer, row), row)
    elif isinstance(node, (tree.Name, tree.Derived)) and answer.parts:
        yield from _false(answer.parts[0], row)
    else:
        yield answer


@dataclass(frozen=True)
class _Failing:
    model: Model
    row: int
    lang: str

    def told(self, answer: Evaluated) -> list[str]:
        return [text for failed in _false(answer, self.row) if (text := self.test(failed))]

    def test(self, failed: Evaluated) -> str:
        match failed.node:
            case tree.Compare():
                return self.comparison(failed, failed.node)
            case tree.Member(texts=texts, negated=negated):
                (of,) = failed.parts
                slots = {"left": self.words(of.node), "x": self.value(of), "texts": texts}
                return self.say("fails_among" if not negated else "fails_not_among", **slots)
            case tree.Call(fn="given"):
                return self.say("fails_given", left=self.words(failed.node.needed("x")))
        return self.say("fails_test", text=self.words(failed.node))

    def comparison(self, failed: Evaluated, node: tree.Compare) -> str:
        """`“奖补额”为 135 万元，应不大于“上限” 133 万元，相差 2 万元`."""
        left, right = failed.parts
        op = node.op
        if isinstance(left.node, tree.Number) and not isinstance(right.node, tree.Number):
            left, right, op = right, left, FLIPPED[op]
        unit = unit_of(self.model, left.node) or unit_of(self.model, right.node)
        x, y = (figure_at(side, self.row) for side in (left, right))
        gap: Fraction | float | None = None
        if isinstance(x, Fraction | float) and isinstance(y, Fraction | float):
            gap = abs(Fraction(x) - Fraction(y))
        literal = isinstance(right.node, tree.Number)
        slots = {
            "left": self.words(left.node), "x": self.amount(x, unit), "relation": self.say(f"must_{RELATIONS[op]}"),
            "right": "" if literal else self.words(right.node), "y": self.amount(y, unit if y else None),
            "gap": self.amount(gap, unit) if gap and not (literal and not y) else "",
        }  # fmt: skip
        return PHRASING[self.lang].tidy(self.say("fails_sides", **slots))

    def words(self, node: tree.Node) -> str:
        return sentence(self.model, node)[self.lang]

    def value(self, part: Evaluated) -> str:
        return self.amount(figure_at(part, self.row), unit_of(self.model, part.node))

    def amount(self, value: Value, unit: Unit | None) -> str:
        return amount(value, unit, self.lang)

    def say(self, message: str, **slots: object) -> str:
        return say(self.lang, f"run.{message}", **slots)
