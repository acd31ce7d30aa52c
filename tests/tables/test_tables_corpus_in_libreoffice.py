"""LibreOffice's CSV of every book of the corpus beside what we read: a reader that has nothing in common with ours.

All books by one start, where CI is true. Each difference is listed with why ours is right.
"""

from __future__ import annotations

import csv
import os
import subprocess
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from raw_books import zipped
from recalculation import SOFFICE, needs_libreoffice
from test_tables_corpus import CORPUS

from allocation.tables.cells import letters

JUDGED = {
    "backslashes": "refuses the book; old Windows programs write such names",
    "leading_slash": "refuses the book; the names are the same but for the slash",
    "sheet_in_other_case": "finds no sheet; names of parts are alike in any case",
    "targets_from_the_root": "finds no sheet; the part is there by its whole name",
    "targets_with_dots": "finds no sheet; dots in a target are folders",
    "carriage_return": "drops the return before a line break, which we fold away when a heading is compared",
    "written_day": "gives the day's number; a day is meant",
    "typed_day": "gives the number; nobody lives in the year 57113, so that it is the day as typed",
    "formula_without_result": "works it out; we refuse what no program has calculated",
    "formula_with_empty_result": "works it out; we refuse what no program has calculated",
    "text_formula_without_result": "works it out; we refuse what no program has calculated",
    "shared_formula_without_result": "gives a blank; the formula's result is unknown",
    "array_without_results": "works it out; we refuse what no program has calculated",
    "never_calculated": "gives 0; the book asks to be calculated, and every result is 0",
    "merged": "gives what nobody sees; the first cell stands in all of the area",
    "number_of_text": "gives 0; the file says abc, which is reported as no number",
    "number_beyond_all": "gives infinity; the file's own text is reported",
}


@pytest.fixture(scope="module")
def converted(tmp_path_factory) -> Path:
    if os.environ.get("CI") != "true":
        pytest.skip("sixty books take LibreOffice some time: CI does this")
    needs_libreoffice()
    folder = tmp_path_factory.mktemp("corpus")
    for name, (content, renamed, *_) in CORPUS.items():
        (folder / f"{name}.xlsx").write_bytes(zipped(content, renamed))
    command = [SOFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    as_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false"  # UTF-8, figures as they are stored
    command += ["--convert-to", as_csv, "--outdir", str(folder), *map(str, sorted(folder.glob("*.xlsx")))]
    subprocess.run(command, capture_output=True, timeout=300, check=False)
    return folder


def by_libreoffice(path: Path) -> dict[str, str] | None:
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return {f"{letters(c)}{r}": text for r, line in enumerate(rows, 1) for c, text in enumerate(line) if text}


def as_text(value: object) -> str:
    """What a CSV says of a cell."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    return f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize("name", CORPUS)
def test_libreoffice_reads_a_book_of_one_oddity_alike_or_the_difference_is_judged(converted, name):
    expected = {place: as_text(value) for place, value in CORPUS[name][2].items()}
    found = by_libreoffice(converted / f"{name}.csv")
    assert (found == expected) is (name not in JUDGED), found
