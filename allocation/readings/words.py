"""The words reading: a formula as a sentence, and a parameter, input or column as a paragraph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from allocation.classes import dataclass
from allocation.language import tree
from allocation.language.functions import FUNCTIONS
from allocation.language.units import Unit
from allocation.policy.model import Band, Column, Input, Model, Parameter
from allocation.readings import pieces
from allocation.readings.amounts import amount, unit_label, unit_of
from allocation.readings.pieces import PHRASING, Phrasing, Piece
from allocation.tables.keys import Figure
from allocation.texts import LANGUAGES, Both, Speaker, Worded, both, in_brackets


def sentence(model: Model, node: tree.Node) -> Both:
    """A checked formula in words, names by their labels: `加权落户人数 × 困难系数`."""
    return Worded(lambda lang: Words(model, lang).sentence(node))


@dataclass(frozen=True)
class Words:
    """One walk over the tree. `families`: names written by their list's heading, inside `sum_over`."""

    model: Model
    lang: str
    families: frozenset[str] = frozenset()

    def visit(self, node: tree.Node) -> Piece:
        return NODES[type(node)](self, node)

    @property
    def phrasing(self) -> Phrasing:
        return PHRASING[self.lang]

    def say(self, message: str, **slots: object) -> str:
        return self.phrasing.say(f"words.{message}", **slots)

    def sentence(self, node: tree.Node) -> str:
        return self.phrasing.tidy(self.visit(node).text)

    # ---- leaves

    def number(self, node: tree.Number, unit: Unit | None = None) -> Piece:
        return self.phrasing.figure(node.value, unit)

    def text(self, node: tree.Text) -> Piece:
        return Piece(self.say("quote", x=node.value))

    def label(self, name: str) -> str:
        entry = self.model.entry(name)
        heading = entry.heading if family(name) in self.families else None
        return (heading or entry.label)[self.lang]

    def name(self, node: tree.Name) -> Piece:
        return self.phrasing.named(self.label(node.id))

    def item(self, node: tree.Item) -> Piece:
        return self.phrasing.named(f"{node.id}[{node.item}]")

    # ---- operators

    def negative(self, node: tree.Negative) -> Piece:
        return self.phrasing.negative(self.visit(node.of))

    def not_(self, node: tree.Not) -> Piece:
        inner = node.of
        if isinstance(inner, tree.Member):
            return self.member(replace(inner, negated=not inner.negated))
        if isinstance(inner, tree.Call) and inner.fn == "given":
            return Piece(self.say("not_given", x=self.phrasing.in_slot(self.visit(inner.needed("x")))), pieces.TRUTH)
        return Piece(self.say("not", x=self.phrasing.bracket(self.visit(inner).text)), pieces.COMPARE)

    def binary(self, node: tree.Binary) -> Piece:
        plain = isinstance(node.right, tree.Binary)
        return self.phrasing.binary(node.op, self.visit(node.left), self.visit(node.right), plain)

    def power(self, node: tree.Power) -> Piece:
        return self.phrasing.raised(self.visit(node.of), node.exponent)

    def compare(self, node: tree.Compare) -> Piece:
        return self.phrasing.comparison(node.op, self.visit(node.left), self.visit(node.right))

    def member(self, node: tree.Member) -> Piece:
        message = ("is_not" if node.negated else "is") if len(node.texts) == 1 else "not_in" if node.negated else "in"
        quoted = [self.say("quote", x=text) for text in node.texts]
        return Piece(self.say(message, x=self.phrasing.in_slot(self.visit(node.of)), texts=quoted), pieces.TRUTH)

    def logic(self, node: tree.Logic) -> Piece:
        return self.phrasing.logic(node.op, [self.visit(part) for part in node.operands])

    def if_(self, node: tree.If) -> Piece:
        if node.source:
            return self.exceptions(node)
        text, message = "", "case"
        rest: tree.Node = node
        while isinstance(rest, tree.If) and not rest.source:
            then = self.phrasing.at(self.visit(rest.then), pieces.CLAUSE)
            text += self.say(message, test=self.visit(rest.test).text, then=then)
            rest, message = rest.otherwise, "next_case"
        otherwise = self.say("otherwise", x=self.phrasing.at(self.visit(rest), pieces.CLAUSE))
        return Piece(text + otherwise, pieces.CHOICE)

    def exceptions(self, node: tree.Node) -> Piece:
        cases = []
        while isinstance(node, tree.If) and node.source:
            then = self.phrasing.at(self.visit(node.then), pieces.CLAUSE)
            cases.append(self.say("exception", test=self.visit(node.test).text, then=then, source=node.source))
            node = node.otherwise
        base, joined = self.visit(node).text, self.say("exception_join").join(cases)
        return Piece(self.say("exceptions", base=base, cases=joined), pieces.CHOICE)

    def convert(self, node: tree.Convert) -> Piece:
        of = self.visit(node.of)
        unit = unit_label(Unit(node.unit, Fraction(1), ()), self.lang) or self.say("pure_unit")
        unit = f"{pieces.GAP}{unit}{pieces.GAP}"
        slots = {"unit": unit, "factor": self.phrasing.factor_text(node.factor)}
        if of.level == pieces.ATOM:
            text = self.say("convert", x=of.text, **slots)
            return Piece(text, pieces.ATOM, self.say("convert", x=of.name or of.text, **slots))
        return Piece(self.say("convert_clause", x=self.phrasing.at(of, pieces.CLAUSE), **slots), pieces.CLAUSE)

    # ---- functions

    def derived(self, node: tree.Derived) -> Piece:
        """The phrase of the author's call, its arguments as the checker left them: with their conversions."""
        below: dict[tree.Span, tree.Node] = {}
        for part in node.body.walk():
            below.setdefault(part.span, part)
        args = tuple((key, below.get(part.span, part) if part.span != tree.NOWHERE else part)
                     for key, part in node.call.args)  # fmt: skip
        call = replace(node.call, args=args)
        return self.sum_over(call, node.body) if call.fn == "sum_over" else self.call(call)

    def sum_over(self, call: tree.Call, body: tree.Node) -> Piece:
        """The items added up, each name that runs over the list by its heading alone."""
        ids = dict.fromkeys(part.id for part in tree.names(body))
        x = call.needed("x")
        members = [[name for name in ids if family(name) == family(part.id)] for part in tree.names(x)]
        running = [names for names in members if len(names) > 1]
        items = [item_label(self.model, name)[self.lang] for name in running[0]] if running else []
        inner = replace(self, families=self.families | {family(names[0]) for names in running})
        slots: dict[str, Piece | str] = {"x": inner.visit(x), "items": self.say("items", x=items) if items else ""}
        return self.phrasing.phrase("sum_over", slots)

    def call(self, node: tree.Call) -> Piece:
        if node.fn == "total" and node.arg("x") == tree.Number(Fraction(1)) and not node.arg("by"):
            return Piece(self.say("counties"))
        if node.fn in ("min", "max"):
            return self.extreme(node)
        slots = {spec.name: self.slot(node, spec.name) for spec in FUNCTIONS[node.fn].args}
        if "tail" in slots:
            slots["method"] = self.say("half_up" if node.arg("tail") else "by_remainder")
        return self.phrasing.phrase(node.fn, slots)

    def extreme(self, node: tree.Call) -> Piece:
        parts = node.rest("x")
        return self.phrasing.extremes(node, [self.visit(part) for part in parts])

    def slot(self, call: tree.Call, name: str) -> Piece | str:
        """One slot of a phrase, optional ones worded whole or empty."""
        node = call.arg(name)
        if name == "quota" and call.fn == "row_remainder":
            node = call.rest("quota")[call.whole("place")]
        if name == "digits":
            return self.phrasing.digits_text(node, unit_of(self.model, call.needed("x")))
        if name == "to":
            return self.to_text(node, call)
        if node is None:
            return ""
        if name == "tail":
            return self.say("tail", x=tail_text(self.model, call))
        spec = next(spec for spec in FUNCTIONS[call.fn].args if spec.name == name)
        unit = unit_of(self.model, call) if spec.unit in ("lead", "same") else None
        piece = self.number(node, unit) if isinstance(node, tree.Number) else self.visit(node)
        return self.say(name, x=self.phrasing.in_slot(piece)) if name in ("by", "floor", "cap") else piece

    def to_text(self, node: tree.Node | None, call: tree.Call) -> str:
        if node is None or isinstance(node, tree.Number):
            return self.phrasing.step_text(Fraction(1) if node is None else node.value, unit_of(self.model, call))
        return self.phrasing.in_slot(self.visit(node))


