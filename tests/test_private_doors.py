"""What we use of other libraries though it is nobody's promise: the whole list, and a bound on each such library."""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path

import xlsxwriter
from own_code import tree_of
from xlsxwriter.worksheet import Worksheet

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "allocation"
DOORS = {
    "openpyxl": {("verify/reopened.py", "_cells")},  # the cells that are there, without making the others
    "python-docx": {
        ("documents/page.py", "_p"), ("documents/page.py", "_r"), ("documents/page.py", "_tbl"),
        ("documents/page.py", "_tr"), ("documents/placeholders.py", "_tbl"),
    },
    "XlsxWriter": {("files/shell_book.py", "_process_names")},  # a chart's name is a text
}  # fmt: skip


def neighbours(file: Path) -> tuple[Path, ...]:
    """The files whose private names a file may mean: its room's; where a door is listed, its own alone."""
    listed = {name for rooms in DOORS.values() for name, _ in rooms}
    return (file,) if file.relative_to(PACKAGE).as_posix() in listed else tuple(sorted(file.parent.glob("*.py")))


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


@cache
def our_names(room: tuple[Path, ...]) -> set[str]:
    """Private names that a room itself gives to what hangs on an object: methods, fields, attributes of `self`."""
    names = set()
    for file in room:
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.ClassDef):
                names |= {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names.add(node.target.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and told_of_self(node):
                names.add(node.attr)
    return {name for name in names if private(name)}


def told_of_self(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")


def doors(tree: ast.AST, ours: set[str]) -> set[str]:
    """Private attributes of what is not ours."""
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and not told_of_self(node)}
    return {name for name in used if private(name)} - ours


def test_only_the_listed_private_attributes_of_libraries_are_used():
    some = ast.parse("sheet._write_row(0, 1); chart._unheard_of = 2; self._own()")
    assert doors(some, set()) == {"_write_row", "_unheard_of"}
    found = {
        (file.relative_to(PACKAGE).as_posix(), name)
        for file in PACKAGE.rglob("*.py")
        for name in doors(tree_of(file), our_names(neighbours(file)))
    }
    assert found == set().union(*DOORS.values())


def test_no_private_method_of_xlsxwriter_is_written_anew():
    """Cells are written by us, from the published format: XlsxWriter's own way with a cell is no concern of ours."""
    theirs = {name for kind in (Worksheet, xlsxwriter.Workbook) for name in dir(kind) if private(name)}
    heirs = {
        node.name: {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
        for node in tree_of(PACKAGE / "files" / "shell_book.py").body
        if isinstance(node, ast.ClassDef)
    }
    assert {name: methods & theirs for name, methods in heirs.items()} == {"ShellBook": set()}


def test_each_library_with_a_private_door_is_bounded_wherever_it_is_asked_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    for library in DOORS:
        bounds = [one for one in asked if one.startswith(library + ">")]
        assert bounds and all(",<" in one for one in bounds), library
