"""What a message asks of a person that a command is told by an option: on the page it is chosen beside the message."""

from __future__ import annotations

from collections.abc import Iterable

from allocation.classes import dataclass
from allocation.errors import Problem
from allocation.texts import Both, both, show

KINDS = ("unit", "total", "within")  # what a row may be said to be
YEARLESS = ("tables.year_for_word_unknown", "model.needs_year", "collect.needs_year")


@dataclass(frozen=True)
class Choice:
    """`field` of a work takes `value`; of `unused` and `rows` it joins those that were said. An empty value asks."""

    field: str
    value: str
    label: Both


def choices(problem: Problem) -> list[Choice]:
    """Those that a message leaves to a person; none of most."""
    slots = problem.slots
    match problem.id:
        case "tables.many_sheets" | "tables.no_sheet":
            return [_of_sheet(text) for text in _texts(slots["sheets"])]
        case "tables.many_years" | "tables.no_year":
            return [_of_year(text) for text in _texts(slots["years"])]
        case "model.not_in_force":
            return [Choice("year", "", both("page_read.ask_budget_year")),
                    Choice("reference", "1", both("page_read.choose_reference"))]  # fmt: skip
        case "tables.row_doubt":
            return [_row(key, kind) for key in _texts(slots["keys"]) for kind in KINDS]
        case "tables.total_differs":
            return [_row(key, "total") for key in _texts([slots.get("key")])]
        case "tables.near_heading":
            return _unused(slots["header"])
        case problem_id if problem_id in YEARLESS:
            return [Choice("data_year", "", both("page_read.ask_year"))]
    return _unused(slots.get("unused"))


def _of_sheet(name: str) -> Choice:
    return Choice("sheet", name, both("page_read.choose_sheet", sheet=name))


def _of_year(year: str) -> Choice:
    return Choice("data_year", year, both("page_read.choose_year", year=year))


def _row(key: str, kind: str) -> Choice:
    return Choice("rows", f"{key}={kind}", both(f"page_read.row_{kind}", key=key))


def _unused(heading: object) -> list[Choice]:
    return [Choice("unused", text, both("page_read.choose_unused", header=text)) for text in _texts([heading])]


def _texts(values: object) -> list[str]:
    every: Iterable[object] = values if isinstance(values, list | tuple) else [values]
    return [show(value, "zh") for value in every if value not in (None, "", "…")]
