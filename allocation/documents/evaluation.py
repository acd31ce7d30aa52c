"""The evaluation report as data: every sentence is chosen by the figures of a run over years, and filled from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count

from allocation.documents.evaluation_gaps import PEOPLE, gaps, sources
from allocation.documents.evaluation_now import counties, overview
from allocation.documents.evaluation_trend import trend
from allocation.documents.parts import Grid, Heading, Part, Picture
from allocation.documents.telling import RATES, Telling
from allocation.errors import AllocationError, Problem
from allocation.policy.model import Model
from allocation.run.marks import marks
from allocation.texts import say
from allocation.years.timeline import Timeline

KINDS = {2018: "mid", 2020: "final"}  # the notice, item 19
BEFORE = ("settled_before", "target_before")
COLUMNS = (
    *RATES, "registered_rate_change", "resident_rate_change", "registered_rate_all", "resident_rate_all", "completion",
    "completion_rank", "completion_all", "behind", "settled_to_date", "target_to_date", "completion_to_date",
    "completion_to_date_all", "behind_to_date",
)  # fmt: skip


def title(years: Timeline, lang: str) -> str:
    year = years.years[-1]
    return say(lang, "evaluate.title", kind=say(lang, f"evaluate.{KINDS.get(year, 'yearly')}"), year=year)


def check_columns(model: Model) -> None:
    """Raises AllocationError where the model lacks an input or column the report speaks of."""
    lacking = [name for name in (*PEOPLE, *BEFORE) if name not in model.inputs]
    lacking += [name for name in COLUMNS if name not in model.columns]
    if lacking:
        raise AllocationError(Problem("evaluate.no_columns", {"model": model.label, "names": lacking}, model.file))


def report(years: Timeline, lang: str) -> list[Part]:
    """The parts of the report in order, tables and pictures numbered. Raises AllocationError as `check_columns`."""
    check_columns(years.run.model)
    telling = Telling(years, lang)
    parts: list[Part] = []
    for number, section in enumerate((overview, counties, trend, gaps, sources), start=1):
        parts += [Heading(say(lang, f"evaluate.section_{number}")), *section(telling)]
    return [*_numbered(parts, lang)]


def _numbered(parts: Iterable[Part], lang: str) -> Iterator[Part]:
    """Tables and pictures are counted apart."""
    numbers = {"table": count(1), "figure": count(1)}
    for part in parts:
        if isinstance(part, Grid | Picture):
            key = "table" if isinstance(part, Grid) else "figure"
            caption = say(lang, f"evaluate.{key}", number=next(numbers[key]), caption=part.caption)
            yield replace(part, caption=caption)
        else:
            yield part


def report_marks(years: Timeline, lang: str) -> str:
    """The marks of any of the years."""
    texts = [marks(run, lang) for run in years.runs]
    return max(texts, key=len)
