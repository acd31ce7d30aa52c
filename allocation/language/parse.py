"""Formula text to tree: Python's own parser, then a closed grammar. Nothing here can run anything.

Full-width punctuation and × ÷ ≤ ≥ ≠ typed with a Chinese keyboard are read as their ASCII forms.
"""

from __future__ import annotations

import ast
import unicodedata
from fractions import Fraction

from allocation.errors import AllocationError, Problem, nearest
from allocation.files.limits import COUNTED_DIGITS, EXPONENT, FORMULA_DEPTH, FORMULA_SIGNS, FORMULA_TERMS
from allocation.language import tree
from allocation.language.functions import FUNCTIONS, Function
from allocation.patterns import LatePattern
from allocation.texts.widths import sign_widths

SHOWN = 100  # characters of a long formula quoted around the underlined spot
DECIMAL = LatePattern(rf"\d{{1,{COUNTED_DIGITS}}}(\.\d{{1,{COUNTED_DIGITS}}})?$")
_SIGNS = str.maketrans({
    "×": "*", "÷": "/", "−": "-", "≤": "<=", "≥": ">=", "≠": "!=",
    "“": '"', "”": '"', "‘": "'", "’": "'", "\n": " ", "\t": " ",
})  # fmt: skip
_Written = ast.expr | ast.keyword  # what has a place in the formula's text
LONELY_EQUALS = LatePattern(r"(?<![=!<>])=(?!=)")
_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARE = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def tidy(text: str) -> str:
    """The text as it is parsed and underlined: NFKC, signs in ASCII, one line."""
    return unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS).strip()


def underline(text: str, span: tree.Span) -> str:
    """The formula with carets below the span; a Chinese character is two columns wide."""
    start, end = span
    end = max(end, start + 1)
    if len(text) > 2 * SHOWN:
        left = max(0, start - SHOWN)
        shown = text[left : left + 2 * SHOWN]
        head, tail = "…" * (left > 0), "…" * (left + 2 * SHOWN < len(text))
        text, start = head + shown + tail, start - left + len(head)
        end = min(end - left + len(head), len(text))
    wide = sign_widths(text + " ")
    return f"{text}\n{' ' * sum(wide[:start])}{'^' * sum(wide[start:end])}"


def fault(message: str, text: str, span: tree.Span, **slots: object) -> AllocationError:
    """An error of the language at a spot of the formula."""
    return AllocationError(Problem(f"language.{message}", slots, excerpt=underline(text, span)))


