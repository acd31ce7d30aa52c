"""The parameter workbook: every sheet a scenario, edited in Excel. Staff fill in the column 新值 and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from allocation.analysis.addresses import key_shown
from allocation.analysis.scenarios import Scenario
from allocation.errors import AllocationError, Problem
from allocation.opening.figure_cells import cell_figure, check_label, check_unit
from allocation.policy.model import Model, Parameter
from allocation.policy.schema import plain
from allocation.run.scenario import Change, apply_changes
from allocation.sheets.looks import Role, look
from allocation.tables.cells import SourceCell, SourceSheet
from allocation.texts import LANGUAGES, Both, bracketed, say
from allocation.texts.decimals import PERCENTAGE, cell_format
from allocation.texts.spans import in_force
from allocation.texts.widths import text_width
from allocation.xlsx.figure_book import figure_book

HEADS = ("label", "key", "base", "new", "unit", "source", "address")
SIZES = (34, 24, 14, 14, 12, 44, 26)
FIRST = 4  # zero-based row of the first parameter
TITLE = (1, 1), (2, 1)  # cells of the Chinese and the English title


def entries(model: Model) -> list[tuple[Parameter, str, Fraction | str | None, str]]:
    """Parameter, key, value and address of every figure a scenario may set."""
    return [
        (entry, key, value, f"{name}.{key}" if key else name)
        for name, entry in model.parameters.items()
        for key, value in entry.figures.items()
    ]


def write_scenarios(model: Model, path: Path, count: int, lang: str) -> None:
    """A workbook of `count` blank scenarios; copying a sheet in Excel makes another."""
    book = figure_book(path, lang, "", model)
    head = look(
        Role.HEADING, {"bold": True, "border": 1, "bg_color": "#EEF2F6", "text_wrap": True, "valign": "vcenter"}
    )
    cell, note = look(Role.LABEL, {"border": 1, "text_wrap": True}), look(Role.NOTE, {"font_color": "#52606D"})
    fill = look(Role.FILL_IN, {"border": 1, "bg_color": "#FFF8DC"})
    share_format = cell_format(PERCENTAGE, percent=True)
    percent = look(Role.FIGURE, {"border": 1, "num_format": share_format})
    percent_fill = look(Role.FILL_IN, {"border": 1, "bg_color": "#FFF8DC", "num_format": share_format})
    for number in range(1, count + 1):
        sheet = book.add_worksheet(say(lang, "scenarios.sheet", number=number))
        sheet.write(0, 0, say(lang, "scenarios.how", model=model.label, years=in_force(*model.effective)), note)
        for row, key in ((1, "title_zh"), (2, "title_en")):
            sheet.write(row, 0, say(lang, f"scenarios.{key}"), head)
            sheet.write(row, 1, say("zh" if row == 1 else "en", "scenarios.sheet", number=number), fill)
        for column, (key, size) in enumerate(zip(HEADS, SIZES, strict=True)):
            sheet.set_column(column, column, size)
            sheet.write(FIRST - 1, column, say(lang, f"scenarios.{key}"), head)
        for row, (entry, key, value, address) in enumerate(entries(model), start=FIRST):
            share = entry.unit.is_percent
            unit = model.units.label(entry.unit.name, lang)
            told = {0: entry.label[lang], 1: key_shown(entry, key, lang), 4: unit, 5: entry.source, 6: address}
            for column, text in told.items():
                sheet.write_string(row, column, text, cell)
            sheet.set_row(row, 15 * max(_lines(told[column], SIZES[column]) for column in (0, 1, 5)))
            shown = float(value) if isinstance(value, Fraction) else value  # None where the model holds no figure
            sheet.write(row, 2, shown, percent if share else cell)
            sheet.write_blank(row, 3, None, percent_fill if share else fill)
        sheet.freeze_panes(FIRST, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(FIRST - 1)
    book.close()


def _lines(text: str, size: int) -> int:
    """How many lines a text takes in a column of that size."""
    return 1 + int(text_width(text) * 1.05 / size)


def read_scenarios(path: Path, model: Model) -> list[Scenario]:
    """A scenario for each visible sheet. Raises AllocationError with every cell that cannot be read."""
    from allocation.tables.grid import open_grid, read_bytes

    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    known = {address: (entry, key, value) for entry, key, value, address in entries(model)}
    for sheet in open_grid(path, read_bytes(path)):
        column = _columns(sheet)
        if column is None:
            problems.append(Problem("scenarios.no_header", where=f"{path.name}: {sheet.name}"))
            continue
        changes: list[Change] = []
        for row in range(FIRST, len(sheet.rows)):
            new, address = sheet.cell(row, column["new"]), sheet.cell(row, column["address"]).text
            stands, value = sheet.cell(row, column.get("base", 0)), known.get(address, (None, "", None))[2]
            if "base" in column and not _stands(stands, value):
                slots = {"found": stands.text, "value": value}
                problems.append(Problem("scenarios.base_changed", slots, sheet.where(row, column["base"])))
            if new.missing:
                continue
            try:
                if address not in known:
                    raise AllocationError(Problem("scenarios.unknown_row", {"address": address or "—"}))
                texts = {head: sheet.cell(row, at).text for head, at in column.items()}
                figure = _figure(model, known[address], new, texts)
                changes.append(Change(address, figure, origin="scenario"))
                apply_changes(model, (), changes[-1:])
            except AllocationError as error:
                problems += [Problem(p.id, p.slots, sheet.where(row, column["new"])) for p in error.problems]
        label = Both(*(sheet.cell(*place).text or sheet.name for place in TITLE))
        if any(
            label.zh == other.label.zh or label.en == other.label.en for other in scenarios
        ):  # a sheet copied in Excel
            label = bracketed(label, sheet.name)
        scenarios.append(Scenario(sheet.name, label, (tuple(changes),), f"{path.name}: {sheet.name}"))
    if problems:
        raise AllocationError(problems)
    return scenarios


def _columns(sheet: SourceSheet) -> dict[str, int] | None:
    """Where 新值, 地址 and whatever else is left stand, by their headers in either language."""
    texts = {sheet.cell(FIRST - 1, column).text: column for column in range(sheet.width(FIRST - 1, FIRST))}
    heads = {plain(say(lang, f"scenarios.{key}")): key for key in HEADS for lang in LANGUAGES}
    columns = {heads[text]: column for text, column in texts.items() if text in heads}
    return columns if {"new", "address"} <= columns.keys() else None


def _stands(cell: SourceCell, value: Fraction | str | None) -> bool:
    """Whether 现值 is what was written there: a cell keeps fifteen digits."""
    if cell.missing or value is None:
        return True  # the figure of a sample, written with the workbook, may be there
    if isinstance(value, str):
        return plain(cell.text) == value
    return isinstance(cell.value, int | float) and f"{cell.value:.12g}" == f"{float(value):.12g}"


def _figure(
    model: Model, row: tuple[Parameter, str, Fraction | str | None], new: SourceCell, texts: Mapping[str, str]
) -> Fraction | str:
    """What 新值 says, by its format and by the unit and the label of its row."""
    entry, key, _ = row
    figure = cell_figure(new, entry.label, entry.unit, model.units)
    labels = {entry.label[lang] for lang in LANGUAGES}
    if texts.get("label") and texts["label"] not in labels:
        check_label(model, texts["label"] + (f"/{key}" if key else ""), entry.address(key))
    check_unit(entry, texts.get("unit", ""), figure, model.units)
    return figure
