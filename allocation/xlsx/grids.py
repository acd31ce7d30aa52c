"""Sheets 参数, 数据, 测算 and 辅助: the model itself, live."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import overload

from allocation.language.units import Units
from allocation.patterns import LatePattern
from allocation.policy.model import Input, Parameter
from allocation.readings.excel_text import file_spelling, number
from allocation.readings.excel_walk import Helper
from allocation.report.formats import number_format
from allocation.report.printed import Shown
from allocation.run.decisions import origin_text, standing_parts, standing_text
from allocation.run.run import Run
from allocation.sheets.looks import Look, Role, look
from allocation.sheets.sheet import Sheet, Value
from allocation.tables.keys import WHOLE_COLUMN, Figure
from allocation.tables.scan import column_number
from allocation.texts.decimals import FINEST, decimals_needed
from allocation.texts.typefaces import HEAD
from allocation.xlsx.choices import choice_source
from allocation.xlsx.faults import mark, parameter_cells
from allocation.xlsx.layout import (
    CODE_COLUMNS,
    FIRST,
    LABEL,
    LEGEND,
    NAME,
    PARAMETER_FIRST,
    TITLE,
    UNIT,
    WHOLE,
    Layout,
    defined_name,
    letters,
)
from allocation.xlsx.plan import Plan
from allocation.xlsx.styles import BAD, FAULT, GREY, Styles, column_width, width

PLACE = LatePattern(r"!\$(?P<column>[A-Z]+)")
LONG = 32  # rows; so many neighbouring formulas are never alike
PROTECT = {"format_columns": True, "format_rows": True, "select_locked_cells": True, "autofilter": True, "sort": True}


@overload
def plain(value: float | Fraction) -> float: ...
@overload
def plain(value: str) -> str: ...
@overload
def plain(value: None) -> None: ...
@overload
def plain(value: Value) -> Value: ...
def plain(value: Value) -> Value:
    """A figure as a cell holds it."""
    return cell_number(value) if isinstance(value, bool | Fraction) else value


def cell_number(value: bool | Fraction) -> int | float:
    """A number as a cell holds it; a truth is 1 or 0."""
    return int(value) if value.denominator == 1 and -(10**15) < value < 10**15 else float(value)


def write_exact(sheet: Sheet, row: int, column: int, value: Value, style: Look) -> None:
    """An input's exact figure: a decimal as it is, a fraction such as 2/37 as a formula with its value beside it."""
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    elif isinstance(value, Fraction) and number(value).startswith("(") and "/" in number(value):
        sheet.write_formula(row, column, f"={number(value)}", style, float(value))
    else:
        sheet.write_number(row, column, plain(value), style)


def write_formula(sheet: Sheet, row: int, column: int, text: str, style: Look, value: Value) -> None:
    sheet.write_formula(row, column, f"={file_spelling(text)}", style, plain(value))


def validation(entry: Input | Parameter, styles: Styles) -> dict[str, object] | None:
    """Excel's own check of a typed figure."""
    one_of = getattr(entry, "one_of", ())
    if one_of:
        return {"validate": "list", "source": choice_source(one_of, styles)}
    if getattr(entry, "text", False) or (entry.min is None and entry.max is None):
        return None
    whole = "integer" if getattr(entry, "whole", False) else "decimal"
    low, high = (None if bound is None else float(bound) for bound in (entry.min, entry.max))
    rule: dict[str, object] = {
        "validate": whole,
        "error_title": entry.label[styles.book.lang][:32],
        "error_message": styles.book.say("workbook.out_of_range"),
    }
    if low is not None and high is not None:
        return {**rule, "criteria": "between", "minimum": low, "maximum": high}
    if low is not None:
        return {**rule, "criteria": ">=", "value": low}
    return {**rule, "criteria": "<=", "value": high}


def one_page_wide(sheet: Sheet, landscape: bool = False, paper: int = 9) -> None:
    """A4 (9) or A3 (8), as many pages long as it takes."""
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5)
    if landscape:
        sheet.set_landscape()


