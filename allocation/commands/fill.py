"""fill, import-check: the receiving system's own template filled, and what the system shows after import."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.classes import dataclass
from allocation.commands.helped import HelpedCommand
from allocation.commands.products import Product, finish
from allocation.commands.requests import gathered
from allocation.commands.screen import Screen
from allocation.commands.shared import MODEL, ModelName, version_options
from allocation.files.destination import Destination
from allocation.texts import Both

if TYPE_CHECKING:
    from allocation.case import Batch
    from allocation.office.filling import FillAsked

_FILE = click.Path(path_type=Path)
MAPPING = click.option("--mapping", type=_FILE)


@dataclass(frozen=True, kw_only=True)
class _OfTemplate:
    """Which template, by which mapping, of which version."""

    template: Path | None
    mapping: Path | None
    year: int | None
    batch: Batch | None
    out: Destination
    screen: Screen

    def of(self, model: str) -> FillAsked:
        from allocation.office.filling import FillAsked

        out = self.out.only_folder()
        return FillAsked(model, out, self.template, self.mapping, self.year, self.batch, self.screen.lang)


@dataclass(frozen=True, kw_only=True)
class FillRequest(_OfTemplate):
    """What `fill` is asked."""

    model: str


@dataclass(frozen=True, kw_only=True)
class ImportCheckRequest(_OfTemplate):
    """What `import-check` is asked."""

    shown: Path
    model: str | None


@click.command(cls=HelpedCommand)
@MODEL
@click.option("--template", type=_FILE)
@MAPPING
@version_options
@gathered(FillRequest)
def fill(request: FillRequest) -> int:
    """Fill the receiving system's template from the final version."""
    from allocation.office.filling import filling, record_filling, writers

    screen = request.screen
    outcome = filling(request.of(request.model))
    version = outcome.issued.version
    targets = writers(outcome)
    products = [Product(path, write, "filling.wrote") for path, write in targets.items()]
    products += [Product(path, None, "filling.kept") for path in outcome.kept]

    def show() -> None:
        screen.tell("filling.of_version", version=version.label(screen.lang), total=version.total, unit=version.unit)
        if outcome.template:
            slots = {"file": outcome.template.file, "sheet": outcome.template.sheet.name}
            screen.tell("filling.filled", lines=outcome.lines, cells=outcome.cells, **slots)
        for note in outcome.notes:
            screen.tell("cli.note", text=note.told_by(screen))

    return finish(products, screen, put=partial(record_filling, outcome), show=show)


@click.command("import-check", cls=HelpedCommand)
@click.argument("shown", type=_FILE)
@click.argument("model", type=ModelName(), required=False)
@click.option("--template", type=_FILE)
@MAPPING
@version_options
@gathered(ImportCheckRequest)
def import_check(request: ImportCheckRequest) -> int:
    """Compare what a system shows after import with what was to be imported."""
    from allocation.commands.printing import print_table
    from allocation.filling.shown_table import shown_table
    from allocation.office.filling import import_checked

    screen = request.screen
    checked = import_checked(request.shown, request.of(request.model or ""))
    beside = checked.beside
    screen.tell("filling.checked", file=beside.file, of=checked.of, rows=beside.rows, cells=beside.cells)
    for note in checked.notes:
        screen.tell("cli.note", text=note.told_by(screen))
    if beside.unseen:
        screen.tell("filling.unseen", columns=[Both(column.zh, column.en) for column in beside.unseen])
    if not beside.differences:
        screen.tell("filling.shown_alike")
        return 0
    print_table(shown_table(beside, checked.run.model.units), screen)
    screen.tell("filling.shown_differ", count=len(beside.differences))
    return 1
