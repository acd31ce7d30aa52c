"""How an amount came about, as a letter says it: what was shared and by which rule, then the reader's own figures."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import field
from fractions import Fraction

from allocation.classes import dataclass
from allocation.documents.among import bounds, members, number_at
from allocation.documents.letter import Letters
from allocation.language import tree
from allocation.language.sums import sum_terms
from allocation.readings.amounts import unit_of
from allocation.readings.at_row import branch
from allocation.readings.evaluated import Evaluated
from allocation.readings.figures import side
from allocation.readings.said_amounts import told
from allocation.readings.tails import takes_the_tail
from allocation.readings.words import item_label, sentence, table_text
from allocation.run.run import Run
from allocation.tables.table import number
from allocation.texts import say

ZERO = tree.Number(Fraction(0))
DEEP = 3  # named figures below one another that are told of


def reasons(letters: Letters, names: Sequence[str], rows: Sequence[int], who: Sequence[str], reader: str) -> list[str]:
    """Sentences on the figures `names` of the places in `rows`; `who`: what each is called, empty where only the rule
    is to be said; `reader`: what they are called together.

    What holds for several places is said once. Of a formula of another kind than sums and shares nothing is said.
    """
    texts: list[str] = []
    for row, called in zip(rows, who, strict=True):
        teller = _Teller(letters, row, frozenset(rows), called, reader)
        texts += [text for name in names for text in teller.tell(name, DEEP)]
    return list(dict.fromkeys(texts))


@dataclass
class _Teller:
    letters: Letters
    row: int
    readers: frozenset[int]
    who: str
    reader: str
    seen: set[str] = field(default_factory=set)

    @property
    def run(self) -> Run:
        return self.letters.run

    @property
    def lang(self) -> str:
        return self.letters.lang

    def tell(self, name: str, depth: int) -> Iterator[str]:
        """What is to be said of a column, the figures it rests on after it or, where it shares them out, before."""
        if name not in self.run.model.columns or name in self.seen or not depth:
            return
        self.seen.add(name)
        value = self.chosen(self.run.periods[-1][name])
        if isinstance(value.node, tree.Name):
            yield from self.tell(value.node.id, depth)
            return
        rounding = _call(value, "largest_remainder")
        rounded = value if rounding and not rounding.arg("over") else None
        shared = self.through(value.parts[1]) if rounded else value
        call = shared.node.call if isinstance(shared.node, tree.Derived) else shared.node
        if isinstance(call, tree.Call) and call.fn in ("share", "bounded_share"):
            yield from self.of_pool(call.needed("pool"), depth)
            group = call.arg("by")
            if isinstance(group, tree.Name) and len(self.members(group.id)) == 1:
                return  # it has the whole pool
            yield self.rule(call, shared, rounded)
            if self.who and (said := self.own(name, call, shared, rounded)):
                yield said
        elif terms := self.terms(value, alone=depth == DEEP):
            if self.who:
                yield self.of_terms(name, terms)
            for _, term in terms:
                yield from self.tell(term, depth - 1)

    def chosen(self, value: Evaluated) -> Evaluated:
        """Without the tests that led to it, and without a floor of 0 that does not bind."""
        while True:
            if isinstance(value.node, tree.If):
                value = branch(value, self.row)
                continue
            free = [part for part in value.parts if part.node != ZERO] if _call(value, "max") else []
            if len(free) != 1 or len(value.parts) != 2 or number_at(value, self.row) <= 0:
                return value
            value = free[0]

    def through(self, value: Evaluated) -> Evaluated:
        """What the names lead to: the formula of `shared` where `shared` is what was rounded."""
        value = self.chosen(value)
        while isinstance(value.node, tree.Name) and value.node.id in self.run.model.columns:
            value = self.chosen(self.run.periods[-1][value.node.id])
        return value

    # ---- a share of a pool

    def of_pool(self, node: tree.Node, depth: int) -> Iterator[str]:
        """How a pool that is the reader's own came about: what its payee was given, where all its places read this."""
        if not isinstance(node, tree.Name) or node.id not in self.run.model.columns:
            return
        call = self.run.model.columns[node.id].node
        upper_name = call.arg("x") if isinstance(call, tree.Call) and call.fn == "total" else None
        if isinstance(call, tree.Call) and isinstance(upper_name, tree.Name):
            group = call.arg("by")
            members = self.members(group.id) if isinstance(group, tree.Name) else frozenset()
            figures = self.run.figures(upper_name.id)
            for row in sorted(members & self.readers) if members <= self.readers else ():
                if figures[row]:
                    upper = _Teller(self.letters, row, self.readers, self.reader, self.reader, self.seen)
                    yield from upper.tell(upper_name.id, depth - 1)

    def members(self, group: str) -> frozenset[int]:
        return members(self.run, group, self.row)

    def rule(self, call: tree.Call, shared: Evaluated, rounded: Evaluated | None) -> str:
        """What was shared, by what, between which bounds: those that can hold anybody up or back."""
        slots: dict[str, object] = {key: self.label(call.arg(key)) for key in ("pool", "claim")}
        held = self.bounds(call, shared)
        slots |= {key: self.label(call.arg(key)) if key in held else "" for key in ("floor", "cap")}
        group, step = call.arg("by"), ""
        slots["among"] = self.run.figures(group.id)[self.row] if isinstance(group, tree.Name) else ""
        if rounded:
            step = told(self.step(rounded), unit_of(self.run.model, rounded.node), self.lang)
        return self.say("rule", amount=self.value(call.needed("pool")), step=step, **slots)

    def bounds(self, call: tree.Call, shared: Evaluated) -> Collection[str]:
        if _call(shared, "bounded_share") is None:
            return ("floor", "cap")
        return bounds(self.run, call, shared, self.row)

    def step(self, rounded: Evaluated) -> Fraction:
        """What an allocation is rounded to."""
        rounding = _call(rounded, "largest_remainder")
        to = rounding.arg("to") if rounding else None
        if to is None or isinstance(to, tree.Number):
            return Fraction(1) if to is None else to.value
        return number_at(rounded.parts[2], self.row)

    def own(self, name: str, call: tree.Call, shared: Evaluated, rounded: Evaluated | None) -> str:
        """The reader's claim, how it is made up, and what it came to; nothing where it is nought."""
        entry, value = self.run.model.columns[name], number(self.run.figures(name)[self.row])
        claim, made_of = call.arg("claim"), []
        if isinstance(claim, tree.Name) and claim.id in self.run.model.columns:
            made_of = self.terms(self.chosen(self.run.periods[-1][claim.id]))
        state = side(shared.bounded, self.row) if shared.bounded else "free"
        before = number_at(shared, self.row)
        if isinstance(claim, tree.Name) and not self.figure(claim) and not value:
            return ""
        if rounded and takes_the_tail(rounded, self.row) and before != value:
            state = "tail"
        elif state == "free" and before == value:
            state = "exact"
        elif state == "free" and rounded and 2 * abs(before - value) > self.step(rounded):
            state = "last_unit"  # rounded by itself it would be another figure
        places = (6 if entry.decimals is None else entry.decimals) + 2
        slots = {"label": entry.label[self.lang], "value": told(value, entry.unit, self.lang)}
        slots["before"] = told(before, entry.unit, self.lang, places) if state in ("free", "last_unit", "tail") else ""
        came_to = self.say(f"own_{state}", **slots)
        if made_of and isinstance(claim, tree.Name):
            return self.say("own_after", first=self.of_terms(claim.id, made_of), state=came_to)
        figure = self.amount(claim) if isinstance(claim, tree.Name) else ""
        return self.say("own", who=self.called(), figure=figure, state=came_to)

    # ---- a sum

    def terms(self, value: Evaluated, alone: bool = False) -> list[tuple[str, str]]:
        """(sign, name) of a sum of inputs and columns, those of 0 left out; empty where it is no sum.

        One that is left by itself, and so the whole sum, counts only where `alone`.
        """
        every = sum_terms(value.node) or []
        known = [(sign, name) for sign, name in every if self.figure(tree.Name(name))]
        return known if len(every) > 1 and (alone or len(known) > 1 or known and known[0][0] == "-") else []

    def of_terms(self, name: str, terms: list[tuple[str, str]]) -> str:
        model, lang = self.run.model, self.lang
        whole, nodes = self.called() + self.amount(tree.Name(name)), [tree.Name(term) for _, term in terms]
        headings = {model.entry(node.id).heading for node in nodes}
        parts = [self.amount(node) for node in nodes]
        more = [part for (sign, _), part in zip(terms, parts, strict=True) if sign == "+"]
        less = [part for (sign, _), part in zip(terms, parts, strict=True) if sign == "-"]
        if less:
            return self.say("difference", whole=whole, more=more or "0", less=less)
        if len(parts) == 1:
            return self.say("same", whole=whole, part=parts[0])
        heading = headings.pop() if len(headings) == 1 else None
        if heading is None:
            return self.say("sum", whole=whole, parts=parts)
        parts = [self.say("figure", label=item_label(model, node.id)[lang], amount=self.value(node)) for node in nodes]
        return self.say("items", whole=whole, heading=heading[lang], parts=parts)

    # ---- texts

    def figure(self, node: tree.Node) -> object:
        if not isinstance(node, tree.Name):
            return None
        if node.id in self.run.model.parameters:
            return self.run.figure(node.id)
        return self.run.figures(node.id)[self.row]

    def value(self, node: tree.Node) -> str:
        figure = self.figure(node)
        if isinstance(figure, Fraction):
            return told(figure, unit_of(self.run.model, node), self.lang)
        table = self.run.model.parameters.get(node.id) if isinstance(node, tree.Name) else None
        return table_text(table)[self.lang] if table else ""

    def label(self, node: tree.Node | None) -> str:
        """A name as a letter writes it, `因素测算数（落户人口）`; a formula in words."""
        if node is None:
            return ""
        if not isinstance(node, tree.Name):
            return self.say("formula", x=sentence(self.run.model, node))
        entry = self.run.model.entry(node.id)
        if not entry.heading:
            return entry.label[self.lang]
        item = say(self.lang, "words.bracket", x=item_label(self.run.model, node.id)[self.lang])
        return entry.heading[self.lang] + (item if self.lang == "zh" else f" {item}")

    def amount(self, node: tree.Name) -> str:
        return self.say("figure", label=self.label(node), amount=self.value(node))

    def called(self) -> str:
        return self.who if self.lang == "zh" else f"{self.who}: "

    def say(self, message: str, **slots: object) -> str:
        return say(self.lang, f"notices.reason_{message}", **slots)


def _call(value: Evaluated, fn: str) -> tree.Call | None:
    return value.node if isinstance(value.node, tree.Call) and value.node.fn == fn else None
