"""分配表 and 因素得分表: the sheets a bureau prints, signs and sends, as 附件1 and 附件2."""

from __future__ import annotations

from allocation.readings.excel_text import quoted
from allocation.report.printed import Page, PrintedTable
from allocation.report.tables import award_table, factor_table
from allocation.run.run import Run
from allocation.sheets.looks import Role
from allocation.sheets.sheet import Sheet
from allocation.texts import say
from allocation.texts.typefaces import HEAD as HEAD_FONT
from allocation.xlsx.grids import plain, write_formula
from allocation.xlsx.layout import STATE
from allocation.xlsx.page_breaks import MARGINS, Sheetful, keep_foot
from allocation.xlsx.plan import Plan
from allocation.xlsx.printed_foot import PAPERS, WIDER, write_foot
from allocation.xlsx.printed_table import HEIGHTS, LEAST, line_height, widths_of, write_heads, write_lines
from allocation.xlsx.printed_text import PrintedCells
from allocation.xlsx.styles import Styles

HEAD = 3  # zero-based first heading row; the lines start three below
TOP = HEAD + 3
ACROSS = 5  # more columns of figures lie across the page
ABOVE, NUMBERS, BELOW = 66, 30, 26  # points: what stands above the headings, their row of numbers, a figure below


def write_award(sheet: Sheet, run: Run, plan: Plan, styles: Styles, lang: str, page: Page) -> None:
    """分配表 as 附件1, or as 呈批表 with boxes to sign in."""
    _write(sheet, plan, styles, lang, award_table(run, page), 1 if run.model.factors else 0)


def write_factors(sheet: Sheet, run: Run, plan: Plan, styles: Styles, lang: str, page: Page) -> None:
    """因素得分表 as 附件2: how each factor made its part of the award."""
    _write(sheet, plan, styles, lang, factor_table(run, page), 0 if page.approval else 2)


def _write(sheet: Sheet, plan: Plan, styles: Styles, lang: str, table: PrintedTable, annex: int) -> None:
    """`annex`: the number of the annex; 0 where there is only one."""
    last, page = len(table.columns) - 1, table.page
    _page(sheet, last, page)
    widths = [size * WIDER[page.paper] for size in widths_of(table, lang)]
    for column, size in enumerate(widths):
        sheet.set_column(column, column, size)
    if page.approval:
        sheet.write(0, 0, say(lang, "workbook.approval"), styles.get(font_name=HEAD_FONT, font_size=14))
    else:
        text = say(lang, "workbook.annex", number=annex or "")
        sheet.write(0, 0, text, styles.get(font_name=HEAD_FONT, font_size=12))
    sheet.merge_range(1, 0, 1, last, table.title[lang], styles.title())
    shown = say(lang, "workbook.unit_line", unit=table.units.label(table.unit.name, lang))
    sheet.merge_range(2, 0, 2, last, shown, styles.get(align="right"))
    if not plan.live:  # the awards stay as they are whatever is edited: then they say so
        edited = quoted(say(lang, "workbook.state_stopped_values") + " " + shown)
        text = f"IF({plan.layout.check(STATE)}=0,{quoted(shown)},{edited})"
        write_formula(sheet, 2, 0, text, styles.get(align="right"), shown)
    write_heads(sheet, table, HEAD, widths, styles, lang)
    cells = PrintedCells(table, plan.layout, TOP) if plan.live else None
    row = write_lines(sheet, table, TOP, widths, styles, lang, cells)
    row = _below(sheet, plan, table, row, styles, lang)
    foot = write_foot(sheet, table, row + 1, widths, styles, lang)
    if page.approval:
        heights = [line_height(table, place, widths, lang) for place in range(len(table.lines))]
        heads = sum(HEIGHTS) + NUMBERS
        held = Sheetful(ABOVE + heads, heads, heights, BELOW * len(table.below) + LEAST + foot)
        keep_foot(sheet, held, page.paper, last > ACROSS, widths, TOP)


def _page(sheet: Sheet, columns: int, page: Page) -> None:
    """One page wide, heading rows on every page, 第 x 页; of how many, only the whole book's number could be had."""
    sheet.set_paper(PAPERS[page.paper])
    if columns > ACROSS:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_start_page(1)
    sheet.repeat_rows(HEAD, TOP - 1)
    sheet.center_horizontally()
    sheet.set_margins(**MARGINS)
    sheet.freeze_panes(TOP, 1)
    sheet.set_row(1, 30)


def _below(sheet: Sheet, plan: Plan, table: PrintedTable, row: int, styles: Styles, lang: str) -> int:
    """Figures of the whole run: what there was to give, what was kept back, what nobody could take."""
    for told in table.below:
        sheet.write(row, 0, told.label[lang], styles.text(Role.KEY, text_wrap=True, font_size=9))
        style = styles.text(align="right", indent=1, num_format=told.number)
        if plan.live:
            text = f"IF({plan.layout.check(STATE)}=0,{plan.layout.entry(told.entry)},NA())"
            write_formula(sheet, row, 1, text, style, told.figure)
        else:
            sheet.write(row, 1, plain(told.figure), style)
        sheet.set_row(row, BELOW)
        row += 1
    return row
