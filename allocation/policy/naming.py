"""The names a model file gives: what a formula can spell, each once, and not too many of them."""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Iterator

from allocation.errors import Problem
from allocation.files.limits import MODEL_NAMES
from allocation.language.functions import FUNCTIONS
from allocation.policy.schema import ColumnSpec, InputSpec, ModelFile, ParameterSpec

PRINTED = ("code", "name", "change")  # what an edition prints of every place without an entry of the model


def wrong_names(spec: ModelFile, file: str) -> list[Problem]:
    """Identifiers, none of them a keyword or a function, no two alike but for case or width."""
    problems: list[Problem] = []

    def problem(message: str, where: str, **slots: object) -> None:
        problems.append(Problem(f"model.{message}", slots, f"{file}: {where}"))

    seen: dict[str, str] = {}
    for section, name in _all_names(spec):
        where = f"[[{section}]] {name}"
        plain = unicodedata.normalize("NFKC", name)
        if name.startswith("_") and not spec.issue:
            problem("name_underscore", where, name=name)
        if name in PRINTED and section != "list":
            problem("name_printed", where, name=name, known=PRINTED)
        taken = keyword.iskeyword(name) or name in FUNCTIONS
        if not taken and not _is_name(name):
            problem("name_bad", where, name=name)
        elif taken:
            problem("name_taken", where, name=name)
        elif plain.casefold() in seen:
            problem("name_twice", where, name=name, other=seen[plain.casefold()])
        seen.setdefault(plain.casefold(), where)
    for listed in spec.list_:
        keys = [item.key for item in listed.items]
        alike = len({key.casefold() for key in keys}) != len(keys)
        if alike or not keys or not all(_is_name(key) for key in keys):
            problem("list_keys", f"[[list]] {listed.name}", keys=keys)
    sizes = {listed.name: len(listed.items) for listed in spec.list_}
    spread: list[ParameterSpec | InputSpec | ColumnSpec] = [*spec.parameter, *spec.input, *spec.column]
    count = sum(sizes.get(entry.over, 0) or 1 for entry in spread) + len(spec.check)
    if count > MODEL_NAMES:
        problem("too_many", "[model]", count=count, most=MODEL_NAMES)
    return problems


def _all_names(spec: ModelFile) -> Iterator[tuple[str, str]]:
    for section in ("list_", "parameter", "input", "column", "check"):
        for entry in getattr(spec, section):
            yield section.rstrip("_"), entry.name


def _is_name(text: str) -> bool:
    """What a formula can spell: an identifier in its half-width form, no keyword."""
    return text.isidentifier() and text == unicodedata.normalize("NFKC", text) and not keyword.iskeyword(text)
