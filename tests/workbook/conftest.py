"""The recorded workbooks of tests/readings and the small models of tests/language serve these tests too."""

import sys
from pathlib import Path

import pytest

sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("readings", "language")]


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """A result workbook in Chinese, as it is written."""
    from several_books import MODEL, TABLE

    from allocation import run_model
    from allocation.record.recording import record_of
    from allocation.xlsx.writer import write_workbook

    run = run_model(MODEL, TABLE)
    path = tmp_path_factory.mktemp("book") / "a.xlsx"
    write_workbook(run, path, "zh", record_of(run))
    return path
