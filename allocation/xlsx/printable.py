"""分配表 and 因素得分表: the sheets a bureau prints, signs and sends, as 附件1 and 附件2."""

from __future__ import annotations

import re
from math import ceil

from xlsxwriter.worksheet import Worksheet

from allocation.language.units import Unit
from allocation.readings.excel_text import quoted
from allocation.report.subtotals import PrintedLine, lines
from allocation.run.marks import fund_name, marks, year_text
from allocation.run.run import Run
from allocation.texts import say
from allocation.xlsx.fields import SAME, SUM, Field, award_fields, below_fields, factor_fields
from allocation.xlsx.grids import plain, write_formula
from allocation.xlsx.layout import FIRST, STATE, letters
from allocation.xlsx.plan import Plan
from allocation.xlsx.printed_foot import PAPERS, WIDER, Page, write_foot
from allocation.xlsx.styles import HEAD as HEAD_FONT
from allocation.xlsx.styles import Styles, column_width, in_two_lines, shown, width

HEAD = 3  # zero-based first header row; counties start three below
TOP = HEAD + 3
NOTE = 26  # the width of a column of texts


def write_award(sheet: Worksheet, run: Run, plan: Plan, styles: Styles, lang: str, page: Page) -> None:
    """分配表 as 附件1, or as 呈批表 with boxes to sign in."""
    fields = award_fields(run, plan, lang)
    unit = run.model.columns[run.model.award].unit
    _write(sheet, run, plan, styles, lang, fields, (1, "workbook.award_title", unit), page)


def write_factors(sheet: Worksheet, run: Run, plan: Plan, styles: Styles, lang: str, page: Page) -> None:
    """因素得分表 as 附件2: how each factor made its part of the award."""
    fields = factor_fields(run, plan, lang)
    unit = run.model.columns[run.model.factors[0].amount].unit
    _write(sheet, run, plan, styles, lang, fields, (2, "workbook.factors_title", unit), page)


def _write(
    sheet: Worksheet, run: Run, plan: Plan, styles: Styles, lang: str, fields: list[Field], what: tuple, page: Page
) -> None:
    number, title, unit = what
    rows = lines(run, lang)
    _page(sheet, len(fields), page)
    widths = [size * WIDER[page.paper] for size in _widths(fields, rows)]
    for column, size in enumerate(widths):
        sheet.set_column(column, column, size)
    if page.approval and number == 1:
        sheet.write(0, 0, say(lang, "workbook.approval"), styles.get(font_name=HEAD_FONT, font_size=14))
    else:
        annex = say(lang, "workbook.annex", number=number if run.model.factors and not page.approval else "")
        sheet.write(0, 0, annex, styles.get(font_name=HEAD_FONT, font_size=12))
    sheet.merge_range(1, 0, 1, len(fields), _title(run, title, lang), styles.title())
    shown = say(lang, "workbook.unit_line", unit=run.model.units.label(unit.name, lang))
    sheet.merge_range(2, 0, 2, len(fields), shown, styles.get(align="right"))
    if not plan.live:  # the awards stay as they are whatever is edited: then they say so
        edited = quoted(say(lang, "workbook.state_stopped_values") + " " + shown)
        text = f"IF({plan.layout.check(STATE)}=0,{quoted(shown)},{edited})"
        write_formula(sheet, 2, 0, text, styles.get(align="right"), shown)
    _header(sheet, run, fields, unit, widths, styles, lang)
    _body(sheet, plan, fields, rows, styles)
    below = below_fields(run, plan, lang) if number == 1 else []
    _below(sheet, plan, below, TOP + len(rows), styles)
    foot = page if number == 1 else Page(paper=page.paper)
    write_foot(sheet, run, TOP + len(rows) + len(below) + 1, widths, foot, styles, lang)


def _widths(fields: list[Field], rows: list[PrintedLine]) -> list[float]:
    """The names' column, then one a field: wide enough for half of its heading and for its widest figure."""
    widths: list[float] = [max(14, min(26, max(width(line.label) for line in rows) + 2))]
    for field in fields:
        if not field.text:
            widths.append(NOTE)
            continue
        widest = max((width(shown(field.value(line.rows), field.number)) for line in rows), default=0)
        widths.append(max(column_width(field.item or field.heading, 10, 16), widest + 3.5))
    return widths


def _title(run: Run, title: str, lang: str) -> str:
    """`2017年…资金分配表`, with what a reader must not miss: 参照, 示例."""
    text = say(lang, title, year=year_text(run, lang), model=fund_name(run, lang))
    return text.strip() + marks(run, lang)


def _page(sheet: Worksheet, columns: int, page: Page) -> None:
    """One page wide, header rows on every page, 第 x 页; of how many, only the whole book's number could be had."""
    sheet.set_paper(PAPERS[page.paper])
    if columns > 5:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_start_page(1)
    sheet.repeat_rows(HEAD, TOP - 1)
    sheet.center_horizontally()
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    sheet.freeze_panes(TOP, 1)
    for row, height in ((1, 30), (HEAD, 30), (HEAD + 1, 36)):
        sheet.set_row(row, height)


