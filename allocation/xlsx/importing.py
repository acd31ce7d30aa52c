"""导入表: the flat table another bureau's system takes, as a sheet and as a CSV, laid out by a mapping.

What it carries must add up to the award, county by county and in all, or nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path

from allocation.case import NOTHING, said_facts
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.files.folders import folders, shipped
from allocation.files.text_out import csv_rows
from allocation.policy.model import Model
from allocation.run.run import Run
from allocation.run.shelf import base_name, model_shelf
from allocation.sheets.looks import Look, Role
from allocation.sheets.sheet import Sheet
from allocation.texts import LANGUAGES, Both, decimal_text, whole_text
from allocation.texts.decimals import cell_format
from allocation.xlsx.grids import one_page_wide, plain, write_formula
from allocation.xlsx.import_mapping import ImportColumnSpec, LineSpec, Mapping, default_mapping, load_mapping
from allocation.xlsx.layout import FIRST, STATE, letters
from allocation.xlsx.plan import Plan
from allocation.xlsx.styles import Styles, width


@dataclass(frozen=True)
class Cell:
    """`text` is the live formula of a figure, with `{p}` for its own row; None is unknown, and stays blank."""

    value: Fraction | str | int | None
    text: str = ""

    @property
    def amount(self) -> Fraction | None:
        """Of a figure."""
        return self.value if isinstance(self.value, Fraction) else None


@dataclass(frozen=True)
class ImportTable:
    columns: tuple[ImportColumnSpec, ...]
    headers: tuple[Both, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def with_amounts(self) -> ImportTable:
        """Without the lines whose amounts are all zero; an unknown amount is not zero."""
        return ImportTable(self.columns, self.headers, tuple(row for row in self.rows if self.has_amounts(row)))

    def has_amounts(self, row: tuple[Cell, ...]) -> bool:
        """Whether any amount of a line is not zero."""
        pairs = list(zip(self.columns, row, strict=True))
        main = any(cell.value != 0 for column, cell in pairs if column.take == "figure")
        return main or any(cell.value for column, cell in pairs if column.take == "other")


def find_mapping(model: Model, folder: Path | None = None, split: bool = False) -> Mapping | None:
    """`imports/<model name before @>.toml` beside the model, in the `folder` of the file it was read from, or of the
    model of that name at hand; an office's own goes before a shipped one. `split`: see `mapping_from_text`."""
    if folder is None:
        named = next((file for file in model_shelf() if base_name(file.stem) == base_name(model.name)), None)
        if named is None:
            return None
        folder = named.parent
    theirs = folder.resolve() != (shipped() / "models").resolve()
    for place in [folder] if theirs else folders("models"):
        path = place / "imports" / f"{base_name(model.name)}.toml"
        if path.is_file():
            return load_mapping(path, model, split)
    return None


def import_table(run: Run, mapping: Mapping | None = None, plan: Plan | None = None) -> ImportTable:
    """Every line of every county, with live formulas where there is a plan. Raises AllocationError if totals differ."""
    mapping = mapping or default_mapping(run.model)
    lines = [
        [_cells(run, mapping, mapping.line_of(column) or line, column, plan) for column in mapping.columns]
        for line in (mapping.lines[:1] if mapping.wide else mapping.lines)
    ]
    problems = [
        problem
        for column, counted in _counted(mapping, lines)
        for problem in _differences(run, mapping, column, counted)
    ]
    if problems:
        raise AllocationError(problems)
    by_line = [list(zip(*line, strict=True)) for line in lines]
    headers = tuple(Both(column.zh, column.en) for column in mapping.columns)
    return ImportTable(mapping.columns, headers, tuple(chain.from_iterable(zip(*by_line, strict=True))))


def _cells(run: Run, mapping: Mapping, line: LineSpec, column: ImportColumnSpec, plan: Plan | None) -> list[Cell]:
    """What one line holds in one column, county by county."""
    match column.take:
        case "code":
            return [Cell(code) for code in run.table.codes]
        case "name":
            return [Cell(name) for name in run.table.names]
        case "figure" if column.of:
            return _converted(run, mapping, line, column, plan)
        case "figure":
            return _figures(run, line.figure, column, plan)
        case "other" if column.name in line.others:
            return _figures(run, line.others[column.name], column, plan)
    constants = {
        "year": run.year,
        "text": _fact(run, column) or column.text,
        "line": line.texts.get(column.name),
        "other": None,
    }
    return [Cell(constants[column.take])] * len(run.table)