def write_parameters(sheet: Sheet, run: Run, plan: Plan, styles: Styles) -> None:
    layout, units = plan.layout, run.model.units
    heads = [(f"parameter_{key}", size) for key, size in
             (("label", 34), ("key", 16), ("value", 14), ("unit", 12), ("source", 44), ("name", 20), ("old", 16),
              ("origin", 28))
             ]  # fmt: skip
    sheet.merge_range(TITLE, 0, TITLE, len(heads) - 1, layout.names["parameters"], styles.title())
    if not run.model.parameters:
        sheet.write(LEGEND, 0, sheet.say("workbook.no_parameters"), styles.note())
        one_page_wide(sheet, landscape=True)
        return
    sheet.write(LEGEND, 0, plan.say("workbook.parameters_legend"), styles.note())
    for column, (key, size) in enumerate(heads):
        sheet.set_column(column, column, size)
        sheet.write(PARAMETER_FIRST - 1, column, sheet.say(f"workbook.{key}"), styles.head())
    sheet.set_row(PARAMETER_FIRST - 1, 30)
    for name, entry in run.model.parameters.items():
        if entry.kind != "scalar":
            _parameter_line(sheet, layout.rows[name][0] - 1, entry, styles, units)
            sheet.set_row(layout.rows[name][0] - 1, 15 * (1 + int(width(entry.source) / 46)))
        for held, row in zip(parameter_entries(entry), layout.rows[name], strict=True):
            _parameter_figure(sheet, row, entry, held, (run, plan), styles)
        if entry.kind == "scalar":
            row = layout.rows[name][0]
            styles.book.define_name(defined_name(name), f"='{layout.names['parameters']}'!$C${row + 1}")
            if plan.live and (rule := validation(entry, styles)):
                sheet.data_validation(row, 2, row, 2, rule)
        for cell in parameter_cells(entry, layout) if plan.live else ():
            _mark(sheet, (cell.row, cell.column), (cell.row, cell.column), cell.wrong(cell.place))
    sheet.freeze_panes(PARAMETER_FIRST, 0)
    sheet.repeat_rows(PARAMETER_FIRST - 1)
    one_page_wide(sheet, landscape=True)


def _parameter_figure(
    sheet: Sheet, row: int, entry: Parameter, held: tuple[str, Fraction | None, Figure], of: tuple[Run, Plan],
    styles: Styles,
) -> None:  # fmt: skip
    """A figure of a parameter: its band or key, on what paper it rests, what it was before, where it comes from."""
    (run, plan), (key, edge, value) = of, held
    label, figure = (entry.label[sheet.lang], "") if entry.kind == "scalar" else ("", key)
    paper = entry.on_paper(figure) if plan.layout.cut.on_paper else entry.source
    sheet.write(row, 0, label, styles.text(text_wrap=True))
    if edge is None:
        sheet.write(row, 1, sheet.say("workbook.open_band") if entry.bands else key, styles.text())
    else:
        write_exact(sheet, row, 1, edge, styles.input(number_format(entry.by_unit, _places(edge)), plan.live))
    write_exact(sheet, row, 2, value, styles.input(number_format(entry.unit, _places(value)), plan.live))
    sheet.write(row, 3, run.model.units.label(entry.unit.name, sheet.lang), styles.text())
    sheet.write(row, 4, paper, styles.text(text_wrap=True, font_size=9))
    sheet.write(row, 5, f"{entry.name}.{figure}" if figure else entry.name, styles.note(Role.KEY, border=1))
    was = {(change.name, change.key): change.old for change in run.changed}.get((entry.name, figure))
    changed = styles.text(font_color="#C0261A", num_format=number_format(entry.unit, _places(was)))
    sheet.write(row, 6, "" if was is None else plain(was), changed)
    _origin(sheet, row, entry, figure, of, styles)
    sheet.set_row(row, 15 * (1 + int(max(width(paper) / 46, width(label) / 32))))


def _mark(sheet: Sheet, first: tuple[int, int], last: tuple[int, int], test: str) -> None:
    """Cells of which `test`, on the first of them, is true stand out."""
    marked = look(Role.NOTE, {"bg_color": FAULT, "font_color": BAD, "bold": True})
    sheet.conditional_format(*first, *last, {"type": "formula", "criteria": f"={test}", "format": marked})


