"""A study says the same in every medium: workbook, terminal and frame show the figures and headings of one table."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from desk import some
from printed_models import made
from recalculation import differences, recalculated
from recorded_book import Book

from allocation.analysis import decomposed_table as decomposed
from allocation.analysis.asked import ask
from allocation.analysis.decompose import Decomposition, decompose
from allocation.analysis.margins import margins
from allocation.analysis.margins_table import margins_table
from allocation.analysis.shares import shares_only
from allocation.analysis.shares_table import shares_table
from allocation.collecting.collect import Ask, Collected, collect, default_recipients
from allocation.collecting.collected_tables import changes_table, data_table, lines_table, problems_table
from allocation.commands.printing import study_text
from allocation.commands.screen import Screen
from allocation.commands.sweep_printing import print_findings
from allocation.lab.ranges import parse_factors
from allocation.lab.sweep import Swept, baseline, make_sweep, run_some
from allocation.lab.sweep_measures import Findings, findings
from allocation.lab.sweep_tables import ranges_tables, run_columns
from allocation.language import tree
from allocation.notebook.frames import study_frame
from allocation.report.formats import figure_in
from allocation.report.printed import PrintedTable
from allocation.report.study import across, head_of
from allocation.report.terms import Term
from allocation.run.finding import find
from allocation.run.run import run_model
from allocation.run.scenario import Change
from allocation.sheets.memory import Formula, MemorySheet
from allocation.tables.recipients import read_recipients
from allocation.tables.table import Table
from allocation.texts import Both
from allocation.xlsx.collected import HEAD as HEAD_OF_DATA
from allocation.xlsx.collected import collected_sheets
from allocation.xlsx.decomposition import HEAD, decomposition_sheet
from allocation.xlsx.shares import HEAD as HEAD_OF_SHARES
from allocation.xlsx.shares import write_shares, write_shares_sheet
from allocation.xlsx.styles import Styles
from allocation.xlsx.sum_sheet import HEAD as HEAD_OF_SUMS
from allocation.xlsx.sum_sheet import SummedColumn, SumSheet, sum_sheet, write_sum_sheet
from allocation.xlsx.sweep_runs import columns
from allocation.xlsx.sweep_sheets import HEAD as HEAD_OF_RANGES
from allocation.xlsx.sweep_sheets import write_ranges, write_runs
from allocation.xlsx.timeline import TOP as TOP_OF_YEARS
from allocation.xlsx.timeline import timeline_sheets
from allocation.years.timeline import Timeline, timeline
from allocation.years.years_table import years_table

LANGS = ("zh", "en")
SEEDS = some(range(40), on_a_desk=8)


# ---- what a reader sees of a table, medium by medium


def on_sheet(sheet: MemorySheet, head: int, table: PrintedTable) -> list[list[object]]:
    """Headings, then the lines: figures as fractions, blanks as None."""
    rows = range(head, head + 1 + len(table.lines))
    return [[_held(sheet.cells.get((row, at))) for at in range(len(table.columns))] for row in rows]


def _held(cell: object) -> object:
    value = cell.value if isinstance(cell, Formula) else cell
    return Fraction(str(value)) if isinstance(value, int | float) else value or None


def in_terminal(text: str) -> list[list[str]]:
    """The cells of a table whose columns are lined up, by where the headings and figures end."""
    head, rule, *lines = text.splitlines()
    assert set(rule) == {"─"}
    return [re.split(r" {2,}", line.strip()) for line in (head, *lines)]


def described(table: PrintedTable, lang: str) -> list[list[object]]:
    lines = range(len(table.lines))
    return [[head_of(column, lang) for column in table.columns],
            *[[table.cell(column, place, lang) or None if column.kind == "text" else table.cell(column, place, lang)
               for column in table.columns] for place in lines]]  # fmt: skip


def as_texts(table: PrintedTable, cells: Sequence[Sequence[object]]) -> list[list[str]]:
    """As a terminal shows them: what is blank leaves no cell behind."""
    rows = [[*map(str, cells[0])]]
    for row in cells[1:]:
        shown = [
            str(value or "") if column.kind == "text" else figure_in(column.unit, column.decimals, value)
            for column, value in zip(table.columns, row, strict=True)
        ]
        rows.append([text for text in shown if text])
    return rows


def unlike_media(table: PrintedTable, sheet: MemorySheet, head: int, lang: str) -> Iterator[tuple]:
    """Where a medium shows something else than the description."""
    wanted = described(table, lang)
    if (shown := on_sheet(sheet, head, table)) != _as_cells(wanted):
        yield "workbook", shown, wanted
    if (told := in_terminal(study_text(table, Screen(lang)))) != as_texts(table, wanted):
        yield "terminal", told, as_texts(table, wanted)
    frame, units = study_frame(table, ""), [row for row, line in enumerate(table.lines, start=1) if not line.summed]
    keys = [column.key for column in table.columns[1:]]
    cells = [[code, *row] for code, row in zip(frame.index, frame.values.tolist(), strict=True)]
    if [*frame.columns] != keys or cells != [_as_floats(wanted[row]) for row in units]:
        yield "frame", cells, wanted


def _as_cells(cells: Sequence[Sequence[object]]) -> list[list[object]]:
    """A file keeps a figure by its shortest decimal."""
    return [[Fraction(str(float(value))) if isinstance(value, Fraction) else value for value in row] for row in cells]


def _as_floats(row: Sequence[object]) -> list[object]:
    return [float(value) if isinstance(value, Fraction) else value for value in row]


# ---- decomposition


def split(seed: int) -> Decomposition:
    """A generated model with two or three of its parameters changed."""
    run, rng = made(seed), random.Random(f"split {seed}")
    names = rng.sample(["weight_a", "weight_b"], rng.choice([1, 2]))
    changes = [Change(name, Fraction(rng.randint(0, 12), 8)) for name in names]
    return decompose(run.model, run.tables, changes)


def unlike_decomposition(result: Decomposition, table: PrintedTable) -> list[tuple]:
    """Where the table is not what one works out by hand."""
    award, causes = result.before.model.award, [decomposed.cause_key(cause) for cause in result.causes]
    before, after = (side.figures(award) for side in (result.before, result.after))
    figures, wrong = table.figures, []
    for place, line in enumerate(table.lines):
        old, new = (sum((side[row] for row in line.rows), Fraction(0)) for side in (before, after))
        parts = [figures[key][place] for key in causes]
        told = [figures[key][place] for key in ("before", "change", "after")]
        if told != [old, sum(parts, Fraction(0)), old + sum(parts)] or abs(new - told[-1]) > result.unit * len(
            line.rows
        ):
            wrong.append((line, told, parts, old, new))
    return wrong


@pytest.mark.parametrize("seed", SEEDS)
def test_a_decomposition_is_the_same_by_hand_on_the_sheet_on_the_screen_and_in_a_frame(seed):
    result = split(seed)
    table = decomposed.decomposed_table(result)
    assert unlike_decomposition(result, table) == []
    for lang in LANGS:
        book = Book(lang)
        decomposition_sheet(book, result)
        [sheet] = book.sheets.values()
        assert [*unlike_media(table, sheet, HEAD, lang)] == []
    assert differences(book, recalculated(book)) == []


def test_the_law_notices_a_decomposition_whose_last_column_is_worked_out_wrongly():
    result = next(result for result in map(split, SEEDS) if any(result.changes))
    table = decomposed.decomposed_table(result)
    wrong = replace(table.columns[-1], node=tree.Binary("-", Term("before").node, Term("change").node))
    assert unlike_decomposition(result, replace(table, columns=(*table.columns[:-1], wrong)))


def test_the_law_notices_a_sheet_that_heads_a_column_on_its_own():
    result = split(SEEDS[0])
    table, book = decomposed.decomposed_table(result), Book("zh")
    decomposition_sheet(book, result)
    [sheet] = book.sheets.values()
    sheet.cells[HEAD, 2] = "自定"
    assert [medium for medium, *_ in unlike_media(table, sheet, HEAD, "zh")] == ["workbook"]


# ---- years


def several_years(seed: int) -> Timeline:
    """A generated model over one to three years; units come and go, their figures move."""
    run, rng = made(seed), random.Random(f"years {seed}")
    tables = []
    for year in range(2017, 2017 + rng.choice([1, 2, 3])):
        rows = sorted(rng.sample(range(len(run.table)), rng.randint(1, len(run.table))))
        values = {name: tuple(figures[row] for row in rows) for name, figures in run.table.values.items()}
        codes, names = (tuple(held[row] for row in rows) for held in (run.table.codes, run.table.names))
        grown = tuple(figure * rng.randint(1, 3) for figure in values["given_a"])
        tables.append(Table(codes, names, {**values, "given_a": grown}, year=year))
    return timeline(run.model, tables)


def unlike_years(found: Timeline, table: PrintedTable) -> list[tuple]:
    """Where the table is not what one works out by hand."""
    paths = [found.path(found.run.model.award, code) for code in found.counties]
    moves = [
        [
            None if now is before is None else (now or 0) - (before or 0)
            for before, now in zip(path, path[1:], strict=False)
        ]
        for path in paths
    ]
    wanted = {str(year): [path[at] for path in paths] for at, year in enumerate(found.years)}
    wanted |= {f"change {year}": [move[at] for move in moves] for at, year in enumerate(found.years[1:])}
    return [
        (column.key, line, table.figures[column.key][place], figures)
        for column in table.columns[2:]
        for place, line in enumerate(table.lines)
        if table.figures[column.key][place] != added(figures := [wanted[column.key][row] for row in line.rows])
    ]


def moved(before: Fraction | None, now: Fraction | None) -> Fraction | None:
    return None if now is None and before is None else (now or 0) - (before or 0)


def added(figures: Sequence[Fraction | None]) -> Fraction | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known, Fraction(0)) if known else None


def as_verified(found: Timeline, lang: str) -> Book:
    book = Book(lang)
    timeline_sheets(book, found)
    return book


@pytest.mark.parametrize("seed", SEEDS)
def test_years_are_the_same_by_hand_on_the_sheet_on_the_screen_and_in_a_frame(seed):
    found = several_years(seed)
    office, screen = (years_table(found, reader) for reader in ("workbook", "terminal"))
    assert unlike_years(found, office) == [] and unlike_years(found, screen) == []
    for lang in LANGS:
        book = as_verified(found, lang)
        sheet = book.sheets[book.say("timeline.sheet")]
        (heads, *lines), (wanted, *cells) = on_sheet(sheet, TOP_OF_YEARS - 1, office), described(office, lang)
        assert heads[2:] == wanted[2:] and lines == _as_cells(cells)
        assert in_terminal(study_text(screen, Screen(lang))) == as_texts(screen, described(screen, lang))
    assert [told for told in differences(book, recalculated(book)) if told[0][0] == "All years"] == []


def test_the_law_notices_a_change_over_the_wrong_year():
    found = next(found for found in map(several_years, SEEDS) if len(found.years) > 2)
    table = years_table(found, "workbook")
    first, last = (str(found.years[at]) for at in (0, -1))
    node = tree.Binary("-", Term(last, or_0=True).node, Term(first, or_0=True).node)
    assert unlike_years(found, replace(table, columns=(*table.columns[:-1], replace(table.columns[-1], node=node))))


# ---- sums of what was handed out, shares of what is not known yet


def summed(seed: int) -> SumSheet:
    """Amounts of several batches, some of them added up, some taken back."""
    rng = random.Random(f"sums {seed}")
    names = {f"2107{row:02d}": f"县{row}" for row in rng.sample(range(1, 99), rng.randint(1, 6))}
    columns: list[SummedColumn] = []
    for place in range(rng.randint(1, 6)):
        adds = tuple(sorted(rng.sample(range(place), rng.randint(1, place)))) if place and rng.random() < 0.4 else ()
        amounts = {code: Fraction(rng.randint(-900, 90_000), rng.choice([1, 10, 100])) for code in names}
        given = {code: amount for code, amount in amounts.items() if rng.random() < 0.8}
        columns.append(SummedColumn(Both(f"第{place}批", f"Batch {place}"), {} if adds else given, adds))
    return SumSheet(Both("合计表", "Sums"), Both("各批", "All"), names, tuple(columns), ())


def unlike_sums(sums: SumSheet, table: PrintedTable) -> list[tuple]:
    """Where the table is not what one adds up by hand: by unit, then over all."""
    by_unit: list[list[Fraction]] = []
    for column in sums.columns:
        added = [sum((by_unit[place][row] for place in column.adds), Fraction(0)) for row in range(len(sums.names))]
        by_unit.append(added if column.adds else [column.amounts.get(code, Fraction(0)) for code in sums.names])
    wanted = [(*column, sum(column, Fraction(0))) for column in by_unit]
    told = [table.figures[column.key] for column in table.columns[2:]]
    return [pair for pair in zip(told, wanted, strict=True) if pair[0] != pair[1]]


def in_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("seed", SEEDS)
def test_sums_are_the_same_by_hand_on_the_sheet_on_the_screen_in_a_frame_and_in_csv(seed, tmp_path):
    sums = summed(seed)
    assert unlike_sums(sums, sums.table) == []
    for lang in LANGS:
        book = Book(lang)
        sum_sheet(book, sums)
        [sheet] = book.sheets.values()
        assert [*unlike_media(sums.table, sheet, HEAD_OF_SUMS, lang)] == []
        write_sum_sheet(sums, tmp_path / "sums.csv", lang)
        (title, heads, *lines), (names, *cells) = in_csv(tmp_path / "sums.csv"), described(sums.table, lang)
        assert title == [sums.title[lang]] and heads == names
        assert [[*line[:2], *map(Fraction, line[2:])] for line in lines] == [[row[0] or "", *row[1:]] for row in cells]
    assert differences(book, recalculated(book)) == []


def without_the_first(sums: SumSheet) -> PrintedTable:
    """Each column that adds up others, but for the first of them."""
    columns = [
        replace(column, node=across([str(at) for at in summed.adds[1:]])) if column.node else column
        for column, summed in zip(sums.table.columns[2:], sums.columns, strict=True)
    ]
    return replace(sums.table, columns=(*sums.table.columns[:2], *columns))


def test_the_law_notices_a_sum_that_leaves_a_column_out():
    assert sum(bool(unlike_sums(sums, without_the_first(sums))) for sums in map(summed, SEEDS)) > 2


def test_shares_of_every_medium_add_up_to_a_hundred_per_cent(tmp_path):
    """As they are told: to the four decimals that a cell shows."""
    chosen = find("incentive_fund", None, None)
    shares = shares_only(chosen.model, chosen.table)
    table = shares_table(shares)
    for lang in LANGS:
        book = Book(lang)
        sheet = book.add_worksheet("shares")
        write_shares_sheet(sheet, shares, Styles(book))
        assert [*unlike_media(table, sheet, HEAD_OF_SHARES, lang)] == []
        write_shares(shares, tmp_path / "shares.csv", lang)
        _, *lines = in_csv(tmp_path / "shares.csv")
        assert [line[2] for line in lines] == [row[-1] for row in in_terminal(study_text(table, Screen(lang)))[1:-1]]
        assert sum(Fraction(line[2].rstrip("%")) for line in lines) == 100


# ---- sweeps


def searched(samples: int) -> Findings:
    """A grid, or a few samples, with a figure asked for that has another unit."""
    chosen = find("incentive_fund", None, None)
    base = run_model(chosen.model, (chosen.table,), exact=False)
    texts = ["pool=4000:6000", "hold_harmless=50%:90%"] if samples else ["pool=4000:6000:500"]
    factors = parse_factors(texts, base.model, base.tables, "--range")
    asked = [ask("award@黑山县", base.model, base.table), ask("weight[settled]", base.model, base.table)]
    sweep = make_sweep(base, factors, asked, None, samples, 1)
    rows = run_some(sweep, [sweep.changes(run) for run in range(sweep.runs)])
    return findings(Swept(sweep, base, rows, baseline(sweep)))


def unlike_ranges(found: Findings, tables: Sequence[PrintedTable]) -> list[tuple]:
    """Where the tables, one below the other, are not what was measured."""
    told = [
        (column.key, value if value is None else float(value))
        for column in tables[0].columns[2:]
        for table in tables
        if column.kind == "number"
        for value in table.figures[column.key]
    ]
    wanted = [
        (column.key, value if value == value else None)
        for column in tables[0].columns[2:]
        if column.kind == "number"
        for value in found.spread[column.key].tolist()
    ]
    return [pair for pair in zip(told, wanted, strict=True) if pair[0] != pair[1]]


@pytest.mark.parametrize("samples", [0, 4])
def test_a_sweep_is_the_same_on_the_sheet_on_the_screen_and_in_a_frame(samples, capsys):
    found = searched(samples)
    office, screen = (ranges_tables(found, reader) for reader in ("workbook", "terminal"))
    assert unlike_ranges(found, office) == [] and unlike_ranges(found, screen) == []
    assert [column.key for column in office[0].columns[3:]] == [*found.spread]
    for lang in LANGS:
        sheet = Book(lang).add_worksheet("ranges")
        write_ranges(sheet, found, Styles(Book(lang)))
        row = HEAD_OF_RANGES
        for table in office:
            heads, *lines = described(table, lang)
            shown = on_sheet(sheet, row, table)
            assert [[None if cell == "—" else cell for cell in line] for line in shown[1:]] == _as_cells(lines)
            row += len(lines)
        assert on_sheet(sheet, HEAD_OF_RANGES, office[0])[0] == described(office[0], lang)[0]
        print_findings(found, Screen(lang))
        printed = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
        told = [" ".join(line) for table in screen for line in as_texts(table, described(table, lang))]
        assert {" ".join(line.split()) for line in told} <= {*printed}
    frame = study_frame(ranges_tables(found, "frame")[0], "")
    assert {key: frame[key].tolist() for key in found.spread} == {
        key: values[: len(frame)].tolist() for key, values in found.spread.items()
    }


def test_the_law_notices_a_measure_below_the_heading_of_another():
    found = searched(4)
    tables = ranges_tables(found, "workbook")
    first, last = tables[0].columns[3], tables[0].columns[-1]
    swapped = {**tables[0].values, first.key: tables[0].values[last.key], last.key: tables[0].values[first.key]}
    assert unlike_ranges(found, [replace(tables[0], values=swapped), *tables[1:]])


@pytest.mark.parametrize("samples", [0, 4])
def test_the_runs_of_a_sweep_stand_below_the_same_headings_on_the_sheet_and_in_the_file(samples):
    found = searched(samples)
    sweep = found.swept.sweep
    sheet, described_columns, held = Book("zh").add_worksheet("runs"), run_columns(sweep), columns(found.swept)
    write_runs(sheet, found, Styles(Book("zh")), "runs.csv")
    assert [key for key in held if key != "ok"] == [column.key for column in described_columns]
    for at, column in enumerate(described_columns):
        assert sheet.cells[HEAD_OF_RANGES, at] == head_of(column, "zh")
        cells = [sheet.cells[HEAD_OF_RANGES + 1 + run, at] for run in range(sweep.runs)]
        words = dict(column.words)
        assert cells == [words[value]["zh"] if words else value for value in held[column.key]]


# ---- collections


@pytest.fixture(scope="module")
def returned() -> Collected:
    """The seven returned files that tests of collecting read."""
    folder = Path(__file__).parents[1] / "cases" / "returned"
    recipients = read_recipients(default_recipients())
    return collect("incentive_fund", folder, recipients, Ask("2018-03-05", due="2018-03-05"))


def in_book(sheet: MemorySheet, head: int, table: PrintedTable) -> list[list[object]]:
    return [[cell or None for cell in row] for row in on_sheet(sheet, head, table)]


def test_a_collection_is_the_same_on_its_sheets_and_on_the_screen(returned, capsys):
    for lang in LANGS:
        book = Book(lang)
        collected_sheets(book, returned, "")
        data, lines, changes, problems = book.sheets.values()
        described_data = data_table(returned)
        wanted = _as_cells(described(described_data, lang))
        assert in_book(data, HEAD_OF_DATA, described_data) == [[cell or None for cell in row] for row in wanted]
        for sheet, table in ((lines, lines_table(returned, "workbook")), (changes, changes_table(returned, "")),
                             (problems, problems_table(returned))):  # fmt: skip
            assert in_book(sheet, 2, table) == described(table, lang)
        screen = lines_table(returned, "terminal")
        assert in_terminal(study_text(screen, Screen(lang))) == as_texts(screen, described(screen, lang))
    assert differences(book, recalculated(book)) == []


def test_what_a_collection_says_of_each_return_is_one_list_of_columns(returned):
    office, screen = (lines_table(returned, reader) for reader in ("workbook", "terminal"))
    assert {column.key for column in screen.columns} < {column.key for column in office.columns}
    assert all(screen.figures[column.key] == office.figures[column.key] for column in screen.columns)
    assert len(office.lines) == len(returned.lines) > 5


def test_the_law_notices_a_total_over_what_does_not_add_up(returned):
    table = data_table(returned)
    rate = next(column for column in table.columns if column.kind == "number" and column.total == "blank")
    summed_wrongly = replace(table, columns=tuple(replace(column, total="sum") if column is rate else column
                                                  for column in table.columns))  # fmt: skip
    book = Book("zh")
    collected_sheets(book, returned, "")
    shown = in_book(next(iter(book.sheets.values())), HEAD_OF_DATA, table)
    assert shown != [[cell or None for cell in row] for row in _as_cells(described(summed_wrongly, "zh"))]


# ---- margins


@pytest.mark.parametrize("address", ["given_a", "given_b"])
def test_what_one_unit_more_brings_is_the_same_on_the_screen_and_in_a_frame(address):
    run = made(SEEDS[1])
    result = margins(run.model, run.tables, address)
    table, bounds = margins_table(result), {run.table.codes[0]: "floor"}
    assert table.figures["gain"] == tuple(county.gain for county in result.counties)
    assert study_frame(table, "")["award"].tolist() == [float(county.award) for county in result.counties]
    for lang in LANGS:
        held = margins_table(result, bounds)
        assert in_terminal(study_text(held, Screen(lang))) == as_texts(held, described(held, lang))