def _fact(run: Run, column: ImportColumnSpec) -> str:
    """What the case says of the issue, in Chinese like every text of the file."""
    return said_facts(run.facts).get(column.fact or "", NOTHING).zh


def _figures(run: Run, name: str, column: ImportColumnSpec, plan: Plan | None) -> list[Cell]:
    """A figure of every county; blank where it is, or where the input is without which it is not known."""
    factor = run.model.entry(name).unit.factor_to(run.model.units.parse(column.in_unit))
    values = [rounded(value, factor, column.decimals) for value in run.numbers(name)]
    if column.given:
        known = run.figures(column.given)
        values = [None if asked is None else value for asked, value in zip(known, values, strict=True)]
    if plan is None:
        return [Cell(value) for value in values]
    cell = plan.layout.entry(name)
    shown = _excel(cell, factor, column.decimals)
    shown = f'IF({cell}="","",{shown})' if name in run.model.inputs else shown
    shown = f'IF({plan.layout.entry(column.given)}="","",{shown})' if column.given else shown
    text = f"IF({plan.layout.check(STATE)}=0,{shown},NA())"
    return [Cell(value, text.replace("{r}", str(FIRST + row + 1))) for row, value in enumerate(values)]


def _converted(run: Run, mapping: Mapping, line: LineSpec, column: ImportColumnSpec, plan: Plan | None) -> list[Cell]:
    place, source = next((i, candidate) for i, candidate in enumerate(mapping.columns) if candidate.name == column.of)
    parse = run.model.units.parse
    factor, cell = parse(source.in_unit).factor_to(parse(column.in_unit)), f"{letters(place)}{{p}}"
    text = "" if plan is None else f'IF({cell}="","",{_excel(cell, factor, column.decimals)})'
    cells = _cells(run, mapping, line, source, None)
    return [Cell(rounded(cell.amount, factor, column.decimals), text) for cell in cells]


def rounded(value: Fraction | None, factor: Fraction, decimals: int | None) -> Fraction | None:
    """In the file's unit, halves away from zero as Excel's ROUND."""
    if value is None or decimals is None:
        return None if value is None else value * factor
    scaled = abs(value * factor) * 10**decimals
    size = Fraction((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator), 10**decimals)
    return size if value > 0 else -size


def _excel(cell: str, factor: Fraction, decimals: int | None) -> str:
    times = f"*{factor.numerator}" if factor.numerator != 1 else ""
    times += f"/{factor.denominator}" if factor.denominator != 1 else ""
    return f"{cell}{times}" if decimals is None else f"ROUND({cell}{times},{decimals})"


def _counted(mapping: Mapping, lines: list[list[list[Cell]]]) -> list[tuple[ImportColumnSpec, list[list[Cell]]]]:
    """What must add up to the award: by column of amounts its lines, or the columns of all lines together."""
    places = [(place, column) for place, column in enumerate(mapping.columns) if column.take == "figure"]
    direct = [(place, column) for place, column in places if not column.of]
    if not mapping.wide:
        return [(column, [line[place] for line, spec in zip(lines, mapping.lines, strict=True) if not spec.apart])
                for place, column in direct]  # fmt: skip
    specs = [(place, mapping.line_of(column)) for place, column in direct]
    return [(direct[0][1], [lines[0][place] for place, spec in specs if spec and not spec.apart])]


