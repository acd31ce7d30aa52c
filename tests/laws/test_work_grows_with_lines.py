"""What is said of three times as many counties takes three times the work: nothing is looked up anew on every line.

Work is counted, not timed: the lines of ours that Python runs, function by function, a round of a comprehension among
them. On so small a table a look-up a line costs nothing that a clock would see; at 2,850 counties it was most of a run.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from fractions import Fraction
from pathlib import Path
from types import CodeType, FrameType

import pytest
from desk import some
from own_code import PACKAGE

from allocation.analysis.compare import compare
from allocation.analysis.scenarios import Scenario
from allocation.commands.printing import print_run
from allocation.commands.screen import Screen
from allocation.documents.letter import Letters
from allocation.documents.notices import calculation, handed
from allocation.documents.reasons import reasons
from allocation.policy.loading import load_model
from allocation.record.recording import record_of
from allocation.report.lines import readers
from allocation.report.printed import PrintedTable
from allocation.report.tables import annex_table, award_table, edition_tables, letter_table
from allocation.run.run import Run, run_model
from allocation.run.scenario import Change
from allocation.tables.table import Table
from allocation.texts import Both
from allocation.xlsx.comparison import write_comparison
from allocation.xlsx.editions import edition_books
from allocation.xlsx.files import write_csv
from allocation.xlsx.writer import write_workbook

MODEL = load_model(PACKAGE.parent / "models" / "provincial_fund.toml")
FEW, TIMES = 100, 3
SLACK = 1.3  # a list that grows by doubling, a group that is cut elsewhere
SMALL = 1_000  # lines of a function that may come to more by chance; a look-up a line has nine times as many


def table(count: int) -> Table:
    """Groups of four, each as many people as make every county another."""
    figures: dict[str, tuple] = {
        entry.name: tuple(Fraction(500 + (row * 7919 + place * 104_729) % 9_000) for row in range(count))
        for place, entry in enumerate(MODEL.inputs.values())
    }
    figures["payee"] = tuple(f"市{row // 4}" for row in range(count))
    figures["hardship"] = tuple(Fraction(80 + row % 41, 100) for row in range(count))
    return Table(
        tuple(f"{100_000 + row}" for row in range(count)), tuple(f"县{row:03}" for row in range(count)), figures, 2025
    )


def fresh(count: int) -> Run:
    """One of which nothing has been asked."""
    return run_model(MODEL, table(count), [Change("pool", Fraction(10_000 * count))])


def shown(described: PrintedTable) -> None:
    """Every cell, as each renderer asks for it."""
    for column in described.columns:
        for line in range(len(described.lines)):
            described.cell(column, line, "zh")


def letters(run: Run, _: Path) -> None:
    said = Letters(run, "zh")
    for _, rows in readers(run, "payee"):
        reasons(said, [MODEL.award], rows, [run.table.names[row] for row in rows], "你市")
        shown(letter_table(run, rows))
        assert calculation(said, handed(run), rows)


def county_editions(run: Run, folder: Path) -> None:
    shown(edition_tables(run, "county", [(row,) for row in range(len(run.table))])[-1])
    for book in edition_books(run, "county", folder, str, "", "zh"):
        book.write(folder / "a.xlsx")


def comparison(run: Run, folder: Path) -> None:
    less = Scenario("less", Both("少", "less"), ((Change("pool", Fraction(9_000 * len(run.table))),),))
    more = Scenario("more", Both("多", "more"), ((Change("pool", Fraction(9_900 * len(run.table))),),))
    write_comparison(compare(run.model, [run.table], [less, more]), folder / "b.xlsx", "zh")


def terminal(run: Run, _: Path) -> None:
    with redirect_stdout(io.StringIO()):
        print_run(run, Screen("zh"))


PRODUCTS: dict[str, Callable[[Run, Path], object]] = {
    "资金测算表": lambda run, _: shown(award_table(run)),
    "附件": lambda run, _: shown(annex_table(run)),
    "workbook": lambda run, folder: write_workbook(run, folder / "c.xlsx", "zh", record_of(run)),
    "letters": letters,
    "county editions": county_editions,
    "comparison": comparison,
    "frame": lambda run, _: run.frame(),
    "csv": lambda run, folder: write_csv(run, folder / "a.csv", "zh"),
    "terminal": terminal,
}


def lines_run(work: Callable[[Run, Path], object], run: Run, folder: Path) -> Counter[CodeType]:
    """How many lines of each function of ours `work` runs."""
    counted: Counter[CodeType] = Counter()
    ours = str(PACKAGE)

    def count(frame: FrameType, event: str, _: object) -> object:
        if not frame.f_code.co_filename.startswith(ours):
            return None
        counted[frame.f_code] += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        work(run, folder)
    finally:
        sys.settrace(before)
    return counted


def growing(work: Callable[[Run, Path], object], folder: Path) -> dict[str, tuple[int, int]]:
    """The functions whose work grew by more than the counties did."""
    work(fresh(FEW), folder)  # what is made once a process
    few, many = (lines_run(work, fresh(count), folder) for count in (FEW, FEW * TIMES))
    return {
        f"{Path(code.co_filename).name}:{code.co_name}": (few[code], lines)
        for code, lines in many.items()
        if few[code] and lines > SLACK * TIMES * few[code] + SMALL  # exact columns take another way where they are long
    }


@pytest.mark.parametrize("name", some(PRODUCTS, 3))
def test_three_times_the_counties_are_three_times_the_work(tmp_path, name):
    assert growing(PRODUCTS[name], tmp_path) == {}


def test_a_look_up_on_every_line_is_seen(tmp_path):
    def looked_up(run: Run, _: Path) -> None:
        for row in range(len(run.table)):
            readers(run, "payee")[row // 4]

    assert {name.partition(":")[0] for name in growing(looked_up, tmp_path)} >= {"lines.py"}
