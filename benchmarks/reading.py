"""A nation's 35,000 townships in 19 columns: the file read for a model with every check on, beside a bare reading."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from allocation.language.units import Units
from allocation.policy.model import Input, Model
from allocation.tables.reading import read_table
from allocation.texts import Both
from benchmarks.row import Outcome, in_pairs, outcome

FIGURES = 17


def model() -> Model:
    units = Units()
    entries = [Input(f"x{n}", Both(f"指标{n}", f"Figure {n}"), units.parse("万元"), min=0, decimals=2)
               for n in range(FIGURES)]  # fmt: skip
    label = Both("读表", "Reading")
    inputs = {entry.name: entry for entry in entries}
    return Model("reading", label, (), "", "", (None, None), {}, inputs, {}, (), (), units, "", "")


def lines(rows: int) -> Iterator[Sequence[str | float]]:
    yield ["行政区代码", "名称", *(f"指标{n}" for n in range(FIGURES))]
    for row in range(rows):
        figures = ((row * 7919 + n * 104729) % 900_000 / (100 if n % 3 == 0 else 1) for n in range(FIGURES))
        yield [f"{100000 + row}", f"县{row}", *figures]


def read(rows: int) -> Outcome:
    """python-calamine, which checks nothing, is the peer."""
    import xlsxwriter
    from python_calamine import CalamineWorkbook

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("数据")
            for place, line in enumerate(lines(rows)):
                sheet.write_row(place, 0, line)

        def bare() -> list[list[object]]:
            return CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()

        asked = model()
        assert [float(x) for x in read_table(path, asked).values["x1"]] == [line[3] for line in bare()[1:]]
        return outcome(in_pairs(lambda: read_table(path, asked), bare, 2))
