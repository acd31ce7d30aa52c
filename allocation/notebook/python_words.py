"""A problem as one says it to somebody who writes Python: arguments in place of the command line's options."""

from __future__ import annotations

import re
from dataclasses import replace

from allocation.errors import Problem
from allocation.patterns import LatePattern
from allocation.texts import LANGUAGES, Both, Worded, catalogue

# What stands in Python for an option that has not its own name there.
ARGUMENTS = {
    "set": "settings",
    "input": "table",
    "row": "rows",
    "float": "exact=False",
    "exact": "exact=True",
    "reference": "reference=True",
    "range": "ranges",
    "of": "address",
    "out": "path",
}
OPTION = LatePattern(r'(?<![\w-])--([a-z][a-z-]*)(?:[ =](?P<value>"[^"]*"|[A-Za-z_.\[\]@#]+=[\w.%/]+|\d+))?', re.ASCII)


def in_python(problem: Problem) -> Both:
    """Its text; where the catalogue has other words for Python (`python.<area>_<key>`), those."""
    other = problem.id.replace(".", "_", 1)
    worded = replace(problem, id=f"python.{other}") if other in catalogue(LANGUAGES[0], "python") else problem
    return Worded(lambda lang: OPTION.sub(_argument, worded.text(lang)))


def _argument(option: re.Match[str]) -> str:
    name, value = option[1].replace("-", "_"), option["value"]
    word = ARGUMENTS.get(name, name)
    if value is None:
        return word
    return value if name in ("set", "range", "figure") else f"{word}={value}"
