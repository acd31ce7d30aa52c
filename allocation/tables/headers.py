"""Finds the header of a table: which sheet, which rows, and the column of every input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import zip_longest

from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, nearest
from allocation.language.units import Unit
from allocation.policy.model import Model
from allocation.tables.captions import is_numbering_row, repeats_header, title_year, unit_row, written_units
from allocation.tables.cells import SourceCell, SourceSheet
from allocation.tables.figures import Measure
from allocation.tables.headings import (
    ColumnHeading,
    Lexicon,
    lexicon,
    read_heading,
    speaks_of_another,
    split_unit,
    squeezed_key,
    unit_said,
)
from allocation.tables.keys import CODE, IGNORED, NAME, YEAR
from allocation.tables.past import PastColumn, past_columns
from allocation.tables.said_units import differing_units
from allocation.tables.spelling import fold, tidy
from allocation.tables.unread import ask_about_unread, resembles, right_heading
from allocation.texts import shortened
from allocation.texts.vocabulary import Pattern, Spellings, meanings

_SEARCHED, _DEEPEST = 15, 3
_LOOKED = 40  # rows below a header that tell a blank form from a table
_PREFERRED = Spellings("table_words.data_sheet")
_YEARS_BACK = "table_words.years_back"  # how many years before the table's own a word means
_LIKE_NAME = Pattern("table_words.heading_like_name")
_YEAR_ALONE = Pattern("table_words.year_alone")


@dataclass(frozen=True)
class Header:
    """Where things stand in `sheet`, rows and columns from 0: headers in rows `top` … `last`, data from row `first`.

    `columns` maps an input, or a role such as CODE, to its column; `units` has the written unit of an input; `year` is
    what the table's title gives.
    """

    sheet: SourceSheet
    top: int
    first: int
    columns: dict[str, int]
    units: dict[str, Unit]
    year: int | None
    last: int  # the lowest header row: what messages about a column point to
    unit_lines: dict[str, str]  # the cell above the header that an input's unit comes from, where one does
    past: Mapping[str, PastColumn]  # columns of last year's figures, by input or award


@dataclass(frozen=True)
class _Candidate:
    """A candidate header: the headings of its columns and the columns that say something unknown."""

    sheet: SourceSheet
    top: int
    depth: int
    headings: dict[int, ColumnHeading]
    unknown: dict[int, str]
    texts: dict[int, str]  # every column's heading, its levels apart by a slash
    dated: int  # columns that are an input's by a year in their heading

    @property
    def last(self) -> int:
        return self.top + self.depth - 1

    @property
    def inputs(self) -> set[str]:
        return {heading.target for heading in self.headings.values() if not heading.target.startswith("@")}

    @property
    def keys(self) -> int:
        return len({heading.target for heading in self.headings.values()}) - len(self.inputs)

    @property
    def score(self) -> tuple[int, int, int, int]:
        return len(self.inputs) + self.dated, self.keys, -self.depth, -self.top


def find_header(
    sheets: Sequence[SourceSheet],
    model: Model,
    wanted: str | None,
    year: int | None,
    problems: list[Problem],
    notes: list[Problem],
    unused: Sequence[str] = (),
    otherwise: int | None = None,
) -> Header | None:
    """The header that matches most inputs, None when nothing does; what is missing or unclear joins `problems`.

    `year` is that of the data; `otherwise` counts where the table says none.
    """
    words = lexicon(model)
    needed = {entry.name for entry in model.inputs.values() if not entry.optional and entry.default is None}
    header = _choose(sheets, words, wanted, year or otherwise, needed)
    # A row with 代码 and 名称 is a header even when every input is misspelt: the nearest names help more than "none".
    if header is None or not header.inputs and header.keys < 2:
        problems.append(_nothing_found([sheet for sheet in sheets if not wanted or _called(sheet, wanted)], model))
        return None
    header = _without(header, unused, problems, notes)
    header = _named_by_year(header, words, year or title_year(header.sheet, header.top) or otherwise, problems, notes)
    columns = _columns(header, model, problems, notes)
    past = past_columns(header.unknown, model, columns)
    for previous in past.values():
        slots = {"header": previous.header, "label": previous.entry.label}
        notes.append(Problem("tables.past_column", slots, header.sheet.where(header.last, previous.column)))
    aside = {previous.column for previous in past.values()}
    header = replace(header, unknown={at: text for at, text in header.unknown.items() if at not in aside})
    first = header.last + 1
    units, unit_lines = written_units(header.sheet, header.top, columns, header.headings, model, problems)
    keys = columns.get(CODE), columns.get(NAME)
    while first < len(header.sheet.rows):
        row_units = unit_row(header.sheet, first, model.units)
        if row_units is not None:
            at = {column: name for name, column in columns.items() if name in model.inputs}
            row_said = {at[column]: unit for column, unit in row_units.items() if column in at}
            units |= row_said
            unit_lines = {name: place for name, place in unit_lines.items() if name not in row_said}
        elif not (
            is_numbering_row(header.sheet, first, keys)
            or repeats_header(header.sheet, first)
            or _gives_names(header.sheet, first, columns)
        ):
            break
        first += 1
    inputs = {name: column for name, column in columns.items() if name in model.inputs}
    named = set(units) - set(unit_lines)
    differing_units(header.sheet, (header.top, first), inputs, units, named, model, problems)
    _report_missing(header, first, columns, model, problems, notes)
    _check_units(header, columns, units, model, problems)
    year = title_year(header.sheet, header.top)
    return Header(header.sheet, header.top, first, columns, units, year, header.last, unit_lines, past)


def _without(header: _Candidate, unused: Sequence[str], problems: list[Problem], notes: list[Problem]) -> _Candidate:
    """The header without the columns a person said are not used. A heading that is nowhere is an error."""
    dropped: set[int] = set()
    for heading in unused:
        wanted = squeezed_key(heading)
        for form in (_whole, _whole_bare, _lowest, _lowest_bare):
            columns = {column for column, text in header.texts.items() if form(text) == wanted}
            if columns:
                break
        if not columns:
            near = nearest(heading, list(header.texts.values()))
            slots = {"header": heading, "nearest": near or "—", "headers": [*header.texts.values()][:12]}
            problems.append(Problem("tables.unused_absent", slots, header.sheet.where(header.last, 0)))
        dropped |= columns
    if dropped:
        slots = {"headers": [header.texts[column] for column in sorted(dropped)]}
        notes.append(Problem("tables.said_unused", slots, header.sheet.where(header.last, min(dropped))))
    kept = {column: heading for column, heading in header.headings.items() if column not in dropped}
    unknown = {column: text for column, text in header.unknown.items() if column not in dropped}
    return replace(header, headings=kept, unknown=unknown)


def _named_by_year(
    header: _Candidate, words: Lexicon, year: int | None, problems: list[Problem], notes: list[Problem]
) -> _Candidate:
    """In a table of 2024 the column 落户人数 / 2023年 is 落户人数 / 上年, where no other column is called so."""
    headings, unknown = dict(header.headings), dict(header.unknown)
    for column, text in header.unknown.items():
        taken = {heading.target for heading in headings.values()}
        meant = [(word, heading) for word, heading in _by_word(text, words, year) if heading.target not in taken]
        where = header.sheet.where(header.last, column)
        if meant and year is None:
            problems.append(
                Problem("tables.year_for_word_unknown", {"header": text, "words": [*meanings(_YEARS_BACK)]}, where)
            )
        elif meant:
            word, headings[column] = meant[0]
            notes.append(Problem("tables.year_for_word", {"header": text, "year": year, "word": word}, where))
        if meant:
            del unknown[column]
    return replace(header, headings=headings, unknown=unknown)


def _by_word(text: str, words: Lexicon, year: int | None) -> Iterable[tuple[str, ColumnHeading]]:
    """A heading with a level that is a year, read with the words for that year; with any of them where the table's
    own year is not known."""
    levels = text.split("/")
    for place, level in enumerate(levels):
        said = _YEAR_ALONE.fullmatch(level)
        if said is None:
            continue
        back = year - int(said[1]) if year else None
        for word in (word for word, ago in meanings(_YEARS_BACK).items() if back in (int(ago), None)):
            heading = read_heading([*levels[:place], word + (said[2] or ""), *levels[place + 1 :]], words)
            if heading and not heading.above and not heading.target.startswith("@"):
                yield word, heading


def _whole(text: str) -> str:
    return squeezed_key(text)


def _whole_bare(text: str) -> str:
    return squeezed_key(split_unit(text)[0])


def _lowest(text: str) -> str:
    return squeezed_key(text.split("/")[-1])


def _lowest_bare(text: str) -> str:
    return squeezed_key(split_unit(text.split("/")[-1])[0])


def _gives_names(sheet: SourceSheet, row: int, columns: dict[str, int]) -> bool:
    """The line of a result workbook that gives each input's own name below its label."""
    at = {column: name for name, column in columns.items()}
    said = {column: cell.text for column, cell in enumerate(sheet.rows[row]) if not cell.empty}
    return bool(said) and all(fold(text) == fold(at.get(column, "")) for column, text in said.items())