def tail_text(model: Model, call: tree.Call) -> Both:
    """Who takes what rounding leaves: a name or code as it is written, the units a test holds for, an item of a row."""
    tail = call.needed("tail")
    if isinstance(tail, tree.Text):
        return Both(tail.value, tail.value)
    if isinstance(tail, tree.Number):
        part = call.rest("quota")[int(tail.value)]
        named = next((name.id for name in tree.names(part) if model.entry(name.id).heading), "")
        return both("words.quote", x=item_label(model, named) if named else sentence(model, part))
    return both("words.tail_where", x=sentence(model, tail))


def family(name: str) -> str:
    return name.split(".")[0]


def item_label(model: Model, name: str) -> Both:
    """What stands after the heading in the label of one item of a list."""
    entry = model.entry(name)
    heading = entry.heading or Both("", "")
    return Both(*(entry.label[lang].removeprefix(heading[lang] + "/") for lang in LANGUAGES))


# Any: each function takes the nodes of its own type, which a table from type to function cannot say.
NODES: dict[type[tree.Node], Callable[[Words, Any], Piece]] = {
    tree.Number: Words.number,
    tree.Text: Words.text,
    tree.Name: Words.name,
    tree.Item: Words.item,
    tree.Negative: Words.negative,
    tree.Not: Words.not_,
    tree.Binary: Words.binary,
    tree.Power: Words.power,
    tree.Compare: Words.compare,
    tree.Member: Words.member,
    tree.Logic: Words.logic,
    tree.If: Words.if_,
    tree.Call: Words.call,
    tree.Derived: Words.derived,
    tree.Convert: Words.convert,
}


