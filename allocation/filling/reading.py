"""A template read without a mapping: where its headings stand, what its rows are known by, which rows are no unit's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem
from allocation.filling.headings import UNIT_LINE, HeadingOver, headings_of
from allocation.filling.template import GivenTemplate, read_template, shown_sheets
from allocation.run.run import Run
from allocation.tables.cells import SourceSheet, letters
from allocation.tables.headings import is_numbering, key_role, split_unit, unit_in
from allocation.tables.keys import CODE, NAME
from allocation.tables.said_units import units_in
from allocation.tables.spelling import fold
from allocation.tables.wording import STATEMENT, SUBTOTAL, TOTAL, wordings
from allocation.texts.vocabulary import Spellings
from allocation.xlsx.import_mapping import DIGITS

LOOKED_AT = 30  # rows among which headings are looked for
SUMS = {TOTAL, SUBTOTAL, STATEMENT}
STAMPS = {"version": Spellings("table_words.stamp_version"), "digest": Spellings("table_words.stamp_digest")}


@dataclass(frozen=True)
class TemplateRead:
    """`rows` of headings from zero, `first` and `end` of the rows below; `units` as in a mapping, `key` the column that
    they stand in, `digits` of codes. `strange`: rows that name no unit of the run, by what they say; those below the
    last unit are cut off by `end`. `stamps`: empty cells beside 稿次 and 校验码.
    """

    template: GivenTemplate
    rows: tuple[int, ...]
    headings: tuple[HeadingOver, ...]
    first: int
    end: int
    units: str
    key: int | None
    digits: int | None
    strange: Mapping[int, str]
    stamps: Mapping[str, str]

    @property
    def body(self) -> range:
        return range(self.first, self.end)

    def texts(self, column: int) -> list[tuple[int, str]]:
        """What stands in a column below its heading, rows of sums aside."""
        sheet = self.template.sheet
        return [(row, text) for row in self.body if not is_sum(sheet, row) and (text := sheet.cell(row, column).text)]


def role_of(heading: HeadingOver) -> str | None:
    """code, name, year, remark or ignored, where its lowest text is a heading of such a column."""
    read = key_role(fold(split_unit(heading.texts[-1])[0]))
    return read[0] if read else None


def is_sum(sheet: SourceSheet, row: int) -> bool:
    return row < len(sheet.rows) and bool(wordings(sheet.rows[row]) & SUMS)


def read_unmapped(path: Path, run: Run, sheet: str = "", rows: Sequence[int] = ()) -> TemplateRead:
    """`sheet` and `rows` of headings, from zero, where a person says them. Raises where no headings are recognised, and
    where the template lists units none of which is one of the run."""
    template = read_template(path, sheet or _best_sheet(path))
    heads = tuple(rows) or _heading_rows(template)
    if not heads:
        raise AllocationError(
            Problem("filling.read_no_headings", {"rows": LOOKED_AT}, f"{template.file}: {template.sheet.name}")
        )
    headings = tuple(headings_of(template.sheet, heads))
    first = _first(template.sheet, heads[-1] + 1, run)
    units, key, digits = _units(template.sheet, headings, range(first, len(template.sheet.rows)), run)
    if units == "append":
        _refuse_strangers(template.sheet, headings, first)
    known = _called(run, digits) if units == "code" else {fold(name) for name in run.table.names}
    strange, end = _strange(template.sheet, first, key, known)
    return TemplateRead(template, heads, headings, first, end, units, key, digits, strange, _stamps(template, heads[0]))


def _best_sheet(path: Path) -> str:
    """Of several shown sheets the one whose headings tell most; the first where none does."""
    names = shown_sheets(path)
    scores = [max((score for _, score in _scores(read_template(path, name).sheet)), default=0) for name in names]
    return names[scores.index(max(scores))] if names else ""


# ---- headings


def _scores(sheet: SourceSheet) -> Iterator[tuple[int, int]]:
    """Each row near the top with how much it tells: key columns count most, then headings in all."""
    for row in range(min(LOOKED_AT, len(sheet.rows))):
        headings = headings_of(sheet, [row])
        roles = {role for heading in headings if (role := role_of(heading))}
        if roles & {CODE, NAME} and len(headings) > 1:
            measured = sum(bool(split_unit(heading.texts[-1])[1]) for heading in headings)
            yield row, 10 * len(roles) + 2 * measured + len(headings)


def _heading_rows(template: GivenTemplate) -> tuple[int, ...]:
    """The row that tells most, with those that its merged cells reach and one above that divides it further."""
    scores = [*_scores(template.sheet)]
    if not scores:
        return ()
    most = max(score for _, score in scores)
    row = next(row for row, score in scores if score == most)
    tall = [span for span in template.merged if span.top <= row <= span.bottom and span.bottom > span.top]
    top, bottom = min([row, *(span.top for span in tall)]), max([row, *(span.bottom for span in tall)])
    if not tall and top and _divides(template, top - 1, headings_of(template.sheet, [row])):
        top -= 1
    return tuple(range(top, bottom + 1))


def _divides(template: GivenTemplate, row: int, below: Sequence[HeadingOver]) -> bool:
    """Whether a row above headings groups them: it is no title over all of them, no line of units, no stamp."""
    cells = template.sheet.rows[row]
    texts = [(column, cell.text) for column, cell in enumerate(cells) if not cell.empty]
    columns = {heading.column for heading in below}
    if not texts or not columns & {column for column, _ in texts} or len({text for _, text in texts}) == 1 and (
        texts[0][0] == min(columns) or len(texts) >= len(columns)
    ):  # fmt: skip
        return False
    return not any(_stamp_of(text) or UNIT_LINE.search(fold(text)) for _, text in texts)


def _first(sheet: SourceSheet, row: int, run: Run) -> int:
    """Below the headings and what numbers the columns; a unit called by digits is no numbering."""
    called = {fold(text) for text in (*run.table.codes, *run.table.names)} | _called(run, 9) | _called(run, 12)
    while row < len(sheet.rows):
        texts = [cell.text for cell in sheet.rows[row] if not cell.empty and not cell.merged]
        if len(texts) < 2 or not all(map(is_numbering, texts)) or called & set(map(fold, texts)):
            break
        row += 1
    return row


# ---- rows


def _called(run: Run, digits: int | None) -> set[str]:
    return {fold(code.ljust(digits or 0, "0")) for code in run.table.codes}


def _units(
    sheet: SourceSheet, headings: Sequence[HeadingOver], body: range, run: Run
) -> tuple[str, int | None, int | None]:
    """What rows are known by: the column in which most codes of the run stand, else most names."""
    texts = {heading.column: [fold(sheet.cell(row, heading.column).text) for row in body] for heading in headings}
    names = {fold(name) for name in run.table.names}
    lengths = (None, *DIGITS)
    codes = [(sum(text in _called(run, digits) for text in held), -column, digits)
             for digits in lengths for column, held in texts.items()]  # fmt: skip
    by_code = max(codes, key=lambda each: each[:2], default=(0, 0, None))
    by_name = max(((sum(text in names for text in held), -column) for column, held in texts.items()), default=(0, 0))
    if by_code[0] and (by_code[0] > by_name[0] or by_code[0] == by_name[0] and not _is_name(headings, -by_code[1])):
        return "code", -by_code[1], by_code[2]
    return ("name", -by_name[1], None) if by_name[0] else ("append", None, None)


def _is_name(headings: Sequence[HeadingOver], column: int) -> bool:
    return any(heading.column == column and role_of(heading) == NAME for heading in headings)


def _refuse_strangers(sheet: SourceSheet, headings: Sequence[HeadingOver], first: int) -> None:
    """A template that lists units none of which is of the run is another's."""
    columns = [heading.column for heading in headings if role_of(heading) in (CODE, NAME)]
    rows = [row for row in range(first, len(sheet.rows)) if not is_sum(sheet, row)]
    told = [(row, column) for row in rows for column in columns if not sheet.cell(row, column).empty]
    if told:
        texts = [sheet.cell(*place).text for place in told[:4]]
        raise AllocationError(Problem("filling.read_other_units", {"units": texts}, sheet.where(*told[0])))


