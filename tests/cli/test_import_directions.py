"""Imports flow one way, down the list of the house: a file imports from its own layer or from those above it."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import LAYERS, PURPOSES, place, room_table, rooms
from own_code import PACKAGE, tree_of

FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).as_posix() != "__init__.py")
NUMBERS_ONLY = ("pandas", "scipy", "matplotlib", "rich")


def module(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module(path) for path in FILES}


def layer(name: str) -> int | None:
    """The place of the longest entry that `name` is, or lies in."""
    fits = [
        (len(entry), place)
        for place, entries in enumerate(LAYERS)
        for entry in entries
        if name == entry or name.startswith(entry + ".")
    ]
    return max(fits)[1] if fits else None


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every module imported, at the top or within a function, but for those that only type checkers see."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                deeper = f"{node.module}.{alias.name}".removeprefix("allocation.")
                yield (f"allocation.{deeper}" if deeper in MODULES else node.module), node.lineno
        waiting += ast.iter_child_nodes(node)


def wrong(tree: ast.Module, own: str) -> list[str]:
    found = []
    for name, line in imports(tree):
        target = name.removeprefix("allocation.")
        unplaced = layer(target) is None
        if name.startswith("allocation.") and (unplaced or layer(target) > layer(own)):
            found.append(f"{own}, line {line}: imports {target}")
    return found


@pytest.mark.parametrize("path", FILES, ids=module)
def test_a_file_imports_only_from_its_own_layer_or_those_above(path):
    assert layer(module(path)) is not None, "give the new file a place in tests/house.py"
    assert wrong(tree_of(path), module(path)) == []


def test_an_import_against_the_flow_is_seen_wherever_it_stands():
    assert wrong(ast.parse("from allocation.run.run import Run"), "allocators")
    assert wrong(ast.parse("def f():\n    from allocation import cli"), "tables.grid")
    assert wrong(ast.parse("import allocation.xlsx.files"), "readings.numbers")
    assert not wrong(ast.parse("if TYPE_CHECKING:\n    from allocation.run.run import Run"), "readings.figures")
    assert not wrong(ast.parse("from allocation.tables.table import Table"), "readings.numbers")


def test_every_room_says_what_it_is_for_and_the_list_of_rooms_is_made_from_that():
    """`UPDATE_SNAPSHOTS=1` writes it."""
    held = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or any(path.glob("*.py"))}
    assert held - {"__init__"} == set(rooms()) == set(PURPOSES)
    assert all(place(room).exists() for room in PURPOSES)
    guide = PACKAGE.parent / "CONTRIBUTING.md"
    text = guide.read_text(encoding="utf-8")
    before, _, rest = text.partition("| room | what it is for |")
    after = rest.partition("\n\n")[2]
    wanted = f"{before}{room_table()}\n\n{after}"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        guide.write_text(wanted, encoding="utf-8")
    assert text == wanted


@pytest.mark.parametrize("path", FILES, ids=module)
def test_slow_libraries_are_imported_only_within_the_function_that_needs_them(path):
    for node in tree_of(path).body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        assert not {name.split(".")[0] for name in names} & set(NUMBERS_ONLY)


# Files that name each other's types, and nothing else, in a circle: this list only grows shorter.
TYPES_IN_A_CIRCLE: set[frozenset[str]] = set()


def graph(types: bool) -> dict[str, set[str]]:
    """Which files each file imports, at its top or within a function; with `types` also for type checkers alone."""
    found = {}
    for path in FILES:
        tree = tree_of(path)
        names = {name for name, _ in imports(tree)}
        for node in ast.walk(tree) if types else ():
            if isinstance(node, ast.ImportFrom):  # a name of a room may be a file of it
                deeper = {f"{node.module}.{alias.name}" for alias in node.names}
                files = {name for name in deeper if name.removeprefix("allocation.") in MODULES}
                names |= files or {node.module}
        own = {name.removeprefix("allocation.") for name in names if name and name.startswith("allocation.")}
        found[module(path)] = own & MODULES - {module(path)}
    return found


def circles(edges: dict[str, set[str]]) -> set[frozenset[str]]:
    """Sets of files each of which is reached from each other."""
    reached: dict[str, set[str]] = {}
    for start in edges:
        seen, waiting = set(), [start]
        while waiting:
            fresh = edges.get(waiting.pop(), set()) - seen
            seen |= fresh
            waiting += fresh
        reached[start] = seen
    return {frozenset({one for one in edges if one in reached[start] and start in reached[one]})
            for start in edges if start in reached[start]}  # fmt: skip


def test_no_files_import_each_other_in_a_circle():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == {frozenset("abc")}
    assert circles(graph(types=False)) == set()


def test_files_that_name_each_other_s_types_in_a_circle_grow_fewer():
    assert circles(graph(types=True)) == TYPES_IN_A_CIRCLE
