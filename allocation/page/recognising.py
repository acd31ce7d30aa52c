"""What a file is taken for, and which model's: by what stands in it, never by its name alone."""

from __future__ import annotations

from pathlib import Path

from allocation.case import CaseFile
from allocation.classes import dataclass
from allocation.errors import AllocationError, Problem, tried
from allocation.files.reach import off_desk
from allocation.opening.cases import case_at
from allocation.parts.kinds import PARTS
from allocation.policy.loading import load_model
from allocation.policy.model import Model
from allocation.policy.toml_file import read_text, toml_value
from allocation.record.record import RUN, VERSION
from allocation.run.shelf import base_name, model_shelf
from allocation.tables.case_sheets import case_format
from allocation.tables.cells import SourceSheet
from allocation.tables.forms import headings_in
from allocation.tables.grid import open_grid, read_bytes
from allocation.tables.headers import Header, find_header
from allocation.tables.keys import CODE, NAME
from allocation.tables.recipients import FIELDS
from allocation.tables.results import record_in
from allocation.texts import Both, both
from allocation.verify.papers import is_word

TABLE, CASE, RESULT, PRODUCT, FORM, SCENARIO, RULES, PAPER, PACKED, UNKNOWN = (
    "table", "case", "result", "product", "form", "scenario", "rules", "paper", "packed", "unknown",
)  # fmt: skip
_PACKED = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_BOOK_PART = b"[Content_Types].xml"
FEW = 2  # rows of a table that one unit returns: its own, and a total
NEARLY = 2  # more than so many times the headings that are lacking, in a table that is nearly whole


@dataclass(frozen=True)
class ModelFit:
    """How a table suits a model: the inputs whose headings stand in it, and what the model needs besides.

    `whole`: nothing is lacking, and a figure is there: names of counties alone speak for no model.
    """

    name: str  # on the shelf
    label: Both
    there: tuple[Both, ...]
    lacking: tuple[Both, ...]
    whole: bool
    year: int | None
    rows: int
    sheet: str
    title: str

    @property
    def rank(self) -> tuple[bool, int, bool]:
        """A rule that has all it needs in one column is no better than one that finds six of its seven."""
        nearly = len(self.there) > NEARLY * len(self.lacking) > 0
        return self.whole or nearly, len(self.there), self.whole