def _nothing_found(sheets: Sequence[SourceSheet], model: Model) -> Problem:
    looked, where = [sheet.name for sheet in sheets if sheet.name], sheets[0].file if sheets else ""
    if looked and not any(sheet.rows for sheet in sheets):
        return Problem("tables.empty_sheets", {"sheets": looked}, where)
    labels = [entry.label for entry in model.inputs.values()][:8]
    slots = {"labels": labels, "sheets": looked, "model": model.name.split("@")[0]}
    return Problem("tables.no_header", slots, where)


def _called(sheet: SourceSheet, name: str) -> bool:
    return not sheet.name or fold(sheet.name) == fold(name)


def _choose(
    sheets: Sequence[SourceSheet], words: Lexicon, wanted: str | None, year: int | None, needed: set[str]
) -> _Candidate | None:
    """`needed`: inputs a table must have. Last year's sheet with one heading more is no better than this year's."""
    if wanted is not None and any(sheet.name for sheet in sheets):
        named = [sheet for sheet in sheets if _called(sheet, wanted)]
        if not named:
            names = [sheet.name for sheet in sheets]
            slots = {"sheet": wanted, "sheets": names, "nearest": nearest(wanted, names) or "—"}
            raise AllocationError(Problem("tables.no_sheet", slots, sheets[0].file))
        sheets = named
    best = [candidate for sheet in sheets if (candidate := _best(sheet, words))]
    most = max((len(candidate.inputs) for candidate in best), default=0)
    if not most:
        return max(best, key=lambda candidate: candidate.score, default=None)
    whole = [candidate for candidate in best if needed and needed <= candidate.inputs and candidate.keys]
    whole = [candidate for candidate in whole if 3 * len(candidate.inputs) >= 2 * most]
    tied = [candidate for candidate in best if len(candidate.inputs) == most or candidate in whole]
    tied = [candidate for candidate in tied if _has_figures(candidate)] or tied
    tied = [candidate for candidate in tied if fold(candidate.sheet.name) in _PREFERRED] or tied
    if year is not None and len(tied) > 1:
        tied = [candidate for candidate in tied if str(year) in candidate.sheet.name] or tied
        tied = [candidate for candidate in tied if title_year(candidate.sheet, candidate.top) == year] or tied
    if len(tied) > 1:
        names = [candidate.sheet.name for candidate in tied]
        raise AllocationError(Problem("tables.many_sheets", {"sheets": names}, tied[0].sheet.file))
    return tied[0]


