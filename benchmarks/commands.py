"""The command line as staff meet it: processor time of whole processes, start included, and memory at its height."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from allocation.texts import Both
from benchmarks.data import ROOT, province, write_nation
from benchmarks.row import Outcome, exponent

# Python keeps compiled modules unless told not to, as on anyone's machine; both sides of a pair have the same threads.
USUAL = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
BARE = [sys.executable, "-c", "import numpy, openpyxl, xlsxwriter"]
VARIANT = """[scenario]
zh = "情景{n}"
en = "Variant {n}"

[[change]]
address = "pool"
set = {pool}

[[change]]
address = "hold_harmless"
set = "{floor}%"
"""


def took(command: Sequence[str], wanted: Sequence[int] = (0,)) -> float:
    """Processor seconds of a process and of those it began."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=ROOT, env=USUAL, capture_output=True, text=True, check=False)
    assert done.returncode in wanted, done.stderr[-400:]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def beside(ours: Sequence[str], peer: Sequence[str], times: int) -> Outcome:
    took(peer), took(ours)
    pairs = [(took(ours), took(peer)) for _ in range(times)]
    return Outcome(median(a / b for a, b in pairs), min(a for a, _ in pairs), min(b for _, b in pairs))


def allocation(*words: str) -> list[str]:
    return [sys.executable, "-m", "allocation", *words]


def starting(command: str) -> Callable[[int], Outcome]:
    """`run` or `check` on seven counties beside a bare import of the three libraries."""

    def measure(times: int) -> Outcome:
        with tempfile.TemporaryDirectory() as folder:
            out = ["--out", folder] if command == "run" else []
            result = beside(allocation(command, "incentive_fund", *out), BARE, times)
            assert command == "check" or (Path(folder) / "incentive_fund.xlsx").stat().st_size
            return result

    return measure


def whole_run(counties: int) -> Outcome:
    """The whole command, workbook included, exact beside `--float`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sets = write_nation(folder / "nation_2024.csv", counties)
        words = ["run", "incentive_fund", "--year", "2024", "--input", str(folder / "nation_2024.csv")]
        words += [word for change in sets for word in ("--set", change)]
        commands = [
            allocation(*words, *more, "--out", str(folder / place)) for more, place in (((), "a"), (("--float",), "b"))
        ]
        result = beside(commands[0], commands[1], 1 if counties > 500 else 2)
        tables = [(folder / place / "incentive_fund.csv").read_text("utf-8-sig").splitlines()[1:] for place in "ab"]
        assert len(tables[0]) >= counties and _awards(tables[0]) == _awards(tables[1])
        return result


def _awards(lines: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(line.split(",")[:2]) for line in lines]


def comparing(variants: int) -> Outcome:
    """`compare` of so many variants beside one run of the command."""
    with tempfile.TemporaryDirectory() as name:
        folder, files = Path(name), []
        for n in range(variants):
            files.append(folder / f"variant_{n}.toml")
            files[-1].write_text(VARIANT.format(n=n, pool=5000 + 25 * n, floor=50 + n % 40), encoding="utf-8")
        compare = allocation("compare", "incentive_fund", *map(str, files), "--out", str(folder / "a"))
        return beside(compare, allocation("run", "incentive_fund", "--out", str(folder / "b")), 2)


def letters(most: int) -> Outcome:
    """Memory at its height for letters to so many, beside that for a tenth of them; and how time grows."""
    told = [_letters(count) for count in (most // 10, most // 3, most)]
    slope = exponent((most // 10, most // 3, most), [seconds for seconds, _ in told])
    ratio = told[-1][1] / told[0][1]
    note = Both(f"时间 n^{slope:.2f}", f"time n^{slope:.2f}")
    return Outcome(ratio, told[-1][1], told[0][1], note)


def _letters(count: int) -> tuple[float, float]:
    """Processor seconds and MiB, asked of a process whose only child the command is."""
    with tempfile.TemporaryDirectory() as name:
        table = Path(name) / "province.csv"
        province(table, count)
        command = allocation(
            "notices", "provincial_fund", "--input", str(table), "--out", name, "--set", f"pool={978 * count}",
            "--decided", "settled_weight", "--decided", "hold_harmless", "--data-year", "2024",
        )  # fmt: skip
        script = (
            "import resource, subprocess, sys\n"
            "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
            "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
            "print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, *command], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert len(list(Path(name).rglob("*.docx"))) >= count
        seconds, height = map(float, done.stdout.split())
        return seconds, height


def live_workbook(counties: int) -> Outcome:
    """LibreOffice opening and recalculating the live workbook, beside the same book with figures only."""
    if not shutil.which("soffice"):
        raise LookupError("LibreOffice")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sets = write_nation(folder / "nation_2024.csv", counties)
        words = [word for change in sets for word in ("--set", change)]
        took(
            allocation(
                "run",
                "incentive_fund",
                "--year",
                "2024",
                "--input",
                str(folder / "nation_2024.csv"),
                *words,
                "--out",
                name,
            )
        )
        import openpyxl

        book = openpyxl.load_workbook(folder / "incentive_fund.xlsx", data_only=True)
        book.save(folder / "figures.xlsx")

        def opened(file: str) -> list[str]:
            profile = (folder / f"profile_{file}").as_uri()
            return ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "ods", "--outdir",
                    str(folder / "out"), str(folder / f"{file}.xlsx")]  # fmt: skip

        result = beside(opened("incentive_fund"), opened("figures"), 1)
        formulas = sum(cell.data_type == "f" for sheet in openpyxl.load_workbook(folder / "incentive_fund.xlsx")
                       for row in sheet.iter_rows() for cell in row)  # fmt: skip
        live = formulas > 5 * counties
        note = (
            Both(f"{formulas:,} 个公式", f"{formulas:,} formulas")
            if live
            else Both("只有数值，不是活的", "values only, not live")
        )
        return Outcome(result.ratio if live else float("nan"), result.ours, result.peer, note)


def letters_growth(most: int) -> Outcome:
    """How the time of `notices` grows."""
    sizes = (most // 10, most // 3, most)
    seconds = [_letters(count)[0] for count in sizes]
    return Outcome(exponent(sizes, seconds), seconds[-1], seconds[0])
