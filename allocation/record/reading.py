"""A record read back: whole or not at all, with everything that is wrong with it. pydantic is imported here only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from allocation.errors import AllocationError, Problem
from allocation.files.given_files import json_value
from allocation.record.record import KINDS, LANGUAGE, SCHEMA, Record

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

MOST = 8  # problems that are listed


def read_record(text: str | bytes, where: str) -> Record:
    """The record that `text` holds. Raises AllocationError for each thing that is wrong; `where` names the file."""
    try:
        content = json_value(text)
    except ValueError as error:
        raise AllocationError(Problem("record.not_json", {"detail": error}, where)) from None
    return record_of(content, where)


def record_of(content: object, where: str) -> Record:
    """The same of JSON that was read already."""
    if not isinstance(content, Mapping) or "schema" not in content:
        raise AllocationError(Problem("record.none", where=where))
    if isinstance(content["schema"], str):
        from allocation.record.from_0_1 import of_manifest

        return of_manifest(content, where)
    for key, ours in (("schema", SCHEMA), ("language", LANGUAGE)):
        said = content.get(key, ours)
        if isinstance(said, int) and said > ours:
            raise AllocationError(Problem(f"record.newer_{key}", {"found": said, "own": ours}, where))
    if content["schema"] != SCHEMA:
        raise AllocationError(Problem("record.unknown_schema", {"found": content["schema"], "own": SCHEMA}, where))
    return validated(content, where)


def validated(content: Mapping[str, object], where: str) -> Record:
    from pydantic import ValidationError

    try:
        record: Record = _adapter().validate_json(json.dumps(content), strict=True)
    except ValidationError as error:
        lines = error.errors(include_url=False, include_context=False)
        problems = [_problem(line, where) for line in lines[:MOST]]
        more = [Problem("record.more", {"count": len(lines) - MOST}, where)] if len(lines) > MOST else []
        raise AllocationError([*problems, *more]) from None
    if record.kind not in KINDS:
        raise AllocationError(Problem("record.unknown_kind", {"found": record.kind, "known": list(KINDS)}, where))
    return record


@cache
def _adapter() -> TypeAdapter[Record]:
    from pydantic import TypeAdapter

    return TypeAdapter(Record)


def _problem(line: ErrorDetails, where: str) -> Problem:
    place = " → ".join(str(step) for step in line["loc"])
    kinds = {"missing": "lacks", "unexpected_keyword_argument": "unknown"}
    slots = {"place": place, "found": json.dumps(line.get("input"), ensure_ascii=False)[:60]}
    return Problem(f"record.{kinds.get(line['type'], 'wrong')}", slots, where)
