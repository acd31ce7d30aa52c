"""Tells a sheet's units from its other rows: hands the lines to the judgement, and says what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from allocation.errors import Problem, nearest
from allocation.policy.model import Model
from allocation.tables.cells import SourceCell
from allocation.tables.exact import plain_numbers
from allocation.tables.figures import Measure, Unread, read_number
from allocation.tables.headers import Header
from allocation.tables.keys import CODE, NAME
from allocation.tables.rows import UNREAD, TableRow
from allocation.tables.said import Said
from allocation.tables.spelling import fold
from allocation.tables.totals import Sorted
from allocation.tables.units import Disagreement, Judgement, Lines, judge, national
from allocation.tables.wording import COUNTY, STATEMENT, odd_names, without_mark, wording
from allocation.texts import Both, both, bracketed


def tell_units(
    rows: list[TableRow], header: Header, model: Model, said: Said, problems: list[Problem], notes: list[Problem]
) -> Sorted:
    """Every row's kind by code, wording and figures, or by what a person said; rows in doubt join `problems`."""
    rows, odd = _without_remarks(rows, header, model, notes)
    spoken = _spoken(rows, header, said, problems, notes)
    words = [wording(row.name) for row in rows]
    figures = figures_of(rows, header, model)
    lines = Lines([row.code if row.code != UNREAD else "" for row in rows], [row.name for row in rows], words,
                  [row.depth for row in rows], figures, odd)  # fmt: skip
    judged = judge(lines, spoken)
    kinds = [replace(row, kind=kind, name=_counted(row, at, judged)) if row.kind != kind or at in judged.named else row
             for at, (row, kind) in enumerate(zip(rows, judged.kinds, strict=True))]  # fmt: skip
    _report_doubts(judged.doubts, kinds, header, problems)
    _say_set_aside(judged, kinds, header, notes)
    spans = {kinds[at].index: [[kinds[row] for row in span] for span in held] for at, held in judged.spans.items()}
    settled = frozenset(kinds[at].index for at, kind in spoken.items() if kind != COUNTY)
    unnamed = frozenset(kinds[at].index for at in judged.unnamed)
    return Sorted(kinds, spans, settled, unnamed, bool(judged.doubts))


def _without_remarks(
    rows: list[TableRow], header: Header, model: Model, notes: list[Problem]
) -> tuple[list[TableRow], dict[int, str]]:
    """The rows without those that are neither named as units are nor hold anything (a date, 第1页), and which of the
    rest have odd names, with why."""
    odd = odd_names([row.name for row in rows], [national(row.code) for row in rows])
    blank = {at for at in odd if _is_blank(rows[at], header, model)}
    if not blank:
        return rows, odd
    notes += [Problem("tables.row_skipped", {"name": rows[at].name}, _place(rows[at], header)) for at in sorted(blank)]
    kept = [row for at, row in enumerate(rows) if at not in blank]
    return kept, {at - sum(gone < at for gone in blank): why for at, why in odd.items() if at not in blank}


def _is_blank(row: TableRow, header: Header, model: Model) -> bool:
    columns = [column for name, column in header.columns.items() if name in model.inputs]
    return all((cell := header.sheet.cell(row.index, column)).missing or cell.merged for column in columns)


def figures_of(rows: list[TableRow], header: Header, model: Model) -> np.ndarray:
    """Rows × the inputs that add up, as the table writes them; NaN where a cell gives no figure."""
    entries = [entry for entry in model.inputs.values() if entry.name in header.columns and entry.adds_up]
    figures = np.full((len(rows), len(entries)), np.nan)
    indices = np.array([row.index for row in rows], np.int64)
    for at, entry in enumerate(entries):
        measure = Measure(entry, model.units, header.units.get(entry.name))
        column = header.columns[entry.name]
        plain, known = plain_numbers(header.sheet.column(column), indices)
        figures[known, at] = plain
        for place in np.flatnonzero(~known).tolist():
            figures[place, at] = _figure(header.sheet.cell(rows[place].index, column), measure)
    return figures


