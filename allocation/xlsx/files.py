"""What a run leaves behind: workbook, CSV, import CSV and manifest, all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from allocation.files.destination import Destination
from allocation.files.text_out import csv_rows
from allocation.record.record import Record, to_json
from allocation.report.column import CODE, NAME
from allocation.report.printed import PrintedColumn, PrintedTable
from allocation.report.tables import file_table
from allocation.run.marks import mark_keys, mark_words
from allocation.run.run import Run
from allocation.texts import Both, say
from allocation.xlsx.import_mapping import Mapping
from allocation.xlsx.importing import write_import_csv
from allocation.xlsx.study_csv import csv_cell
from allocation.xlsx.writer import write_workbook


def write_csv(run: Run, path: Path, lang: str) -> None:
    """Every input and column, a county a row: UTF-8 with BOM, codes as text, header label and unit."""
    table = file_table(run)
    columns = [
        [_head(table, column)[lang], *(csv_cell(column, value, run.exact) for value in table.figures[column.key])]
        for column in table.columns
    ]
    if note := "；".join(word[lang] for word in mark_words(mark_keys(run))):
        columns.append([say(lang, "workbook.remark"), *[note] * len(run.table)])
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv_rows(file, zip(*columns, strict=True))


def _head(table: PrintedTable, column: PrintedColumn) -> Both:
    """Label and unit; in English codes and names are called as other programs call them."""
    head = table.units.headed(column.label, column.unit)
    return Both(head.zh, column.key) if column.key in (CODE, NAME) else head


def targets(out: Destination, stem: str) -> dict[str, Path]:
    """The files of a run: in a folder by the model's name, or beside a named workbook."""
    book = out.file(f"{stem}.xlsx")
    kinds = {"workbook": "xlsx", "csv": "csv", "manifest": "json", "import": "import.csv"}
    return {kind: book.with_name(f"{book.stem}.{ending}") for kind, ending in kinds.items()}


def writers(
    run: Run, files: dict[str, Path], lang: str, record: Record, mapping: Mapping | None = None
) -> dict[Path, Callable[[Path], None]]:
    """How each file of a run is written, by its target."""
    kinds: dict[str, Callable[[Path], None]] = {
        "workbook": lambda path: write_workbook(run, path, lang, record, mapping),
        "csv": lambda path: write_csv(run, path, lang),
        "import": lambda path: write_import_csv(run, path, mapping),
        "manifest": lambda path: write_manifest(replace(record, lang=lang), path),
    }
    return {path: kinds[kind] for kind, path in files.items()}


def write_manifest(record: Record, path: Path) -> None:
    path.write_text(to_json(record.sealed, indent=1) + "\n", encoding="utf-8")