def parse(text: str) -> tree.Node:
    """The tree of a formula. Raises AllocationError with the spot underlined."""
    formula = tidy(text)
    if not formula:
        raise AllocationError(Problem("language.empty"))
    if len(formula) > FORMULA_SIGNS:
        raise AllocationError(Problem("language.too_long", {"length": len(formula), "most": FORMULA_SIGNS}))
    depth, quote = 0, ""
    for spot, sign in enumerate(formula):
        if sign == "\\":
            raise fault("syntax", formula, (spot, spot + 1))
        if sign in "\"'" and quote in ("", sign):
            quote = "" if quote else sign
        if quote:
            continue
        if sign == "#":  # Python would pass over the rest of the formula as a comment
            raise fault("syntax", formula, (spot, spot + 1))
        if depth == 0 and LONELY_EQUALS.match(formula, spot):  # inside brackets it may name an argument
            raise fault("single_equals", formula, (spot, spot + 1))
        depth += (sign in "([") - (sign in ")]")
        if depth > FORMULA_DEPTH:
            raise fault("too_deep", formula, (spot, spot + 1), most=FORMULA_DEPTH)
    try:
        body = ast.parse(formula, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise _syntax(formula, error) from None
    return _FormulaReader(formula).read(body, 0)


def _syntax(formula: str, error: Exception) -> AllocationError:
    spot = max((getattr(error, "offset", None) or 1) - 1, 0)
    if isinstance(error, SyntaxError) and spot >= len(formula):
        spot = len(formula)
    if "%" in formula:
        spot = formula.index("%")
        return fault("percent_sign", formula, (spot, spot + 1))
    lonely = LONELY_EQUALS.search(formula)
    if lonely and isinstance(error, SyntaxError) and "==" in str(error):
        return fault("single_equals", formula, lonely.span())
    return fault("syntax", formula, (spot, spot + 1))


class _FormulaReader:
    """Turns Python's nodes into ours; anything not listed here is refused."""

    def __init__(self, formula: str):
        self.formula = formula
        self.bytes = formula.encode("utf-8")

    def span(self, node: _Written) -> tree.Span:
        """Python's offsets are UTF-8 bytes; ours are characters."""
        return (
            len(self.bytes[: node.col_offset].decode("utf-8")),
            len(self.bytes[: node.end_col_offset].decode("utf-8")),
        )

    def fault(self, message: str, node: _Written, **slots: object) -> AllocationError:
        return fault(message, self.formula, self.span(node), **slots)

    def read(self, node: ast.expr, depth: int) -> tree.Node:
        if depth > FORMULA_DEPTH:
            raise self.fault("too_deep", node, most=FORMULA_DEPTH)
        span, below = self.span(node), depth + 1
        match node:
            case ast.Constant():
                return self._constant(node, span)
            case ast.Name(id=name):
                return tree.Name(name, span=span)
            case ast.Subscript(value=ast.Name(id=name)):
                return tree.Item(name, self._item(node.slice), span=span)
            case ast.UnaryOp(op=ast.USub()):
                return tree.Negative(self.read(node.operand, below), span=span)
            case ast.UnaryOp(op=ast.UAdd()):
                return self.read(node.operand, below)
            case ast.UnaryOp(op=ast.Not()):
                return tree.Not(self.read(node.operand, below), span=span)
            case ast.BinOp(op=ast.Pow()):
                return tree.Power(self.read(node.left, below), self._exponent(node.right), span=span)
            case ast.BinOp(op=ast.Mod()):
                raise self.fault("percent_sign", node)
            case ast.BinOp() if type(node.op) in _BINARY:
                return self._chain(node, below)
            case ast.BoolOp():
                op = "and" if isinstance(node.op, ast.And) else "or"
                return tree.Logic(op, tuple(self.read(value, below) for value in node.values), span=span)
            case ast.Compare():
                return self._compare(node, span, below)
            case ast.IfExp():
                test, then, otherwise = (self.read(part, below) for part in (node.test, node.body, node.orelse))
                return tree.If(test, then, otherwise, span=span)
            case ast.Call(func=ast.Name(id=name)):
                return self._call(node, name, span, below)
        raise self.fault("not_allowed", node)

    def _chain(self, node: ast.BinOp, depth: int) -> tree.Node:
        """A chain a + b - c … nests to the left; its length has a limit of its own beside that of depth."""
        links: list[ast.BinOp] = []
        first: ast.expr = node
        while isinstance(first, ast.BinOp) and type(first.op) in _BINARY:
            links.append(first)
            first = first.left
        if len(links) >= FORMULA_TERMS:
            raise self.fault("too_many_terms", node, most=FORMULA_TERMS)
        result = self.read(first, depth)
        for link in reversed(links):
            op = _BINARY[type(link.op)]
            result = tree.Binary(op, result, self.read(link.right, depth), span=self.span(link))
        return result

    def _constant(self, node: ast.Constant, span: tree.Span) -> tree.Node:
        if isinstance(node.value, str):
            return tree.Text(node.value, span=span)
        written = self.formula[span[0] : span[1]]
        if not DECIMAL.match(written):
            raise self.fault("bad_number", node)
        return tree.Number(Fraction(written), span=span)

    def _item(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id=name):
                return name
            case ast.Constant(value=str() as key):
                return key
        raise self.fault("bad_item", node)

    def _exponent(self, node: ast.expr) -> int:
        value = node.value if isinstance(node, ast.Constant) else None
        if not isinstance(value, int) or isinstance(value, bool) or value > EXPONENT:
            raise self.fault("bad_exponent", node, most=EXPONENT)
        return value

    def _compare(self, node: ast.Compare, span: tree.Span, depth: int) -> tree.Node:
        parts: list[tree.Node] = []
        left = node.left
        for op, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(op, ast.In | ast.NotIn):
                texts = self._texts(right)
                parts.append(tree.Member(self.read(left, depth), texts, isinstance(op, ast.NotIn), span=span))
            elif type(op) in _COMPARE:
                pair = self.read(left, depth), self.read(right, depth)
                parts.append(tree.Compare(_COMPARE[type(op)], *pair, span=span))
            else:
                raise self.fault("not_allowed", node)
            left = right
        return parts[0] if len(parts) == 1 else tree.Logic("and", tuple(parts), span=span)

    def _texts(self, node: ast.expr) -> tuple[str, ...]:
        entries = node.elts if isinstance(node, ast.Tuple) else [node]
        values = [entry.value if isinstance(entry, ast.Constant) else None for entry in entries]
        texts = tuple(value for value in values if isinstance(value, str))
        if not entries or len(texts) < len(entries):
            raise self.fault("in_needs_texts", node)
        return texts

    def _call(self, node: ast.Call, name: str, span: tree.Span, depth: int) -> tree.Node:
        function = FUNCTIONS.get(name)
        if function is None or function.group == "internal":
            raise self.fault("unknown_function", node.func, name=name, nearest=nearest(name, FUNCTIONS) or "—")
        return tree.Call(name, self._arguments(node, function, depth), span=span)

    def _arguments(self, node: ast.Call, function: Function, depth: int) -> tuple[tuple[str, tree.Node], ...]:
        signature = ", ".join(arg.name + ("" if arg.required else "=") for arg in function.args)
        given: list[tuple[str, tree.Node]] = []
        many = next((arg for arg in function.args if arg.many), None)
        for place, value in enumerate(node.args):
            if many is None and place >= len(function.args):
                raise self.fault("too_many_arguments", value, name=function.name, signature=signature)
            arg = many or function.args[place]
            given.append((arg.name, self.read(value, depth)))
        for keyword in node.keywords:
            known = {arg.name for arg in function.args if not arg.many}
            if keyword.arg is None or keyword.arg not in known:
                slots = {"name": function.name, "argument": keyword.arg or "**", "signature": signature}
                raise self.fault("unknown_argument", keyword, **slots)
            if any(key == keyword.arg for key, _ in given):
                raise self.fault("argument_twice", keyword, name=function.name, argument=keyword.arg)
            given.append((keyword.arg, self.read(keyword.value, depth)))
        absent = [arg.name for arg in function.args if arg.required and all(key != arg.name for key, _ in given)]
        if absent:
            raise self.fault("missing_argument", node, name=function.name, argument=absent, signature=signature)
        rank = {arg.name: place for place, arg in enumerate(function.args)}
        return tuple(sorted(given, key=lambda pair: rank[pair[0]]))
