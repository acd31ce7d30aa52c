"""compare --data: two county tables beside each other, for what a correction moved."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocation.commands.products import Product, finish
from allocation.commands.screen import Screen
from allocation.commands.shared import report_failed
from allocation.errors import Problem
from allocation.files.destination import Destination
from allocation.office.asked import RunQuestion

if TYPE_CHECKING:
    from allocation.analysis.data_compare import Correction

DATA = click.option("--data", nargs=2, type=click.Path(path_type=Path))


def compare_data(
    question: RunQuestion, screen: Screen, data: tuple[Path, Path], out: Destination, taken: Mapping[str, object]
) -> int:
    """Prints and writes 更正影响表. `taken` holds the arguments that go with scenarios only."""
    from allocation.analysis.data_compare import compare_tables
    from allocation.commands.printing import print_checks, print_doubts
    from allocation.office.asking_comparison import open_two_tables
    from allocation.run.shelf import base_name
    from allocation.xlsx.data_compare import write_correction

    problems = [Problem(f"ledger.{message}") for message, given in taken.items() if given]
    old, new = open_two_tables(question, data, problems)
    effect = compare_tables(new.model, old.table, new.table, reference=question.reference)
    path = out.file(f"{base_name(new.model.name)}_{screen.say('ledger.compare_word')}.xlsx")
    failed = [run for run in (effect.old, effect.new) if not run.ok]
    for run in failed:
        screen.warn("ledger.compare_failed", file=run.table.file)
        print_checks(run, screen)
        report_failed(run, screen, "cli.checks_failed")
    if failed:
        return 1

    def show() -> None:
        _print(effect, screen)
        print_doubts([effect.old.doubts, effect.new.doubts], screen)

    product = Product(path, lambda beside: write_correction(effect, beside, screen.lang), "ledger.compare_wrote")
    return finish([product], screen, of=(old, new), show=show)


def _print(effect: Correction, screen: Screen) -> None:
    from allocation.analysis.data_compare import corrected_awards
    from allocation.commands.printing import MOST, described_text, print_table
    from allocation.xlsx.data_compare import title_of

    model = effect.new.model
    unit = model.units.label(model.columns[model.award].unit.name, screen.lang)
    screen.line(f"{title_of(effect, screen.lang)}    {screen.say('workbook.unit_line', unit=unit)}")
    screen.tell("ledger.compare_tables", old=effect.old.table.file, new=effect.new.table.file)
    print_table(corrected_awards(effect, "screen"), screen, described_text)
    for key in ("only_old", "only_new"):
        if counties := getattr(effect, key):
            screen.tell(f"ledger.compare_{key}", counties=counties)
    alike = "compare_count" if effect.figures else "compare_alike"
    screen.tell(f"ledger.{alike}", count=len(effect.figures))
    for difference in effect.figures[:MOST]:
        screen.line(screen.shown(difference.said(model)))
    if len(effect.figures) > MOST:
        screen.line("  " + screen.say("cli.more", count=len(effect.figures) - MOST))
