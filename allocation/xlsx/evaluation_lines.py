"""The rows of sheet 评估 that add up counties by year, and how their figures are shown."""

from __future__ import annotations

from dataclasses import dataclass

from allocation.texts.decimals import PERCENTAGE, SIGNED, cell_format

PEOPLE, PERCENT = cell_format(0), cell_format(PERCENTAGE, percent=True)
COUNT, POINTS = cell_format(0, grouped=False), SIGNED.format(cell_format(PERCENTAGE, grouped=False))


@dataclass(frozen=True)
class Tally:
    """A row of the overview. `kind` says what it is made of: `of` are a name of the model, or rows above it.

    counties: how many; total: a sum over counties; figure: one a run; step: points over the year before; less: people;
    gap: points between two rates; many: counties above 0; rest: all counties less those of a row.
    """

    name: str
    kind: str
    of: tuple[str, ...] = ()


def _kind(kind: str) -> tuple[Tally, ...]:
    return (
        Tally(kind, "total", (kind,)),
        Tally(f"{kind}_urban", "total", (f"{kind}_urban",)),
        Tally(f"{kind}_rate_all", "figure", (f"{kind}_rate_all",)),
        Tally(f"{kind}_rate_step", "step", (f"{kind}_rate_all",)),
    )


def _against(settled: str, target: str, rate: str, behind: str) -> tuple[Tally, ...]:
    return (
        Tally(target, "total", (target,)),
        Tally(settled, "total", (settled,)),
        Tally(f"{settled}_less", "less", (settled, target)),
        Tally(rate, "figure", (rate,)),
        Tally(f"{behind}_met", "rest", (behind,)),
        Tally(f"{behind}_many", "many", (behind,)),
        Tally(behind, "total", (behind,)),
    )


OVERVIEW = (
    Tally("counties", "counties"),
    *_kind("registered"),
    *_kind("resident"),
    Tally("rate_gap", "gap", ("resident_rate_all", "registered_rate_all")),
    *_against("settled", "settled_target", "completion_all", "behind"),
    *_against("settled_to_date", "target_to_date", "completion_to_date_all", "behind_to_date"),
)
COMMON = (
    *(Tally(name, "total", (name,)) for name in ("registered", "registered_urban")),
    Tally("registered_rate_all", "figure", ("registered_rate",)),
    *(Tally(name, "total", (name,)) for name in ("resident", "resident_urban")),
    Tally("resident_rate_all", "figure", ("resident_rate",)),
    Tally("rate_gap", "gap", ("resident_rate_all", "registered_rate_all")),
    *(Tally(name, "total", (name,)) for name in ("settled_target", "settled")),
    Tally("completion_all", "figure", ("completion",)),
)  # the same of the counties that are there in every year, where years have not the same counties
FORMATS = {"counties": COUNT, "total": PEOPLE, "figure": PERCENT, "step": POINTS, "less": PEOPLE, "gap": POINTS,
           "many": COUNT, "rest": COUNT}  # fmt: skip
CHANGES = {"total": PEOPLE, "less": PEOPLE, "figure": POINTS, "gap": POINTS}  # of which the change over years is shown