def _header(
    sheet: Worksheet, run: Run, fields: list[Field], unit: Unit, widths: list[float], styles: Styles, lang: str
) -> None:
    """Two header rows, the upper one merged over the items of a list, and the row of column numbers."""
    sheet.merge_range(HEAD, 0, HEAD + 1, 0, say(lang, "workbook.county"), styles.head())
    sheet.write(HEAD + 2, 0, say(lang, "workbook.column_number"), styles.head(font_size=9))
    start, units = 0, run.model.units
    while start < len(fields):
        end = start
        while fields[start].item and end + 1 < len(fields) and fields[end + 1].heading == fields[start].heading:
            end += 1
        alike = len({field.unit.name for field in fields[start : end + 1]}) == 1
        top = fields[start].heading
        top = units.with_own_unit(top, fields[start].unit, unit, lang) if alike else top
        if not fields[start].item:
            column = start + 1
            sheet.merge_range(HEAD, column, HEAD + 1, column, in_two_lines(top, widths[column]), styles.head())
        elif end > start:
            sheet.merge_range(HEAD, start + 1, HEAD, end + 1, top, styles.head())
        else:
            sheet.write(HEAD, start + 1, top, styles.head())
        for column in range(start, end + 1) if fields[start].item else ():
            item = fields[column].item
            item = item if alike else units.with_own_unit(item, fields[column].unit, unit, lang)
            sheet.write(HEAD + 1, column + 1, item, styles.head())
        start = end + 1
    tallest = 1
    for column, field in enumerate(fields, start=1):
        parts = _folded(field.identity)
        sheet.write(HEAD + 2, column, "\n".join([f"({column})", *parts]), styles.head(font_size=9))
        tallest = max(tallest, 1 + len(parts))
    sheet.set_row(HEAD + 2, 13 * tallest + 3)


def _folded(identity: str) -> list[str]:
    """`=(1)+(2)+(3)+(4)` in lines that fit a column."""
    lines: list[str] = []
    for term in re.findall(r"[=+\-÷]?[=]?\(\d+\)", identity):
        if lines and len(lines[-1]) + len(term) <= 9:
            lines[-1] += term
        else:
            lines.append(term)
    return lines


def _body(sheet: Worksheet, plan: Plan, fields: list[Field], rows: list[PrintedLine], styles: Styles) -> None:
    printed = {line.rows[0]: TOP + i for i, line in enumerate(rows) if not line.whole}
    for place, line in enumerate(rows):
        row = TOP + place
        align = "center" if line.whole else "left"
        sheet.write(row, 0, line.label, styles.text(bold=line.whole, align=align, text_wrap=True))
        sheet.set_row(row, max(20, *(14 * ceil(width(_note(field, line)) / (NOTE - 2)) + 6 for field in fields)))
        for column, field in enumerate(fields, start=1):
            more = (
                {"align": "center" if field.text else "left", "text_wrap": not field.text}
                if field.number == "@"
                else {"align": "right", "indent": 1, "num_format": field.number}
            )
            style = styles.text(bold=line.whole, **more)
            text = _cell_text(field, line, column, row, printed)
            if note := _note(field, line):
                sheet.write_string(row, column, note, style)
            elif not text:
                sheet.write_blank(row, column, None, style)
            elif plan.live:
                value = field.value(line.rows)
                write_formula(sheet, row, column, text, style, "" if value is None else value)
            else:
                sheet.write(row, column, plain(field.value(line.rows)), style)


def _note(field: Field, line: PrintedLine) -> str:
    """What a column of texts of its own says of a line."""
    return "" if field.text or line.whole else str(field.value(line.rows) or "")


def _cell_text(field: Field, line: PrintedLine, column: int, row: int, printed: dict[int, int]) -> str | None:
    """The live formula of one printed cell; None for a blank one."""
    if line.whole and field.total == SUM:
        cells = _cells(letters(column), [printed[i] for i in line.rows])
        # Counties without last year's figure are blank, and so is the sum of blanks only.
        return f'IF(COUNT({cells})=0,"",SUM({cells}))' if '""' in field.text else f"SUM({cells})"
    if line.whole and field.total != SAME:
        return None
    cells = [FIRST + i for i in line.rows]
    sheet, _, cell = field.per.partition("!")
    column_letter = cell.split("{")[0].strip("$")
    per = f"SUM({_cells(column_letter, cells, sheet)})" if line.whole else field.per
    text = field.text.replace("{per}", per)
    return text.replace("{r}", str(cells[0] + 1)).replace("{p}", str(row + 1)).replace("{t}", f"${TOP + 1}")


def _cells(letter: str, rows: list[int], sheet: str = "") -> str:
    """Zero-based rows of one column as ranges: as few as they make."""
    spans: list[list[int]] = []
    for row in sorted(rows):
        if spans and spans[-1][1] == row - 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    front = f"{sheet}!" if sheet else ""
    return ",".join(f"{front}{letter}{a + 1}" + (f":{letter}{b + 1}" if b > a else "") for a, b in spans)


def _below(sheet: Worksheet, plan: Plan, below: list[tuple], row: int, styles: Styles) -> None:
    """Figures of the whole run: what there was to give, what was kept back, what nobody could take."""
    for place, (label, text, value, number) in enumerate(below):
        sheet.write(row + place, 0, label, styles.text(text_wrap=True, font_size=9))
        style = styles.text(align="right", indent=1, num_format=number)
        if plan.live:
            write_formula(sheet, row + place, 1, text, style, value)
        else:
            sheet.write(row + place, 1, plain(value), style)
        sheet.set_row(row + place, 26)
