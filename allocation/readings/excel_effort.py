"""What recalculating a live workbook costs, in seconds, before it is written.

From two books that LibreOffice 7.4 opened and saved, not from a fit over sizes: 2,850 counties with 374,000 formulas,
and 5,542 rows shared by group. FORMULA is the processor's time of the first less that of a book with values only,
scaled from a busy machine to an idle one; nearly all of it is reading and saving formulas. READ was told from single
formulas over 2,850 cells, to a second or so; comparing texts took twice as long.
"""

from __future__ import annotations

from allocation.texts import Both, both

BUDGET = 20.0  # seconds above which a workbook holds values, and an edit that asks for more is not followed
FORMULA, READ = 1.1e-5, 5e-8  # seconds of a formula, and of each cell that it reads
STEPS = 40_000_000  # cells read, rows times range length, above which a workbook of 0.2 holds values


def seconds(formulas: int, reads: int) -> float:
    """What so many formulas take that read so many cells in all."""
    return FORMULA * formulas + READ * reads


def fits(work: float, compared: bool) -> bool:
    """Whether a workbook is live: `work` in seconds, or in steps where every unit is `compared` with every other."""
    return work <= (STEPS if compared else BUDGET)


def follows(reads: int) -> bool:
    """Whether formulas that only an edit asks for may read so many cells."""
    return READ * reads <= BUDGET


def too_much(work: float, compared: bool) -> Both:
    """Why a workbook holds values only."""
    if compared:
        return both("workbook.live_values_compared", work=int(work))
    return both("workbook.live_values", seconds=max(1, round(work)))