def _has_figures(candidate: _Candidate) -> bool:
    """Whether anything stands below the headings of inputs: a blank form has nothing."""
    columns = [at for at, heading in candidate.headings.items() if heading.target in candidate.inputs]
    rows = range(candidate.last + 1, min(len(candidate.sheet.rows), candidate.last + _LOOKED))
    return any(not candidate.sheet.cell(row, column).missing for row in rows for column in columns)


def _best(sheet: SourceSheet, words: Lexicon) -> _Candidate | None:
    tops = range(min(_SEARCHED, len(sheet.rows)))
    lines = [_line(row) for row in sheet.rows[: len(tops) + _DEEPEST - 1]]
    read = cache(lambda texts: read_heading(texts, words))  # most stacks come up at several depths
    tries = (_try(sheet, lines, top, depth, read, words) for top in tops for depth in range(1, _DEEPEST + 1))
    headers = (header for header in tries if header.headings)
    return max(headers, key=lambda header: header.score, default=None)


_HeaderLine = list[tuple[str, bool, bool]]
_OFF = ("", True, False)


def _line(row: Sequence[SourceCell]) -> _HeaderLine:
    """Of each cell: its text as a header, whether it is empty, and whether it repeats a merged cell."""
    return [("" if _is_figure(cell) else _heading_text(cell), cell.empty, cell.merged) for cell in row]


