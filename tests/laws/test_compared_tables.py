"""A comparison says the same in every medium, and what one works out by hand of its runs; its formulas say it too."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from fractions import Fraction

import pytest
from desk import some
from own_code import PACKAGE
from printed_models import made
from recalculation import differences, recalculated
from recorded_book import Book

from allocation.analysis.compare import Comparison, compare
from allocation.analysis.scenarios import Scenario
from allocation.commands.printing import print_comparison
from allocation.commands.screen import Screen
from allocation.notebook.comparison_view import ComparisonView
from allocation.report import comparison as described
from allocation.report.printed import PrintedTable
from allocation.run.finding import find
from allocation.run.scenario import Change
from allocation.sheets.memory import Formula
from allocation.texts import Both
from allocation.texts.decimals import figure_text
from allocation.verify.verifying import verify
from allocation.xlsx.comparison import TOP, comparison_sheets

SEEDS = some(range(40), on_a_desk=5)
OLD = PACKAGE.parent / "tests" / "old_files" / "0.2" / "compared"  # written before a comparison was described


def compared(seed: int) -> Comparison:
    """Two to four runs of a model with every kind of column, told apart by weights and single figures."""
    run, rng = made(seed), random.Random(f"compared {seed}")
    scenarios = []
    for place in range(rng.choice([1, 2, 3])):
        changes = [Change("weight_a", Fraction(rng.choice([1, 3, 6]), 4))] if rng.random() < 0.7 else []
        for name in ("given_b", "people") if rng.random() < 0.7 else ():
            changes.append(Change(f"{name}@{rng.choice(run.table.codes)}", Fraction(rng.choice([0, 7, 900]))))
        scenarios.append(Scenario(f"s{place}", Both(f"情景{place}", f"Scenario {place}"), (tuple(changes),)))
    return compare(run.model, (run.table,), scenarios)


def bounded() -> Comparison:
    """One whose awards sit at floors and caps."""
    material = find("incentive_fund", None, None)
    scenario = Scenario("caps", Both("控增幅", "caps"), ((Change("hold_harmless", Fraction(9, 10)),),))
    return compare(material.model, (material.table,), [scenario])


EVERY = [*SEEDS, "bounded"]


def case(seed: int | str) -> Comparison:
    return bounded() if seed == "bounded" else compared(int(seed))


# ---- by hand


def by_hand(comparison: Comparison, kind: str, place: int, row: int) -> object:
    """From the runs' own figures."""
    model, run, base = comparison.model, comparison.runs[place], comparison.runs[0]
    awards, first = run.figures(model.award), base.figures(model.award)
    match kind:
        case "award":
            return awards[row]
        case "change":
            return awards[row] - first[row]
        case "change_part":
            return (awards[row] - first[row]) / first[row] if first[row] > 0 else None
        case "share":
            return awards[row] / sum(awards) if sum(awards) else None
        case "each":
            people = run.figures(model.per_person)[row]
            return awards[row] / people if people and people > 0 else None
        case "rank":
            return Fraction(1 + sum(other > awards[row] for other in awards))
    raise AssertionError(kind)


def unlike(comparison: Comparison) -> list[tuple[str, int, object, object]]:
    """Where the described table says anything else; who sits at a bound is told by the test of its own."""
    table = comparison.table
    return [
        (column.key, line.rows[0], figure, wanted)
        for column in table.columns
        if not column.stub and column.kind != "text"
        for line, figure in zip(table.lines, table.figures[column.key], strict=True)
        if not line.summed
        for place, kind in [described.entry_of(column.key)]
        if figure != (wanted := by_hand(comparison, kind, place, line.rows[0]))
    ]


@pytest.mark.parametrize("seed", EVERY)
def test_a_comparison_is_what_one_works_out_by_hand_of_its_runs(seed):
    comparison = case(seed)
    assert unlike(comparison) == []
    kinds = {described.entry_of(column.key)[1] for column in comparison.table.columns if not column.stub}
    assert {"award", "change", "change_part", "share", "rank"} <= kinds


def test_the_generated_comparisons_have_a_figure_a_head_and_the_shipped_one_bounds():
    keys = {column.key for seed in EVERY for column in case(seed).table.columns}
    assert {"1:each", "1:bound"} <= keys
    assert set(bounded().figures(1, described.BOUND)) == {None, "floor"}


