"""A part of a record that gains a field later leaves what was written before as it was: seals, lines, verdict."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

from desk import some

import allocation
from allocation.record import record as parts
from allocation.record.first_fields import FIRST

REPOSITORY = Path(__file__).parents[2]
OLD = REPOSITORY / "tests" / "old_files" / "0.2" / "outputs"
VERIFY_ALL = """
import sys
from pathlib import Path
from allocation.cli import main
for path in [*map(Path, sys.argv[1:])]:  # `sys.argv` changes below
    sys.argv = ["allocation", "verify", str(path)]
    try:
        main()
    except SystemExit as end:
        print(path.name, end.code)
"""
FRESH = """
fresh_text: str = ''
fresh_number: int = 0
fresh_truth: bool = False
fresh_list: tuple[str, ...] = ()
fresh_word: str = 'formal'
"""


def with_fresh_fields(source: str) -> tuple[str, list[str]]:
    """The source of `record.py` with five more fields in every part, and the names of the parts."""
    tree = ast.parse(source)
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name in FIRST]
    for node in classes:
        last = max(place for place, line in enumerate(node.body) if isinstance(line, ast.AnnAssign))
        node.body[last + 1 : last + 1] = ast.parse(FRESH).body
    return ast.unparse(tree), [node.name for node in classes]


def test_files_of_0_2_verify_when_every_part_of_the_record_has_gained_fields(tmp_path):
    package = Path(allocation.__file__).parent
    shutil.copytree(package, tmp_path / "allocation", ignore=shutil.ignore_patterns("__pycache__"))
    place = tmp_path / "allocation" / "record" / "record.py"
    source, names = with_fresh_fields(place.read_text("utf-8"))
    assert {*names} == {*FIRST}
    place.write_text(source, "utf-8")
    shutil.copytree(OLD, tmp_path / "outputs")
    books = [str(path) for path in some(sorted((tmp_path / "outputs").rglob("*.xlsx"), reverse=True), 2)]
    command = [sys.executable, "-c", VERIFY_ALL, *books]
    how = {"cwd": tmp_path, "capture_output": True, "encoding": "utf-8", "timeout": 60}
    told = subprocess.run(command, check=False, **how)
    assert told.stdout.count("全部相符") == len(books), told.stdout + told.stderr


def test_every_part_has_the_fields_it_began_with():
    for name, first in FIRST.items():
        assert first <= {*getattr(parts, name).__dataclass_fields__}, name
