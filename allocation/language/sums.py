"""What a formula that is a pure sum is the sum of: printed below a heading, said in a letter."""

from __future__ import annotations

from allocation.language import tree


def sum_terms(node: tree.Node) -> list[tuple[str, str]] | None:
    """The names of a pure sum with their signs, or None."""
    match node:
        case tree.Name(id=name):
            return [("+", name)]
        case tree.Derived(call=call, body=body) if call.fn == "sum_over":
            return sum_terms(body)
        case tree.Binary(op="+" | "-" as op, left=left, right=right):
            first, second = sum_terms(left), sum_terms(right)
            if first is None or second is None:
                return None
            turned = {"+": op, "-": "+" if op == "-" else "-"}
            return first + [(turned[sign], name) for sign, name in second]
    return None