# ---- media


def on_sheet(comparison: Comparison, lang: str) -> Book:
    book = Book(lang)
    comparison_sheets(book, comparison)
    return book


@pytest.mark.parametrize("seed", EVERY)
def test_what_the_cells_store_is_the_described_table_and_what_their_formulas_give(seed):
    comparison = case(seed)
    book, table = on_sheet(comparison, "zh"), comparison.table
    sheet = book.sheets["比较"]
    for place in range(len(table.lines)):
        for at, column in enumerate(table.columns):
            cell = sheet.cells.get((TOP - 1 + place, at))
            held = cell.value if isinstance(cell, Formula) else cell
            said = table.cell(column, place, "zh")
            figure = float(said) if isinstance(said, Fraction) else said or None
            assert (held or None) == (figure or None) or float(held) == figure, (column.key, place)
            assert column.stub or isinstance(cell, Formula) or table.lines[place].summed
    if seed in SEEDS[::4] or seed == "bounded":
        assert [told for told in differences(book, recalculated(book)) if told[0][0] == "比较"] == []


def texts(table: PrintedTable, lang: str) -> list[list[str]]:
    """Its lines as a person reads them: figures with their decimals."""
    return [
        [
            str(table.cell(column, place, lang) or "")
            if column.kind == "text"
            else figure_text(table.figures[column.key][place], column.decimals, column.unit.is_percent)
            for column in table.columns
        ]
        for place in range(len(table.lines))
    ]


@pytest.mark.parametrize("seed", EVERY)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_terminal_notebook_and_frame_show_what_the_workbook_shows(seed, lang, capsys):
    comparison = case(seed)
    shown, table = comparison.shown, comparison.table
    for column in shown.columns:
        if not column.stub and column.key in table.figures:
            units = [line.rows for line in table.lines if not line.summed]
            whole = {line.rows: figure for line, figure in zip(table.lines, table.figures[column.key], strict=True)}
            told = dict(zip((line.rows for line in shown.lines), shown.figures[column.key], strict=True))
            assert all(told[rows] == whole[rows] for rows in told) and len(units) <= len(told)
    print_comparison(comparison, Screen(lang))
    printed = [re.split(r" {2,}", line.strip()) for line in capsys.readouterr().out.splitlines()]
    for line in texts(shown, lang):
        assert [cell for cell in line if cell] in printed
    view = ComparisonView(comparison, None)
    for place, label in enumerate(view.labels):
        assert list(view.frame[label]) == [float(value) for value in comparison.figures(place, described.AWARD)]
        if place:
            assert list(view.changes[label]) == [float(value) for value in comparison.figures(place, described.MOVED)]


@pytest.mark.parametrize("kind", ["change", "change_part", "share", "each", "rank"])
def test_a_column_that_is_described_wrongly_is_noticed(kind, monkeypatch):
    """Another formula in its place differs by hand, whatever the media agree on."""
    column = described._column

    def wrong(base, each, of_kind):
        right = column(base, each, of_kind)
        return replace(right, node=described.Term(each.key("award")).node) if of_kind == kind else right

    monkeypatch.setattr(described, "_column", wrong)
    assert any(key.endswith(f":{kind}") for seed in SEEDS for key, *_ in unlike(compared(seed)))


# ---- what earlier versions wrote


@pytest.mark.parametrize("file", sorted(OLD.glob("*.xlsx")), ids=lambda path: path.stem)
def test_a_comparison_of_0_2_is_verified(file):
    """`points` has shares of awards that have no total, `alone` a sum over one county."""
    verdict = verify(file)
    assert verdict.clean and verdict.cells > 400


def test_awards_without_a_total_have_no_shares_any_more():
    run = made(next(seed for seed in range(90) if len(made(seed).table) > 2))
    award = run.model.columns["award"]
    points = replace(award, unit=run.model.units.parse("分"))
    model = replace(run.model, columns={**run.model.columns, "award": points})
    base = replace(run, model=model)
    table = Comparison((Scenario("a", Both("甲", "a"), ()),), (base,)).table
    assert "0:rank" in table.figures and "0:share" not in table.figures
