"""Doubts and notes of a run as Python's own warnings: shown once, filtered or made errors as any other."""

from __future__ import annotations

import warnings

from allocation.notebook.python_words import in_python
from allocation.notebook.spoken import language
from allocation.run.run import Run

CALLER = 4  # frames from here to whoever called `model.run`: this one, run, its guard, the caller


class RunWarning(UserWarning):
    """`id` names it in every language: of a doubt what `resolve` takes, of a note the kind it is of."""

    def __init__(self, id: str, text: str):
        super().__init__(f"{text} [{id}]")
        self.id, self.text = id, text


class DoubtWarning(RunWarning):
    """A doubt (待核事项) that nobody has resolved: what is written is a trial until then."""


class NoteWarning(RunWarning):
    """What a person should know of how a table was read or a run went."""


def warn_of(run: Run) -> None:
    """Warns of each open doubt of the data and each note of a run, at the line that asked for it."""
    lang = language()
    for doubt in run.doubts.open_data:
        warnings.warn(DoubtWarning(doubt.id, in_python(doubt.problem)[lang]), stacklevel=CALLER)
    for note in run.notes:
        warnings.warn(NoteWarning(note.id, in_python(note)[lang]), stacklevel=CALLER)
