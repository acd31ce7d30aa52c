"""What the program adds to a case (补充文件): a side file beside it, since a case is read and never written over.

Each entry holds what the case said in its place when it was made: where the case says something else since, nobody
knows which of the two is meant, and a person chooses.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from pathlib import Path, PurePosixPath
from typing import TypeGuard

from allocation.case import BY_KEY, FACT, RESOLUTION, SETTING, TABLE, Batch, CaseFile, Setting, with_fact
from allocation.classes import dataclass
from allocation.doubts.doubt import CROSSED, Doubt
from allocation.doubts.resolution import PARTICULARS, Resolution
from allocation.errors import AllocationError, Problem
from allocation.files.given_files import given_bytes, json_value
from allocation.files.limits import JSON_BYTES
from allocation.policy.stages import STATES
from allocation.run.scenario import parse_value
from allocation.texts import LANGUAGES, Both, exact_text, say

ENDING, SCHEMA = ".补充.json", 1
FIELDS = {
    FACT: ("text",),
    SETTING: ("value", "state", "basis", "by", "date"),
    RESOLUTION: PARTICULARS,
    TABLE: ("file", "sheet"),
}
SHOWN = ("value", "text", "file", "sheet", "state", "reason", "basis", "by", "prepared", "reviewed", "date")
SIGNED = ("by", "date")  # what of a setting tells who decided, and when

Said = Mapping[str, str]  # by field, those that say something


@dataclass(frozen=True)
class Addition:
    """`said` in place of what the case says of `key`, which was `replaced`; None where it said nothing.

    `by` tells of a setting who decided, as a resolution does itself. Of the table, which is keyed by its kind, `file`
    is its path from the case's folder.
    """

    kind: str
    key: str
    said: Said
    replaced: Said | None = None
    by: Said = field(default_factory=dict)

    @property
    def signed(self) -> dict[str, str]:
        """Of a setting who decided, and when."""
        if self.kind != SETTING:
            return {}
        given = {"by": self.by.get("prepared", ""), "date": self.by.get("date", "")}
        return {key: self.said.get(key, "") or given[key] for key in SIGNED}

    @property
    def whole(self) -> Said:
        """What a case says that holds it."""
        return {**self.said, **{key: text for key, text in self.signed.items() if text}}

    @property
    def place(self) -> tuple[str, str]:
        return self.kind, self.key


def side_file(case: Path) -> Path:
    return case.with_name(case.name + ENDING)


def standing(case: CaseFile, kind: str, key: str) -> Said | None:
    """What the case says of one thing, by field; None where it says nothing."""
    if kind == FACT:
        value = getattr(case.facts, key)
        text = value.key if isinstance(value, Batch) else str(value or "")
        return {"text": text} if text else None
    if kind == RESOLUTION:
        return _said(case.resolved.get(key))
    if kind == TABLE:
        return of_table(case, case.table, case.sheet)
    setting = next((setting for setting in reversed(case.settings) if setting.address == key), None)
    if setting is None:
        return None
    texts = {"value": exact_text(setting.value), **{key: getattr(setting, key) for key in ("state", "basis", *SIGNED)}}
    return {name: text for name, text in texts.items() if text} or None


def of_table(case: CaseFile, table: Path, sheet: str) -> Said:
    """A table as the case would name it, and which sheet of it."""
    path = os.path.relpath(table.resolve(), case.path.resolve().parent)
    return {"file": Path(path).as_posix(), **({"sheet": sheet} if sheet else {})}


def _said(resolution: Resolution | None) -> Said | None:
    return {key: text for key, text in vars(resolution).items() if text} if resolution else None


def read_additions(path: Path) -> tuple[Addition, ...]:
    """Those of a side file, none where there is no such file. Raises AllocationError for what this program would not
    write."""
    try:
        content = json_value(given_bytes(path, JSON_BYTES))
    except FileNotFoundError:
        return ()
    except ValueError as error:
        raise AllocationError(Problem("record.not_json", {"detail": error}, path.name)) from None
    schema = content.get("schema") if isinstance(content, Mapping) else None
    if isinstance(schema, int) and schema > SCHEMA:
        raise AllocationError(Problem("case.side_newer", {"found": schema, "known": SCHEMA}, path.name))
    entries = content.get("entries") if isinstance(content, Mapping) else None
    if isinstance(schema, bool) or schema != SCHEMA or not isinstance(entries, list):
        raise AllocationError(Problem("case.side_none", where=path.name))
    read = [_addition(entry) for entry in entries]
    wrong = [number for number, addition in enumerate(read, start=1) if addition is None]
    additions = tuple(addition for addition in read if addition)
    places = [addition.place for addition in additions]
    problems = [Problem("case.side_entry", {"number": number}, path.name) for number in wrong]
    problems += [Problem("case.resolved_twice", {"id": key}, path.name) for kind, key in dict.fromkeys(places)
                 if places.count((kind, key)) > 1]  # fmt: skip
    if problems:
        raise AllocationError(problems)
    return additions


def _addition(entry: object) -> Addition | None:
    if not isinstance(entry, Mapping) or not {*entry} <= {"kind", "key", "said", "replaced", "by"}:
        return None
    kind, key, said = entry.get("kind"), entry.get("key"), entry.get("said")
    replaced, by = entry.get("replaced"), entry.get("by", {})
    if not isinstance(kind, str) or not isinstance(key, str):
        return None
    if kind not in FIELDS or kind == FACT and key not in BY_KEY:
        return None
    if not said or not _texts(said, FIELDS[kind]) or replaced is not None and not _texts(replaced, FIELDS[kind]):
        return None
    if not _texts(by, PARTICULARS) or said.get("state", "decided") not in STATES:
        return None
    needed = {FACT: "text", RESOLUTION: "reason", TABLE: "file"}.get(kind)
    if needed and not said.get(needed) or kind == TABLE and (key != TABLE or PurePosixPath(said["file"]).is_absolute()):
        return None
    return Addition(kind, key, said, replaced, by)


def _texts(said: object, fields: Iterable[str]) -> TypeGuard[Said]:
    if not isinstance(said, Mapping):
        return False
    return {*said} <= {*fields} and all(isinstance(text, str) for text in said.values())


def additions_text(case: str, additions: Iterable[Addition]) -> str:
    """The side file of the case so called."""
    entries = [vars(addition) for addition in sorted(additions, key=lambda addition: addition.place)]
    return json.dumps({"schema": SCHEMA, "case": case, "entries": entries}, ensure_ascii=False, indent=1) + "\n"


def with_additions(case: CaseFile) -> CaseFile:
    """The case with what its side file adds. Raises AllocationError with all that is wrong with that."""
    path = side_file(case.path)
    additions = read_additions(path)
    if not additions:
        return case
    digest = hashlib.sha256(f"{case.sha256}\n{additions_text('', additions)}".encode()).hexdigest()
    return merged(replace(case, added=path, sha256=digest), additions)


def merged(case: CaseFile, additions: Iterable[Addition]) -> CaseFile:
    """The case with every addition that stands where the case has not changed; the others are its `crossed`."""
    problems: list[Problem] = []
    crossed = []
    for addition in additions:
        now = standing(case, *addition.place)
        if now in (addition.said, addition.whole):
            continue  # the case says so itself by now
        if now != addition.replaced:
            crossed.append(_crossed(case, addition, now))
            continue
        try:
            case = _with(case, addition)
        except AllocationError as error:
            where = f"{side_file(case.path).name}: {addition.key}"
            problems += [replace(problem, where=where) for problem in error.problems]
    if problems:
        raise AllocationError(problems)
    return replace(case, crossed=(*case.crossed, *crossed))


def _with(case: CaseFile, addition: Addition) -> CaseFile:
    key, said = addition.key, addition.said
    if addition.kind == FACT:
        return replace(case, facts=with_fact(case.facts, key, said["text"]))
    if addition.kind == TABLE:
        return replace(case, table=case.path.parent / said["file"], sheet=said.get("sheet", ""))
    if addition.kind == RESOLUTION:
        resolution = Resolution(**{"reason": "", **said})
        return replace(case, resolved={**case.resolved, key: resolution})
    before = next((setting for setting in case.settings if setting.address == key), Setting(key))
    value = parse_value(said["value"]) if "value" in said else None
    setting = replace(before, value=value, state=said.get("state", ""), basis=said.get("basis", ""), **addition.signed,
                      where=before.where or f"{side_file(case.path).name}: {key}")  # fmt: skip
    others = tuple(other for other in case.settings if other.address != key)
    place = next((at for at, other in enumerate(case.settings) if other.address == key), len(others))
    return replace(case, settings=(*others[:place], setting, *others[place:]))


def _crossed(case: CaseFile, addition: Addition, now: Said | None) -> Doubt:
    where = case.places.get(addition.place, "")
    texts = [both_of(said) for said in (addition.replaced, now, addition.said)]
    slots: dict[str, object] = dict(zip(("replaced", "now", "said"), texts, strict=True))
    figures = [json.dumps(said and dict(said), ensure_ascii=False, sort_keys=True)
               for said in (addition.replaced, now, addition.said)]  # fmt: skip
    slots |= {"name": addition.key, "side": side_file(case.path).name, "case": case.path.name}
    where = where or case.path.name
    return Doubt(CROSSED, (), (*addition.place, *figures), Problem("case.crossed", slots, where))


def both_of(said: Said | None) -> Both:
    """What is said of one thing, as a person reads it; a dash for nothing."""
    texts = []
    for lang in LANGUAGES:
        words = [STATES[said[key]][lang] if key == "state" else said[key] for key in SHOWN
                 if said.get(key)] if said else []  # fmt: skip
        texts.append(say(lang, "words.comma").join(words) or "—")
    return Both(*texts)