@dataclass(frozen=True)
class Recognised:
    """`fits`: of a table the models it may be for, best first; `model` is that of a case, a result or a product.

    `why`: of a file that is none of these what was looked for; of a case what is wrong with it.
    """

    kind: str
    model: str = ""
    label: Both | None = None
    title: str = ""
    fits: tuple[ModelFit, ...] = ()
    why: tuple[Problem, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether one model alone fits best, and wholly, and no other fits another sheet."""
        ranks = [fit.rank for fit in self.fits]
        sheets = {fit.sheet for fit in self.fits if fit.whole}
        return bool(ranks) and self.fits[0].whole and ranks.count(ranks[0]) == 1 and len(sheets) == 1

    @property
    def returned(self) -> bool:
        """Whether it looks like the table of one unit, as counties return it."""
        return bool(self.fits) and self.fits[0].rows <= FEW


def recognised(path: Path) -> Recognised:
    """What a file is. Whatever lies in it, this raises nothing."""
    try:
        data = read_bytes(path)
        if path.suffix.lower() == ".toml":
            return _settings(path)
        if is_word(data):
            return Recognised(PAPER)
        if data.startswith(_PACKED) or data.startswith(b"PK") and _BOOK_PART not in data:
            return Recognised(PACKED)
        return _sheets(path, open_grid(path, data))
    except AllocationError as error:
        return Recognised(UNKNOWN, why=tuple(error.problems))


def _settings(path: Path) -> Recognised:
    keys = toml_value(read_text(path), path.name)
    if "scenario" in keys:
        said = keys["scenario"]
        return Recognised(SCENARIO, title=str(said.get("zh", "")) if isinstance(said, dict) else "")
    if isinstance(keys.get("model"), dict):
        model = load_model(path)
        return Recognised(RULES, base_name(model.name), model.label)
    if isinstance(keys.get("model"), str):
        return _case(path)
    return Recognised(UNKNOWN, why=(Problem("page_read.toml_unknown", where=path.name),))


def _sheets(path: Path, sheets: list[SourceSheet]) -> Recognised:
    record = record_in(sheets)
    if record:
        kind = RESULT if record.kind in (RUN, VERSION) else PRODUCT
        return Recognised(kind, record.model.name, _label(record.model.name))
    if case_format(sheets) is not None:
        return _case(path)
    fits = sorted(_fits(sheets), key=lambda fit: fit.rank, reverse=True)
    form = _form(sheets)
    if form and not any(fit.whole for fit in fits):
        return Recognised(FORM, label=both(f"sheets.{form}"))
    if not fits:
        return Recognised(UNKNOWN, why=(_without_headings(sheets),))
    return Recognised(TABLE, title=fits[0].title, fits=tuple(fits))


def _case(path: Path) -> Recognised:
    problems: list[Problem] = []
    case: CaseFile | None = tried(problems, case_at, str(path))
    name = case.model if case else ""
    if case and not case.table.is_file():
        problems.append(Problem("page_read.case_table", {"table": case.table.name}, path.name))
    elif case and off_desk(case.table):
        problems.append(Problem("page_read.case_outside", {"table": str(case.table.resolve())}, path.name))
    return Recognised(CASE, name, _label(name), why=tuple(problems))


def shelf() -> dict[str, Model]:
    """The models at hand that can be read, by plain name: of each the newest rule."""
    return {base_name(file.stem): model for file in model_shelf() if (model := tried([], load_model, file))}


def _label(name: str) -> Both | None:
    model = shelf().get(base_name(name))
    return model.label if model else None


def _fits(sheets: list[SourceSheet]) -> list[ModelFit]:
    tried_out = ((name, model, _header(sheets, model)) for name, model in shelf().items())
    return [_fit(name, model, header) for name, model, header in tried_out
            if header and {*model.inputs} & {*header.columns} and {CODE, NAME} & {*header.columns}]  # fmt: skip


def _form(sheets: list[SourceSheet]) -> str:
    """Which of the forms that are filled in by hand it is, by most of its headings; empty for none."""
    forms = {part.form.key: part.form.fields for part in PARTS if part.form} | {"recipients": FIELDS}
    counts = {kind: max(headings_in(sheet, fields) for sheet in sheets) for kind, fields in forms.items()}
    kind = max(counts, key=counts.__getitem__)
    return kind if counts[kind] > FEW else ""


def _header(sheets: list[SourceSheet], model: Model, sheet: str | None = None) -> Header | None:
    try:
        return find_header(sheets, model, sheet, None, [], [])
    except AllocationError as error:
        several = error.problems[0].slots.get("sheets")
        if sheet is None and isinstance(several, list | tuple):
            return _header(sheets, model, str(several[0]))  # which of them is meant is asked when it is read
        return None


def _fit(name: str, model: Model, header: Header) -> ModelFit:
    needed = {entry.name for entry in model.inputs.values() if not entry.optional and entry.default is None}
    ordered = sorted((at, key) for key, at in header.columns.items() if key in model.inputs)
    there = dict.fromkeys(model.inputs[key].heading or model.inputs[key].label for _, key in ordered)
    lacking = dict.fromkeys(entry.heading or entry.label for entry in model.inputs.values()
                            if entry.name in needed - {*header.columns})  # fmt: skip
    whole = not lacking and any(not model.inputs[key].text for _, key in ordered)
    key = header.columns.get(NAME, header.columns.get(CODE, 0))
    held = (row for row in header.sheet.rows_of(key) if row >= header.first)
    rows = sum(not header.sheet.cell(row, key).missing for row in held)
    return ModelFit(name, model.label, tuple(there), tuple(lacking), whole, header.year, rows, header.sheet.name,
               _title(header.sheet, header.top))  # fmt: skip


def _title(sheet: SourceSheet, top: int) -> str:
    """The first text above the header."""
    return next((text for row in range(top) if (first := sheet.first_filled(row)) and (text := first[1].text)), "")


def _without_headings(sheets: list[SourceSheet]) -> Problem:
    names = [sheet.name for sheet in sheets if sheet.name]
    seen = [text for sheet in sheets[:1] for row in range(min(4, len(sheet.rows)))
            for cell in sheet.rows[row] if (text := cell.text)][:8]  # fmt: skip
    return Problem("page_read.no_headings", {"sheets": names, "seen": seen}, sheets[0].file if sheets else "")