def _origin(sheet: Sheet, row: int, entry: Parameter, key: str, of: tuple[Run, Plan], styles: Styles) -> None:
    """Where a figure comes from; one that only stands for now is told as it is, whatever is typed over it."""
    run, plan = of
    look = styles.text(text_wrap=True, font_size=9)
    if entry.state(key) != "open":
        sheet.write(row, 7, origin_text(entry, key)[sheet.lang], look)
        return
    text, cell = standing_text(entry, key, run.model)[sheet.lang], f"C{row + 1}"
    if not plan.live:
        sheet.write(row, 7, text, look)
        return
    if isinstance(entry.figures[key], Fraction):
        cell = f"ROUND({cell}*100,{FINEST - 2})" if entry.unit.is_percent else f"ROUND({cell},{FINEST})"
    front, back = (part[sheet.lang] for part in standing_parts(entry, run.model))
    sheet.write_formula(row, 7, f'="{front}"&{cell}&"{back}"', look, text)


def _parameter_line(sheet: Sheet, row: int, entry: Parameter, styles: Styles, units: Units) -> None:
    """The heading of a banded or keyed parameter."""
    edge = "workbook.below" if entry.below else "workbook.up_to"
    sheet.write(row, 0, entry.label[sheet.lang], styles.text(bold=True, text_wrap=True))
    text = (
        sheet.say(edge, unit=units.label(entry.by_unit.name if entry.by_unit else "", sheet.lang))
        if entry.bands
        else sheet.say("workbook.keys")
    )
    sheet.write(row, 1, text, styles.text(font_size=9))
    for column, text in enumerate(
        ("", units.label(entry.unit.name, sheet.lang), entry.source, entry.name, "", ""), start=2
    ):
        role = Role.KEY if text == entry.name else Role.LABEL
        sheet.write(row, column, text, styles.text(role, text_wrap=True, font_size=9))


def parameter_entries(entry: Parameter) -> list[tuple[str, Fraction | None, Figure]]:
    if entry.bands:
        return [(str(i + 1), band.edge, band.value) for i, band in enumerate(entry.bands)]
    return [(key, None, value) for key, value in entry.values] or [("", None, entry.value)]


def _places(value: object) -> int | None:
    return decimals_needed([value]) if isinstance(value, Fraction) else None


def _table_head(sheet: Sheet, run: Run, plan: Plan, key: str, styles: Styles) -> None:
    """Titles, the three code columns and their rows, alike on 数据, 测算 and 辅助."""
    layout = plan.layout
    sheet.write(TITLE, 0, layout.names[key], styles.get(font_name=HEAD, font_size=14))
    sheet.write(LEGEND, 0, plan.say(f"workbook.{key}_legend"), styles.note())
    for column, (head, size) in enumerate((("order", 7), ("code", 14), ("name", 16))):
        sheet.set_column(column, column, size)
        sheet.write(LABEL, column, sheet.say(f"workbook.{head}"), styles.head())
        sheet.write(UNIT, column, "", styles.head(Role.LABEL))
        sheet.write(NAME, column, "", styles.note(border=1))
        sheet.write(WHOLE, column, sheet.say("workbook.whole_row") if column == 2 else "", styles.text(bg_color=GREY))
    data = layout.names["data"]
    for row in range(layout.count):
        editable = key == "data"
        figures: tuple[Value, ...] = (run.table.order[row], run.table.codes[row], run.table.names[row])
        for column, value in enumerate(figures):
            style = styles.text(num_format="0") if column == 0 else styles.text(Role.KEY, num_format="@")
            if editable:
                sheet.write(FIRST + row, column, value, style)
            else:
                write_formula(sheet, FIRST + row, column, f"'{data}'!{letters(column)}{FIRST + row + 1}", style, value)
    sheet.write(FIRST + layout.count, 2, sheet.say("workbook.total"), styles.text(Role.KEY, bold=True))
    sheet.freeze_panes(FIRST, CODE_COLUMNS)
    sheet.set_row(LABEL, 42)
    sheet.set_paper(8)  # too wide for a page: A3 pages side by side, codes and names on each
    sheet.set_landscape()
    if layout.count >= LONG and key != "data":  # Excel would mark the bracketed formulas as unlike their neighbours
        sheet.ignore_errors({"formula_differs": f"A{FIRST + 1}:XFD{FIRST + layout.count}"})
    sheet.repeat_rows(TITLE, WHOLE)
    sheet.repeat_columns(0, CODE_COLUMNS - 1)


