"""What a run leaves behind: workbook, CSV, import CSV and manifest, all of them or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from allocation.files.destination import Destination
from allocation.files.text_out import csv_rows
from allocation.record.record import Record, to_json
from allocation.run.marks import mark_keys, mark_words
from allocation.run.run import Run
from allocation.texts import decimal_text, say, whole_text
from allocation.xlsx.importing import Mapping, write_import_csv
from allocation.xlsx.writer import write_workbook


def write_csv(run: Run, path: Path, lang: str) -> None:
    """Every input and column, a county a row: UTF-8 with BOM, codes as text, header label and unit."""
    units, names = run.model.units, [*run.model.inputs, *run.model.columns]
    names = [name for name in names if getattr(run.model.entry(name), "shape", "column") != "scalar"]
    heads = []
    for name in names:
        entry = run.model.entry(name)
        heads.append(units.with_unit(entry.label[lang], entry.unit, lang))
    codes = ("行政区代码", "名称") if lang == "zh" else ("code", "name")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        note = [text for text in ["；".join(mark_words(mark_keys(run), lang))] if text]
        figures = [[_shown(run, name, value) for value in run.figures(name)] for name in names]
        rows = zip(run.table.codes, run.table.names, *figures, *([text] * len(run.table) for text in note), strict=True)
        csv_rows(file, [[*codes, *heads, *([say(lang, "workbook.remark")] if note else [])], *rows])


def _shown(run: Run, name: str, value: object) -> str:
    """A cell of the CSV; a percentage with its sign, so that it reads back as what it is."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "1" if value else "0"
    percent = run.model.entry(name).unit.is_percent
    value = value * 100 if percent else value
    # The last places of a float run are noise.
    return (whole_text(value) if run.exact else decimal_text(value, 13 if percent else 15)) + "%" * percent


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
