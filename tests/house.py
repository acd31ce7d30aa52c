"""The house: the layers that imports flow down, and what each room is for. CONTRIBUTING.md's list is made from it."""

from __future__ import annotations

from pathlib import Path

from own_code import PACKAGE

LAYERS = (
    ("classes", "patterns"),
    ("texts", "sealing", "errors", "files", "sheets", "policy.stages"),
    ("record",),  # plain texts: what tables, doubts and workbooks read back
    ("language",),
    (
        "policy.model",
        "policy.section",
        "policy.schema",
        "policy.toml_file",
        "tables.keys",
        "tables.table",
    ),  # what the engine takes
    ("policy",),
    ("policy.loading",),
    ("exact",),  # knows nothing of models: columns of exact figures alone
    ("floats", "arrays", "allotting", "exact_shares", "compiled", "allocators"),
    ("readings",),
    ("tables",),
    ("run.selecting", "run.scenario", "run.applied", "run.blank_inputs", "run.required", "run.failing"),
    ("doubts",),
    ("parts",),
    ("case",),
    ("run.year_before", "run.checks"),
    ("run.run",),
    ("run",),
    ("report", "xlsx.figure_book"),
    ("opening",),
    ("run.finding",),
    ("collecting",),
    ("analysis", "years"),
    ("opening.beginning", "opening.differing"),
    ("lab",),
    ("record.recording", "record.versions", "record.journal", "xlsx"),
    ("verify",),
    ("filling",),
    ("doubts.gathering", "xlsx.funds", "xlsx.year_sum"),
    ("notebook",),
    ("documents",),
    ("office",),
    ("commands.printing", "commands.screen"),
    ("commands",),
    ("page",),  # its forms are made from the commands' own options and help
    ("commands.page",),
    ("cli",),
    ("__main__",),
)
PURPOSES = {
    "classes": "data classes that are made when first asked for",
    "patterns": "patterns that are compiled when first asked",
    "texts": "wording in Chinese and English by id; decimals, widths and spans of what is said",
    "errors": "problems with an id and slots, all of a kind at once",
    "sealing": "mappings, lists and arrays that nobody changes in place",
    "files": (
        "the doors: files in and out whole or not at all, text that stays text, every limit once, where plain"
        " names are sought"
    ),
    "sheets": "what a sheet is: cells with their looks and roles, written into XlsxWriter's shell or kept in memory",
    "record": (
        "what every product was made of: one object, written with `json`, read back whole; versions and the "
        "journal; `from_0_1.py` stands apart"
    ),
    "language": "what a formula may say: function table, tree, parser, lists, checker, grids, units",
    "policy": "a TOML file into a Model: schema, building, naming, loading",
    "exact": (
        "exact figures in columns: whole numbers on one denominator, proven bounds, Fractions cell by cell only where"
        " neither decides"
    ),
    "floats": "snapping and rounding of float64 arrays in few passes",
    "arrays": "snapping and sums of figures, exact or float",
    "allotting": "what every allocator gives and refuses",
    "exact_shares": "a pool shared between bounds in columns of exact figures",
    "compiled": "bounded shares in machine code, where that is installed and pays",
    "allocators": "bounded shares, largest remainders, filling: pure, exact or float",
    "readings": "walks over the same tree: numbers, Excel formulas, words",
    "tables": "people's workbooks and CSV files in; blank templates out",
    "run": (
        "what changes, which model file a name means, one run with its checks and marks, what was decided and"
        " what still stands for now"
    ),
    "doubts": "what a person must look at before a figure leaves the office, and what was answered",
    "parts": (
        "what is attached to one issue: one file a kind, which alone knows the names it adds and says its "
        "option, form, columns by reader and words"
    ),
    "case": "what is asked for in one issue of one fund (测算底稿)",
    "report": "what is said of an issue, once: lines, columns, tables; renderers of all media take it from here",
    "opening": "the ways into a case: case workbook, TOML, a result, its side file; export",
    "collecting": "a folder of returned tables into one",
    "analysis": (
        "what one asks of runs: scenarios and their comparison, explanation, causes, margins, the value that "
        "reaches a target"
    ),
    "years": "several years of one model in one run, and which counties their years compare over",
    "lab": "searches over many runs (extra `study`): sweeps, designs, calibration",
    "xlsx": "workbooks out, sheet by sheet: results, studies, forms, editions, import files",
    "filling": (
        "the receiving system's own template filled in, the text files beside it, and what the system shows after"
        " import beside what was to be imported"
    ),
    "verify": "a workbook opened again: its record, its run made once more, what differs, the verdict",
    "notebook": "what Jupyter shows: models, runs, comparisons, sweeps, frames, charts",
    "documents": "letters and reports in Word",
    "office": (
        "what is asked, as one object, and the run it comes to (`asked.py`, `asking.py`); what an office does with"
        " files and journal in one step: a version issued, letters written, what they leave on record; what a command,"
        " a page or a notebook calls"
    ),
    "page": (
        "the local page: what is typed there and not yet saved, and the calls by which a browser asks what commands ask"
    ),
    "commands": (
        "what the command line shows; a file for each kind of work, each taking one request (`requests.py`); "
        "nothing below asks click"
    ),
    "cli": "the command `allocation`: its group, its language, the last door for errors",
    "__main__": "`python -m allocation`",
}


def rooms() -> list[str]:
    """Folders and files of the package that hold code, in the order in which the layers first name them."""
    ordered = dict.fromkeys(entry.partition(".")[0] for layer in LAYERS for entry in layer)
    return [room for room in ordered if place(room).exists()]


def place(room: str) -> Path:
    return PACKAGE / room if (PACKAGE / room).is_dir() else PACKAGE / f"{room}.py"


def room_table() -> str:
    """The list of rooms as CONTRIBUTING.md has it."""
    lines = ["| room | what it is for |", "|---|---|"]
    for room in rooms():
        name = f"allocation/{place(room).name}{'/' if place(room).is_dir() else ''}"
        lines.append(f"| `{name}` | {PURPOSES[room]} |")
    return "\n".join(lines)