def _differences(run: Run, mapping: Mapping, column: ImportColumnSpec, counted: list[list[Cell]]) -> list[Problem]:
    """The lines of the award must add up to it in every county, in the file's unit; floats within rounding."""
    factor = run.model.columns[run.model.award].unit.factor_to(run.model.units.parse(column.in_unit))
    wanted = [(value or Fraction(0)) * factor for value in run.numbers(run.model.award)]
    got = [sum((cells[row].amount or Fraction(0) for cells in counted), Fraction(0)) for row in range(len(wanted))]
    slack = 0 if run.exact else Fraction(1, 2 * 10 ** (6 if column.decimals is None else column.decimals))
    wrong = [row for row, value in enumerate(wanted) if abs(got[row] - value) > slack]
    if not wrong:
        return []
    unit = Both(*(run.model.units.label(column.in_unit, lang) or "1" for lang in LANGUAGES))
    slots = {
        "column": Both(column.zh, column.en), "unit": unit, "total": sum(got), "award": sum(wanted),
        "gap": sum(got) - sum(wanted), "counties": [run.table.names[row] for row in wrong],
    }  # fmt: skip
    return [Problem("importing.not_closed", slots, mapping.file)]


def write_import(sheet: Sheet, run: Run, plan: Plan, styles: Styles, mapping: Mapping | None = None) -> None:
    """Header in row 1, data from row 2. A live sheet keeps its zero lines: an edited figure may fill them."""
    mapping = mapping or default_mapping(run.model)
    table = import_table(run, mapping, plan if plan.live else None)
    if mapping.skip_zero and not plan.live:
        table = table.with_amounts()
    for column, (spec, head) in enumerate(zip(table.columns, table.headers, strict=True)):
        header = head[sheet.lang]
        texts = [str(row[column].value) for row in table.rows if isinstance(row[column].value, str)]
        sheet.set_column(column, column, min(40, max(12, *(width(text) + 3 for text in [header, *texts]))))
        sheet.write_string(0, column, header, styles.head())
        style, blank = _style(spec, styles, plan.live, "code" in [other.take for other in table.columns])
        for row, cells in enumerate(table.rows, start=1):
            _write_cell(sheet, row, column, cells[column], style, blank)
    sheet.freeze_panes(1, 0)
    one_page_wide(sheet, landscape=True)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _style(column: ImportColumnSpec, styles: Styles, live: bool, coded: bool) -> tuple[Look, Look]:
    """How a column's cells look, and how its blank ones do: a blank code or document number is for staff to fill."""
    role = Role.NAME if column.take == "name" and coded else Role.KEY
    if column.take in ("figure", "other"):
        number = "General" if column.decimals is None else cell_format(column.decimals, grouped=False)
        return styles.figure(number), styles.input(number, live, align="right")
    if column.take == "year":
        return styles.text(role, num_format="0"), styles.input("0", live)
    return styles.text(role, num_format="@"), styles.input("@", live)


def _write_cell(sheet: Sheet, row: int, column: int, cell: Cell, style: Look, blank: Look) -> None:
    if cell.text:
        text = cell.text.replace("{p}", str(row + 1))
        write_formula(sheet, row, column, text, style, "" if cell.value is None else cell.value)
    elif cell.value is None or cell.value == "":
        sheet.write_blank(row, column, None, blank)
    elif isinstance(cell.value, str):
        sheet.write_string(row, column, cell.value, style)
    else:
        sheet.write_number(row, column, plain(cell.value), style)


def write_import_csv(run: Run, path: Path, mapping: Mapping | None = None) -> None:
    """UTF-8 with BOM, CRLF, Chinese headers; figures as exact decimals with all their places, no separators."""
    mapping = mapping or default_mapping(run.model)
    table = import_table(run, mapping)
    table = table.with_amounts() if mapping.skip_zero else table
    with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
        csv_rows(
            file,
            [[header.zh for header in table.headers], *(_csv_row(table.columns, row, run.exact) for row in table.rows)],
        )


def _csv_row(columns: Sequence[ImportColumnSpec], row: tuple[Cell, ...], exact: bool) -> list[str]:
    return [csv_text(cell.value, column.decimals, exact) for column, cell in zip(columns, row, strict=True)]


def csv_text(value: Fraction | str | int | None, decimals: int | None, exact: bool) -> str:
    """A figure with all its places, a text as it is."""
    if not isinstance(value, Fraction):
        return "" if value is None else str(value)
    if not decimals:
        return whole_text(value) if exact else decimal_text(value)
    whole, places = divmod(abs(value.numerator) * 10**decimals // value.denominator, 10**decimals)
    return f"{'-' if value < 0 else ''}{whole}.{places:0{decimals}d}"
