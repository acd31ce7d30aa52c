"""Lists are written `quota[use]` and expanded before anything else, so that readings know nothing of them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TypeGuard

from allocation.classes import dataclass
from allocation.errors import nearest
from allocation.files.limits import FORMULA_TERMS
from allocation.language.parse import fault
from allocation.language.tree import Binary, Call, Derived, Item, Name, Node, Number, Text, rebuild


@dataclass(frozen=True)
class Lists:
    """`items[list]` are the list's keys; `over[name]` says which list a name runs over."""

    items: Mapping[str, tuple[str, ...]]
    over: Mapping[str, str]

    def expand(self, node: Node, formula: str, binding: Mapping[str, str]) -> Node:
        """The formula for one item: `binding` is {list: item key}."""
        return _Expander(self, formula).expand(node, dict(binding))

    def members(self, name: str) -> tuple[str, ...]:
        """The plain names a list name stands for; a plain name stands for itself."""
        return tuple(f"{name}.{key}" for key in self.items[self.over[name]]) if name in self.over else (name,)

    def spread(self, reference: str) -> tuple[str, ...]:
        """`quota[use]` is all its plain names, `quota[housing]` one of them, `award` itself."""
        name, _, rest = reference.replace(" ", "").partition("[")
        key = rest.rstrip("]")
        if name in self.over and key in self.items[self.over[name]]:
            return (f"{name}.{key}",)
        return self.members(name)


@dataclass(frozen=True)
class _Expander:
    lists: Lists
    formula: str

    def expand(self, node: Node, binding: dict[str, str]) -> Node:
        match node:
            case Item():
                return self._item(node, binding)
            case Name(id=name) if name in self.lists.over:
                raise fault("list_bare", self.formula, node.span, name=name, list=self.lists.over[name])
            case Call(fn="sum_over"):
                return self._sum_over(node, binding)
            case Call(fn="largest_remainder") if node.arg("over"):
                return self._row_remainder(node, binding)
        return rebuild(node, lambda part: self.expand(part, binding))

    def _item(self, node: Item, binding: dict[str, str]) -> Node:
        of = self.lists.over.get(node.id)
        if of is None:
            raise fault("not_a_list", self.formula, node.span, name=node.id, lists=sorted(self.lists.over) or "—")
        if node.item in self.lists.items[of]:
            return Name(f"{node.id}.{node.item}", span=node.span)
        if node.item == of and of in binding:
            return Name(f"{node.id}.{binding[of]}", span=node.span)
        if node.item == of:
            raise fault("list_unbound", self.formula, node.span, name=node.id, list=of)
        near = nearest(node.item, [*self.lists.items[of], of]) or "—"
        items = list(self.lists.items[of])
        raise fault("unknown_item", self.formula, node.span, item=node.item, list=of, nearest=near, items=items)

    def _lists_of(self, node: Node, binding: dict[str, str]) -> list[str]:
        """The lists that are still open below `node`."""
        names = (part.id for part in node.walk() if self._is_open(part, binding))
        return list(dict.fromkeys(self.lists.over[name] for name in names if name in self.lists.over))

    def _is_open(self, node: Node, binding: Mapping[str, str]) -> TypeGuard[Name | Item]:
        """Whether it stands for a whole list: a bare list name, or an item that nothing binds yet."""
        if isinstance(node, Item):
            return node.item not in binding and node.item in self.lists.items
        return isinstance(node, Name)

    def _sum_over(self, node: Call, binding: dict[str, str]) -> Node:
        inner = node.needed("x")
        if isinstance(inner, Name) and inner.id in self.lists.over:
            inner = Item(inner.id, self.lists.over[inner.id], span=inner.span)
        # In a column over the same list, sum_over runs over it afresh: quota[use] / sum_over(quota[use]).
        lists = self._lists_of(inner, binding) or self._lists_of(inner, {})
        if len(lists) != 1:
            raise fault("sum_over_needs_list", self.formula, node.span, lists=sorted(self.lists.items) or "—")
        keys = self.lists.items[lists[0]]
        if len(keys) > FORMULA_TERMS:
            raise fault("too_many_terms", self.formula, node.span, most=FORMULA_TERMS)
        terms = [self.expand(inner, {**binding, lists[0]: key}) for key in keys]
        body = terms[0]
        for term in terms[1:]:
            body = Binary("+", body, term, span=node.span)
        return Derived(Call("sum_over", (("x", terms[0]),), span=node.span), body, span=node.span)

    def _row_remainder(self, node: Call, binding: dict[str, str]) -> Node:
        of = node.needed("over")
        if not isinstance(of, Name) or of.id not in self.lists.items:
            raise fault("unknown_list", self.formula, of.span, lists=sorted(self.lists.items) or "—")
        if of.id not in binding:
            raise fault("list_unbound", self.formula, node.span, name=of.id, list=of.id)
        if node.arg("by"):
            raise fault("over_and_by", self.formula, node.span)
        keys = self.lists.items[of.id]
        quotas = [self.expand(node.needed("quota"), {**binding, of.id: key}) for key in keys]
        args = [
            ("pool", self.expand(node.needed("pool"), binding)),
            ("place", Number(Fraction(keys.index(binding[of.id])), span=node.span)),
            ("to", node.arg("to") or Number(Fraction(1), span=node.span)),
            *(("quota", quota) for quota in quotas),
            *self._tail_item(node, of.id, keys),
        ]
        return Call("row_remainder", tuple(args), span=node.span)

    def _tail_item(self, node: Call, of: str, keys: tuple[str, ...]) -> list[tuple[str, Node]]:
        """The place of the item that takes what rounding leaves of a row."""
        tail = node.arg("tail")
        if tail is None:
            return []
        if not isinstance(tail, Text) or tail.value not in keys:
            said = tail.value if isinstance(tail, Text) else self.formula[slice(*tail.span)]
            near = nearest(said, keys) or "—"
            raise fault("unknown_item", self.formula, tail.span, item=said, list=of, nearest=near, items=list(keys))
        return [("tail", Number(Fraction(keys.index(tail.value)), span=tail.span))]