def _column_head(sheet: Sheet, column: int, texts: tuple[str, str, str], styles: Styles) -> None:
    label, unit, name = texts
    sheet.set_column(column, column, column_width(label))
    sheet.write(LABEL, column, label, styles.head())
    sheet.write(UNIT, column, unit, styles.head(Role.LABEL, font_size=9))
    sheet.write(NAME, column, name, styles.note(border=1, text_wrap=True))


def write_data(sheet: Sheet, run: Run, plan: Plan, styles: Styles) -> None:
    _table_head(sheet, run, plan, "data", styles)
    layout, units = plan.layout, run.model.units
    for name, entry in run.model.inputs.items():
        column = layout.inputs[name]
        _column_head(sheet, column, (entry.label[sheet.lang], units.label(entry.unit.name, sheet.lang), name), styles)
        sheet.write(WHOLE, column, "", styles.text(bg_color=GREY))
        figures = run.figures(name)
        number = "@" if entry.text else number_format(entry.unit, _shown(entry, figures))
        lined = name in (each for by in run.model.summaries for each in by)
        locked = layout.printed and name == run.model.group or layout.summed and lined
        style = styles.input(number, plan.live and not locked)
        for row, value in enumerate(figures):
            write_exact(sheet, FIRST + row, column, value, style)
            if remark := _remark(sheet, run, name, row):
                sheet.write_comment(FIRST + row, column, remark)
        if whole := run.table.remarks.get((name, WHOLE_COLUMN)):
            sheet.write_comment(LABEL, column, whole)
        if locked and plan.live:
            said = "grouped" if layout.printed and name == run.model.group else "summed"
            sheet.write_comment(UNIT, column, sheet.say(f"workbook.{said}_remark"))
        elif plan.live and (rule := validation(entry, styles)):
            sheet.data_validation(FIRST, column, FIRST + layout.count - 1, column, rule)
        if plan.live:
            test = mark(entry, name in plan.may_be_blank, f"${letters(column)}{FIRST + 1}")
            _mark(sheet, (FIRST, column), (FIRST + layout.count - 1, column), test)
        known = [value for value in figures if value is not None]
        total = (sum(known, Fraction(0)) if known else "") if entry.adds_up else None
        _sum_cell(sheet, column, layout, styles, style.num_format, total, Role.LOOSE)
    if run.table.row_notes:
        _row_notes(sheet, run, layout, styles)