def _strange(sheet: SourceSheet, first: int, key: int | None, known: set[str]) -> tuple[Mapping[int, str], int]:
    """Rows that name no unit of the run, and where the rows of units end."""
    end = len(sheet.rows)
    if key is None:
        return {}, end
    texts = {row: sheet.cell(row, key).text for row in range(first, end) if not is_sum(sheet, row)}
    of_units = [row for row, text in texts.items() if fold(text) in known]
    strange = {row: text for row, text in texts.items() if text and fold(text) not in known}
    last = max(of_units)
    return strange, last + 1 if any(row > last for row in strange) else end


# ---- cells for 稿次 and 校验码


def _stamp_of(text: str) -> str:
    word = fold(text).rstrip(":")
    return next((key for key, words in STAMPS.items() if word in map(fold, words)), "")


def _stamps(template: GivenTemplate, top: int) -> dict[str, str]:
    """The empty, unlocked cell to the right of such a word above the headings."""
    stamps: dict[str, str] = {}
    for row in range(top):
        for column, cell in enumerate(template.sheet.rows[row]):
            key = "" if cell.empty or cell.merged else _stamp_of(cell.text)
            if key and template.sheet.cell(row, column + 1).empty and not template.locked(row, column + 1):
                stamps.setdefault(key, f"{letters(column + 1)}{row + 1}")
    return stamps


def units_over(read: TemplateRead, heading: HeadingOver, run: Run) -> list[str]:
    """Units that a heading says, nearest first, else those of a line 单位： above the headings; as they are called."""
    units = run.model.units
    said = [unit for text in reversed(heading.texts) for unit in units_in(split_unit(text)[1] or text, units)]
    said = said or [unit for text in heading.texts if (unit := unit_in(text, units))]
    sheet = read.template.sheet
    above = [cell.text for row in range(read.rows[0]) for cell in sheet.rows[row]
             if isinstance(cell.value, str) and not cell.merged and UNIT_LINE.search(fold(cell.value))]  # fmt: skip
    return [unit.name for unit in said or [each for text in above for each in units_in(text, units)]]
