"""The workbook of a collection: 汇总数据, which `run --input` reads as it is, 收表情况, 变动 and 问题."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from allocation.collecting.collect import LEFT_OUT, MISSING, Collected, ReturnStatus
from allocation.doubts.doubt import told
from allocation.errors import Problem
from allocation.policy.model import Input
from allocation.report.formats import number_format
from allocation.run.marks import in_title
from allocation.sheets.sheet import Sheet
from allocation.tables.guide import with_unit
from allocation.texts import say
from allocation.texts.decimals import decimals_needed
from allocation.xlsx.figure_book import figure_book
from allocation.xlsx.grids import one_page_wide, validation, write_exact, write_formula
from allocation.xlsx.layout import letters
from allocation.xlsx.styles import BAD, GOOD, Styles, column_width, width

TITLE, WARNING, UNIT, HEAD, FIRST = range(5)  # zero-based rows of 汇总数据
COLOURS = {"missing": BAD, "left_out": BAD, "late": BAD, "received": GOOD}


def write_collected(collected: Collected, path: Path, lang: str, before: str) -> None:
    """Writes the workbook to `path`; `before` is the day of the collection it is compared with, empty without one."""
    book = figure_book(path, lang, _title(collected, lang), (collected.model, collected.table))
    styles = Styles(book)
    sheets = [book.add_worksheet(say(lang, f"collect.sheet_{key}")) for key in ("data", "lines", "changes", "problems")]
    _write_data(sheets[0], collected, styles, lang)
    _write_lines(sheets[1], collected, styles, lang)
    _write_changes(sheets[2], collected, styles, lang, before)
    _write_problems(sheets[3], collected, styles, lang)
    book.close()


def mark(collected: Collected, lang: str) -> str:
    return in_title(["illustrative"] if collected.table.illustrative else [], lang)


def warning(collected: Collected, lang: str) -> str:
    """What a reader of an incomplete table must see first; empty when it is complete."""
    if collected.complete:
        return ""
    names = [line.name for line in (*collected.of_status(MISSING), *collected.of_status(LEFT_OUT))]
    return say(lang, "collect.incomplete", names=names or "—", count=len(collected.problems) or "—")


def status_text(line: ReturnStatus, lang: str) -> str:
    return ("、" if lang == "zh" else ", ").join(say(lang, f"collect.status_{status}") for status in line.status)


def matched_text(line: ReturnStatus, lang: str) -> str:
    """Which words said whose figures these are."""
    returned = line.returned
    return say(lang, f"collect.by_{returned.match.by}", said=returned.said) if returned else ""


def _title(collected: Collected, lang: str) -> str:
    return say(lang, "collect.title", year=collected.year, model=collected.model.label) + mark(collected, lang)


def _write_data(sheet: Sheet, collected: Collected, styles: Styles, lang: str) -> None:
    model, table = collected.model, collected.table
    entries = list(model.inputs.values())
    last = len(entries) + 1 + bool(table.row_notes)
    sheet.merge_range(TITLE, 0, TITLE, last, _title(collected, lang), styles.title())
    sheet.set_row(TITLE, 30)
    sheet.write(WARNING, 0, warning(collected, lang), styles.get(font_color=BAD, bold=True))
    sheet.write(UNIT, last, _units(entries, lang), styles.note(align="right"))
    for column, key in enumerate(("code", "name")):
        sheet.set_column(column, column, 14)
        sheet.write(HEAD, column, say(lang, f"workbook.{key}"), styles.head())
        for row, text in enumerate((table.codes, table.names)[column]):
            sheet.write_string(FIRST + row, column, text, styles.text(num_format="@"))
    total = FIRST + len(table)
    sheet.write(total, 0, "", styles.text())
    sheet.write(total, 1, say(lang, "workbook.total"), styles.text(bold=True))
    for column, entry in enumerate(entries, start=2):
        label = with_unit(entry.label[lang], entry, model.units, lang)
        sheet.set_column(column, column, column_width(label))
        sheet.write(HEAD, column, label, styles.head())
        _write_column(sheet, column, entry, collected, styles, lang)
    if table.row_notes:
        sheet.set_column(last, last, 24)
        sheet.write(HEAD, last, say(lang, "workbook.remark"), styles.head())
        for row, text in enumerate((*table.row_notes, "")):
            sheet.write_string(FIRST + row, last, text, styles.text(num_format="@", text_wrap=True))
    sheet.set_row(HEAD, 48)
    sheet.freeze_panes(FIRST, 2)
    sheet.repeat_rows(TITLE, HEAD)
    one_page_wide(sheet, landscape=True, paper=8)


def _units(entries: Sequence[Input], lang: str) -> str:
    """`单位：人、万元` where that is clear: the units stand in the headers too."""
    units = {entry.unit.name: entry.unit for entry in entries if entry.unit.dims}
    kinds = {unit.dims for unit in units.values()}
    if lang != "zh" or len(kinds) < len(units) or not units:
        return say(lang, "collect.units_apart")
    return say(lang, "workbook.unit_line", unit=list(units))


def _write_column(sheet: Sheet, column: int, entry: Input, collected: Collected, styles: Styles, lang: str) -> None:
    table = collected.table
    figures, total = table.values[entry.name], FIRST + len(table)
    style = styles.input("@" if entry.text else number_format(entry.unit, _places(entry, figures)))
    for row, value in enumerate(figures):
        if entry.name in table.absent:  # nobody gave a figure: the default is not the office's
            sheet.write_blank(FIRST + row, column, None, style)
        else:
            write_exact(sheet, FIRST + row, column, value, style)
        if remark := table.remarks.get((entry.name, row)):
            sheet.write_comment(FIRST + row, column, remark)
    if rule := validation(entry, styles):
        sheet.data_validation(FIRST, column, total - 1, column, rule)
    known = [value for value in figures if value is not None and entry.name not in table.absent]
    if known and entry.adds_up:
        letter, bold = letters(column), styles.figure(style.num_format, bold=True)
        write_formula(sheet, total, column, f"SUM({letter}{FIRST + 1}:{letter}{total})", bold, sum(known, Fraction(0)))
    else:
        sheet.write(total, column, "", styles.text())


def _places(entry: Input, figures: Sequence[object]) -> int:
    if entry.whole or entry.decimals is not None:
        return 0 if entry.whole else entry.decimals
    return decimals_needed(figures)


def _write_lines(sheet: Sheet, collected: Collected, styles: Styles, lang: str) -> None:
    title = say(lang, "collect.lines_title", year=collected.year, model=collected.model.label, date=collected.ask.date)
    heads = [say(lang, f"workbook.{key}") for key in ("code", "name")]
    heads += [say(lang, f"collect.{key}") for key in ("kind", "status", "file", "first_seen", "matched")]
    rows, colours = [], []
    for line in collected.lines:
        recipient = line.recipient
        whose = (recipient.code, recipient.name, recipient.kind, status_text(line, lang))
        rows.append((*whose, "、".join(line.files), line.first_seen, matched_text(line, lang)))
        colours.append({3: COLOURS.get(line.status[0], "#8A5A00")})
    _table(sheet, title + mark(collected, lang), heads, (14, 16, 12, 14, 36, 14, 34), rows, styles, colours)


def _write_changes(sheet: Sheet, collected: Collected, styles: Styles, lang: str, before: str) -> None:
    title = say(lang, "collect.changes_title", before=before) if before else say(lang, "collect.changes_first")
    heads = [say(lang, f"workbook.{key}") for key in ("code", "name")]
    heads += [say(lang, f"collect.{key}") for key in ("input", "old", "new", "cell")]
    rows = []
    for change in collected.changes:
        label = collected.model.inputs[change.input].label[lang]
        rows.append(
            (change.recipient.code, change.recipient.name, label, change.old or "—", change.new or "—", change.where)
        )
    if before and not rows:
        rows = [("", "", say(lang, "collect.no_changes"), "", "", "")]
    _table(sheet, title, heads, (14, 16, 34, 14, 14, 44), rows, styles)


def _write_problems(sheet: Sheet, collected: Collected, styles: Styles, lang: str) -> None:
    def lines(kind: str, problems: Sequence[Problem]) -> list[tuple[str, str]]:
        return [(say(lang, f"collect.{kind}"), problem.text(lang)) for problem in problems]

    rows = lines("error", collected.problems) + lines("hint", collected.notes)
    rows += [(say(lang, "collect.doubt"), text) for text in told([collected.doubts], lang)]
    rows = rows or [("", say(lang, "collect.clean"))]
    heads = [say(lang, f"collect.{key}") for key in ("severity", "text")]
    colours = [{0: BAD} if place < len(collected.problems) else {} for place in range(len(rows))]
    _table(sheet, say(lang, "collect.problems_title"), heads, (10, 120), rows, styles, colours)


def _table(
    sheet: Sheet, title: str, heads: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str]],
    styles: Styles, colours: Sequence[dict[int, str]] = (),
) -> None:  # fmt: skip
    """A sheet of texts below a title; `colours[row]` gives a column's ink."""
    sheet.merge_range(0, 0, 0, len(heads) - 1, title, styles.title())
    sheet.set_row(0, 30)
    for column, (head, size) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, size)
        sheet.write(2, column, head, styles.head())
    for row, cells in enumerate(rows):
        lines = 1
        for column, text in enumerate(cells):
            ink = colours[row].get(column) if colours else None
            style = styles.text(num_format="@", text_wrap=True, **({"font_color": ink, "bold": True} if ink else {}))
            sheet.write_string(3 + row, column, text, style)
            lines = max(lines, 1 + int(width(text) / widths[column]))
        sheet.set_row(3 + row, 16 * lines)
    sheet.freeze_panes(3, 0)
    one_page_wide(sheet, landscape=True)
