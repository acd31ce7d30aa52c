"""What a collection leaves for the next one: when each file was first seen, and the figures it gave."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.given_files import given_json

SCHEMA = "allocation.collected/1"


@dataclass(frozen=True)
class FileSeen:
    sha256: str
    first_seen: str  # 2018-03-05


@dataclass(frozen=True)
class Kept:
    """A recipient's figures as last collected, as texts; `first_seen` is when it first had any."""

    name: str
    file: str
    first_seen: str
    figures: Mapping[str, str | None]


@dataclass(frozen=True)
class State:
    model: str = ""
    year: int | None = None
    date: str = ""
    files: Mapping[str, FileSeen] = field(default_factory=dict)
    recipients: Mapping[str, Kept] = field(default_factory=dict)

    def seen(self, file: str, sha256: str, today: str) -> FileSeen:
        """The file with the day it was first seen, under this name or with these bytes under another."""
        earlier = self.files.get(file) or next((seen for seen in self.files.values() if seen.sha256 == sha256), None)
        return FileSeen(sha256, earlier.first_seen if earlier else today)


def as_json(state: State) -> str:
    content = {
        "schema": SCHEMA,
        "model": state.model,
        "year": state.year,
        "date": state.date,
        "files": {name: vars(seen) for name, seen in sorted(state.files.items())},
        "recipients": {code: {**vars(kept), "figures": dict(kept.figures)} for code, kept in state.recipients.items()},
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def read_state(path: Path) -> State | None:
    """The state at `path`, None when there is none yet. AllocationError when it cannot be read."""
    try:
        content = given_json(path)
        if content["schema"] != SCHEMA:
            raise AllocationError(Problem("collect.state_schema", {"found": content["schema"]}, str(path)))
        return State(
            content["model"],
            content["year"],
            content["date"],
            {name: FileSeen(**seen) for name, seen in content["files"].items()},
            {code: Kept(**kept) for code, kept in content["recipients"].items()},
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise AllocationError(Problem("collect.state_broken", where=str(path))) from error