def _figure(cell: SourceCell, measure: Measure) -> float:
    if cell.missing or cell.merged:
        return float("nan")
    try:
        return float(read_number(cell, measure) / measure.factor)
    except (Unread, OverflowError):
        return float("nan")


def _counted(row: TableRow, at: int, judged: Judgement) -> str:
    return without_mark(row.name) if at in judged.named else row.name


def _spoken(
    rows: list[TableRow], header: Header, said: Said, problems: list[Problem], notes: list[Problem]
) -> dict[int, str]:
    """Position → kind of the rows a person named, by code or by name. A name that is nowhere is an error."""
    spoken: dict[int, str] = {}
    keys = [{fold(row.code), fold(row.name)} - {""} for row in rows] if said.rows else []
    for key, kind in said.rows.items():
        places = [at for at, names in enumerate(keys) if key in names]
        if not places:
            known = {name: rows[at].name for at, names in enumerate(keys) for name in names}
            near = known.get(nearest(key, known), "")
            problems.append(Problem("tables.row_absent", {"found": key, "nearest": near or "—"}, header.sheet.file))
        spoken |= dict.fromkeys(places, kind)
    for kind in dict.fromkeys(spoken.values()):
        names = [rows[at].name for at, each in spoken.items() if each == kind]
        notes.append(
            Problem(f"tables.said_{kind}", {"names": names}, header.sheet.where(header.last, 0).rpartition("!")[0])
        )
    return spoken


def _report_doubts(doubts: list[Disagreement], rows: list[TableRow], header: Header, problems: list[Problem]) -> None:
    """One message a cause, with all its rows."""
    alike: dict[tuple[str, str, str], list[Disagreement]] = defaultdict(list)
    for doubt in doubts:
        alike[doubt.code, doubt.words, doubt.figures].append(doubt)
    for (code, words, figures), those in alike.items():
        first = those[0]
        slots = {
            "rows": _named([rows[doubt.line] for doubt in those]),
            "code": _text(f"code_{code}"),
            "words": _text(f"words_{words}"),
            "figures": _text(f"figures_{figures}"),
            "held": _short([rows[at].name for at in first.held]) if len(those) == 1 else "",
            "key": rows[first.line].code or rows[first.line].name,
            "keys": [rows[doubt.line].code or rows[doubt.line].name for doubt in those],
        }
        problems.append(Problem("tables.row_doubt", slots, _place(rows[first.line], header)))


def _text(key: str) -> Both:
    return both(f"tables.{key}")


def _named(rows: list[TableRow]) -> list[object]:
    return _short([bracketed(row.name, _tail(row)) for row in rows])


def _tail(row: TableRow) -> Both:
    return both("tables.row_of_code", code=row.code, row=row.index + 1)


def _short(names: Sequence[object]) -> list[object]:
    return [*names] if len(names) <= 12 else [*names[:8], "…", *names[-3:]]


def _place(row: TableRow, header: Header) -> str:
    return header.sheet.where(row.index, header.columns.get(NAME, header.columns.get(CODE, 0)))


def _say_set_aside(judged: Judgement, rows: list[TableRow], header: Header, notes: list[Problem]) -> None:
    """What no 合计 announced and yet does not count, and what counts though its wording or code might say otherwise."""
    statements = [at for at, row in enumerate(rows) if row.kind == STATEMENT]
    for message, places in (
        ("statements_set_aside", statements),
        ("holders_set_aside", judged.unnamed),
        ("within_counts", judged.named),
        ("code_above_counts", judged.beside),
    ):
        if places:
            slots = {"names": _short([rows[at].name for at in sorted(places)]), "count": len(places)}
            notes.append(Problem(f"tables.{message}", slots, _place(rows[min(places)], header)))
