"""A nation's 35,000 townships in 19 columns: opening the file, and reading it for a model with every check on.

Figures are made up by a fixed rule; only their number matters. Processor time of one process, and its peak memory;
the ratio to calamine's bare reading (python-calamine, which checks nothing) says what the checks cost.
"""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from allocation.language.units import Units
from allocation.policy.model import Input, Model
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.reading import read_table
from allocation.texts import Both

ROWS, FIGURES = 35_000, 17


def model() -> Model:
    units = Units()
    entries = [Input(f"x{n}", Both(f"指标{n}", f"Figure {n}"), units.parse("万元"), min=0, decimals=2)
               for n in range(FIGURES)]  # fmt: skip
    label = Both("读表", "Reading")
    return Model("reading", label, (), "", "", (None, None), {}, {one.name: one for one in entries}, {}, (), (), units,
                 "", "")  # fmt: skip


def lines():
    yield ["行政区代码", "名称", *(f"指标{n}" for n in range(FIGURES))]
    for row in range(ROWS):
        figures = ((row * 7919 + n * 104729) % 900_000 / (100 if n % 3 == 0 else 1) for n in range(FIGURES))
        yield [f"{100000 + row}", f"县{row}", *figures]


def write(folder: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(folder / "table.xlsx") as book:
        sheet = book.add_worksheet("数据")
        for row, line in enumerate(lines()):
            sheet.write_row(row, 0, line)
    with (folder / "table.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines())


def measure(path: str, what: str) -> None:
    """In a process of its own, so that its peak is its own."""
    asked = model()
    start = time.process_time()
    if what == "read":
        assert len(read_table(path, asked)) == ROWS
    elif what == "open":
        open_grid(path, read_bytes(path))
    else:
        from python_calamine import CalamineWorkbook

        CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    seconds = time.process_time() - start
    print(f"{seconds:.3f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


def least(path: Path, what: str, times: int = 3) -> tuple[float, int]:
    found = []
    for _ in range(times):
        run = subprocess.run([sys.executable, __file__, str(path), what], capture_output=True, text=True, check=True)
        seconds, peak = run.stdout.split()
        found.append((float(seconds), int(peak)))
    return min(found)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder)
        bare = least(folder / "table.xlsx", "calamine")
        for kind in ("xlsx", "csv"):
            opened, read = (least(folder / f"table.{kind}", what) for what in ("open", "read"))
            print(f"{kind}: open {opened[0]:.2f} s, {opened[1]} MiB; read {read[0]:.2f} s, {read[1]} MiB")
            print(f"    ÷ calamine's bare reading of the xlsx ({bare[0]:.2f} s): {read[0] / bare[0]:.1f}")


if __name__ == "__main__":
    measure(*sys.argv[1:]) if len(sys.argv) == 3 else main()