def _row_notes(sheet: Sheet, run: Run, layout: Layout, styles: Styles) -> None:
    """备注 of the table, as text."""
    _column_head(sheet, layout.remark, (sheet.say("workbook.remark"), "", ""), styles)
    sheet.set_column(layout.remark, layout.remark, 30)
    sheet.write(WHOLE, layout.remark, "", styles.text(bg_color="#F7F9FB"))
    for row, text in enumerate(run.table.row_notes):
        sheet.write_string(FIRST + row, layout.remark, text, styles.text(text_wrap=True))
        sheet.set_row(FIRST + row, 15 * (1 + int(width(text) // 30)))


def _remark(sheet: Sheet, run: Run, name: str, row: int) -> str:
    """What the table's own comment says of a figure, and where the ledger has it from."""
    said, rival = run.table.remarks.get((name, row), ""), run.table.ledger.get((name, row))
    if rival is None:
        return said
    status = sheet.say(f"ledger.status_{rival.status}")
    told = sheet.say("ledger.told", source=rival.source, date=rival.date, status=status)
    return f"{said}\n{told}" if said else told


def _shown(entry: Input, figures: Sequence[Shown]) -> int:
    if entry.decimals is not None:
        return entry.decimals
    return decimals_needed(figures)


def _sum_cell(
    sheet: Sheet, column: int, layout: Layout, styles: Styles, number: str, total: Value, role: Role = Role.FIGURE
) -> None:
    """`role` is loose over cells that people may edit: there the sum is blank while none of them is filled in."""
    row, letter = FIRST + layout.count, letters(column)
    if total is None:
        sheet.write(row, column, "", styles.text())
        return
    adds = 'IF(COUNT({0})=0,"",SUM({0}))' if role is Role.LOOSE else "SUM({0})"
    text = adds.format(f"{letter}{FIRST + 1}:{letter}{FIRST + layout.count}")
    write_formula(sheet, row, column, text, styles.figure(number, role, bold=True), total)


def write_calculation(sheet: Sheet, run: Run, plan: Plan, styles: Styles) -> None:
    _table_head(sheet, run, plan, "calculation", styles)
    layout, units = plan.layout, run.model.units
    for name, entry in run.model.columns.items():
        column = layout.columns[name]
        _column_head(sheet, column, (entry.label[sheet.lang], units.label(entry.unit.name, sheet.lang), name), styles)
        style = styles.figure(number_format(entry.unit, entry.decimals, entry.kind))
        scalar = entry.shape == "scalar"
        cells = [WHOLE] if scalar else range(FIRST, FIRST + layout.count)
        figures = [run.figure(name)] if scalar else run.figures(name)
        _write_cells(sheet, column, cells, figures, plan.cells[name], style, plan.live)
        if not scalar:
            sheet.write(WHOLE, column, "", styles.text(bg_color=GREY))
        _sum_cell(sheet, column, layout, styles, style.num_format, run.total(name))


def _write_cells(
    sheet: Sheet, column: int, rows: Sequence[int], figures: Sequence[Value], text: str, style: Look, live: bool
) -> None:
    """One figure a row. In long tables stretches of formulas stand in brackets by turns: LibreOffice 7 works out long
    rows of like formulas in threads, and gives errors where such columns build on one another. It weighs a row of them
    by the cells of the ranges in it, so one with a range is unlike both its neighbours.
    """
    long, formula = len(rows) >= LONG, file_spelling(text)
    stretch = 1 if ":" in text else LONG - 1
    for row, value in zip(rows, figures, strict=True):
        if live and text:
            placed = formula.replace("{r}", str(row + 1)).replace("{above}", str(row))
            placed = f"({placed})" if long and row // stretch % 2 else placed
            sheet.write_formula(row, column, f"={placed}", style, plain(value))
        else:
            sheet.write(row, column, plain(value), style)


def write_helpers(sheet: Sheet, run: Run, plan: Plan, styles: Styles) -> None:
    _table_head(sheet, run, plan, "helpers", styles)
    layout = plan.layout
    for place, helper in enumerate(plan.helpers):
        column = CODE_COLUMNS + place
        _column_head(sheet, column, (helper.label[sheet.lang], "", ""), styles)
        write_helper(sheet, column, helper, layout, styles, plan.live)


def write_helper(sheet: Sheet, column: int, helper: Helper, layout: Layout, styles: Styles, live: bool) -> None:
    """A figure a county, one a group in the first rows, or one in the row 全表."""
    height = layout.count if helper.height is None else helper.height
    rows = range(FIRST, FIRST + height) if height else [WHOLE]
    values = helper.values if isinstance(helper.values, list) else [helper.values] * len(rows)
    _write_cells(sheet, column, rows, values, helper.text, helper_look(helper, styles), live)


def helper_look(helper: Helper, styles: Styles) -> Look:
    """A remainder says of which two columns beside it, rows in an order of which places."""
    beside = (helper.rows_of,) if helper.rows_of else helper.rest_of
    columns = tuple(column_number(place["column"]) - 1 for text in beside if (place := PLACE.search(text)))
    role = Role.ORDER if helper.in_order else Role.REMAINDER if columns else Role.FIGURE
    return styles.figure("General", role, columns)
