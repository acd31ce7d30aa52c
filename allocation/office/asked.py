"""What is asked of a model and its table, as one object: a command and a page put the very same question.

Nothing here is of a screen; an option's name is where a problem with it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from allocation.classes import dataclass

if TYPE_CHECKING:
    from allocation.case import Batch
    from allocation.errors import Problem
    from allocation.parts.part import Given
    from allocation.tables.said import Said


@dataclass(frozen=True, kw_only=True)
class SharedOptions:
    """What is said beside the model, the table and the settings, in the same way by whoever asks; each says some of it.

    `parts` is what the options of parts say, by option. `attached`, by kind, and `decided_before` nobody types: who
    corrects gives them. `out` is the folder that is written to. `hints` gather what is told where there is no answer.
    """

    data_year: int | None = None
    unused: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    recipients: Path | None = None
    last: Path | None = None
    crosswalk: Path | None = None
    resolve: tuple[str, ...] = ()
    decided: tuple[str, ...] = ()
    decided_before: tuple[str, ...] = ()
    batch: Batch | None = None
    parts: Mapping[str, object] = field(default_factory=dict)
    attached: Mapping[str, Given] = field(default_factory=dict)
    out: Path | None = None
    hints: list[Problem] = field(default_factory=list)

    @property
    def compared_with(self) -> list[Path]:
        """The files named that a table is compared with."""
        return [path for path in (self.recipients, self.last, self.crosswalk) if path]

    @property
    def said(self) -> Said:
        """What is said of the table's columns and rows."""
        from allocation.tables.said import said_of

        return said_of(self.unused, self.rows)


@dataclass(frozen=True, kw_only=True)
class TableQuestion:
    """Which table is to be read for which model; `model` may be a case, which has its own."""

    model: str
    table: Path | None = None
    sheet: str | None = None
    year: int | None = None
    options: SharedOptions = field(default_factory=SharedOptions)


@dataclass(frozen=True, kw_only=True)
class RunQuestion(TableQuestion):
    """The same for a run, with what is set in it, as `--set` writes that."""

    settings: tuple[str, ...] = ()
    reference: bool = False


@dataclass(frozen=True, kw_only=True)
class ComparisonQuestion(RunQuestion):
    """Which scenarios are set against it: names of `inputs/scenarios/` or files; or totals side by side (`pools`)."""

    scenarios: tuple[str, ...] = ()
    pools: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SeekQuestion(RunQuestion):
    """Which value of the address `vary` brings `figure` to `target`; numbers as they are typed."""

    vary: str
    figure: str
    target: str
    low: str | None = None
    high: str | None = None
    step: str | None = None
    within: str | None = None


@dataclass(frozen=True, kw_only=True)
class YearsQuestion:
    """What is asked of a model over several years; without `tables` of its own table."""

    model: str
    tables: tuple[Path, ...] = ()
    sheet: str | None = None
    settings: tuple[str, ...] = ()
    reference: bool = False
    options: SharedOptions = field(default_factory=SharedOptions)
