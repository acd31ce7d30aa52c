"""A blank form for one department: the units of a table and the columns that this department supplies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from filecmp import cmp
from pathlib import Path

from allocation.errors import AllocationError, Problem
from allocation.files.text_out import new_book
from allocation.files.whole_files import place
from allocation.policy.model import Model
from allocation.sheets.looks import Role, look
from allocation.tables.departments import part_of
from allocation.tables.template import Counties, check_ending, write_sheets
from allocation.texts import Both, bracketed
from allocation.texts.typefaces import BODY


@dataclass(frozen=True)
class DepartmentForm:
    """`fund` is what the title calls the fund; `year` that of the data; without counties the form has blank rows."""

    lang: str

    department: str
    fund: Both
    counties: Counties
    year: int | None


def write_department_form(model: Model, form: DepartmentForm, path: Path) -> None:
    """Writes the form whole or not at all; never over one that was filled in."""
    label = model.departments[form.department]
    theirs = replace(part_of(model, form.department), label=bracketed(form.fund, label))

    def write(beside: Path) -> None:
        _write(theirs, label, form, str(beside))
        if path.is_file() and not cmp(path, beside, shallow=False):
            raise AllocationError(Problem("tables.filled", where=str(path)))

    check_ending(path)
    place({path: write})


def _write(theirs: Model, label: Both, form: DepartmentForm, path: str) -> None:
    counties = replace(form.counties, closed=bool(form.counties.codes))
    with new_book(path, form.lang) as book:
        data = write_sheets(book, theirs, form.year, counties)
        signed = look(Role.FILL_IN, {"font_name": BODY, "font_size": 11, "locked": False})
        data.write_string(counties.below(theirs) + 1, 1, book.say("departments.signed", department=label), signed)
        data.protect("", {"format_columns": True, "format_rows": True})
