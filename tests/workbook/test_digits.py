"""Figures of more than fifteen digits: refused in every workbook with words, printed whole in CSV."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from several_books import MODEL, TABLE

import allocation
from allocation import run_model
from allocation.analysis.compare import compare
from allocation.analysis.data_compare import Correction
from allocation.analysis.parameter_workbook import write_scenarios
from allocation.analysis.scenarios import Scenario
from allocation.errors import AllocationError
from allocation.record.recording import record_of
from allocation.run.run import Run
from allocation.run.scenario import Change
from allocation.texts import Both, whole_text
from allocation.xlsx.comparison import write_comparison
from allocation.xlsx.confirming import write_letters
from allocation.xlsx.data_compare import write_correction
from allocation.xlsx.editions import edition_books
from allocation.xlsx.figure_book import significant
from allocation.xlsx.files import write_csv
from allocation.xlsx.timeline import write_timeline
from allocation.xlsx.writer import write_workbook
from allocation.years.timeline import Timeline, timeline

LONG = Fraction("1000.0000000000001")
WITHOUT_FIGURES = (
    "tables/template.py", "xlsx/forms.py", "xlsx/case_form.py", "xlsx/department_form.py", "xlsx/figure_book.py",
    "files/text_out.py",
)  # fmt: skip
RICHER = Scenario("richer", Both("多", "more"), ((Change("pool", LONG),),))


@pytest.mark.parametrize(
    ("figure", "digits"),
    [("1234567890123456", 16), ("0.1234567890123456", 16), ("10000000000000000000", 1), ("1/3", 0), ("1/1024", 7)],
)
def test_digits_are_those_of_the_exact_decimal(figure, digits):
    assert significant(Fraction(figure)) in (digits, 0) and (significant(Fraction(figure)) > 15) == (digits > 15)


def long_input() -> Run:
    return run_model(MODEL, TABLE.with_values(revenue=(LONG, *TABLE.values["revenue"][1:])))


def long_pool() -> Run:
    return run_model(MODEL, TABLE, [Change("pool", LONG + 5)])


def later() -> Timeline:
    return timeline(MODEL, [TABLE], [Change("pool#2018", LONG)], until=2018)


def corrected() -> Correction:
    return Correction(run_model(MODEL, TABLE), long_input(), (), ())


def write(run: Run, path: Path) -> None:
    write_workbook(run, path, "zh", record_of(run))


WRITERS = {
    "an input": lambda path: write(long_input(), path),
    "a parameter": lambda path: write(long_pool(), path),
    "a scenario": lambda path: write_comparison(compare(MODEL, (TABLE,), (RICHER,)), path, "zh"),
    "a year": lambda path: write_timeline(later(), path, "zh"),
    "a letter": lambda path: write_letters(MODEL, long_input().table, path, "zh"),
    "a correction": lambda path: write_correction(corrected(), path, "zh"),
    "an edition": lambda path: edition_books(long_pool(), "public", path, str, "", "zh")[0].write(path),
    "a form of scenarios": lambda path: write_scenarios(long_pool().model, path, 1, "zh"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRITERS)
def test_no_workbook_takes_a_figure_it_would_round(tmp_path, what):
    path = tmp_path / "a.xlsx"
    with pytest.raises(AllocationError) as caught:
        WRITERS[what](path)
    assert {problem.id for problem in caught.value.problems} == {"workbook.too_many_digits"}
    first = caught.value.problems[0]
    assert "位有效数字" in first.text("zh") and "00001" in first.text("en")
    assert not path.exists()


def test_what_grew_in_a_year_ahead_is_not_counted(tmp_path):
    table = TABLE.with_values(revenue=(Fraction("15020.123456789"), *TABLE.values["revenue"][1:]))
    growth = [Change("revenue", Fraction("0.0123456"))]
    write_timeline(timeline(MODEL, [table], growth=growth, until=2022), tmp_path / "a.xlsx", "zh")
    assert (tmp_path / "a.xlsx").exists()


def test_every_workbook_but_blank_forms_is_opened_by_the_door_that_counts_digits():
    package = Path(allocation.__file__).parent
    opened = [path.relative_to(package).as_posix() for path in package.rglob("*.py")
              if re.search(r"\bnew_book\(", path.read_text(encoding="utf-8"))]  # fmt: skip
    assert sorted(opened) == sorted(WITHOUT_FIGURES)


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ("1/3", "0.333333333333333"),
        ("2/3", "0.666666666666667"),
        ("-1/7000000000000000000", "-0.000000000000000000142857142857143"),
        ("1000.0000000000001", "1000.0000000000001"),
        ("12345678901234567890.5", "12345678901234567890.5"),
        ("1/1048576", "0.00000095367431640625"),
        ("0", "0"),
        ("-2500", "-2500"),
    ],
)
def test_a_decimal_that_ends_is_whole_and_another_has_fifteen_digits(figure, text):
    assert whole_text(Fraction(figure)) == text


def test_the_csv_of_a_run_has_every_digit(tmp_path):
    run = long_input()
    write_csv(run, tmp_path / "a.csv", "zh")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert "1000.0000000000001" in cells
    write_csv(replace(run, exact=False), tmp_path / "b.csv", "zh")
    assert (tmp_path / "b.csv").exists()
