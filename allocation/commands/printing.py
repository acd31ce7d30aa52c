"""What the command line shows: the table of awards with its total, and the checks."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from allocation.language import tree
from allocation.policy.model import Model, Parameter
from allocation.readings.tails import tail_notes
from allocation.run.run import CheckResult, Run
from allocation.tables.table import number
from allocation.texts import say, shortened
from allocation.texts.decimals import figure_text
from allocation.texts.spans import in_force
from allocation.texts.widths import text_width

if TYPE_CHECKING:
    from allocation.analysis.compare import Comparison
    from allocation.doubts.doubt import Doubts

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


def print_run(run: Run, lang: str) -> None:
    """Title, awards and total, checks and notes."""
    model = run.model
    entry = model.columns[model.award]
    unit, figures = model.units.label(entry.unit.name, lang), run.amounts(model.award)
    total = run.total(model.award)
    from allocation.run.marks import heading, marks

    mark = marks(run, lang)
    print(f"\n{heading(run, lang)}{mark}    {say(lang, 'workbook.unit_line', unit=unit)}")
    before = run.figures(model.compare_with) if model.compare_with else (None,) * len(figures)
    *rows, whole = _lines(run, lang)
    rows = [*(line for line in rows if total is not None or line.code), whole]
    columns: list[list[str]] = []
    if total is not None:
        shares = [line.sum(figures) / total if total else None for line in rows]
        columns.append([say(lang, "workbook.share"), *(figure_text(value, 4, True) for value in shares)])
    if any(value is not None for value in before):
        moved = [value - number(old or Fraction(0)) for value, old in zip(figures, before, strict=True)]
        columns.append([say(lang, "workbook.change"), *(figure_text(line.sum(moved), entry.decimals) for line in rows)])
    issued, items = _issued(run, lang, rows, columns)
    heads, cells = _cut([*issued, *columns], rows, lang)
    print(table_text(heads, cells if total is not None else cells[:-1]))
    for family, said in items.items():
        print(say(lang, "cli.items", family=family, items=said))
    print_checks(run, lang)


@dataclass(frozen=True)
class _AwardLine:
    """A line of the table: a county, the counties of a group, or all of them."""

    code: str
    name: str
    rows: tuple[int, ...]

    def sum(self, figures: Sequence[Fraction]) -> Fraction:
        return sum((figures[row] for row in self.rows), Fraction(0))


def _lines(run: Run, lang: str) -> list[_AwardLine]:
    """Counties in the table's order, or group by group below their 小计; the total last."""
    from allocation.report.subtotals import lines

    total, *rest = lines(run, lang)
    return [
        _AwardLine("" if line.whole else run.table.codes[line.rows[0]], line.label, line.rows)
        for line in [*rest, total]
    ]


def _issued(
    run: Run, lang: str, rows: list[_AwardLine], beside: list[list[str]]
) -> tuple[list[list[str]], dict[str, list[str]]]:
    """Codes, names and what is handed out: a column each, below its head. A plain run has its award alone.

    What comes in parts, by source or year, is left out where the table with the columns `beside` it would be too wide:
    then the totals of the parts are given, by what they are parts of.
    """
    model = run.model
    texts = [
        [say(lang, "workbook.code"), *(line.code for line in rows)],
        [say(lang, "workbook.name"), *(line.name for line in rows)],
    ]
    names = [name for name in model.award_list if _is_amount(model, name)] if model.calculated else []
    if not any(name == model.award or _repeats(model, name, model.award) for name in names):
        names.append(model.award)
    columns = {
        name: [model.entry(name).label[lang],
               *(figure_text(line.sum(run.amounts(name)), model.entry(name).decimals) for line in rows)]
        for name in names
    }  # fmt: skip
    if _table_width([*texts, *columns.values(), *beside]) <= WIDEST:
        return [*texts, *columns.values()], {}
    parts: dict[str, list[str]] = {}
    for name in names:
        entry = model.entry(name)
        if not isinstance(entry, Parameter) and entry.item and entry.heading:
            said = f"{entry.item[lang]} {columns.pop(name)[-1]}"
            parts.setdefault(entry.heading[lang], []).append(said)
    return [*texts, *columns.values()], parts


def _is_amount(model: Model, name: str) -> bool:
    """Whether it is a figure of every county in the award's unit."""
    entry = model.entry(name)
    numbers = not getattr(entry, "text", False) and getattr(entry, "kind", "number") == "number"
    return numbers and getattr(entry, "shape", "column") != "scalar" and entry.unit == model.columns[model.award].unit


def _repeats(model: Model, name: str, other: str) -> bool:
    """Whether a column is another by a name of its own, as what is due is the award."""
    return name in model.columns and model.columns[name].node == tree.Name(other)


def _table_width(columns: list[list[str]]) -> int:
    return sum(max(map(text_width, column)) + 2 for column in columns) - 2


