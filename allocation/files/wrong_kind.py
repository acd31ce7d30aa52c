"""What is said where somebody hands in another kind of thing than is taken."""

from __future__ import annotations

import os
from decimal import Decimal
from fractions import Fraction

from allocation.errors import Problem
from allocation.texts import LANGUAGES, Both, say

LONGEST = 40  # signs of what was given that a message shows
BUILT_IN = (str, bytes, int, float, complex, list, tuple, dict, set)


def is_truth(value: object) -> bool:
    """True or False, of NumPy too."""
    return isinstance(value, bool) or type(value).__module__ == "numpy" and type(value).__name__ in ("bool_", "bool")


def described(value: object) -> str:
    """What was given, in few words that are safe to say of any object."""
    if value is None or is_truth(value):
        return str(value)
    name = type(value).__qualname__
    if callable(value):
        return str(getattr(value, "__qualname__", name))
    if type(value) in BUILT_IN or isinstance(value, Fraction | Decimal | os.PathLike):
        told = f"{value!r:.{LONGEST + 1}}" if type(value) is not int or abs(value) < 10**LONGEST else "…"
        return f"{told[:LONGEST]}… ({name})" if len(told) > LONGEST else f"{told} ({name})"
    return name


def expected(key: str, none: bool = False) -> Both:
    """The words of a kind; `none` where nothing may be given as well."""
    told = [(lang, say(lang, f"notebook.kind_{key}")) for lang in LANGUAGES]
    return Both(*(say(lang, "notebook.or_none", kind=words) if none else words for lang, words in told))


def wrong_kind(argument: str, kind: Both, value: object) -> Problem:
    return Problem("notebook.wrong_kind", {"argument": argument, "expected": kind, "found": described(value)})
