"""Names that a browser sends, as words of a command or a question: a model, a scenario, a file, each looked up.

None becomes a path by itself: it is a file that lies on the desk, or a plain name of the shelf.
"""

from __future__ import annotations

import os

from allocation.errors import AllocationError, Problem, tried
from allocation.page.desk import Desk, is_plain, told_name
from allocation.run.shelf import base_name, known_as, model_shelf

DASHES = ("-", "—", "－")  # what a command takes an option by


def file_word(desk: Desk, name: str) -> str:
    """A file of the desk as a word of a command, which no name makes an option of. Raises where there is none."""
    word = os.path.relpath(desk.file(name), desk.folder)
    return os.path.join(os.curdir, word) if word.startswith(DASHES) else word


def gone_word(desk: Desk, name: str) -> str:
    """The same of a file that lay on the desk and does no longer: what it is asked for says so. Raises for a path."""
    parts = name.split("/")
    if all(map(is_plain, parts)) and "." in parts[-1] and not os.path.lexists(desk.folder / name):
        return os.path.join(os.curdir, name)
    raise AllocationError(Problem("page.no_model", {"name": told_name(name)}))


def model_word(desk: Desk, name: str) -> str:
    """A case, result or model on the desk, or a model of the shelf. Raises where it is neither."""
    if desk.at(name):
        return file_word(desk, name)
    stems = {base_name(path.stem) for path in model_shelf()}
    meant = tried([], known_as, name) if is_plain(name) and "." not in name else None
    if meant is None or base_name(meant) not in stems:
        raise AllocationError(Problem("page.no_model", {"name": told_name(name)}))
    return name


def scenario_word(desk: Desk, name: str) -> str:
    """A scenario on the desk, or the plain name of one of the house. Raises where it can be neither."""
    aside = not is_plain(name) or "." in name or name.startswith(DASHES) or os.path.lexists(desk.folder / name)
    return file_word(desk, name) if desk.at(name) or aside else name
