"""The sheets below a comparison: 参数 with a column a scenario, 测算 and 辅助 with a block a scenario, 核对."""

from __future__ import annotations

from allocation.analysis.compare import Comparison
from allocation.doubts.doubt import told
from allocation.language.units import Units
from allocation.policy.model import Parameter
from allocation.readings.excel_text import quoted
from allocation.report.formats import number_format
from allocation.run.decisions import standing_lines
from allocation.run.run import Run
from allocation.sheets.looks import Dress, Look, Role
from allocation.sheets.sheet import Sheet
from allocation.texts import LANGUAGES, Both, bracketed
from allocation.texts.typefaces import HEAD
from allocation.xlsx.fitting import height_of, lines_needed
from allocation.xlsx.grids import (
    _column_head,
    _places,
    _table_head,
    _write_cells,
    one_page_wide,
    parameter_entries,
    write_exact,
    write_formula,
    write_helper,
)
from allocation.xlsx.layout import CODE_COLUMNS, FIRST, LEGEND, PARAMETER_FIRST, TITLE, WHOLE, letters
from allocation.xlsx.plan import Plan
from allocation.xlsx.study_originals import edits, starts_of
from allocation.xlsx.styles import Styles

CHANGED = "#FAD7C3"
PROBLEM, LINE_ROW = 5, 6
CHECK_WIDE, SMALL = 60, 9  # of what is checked, and the size of what stands below it
WIDE = 8  # columns of figures that fit a page in print


def write_parameter_columns(
    sheet: Sheet,
    comparison: Comparison,
    plans: list[Plan],
    styles: Styles,
    legend: str = "comparison.parameters_legend",
    whole: Run | None = None,
) -> None:
    """A row a parameter, a column a scenario; what a scenario changed is shaded. Below, what only stands for now, in
    the baseline or in `whole`, a run over the years.
    """
    layout, units = plans[0].layout, comparison.model.units
    sheet.write(TITLE, 0, layout.names["parameters"], styles.get(font_name=HEAD, font_size=14))
    if not comparison.model.parameters:
        sheet.write(LEGEND, 0, sheet.say("workbook.no_parameters"), styles.note())
        one_page_wide(sheet, landscape=True)
        return
    sheet.write(LEGEND, 0, sheet.say(legend if plans[0].live else "workbook.parameters_legend_values"), styles.note())
    for column, (key, size) in enumerate((("parameter_label", 34), ("parameter_key", 16))):
        sheet.set_column(column, column, size)
        sheet.write(PARAMETER_FIRST - 1, column, sheet.say(f"workbook.{key}"), styles.head())
    sheet.set_column(2, 2 + len(plans), 14)
    for number, plan in enumerate(plans):
        label = comparison.scenarios[number].label[sheet.lang]
        sheet.write(PARAMETER_FIRST - 1, plan.block.value_column, label, styles.head())
        changed = {(change.name, change.key) for change in comparison.runs[number].changed}
        for name, entry in comparison.runs[number].model.parameters.items():
            for (key, edge, value), row in zip(parameter_entries(entry), layout.rows[name], strict=True):
                shaded = (name, "" if entry.kind == "scalar" else key) in changed
                shade: Dress = {"bg_color": CHANGED} if shaded else {}
                style = styles.input(number_format(entry.unit, _places(value)), plan.live, **shade)
                write_exact(sheet, row, plan.block.value_column, value, style)
                if number == 0:
                    sheet.write(row, 0, parameter_label(entry, units)[sheet.lang], styles.text(Role.KEY))
                    if edge is None:
                        sheet.write(
                            row, 1, sheet.say("workbook.open_band") if entry.bands else key, styles.text(Role.KEY)
                        )
                    else:
                        shown = number_format(entry.by_unit, _places(edge))
                        write_exact(sheet, row, 1, edge, styles.input(shown, plan.live))
    end = max(row for rows in layout.rows.values() for row in rows)
    for row, text in enumerate([line[sheet.lang] for line in standing_lines(whole or comparison.base)], start=end + 2):
        sheet.write_string(row, 0, text, styles.note())
    sheet.freeze_panes(PARAMETER_FIRST, 2)
    _print_columns(sheet, len(plans), PARAMETER_FIRST - 1)


def _print_columns(sheet: Sheet, count: int, head: int) -> None:
    """One page wide as long as that can be read; beyond that every page has the labels and the head again."""
    one_page_wide(sheet, landscape=True)
    sheet.repeat_rows(head)
    if count > WIDE:
        sheet.fit_to_pages(0, 0)
        sheet.set_print_scale(70)
        sheet.repeat_columns(0, 1)


def parameter_label(entry: Parameter, units: Units) -> Both:
    """With its unit, which has no column of its own here."""
    return Both(*(bracketed(entry.label, units.label(entry.unit.name, lang))[lang] for lang in LANGUAGES))


