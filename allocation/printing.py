"""What the command line shows: the table of awards with its total, and the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocation.model import Model
from allocation.run import CheckResult, Run
from allocation.texts import decimal_text, say

if TYPE_CHECKING:
    from allocation.study.compare import Comparison

MOST = 60  # counties shown; the workbook holds them all


def _width(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def _pad(text: str, width: int, right: bool) -> str:
    space = " " * max(0, width - _width(text))
    return space + text if right else text + space


def table_text(heads: list[str], rows: list[list[str]], texts: int = 2) -> str:
    """Columns lined up; the first ones, `texts`, to the left, figures to the right. A Chinese character is two wide."""
    widths = [max(_width(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    padded = [[_pad(cell, widths[i], i >= texts) for i, cell in enumerate(row)] for row in [heads, *rows]]
    lines = ["  ".join(row).rstrip() for row in padded]
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    return "\n".join([lines[0], rule, *lines[1:]])


def shown(value: object, decimals: int | None, percent: bool = False) -> str:
    """A figure with thousands separators."""
    if value is None:
        return "—"
    if percent:
        return f"{float(value):.2%}"
    text = decimal_text(value, 4 if decimals is None else decimals)
    whole, point, rest = text.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    rest = rest.ljust(decimals, "0") if decimals else rest
    return f"{sign}{int(whole):,}" + (f".{rest}" if rest else "")


def print_run(run: Run, lang: str) -> None:
    """Title, awards and total, checks and notes."""
    model = run.model
    entry = model.columns[model.award]
    unit, figures = model.units.label(entry.unit.name, lang), run.figures(model.award)
    total = run.total(model.award)
    year = f"{run.table.year} " if run.table.year else ""
    from allocation.marks import marks

    mark = marks(run, lang)
    print(f"\n{year}{model.label[lang]}{mark}    {say(lang, 'workbook.unit_line', unit=unit)}")
    heads = [say(lang, f"workbook.{key}") for key in ("code", "name")] + [
        entry.label[lang],
        say(lang, "workbook.share"),
    ]
    before = run.figures(model.compare_with) if model.compare_with else (None,) * len(figures)
    compared = any(value is not None for value in before)
    heads += [say(lang, "workbook.change")] if compared else []
    rows = []
    for code, name, value, old in zip(run.table.codes, run.table.names, figures, before, strict=True):
        row = [code, name, shown(value, entry.decimals), shown(value / total if total else None, 4, True)]
        rows.append(row + ([shown(value - (old or 0), entry.decimals)] if compared else []))
    last = ["", say(lang, "workbook.total"), shown(total, entry.decimals), "100.00%" if total else "—"]
    if compared:
        moved = sum(value - (old or 0) for value, old in zip(figures, before, strict=True))
        last.append(shown(moved, entry.decimals))
    cut = rows[:MOST] + ([["…", say(lang, "cli.more", count=len(rows) - MOST), "", "", *([""] if compared else [])]]
                         if len(rows) > MOST else [])  # fmt: skip
    print(table_text(heads, [*cut, last]))
    print_checks(run, lang)


def print_checks(run: Run, lang: str) -> None:
    held = [check for check in run.checks if check.ok]
    names = [_check_name(check, lang) for check in held[:3]] + ["…"] * (len(held) > 3)
    print(say(lang, "cli.checks_held", count=len(held), names=names))
    for check in run.checks:
        if not check.ok:
            key = "cli.check_warns" if check.severity == "warning" else "cli.check_fails"
            where = say(lang, "workbook.counties", counties=check.counties) if check.counties else ""
            detail = " ≠ ".join(shown(value, None) for value in check.detail)
            print(say(lang, key, label=_check_name(check, lang)) + where + (f"  {detail}" if detail else ""))
    for note in run.notes:
        print(say(lang, "cli.note", text=note.text(lang)))


def _check_name(check: CheckResult, lang: str) -> str:
    """Its label, with the year in a run over several."""
    return f"{check.year} {check.label[lang]}" if check.year else check.label[lang]


def print_models(models: list[Model], lang: str) -> None:
    rows = []
    for model in models:
        low, high = model.effective
        years = f"{low or ''}–{high or ''}" if low or high else "—"
        rows.append([model.name, model.label[lang], model.item or "—", years])
    print(table_text([say(lang, f"cli.models_{key}") for key in ("name", "label", "item", "years")], rows, 3))


def print_comparison(comparison: Comparison, lang: str) -> None:
    """Awards of the baseline and every scenario, each with its change; who gains, who loses; old → new."""
    from allocation.marks import marks
    from allocation.workbook.pages import changed_text

    model, table = comparison.model, comparison.base.table
    entry = model.columns[model.award]
    unit = model.units.label(entry.unit.name, lang)
    title = say(lang, "comparison.title", model=model.label) + marks(comparison.base, lang)
    print(f"\n{title}    {say(lang, 'workbook.unit_line', unit=unit)}")
    heads = [say(lang, "workbook.code"), say(lang, "workbook.name"), comparison.scenarios[0].label[lang]]
    columns = [comparison.awards(0)]
    for number in range(1, len(comparison.runs)):
        heads += [comparison.scenarios[number].label[lang], say(lang, "comparison.change")]
        columns += [comparison.awards(number), comparison.changes(number)]
    rows = [
        [code, name, *(shown(column[row], entry.decimals) for column in columns)]
        for row, (code, name) in enumerate(zip(table.codes, table.names, strict=True))
    ]
    total = ["", say(lang, "workbook.total"), *(shown(sum(column), entry.decimals) for column in columns)]
    print(table_text(heads, [*rows[:MOST], total]))
    for number in range(1, len(comparison.runs)):
        moved = "；".join(changed_text(comparison.runs[number], one, lang) for one in comparison.runs[number].changed)
        label = comparison.scenarios[number].label
        print(say(lang, "comparison.line", scenario=label, changes=moved or say(lang, "comparison.unchanged")))
        for key in ("winners", "losers"):
            who = getattr(comparison, key)(number)
            print("  " + say(lang, f"comparison.{key}", count=len(who), names=who[:8] or "—"))
