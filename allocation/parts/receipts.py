"""回执登记表: which counties have confirmed their figures, which object, which have not answered."""

from __future__ import annotations

from dataclasses import replace

from allocation.errors import AllocationError, Problem
from allocation.parts.attached import Attached, of_form
from allocation.parts.part import BlankForm, Given, Option, Part
from allocation.policy.model import Model
from allocation.policy.stages import key_of
from allocation.tables import forms
from allocation.tables.table import Table
from allocation.texts import both, bracketed
from allocation.texts.vocabulary import Spellings

KIND = "receipts"
STATES = {key: both(f"ledger.answer_{key}") for key in ("confirmed", "objection", "none")}
FIELDS = (
    forms.CODES,
    forms.NAMES,
    forms.FormField("status", Spellings("form_words.receipt_status")),
    forms.FormField("date", Spellings("form_words.receipt_date"), forms.DATE),
    forms.FormField("contact", Spellings("form_words.receipt_contact"), forms.PROSE),
    forms.FormField("note", Spellings("form_words.receipt_note"), forms.PROSE),
)


def read(source: Given, model: Model, table: Table) -> Attached:
    """The state of the table's confirmation as a note. A county that is not listed has not answered.

    Raises every problem: an unknown county or state, a county twice, an objection that does not say to what.
    """
    problems: list[Problem] = []
    form = forms.read_form(source.path, FIELDS, problems, kind=KIND)
    states: dict[int, tuple[str, forms.FormRow]] = {}
    for record in form.rows:
        state = key_of(STATES, record.text("status")) if record["status"] else "none"
        if not state:
            slots = {"found": record["status"], "known": [*STATES.values()]}
            problems.append(Problem("ledger.state", slots, record.where("status")))
        elif state == "objection" and not record["note"]:
            problems.append(Problem("ledger.objection_of_what", where=record.where("note")))
        row = forms.county_row(record, table.codes, table.names, problems)
        if row is None:
            continue
        if row in states:
            slots = {"county": table.names[row], "other": states[row][1].where("name")}
            problems.append(Problem("ledger.answered_twice", slots, record.where("name")))
        states.setdefault(row, (state, record))
    if problems:
        raise AllocationError(forms.in_order(problems))

    def those(wanted: str) -> list[int]:
        return [row for row in range(len(table)) if states.get(row, ("none",))[0] == wanted]

    objections = tuple(table.names[row] for row in those("objection"))
    slots = {
        "confirmed": len(those("confirmed")),
        "count": len(table),
        "waiting": [table.names[row] for row in those("none")],
        "objecting": [bracketed(table.names[row], states[row][1]["note"]) for row in those("objection")],
    }
    note = Problem("ledger.receipts", slots, form.file)
    return replace(of_form(KIND, form), notes=(*form.notes, note), of_table={"objections": objections})


PART = Part(
    KIND,
    read,
    option=Option("--receipts"),
    form=BlankForm("receipts", FIELDS, prefilled=True, words={"status": [*STATES.values()]}),
)
