"""General and special debt make up every limit, each within what was applied for, whatever structure is asked."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from pathlib import Path

import openpyxl
from desk import IN_CI
from hypothesis import given, settings
from hypothesis import strategies as st
from recalculation import libreoffice, same

from allocation.policy.loading import model_from_text
from allocation.policy.model import Model
from allocation.record.record import PAPERS, Record
from allocation.run.run import Run, run_model
from allocation.run.scenario import parse_assignment
from allocation.tables.table import Table
from allocation.xlsx.writer import write_workbook

FILE = Path(__file__).parents[2] / "models/bond_limit.toml"
BANDS = '{ up_to = "100%", value = 0.6 }, { value = 0 }]'
USES = ("shantytown", "roads", "other")


@cache
def model_of(last: str = "0.2") -> Model:
    """The shipped model with a coefficient for regions over the line, so that some of them have a limit."""
    text = FILE.read_text(encoding="utf-8")
    assert BANDS in text
    return model_from_text(text.replace(BANDS, BANDS.replace("value = 0 }]", f"value = {last} }}]")), FILE)


@st.composite
def regions(draw) -> Table:
    """Some regions, about half of them over the line; those ask to change their structure, by little or by too much."""
    count = draw(st.integers(1, 5))
    whole = lambda low, high: tuple(Fraction(draw(st.integers(low, high))) for _ in range(count))  # noqa: E731
    applied, balance = whole(0, 300), whole(0, 2000)
    special = [draw(st.one_of(st.none(), st.integers(0, int(most)))) for most in applied]
    asked = [draw(st.integers(-400, 400)) if ratio > 1000 else 0 for ratio in balance]
    values = {name: (entry.default,) * count for name, entry in model_of().inputs.items()} | {
        "level": ("县级",) * count,
        "fiscal_capacity": whole(0, 3000),
        "major_spending": whole(0, 900),
        "debt_balance": balance,
        "comprehensive_capacity": (Fraction(1000),) * count,
        "applied": applied,
        "applied_special": tuple(None if part is None else Fraction(part) for part in special),
        "structure_change": tuple(map(Fraction, asked)),
        **{f"need.{use}": whole(0, 200) for use in USES},
    }
    return Table(tuple(f"9901{row + 1:02}" for row in range(count)), tuple("甲乙丙丁戊"[:count]), values)


def ran(table: Table, pool: int, special: int, last: str = "0.2") -> Run:
    changes = [parse_assignment(f"pool={pool}"), parse_assignment(f"special_pool={special}")]
    return run_model(model_of(last), table, changes)


def rows(run: Run, *names: str) -> list[tuple[Fraction | None, ...]]:
    return [*zip(*(run.figures(name) for name in names), strict=True)]


KINDS = ("by_debt.general", "by_debt.special", "by_debt.unsplit")


@given(regions(), st.integers(0, 900), st.integers(0, 600), st.sampled_from(["0", "0.2"]))
@settings(max_examples=200 if IN_CI else 40, deadline=None)
def test_the_kinds_make_up_the_limit_each_within_what_was_applied_for_and_what_is_not_met_is_told(
    table, pool, special, last
):
    run = ran(table, pool, special, last)
    told = {name for check in run.checks if check.name == "structure_met" for name in check.counties}
    names = ("award", "applied", "applied_special", "special", "structure_change", "structure_unmet")
    for name, row, kinds in zip(table.names, rows(run, *names), rows(run, *KINDS), strict=True):
        award, applied, special_applied, before, asked, unmet = row
        assert sum(kinds) == award and (name in told) == (unmet != 0)
        if special_applied is None:
            assert kinds == (0, 0, award) and unmet == asked
            continue
        most = (applied - special_applied, special_applied, 0)
        assert all(0 <= kind <= limit for kind, limit in zip(kinds, most, strict=True))
        met = before - kinds[1]
        assert asked == met + unmet and 0 <= met * asked <= asked * asked  # no further than asked, never the other way
        if unmet > 0:  # no more could be: special debt is at 0, or general debt at what was applied for
            assert kinds[1] == 0 or kinds[0] == most[0]
        if unmet < 0:
            assert kinds[0] == 0 or kinds[1] == most[1]
    assert run.ok


@given(regions(), st.integers(0, 900), st.integers(0, 600))
@settings(max_examples=100 if IN_CI else 20, deadline=None)
def test_limits_and_their_uses_in_order_are_the_same_whatever_structure_is_asked(table, pool, special):
    plain = table.with_values(structure_change=(Fraction(0),) * len(table))
    names = ("award", *(f"by_use.{use}" for use in USES), "unassigned")
    changed, before = ran(table, pool, special), ran(plain, pool, special)
    assert rows(changed, *names) == rows(before, *names)
    for row in rows(changed, "award", *(f"need.{use}" for use in USES), *(f"by_use.{use}" for use in USES)):
        left = row[0]
        for need, served in zip(row[1:4], row[4:], strict=True):
            assert served == min(need, left)
            left -= served


def test_a_book_of_changed_structures_recalculates_to_what_is_stored(tmp_path):
    found: dict[str, Run] = {}

    @given(regions().filter(lambda table: any(table.values["structure_change"])), st.integers(300, 900))
    @settings(max_examples=6, deadline=None, database=None, derandomize=True)
    def make(table, pool):
        found[f"book{len(found)}"] = ran(table, pool, pool // 2)

    make()
    assert any(any(run.figures("structure_unmet")) for run in found.values())
    assert any(run.figures("special") != run.figures("by_debt.special") for run in found.values())
    files = [tmp_path / f"{name}.xlsx" for name in found]
    for path, run in zip(files, found.values(), strict=True):
        write_workbook(run, path, "zh", Record("run", papers=PAPERS))
    for path, again in zip(files, libreoffice(files, tmp_path).values(), strict=True):
        stored, formulas = openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(path)
        fresh = openpyxl.load_workbook(again, data_only=True)
        cells = [(sheet.title, cell.coordinate) for sheet in formulas for row in sheet for cell in row
                 if cell.data_type == "f" and sheet.title != "辅助"]  # fmt: skip
        unlike = [(path.name, sheet, at) for sheet, at in cells
                  if not same(stored[sheet][at].value or 0, fresh[sheet][at].value or 0)]  # fmt: skip
        assert len(cells) > 100 and unlike == []


def test_a_county_without_a_limit_is_told_with_its_cell_and_prints_no_kind_below_nothing(allocation, folder):
    rows_of = (FILE.parents[1] / "inputs/bond_limit.csv").read_text(encoding="utf-8-sig")
    (folder / "限额.csv").write_text(
        rows_of.replace("5200,2000,0,-100", "5200,2000,500,-100").replace("67600,32100,0,", "67600,32100,500,"),
        encoding="utf-8-sig",
    )
    told = allocation("run bond_limit --input 限额.csv --set pool=45000 --set special_pool=20000 --year 2017")
    assert told.code == 0, told.err
    assert re.search("黑山县未落实的结构调整为 500 万元.*限额.csv: K7", told.text)
    sheet = openpyxl.load_workbook(folder / "outputs/bond_limit.xlsx", data_only=True)["测算"]
    heads = {str(cell.value): cell.column for row in sheet.iter_rows(max_row=6) for cell in row if cell.value}
    (row,) = [row for row in sheet.iter_rows(values_only=True) if "黑山县" in row]
    kinds = [row[column - 1] for head, column in heads.items() if re.match("按债务类别", head)]
    assert kinds and all(kind == 0 for kind in kinds)
