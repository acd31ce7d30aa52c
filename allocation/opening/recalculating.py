"""What mended cells move in a workbook: results stored beside formulas are worked out anew, or taken away.

A stored result that no longer fits its formula would be read as a figure. It stays only where the formula is known
not to rest on a mended cell, nor on one whose result went or became another, on any sheet. Sums and plain arithmetic
within a sheet, which totals are made of, are worked out exactly; of any other formula the result is taken away, and
whoever reads it says that it has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from allocation.opening.formula_cells import FormulaCells, Place
from allocation.opening.formula_reading import ReadFormula
from allocation.opening.reckoning import Reckoning
from allocation.opening.resting import BookArea, BookCell, alone, resting


def recalculated(sheets: Mapping[str, bytes], mended: Mapping[str, Iterable[Place]]) -> dict[str, bytes]:
    """The XML of all sheets of a workbook, in which cells were mended, with the results that rest on them.

    Raises ExpatError where a sheet is no XML.
    """
    plain = [title.casefold() for title in sheets]
    numbers = {title: number for number, title in enumerate(plain) if plain.count(title) == 1}
    cells = [FormulaCells(data) for data in sheets.values()]
    typed = {BookCell(number, *place) for number, title in enumerate(sheets) for place in mended.get(title, ())}
    rests = {
        BookCell(number, *place): _rests_on(formula, number, numbers)
        for number, sheet in enumerate(cells)
        for place, formula in sheet.formulas.items()
    }
    unknown = [cell for cell, areas in rests.items() if areas is None]
    arrays = [BookArea(number, span) for number, sheet in enumerate(cells) for span in sheet.arrays]
    reached, lost = resting(
        {cell: areas for cell, areas in rests.items() if areas is not None}, arrays, map(alone, [*typed, *unknown])
    )
    lost |= {*unknown}
    for number, span in arrays:
        lost |= {BookCell(number, *place) for place in cells[number].within(span)}
    return {
        title: _with_results(sheet, _of(reached, number), _of(lost - typed, number))
        for number, (title, sheet) in enumerate(zip(sheets, cells, strict=True))
    }


def _rests_on(formula: ReadFormula | None, here: int, numbers: Mapping[str, int]) -> list[BookArea] | None:
    """None where nobody can say: of a sheet that is not in the workbook, too."""
    if formula is None:
        return None
    areas = []
    for area in formula.rests_on:
        sheet = numbers.get(area.title) if area.title else here
        if sheet is None:
            return None
        areas.append(BookArea(sheet, area.cells))
    return areas


def _of(cells: Iterable[BookCell], sheet: int) -> set[Place]:
    return {(cell.row, cell.column) for cell in cells if cell.sheet == sheet}


def _with_results(sheet: FormulaCells, reached: set[Place], lost: set[Place]) -> bytes:
    """Anew where a formula is plain arithmetic over its own sheet."""
    read = {place: formula for place in reached - lost if (formula := sheet.formulas[place])}
    plain = {place: each.tokens for place, each in read.items()
             if each.tokens and all(isinstance(token, str) or not token.title for token in each.tokens)}  # fmt: skip
    return sheet.with_results(Reckoning(sheet, lost | (reached - {*plain})).all(plain))
