"""The language a notebook speaks, and errors said in it without a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from allocation.errors import AllocationError, Problem
from allocation.files.wrong_kind import expected, wrong_kind
from allocation.notebook.python_words import in_python
from allocation.texts import LANGUAGES, say

_CHOSEN = {"lang": LANGUAGES[0]}


class NotebookError(AllocationError, ValueError):
    """An AllocationError that speaks one language, in Python's words, and shows in Jupyter as its text alone."""

    def __init__(self, problems: list[Problem] | Problem, lang: str):
        super().__init__(problems)
        self.lang = lang

    def __str__(self) -> str:
        return self.text(self.lang)

    def text(self, lang: str = "zh") -> str:
        return "\n".join(in_python(problem)[lang] for problem in self.problems)

    def _render_traceback_(self) -> list[str]:
        """What IPython prints in place of the frames of a traceback."""
        return [say(self.lang, "notebook.mend", count=len(self.problems)), *str(self).splitlines()]


class ArgumentError(NotebookError, TypeError):
    """An argument is of a kind that it cannot be."""


class EntryError(NotebookError, KeyError):
    """There is nothing of that name."""


def set_language(lang: str) -> None:
    """`zh` or `en`: what every view, chart and error speaks from now on. Raises AllocationError for any other."""
    if lang is None:
        raise ArgumentError(wrong_kind("lang", expected("lang"), lang), language())
    _CHOSEN["lang"] = language(lang)


def language(lang: str | None = None) -> str:
    """The language asked for, else the one chosen."""
    if lang is None:
        return _CHOSEN["lang"]
    if not isinstance(lang, str) or lang not in LANGUAGES:
        raise ArgumentError(wrong_kind("lang", expected("lang"), lang), _CHOSEN["lang"])
    return lang


def needs(library: str) -> None:
    """Raises AllocationError where a library of the extra `notebook` is not installed."""
    if find_spec(library) is None:
        raise NotebookError(Problem("notebook.needs", {"library": library}), language())


@contextmanager
def spoken(lang: str | None = None) -> Iterator[None]:
    """Says every AllocationError from within in the language asked for, else in the one chosen."""
    try:
        yield
    except NotebookError:  # it speaks already
        raise
    except AllocationError as error:
        raise NotebookError(error.problems, language(lang)) from None
