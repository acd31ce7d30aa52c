"""The table of a letter: an item a line for one place or a few, a place a line for the places of one payee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from allocation.documents.placeholders import Rows
from allocation.language import tree
from allocation.language.units import Unit
from allocation.parts.part import InLetters, family
from allocation.report.formats import shown
from allocation.run.run import Run
from allocation.texts import in_brackets, say
from allocation.xlsx.editions import NOTE, Shown, column_of, columns_of

BESIDE, ACROSS = 4, 6  # places whose figures stand side by side; columns of a table with a place a line


def own_rows(run: Run, main: str, rows: Sequence[int], lang: str) -> Rows:
    """The reader's own figures: what the edition 送县 shows but adjustments, nothing of others.

    `main`: the column the letter is about; of many places with many columns it alone is shown.
    """
    letter = run.letter or InLetters(main, "award")
    every = {name: column_of(run, name, lang) for name in _names(run, letter, rows)}
    kept = [*_stands(run), "change", run.model.award, run.model.compare_with]
    kept += [] if letter.less in every else [main]
    names = [
        name
        for name, column in every.items()
        if name in kept or not column.adds or any(column.figures[row] for row in rows)
    ]
    columns = [_taken_back(run, name, every[name], rows, lang) for name in names]
    if len(rows) == 1:
        heads = [say(lang, f"notices.{key}") for key in ("item", "figure", "unit")]
        lines = [(_item(column, lang), _text(column, rows), _unit(run, column.unit, lang)) for column in columns]
        return Rows(tuple(heads), tuple(lines))
    if run.model.issued_to or len(rows) > BESIDE:
        if len(names) > ACROSS:
            names = [name for name in names if name not in (run.model.compare_with, "change")]
        if len(names) > ACROSS:
            names = list(letter.short or (main,))
        columns = [_taken_back(run, name, column_of(run, name, lang), rows, lang) for name in names]
        return _place_a_line(run, columns, rows, lang)
    heads = [say(lang, "notices.item"), *(run.table.names[row] for row in rows)]
    heads += [say(lang, "workbook.total"), say(lang, "notices.unit")]
    return Rows(tuple(heads), tuple(_item_a_line(run, column, rows, lang) for column in columns))


def _item_a_line(run: Run, column: Shown, rows: Sequence[int], lang: str) -> tuple[str, ...]:
    whole = _text(column, rows) if column.adds else ""
    return (_item(column, lang), *(_text(column, [row]) for row in rows), whole, _unit(run, column.unit, lang))


def all_rows(run: Run, main: str, rows: Sequence[int], lang: str) -> Rows:
    """The table of a notice that goes to all: a place a line, with the amount and what the letter's part states."""
    letter = run.letter or InLetters(main, "award")
    names = dict.fromkeys([*_stands(run), *letter.short, main, *([NOTE] if any(run.table.printed_notes) else [])])
    columns = [_taken_back(run, name, column_of(run, name, lang), rows, lang) for name in names]
    return _place_a_line(run, columns, rows, lang)


def _stands(run: Run) -> list[str]:
    """What is told even where it is 0."""
    return [name for part in run.parts if part.letter for name in part.letter.stands]


def _names(run: Run, letter: InLetters, rows: Sequence[int]) -> list[str]:
    """Without what the letter says itself, what only repeats another column, and what is settled without being owed."""
    withheld = withheld_from(run, "letter")
    names = [name for name in columns_of(run, "county").columns if name not in ("code", "name", NOTE)]
    names = [name for name in names if family(name) not in withheld]
    if_any = {name for part in run.parts if part.letter for name in part.letter.if_any}
    names = [name for name in names if family(name) not in if_any or any(run.figures(name)[row] for row in rows)]
    nodes = {name: run.model.columns[name].node for name in names if name in run.model.columns}
    repeated = {node.id for name, node in nodes.items() if isinstance(node, tree.Name)}
    return [name for name in names if name not in repeated]


def withheld_from(run: Run, reader: str) -> frozenset[str]:
    """The families of columns that parts print for the office and not for this reader."""
    return frozenset[str]().union(*(part.withheld(reader) for part in run.parts))


def _taken_back(run: Run, name: str, column: Shown, rows: Sequence[int], lang: str) -> Shown:
    """What is taken back now is called so; beside the figures of other places it keeps its minus."""
    sayable = {name for part in run.parts if part.letter for name in part.letter.taken_back}
    back = [row for row in rows if family(name) in sayable and (column.figures[row] or 0) < 0]
    if not back:
        return column
    if len(rows) > 1:
        return replace(column, heading=say(lang, "notices.below_zero", item=column.heading))
    figures = tuple(-figure if row in back else figure for row, figure in enumerate(column.figures))
    return replace(column, heading=say(lang, "notices.source_back_item", item=column.item or column.heading), item="",
                   figures=figures)  # fmt: skip


def _place_a_line(run: Run, columns: list[Shown], rows: Sequence[int], lang: str) -> Rows:
    heads = [say(lang, "workbook.name")]
    for column in columns:
        heads.append(_item(column, lang) + in_brackets(_unit(run, column.unit, lang), lang))
    lines = [(run.table.names[row], *(_text(column, [row]) for column in columns)) for row in rows]
    lines.append((say(lang, "workbook.total"), *(_text(column, rows) if column.adds else "" for column in columns)))
    return Rows(tuple(heads), tuple(lines), total=True)


def _item(column: Shown, lang: str) -> str:
    return say(lang, "notices.part", heading=column.heading, item=column.item) if column.item else column.heading


def _text(column: Shown, rows: Sequence[int]) -> str:
    """The figure of one place, the sum over several; blank where there is none."""
    known = [column.figures[row] for row in rows if column.figures[row] is not None]
    if not known:
        return ""
    return shown(known[0] if len(known) == 1 else sum(known, Fraction(0)), column.number)


def _unit(run: Run, unit: Unit, lang: str) -> str:
    return "" if unit.is_percent else run.model.units.label(unit.name, lang)
