"""A blank form for one department: the units of a table and the columns that this department supplies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from allocation.classes import dataclass
from allocation.files.text_out import new_book
from allocation.files.whole_files import Write
from allocation.policy.model import Model
from allocation.sheets.looks import Role, look
from allocation.tables.departments import part_of
from allocation.tables.template import Counties, unless_filled, write_sheets
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


def department_form_writer(model: Model, form: DepartmentForm, path: Path) -> Write:
    """What writes the form that is to stand at `path`; never over one that was filled in."""
    label = model.departments[form.department]
    theirs = replace(part_of(model, form.department), label=bracketed(form.fund, label))
    return unless_filled(path, lambda beside: _write(theirs, label, form, str(beside)))


def _write(theirs: Model, label: Both, form: DepartmentForm, path: str) -> None:
    counties = replace(form.counties, closed=bool(form.counties.codes))
    with new_book(path, form.lang) as book:
        data = write_sheets(book, theirs, form.year, counties)
        signed = look(Role.FILL_IN, {"font_name": BODY, "font_size": 11, "locked": False})
        data.write_string(counties.below(theirs) + 1, 1, book.say("departments.signed", department=label), signed)
        data.protect("", {"format_columns": True, "format_rows": True})
