"""When each level of government was to hand the money down, and when it did: the second sheet of the advances.

The dates join the model as notes of the issue, so the printed sheet, the cover and 测算说明 show them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.language.units import YUAN
from allocation.parts.part import BlankForm
from allocation.policy.model import Model
from allocation.tables import forms
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.spelling import fold
from allocation.texts import LANGUAGES, Both, say
from allocation.texts.spans import day_text
from allocation.texts.vocabulary import Spellings

FIELDS = (
    forms.FormField("level", Spellings("form_words.due_date_level"), required=True),
    forms.FormField("step", Spellings("form_words.due_date_step"), required=True),
    forms.FormField("due", Spellings("form_words.due_date_due"), forms.DATE),
    forms.FormField("actual", Spellings("form_words.due_date_actual"), forms.DATE),
    forms.FormField("document", Spellings("form_words.document"), forms.PROSE),
)
SHEETS = Spellings("form_words.dates_sheet")
LEVELS: dict[str, Spellings] = {  # who hands the money down, from above to below
    key: Spellings(f"form_words.level_{key}") for key in ("central", "province", "city", "county")
}
STEPS: dict[str, Spellings] = {key: Spellings(f"form_words.step_{key}") for key in ("advance", "settlement")}
WORDS: dict[str, dict[str, Spellings]] = {"level": LEVELS, "step": STEPS}
FAR = 2  # years from the data's: a date further off is a slip of the keyboard
KINDS = {field.key: field for field in FIELDS if field.kind == forms.DATE}


@dataclass(frozen=True)
class Due:
    """One level's dates in one step; `places` are the cells of its fields."""

    level: str
    step: str
    due: date | None
    actual: date | None
    document: str
    places: dict[str, str]

    def with_day(self, key: str, day: date | None) -> Due:
        """The same with another due or actual date."""
        return replace(self, due=day) if key == "due" else replace(self, actual=day)

    @property
    def late(self) -> int:
        """Days after the due date."""
        return max((self.actual - self.due).days, 0) if self.due and self.actual else 0


def read_dates(path: Path, amounts: str, problems: list[Problem], year: int | None) -> tuple[Due, ...]:
    """The dates of the file, of the advance for `year` and its settlement; none where it has no sheet of dates beside
    `amounts`. What is wrong joins `problems`: of a date whose year is wrong only that, and nothing of the others by it.
    """
    mild = [replace(field, required=False) for field in FIELDS]  # the blank form has rows without dates
    try:
        sheet = forms.read_form(path, mild, problems, apart=amounts, kind="dates")
    except AllocationError as error:
        named = any(fold(sheet.name) in SHEETS for sheet in open_grid(path, read_bytes(path)))
        if named or {problem.id for problem in error.problems} != {"forms.no_header"}:
            problems += error.problems
        return ()
    rows = [row for row in sheet.rows if row.faulty or any(row[key] for key in (*KINDS, "document"))]
    needed = [field for field in FIELDS if field.required and rows]
    absent = [field.labels[0] for field in needed if not any(row[field.key] for row in rows)]
    if absent:  # nobody wrote into it: its head was not known
        problems.append(Problem("forms.no_column", {"wanted": absent}, sheet.file))
        return ()
    dates = [due for due in (_due(row, problems) for row in rows) if due]
    sure = [_of_its_year(due, dates, year, problems) for due in dates]
    problems += [problem for place, due in enumerate(sure) for problem in _against(due, sure[:place], sure)]
    return tuple(sorted(dates, key=lambda due: (list(STEPS).index(due.step), list(LEVELS).index(due.level))))


def _due(row: forms.FormRow, problems: list[Problem]) -> Due | None:
    keys: dict[str, str | None] = {}
    for field, words in zip(FIELDS, WORDS.values(), strict=False):
        key, text = field.key, row.text(field.key)
        keys[key] = next((word for word, said in words.items() if fold(text) in map(fold, said)), None)
        if not text:
            problems.append(Problem("forms.blank", {"label": field.labels[0]}, row.where(key)))
        elif keys[key] is None:
            known = Both("、".join(said[0] for said in words.values()), ", ".join(said[-1] for said in words.values()))
            problems.append(Problem(f"settle.{key}", {"found": text, "known": known}, row.where(key)))
    level, step = keys["level"], keys["step"]
    due, actual = (date.fromisoformat(row.text(key)) if row.text(key) else None for key in ("due", "actual"))
    return Due(level, step, due, actual, row.text("document"), row.places) if level and step else None


