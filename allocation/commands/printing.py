"""What the command line shows: the table of awards with its total, and the checks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from allocation.commands.screen import Screen
from allocation.policy.model import Model
from allocation.readings.tails import tail_notes
from allocation.run.checks import CheckResult
from allocation.run.run import Run
from allocation.texts import Both, shortened
from allocation.texts.spans import in_force
from allocation.texts.widths import text_width

if TYPE_CHECKING:
    from allocation.analysis.compare import Comparison
    from allocation.doubts.doubt import Doubts
    from allocation.report.printed import PrintedColumn, PrintedLine, PrintedTable

MOST = 60  # counties shown; the workbook holds them all
LONGEST = 60  # signs of a cell; files hold it whole
WIDEST = 100  # places of a table with the parts of what is handed out


def _pad(text: str, width: int, right: bool) -> str:
    space = " " * max(0, width - text_width(text))
    return space + text if right else text + space


def table_text(heads: list[str], rows: list[list[str]], texts: int = 2) -> str:
    """Columns lined up; the first ones, `texts`, to the left, figures to the right. A Chinese character is two wide."""
    heads, *rows = ([_cut_cell(cell) for cell in row] for row in (heads, *rows))
    widths = [max(text_width(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    padded = [[_pad(cell, widths[i], i >= texts) for i, cell in enumerate(row)] for row in [heads, *rows]]
    lines = ["  ".join(row).rstrip() for row in padded]
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    return "\n".join([lines[0], rule, *lines[1:]])


def _cut_cell(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def print_table(table: PrintedTable, screen: Screen, text: Callable[[PrintedTable, Screen], str] | None = None) -> None:
    """A described table, whole where no `text` of it is given; to another program always whole."""
    if screen.answer is None:
        screen.line((text or study_text)(table, screen))
        return
    from allocation.report.table_json import table_json

    screen.answer.put(table_json(table, screen))


def print_rows(
    heads: Sequence[str], rows: Sequence[Sequence[str]], screen: Screen, texts: int = 2, most: int | None = None
) -> None:
    """A list that is no described table: `texts` columns to the left, `most` rows for a person."""
    if screen.answer is None:
        cut = len(rows) - most if most is not None else 0
        more = [["…", screen.say("cli.more", count=cut), *[""] * (len(heads) - 2)]] if cut > 0 else []
        screen.line(table_text([*heads], [*map(list, rows[:most]), *more], texts))
        return
    from allocation.report.table_json import texts_json

    screen.answer.put(texts_json(heads, rows))


def print_run(run: Run, screen: Screen) -> None:
    """Title, awards and total, checks and notes."""
    from allocation.report.tables import shown_table
    from allocation.run.marks import heading, marks

    table = shown_table(run, "terminal")
    unit = table.units.label(table.unit.name, screen.lang)
    title = screen.shown(heading(run)) + screen.shown(marks(run))
    screen.line(f"\n{title}    {screen.say('workbook.unit_line', unit=unit)}")
    print_table(table, screen, _run_text)
    print_checks(run, screen)


def _run_text(table: PrintedTable, screen: Screen) -> str:
    """The awards, and below them what found no room."""
    columns, items = _fitting(table, screen)
    heads, cells = _cut(columns, table.lines, screen)
    below = [screen.say("cli.items", family=family, items=said) for family, said in items.items()]
    return "\n".join([table_text(heads, cells), *below])


def study_text(table: PrintedTable, screen: Screen) -> str:
    """A table of a study, whole."""
    heads, *rows = study_cells(table, screen)
    return table_text(heads, rows, sum(column.kind == "text" for column in table.columns))


def study_cells(table: PrintedTable, screen: Screen) -> list[list[str]]:
    """Headings, then a row a line."""
    from allocation.report.study import head_of

    columns = [[head_of(column, screen.lang), *_texts(table, column, screen)] for column in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def _fitting(table: PrintedTable, screen: Screen) -> tuple[list[list[str]], dict[str, list[str]]]:
    """A column each, below its head. What comes in parts, by source or year, is left out where the table would be too
    wide: then the totals of the parts are given, by what they are parts of.
    """
    columns = {column.key: [screen.shown(column.label), *_texts(table, column, screen)] for column in table.columns}
    if _table_width([*columns.values()]) <= WIDEST:
        return [*columns.values()], {}
    parts: dict[str, list[str]] = {}
    for column in table.columns:
        if screen.shown(column.item):
            said = f"{screen.shown(column.item)} {columns.pop(column.key)[-1]}"
            parts.setdefault(screen.shown(column.heading), []).append(said)
    return [*columns.values()], parts


def _texts(table: PrintedTable, column: PrintedColumn, screen: Screen) -> list[str]:
    """A column's texts, a line each."""
    from allocation.report.formats import figure_in

    cells = [table.cell(column, place, screen.lang) for place in range(len(table.lines))]
    if column.kind == "text":
        return [str(cell or "") for cell in cells]
    return [figure_in(column.unit, column.decimals, cell) for cell in cells]


def _table_width(columns: list[list[str]]) -> int:
    return sum(max(map(text_width, column)) + 2 for column in columns) - 2


