"""Opening a TOML file a person wrote: exact decimals, and every error of shape at once with file and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TypeVar, get_args

from allocation.errors import AllocationError, Problem, nearest
from allocation.files.given_files import given_bytes, shallow
from allocation.files.limits import COUNTED_DIGITS, TEXT_NESTING, TOML_BYTES
from allocation.files.text_out import UNSEEN, unseen_in, visible
from allocation.patterns import LatePattern
from allocation.policy.schema import plain
from allocation.policy.section import BOUNDS, Fault, Misshapen, Section, Step, is_section, spots_of
from allocation.texts import Both, both

Shape = TypeVar("Shape", bound=Section)
_QUOTED = LatePattern("\"[^\"]*\"|'[^']*'|#.*")
_WIDE = LatePattern("[“”‘’＝，［］｛｝＂＇【】]")
_DEEP_KEY = LatePattern(rf"^[\s\[]*(?:[^\s.=\[]+\s*\.\s*){{{TEXT_NESTING}}}", re.M)
_LINE = LatePattern(r"\(at line (\d+), column (\d+)\)")


def read_toml(text: str, file: str, shape: type[Shape]) -> Shape:
    """The file as `shape`. Raises AllocationError with all problems, each citing file and key."""
    problems: list[Problem] = []
    value = read_as_far(text, file, shape, problems)
    if problems:
        raise AllocationError(problems)
    return value


def read_as_far(text: str, file: str, shape: type[Shape], problems: list[Problem]) -> Shape:
    """`read_toml`, where only keys are misspelt read as if they were spelt right, so that the rest can be looked at.

    The misspelt keys join `problems`; whatever else is wrong is raised with them.
    """
    raw = toml_value(text, file)
    if twice := [*_spelt_twice(raw, raw, file, ())]:
        raise AllocationError(twice)  # only one of them could be kept
    try:
        return shape.read(raw)
    except Misshapen as error:
        faults = error.faults
        problems += [_problem(fault, raw, file, shape) for fault in faults]
    for fault in faults:
        if fault.kind == "extra":
            _respell(raw, fault.way, shape)
    try:
        return shape.read(raw)
    except Misshapen:
        raise AllocationError(problems) from None


def _spelt_twice(value: object, raw: object, file: str, loc: tuple[Step, ...]) -> Iterator[Problem]:
    """Keys of one section that a person reads as the same: `" pool"` beside `pool`."""
    steps = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    spelt: dict[Step, Step] = {}
    for step, part in steps:
        other = spelt.setdefault(plain(step) if isinstance(step, str) else step, step)
        if other != step:
            where = f"{file}: {_place((*loc, step), raw)[0]}"
            yield Problem("files.spelt_twice", {"found": f'"{step}"', "other": f'"{other}"'}, where)
        yield from _spelt_twice(part, raw, file, (*loc, step))


def toml_value(text: str, file: str) -> dict[str, object]:
    """The tables of a TOML text, decimals exact. AllocationError where it is none, or nests deeper than is allowed."""
    if _DEEP_KEY.search(text):  # the parser takes the square of their number of steps
        raise AllocationError(Problem("files.too_deep", {"most": TEXT_NESTING}, file))
    try:
        value: dict[str, object] = shallow(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise AllocationError(_syntax(text, file, str(error))) from None
    except (RecursionError, ArithmeticError, ValueError) as error:
        number = isinstance(error, ArithmeticError) or "digits" in str(error)  # Python's own bound on a whole number
        slots = {"most": COUNTED_DIGITS if number else TEXT_NESTING}
        raise AllocationError(Problem("files.long_number" if number else "files.too_deep", slots, file)) from None
    signs = ({"found": unseen_in(part), "text": visible(part)} for part in _unseen(value))
    unseen = [Problem("files.unseen", said, file) for said in signs]
    if unseen:
        raise AllocationError(unseen)
    return value


def _unseen(value: object) -> Iterator[str]:
    """The texts and keys that hold signs nobody sees."""
    if isinstance(value, str):
        yield from [value] if UNSEEN.search(value) else []
    elif isinstance(value, dict | list):
        for part in (*value, *value.values()) if isinstance(value, dict) else value:
            yield from _unseen(part)


def _respell(raw: object, loc: tuple[Step, ...], shape: type[Section]) -> None:
    """Puts what stands under an unknown key under the nearest known one, where that is free."""
    *way, key = loc
    section = raw
    for step in way:
        section = _below(section, step)
    if not isinstance(section, dict):
        return
    value = section.pop(key)
    near = nearest(str(key), _known_keys(loc, shape))
    if near:
        section.setdefault(near, value)


def _below(value: object, step: Step) -> object:
    """What stands under a key or in a place, None where there is nothing."""
    if isinstance(value, dict):
        return value.get(step)
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None


def read_text(path: Path, missing: str = "model.no_file") -> str:
    """The file's text; a missing file, a folder or another encoding is a problem, not a traceback.

    `missing`: the id of what is said of a file that is not there.
    """
    try:
        return given_bytes(path, TOML_BYTES).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except FileNotFoundError:
        near = nearest(path.name, [file.name for file in path.parent.glob("*.toml")])
        raise AllocationError(Problem(missing, {"nearest": near}, where=str(path))) from None
    except (IsADirectoryError, PermissionError, OSError):
        raise AllocationError(Problem("model.unreadable", where=str(path))) from None
    except UnicodeDecodeError:
        raise AllocationError(Problem("model.not_utf8", where=str(path))) from None


def _syntax(text: str, file: str, message: str) -> Problem:
    place = _LINE.search(message)
    lines = text.splitlines() or [""]
    number = int(place.group(1)) if place else len(lines)
    line = lines[min(number, len(lines)) - 1].strip()
    key = line.split("=")[0].strip().strip("[]")
    if "overwrite" in message or "twice" in message:
        return Problem("model.key_twice", {"line": number, "key": key}, file, line)
    wide = "".join(dict.fromkeys(_WIDE.findall(_QUOTED.sub("", line))))
    if wide:
        return Problem("model.toml_wide", {"line": number, "found": wide}, file, line)
    bare = "=" in line and key and not key.isascii() and not key.startswith(('"', "'"))
    return Problem("model.bare_key" if bare else "model.toml", {"line": number, "key": key}, file, line)


def _problem(fault: Fault, raw: object, file: str, shape: type[Section]) -> Problem:
    place, spot = _place(fault.way, raw)
    key = str(fault.way[-1])
    where = f"{file}: {place}"
    match fault.kind:
        case "missing" if len(fault.way) == 1 and not _is_text(key, shape):
            return Problem("model.section_missing", {"section": _section(key, shape)}, file)
        case "missing":
            return Problem("model.key_missing", {"key": key}, where)
        case "extra":
            known = _known_keys(fault.way, shape)
            near = nearest(key, known)
            return Problem("model.key_unknown", {"key": key, "nearest": near, "known": () if near else known}, where)
        case "short":
            return Problem("model.empty", {"key": key}, where)
        case "figure":
            return Problem("model.not_number", {"found": _written(spot)}, where)
    return Problem("model.key_type", {"found": _written(spot), "expected": _expected(fault)}, where)


def _written(value: object) -> str:
    """A value as it stands in a TOML file."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _is_text(key: str, shape: type[Section]) -> bool:
    return spots_of(shape)[key].kind is str


