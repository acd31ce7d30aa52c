"""Large live workbooks, recalculated by LibreOffice: every figure is the engine's, also once groups were edited.

Counties of a shipped model with floors and caps that bind, and rows shared by group; some 15 seconds of the processor.
A nation's 2,850 counties and 5,542 rows by group take minutes on a busy machine, so these sizes were compared by hand
in the same way: the awards were equal, those of the rows also once group cells were edited.
"""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from desk import IN_CI
from recalculation import libreoffice, needs_libreoffice, states, unequal
from recorded_book import edit
from shipped import sample_model
from small_models import run as run_small

from allocation.policy.model import Input
from allocation.record.recording import record_of
from allocation.run.run import Run, run_model
from allocation.run.scenario import Change
from allocation.tables.table import Table
from allocation.xlsx.layout import Layout, letters
from allocation.xlsx.plan import make_plan
from allocation.xlsx.writer import write_workbook

COUNTIES, ROWS = (600, 900) if IN_CI else (120, 300)
POOL = "round(0.5 * total(least + most, by = g))"
SHARED = f"largest_remainder({POOL}, bounded_share({POOL}, x, up(least), up(most), by = g), by = g)"


def nation() -> Run:
    """Ratios with decimals, every figure within its declared range, last year's awards as floors and caps."""
    model, rng = sample_model("incentive_fund@2017"), random.Random(1)
    values = {name: tuple(_figure(entry, rng, row) for row in range(COUNTIES)) for name, entry in model.inputs.items()}
    codes = tuple(f"{100000 + row}" for row in range(COUNTIES))
    table = Table(codes, tuple(f"县{code}" for code in codes), values, 2017)
    changes = [Change("pool", sum(values["last_award"])), Change("hold_harmless", Fraction(9, 10))]
    return run_model(model, table, [*changes, Change("growth_cap_on", Fraction(1))])


def _figure(entry: Input, rng: random.Random, row: int) -> Fraction | str:
    if entry.text:
        return f"组{row % 14}"
    scale = 10 ** (entry.decimals if entry.decimals is not None else 0 if entry.whole else 2)
    low, high = entry.min or 0, min(900, entry.max if entry.max is not None else 900)
    return Fraction(rng.randint(int(low * scale), int(high * scale)), scale)


def groups(changed: bool) -> Run:
    """Prefectures of some fifteen counties; `changed`: three of these moved to another one, and two figures edited."""
    rng = random.Random(2)
    x = [rng.choice([0, 7, 7, rng.randint(1, 900)]) for _ in range(ROWS)]
    g = [f"市{rng.randrange(ROWS // 15)}" for _ in range(ROWS)]
    least = [rng.choice([0, own // 2, 2 * own]) for own in x]
    most = [low + rng.choice([0, own, 3 * own + 5]) * (own > 0) for low, own in zip(least, x, strict=True)]
    if changed:
        g[5], g[40], g[ROWS - 1] = g[200], g[0], g[100]
        x[9], x[77] = 450, 7
    return run_small(x=x, g=g, least=least, most=most, formula=SHARED)


def written(run: Run, path: Path) -> Path:
    assert make_plan(run, Layout(run.model, len(run.table), "zh")).live
    write_workbook(run, path, "zh", replace(record_of(run), doubts=()))
    return path


def figures_in(path: Path) -> dict[tuple[str, int, int], object]:
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    return {
        (name, row, column): value
        for name in ("测算", "核对")
        for row, values in enumerate(book[name].iter_rows(values_only=True), start=1)
        for column, value in enumerate(values, start=1)
    }


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    needs_libreoffice()
    folder = tmp_path_factory.mktemp("nation")
    runs = {"nation": nation(), "groups": groups(False), "changed": groups(True)}
    files = {name: written(runs[name], folder / f"{name}.xlsx") for name in ("nation", "groups")}
    layout = Layout(runs["groups"].model, ROWS, "zh")
    cells = {
        ("数据", f"{letters(layout.inputs[name])}{layout.first + row}"): value
        for name in layout.inputs
        for row, (value, before) in enumerate(
            zip(runs["changed"].figures(name), runs["groups"].figures(name), strict=True)
        )
        if value != before
    }
    assert len(cells) > 4
    files["changed"] = edit(files["groups"], folder / "changed.xlsx", cells)
    saved = {name: libreoffice([file], folder / name)[name] for name, file in files.items()}
    return {name: (runs[name], figures_in(file)) for name, file in saved.items()}


@pytest.mark.parametrize("name", ["nation", "groups", "changed"])
def test_every_figure_of_a_nation_is_the_engines(books, name):
    run, found = books[name]
    assert states(run, found) == [0, 0]
    assert unequal(run, found) == []
