"""The workbook of a sweep: 概要, 各地范围, 敏感度, 图表, and the runs (组合 or 样本). Values only."""

from __future__ import annotations

from pathlib import Path

from allocation import __version__
from allocation.doubts.doubt import told
from allocation.lab import sweep_words as words
from allocation.lab.sweep_measures import Findings
from allocation.record.record import digest
from allocation.report.changed import changed_text
from allocation.run.decisions import standing_lines
from allocation.sheets.sheet import Sheet
from allocation.texts import in_brackets, say, show
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import PROTECT, one_page_wide
from allocation.xlsx.styles import Styles, width
from allocation.xlsx.sweep_charts import write_charts
from allocation.xlsx.sweep_sheets import write_indices, write_ranges, write_runs

WIDE = 7  # columns of 概要


def write_sweep(findings: Findings, path: Path, lang: str, command: str, runs_file: str) -> None:
    """`runs_file` is the name of the file that holds every run."""
    book = figure_book(path, lang, words.title(findings, lang), findings.swept.base)
    styles, sampled = Styles(book), bool(findings.swept.sweep.samples)
    keys = ["summary", "ranges", *(["indices"] if findings.indices else []), "charts", "sampled" if sampled else "grid"]
    sheets = {key: book.add_worksheet(book.say(f"sweep.sheet_{key}")) for key in keys}
    _summary(sheets["summary"], findings, styles, command)
    write_ranges(sheets["ranges"], findings, styles)
    if findings.indices:
        write_indices(sheets["indices"], findings, findings.indices, styles)
    write_charts(sheets["charts"], findings, styles)
    write_runs(sheets[keys[-1]], findings, styles, runs_file)
    for sheet in sheets.values():
        sheet.protect("", PROTECT)
    book.close()


def _summary(sheet: Sheet, findings: Findings, styles: Styles, command: str) -> None:
    """What was moved and how, what was run, what was left out, from which model and data."""
    for column, size in enumerate((26, 34, 9, 12, 12, 18, 10)):
        sheet.set_column(column, column, size)
    sheet.merge_range(0, 0, 0, WIDE - 1, words.title(findings, sheet.lang), styles.title())
    sheet.set_row(0, 30)
    row = _factors(sheet, findings, styles, 2) + 1
    for head, text in _lines(findings, sheet.lang, command):
        sheet.write(row, 0, head, styles.head())
        sheet.merge_range(row, 1, row, WIDE - 1, text, styles.text(text_wrap=True))
        sheet.set_row(row, 17 * sum(1 + int(width(part) // 96) for part in text.splitlines() or [""]))
        row += 1
    sheet.hide_gridlines()
    one_page_wide(sheet, landscape=True)


def _factors(sheet: Sheet, findings: Findings, styles: Styles, row: int) -> int:
    sweep, lang = findings.swept.sweep, sheet.lang
    for column, key in enumerate(("moved", "written", "how", "from", "to", "steps", "numbers")):
        sheet.write(row, column, say(lang, f"sweep.{key}"), styles.head())
    sheet.set_row(row, 30)
    text = styles.text(text_wrap=True)
    for factor, name in zip(sweep.factors, sweep.names, strict=True):
        row += 1
        cells = (
            sweep.model.entry(name).label[lang], factor.text.strip(), say(lang, f"sweep.how_{factor.how}"),
            show(factor.low, lang), show(factor.high, lang), words.steps(factor, lang),
        )  # fmt: skip
        sheet.set_row(row, 17 * max(1 + int(width(cells[at]) // size) for at, size in ((0, 26), (1, 34), (5, 18))))
        for column, value in enumerate(cells):
            sheet.write_string(row, column, value, text)
        sheet.write_number(row, len(cells), factor.width, styles.text())
    if sweep.balance:
        row += 1
        sheet.write(row, 0, sweep.model.entry(sweep.balance.address).label[lang], text)
        sheet.write(row, 1, sweep.balance.address, text)
        sheet.merge_range(row, 2, row, WIDE - 1, say(lang, "sweep.balanced"), text)
    return row + 1


def _lines(findings: Findings, lang: str, command: str) -> list[tuple[str, str]]:
    base = findings.swept.base
    model, table, lost = base.model, base.table, words.lost(findings, lang)
    files = [(table.file, table.sha256), *((kept.file, kept.sha256) for kept in table.attached)]
    lines = [("counts", words.counts(findings, lang))]
    lines += [("lost_head", "\n".join(lost))] if lost else []
    note = words.indices_line(findings, lang)
    lines += [("indices_head", note)] if note else []
    doubts = told([base.doubts], lang)
    changed = "\n".join(changed_text(base.model, change)[lang] for change in base.changed)
    lines += [("set", changed)] if changed else []
    lines += [
        *([("doubts", "\n".join(doubts))] if doubts else []),
        ("kind", say(lang, "sweep.exact" if base.exact else "sweep.float")),
        ("model", model.label[lang] + in_brackets(model.file, lang)),
        ("model_hash", digest(model.text)),
        ("table", "\n".join(file or "—" for file, _ in files)),
        ("table_hash", "\n".join(sha256 or "—" for _, sha256 in files)),
        ("year", str(table.year or "—")),
        ("version", f"allocation {__version__}"),
        ("command", command),
    ]
    shown = [(say(lang, f"sweep.{key}"), text) for key, text in lines]
    standing = "\n".join(line[lang] for line in standing_lines(base))
    shown += [(say(lang, "workbook.cover_settings"), standing)] if standing else []
    note = say(lang, "workbook.illustrative_note")
    return shown + ([(say(lang, "workbook.cover_data"), note)] if table.illustrative else [])