def _heading_text(cell: SourceCell) -> str:
    """The cell's text with its line breaks, which may be steps between levels."""
    if isinstance(cell.value, str) and "\n" in cell.value.strip():
        return "\n".join(tidy(line) for line in cell.value.splitlines() if line.strip())
    return cell.text


def _is_figure(cell: SourceCell) -> bool:
    return isinstance(cell.value, float) and not cell.value.is_integer()


def _try(
    sheet: SourceSheet,
    lines: list[_HeaderLine],
    top: int,
    depth: int,
    read: Callable[[tuple[str, ...]], ColumnHeading | None],
    words: Lexicon,
) -> _Candidate:
    headings, unknown, said = {}, {}, {}
    for column, texts in enumerate(_stacks(lines[top : top + depth], depth)):
        if not texts:
            continue
        said[column] = "/".join(tidy(text) for text in texts)
        heading = read(texts)
        if heading:
            headings[column] = heading
        else:
            unknown[column] = said[column]
    dated = sum(any(_by_word(text, words, None)) for text in unknown.values())
    return _Candidate(sheet, top, depth, headings, unknown, said, dated)


def _stacks(lines: list[_HeaderLine], depth: int) -> Iterable[tuple[str, ...]]:
    """Each column's header texts from top to bottom, merged cells once."""
    lasts: list[str] = [""] * depth
    for cells in zip_longest(*lines, fillvalue=_OFF):
        stack: list[str] = []
        lowest = max((level for level, (_, empty, _) in enumerate(cells) if not empty), default=-1)
        for level, (text, _, merged) in enumerate(cells):
            lasts[level] = text or lasts[level]
            # An upper cell stands for the columns to its right until the next one: CSV has no merged cells.
            shown = text or (lasts[level] if level < lowest and not stack else "")
            if shown and not (merged and stack and stack[-1] == shown):
                stack.append(shown)
        yield tuple(stack)


def _columns(header: _Candidate, model: Model, problems: list[Problem], notes: list[Problem]) -> dict[str, int]:
    columns: dict[str, int] = {}
    # Lower ranks first, then from left to right: the first column of a role is the one that is used.
    for column, heading in sorted(header.headings.items(), key=lambda item: (item[1].rank, item[0])):
        target = heading.target
        where = header.sheet.where(header.last, column)
        if target == IGNORED:
            continue
        if target in columns:
            other = header.sheet.where(header.last, columns[target])
            if target in model.inputs:
                slots = {"label": model.inputs[target].label, "other": other}
                problems.append(Problem("tables.twice", slots, where))
            elif target in (CODE, YEAR) and not heading.city:
                problems.append(Problem("tables.key_twice", {"other": other}, where))
            continue
        columns[target] = column
        if target in model.inputs:
            label = model.inputs[target].label
            if heading.year:
                notes.append(Problem("tables.year_in_header", {"year": heading.year, "label": label}, where))
            above = heading.above or _group_above(header, column)
            if above and speaks_of_another(above, label.zh):
                spare = model.inputs[target].optional or model.inputs[target].default is not None
                slots = {"above": above, "label": label, "unused": header.texts[column] if spare else ""}
                problems.append(Problem("tables.upper_other", slots, where))
            elif above:
                notes.append(Problem("tables.upper_header", {"above": above, "label": label}, where))
    by_city = {at for at, heading in header.headings.items() if heading.city}
    if columns.get(CODE) in by_city and columns.get(NAME, -1) not in by_city | {-1}:
        del columns[CODE]  # the code of the city that each county lies in
    return columns


