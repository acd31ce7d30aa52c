"""Which rows are counties, which are totals, and which say nothing: 合计, notes, headings and blank rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import numpy as np

from allocation.classes import dataclass
from allocation.errors import Problem
from allocation.patterns import LatePattern
from allocation.policy.model import Model
from allocation.tables.cells import SourceCell, SourceColumn, SourceSheet
from allocation.tables.figures import Unread
from allocation.tables.headers import Header
from allocation.tables.keys import CODE, NAME, YEAR
from allocation.tables.spelling import fold, has_marks, is_excel_error, squeeze
from allocation.tables.wording import COUNTY, sets_aside
from allocation.texts.vocabulary import Pattern

UNREAD = "?"  # stands for a code or name whose cell was reported

_FOOTER = Pattern("table_words.footer")
_PLAIN_CODE, _PLAIN_NAME = LatePattern(r"[0-9]{6,12}"), LatePattern(r"[\u4e00-\u9fff]+[0-9]*")
_LETTERED = LatePattern(
    r"(?=.*[OoIl])(?=(?:.*\d){4})[\dOoIl]{6}(?:\d{3}|\d{6})?"
)  # 21O702: letters that look like digits
_DIGITS = str.maketrans("OoIl", "0011")
_YEAR_CELL = Pattern("table_words.year_cell")
_SECTION = Pattern("table_words.section")


@dataclass(frozen=True)
class TableRow:
    """`index` counts from 0 in the sheet; `kind` is COUNTY, or what the row's wording says. `depth`: how far the name
    is indented."""

    index: int
    kind: str
    code: str
    name: str
    year: int | None = None
    depth: int = 0


def sort_rows(header: Header, model: Model, problems: list[Problem], notes: list[Problem]) -> list[TableRow]:
    """County and total rows in the table's order; any other row is a problem, or a note when it holds no figures."""
    reader = _RowReader(header, [header.columns[name] for name in model.inputs if name in header.columns])
    rows: list[TableRow] = []
    ended = False
    ordinary = _ordinary(header)
    for index in range(header.first, len(header.sheet.rows)):
        if index in ordinary and not ended:
            code, name = ordinary[index]
            rows.append(TableRow(index, COUNTY, code, name, reader.year(index, problems)))
            continue
        first = header.sheet.first_filled(index)
        if first is None or _repeats_header(header, index, first):
            continue
        label = first[1].text
        code, name = reader.keys(index, problems)
        named = name or ("" if first[0] in reader.inputs else label)  # 上年 in a figure's own column names no row
        kind = sets_aside(named.lstrip("0123456789"))
        if not code and not name and _stands_above(header, index):
            continue
        if not code and _is_footer(label):
            ended = True
        elif kind and (reader.figures(index) or name):
            rows.append(TableRow(index, kind, code, name or label, reader.year(index, problems), reader.depth(index)))
        elif not code and not name or ended or not code and CODE in header.columns:
            reader.explain(index, code, name, ended, problems, notes)
        elif not code and _SECTION.fullmatch(squeeze(name)) and not reader.figures(index):
            notes.append(Problem("tables.row_skipped", {"name": name}, reader.place(index)))
        elif not code and not reader.figures(index) and (len(name) > 20 or "。" in name):
            ended = True
        else:
            if not name and NAME in header.columns:
                where = header.sheet.where(index, header.columns[NAME])
                notes.append(Problem("tables.name_missing", {"code": code}, where))
            rows.append(TableRow(index, COUNTY, code, name or code, reader.year(index, problems), reader.depth(index)))
    return rows


def _ordinary(header: Header) -> dict[int, tuple[str, str]]:
    """Code and name of the rows that are nothing but a county at first sight: six digits or more, and a plain name.

    Nearly all rows are, and a nation's are looked at one by one no faster.
    """
    if not {CODE, NAME} <= header.columns.keys():
        return {}
    codes, names = (header.sheet.column(header.columns[role]) for role in (CODE, NAME))
    both = (codes.kinds == SourceColumn.TEXT) & (names.kinds == SourceColumn.TEXT) & ~codes.merged & ~names.merged
    ordinary = {}
    for index in np.flatnonzero(both).tolist():
        code, name = codes.texts[int(codes.numbers[index])], names.texts[int(names.numbers[index])]
        if _PLAIN_CODE.fullmatch(code) and _PLAIN_NAME.fullmatch(name) and sets_aside(name) is None:
            ordinary[index] = code, name
    return ordinary


def _repeats_header(header: Header, index: int, first: tuple[int, SourceCell]) -> bool:
    """The header once more, as it stands on top of every printed page. `first`: the first filled cell, and where."""
    rows = [row for row in range(header.top, header.last + 1)
            if header.sheet.cell(row, first[0]).text == first[1].text]  # fmt: skip
    if not rows:
        return False
    said = {column: cell.text for column, cell in enumerate(header.sheet.rows[index]) if not cell.empty}
    return len(said) > 1 and any(
        all(header.sheet.cell(row, column).text == text for column, text in said.items()) for row in rows
    )


def _stands_above(header: Header, index: int) -> bool:
    """What stands above the header, once more: 单位：万元 on top of every printed page."""
    above = {squeeze(cell.text) for row in header.sheet.rows[: header.top] for cell in row if not cell.empty}
    return bool(above) and all(squeeze(cell.text) in above for cell in header.sheet.rows[index] if not cell.empty)