def _of_its_year(due: Due, dates: Sequence[Due], year: int | None, problems: list[Problem]) -> Due:
    """The row without the dates whose year is wrong, which join `problems`.

    Such a date is far from the data's year, or it contradicts others and would not in the year it should be in.
    """
    for key, kind in KINDS.items():
        day = getattr(due, key)
        if not day or not year or day.year in (expected := _expected(due, year)):
            continue
        others = [
            other for other in dates if (its_day := getattr(other, key)) and its_day.year in _expected(other, year)
        ]
        moved = [due.with_day(key, _in_year(day, right)) for right in expected]
        far = abs(day.year - year) > FAR
        if far or _fits(due, others, key) < max(_fits(right, others, key) for right in moved):
            slots = {"level": level_label(due), "step": step_label(due), "kind": kind.label, "day": day,
                     "years": list(expected), "year": year}  # fmt: skip
            problems.append(Problem("settle.far_year" if far else "settle.wrong_year", slots, due.places[key]))
            due = due.with_day(key, None)
    return due


def _expected(due: Due, year: int) -> tuple[int, ...]:
    """The years a date may be of: the advance comes in the year before, its settlement in the year or the next."""
    return (year - 1,) if due.step == "advance" else (year, year + 1)


def _in_year(day: date, year: int) -> date:
    return day.replace(year=year, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _fits(due: Due, others: Sequence[Due], key: str) -> bool:
    return not any(_too_early(due, other, key) or _too_early(other, due, key) for other in others)


def _too_early(due: Due, other: Due, key: str) -> str:
    """Why `one` must not come before `other`, which it does; empty where all is well."""
    days, order = (getattr(due, key), getattr(other, key)), list(LEVELS)
    if None in days or days[0] >= days[1]:
        return ""
    if due.step == other.step and order.index(other.level) < order.index(due.level):
        return "before_above"
    return "before_advance" if (due.level, due.step, other.step) == (other.level, "settlement", "advance") else ""


def _against(due: Due, before: Sequence[Due], dates: Sequence[Due]) -> list[Problem]:
    """What is wrong with a row beside the others: written twice, before the level above it, before the advance."""
    problems = []
    if any((due.level, due.step) == (other.level, other.step) for other in before):
        slots = {"level": level_label(due), "step": step_label(due)}
        problems.append(Problem("settle.date_twice", slots, due.places["level"]))
    for key, kind in KINDS.items():
        for message in ("before_above", "before_advance"):
            others = [other for other in dates if _too_early(due, other, key) == message]
            if others:
                latest = max(others, key=lambda other: getattr(other, key))
                slots = {"kind": kind.label, "day": getattr(due, key), "other_day": getattr(latest, key),
                         "level": level_label(due), "step": step_label(due), "other": level_label(latest)}  # fmt: skip
                problems.append(Problem(f"settle.{message}", slots, due.places[key]))
    return problems


def _prefilled(model: Model, year: int | None, lang: str) -> list[tuple[str | datetime, ...]]:
    """A row a level and step. Of money, by when the ministry tells the provinces what they have in advance for `year`:
    31 October of the year before; the others set their own days.
    """
    place = 0 if lang == "zh" else -1
    rows: list[tuple[str | datetime, ...]] = [
        (level[place], step[place]) for step in STEPS.values() for level in LEVELS.values()
    ]
    if year and model.columns[model.award].unit.same_kind(model.units.parse(YUAN)):
        rows[0] = (*rows[0], datetime(year - 1, 10, 31))
    return rows


FORM = BlankForm(
    "dates",
    FIELDS,
    rows=12,
    words={key: [said.label for said in words.values()] for key, words in WORDS.items()},
    prefill=_prefilled,
)


def level_label(due: Due) -> Both:
    return LEVELS[due.level].label


def step_label(due: Due) -> Both:
    return STEPS[due.step].label


def date_notes(dates: Sequence[Due], year: int | None) -> tuple[Problem, ...]:
    """What a reader of the run must know: who was late, and an advance that is not due in the year before."""
    notes = []
    for due in dates:
        if due.late:
            slots = {"level": level_label(due), "step": step_label(due), "due": due.due, "actual": due.actual}
            notes.append(Problem("settle.late", {**slots, "days": due.late}, due.places["actual"]))
        if due.step == "advance" and due.due and year and due.due.year != year - 1:
            other = {"level": level_label(due), "due": due.due, "year": year, "before": year - 1}
            notes.append(Problem("settle.other_year", other, due.places["due"]))
    return tuple(notes)


def said_dates(dates: Sequence[Due]) -> list[Both]:
    """A line a step, as it stands below the printed table."""
    return [
        Both(*(_line([due for due in dates if due.step == step], lang) for lang in LANGUAGES))
        for step in dict.fromkeys(due.step for due in dates)
    ]


def _line(dates: Sequence[Due], lang: str) -> str:
    parts = []
    for due in dates:
        days = {key: said_day(getattr(due, key), lang) for key in KINDS}
        slots = {"level": level_label(due), "document": due.document, "late": due.late or ""}
        parts.append(say(lang, "settle.date_part", **days, **slots))
    joined = ("；" if lang == "zh" else "; ").join(parts)
    return say(lang, "settle.date_line", step=step_label(dates[0]), dates=joined)


def said_day(day: date | None, lang: str) -> str:
    return day_text(day, lang) if day else ""