def _cut(columns: list[list[str]], lines: Sequence[PrintedLine], screen: Screen) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table; where there are very many counties, groups without theirs, or the first ones."""
    heads, *rows = [list(row) for row in zip(*columns, strict=True)]
    last = [rows.pop()] if lines[-1].kind == "total" else []
    lines = lines[: len(rows)]
    if len(rows) > MOST:
        within = {row for line in lines if line.summed for row in line.rows}
        kept = [place for place, line in enumerate(lines) if line.summed or line.rows[0] not in within]
        shown_alone = sum(not lines[place].summed for place in kept[:MOST])
        key = "cli.more_within" if within and len(kept) <= MOST else "cli.more"
        count = sum(not line.summed for line in lines)
        more = ["…", screen.say(key, count=count - shown_alone)]
        rows = [*(rows[place] for place in kept[:MOST]), more + [""] * (len(heads) - 2)]
    return heads, [*rows, *last]


def described_text(table: PrintedTable, screen: Screen) -> str:
    """The first units of a described table, and 合计 where it stands last."""
    columns = ([screen.shown(column.label), *_texts(table, column, screen)] for column in table.columns)
    heads, *rows = (list(row) for row in zip(*columns, strict=True))
    units = sum(not line.summed for line in table.lines)
    return table_text(heads, [*rows[: min(units, MOST)], *rows[units:]])


def print_checks(run: Run, screen: Screen) -> None:
    held = [check for check in run.checks if check.ok and not check.unasked]
    names = shortened([_check_name(check, screen) for check in held], 3)
    screen.tell("cli.checks_held", count=len(held), names=names)
    _print_unasked(run, screen)
    for check in run.checks:
        if not check.ok:
            key = "cli.check_warns" if check.severity == "warning" else "cli.check_fails"
            screen.line(screen.say(key, label=_check_name(check, screen)) + screen.shown(check.in_table))
    for told in tail_notes(run):
        screen.tell("cli.note", text=screen.shown(told))
    for note in run.notes:
        screen.tell("cli.note", text=note.told_by(screen))
    print_doubts([run.doubts], screen)


def _print_unasked(run: Run, screen: Screen) -> None:
    """Those that nobody could ask, by why."""
    waiting: dict[Both, list[str]] = {}
    for check in run.checks:
        if check.unasked:
            waiting.setdefault(check.unasked, []).append(_check_name(check, screen))
    for why, names in waiting.items():
        screen.tell("cli.check_unasked", count=len(names), names=names, why=why)


def print_doubts(every: Iterable[Doubts], screen: Screen, err: bool = False) -> None:
    """The open ones with their ids, then those that are resolved with the reasons; each once.

    `err`: beside an answer that another program reads.
    """
    from allocation.doubts.doubt import lines, together

    for head, texts in lines(together(every), screen):
        screen.line("\n".join([head, *("  ? " + text for text in texts)]), err=err)


def print_checked(run: Run, screen: Screen) -> None:
    """What a table was checked for where the run lacks figures that nobody gave."""
    from allocation.run.required import lacking_names

    model, last = run.model, run.periods[-1]
    from allocation.run.marks import heading, marks

    screen.line(f"\n{screen.shown(heading(run))}{screen.shown(marks(run))}")
    print_checks(run, screen)
    left = len(model.columns) - sum(name in last for name in model.columns)
    asked = len(model.checks) + bool(model.pool) - len(run.checks)
    slots = {"names": lacking_names(model), "columns": left, "checks": asked, "counties": len(run.table)}
    screen.tell("cli.checked_partly", **slots)


def _check_name(check: CheckResult, screen: Screen) -> str:
    """Its label, with the year in a run over several."""
    return f"{check.year} {screen.shown(check.label)}" if check.year else screen.shown(check.label)


def print_models(models: list[Model], screen: Screen) -> None:
    """Every name as it may be typed: what has spaces or brackets in it stands in quotes."""
    heads = [screen.say(f"cli.models_{key}") for key in ("name", "short", "label", "item", "years")]
    rows = []
    for model in models:
        years, label = in_force(*model.effective) or "—", screen.shown(model.label)
        typed = f'"{label}"' if re.search(r"[\s()&|<>^;$!*?'`]", label) else label
        rows.append([model.name, model.short or "—", typed, model.item or "—", years])
    print_rows(heads, rows, screen, 4)
    if named := [model.short for model in models if model.short]:
        screen.tell("cli.models_typed", name=named[0] if screen.lang == "zh" else rows[-1][2])


def print_comparison(comparison: Comparison, screen: Screen) -> None:
    """Awards of the baseline and every scenario, each with its change; who gains, who loses; old → new."""
    from allocation.analysis.scenarios import BASELINE
    from allocation.report.changed import changed_text

    table = comparison.shown
    unit = table.units.label(table.unit.name, screen.lang)
    screen.line(f"\n{screen.shown(table.title)}    {screen.say('workbook.unit_line', unit=unit)}")
    print_table(table, screen, described_text)
    if comparison.base.changed and comparison.scenarios[0].name == BASELINE.name:
        stands = [screen.shown(changed_text(comparison.base.model, change)) for change in comparison.base.changed]
        screen.tell("comparison.base_stands", scenario=comparison.scenarios[1].label, figures=stands)
    for place in range(1, len(comparison.runs)):
        run = comparison.runs[place]
        texts = [screen.shown(changed_text(run.model, change)) for change in run.changed]
        moved = ("；" if screen.lang == "zh" else "; ").join(texts)
        label = comparison.scenarios[place].label
        screen.tell("comparison.line", scenario=label, changes=moved or screen.say("comparison.unchanged"))
        screen.line("\n".join("  " + line for line in comparison.who_moved(place, screen.lang)))