def _group_above(header: _Candidate, column: int) -> str:
    """What groups the column in the row above the header: not a title, which stands alone, nor a `单位：` line."""
    if header.top == 0:
        return ""
    row = [cell.text for cell in header.sheet.rows[header.top - 1] if not cell.empty]
    text = header.sheet.cell(header.top - 1, column).text
    return text if len(set(row)) > 1 and ":" not in text else ""


def _report_missing(
    header: _Candidate, first: int, columns: dict[str, int], model: Model, problems: list[Problem], notes: list[Problem]
) -> None:
    where = header.sheet.where(header.top, 0)
    unknown = {fold(text): column for column, text in header.unknown.items()}
    said = _unknown_units(header, model, problems)
    said |= _unread_name(header, columns, problems)
    for entry in model.inputs.values():
        if entry.name in columns or entry.optional or entry.default is not None or entry.name in said:
            continue
        like = (key for key, at in unknown.items() if resembles(header.unknown[at], entry) >= 1)
        guess = nearest(fold(entry.label.zh), unknown) or nearest(fold(entry.label.en), unknown) or next(like, "")
        unit = Measure(entry, model.units).label()
        slots = {
            "label": entry.label,
            "name": entry.name,
            "unit": unit,
            "headers": [*dict.fromkeys(header.unknown.values())],
        }
        if guess:
            said[guess] = column = unknown[guess]
            others = [text for other, text in header.unknown.items() if other != column]
            right = right_heading(entry, unit_said(header.unknown[column], model.units))
            slots |= right | {"nearest": header.unknown[column], "headers": shortened(others, 6)}
            problems.append(Problem("tables.missing_near", slots, header.sheet.where(header.last, column)))
        else:
            problems.append(Problem("tables.missing", slots, where))
    unread = {column: text for column, text in header.unknown.items() if column not in said.values()}
    spare = [entry for entry in model.inputs.values() if entry.optional or entry.default is not None]
    absent = [entry for entry in spare if entry.name not in columns and entry.name not in said]
    ask_about_unread(header.sheet, (header.last, first), unread, absent, model, problems, notes)
    if CODE not in columns and NAME not in columns:
        problems.append(Problem("tables.no_county_column", where=where))


def _unread_name(header: _Candidate, columns: Mapping[str, int], problems: list[Problem]) -> dict[str, int]:
    """The column that would be the units' names where no other is: else each is called by its code alone."""
    if CODE not in columns or NAME in columns:
        return {}
    for column, text in header.unknown.items():
        if _LIKE_NAME.fullmatch(fold(split_unit(text.split("/")[-1])[0])):
            where = header.sheet.where(header.last, column)
            problems.append(Problem("tables.name_unread", {"header": text, "unused": text}, where))
            return {NAME: column}
    return {}


def _unknown_units(header: _Candidate, model: Model, problems: list[Problem]) -> dict[str, int]:
    """Columns that would be an input but for the unit in their brackets; input → column."""
    words, said = lexicon(model), {}
    for column, text in header.unknown.items():
        name, inner = split_unit(text)
        target = words.role(name) if inner else None
        if target and target[0] in model.inputs:
            entry = model.inputs[target[0]]
            spare = entry.optional or entry.default is not None
            slots = {
                "header": text,
                "found": inner,
                "label": entry.label,
                "unused": text if spare else "",
            } | right_heading(entry)
            problems.append(Problem("tables.header_unit", slots, header.sheet.where(header.last, column)))
            said[entry.name] = column
    return said


def _check_units(
    header: _Candidate, columns: Mapping[str, int], units: dict[str, Unit], model: Model, problems: list[Problem]
) -> None:
    for name, unit in list(units.items()):
        entry = model.inputs[name]
        if entry.text or not unit.same_kind(entry.unit):
            del units[name]
            if not entry.text:
                slots = {"label": entry.label, "found": unit.name or "1", "expected": entry.unit.name or "1"}
                where = header.sheet.where(header.last, columns[name])
                problems.append(Problem("tables.unit_differs", slots, where))
