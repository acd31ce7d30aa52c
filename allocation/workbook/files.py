"""What a run leaves behind: workbook, CSV, import CSV and manifest, all of them or none."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from allocation import __version__
from allocation.doubts.doubt import as_record
from allocation.errors import AllocationError, Problem
from allocation.marks import mark_keys
from allocation.run import SCHEMA, Run
from allocation.text_out import csv_rows
from allocation.texts import decimal_text, exact_text, say, whole_text
from allocation.whole_files import place
from allocation.workbook.importing import Mapping, write_import_csv
from allocation.workbook.layout import Layout
from allocation.workbook.ledger_record import ledger_record
from allocation.workbook.originals import original_cells, originals_digest
from allocation.workbook.pages import flat
from allocation.workbook.settings_record import settings_record
from allocation.workbook.writer import write_workbook


def _parts(run: Run) -> dict[str, list[str]]:
    """The kinds of what was added to the model; nothing of a run to which nothing was."""
    attached = any(table.attached for table in run.tables)
    return {"parts": [part.kind for part in run.model.parts]} if attached or run.model.parts else {}


def manifest(run: Run, command: str = "", date: str = "") -> dict:
    """Hashes, versions, changes, totals and checks; language-neutral keys, no paths, no date but a given one."""
    model = run.model
    return {
        "schema": SCHEMA,
        "command": command,
        "date": date,
        "model": {"name": model.name, "file": model.file, "sha256": digest(model.text), "basis": list(model.basis)},
        "inputs": [
            {"file": t.file, "sha256": t.sha256, "year": t.year, "counties": len(t), "illustrative": t.illustrative}
            for t in run.tables
        ],
        **_said(run),
        **settings_record(run.models or (run.model,)),
        **ledger_record(run, exact_text),
        **_parts(run),
        "attached": [{"file": file, "sha256": sha256} for t in run.tables for file, sha256 in t.attached],
        "changes": [
            {"name": c.name, "key": c.key, "county": c.county, "old": exact_text(c.old), "new": exact_text(c.new)}
            for c in run.changed
        ],
        "versions": {"allocation": __version__, "python": platform.python_version()},
        "exact": run.exact,
        "reference": run.reference,
        "totals": {
            "award": exact_text(run.total(model.award)),
            "unit": model.columns[model.award].unit.name,
            "pool": exact_text(run.figure(model.pool)) if model.pool else None,
        },
        "awards": {
            code: exact_text(value) for code, value in zip(run.table.codes, run.figures(model.award), strict=True)
        },
        **named(dict(zip(run.table.codes, run.table.names, strict=True))),
        "groups": _groups(run),
        "blank": blanks(run),
        **_remarks(run),
        **as_record(run.doubts),
        "originals_sha256": originals_digest(original_cells(run, Layout(model, len(run.table), "zh"))),
        "checks": [
            {"name": c.name, "severity": c.severity, "ok": c.ok, "counties": list(c.counties)} for c in run.checks
        ],
        "notes": [{"id": note.id, "where": note.where, "text": note.text("en")} for note in run.notes],
    }


def _said(run: Run) -> dict[str, str]:
    """What was said of columns and rows of the tables, as JSON: 溯源 holds a text a line."""
    pairs = list(dict.fromkeys(pair for table in run.tables for pair in table.said))
    return {"said": json.dumps(pairs, ensure_ascii=False)} if pairs else {}


def _remarks(run: Run) -> dict[str, dict[str, str]]:
    """What the table's 备注 says, by code; nothing without one."""
    said = {code: text for code, text in zip(run.table.codes, run.table.row_notes, strict=False) if text}
    return {"remarks": said} if said else {}


def _groups(run: Run) -> dict[str, str | None]:
    """The awards of each group that has a subtotal."""
    sums: dict[str, Fraction] = {}
    if run.model.group and run.model.columns[run.model.award].kind == "number":
        for group, value in zip(run.figures(run.model.group), run.figures(run.model.award), strict=True):
            if group:
                sums[group] = sums.get(group, Fraction(0)) + value
    return {group: exact_text(value) for group, value in sums.items()}


def blanks(run: Run) -> dict[str, list[str]]:
    """Inputs of which some, or all, figures are blank, and those of which nobody has a figure, so that a default
    counts: what a workbook's sheets look like, and what is said of it, follows from that.
    """
    return {
        "some": [name for name, every in run.blank.items() if not every],
        "all": [name for name, every in run.blank.items() if every],
        "absent": list(run.table.absent),
    }


def named(names: dict) -> dict:
    """Codes and names as written, `names`, in a timeline by year, and their hash: names changed throughout break it."""
    return {"names": names, "names_sha256": names_digest(dict(flat(names)))}


def names_digest(names: dict[str, object]) -> str:
    return digest(json.dumps(sorted([key, str(name)] for key, name in names.items()), ensure_ascii=False))


def digest(content: str) -> str:
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


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
        said = {"estimate": "ledger.estimate_cell", "illustrative": "workbook.illustrative_cell",
                "pending": "case.mark_cell"}  # fmt: skip
        note = ["；".join(say(lang, message) for key, message in said.items() if key in mark_keys(run))]
        note = [one for one in note if one]
        figures = [[_shown(run, name, value) for value in run.figures(name)] for name in names]
        rows = zip(run.table.codes, run.table.names, *figures, *([one] * len(run.table) for one in note), strict=True)
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


NOT_FOLDERS = (".xls", ".csv", ".et", ".ods", ".pdf", ".json", ".xlsm")  # a person who writes these wants a file


def targets(out: Path, stem: str) -> dict[str, Path]:
    """The files of a run: in a folder by the model's name, or beside a named workbook."""
    if out.suffix.lower() in NOT_FOLDERS:
        raise AllocationError(Problem("workbook.not_xlsx", {"ending": out.suffix}, out.as_posix()))
    if out.suffix.lower() == ".xlsx":
        out, stem = out.parent, out.stem
    kinds = {"workbook": "xlsx", "csv": "csv", "manifest": "json", "import": "import.csv"}
    return {kind: out / f"{stem}.{ending}" for kind, ending in kinds.items()}


def save(run: Run, files: dict[str, Path], lang: str, record: dict, mapping: Mapping | None = None) -> None:
    """Writes all files of a run, or none."""
    place(writers(run, files, lang, record, mapping))


def writers(
    run: Run, files: dict[str, Path], lang: str, record: dict, mapping: Mapping | None = None
) -> dict[Path, Callable[[Path], None]]:
    """How each file of a run is written, by its target."""
    return {
        files["workbook"]: lambda path: write_workbook(run, path, lang, record, mapping),
        files["csv"]: lambda path: write_csv(run, path, lang),
        files["import"]: lambda path: write_import_csv(run, path, mapping),
        files["manifest"]: lambda path: path.write_text(
            json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        ) and None,
    }  # fmt: skip