def _section(key: str, shape: type[Section]) -> str:
    return f"[[{key}]]" if spots_of(shape)[key].many else f"[{key}]"


def _expected(fault: Fault) -> Both | str:
    """What should stand there: a kind of value, or the words to choose from."""
    if fault.kind in BOUNDS:
        return both(f"model.bound_{fault.kind}", bound=str(fault.bound))
    if fault.words:
        return both("model.one_of_words", words=[word for word in fault.words if word])
    return both(f"model.type_{fault.kind}")


def _place(loc: tuple[Step, ...], raw: object) -> tuple[str, object]:
    """`('column', 3, 'formula')` as `[[column]] award · formula`, and the value that stands there."""
    words: list[str] = []
    spot = raw
    for step in loc:
        if isinstance(spot, dict) or isinstance(step, int):  # what is short for a section stands for what is in it
            spot = _below(spot, step)
        if isinstance(step, int):
            name = spot.get("name") or spot.get("key") if isinstance(spot, dict) else None
            words[-1] = f"[[{words[-1]}]] {name or step + 1}"
        else:
            words.append(str(step))
    if len(words) > 1 and not words[0].startswith("["):
        words[:2] = [f"[{words[0]}] {words[1]}"]
    return " · ".join(words), spot


def _known_keys(loc: tuple[Step, ...], shape: type[Section]) -> list[str]:
    for step in loc[:-1]:
        if isinstance(step, int):
            continue
        kind = spots_of(shape)[step].kind if step in spots_of(shape) else None
        sections = [part for part in (kind, *get_args(kind)) if is_section(part)]
        if not sections:
            return []
        shape = sections[0]
    return [*spots_of(shape)]
