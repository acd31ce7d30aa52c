"""sweep: every combination of a grid, or inputs sampled from their ranges; what is done survives Ctrl-C."""

from __future__ import annotations

import re
import sys
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from allocation.classes import dataclass
from allocation.commands.attached import TableCommand
from allocation.commands.figures import standing
from allocation.commands.products import Product, finish
from allocation.commands.requests import TableRequest, gathered
from allocation.commands.screen import JSON, Screen
from allocation.commands.search_journal import keep_search
from allocation.commands.shared import MODEL, OUTPUT, command_line, table_options, took_for
from allocation.errors import AllocationError, Problem, tried
from allocation.files.destination import Destination
from allocation.files.limits import MOST_PROCESSES
from allocation.texts.remedies import option_words

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from allocation.analysis.asked import Asked
    from allocation.lab.ranges import Balance, FactorRange
    from allocation.lab.sweep import Sweep, Swept
    from allocation.lab.sweep_measures import Findings
    from allocation.lab.sweep_part import PartFile
    from allocation.lab.workers import Workers
    from allocation.run.finding import ModelWithTable
    from allocation.run.run import Run

SAMPLES, SEED = 1024, 1
ENDINGS = ("xlsx", "parquet", "csv", "part")  # all that is written stands beside the workbook


class WholeNumber(click.IntRange):
    """A whole number whose range is held against it later, together with all else that may be wrong."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        return int(click.INT.convert(value, param, ctx))


LIMITS = {"--samples": (2, 65536), "--seed": (0, 2**31), "--workers": (1, MOST_PROCESSES)}
NUMBERS = {option: WholeNumber(*limits) for option, limits in LIMITS.items()}


@dataclass(frozen=True, kw_only=True)
class SweepRequest(TableRequest):
    """What `sweep` is asked."""

    ranges: tuple[str, ...]
    grids: tuple[str, ...]
    samples: int | None
    seed: int | None
    balance: str | None
    figures: tuple[str, ...]
    exact: bool
    workers: int | None
    cluster: str | None
    resume: bool
    out: Destination


@click.command(cls=TableCommand)
@MODEL
@click.option("--range", "ranges", multiple=True)
@click.option("--grid", "grids", multiple=True)
@click.option("--samples", type=NUMBERS["--samples"])
@click.option("--seed", type=NUMBERS["--seed"])
@click.option("--balance")
@click.option("--figure", "figures", multiple=True)
@click.option("--exact", is_flag=True)
@click.option("--workers", type=NUMBERS["--workers"])
@click.option("--cluster")
@click.option("--resume", is_flag=True)
@OUTPUT
@table_options
@gathered(SweepRequest)
def sweep(request: SweepRequest) -> int:
    """Try many values: ranges of each award, and what drives them."""
    from allocation.commands.printing import print_checks
    from allocation.lab.sweep import make_sweep
    from allocation.office.asking import open_table
    from allocation.run.finding import spare_inputs
    from allocation.run.run import run_model
    from allocation.run.shelf import base_name
    from allocation.xlsx.files import targets

    problems = _misused(request)
    given = [*request.ranges, *request.grids]
    material, changes = tried(problems, open_table, request, [], given) or (None, [])
    material = material and standing(material, given, request.screen)
    base = parsed = None
    if material:
        base = tried(problems, run_model, material.model, material.table, changes, exact=request.exact,
                     reference=request.reference)  # fmt: skip
        parsed = tried(problems, _parsed, base, request) if base else None
    if problems or material is None or base is None or parsed is None:
        raise AllocationError(problems)
    book = targets(request.out, f"{base_name(material.model.name)}_sweep")["workbook"]
    spare_inputs(material, {ending: book.with_suffix(f".{ending}") for ending in ENDINGS})
    if not base.ok:
        print_checks(base, request.screen)
        return 1
    count = 0 if request.grids else 1 << ((request.samples or SAMPLES) - 1).bit_length()
    task = make_sweep(base, *parsed, count, SEED if request.seed is None else request.seed)
    if request.samples and count != request.samples:
        request.screen.warn("sweep.rounded", asked=request.samples, samples=count)
    took_for(material, request.screen, base)
    if base.table.attached:
        request.screen.tell("adjust.from_file", files=[kept.file for kept in base.table.attached])
    with _workers(request) as workers:
        return _swept(task, material, base, book, request, workers)


def _workers(request: SweepRequest) -> AbstractContextManager[Workers | None]:
    """Who runs the blocks, asked before anything is written; None for this process alone."""
    if request.cluster is None and request.workers is None:
        return nullcontext()
    from allocation.lab.workers import in_cluster, in_processes

    return (
        in_cluster(request.cluster) if request.cluster is not None else nullcontext(in_processes(request.workers or 1))
    )


def _misused(request: SweepRequest) -> list[Problem]:
    """What is wrong with the options as such."""
    ranges, grids = request.ranges, request.grids
    problems = [Problem("sweep.nothing" if not ranges else "sweep.mixed")] if bool(ranges) == bool(grids) else []
    if grids and not ranges and (request.samples is not None or request.seed is not None):
        problems.append(Problem("sweep.samples_grid"))
    if request.cluster is not None:
        from allocation.lab.workers import wrong_address

        wrong = Problem("sweep.two_crews") if request.workers is not None else wrong_address(request.cluster)
        problems += [wrong] if wrong else []
    numbers = {"--samples": request.samples, "--seed": request.seed, "--workers": request.workers}
    for option, number in numbers.items():
        low, high = LIMITS[option]
        if number is not None and not low <= number <= high:
            problems.append(
                Problem("cli.bad_range", {"option": option_words(option), "low": low, "high": high, "found": number})
            )
    return problems


def _parsed(base: Run, request: SweepRequest) -> tuple[list[FactorRange], list[Asked], Balance | None]:
    """Factors, figures asked for and the balance; all that is wrong with any of them at once."""
    from allocation.analysis.asked import ask
    from allocation.lab.ranges import parse_balance, parse_factors

    problems: list[Problem] = []
    grids, option = request.grids, "--grid" if request.grids else "--range"
    factors = tried(problems, parse_factors, grids or request.ranges, base.model, base.tables, option) or []
    endless = [factor.text for factor in factors if grids and not factor.listed]
    problems += [Problem("sweep.grid_step", {"text": text}, "--grid") for text in endless]
    asked = [tried(problems, ask, text, base.model, base.table) for text in dict.fromkeys(request.figures)]
    balance = None
    if request.balance is not None:
        balance = tried(problems, parse_balance, request.balance, base.model)
    if problems:
        raise AllocationError(problems)
    return factors, [figure for figure in asked if figure], balance


def _swept(
    task: Sweep, material: ModelWithTable, base: Run, book: Path, request: SweepRequest, workers: Workers | None
) -> int:
    """Runs what is left, then writes and prints. Ctrl-C and files that cannot be written leave the part file."""
    from allocation.commands.sweep_progress import progress
    from allocation.lab.blocks import run_sweep
    from allocation.lab.sweep import Swept, baseline
    from allocation.lab.sweep_part import PartFile

    level, screen = baseline(task), request.screen
    with PartFile(book.with_suffix(".part"), task, request.resume) as part:
        _say_found(part, request.resume, screen)
        try:
            with progress(task.runs, screen) as report:
                rows = run_sweep(task, part, report, workers)
            _write(_useful(part, Swept(task, base, rows, level)), material, book, screen)
        except KeyboardInterrupt:
            _say_kept("sweep.stopped", part, screen)
            screen.line(f"  {again()}", err=True)
            return 2
        except AllocationError:
            if part.path.exists():
                _say_kept("sweep.kept", part, screen)
            raise
        part.finish()
        return 0


def _say_kept(message: str, part: PartFile, screen: Screen) -> None:
    """How far it came, and where that is kept."""
    slots = {"done": part.done, "runs": part.sweep.runs, "path": part.path.as_posix()}
    screen.warn(message, **slots)


def _useful(part: PartFile, swept: Swept) -> Findings:
    """The findings; where no run can be used there is nothing to keep either."""
    from allocation.lab.sweep_measures import findings

    try:
        return findings(swept)
    except AllocationError:
        part.discard()
        raise


def _say_found(part: PartFile, resume: bool, screen: Screen) -> None:
    if part.resumed:
        screen.warn("sweep.resumed", done=part.done, runs=part.sweep.runs)
    elif resume:
        screen.warn("sweep.no_part")
    elif part.aside:
        screen.warn("sweep.aside", path=part.aside.as_posix(), own=part.path.name)


def _write(findings: Findings, material: ModelWithTable, book: Path, screen: Screen) -> None:
    from allocation.commands.sweep_printing import print_findings
    from allocation.xlsx.sweep import write_sweep
    from allocation.xlsx.sweep_runs import runs_ending, write_csv, write_parquet

    runs = book.with_suffix(f".{runs_ending()}")
    write = write_parquet if runs.suffix == ".parquet" else write_csv
    lang, typed = screen.lang, command_line()
    products = [
        Product(book, lambda beside: write_sweep(findings, beside, lang, typed, runs.name), "sweep.wrote_workbook"),
        Product(runs, lambda beside: write(findings.swept, beside, lang), "sweep.wrote_runs"),
    ]
    answer = screen.say("study.kept_sweep", runs=findings.swept.sweep.runs, held=findings.held)
    put = partial(keep_search, "sweep", material, answer, book.parent, screen, None)
    finish(products, screen, put=put, show=partial(print_findings, findings, screen))
    if runs.suffix == ".csv":
        screen.tell("sweep.no_pyarrow")


def again() -> str:
    """The command to type again, with --resume; double quotes hold in every shell."""
    words = ["allocation", *(word for word in sys.argv[1:] if word != JSON)]
    words += [] if "--resume" in words else ["--resume"]
    return " ".join(f'"{word}"' if re.search(r"[^\w@%+=:,./\\-]", word) else word for word in words)