def write_blocks(calculation: Sheet, helpers: Sheet, comparison: Comparison, plans: list[Plan], styles: Styles) -> None:
    """Every scenario's columns and helper columns, one block behind another."""
    base, lang = comparison.base, calculation.lang
    _table_head(calculation, base, plans[0], "calculation", styles)
    _table_head(helpers, base, plans[0], "helpers", styles)
    rows = range(FIRST, FIRST + len(base.table))
    for number, (run, plan) in enumerate(zip(comparison.runs, plans, strict=True)):
        layout, units = plan.block, run.model.units
        title = comparison.scenarios[number].label[lang]
        calculation.write(LEGEND, CODE_COLUMNS + layout.start, title, styles.get(bold=True))
        helpers.write(LEGEND, CODE_COLUMNS + layout.helper_start, title, styles.get(bold=True))
        for name, column in layout.changed_columns.items():
            given = run.model.inputs[name]
            _column_head(calculation, column, (given.label[lang], units.label(given.unit.name, lang), name), styles)
            shown = number_format(given.unit, given.decimals, "text" if given.text else "number")
            style = styles.input(shown, plan.live, bg_color=CHANGED)
            for row, value in zip(rows, run.figures(name), strict=True):
                write_exact(calculation, row, column, value, style)
        for name, entry in run.model.columns.items():
            column, scalar = layout.columns[name], entry.shape == "scalar"
            _column_head(calculation, column, (entry.label[lang], units.label(entry.unit.name, lang), name), styles)
            style = styles.figure(number_format(entry.unit, entry.decimals, entry.kind))
            figures = [run.figure(name)] if scalar else run.figures(name)
            cells = [WHOLE] if scalar else rows
            _write_cells(calculation, column, cells, figures, plan.cells[name], style, plan.live)
        for place, helper in enumerate(plan.helpers):
            column = CODE_COLUMNS + layout.helper_start + place
            _column_head(helpers, column, (helper.label[lang], "", ""), styles)
            write_helper(helpers, column, helper, layout, styles, plan.live)


def write_states(sheet: Sheet, comparison: Comparison, plans: list[Plan], styles: Styles) -> None:
    """数据状态 and 状态 of every scenario, the lines behind them, a column a scenario, and what is to be resolved."""
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, CHECK_WIDE)
    sheet.set_column(2, 2 + len(plans), 14)
    sheet.write(0, 0, plans[0].layout.names["checks"], styles.get(font_name=HEAD, font_size=14))
    sheet.write(2, 1, sheet.say("workbook.must_hold"), styles.head())
    for row, key in ((3, "data_state"), (4, "state"), (PROBLEM, "first_problem")):
        sheet.write(row, 1, sheet.say(f"workbook.{key}"), styles.text(bold=True))
    lines = [[line.label[sheet.lang] for line in plan.data_lines + plan.lines] for plan in plans]
    places = {label: LINE_ROW + i for i, label in enumerate(dict.fromkeys(label for line in lines for label in line))}
    for label, row in places.items():
        sheet.write(row, 1, label, styles.text(Role.KEY, text_wrap=True))
    starts = starts_of(comparison.runs, plans)
    for number, plan in enumerate(plans):
        column = plan.block.value_column
        sheet.write(2, column, comparison.scenarios[number].label[sheet.lang], styles.head())
        _state_column(sheet, plan, column, places, styles)
        _first_problem(sheet, plan, column, LINE_ROW + len(places), styles)
        if not plan.live:
            count = edits(comparison.runs[number], plan, number, starts)
            write_formula(sheet, 3, column, count, styles.figure("0"), 0)
            write_formula(sheet, 4, column, f"{letters(column)}4", styles.figure("0"), 0)
    for row, text in enumerate(told([run.doubts for run in comparison.runs], sheet.lang), LINE_ROW + len(places) + 1):
        sheet.write(row, 1, text, styles.text(font_size=SMALL, text_wrap=True))
        sheet.set_row(row, height_of(lines_needed(text, CHECK_WIDE, SMALL), SMALL))
    sheet.freeze_panes(LINE_ROW, 2)
    _print_columns(sheet, len(plans), 2)


def _state_column(sheet: Sheet, plan: Plan, column: int, places: dict[str, int], styles: Styles) -> None:
    letter, style = letters(column), styles.figure("0")
    groups = []
    for lines in (plan.data_lines, plan.lines):
        cells = []
        for line in lines:
            row = places[line.label[sheet.lang]]
            cells.append(f"{letter}{row + 1}")
            _count(sheet, row, column, f"IFERROR({line.text},1)", style, plan.live)
        groups.append(_sum_of(cells))
    _count(sheet, 3, column, groups[0], style, plan.live)
    _count(sheet, 4, column, f"{letter}4+{groups[1]}", style, plan.live)


def _first_problem(sheet: Sheet, plan: Plan, column: int, last: int, styles: Styles) -> None:
    """The topmost line that does not hold: data and parameters stand above what follows from them."""
    letter, none = letters(column), sheet.say("workbook.no_problem")
    style = styles.text(font_size=9, text_wrap=True)
    if plan.live:
        counts = f"{letter}{LINE_ROW + 1}:{letter}{last}"
        row = f"SUMPRODUCT(MIN(ROW({counts})+({counts}=0)*10^7))"
        write_formula(sheet, PROBLEM, column, f'IF({letter}5=0,"{none}",INDEX($B$1:$B${last},{row}))', style, none)
    else:
        text = f"IF({letter}5=0,{quoted(none)},{quoted(sheet.say('workbook.state_stopped_values'))})"
        write_formula(sheet, PROBLEM, column, text, style, none)


def _sum_of(cells: list[str]) -> str:
    """SUM over cells; as one range where they stand together, so that no call has too many arguments."""
    rows = sorted(int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for cell in cells)
    letter = cells[0].rstrip("0123456789") if cells else ""
    spans: list[list[int]] = []
    for row in rows:
        if spans and spans[-1][1] == row - 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return f"SUM({','.join(f'{letter}{a}:{letter}{b}' for a, b in spans)})" if spans else "0"


def _count(sheet: Sheet, row: int, column: int, text: str, style: Look, live: bool) -> None:
    if live:
        write_formula(sheet, row, column, text, style, 0)
    else:
        sheet.write(row, column, 0, style)
