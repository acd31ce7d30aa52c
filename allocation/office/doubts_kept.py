"""Every doubt on record in a folder, over years and funds, each with how it was resolved."""

from __future__ import annotations

from pathlib import Path

from allocation.classes import dataclass
from allocation.doubts.doubt import POLICY
from allocation.doubts.policy import doubted
from allocation.errors import AllocationError, Problem
from allocation.record.reading import read_record
from allocation.record.record import DoubtKept, Record
from allocation.tables.grid import read_bytes


@dataclass(frozen=True)
class DoubtOnRecord:
    """`state`: open, resolved, or decided: of a rule that was open then and has been decided on since."""

    model: str
    year: int | None
    id: str
    doubt: DoubtKept
    state: str


def doubts_on_record(folder: Path) -> list[DoubtOnRecord]:
    """By fund, year and id; of one that stands in several records the resolved one. Raises where there is no folder."""
    if folder.is_file():
        raise AllocationError(Problem("doubts.of_file", {"name": folder.name}, folder.as_posix()))
    if not folder.is_dir():
        raise AllocationError(Problem("doubts.no_folder", where=folder.as_posix()))
    decided: dict[tuple[str, int | None], set[str]] = {}
    kept: dict[tuple[str, int | None, str], DoubtKept] = {}
    for record in filter(None, map(_record, sorted(folder.rglob("*.json")))):
        fund = record.model.name.partition("@")[0], record.year
        decided.setdefault(fund, set()).update(record.decided)
        for id, doubt in record.doubts.items():
            key = (*fund, id)
            if key not in kept or doubt.state == "resolved":
                kept[key] = doubt
    return [
        DoubtOnRecord(model, year, id, doubt, _state(doubt, decided[model, year]))
        for (model, year, id), doubt in sorted(kept.items(), key=lambda item: (item[0][0], item[0][1] or 0, item[0][2]))
    ]


def _state(doubt: DoubtKept, decided: set[str]) -> str:
    return "decided" if doubt.kind == POLICY and {*doubted(doubt.figures)} <= decided else doubt.state


def _record(path: Path) -> Record | None:
    """The record that a file holds; None of a register, a side file and all else."""
    try:
        return read_record(read_bytes(path), path.name)
    except (AllocationError, OSError):
        return None