# ---- paragraphs for the 说明 sheet


def describe(model: Model, name: str, figures: bool = True) -> Both:
    """One paragraph: label, unit, what it is or its formula, exceptions, rounding, legal source.

    Without `figures` a parameter's own are left to the sheet where they can be edited.
    """
    return Worded(lambda lang: Paragraphs(lang).of(model, name, figures))


def table_text(entry: Parameter) -> Both:
    """The figures of a parameter: one, a list of bands, or a list of classes."""
    return Worded(lambda lang: Paragraphs(lang).table(entry))


@dataclass(frozen=True)
class Paragraphs(Speaker):
    lang: str

    def of(self, model: Model, name: str, figures: bool) -> str:
        entry = model.entry(name)
        if isinstance(entry, Parameter) and not figures:
            parts = [self.say("words.comma").join([self.say("words.parameter_elsewhere"), *self._range(entry)])]
        else:
            parts = self._said(model, entry)
        if entry.source:
            parts.append(self.say("words.source", x=entry.source))
        unit, stop = unit_label(entry.unit, self.lang), self.say("words.stop")
        body = stop.join(part.rstrip("。.") for part in parts) + stop.strip()
        label = entry.label[self.lang] + in_brackets(unit, self.lang)
        if isinstance(entry, Column):
            return pieces.spaced(PHRASING[self.lang].tidy(f"{label} = ") + body)
        return pieces.spaced(self.say("words.heading", label=label, body=body))

    def _said(self, model: Model, entry: Parameter | Input | Column) -> list[str]:
        match entry:
            case Parameter():
                return self._parameter(entry)
            case Input():
                return self._input(entry)
        return self._column(model, entry)

    def table(self, entry: Parameter) -> str:
        join = self.say("words.semicolon")
        if entry.kind == "keyed":
            rows = [self.say("words.entry", key=key, value=self._amount(value, entry)) for key, value in entry.values]
            return join.join(rows)
        if entry.kind == "bands":
            return join.join(self._band(entry, band) for band in entry.bands)
        return self._amount(entry.value, entry)

    def _amount(self, value: Figure, entry: Parameter) -> str:
        """A figure of a parameter; one that the model does not hold is to be given for each run."""
        return self.say("words.to_give") if value is None else amount(value, entry.unit, self.lang)

    def _band(self, entry: Parameter, band: Band) -> str:
        message = "rest" if band.edge is None else "below" if entry.below else "up_to"
        edge, value = self._padded(band.edge, entry.by_unit), self._padded(band.value, entry.unit)
        return self.say(f"words.{message}", edge=edge, value=value)

    def _padded(self, value: Figure, unit: Unit | None) -> str:
        """An amount for running text; zero needs no unit, a text is quoted, None is to be given for each run."""
        if value is None:
            return self.say("words.to_give")
        if isinstance(value, str):
            return self.say("words.quote", x=value)
        return pieces.GAP + amount(value, unit if value else None, self.lang) + pieces.GAP

    def _range(self, entry: Parameter | Input) -> list[str]:
        low, high = (None if x is None else self._padded(x, entry.unit) for x in (entry.min, entry.max))
        if low is not None and high is not None:
            return [self.say("words.between", low=low, high=high)]
        return [self.say(f"words.{key}", x=x) for key, x in (("min", low), ("max", high)) if x is not None]

    def _parameter(self, entry: Parameter) -> list[str]:
        table = self.table(entry)
        if entry.kind == "scalar" and entry.value is None:
            parts = [self.say("words.parameter_to_give"), *self._range(entry)]
        elif entry.kind == "scalar":
            parts = [self.say("words.parameter", value=self._padded(entry.value, entry.unit)), *self._range(entry)]
        else:
            rows = self.say(f"words.parameter_{entry.kind}", table=table)
            parts = [self.say("words.parameter_table"), *self._range(entry), rows]
        return [self.say("words.comma").join(parts)]

    def _input(self, entry: Input) -> list[str]:
        parts = [self.say("words.input_text" if entry.text else "words.input")]
        if entry.one_of:
            parts.append(self.say("words.one_of", x=entry.one_of))
        if entry.whole:
            parts.append(self.say("words.whole_number"))
        elif entry.decimals is not None:
            parts.append(self.say("words.places", n=entry.decimals))
        parts += self._range(entry)
        if entry.default is not None:
            parts.append(self.say("words.default", x=self._padded(entry.default, entry.unit)))
        elif entry.optional:
            parts.append(self.say("words.optional"))
        return [self.say("words.comma").join(parts)]

    def _column(self, model: Model, entry: Column) -> list[str]:
        parts = [sentence(model, entry.node)[self.lang]]
        if entry.before:
            labels = [self.say("words.quote", x=model.entry(name).label[self.lang]) for name in entry.before]
            parts.append(self.say("words.before", x=labels))
        rounds = isinstance(entry.node, tree.Call) and FUNCTIONS[entry.node.fn].rounds
        if entry.decimals == 0 and not rounds:
            parts.append(self.say("words.result_whole"))
        if entry.shape != "column":
            parts.append(self.say("words.one_figure" if entry.shape == "scalar" else "words.one_figure_group"))
        return parts
