"""The models at hand, and which of them a name means: that of its file, its short name, or its label."""

from __future__ import annotations

import re
from pathlib import Path

from allocation.errors import AllocationError, Problem, nearest
from allocation.files.folders import folders, searched
from allocation.files.reach import in_reach
from allocation.patterns import LatePattern
from allocation.policy.toml_file import read_text, toml_value
from allocation.tables.spelling import fold
from allocation.texts import Both, bracketed
from allocation.texts.vocabulary import the_word

FILES = (".xlsx", ".toml")  # of a case, a result or a model; typed without their ending they are not found
_QUOTES = LatePattern("[\"'“”‘’「」『』《》]")
_HEAD = LatePattern(r"^\s*\[\s*model\s*\][^\n]*\n(.*?)(?=^\s*\[|\Z)", re.M | re.S)


def model_shelf() -> list[Path]:
    """The model files at hand, by name: those of the folder one works in or above, and shipped ones of other names."""
    shelf: list[Path] = []
    for folder in folders("models"):
        taken = {base_name(file.stem) for file in shelf}
        shelf += [file for file in sorted(folder.glob("*.toml")) if base_name(file.stem) not in taken]
    return shelf


def base_name(name: str) -> str:
    """`incentive_fund@2017` is a dated `incentive_fund`."""
    return name.split("@")[0]


def known_as(name: str) -> str:
    """The name of the file of the model that is meant; as it was typed where no model at hand is called so.

    Width, spaces, quotes and letter case never matter. Raises where several models are called so.
    """
    shelf = model_shelf()
    plain, at, year = name.partition("@")
    if any(base_name(file.stem) == plain for file in shelf):
        return name
    wanted = _spelt(plain)
    meant = sorted({base_name(file.stem) for file in shelf if wanted in map(_spelt, titles(file))})
    if len(meant) > 1:
        raise AllocationError(
            Problem("model.several_models", {"name": name, "known": [_shown(stem) for stem in meant]})
        )
    return f"{meant[0]}{at}{year}" if meant else name


def unknown(name: str) -> Problem:
    """That no model is called so, with those that are called nearly so."""
    files = {base_name(file.stem): file for file in reversed(model_shelf())}
    called = {title: stem for stem, file in files.items() for title in titles(file)}
    wanted = _spelt(base_name(name))
    holding = sorted({stem for title, stem in called.items() if len(wanted) > 1 and wanted in _spelt(title)})
    near = "" if holding else nearest(name, called)
    slots = {
        "name": name,
        "holding": [_shown(stem) for stem in holding] or "—",
        "nearest": near or "—",
        "known": [_shown(stem) for stem in sorted(files)] or "—",
        "folders": searched("models"),
        "beside": next(
            (f"{name}{end}" for end in FILES if in_reach(beside := Path(f"{name}{end}")) and beside.is_file()), ""
        ),  # fmt: skip
    }
    return Problem("model.no_model", slots)


def titles(file: Path) -> list[str]:
    """What the model of a file is called, its file's name first."""
    head = _head(file)
    said = [head.get(key) for key in ("short", "zh", "en")]
    texts = [text for text in said if isinstance(text, str) and text]
    sharing = the_word("part_words.allocation")  # how labels end that name a fund: the fund itself is meant as well
    return [base_name(file.stem), *texts, *(text.removesuffix(sharing) for text in texts)]


def _shown(stem: str) -> Both:
    """`incentive_fund（奖励资金）`."""
    file = next(file for file in model_shelf() if base_name(file.stem) == stem)
    return bracketed(stem, _head(file).get("short") or "")


def _head(file: Path) -> dict[str, object]:
    """What stands below `[model]`; nothing of a file that cannot be read: loading it says what is wrong."""
    try:
        text = read_text(file)
        part = _HEAD.search(text)
        head = toml_value(part[1] if part else "", file.name)
    except AllocationError:
        return {}
    return head if isinstance(head, dict) else {}


def _spelt(text: str) -> str:
    return _QUOTES.sub("", fold(text))
