"""template --form: the blank forms of what is filled in by hand."""

from __future__ import annotations

from pathlib import Path

import click

from allocation.commands.products import Product, finish
from allocation.commands.screen import Screen
from allocation.errors import AllocationError
from allocation.files.destination import Destination
from allocation.policy.stages import key_of
from allocation.texts import both

FORMS = {
    key: both(f"sheets.{'settlement' if key == 'advance' else key}")
    for key in ("ledger", "receipts", "adjustments", "sources", "advance", "findings", "notice")
}
FORM = click.option("--form", type=click.Choice([*(word.zh for word in FORMS.values()), *FORMS]))


def blank_form(kind: str, model: str, table: Path | None, year: int | None, out: Destination, screen: Screen) -> int:
    """Writes the form with the counties of the table; without any where none is named and none is at hand."""
    from allocation.run.finding import find, model_of_year
    from allocation.run.shelf import base_name

    kind = key_of(FORMS, kind)
    if kind == "notice":
        return _notice(out, screen)
    from allocation.xlsx.forms import form_writer, title_of

    kind = "settlement" if kind == "advance" else kind
    loaded, counties = model_of_year(model, year), None
    try:
        material = find(model, table, year)
        loaded, counties = material.model, material.table
    except AllocationError:
        if table:
            raise
    ending = title_of(kind, screen.lang).replace(" ", "_")
    path = out.file(f"{base_name(loaded.name)}_{ending}.xlsx")
    write = form_writer(kind, loaded, counties, path, screen.lang, year)
    return finish([Product(path, write, "ledger.wrote_form", {"form": title_of(kind, screen.lang)})], screen)


def _notice(out: Destination, screen: Screen) -> int:
    """The template of a county's notice, a Word file to be edited; it is the same for every model."""
    from allocation.documents.notice_template import NoticeTemplate

    path = out.file(f"{screen.say('notices.template')}.docx")
    return finish([Product(path, NoticeTemplate(screen.lang).write, "notices.wrote_template")], screen)