def _cut(columns: list[list[str]], lines: list[_AwardLine], lang: str) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table; where there are very many counties, groups without theirs, or the first ones."""
    heads, *rows, total = [list(row) for row in zip(*columns, strict=True)]
    if len(rows) > MOST:
        within = {row for line in lines[:-1] if len(line.rows) > 1 for row in line.rows}
        kept = [place for place, line in enumerate(lines[:-1]) if len(line.rows) > 1 or line.rows[0] not in within]
        shown_alone = sum(len(lines[place].rows) == 1 for place in kept[:MOST])
        key = "cli.more_within" if within and len(kept) <= MOST else "cli.more"
        more = ["…", say(lang, key, count=len(lines[-1].rows) - shown_alone)]
        rows = [*(rows[place] for place in kept[:MOST]), more + [""] * (len(heads) - 2)]
    return heads, [*rows, total]


def print_checks(run: Run, lang: str) -> None:
    held = [check for check in run.checks if check.ok]
    names = shortened([_check_name(check, lang) for check in held], 3)
    print(say(lang, "cli.checks_held", count=len(held), names=names))
    for check in run.checks:
        if not check.ok:
            key = "cli.check_warns" if check.severity == "warning" else "cli.check_fails"
            print(say(lang, key, label=_check_name(check, lang)) + check.behind(lang))
    for told in tail_notes(run):
        print(say(lang, "cli.note", text=told[lang]))
    for note in run.notes:
        print(say(lang, "cli.note", text=note.text(lang)))
    print_doubts([run.doubts], lang)


def print_doubts(every: Iterable[Doubts], lang: str, err: bool = False) -> None:
    """The open ones with their ids, then those that are resolved with the reasons; each once.

    `err`: beside an answer that another program reads.
    """
    from allocation.doubts.doubt import lines, together

    out = sys.stderr if err else sys.stdout
    for head, texts in lines(together(every), lang):
        print("\n".join([head, *("  ? " + text for text in texts)]), file=out)


def print_checked(run: Run, lang: str) -> None:
    """What a table was checked for where the run lacks figures that nobody gave."""
    from allocation.run.required import lacking_names

    model, last = run.model, run.periods[-1]
    from allocation.run.marks import heading, marks

    print(f"\n{heading(run, lang)}{marks(run, lang)}")
    print_checks(run, lang)
    left = len(model.columns) - sum(name in last for name in model.columns)
    asked = len(model.checks) + bool(model.pool) - len(run.checks)
    slots = {"names": lacking_names(model), "columns": left, "checks": asked, "counties": len(run.table)}
    print(say(lang, "cli.checked_partly", **slots))


def _check_name(check: CheckResult, lang: str) -> str:
    """Its label, with the year in a run over several."""
    return f"{check.year} {check.label[lang]}" if check.year else check.label[lang]


def print_models(models: list[Model], lang: str) -> None:
    rows = []
    for model in models:
        low, high = model.effective
        rows.append([model.name, model.label[lang], model.item or "—", in_force(low, high) or "—"])
    print(table_text([say(lang, f"cli.models_{key}") for key in ("name", "label", "item", "years")], rows, 3))


def print_comparison(comparison: Comparison, lang: str) -> None:
    """Awards of the baseline and every scenario, each with its change; who gains, who loses; old → new."""
    from allocation.analysis.scenarios import BASELINE
    from allocation.run.marks import marks, study_heading
    from allocation.xlsx.pages import changed_text

    model, table = comparison.model, comparison.base.table
    entry = model.columns[model.award]
    unit = model.units.label(entry.unit.name, lang)
    title = say(lang, "comparison.title", model=study_heading(comparison.base, lang)) + marks(comparison.base, lang)
    print(f"\n{title}    {say(lang, 'workbook.unit_line', unit=unit)}")
    heads = [say(lang, "workbook.code"), say(lang, "workbook.name"), comparison.scenarios[0].label[lang]]
    columns = [comparison.awards(0)]
    for place in range(1, len(comparison.runs)):
        heads += [comparison.scenarios[place].label[lang], say(lang, "comparison.change")]
        columns += [comparison.awards(place), comparison.changes(place)]
    rows = [
        [code, name, *(figure_text(column[row], entry.decimals) for column in columns)]
        for row, (code, name) in enumerate(zip(table.codes, table.names, strict=True))
    ]
    total = ["", say(lang, "workbook.total"), *(figure_text(sum(column), entry.decimals) for column in columns)]
    print(table_text(heads, [*rows[:MOST], *([total] if model.adds_up(model.award) else [])]))
    if comparison.base.changed and comparison.scenarios[0].name == BASELINE.name:
        stands = [changed_text(comparison.base.model, change, lang) for change in comparison.base.changed]
        print(say(lang, "comparison.base_stands", scenario=comparison.scenarios[1].label, figures=stands))
    for place in range(1, len(comparison.runs)):
        run = comparison.runs[place]
        moved = ("；" if lang == "zh" else "; ").join(changed_text(run.model, change, lang) for change in run.changed)
        label = comparison.scenarios[place].label
        print(say(lang, "comparison.line", scenario=label, changes=moved or say(lang, "comparison.unchanged")))
        for key in ("winners", "losers"):
            who = getattr(comparison, key)(place)
            print("  " + say(lang, f"comparison.{key}", count=len(who), names=who[:8] or "—"))
