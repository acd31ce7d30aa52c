"""The result workbook whole: sheets in order, protection, fixed bytes; files appear complete or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from allocation.errors import AllocationError, Problem
from allocation.marks import marks
from allocation.run import Run
from allocation.text_book import TextSheet
from allocation.text_out import new_book
from allocation.workbook.checking import write_checks
from allocation.workbook.disputes import write_disputes
from allocation.workbook.grids import PROTECT, write_calculation, write_data, write_helpers, write_parameters
from allocation.workbook.importing import Mapping, write_import
from allocation.workbook.layout import shown_sheets
from allocation.workbook.pages import write_cover, write_notes, write_trace
from allocation.workbook.plan import make_plan
from allocation.workbook.printable import write_award, write_factors
from allocation.workbook.printed_foot import Page
from allocation.workbook.styles import Styles
from allocation.written import written


class LiveSheet(TextSheet):
    """A sheet whose formulas are written as they are.

    XlsxWriter looks in every formula for some thirty functions newer than Excel 2010; ours has none of them (a test
    says so), and the search was a quarter of the time of writing.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def _xml_formula_element(self, formula: str, result: object, attributes: list[tuple[str, object]]) -> None:
        """An empty text is a result like others; XlsxWriter leaves its type out, as if nothing had been worked out."""
        super()._xml_formula_element(formula, result, [*attributes, ("t", "str")] if result == "" else attributes)


def write_workbook(run: Run, path: Path, lang: str, manifest: dict, mapping: Mapping | None = None) -> None:
    """Writes the workbook to `path`, which must lie in a folder that exists; the caller renames it into place."""
    book = new_book(path, run.model.label[lang])
    book.set_calc_mode("auto")
    write_sheets(book, run, lang, manifest, mapping)
    book.close()


def write_sheets(book: Workbook, run: Run, lang: str, manifest: dict, mapping: Mapping | None = None) -> None:
    """Every sheet of the workbook into `book`; `manifest["print"]` says how the printed ones are laid out."""
    plan, page = make_plan(run, lang), Page(**manifest.get("print", {}))
    styles = Styles(book)
    writers: dict[str, Callable] = {
        "cover": write_cover, "parameters": write_parameters, "data": write_data, "calculation": write_calculation,
        "helpers": write_helpers, "checks": write_checks, "disputes": write_disputes, "notes": write_notes,
        "award": lambda *args: write_award(*args, page=page),
        "factors": lambda *args: write_factors(*args, page=page),
        "import": lambda *args: write_import(*args, mapping=mapping),
        "trace": lambda *args: write_trace(*args, manifest=manifest),
    }  # fmt: skip
    sheets = {key: book.add_worksheet(plan.layout.names[key], LiveSheet) for key in shown_sheets(run)}
    for key, sheet in sheets.items():
        writers[key](sheet, run, plan, styles, lang)
        if said := marks(run, lang):  # on every page: comments and titles further up do not print with it
            sheet.set_header("&R" + said)
        sheet.protect("", PROTECT)
    sheets["award"].activate()


def place(writers: dict[Path, Callable[[Path], None]]) -> None:
    """Writes every file beside its target first, then renames all: complete or untouched.

    A target that Excel holds open is a problem that says so, and no other target is touched.
    """
    made: dict[Path, Path] = {}
    folders: list[Path] = []
    placed = False
    try:
        for target, write in writers.items():
            made[target] = _beside(target, folders)
            try:
                write(made[target])
            except (OSError, FileCreateError) as error:
                detail = getattr(error, "strerror", None) or error
                raise AllocationError(Problem("workbook.write_failed", {"detail": detail}, str(target))) from None
            made[target].chmod(0o644)
        _none_open(list(made))
        _rename(made)
        placed = True
    finally:
        for temporary in made.values():
            temporary.unlink(missing_ok=True)
        for folder in [] if placed else reversed(folders):
            folder.rmdir()


def _beside(target: Path, folders: list[Path]) -> Path:
    """An empty file in the target's folder; the folders that had to be made for it join `folders`."""
    if target.is_dir():
        raise AllocationError(Problem("workbook.target_folder", where=str(target)))
    above = [target.parent, *target.parent.parents]
    try:
        for folder in reversed(above):
            if not folder.exists():
                folder.mkdir()
                folders.append(folder)
        handle, name = tempfile.mkstemp(suffix=target.suffix, prefix=f".{target.stem}-", dir=target.parent)
    except OSError:
        file = next((part for part in above if part.is_file()), None)
        message = "workbook.not_folder" if file else "workbook.cannot_write"
        raise AllocationError(Problem(message, where=str(file or target.parent))) from None
    os.close(handle)
    return Path(name)


def _rename(made: dict[Path, Path]) -> None:
    """All targets, or, where one refuses, all as they were."""
    before = {target: target.read_bytes() if target.exists() else None for target in made}
    done: list[Path] = []
    for target, temporary in made.items():
        try:
            os.replace(temporary, target)
        except OSError:
            for one in done:
                one.unlink() if before[one] is None else one.write_bytes(before[one])
            raise AllocationError(_open_elsewhere(target)) from None
        done.append(target)
    for target in done:
        written(target)


def _open_elsewhere(target: Path, **slots: str) -> Problem:
    program = "Word" if target.suffix == ".docx" else "Excel"
    return Problem("workbook.open_elsewhere", {"program": program, **slots}, str(target))


def _none_open(targets: list[Path]) -> None:
    """Windows refuses to rename over a file that is open; ask before the first rename, not after."""
    for target in targets:
        names = [f"~${target.name}", f".~lock.{target.name}#"]  # Excel and WPS; LibreOffice
        if target.suffix == ".docx":  # Word leaves out the first two signs of a name, or one of a short one
            names += [f"~${target.name[cut:]}" for cut in (1, 2)]
        for lock in map(target.with_name, names):
            if lock.exists():
                raise AllocationError(_open_elsewhere(target, lock=lock.name))
        if target.exists():
            try:
                with target.open("r+b"):
                    continue
            except PermissionError:
                raise AllocationError(_open_elsewhere(target)) from None