def _is_footer(label: str) -> bool:
    return _FOOTER.fullmatch(fold(label)) is not None


@dataclass(frozen=True)
class _RowReader:
    """The key cells of a row, and whether it holds figures."""

    header: Header
    inputs: list[int]

    @property
    def sheet(self) -> SourceSheet:
        return self.header.sheet

    def place(self, index: int) -> str:
        return self.sheet.where(index, self.header.columns.get(CODE, self.header.columns.get(NAME, 0)))

    def keys(self, index: int, problems: list[Problem]) -> tuple[str, str]:
        """Code and name; a row's wording that merely stands in the code column is taken as its name."""
        columns = self.header.columns
        name_cell = self.sheet.cell(index, columns[NAME]) if NAME in columns else None
        name = self._key(index, NAME, _name_text, problems)
        code = self._key(index, CODE, code_text, problems)
        if not code:
            return "", name
        wording = not re.search(r"[0-9A-Za-z]", code) and name_cell is not None
        across = name_cell is not None and name_cell.merged and squeeze(name) == squeeze(code)
        if across or _is_footer(code) or sets_aside(code) or wording and not name:
            return "", name or code
        return code, name

    def depth(self, index: int) -> int:
        """Spaces before the name: how yearbooks show that one row belongs to another."""
        cell = self.sheet.cell(index, self.header.columns.get(NAME, -1)) if NAME in self.header.columns else None
        text = cell.value if cell and isinstance(cell.value, str) else ""
        return sum(2 if sign == "\u3000" else 1 for sign in text[: len(text) - len(text.lstrip())])

    def _key(self, index: int, role: str, read: Callable[[SourceCell], str], problems: list[Problem]) -> str:
        if role not in self.header.columns:
            return ""
        column = self.header.columns[role]
        try:
            return read(self.sheet.cell(index, column))
        except Unread as slip:
            problems.append(Problem(slip.id, slip.slots, self.sheet.where(index, column)))
            return UNREAD

    def year(self, index: int, problems: list[Problem]) -> int | None:
        if YEAR not in self.header.columns:
            return None
        cell = self.sheet.cell(index, self.header.columns[YEAR])
        if cell.missing:
            return None
        if isinstance(cell.value, date):
            return cell.value.year
        year = _YEAR_CELL.fullmatch(squeeze(cell.text))
        if year is None:
            where = self.sheet.where(index, self.header.columns[YEAR])
            problems.append(Problem("tables.not_a_year", {"found": cell.text}, where))
            return None
        return int(year[1])

    def figures(self, index: int) -> list[int]:
        """Columns of inputs that hold something in this row; merged wording does not count."""
        cells = ((column, self.sheet.cell(index, column)) for column in self.inputs)
        return [column for column, cell in cells if not cell.missing and not cell.merged]

    def explain(
        self, index: int, code: str, name: str, ended: bool, problems: list[Problem], notes: list[Problem]
    ) -> None:
        """Says what is wrong with a row that has figures but no place in the table."""
        figures = self.figures(index)
        if not figures:
            if name and not ended:
                notes.append(Problem("tables.row_skipped", {"name": name}, self.place(index)))
        elif ended and (code or name):
            problems.append(Problem("tables.row_after_end", {"name": name or code}, self.place(index)))
        elif ended:
            return
        elif not name:
            where = self.sheet.where(index, figures[0])
            problems.append(Problem("tables.row_without_county", {"row": index + 1}, where))
        else:
            problems.append(Problem("tables.code_missing", {"name": name}, self.place(index)))


def code_text(cell: SourceCell) -> str:
    """A county's code as text; a number shown with a format of zeros keeps its zeros. Raises Unread."""
    value = cell.value
    if cell.uncached:
        raise Unread("tables.uncached")
    if cell.missing:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value != int(value):
            raise Unread("tables.code_not_whole", found=cell.text)
        return _padded(int(value), cell.format)
    text = squeeze(cell.text).lstrip("'")
    if isinstance(value, str) and has_marks(value):
        raise Unread("tables.code_not_whole", found=value.strip())
    if is_excel_error(text):
        raise Unread("tables.excel_error", found=text)
    if _LETTERED.fullmatch(text):
        raise Unread("tables.code_letter", found=text, guess=text.translate(_DIGITS))
    if isinstance(value, (bool, date)) or re.fullmatch(r"\d(\.\d+)?E\+\d+", text):
        raise Unread("tables.code_not_whole", found=text)
    return text[:-2] if re.fullmatch(r"\d+\.0", text) else text


def _padded(number: int, form: str) -> str:
    """A code with the zeros its format shows: 000000, 00-00-00, "21"0000; marks between digits are no part of it."""
    section = re.sub(r"\[[^\]]*\]|_.|\*.", "", form.split(";")[0])
    front = re.match(r'"(\d+)"', section)
    bare = re.sub(r'"[^"]*"|[\\!]|[-. /]', "", section)
    digits = str(number).zfill(len(bare)) if re.fullmatch("0{2,}", bare) else str(number)
    return (front[1] if front and re.fullmatch("0+", bare) else "") + digits


def _name_text(cell: SourceCell) -> str:
    if cell.uncached:
        raise Unread("tables.uncached")
    if cell.missing:
        return ""
    if is_excel_error(cell.text):
        raise Unread("tables.excel_error", found=cell.text)
    if isinstance(cell.value, (bool, date)):
        raise Unread("tables.name_no_text", found=cell.text.removesuffix(" 00:00:00"))
    return cell.text
