"""Nothing of the package writes to a disk but the door, and the writers that the door hands a file of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent.parent / "allocation"
DOOR = ("files/file_names.py", "files/file_steps.py", "files/file_plans.py", "files/whole_files.py")
METHODS = {
    "write_text", "write_bytes", "mkdir", "unlink", "rmdir", "touch", "rename", "symlink_to", "hardlink_to",
    "to_csv", "to_excel", "to_parquet", "savefig", "write_table", "truncate", "save",
}  # fmt: skip
FUNCTIONS = {"replace", "rename", "renames", "remove", "makedirs", "link", "symlink", "open", "removedirs"}  # of os
MAKERS = {
    "ExcelWriter",
    "Workbook",
    "ShellBook",
    "ParquetWriter",
    "NamedTemporaryFile",
    "TemporaryDirectory",
    "mkstemp",
}


def writes(call: ast.Call) -> bool:
    """Whether a call may make, change or remove a file."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    owner = function.value.id if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) else ""
    if name in MAKERS or owner == "shutil" or (owner == "os" and name in FUNCTIONS):
        return True
    if name in ("open", "ZipFile", "fdopen"):
        words = [one.value for one in (*call.args, *(word.value for word in call.keywords))
                 if isinstance(one, ast.Constant) and isinstance(one.value, str)]  # fmt: skip
        return any(len(word) <= 3 and set(word) & set("wax+") for word in words)
    return isinstance(function, ast.Attribute) and name in METHODS


def writers(path: Path) -> Iterator[str]:
    """The functions of a file in which something is written, each `file.py:function`."""

    def inside(node: ast.AST, name: str) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call) and writes(child):
                yield f"{path.relative_to(PACKAGE).as_posix()}:{name}"
            named = isinstance(child, ast.FunctionDef | ast.ClassDef)
            yield from inside(child, f"{name}.{child.name}".lstrip(".") if named else name)

    yield from inside(ast.parse(path.read_text(encoding="utf-8")), "")


EXCEPTIONS = {
    # handed a file of the door's own, which gets its name only when it is whole
    "xlsx/study_csv.py:write_table_csv": "writer", "xlsx/pools.py:write_pools": "writer",
    "documents/evaluate.py:write_report": "writer", "documents/note.py:write_note": "writer",
    "documents/notice_template.py:NoticeTemplate.write": "writer", "notebook/charts.py:Chart._draw": "writer",
    "sheets/package.py:write_package": "writer", "sheets/package.py:_stream": "writer",
    "xlsx/files.py:write_csv": "writer", "xlsx/files.py:write_manifest": "writer",
    "xlsx/importing.py:write_import_csv": "writer", "record/journal.py:lines.alone": "writer",
    "record/journal.py:lines.below": "writer", "xlsx/sweep_runs.py:write_csv": "writer",
    "xlsx/sweep_runs.py:write_parquet": "writer",
    # into memory
    "files/text_out.py:new_book": "memory",
    "documents/notices.py:copied": "memory", "documents/page.py:bytes_of": "memory",
    "documents/page.py:save": "writer", "documents/pictures.py:draw": "memory",
    "opening/splicing.py:_rewritten": "memory",
    "notebook/charts.py:Chart._repr_png_": "memory",
    # what nobody keeps
    "opening/export.py:_check": "a folder for temporary files",
    "opening/merged_file.py:_check": "a folder for temporary files", "opening/keeping.py:_copy.write": "writer",
    "cli.py:main": "the output is closed", "tables/xls.py:read_xls": "os.devnull",
    "filling/text_files.py:dbf_bytes": "a folder for temporary files", "filling/dbf_in.py:dbf_sheet": "the same",
    "documents/notice_template.py:NoticeTemplate.opened": "a folder for temporary files",
    "office/document_verified.py:_remade": "a folder for temporary files",
    "verify/rerunning.py:run_again": "a folder for temporary files",
    "verify/rerun_sources.py:Laid.out": "the same",
    "notebook/frames.py:_read": "a temporary file",
    "page/saving.py:_case_of": "a folder for temporary files", "page/drop_calls.py:_blank": "the same",
    # of the page: drafts of its own hidden folder, and the folder that a double click begins with
    "page/mending.py:mended_copy": "copies that are no longer read go",
    "page/works.py:Works._put": "earlier revisions go", "page/works.py:Works.forget": "a work laid aside goes",
    "page/starting.py:desk_folder": "a folder", "page/starting.py:_kept": "the same, for temporary files",
    # files that must stand before they are whole
    "commands/unforeseen.py:_kept": "a report of a fault, under a new name",
    "lab/sweep_part.py:PartFile.finish": "the part file of a sweep, to go on with",
    "lab/sweep_part.py:PartFile.discard": "the same", "lab/sweep_part.py:PartFile._opened": "the same",
    "lab/sweep_part.py:PartFile._read": "the same",
}  # fmt: skip
FILES = sorted(PACKAGE.rglob("*.py"))


def test_no_other_place_of_the_package_writes():
    found = {one for file in FILES if file.relative_to(PACKAGE).as_posix() not in DOOR for one in writers(file)}
    assert sorted(found) == sorted(EXCEPTIONS)


@pytest.mark.parametrize("text", [
    "open(name, 'w')", "path.open('ab')", "path.open(mode='x')", "path.write_text(text)", "os.replace(one, other)",
    "shutil.copy(one, other)", "frame.to_csv(path)", "xlsxwriter.Workbook(path)", "ZipFile(path, 'w')", "path.mkdir()",
    "path.unlink(missing_ok=True)", "document.save(path)", "pandas.ExcelWriter(path)",
])  # fmt: skip
def test_what_writes_is_seen(text):
    assert writes(ast.parse(text, mode="eval").body)
