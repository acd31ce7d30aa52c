"""The sheets a bureau prints: 附件 as it is issued, 资金测算表 and 因素得分表 for the office."""

from __future__ import annotations

from allocation.classes import dataclass
from allocation.readings.excel_text import quoted
from allocation.report.printed import Page, PrintedTable
from allocation.report.tables import ANNEX, summary_table
from allocation.run.run import Run
from allocation.sheets.looks import Role
from allocation.sheets.sheet import Sheet
from allocation.texts import Both, both
from allocation.texts.typefaces import HEAD as HEAD_FONT
from allocation.xlsx.fitting import height_of, lines_needed
from allocation.xlsx.grids import plain, write_formula
from allocation.xlsx.layout import STATE
from allocation.xlsx.page_breaks import Sheetful, keep_foot
from allocation.xlsx.paging import page_line, paper_for, set_pages
from allocation.xlsx.plan import Plan
from allocation.xlsx.printed_foot import WIDER, SheetFoot
from allocation.xlsx.printed_table import SheetTable
from allocation.xlsx.printed_text import PrintedCells, SummaryCells
from allocation.xlsx.styles import Styles

HEAD = 3  # zero-based first heading row
NAMED, TITLE_SIZE, BELOW_SIZE = 14, 16, 9  # sizes of what stands above the title, of the title, of what is told below
NARROW, MOST = 84.0, 1.9  # signs a narrow table is widened to, and how much wider its columns may become by it


@dataclass(frozen=True)
class PrintedPaper:
    """A table as it is set on a sheet. `name`: what stands above its title; `wide`: whether it fills its page; `cells`:
    how its live formulas are written."""

    table: PrintedTable
    name: Both
    wide: bool = False
    cells: type[PrintedCells] = PrintedCells

    @property
    def top(self) -> int:
        """The zero-based row of the first line."""
        return HEAD + 2 + self.table.page.numbered

    def widths(self, needed: list[float]) -> list[float]:
        """Of its columns, from what stands in them."""
        widths = [size * WIDER[self.table.page.paper] for size in needed]
        if not self.wide or len(widths) < 3:
            return widths
        front, rest = widths[0], sum(widths[1:])  # 序号 stays as it is
        stretch = max(1.0, min(MOST, (NARROW - front) / rest))
        return [front, *(size * stretch for size in widths[1:])]


def summary_paper(run: Run, page: Page = ANNEX) -> PrintedPaper:
    """分类汇总 of a run."""
    return PrintedPaper(summary_table(run, page), both("workbook.office"), cells=SummaryCells)


def write_paper(sheet: Sheet, plan: Plan, styles: Styles, paper: PrintedPaper) -> None:
    """Title, headings, lines, what is told below and who signs, cut into pages."""
    table, page = paper.table, paper.table.page
    shown = SheetTable(sheet, table, styles)
    last, widths = len(table.columns) - 1, paper.widths(shown.widths())
    foot = SheetFoot(sheet, table, widths, styles)
    for column, size in enumerate(widths):
        sheet.set_column(column, column, size)
    sheet.write(
        0, 0, paper.name[sheet.lang].strip(), styles.get(font_name=HEAD_FONT, font_size=NAMED if page.approval else 12)
    )
    title = styles.get(Role.TITLE, font_name=HEAD_FONT, font_size=TITLE_SIZE, align="center", text_wrap=True)
    sheet.merge_range(1, 0, 1, last, table.title[sheet.lang], title)
    unit_line = sheet.say("workbook.unit_line", unit=table.units.label(table.unit.name, sheet.lang))
    sheet.merge_range(2, 0, 2, last, unit_line, styles.get(align="right"))
    if not plan.live:  # the awards stay as they are whatever is edited: then they say so
        edited = quoted(sheet.say("workbook.state_stopped_values") + " " + unit_line)
        text = f"IF({plan.layout.check(STATE)}=0,{quoted(unit_line)},{edited})"
        write_formula(sheet, 2, 0, text, styles.get(align="right"), unit_line)
    shown.write_heads(HEAD, widths)
    cells = paper.cells(table, paper.top, plan.layout) if plan.live else None
    row = shown.write_lines(paper.top, widths, cells)
    row = _below(sheet, plan, paper, row, widths[0], styles)
    foot.write(row)
    repeated = range(HEAD, paper.top)
    heights, leaf = _heights(shown, foot), paper_for(widths, page.paper)
    lying = set_pages(sheet, widths, heights, repeated, leaf)
    if page.approval:
        first, end = paper.top, paper.top + len(table.lines)
        held = Sheetful(sum(heights[:first]), sum(heights[HEAD:first]), heights[first:end], sum(heights[end:]))
        parted = keep_foot(sheet, held, leaf, lying, widths, first)
        if parted is not None:
            sheet.set_footer("&C" + page_line(parted)[sheet.lang])
    sheet.set_row(1, heights[1])
    sheet.print_area(0, 0, len(heights) - 1, last)
    sheet.freeze_panes(paper.top, 1 if table.columns[0].stub else 2)


def _heights(shown: SheetTable, foot: SheetFoot) -> list[float]:
    """Of every row of the sheet, in points."""
    table, lang, widths = shown.table, shown.sheet.lang, foot.widths
    title = height_of(lines_needed(table.title[lang], sum(widths), TITLE_SIZE), TITLE_SIZE, 8)
    return [
        18 if not table.page.approval else 20, title, 15, *shown.head_heights(widths),
        *shown.line_heights(widths), *(_below_height(told.label[lang], widths[0]) for told in table.below),
        *foot.heights(),
    ]  # fmt: skip


def _below_height(label: str, wide: float) -> float:
    return max(20, height_of(lines_needed(label, wide, BELOW_SIZE), BELOW_SIZE))


def _below(sheet: Sheet, plan: Plan, paper: PrintedPaper, row: int, wide: float, styles: Styles) -> int:
    """Figures of the whole run: what there was to give, what was kept back, what nobody could take."""
    for told in paper.table.below:
        sheet.write(row, 0, told.label[sheet.lang], styles.text(Role.KEY, text_wrap=True, font_size=BELOW_SIZE))
        style = styles.text(align="right", indent=1, num_format=told.number)
        if plan.live:
            text = f"IF({plan.layout.check(STATE)}=0,{plan.layout.entry(told.entry)},NA())"
            write_formula(sheet, row, 1, text, style, told.figure)
        else:
            sheet.write(row, 1, plain(told.figure), style)
        sheet.set_row(row, _below_height(told.label[sheet.lang], wide))
        row += 1
    return row
